"""A store that was given the organisation's key: sealed, its user's paper opens nothing, and two of three sheets do."""

import itertools
import shutil
from pathlib import Path

import pytest

from tests.storage.stores import CHAIN, add_note, make_store, open_store, whole_notes
from tests.storage.test_sealing import NEW_PASSPHRASE, ORDERED
from wellbeing_desktop.domain.errors import Refused, StoreProblem
from wellbeing_desktop.domain.six_groups import six_groups
from wellbeing_desktop.storage import envelope as envelopes
from wellbeing_desktop.storage import sealed, sealing
from wellbeing_desktop.storage.backup import backup, restore
from wellbeing_desktop.storage.connection import Reader
from wellbeing_desktop.storage.health import check
from wellbeing_desktop.storage.kdf import FAST_FOR_TESTS
from wellbeing_desktop.storage.keys import DataKey
from wellbeing_desktop.storage.organisation_key import FROM_POLICY, Belief, keep_belief
from wellbeing_desktop.storage.organisation_part import part_is_whole
from wellbeing_desktop.storage.places import BEFORE_RESTORE, place_of
from wellbeing_desktop.storage.recovery import RecoveryKey, RecoveryKit, key_from_code
from wellbeing_desktop.storage.recovery_sheets import code_of_sheet, key_from_sheets, sheet_from_code, sheets_of
from wellbeing_desktop.storage.store import Store


def given_key(folder: Path) -> tuple[Store, RecoveryKit, RecoveryKey]:
    """An open store with one note that the organisation's key opens too, as after joining."""
    store, kit = make_store(folder)
    key = RecoveryKey.new()
    store.write(lambda writer: add_note(writer, "never sent"))
    store.write(lambda writer: keep_belief(writer, Belief(key.public(), FROM_POLICY)))
    store.keys.use_recovery_key_of_organisation(key.public())
    return store, kit, key


def opened(folder: Path, key: RecoveryKey | str) -> Store:
    return Store.recover(folder, key, NEW_PASSPHRASE, argon=FAST_FOR_TESTS, chain=CHAIN)


def notes(store: Store) -> int:
    return store.read(whole_notes)


def actions(reader: Reader) -> list[str]:
    return [
        str(action) for (action,) in reader.rows("SELECT json_extract(entry, '$.action') FROM audit ORDER BY number")
    ]


def test_until_it_is_sealed_passphrase_kit_and_organisation_each_open_it(tmp_path: Path) -> None:
    store, kit, key = given_key(tmp_path / "store")
    assert check(store) == []
    store.close()
    open_store(tmp_path / "store").close()
    opened(tmp_path / "store", kit.code).close()
    opened(tmp_path / "store", key).close()


def test_the_paper_alone_opens_no_sealed_store_and_two_sheets_of_three_do_on_a_copy_and_on_a_later_backup(
    tmp_path: Path,
) -> None:
    folder = tmp_path / "store"
    store, kit, key = given_key(folder)
    codes = [code_of_sheet(sheet) for sheet in sheets_of(key)]
    store.seal("Riverside Surgery", ORDERED)
    store.close()
    shutil.copytree(folder, tmp_path / "copy")
    assert not (folder / envelopes.RECOVERY_FILE).exists()
    for place in (folder, tmp_path / "copy"):
        with pytest.raises(StoreProblem, match="sealed"):
            open_store(place)
        with pytest.raises(StoreProblem) as problem:
            opened(place, kit.code)
        assert problem.value.kind == "wrong_recovery_key"
        assert six_groups(key.public()) in problem.value.advice
        for code in codes:  # one sheet is no key, whatever it is taken for
            with pytest.raises(StoreProblem):
                opened(place, RecoveryKey(sheet_from_code(code).share))
            with pytest.raises(Refused):
                opened(place, code)
    for one, two in itertools.combinations(codes, 2):
        place = tmp_path / f"copy {one[:5]} {two[:5]}"
        shutil.copytree(folder, place)
        with opened(place, key_from_sheets(sheet_from_code(one), sheet_from_code(two))) as again:
            assert notes(again) == 1
            assert again.read(actions)[-2:] == ["seal_store", "recover_by_organisation"]
            new = again.keys.new_recovery_kit()
            backup(again, place.with_suffix(".backup"))
        with pytest.raises(StoreProblem, match="another store"):
            restore(place.with_suffix(".backup"), tmp_path / "from paper", key_from_code(kit.code))
        restore(place.with_suffix(".backup"), place.with_suffix(".back"), key)
        opened(place.with_suffix(".back"), key).close()
        opened(place, new.code).close()


def test_copies_that_the_program_left_beside_it_are_shut_to_the_paper_too(tmp_path: Path) -> None:
    """Also one from before there was an organisation's key, and one whose passphrase part is lost."""
    folder = tmp_path / "store"
    store, kit = make_store(folder)
    kept = folder.with_name(f"store{BEFORE_RESTORE}2026-11-20")
    shutil.copytree(folder, kept, ignore=shutil.ignore_patterns("store.lock"))
    (kept / envelopes.USER_FILE).unlink()
    (folder / "backup-work-cut-off").mkdir()
    shutil.copy(folder / envelopes.RECOVERY_FILE, folder / "backup-work-cut-off")
    (folder / f"{envelopes.RECOVERY_FILE}.new").write_bytes(b"half a kit's part, by a flat battery")
    key = RecoveryKey.new()
    store.write(lambda writer: keep_belief(writer, Belief(key.public(), FROM_POLICY)))
    store.seal("Riverside Surgery", ORDERED)
    store.close()
    left = [
        file for file in tmp_path.rglob("*") if file.name.startswith((envelopes.USER_FILE, envelopes.RECOVERY_FILE))
    ]
    assert left == []
    for place in (folder, kept):
        with pytest.raises(StoreProblem, match="another store"):
            opened(place, kit.code)
        opened(place, key).close()


@pytest.mark.parametrize("cut_at", range(1, 9))
def test_a_power_cut_between_the_removals_is_finished_at_the_next_look(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cut_at: int
) -> None:
    folder = tmp_path / "store"
    store, kit, key = given_key(folder)
    made = sealing.prepare(folder, store.identity, store.data_key, key.public())
    store.close()
    acts = 0

    class PowerCut(BaseException):
        pass

    unlink = Path.unlink

    def until_the_cut(path: Path, missing_ok: bool = False) -> None:
        nonlocal acts
        acts += 1
        if acts == cut_at:
            raise PowerCut
        unlink(path, missing_ok=missing_ok)

    with monkeypatch.context() as cut:
        cut.setattr(Path, "unlink", until_the_cut)
        with pytest.raises(PowerCut):
            sealed.put_mark(folder, "Riverside Surgery", ORDERED, organisation_key=made)
    if (folder / envelopes.SEALED_FILE).exists():
        assert six_groups(key.public()) in place_of(folder).sealed
        mark = sealed.mark_of(folder)
        assert mark is not None
        assert sealed.is_finished(folder, mark)
        with pytest.raises(StoreProblem, match="another store"):
            opened(folder, kit.code)
    else:
        assert cut_at == 1, "only before the mark is nothing begun"
        open_store(folder).close()
    with opened(folder, key) as again:
        assert notes(again) == 1


@pytest.mark.parametrize("harm", ["missing", "damaged", "of another key", "of another store"])
def test_the_kit_stays_where_the_organisations_part_is_not_there_and_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, harm: str
) -> None:
    """And cannot be written anew: the disk is full."""
    folder = tmp_path / "store"
    store, kit, key = given_key(folder)
    part = folder / envelopes.ORGANISATION_FILE
    other, _kit, _key = given_key(tmp_path / "other")
    other.keys.use_recovery_key_of_organisation(key.public())
    other.close()
    if harm == "missing":
        part.unlink()
    elif harm == "damaged":
        part.write_bytes(part.read_bytes()[:-40])
    elif harm == "of another key":
        store.keys.use_recovery_key_of_organisation(RecoveryKey.new().public())
    else:
        shutil.copy(tmp_path / "other" / envelopes.ORGANISATION_FILE, part)
    assert "organisation_part" in {finding.kind for finding in check(store)}

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(sealing, "write_part", full)
    told: list[str] = []
    store.seal("Riverside Surgery", ORDERED, lambda opened_by: told.append(opened_by))
    store.close()
    assert told == ["kit"]
    assert "the recovery kit opens it" in place_of(folder).sealed
    with opened(folder, kit.code) as again:
        assert notes(again) == 1


@pytest.mark.parametrize("harm", ["missing", "damaged", "of another key"])
def test_a_part_that_is_lost_while_sealing_was_cut_off_leaves_the_kit(tmp_path: Path, harm: str) -> None:
    """The mark says that the kit's part goes; at the next look the organisation's is not whole any more."""
    folder = tmp_path / "store"
    store, kit, key = given_key(folder)
    paper = (folder / envelopes.RECOVERY_FILE).read_bytes()
    if harm == "of another key":
        store.keys.use_recovery_key_of_organisation(RecoveryKey.new().public())
    store.close()
    if harm == "missing":
        (folder / envelopes.ORGANISATION_FILE).unlink()
    elif harm == "damaged":
        (folder / envelopes.ORGANISATION_FILE).write_bytes(b"{}")
    sealed.put_mark(folder, "Riverside Surgery", ORDERED, organisation_key=key.public())
    assert "the recovery kit opens it" in place_of(folder).sealed
    assert (folder / envelopes.RECOVERY_FILE).read_bytes() == paper
    mark = sealed.mark_of(folder)
    assert mark is not None
    assert not sealed.is_finished(folder, mark), "the server is not told what is not so"
    opened(folder, kit.code).close()


def test_one_copy_that_cannot_be_written_does_not_keep_the_others_open(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "store"
    store, _kit, _key = given_key(folder)
    copies = [folder.with_name(f"store{BEFORE_RESTORE}{day}") for day in ("2026-11-19", "2026-11-20")]
    for copy in copies:
        shutil.copytree(folder, copy, ignore=shutil.ignore_patterns("store.lock"))
    put_mark = sealing.put_mark

    def refused(place: Path, *words: object, **more: object) -> None:
        if place == copies[0]:
            raise OSError(30, "Read-only file system")
        put_mark(place, *words, **more)

    monkeypatch.setattr(sealing, "put_mark", refused)
    store.seal("Riverside Surgery", ORDERED)
    store.close()
    assert [place_of(place).sealed != "" for place in (*copies, folder)] == [False, True, True]


def test_a_part_that_was_swapped_for_another_is_written_anew_before_the_kit_goes(tmp_path: Path) -> None:
    """A file that names the right key and holds something else would lose everything with the kit."""
    folder = tmp_path / "store"
    store, _kit, key = given_key(folder)
    false = envelopes.seal_recovery_envelope(DataKey.new(), key.public(), store.identity, holder="organisation")
    envelopes.write_recovery_envelope(folder, false)
    store.seal("Riverside Surgery", ORDERED)
    store.close()
    with opened(folder, key) as again:
        assert notes(again) == 1


def test_a_store_that_was_never_given_a_key_loses_nothing_when_it_is_sealed(tmp_path: Path) -> None:
    folder = tmp_path / "store"
    store, kit = make_store(folder)
    store.write(lambda writer: add_note(writer, "never sent"))
    store.seal("Riverside Surgery", ORDERED)
    store.close()
    found = place_of(folder).sealed
    assert "passphrase, quick PIN and keyring open it no more" in found
    assert "the recovery kit opens it" in found
    with opened(folder, kit.code) as again:
        assert notes(again) == 1


def test_a_mark_from_before_or_a_damaged_one_never_takes_the_kit(tmp_path: Path) -> None:
    folder = tmp_path / "store"
    store, kit, _key = given_key(folder)
    store.close()
    sealed.put_mark(folder, "Riverside Surgery", ORDERED)
    for torn in (
        b"torn",
        b'{"label":"a","organisation":"b","ordered_at":"2026-11-21T09:00:00Z","organisation_key":"?"}',
    ):
        (folder / envelopes.SEALED_FILE).write_bytes(torn)
        assert place_of(folder).sealed
    opened(folder, kit.code).close()


def test_recovery_that_was_cut_off_leaves_it_sealed_and_open_to_the_sheets(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "store"
    store, _kit, key = given_key(folder)
    store.seal("Riverside Surgery", ORDERED)
    store.close()

    def cut(_path: Path) -> None:
        raise OSError(5, "Input/output error")

    with monkeypatch.context() as patch:
        patch.setattr("wellbeing_desktop.storage.sealed.remove_durably", cut)
        with pytest.raises(StoreProblem):
            opened(folder, key)
    assert place_of(folder).sealed
    with pytest.raises(StoreProblem, match="sealed"):
        Store.open(folder, NEW_PASSPHRASE, chain=CHAIN)
    opened(folder, key).close()
    Store.open(folder, NEW_PASSPHRASE, chain=CHAIN).close()


def test_the_part_holds_no_key_and_is_another_each_time(tmp_path: Path) -> None:
    store, _kit, key = given_key(tmp_path / "store")
    part = store.folder / envelopes.ORGANISATION_FILE
    first = part.read_bytes()
    for secret in (store.data_key.material(), key.material()):
        assert secret not in first
        assert secret.hex().encode() not in first
    store.keys.use_recovery_key_of_organisation(key.public())
    assert part.read_bytes() != first
    assert part_is_whole(store.folder, key.public(), store.identity)
    assert part.stat().st_mode & 0o077 == 0
    store.close()
