"""A sealed store: nothing its user has opens it, the recovery key does, and no record is gone."""

import datetime as dt
import shutil
from pathlib import Path

import pytest

from tests.storage.stores import CHAIN, PASSPHRASE, make_store, open_store
from wellbeing_desktop.domain.errors import StoreProblem
from wellbeing_desktop.storage import envelope as envelopes
from wellbeing_desktop.storage import sealed
from wellbeing_desktop.storage.kdf import FAST_FOR_TESTS
from wellbeing_desktop.storage.places import BEFORE_RESTORE, place_of
from wellbeing_desktop.storage.store import Store

NEW_PASSPHRASE = "another four plain words"
ORDERED = dt.datetime(2026, 11, 21, 9, 0, tzinfo=dt.UTC)


def refused(folder: Path) -> str:
    with pytest.raises(StoreProblem) as problem:
        open_store(folder)
    assert problem.value.kind == "sealed"
    return problem.value.message


def test_no_passphrase_opens_a_sealed_store_and_the_recovery_key_brings_everything_back(tmp_path: Path) -> None:
    folder = tmp_path / "store"
    store, kit = make_store(folder)
    store.seal("Riverside Surgery", ORDERED)
    with pytest.raises(StoreProblem, match="sealed this case store"):
        store.keys.new_recovery_kit()  # in the moment before the window locks
    with pytest.raises(StoreProblem, match="key file"):
        store.keys.change_passphrase(PASSPHRASE, NEW_PASSPHRASE, argon=FAST_FOR_TESTS)
    store.close()
    assert "Riverside Surgery ended this laptop's access on 21-Nov-2026" in refused(folder)
    again = Store.recover(folder, kit.code, NEW_PASSPHRASE, argon=FAST_FOR_TESTS, chain=CHAIN)
    entries = again.read(lambda reader: reader.rows("SELECT entry FROM audit ORDER BY number"))
    assert '"action":"seal_store"' in entries[-2][0]
    assert '"action":"recover_by_kit"' in entries[-1][0]
    again.close()
    Store.open(folder, NEW_PASSPHRASE, chain=CHAIN).close()


def test_the_generation_before_and_every_copy_that_the_program_made_stay_shut(tmp_path: Path) -> None:
    folder = tmp_path / "store"
    store, _kit = make_store(folder)
    store.keys.change_passphrase(PASSPHRASE, NEW_PASSPHRASE, argon=FAST_FOR_TESTS)
    (folder / "before-update.backup").write_bytes(b"a copy with the key in it")
    kept = folder.with_name(f"store{BEFORE_RESTORE}2026-11-20")
    shutil.copytree(folder, kept, ignore=shutil.ignore_patterns("store.lock"))
    other, _ = make_store(tmp_path / "another person's")
    other.close()
    store.seal("Riverside Surgery", ORDERED)
    store.close()
    for place in (folder, kept):
        assert not [name for name in (envelopes.USER_FILE, envelopes.USER_FILE_BEFORE) if (place / name).exists()]
        assert not (place / "before-update.backup").exists()
        assert refused(place)
    open_store(tmp_path / "another person's").close()


def test_sealing_that_was_cut_off_is_finished_by_whoever_comes_next(tmp_path: Path) -> None:
    folder = tmp_path / "store"
    store, _kit = make_store(folder)
    store.close()
    keys = (folder / envelopes.USER_FILE).read_bytes()
    sealed.put_mark(folder, "Riverside Surgery", ORDERED)
    (folder / envelopes.USER_FILE).write_bytes(keys)  # as if the power had gone after the mark
    assert place_of(folder).sealed.startswith("Riverside Surgery ended")
    assert not (folder / envelopes.USER_FILE).exists()
    assert refused(folder)


def test_a_damaged_mark_seals_as_well(tmp_path: Path) -> None:
    folder = tmp_path / "store"
    make_store(folder)[0].close()
    sealed.put_mark(folder, "Riverside Surgery", ORDERED)
    (folder / envelopes.SEALED_FILE).write_bytes(b"torn")
    assert refused(folder).startswith("Your organisation ended this laptop's access and sealed")
