import random
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.storage.stores import PASSPHRASE, add_note, make_store, open_store, whole_notes
from wellbeing_desktop.domain.errors import StoreProblem
from wellbeing_desktop.storage.backup import backup, restore
from wellbeing_desktop.storage.backup_container import WORK_FOLDER
from wellbeing_desktop.storage.connection import Writer
from wellbeing_desktop.storage.content import content_of
from wellbeing_desktop.storage.kdf import FAST_FOR_TESTS
from wellbeing_desktop.storage.recovery import RecoveryKey, RecoveryKit, key_from_code
from wellbeing_desktop.storage.store import Store

SENTENCE = "Mrs Okonkwo-Ffrench keeps bees"


@pytest.fixture
def filled(made: tuple[Store, RecoveryKit]) -> Store:
    store, _ = made
    for number in range(20):
        store.write(lambda writer, number=number: add_note(writer, f"{SENTENCE} {number}"))
    return store


def test_a_backup_comes_back_row_by_row_on_another_device(filled: Store, tmp_path: Path) -> None:
    report = backup(filled, tmp_path / "my.backup")
    assert report.hash == filled.read(content_of).hash
    assert report.size == (tmp_path / "my.backup").stat().st_size
    told: list[str] = []

    def new_device(writer: Writer, device_id: str) -> None:
        assert writer.in_transaction
        told.append(device_id)

    restored = restore(tmp_path / "my.backup", tmp_path / "back", PASSPHRASE, new_device=new_device)
    assert (restored.hash, restored.records) == (report.hash, report.records)
    with open_store(tmp_path / "back") as again:
        assert again.read(whole_notes) == 20
        assert again.read(content_of).hash == report.hash
        assert again.identity == filled.identity
        assert again.about.device_id == restored.device_id == told[0] != filled.about.device_id
        again.write(lambda writer: add_note(writer, "work goes on"))


def test_the_recovery_key_opens_a_backup_whose_passphrase_is_forgotten(
    made: tuple[Store, RecoveryKit], tmp_path: Path
) -> None:
    store, kit = made
    store.write(lambda writer: add_note(writer, SENTENCE))
    backup(store, tmp_path / "my.backup")
    restore(tmp_path / "my.backup", tmp_path / "back", key_from_code(kit.code))
    with Store.recover(tmp_path / "back", kit.code, "teapot lantern brisk meadow", argon=FAST_FOR_TESTS) as again:
        assert again.read(whole_notes) == 1


def test_a_backup_shows_nothing_and_is_private(filled: Store, tmp_path: Path) -> None:
    file = backup(filled, tmp_path / "my.backup").file
    content = file.read_bytes()
    assert SENTENCE.encode() not in content
    assert b"SQLite format" not in content
    assert file.stat().st_mode & 0o077 == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["my.backup", "store"]
    assert not list(filled.folder.glob(WORK_FOLDER + "*"))


def test_work_goes_on_during_a_backup(filled: Store, tmp_path: Path) -> None:
    futures = [filled.submit_write(lambda writer: add_note(writer, "meanwhile")) for _ in range(50)]
    backup(filled, tmp_path / "my.backup")
    assert max(future.result() for future in futures) == 70
    restore(tmp_path / "my.backup", tmp_path / "back", PASSPHRASE)
    with open_store(tmp_path / "back") as again:
        assert 20 <= again.read(whole_notes) <= 70


@pytest.mark.parametrize("secret", ["not the passphrase at all", RecoveryKey(b"r" * 32)])
def test_another_secret_restores_nothing(filled: Store, tmp_path: Path, secret: str | RecoveryKey) -> None:
    backup(filled, tmp_path / "my.backup")
    with pytest.raises(StoreProblem) as problem:
        restore(tmp_path / "my.backup", tmp_path / "back", secret)
    assert problem.value.kind in ("wrong_passphrase", "wrong_recovery_key")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["my.backup", "store"]


def test_a_backup_is_never_put_over_a_store_unless_that_is_moved_aside(filled: Store, tmp_path: Path) -> None:
    backup(filled, tmp_path / "my.backup")
    with pytest.raises(StoreProblem, match="already a case store"):
        restore(tmp_path / "my.backup", filled.folder, PASSPHRASE)
    with pytest.raises(StoreProblem, match="open in another window"):
        restore(tmp_path / "my.backup", filled.folder, PASSPHRASE, move_aside=True)
    filled.write(lambda writer: add_note(writer, "only in the old one"))
    filled.close()
    report = restore(tmp_path / "my.backup", filled.folder, PASSPHRASE, move_aside=True)
    with open_store(filled.folder) as again:
        assert again.read(whole_notes) == 20
    assert report.moved_aside is not None
    with open_store(report.moved_aside) as old:
        assert old.read(whole_notes) == 21


def test_no_damage_to_a_backup_goes_unnoticed_and_none_harms_this_computer(filled: Store, tmp_path: Path) -> None:
    whole = backup(filled, tmp_path / "my.backup").file.read_bytes()
    chance = random.Random(20261121)
    damaged: list[bytes] = [b"", b"PK", whole[:-1], whole[: len(whole) // 2], whole[100:], b"x" * 1000]
    for _ in range(40):
        flipped = bytearray(whole)
        flipped[chance.randrange(len(whole))] ^= 1 << chance.randrange(8)
        damaged.append(bytes(flipped))
    noticed = 0
    for number, content in enumerate(damaged):
        (tmp_path / "bad.backup").write_bytes(content)
        try:
            report = restore(tmp_path / "bad.backup", tmp_path / "back", PASSPHRASE)
        except StoreProblem as problem:
            told = problem.kind
        else:  # a flipped bit in a part of the zip that carries nothing, such as a date: every byte of ours is right
            told = "whole"
            assert report.hash == filled.read(content_of).hash
            shutil.rmtree(tmp_path / "back")
        noticed += told != "whole"
        assert told in {"backup_damaged", "whole"}, number
        assert sorted(path.name for path in tmp_path.iterdir()) == ["bad.backup", "my.backup", "store"]
    assert noticed > 40


def rewrite(
    source: Path, target: Path, change: Callable[[str, bytes], tuple[str, bytes]], *, compress: bool = False
) -> None:
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
        for info in old.infolist():
            name, content = change(info.filename, old.read(info))
            new.writestr(name, content, zipfile.ZIP_DEFLATED if compress else zipfile.ZIP_STORED)


def test_a_hostile_container_is_refused(filled: Store, tmp_path: Path) -> None:
    file = backup(filled, tmp_path / "my.backup").file
    bad = tmp_path / "bad.backup"
    attacks: list[Callable[[], None]] = [
        lambda: rewrite(file, bad, lambda name, content: ("../" + name, content)),
        lambda: rewrite(file, bad, lambda name, content: (name, content), compress=True),
        lambda: rewrite(file, bad, lambda name, content: (name, content + b"x" if name == "store.db" else content)),
        lambda: rewrite(file, bad, lambda name, content: (name, content.replace(b'"format":1', b'"format":0', 1))),
        lambda: rewrite(
            file,
            bad,
            lambda name, content: (name, content.replace(b"store.db", b"/etc/pas") if "json" in name else content),
        ),
    ]
    for attack in attacks:
        attack()
        with pytest.raises(StoreProblem) as problem:
            restore(bad, tmp_path / "back", PASSPHRASE)
        assert problem.value.kind == "backup_damaged"
        assert not (tmp_path / "back").exists()


def test_a_part_of_another_stores_backup_is_noticed(filled: Store, tmp_path: Path) -> None:
    other, _ = make_store(tmp_path / "other")
    file = backup(filled, tmp_path / "one.backup").file
    foreign = backup(other, tmp_path / "two.backup").file
    other.close()
    with zipfile.ZipFile(foreign) as container:
        manifest = container.read("manifest.json")
    rewrite(
        file, tmp_path / "bad.backup", lambda name, content: (name, manifest if name == "manifest.json" else content)
    )
    with pytest.raises(StoreProblem, match="damaged"):
        restore(tmp_path / "bad.backup", tmp_path / "back", PASSPHRASE)


def test_a_newer_backup_and_a_missing_file_have_sentences_of_their_own(filled: Store, tmp_path: Path) -> None:
    file = backup(filled, tmp_path / "my.backup").file
    rewrite(
        file,
        tmp_path / "new.backup",
        lambda name, content: (name, content.replace(b'"format":1', b'"format":7', 1) if "json" in name else content),
    )
    with pytest.raises(StoreProblem, match="newer version"):
        restore(tmp_path / "new.backup", tmp_path / "back", PASSPHRASE)
    with pytest.raises(StoreProblem, match="no backup file"):
        restore(tmp_path / "absent.backup", tmp_path / "back", PASSPHRASE)


def test_a_backup_that_fails_leaves_the_one_before(
    filled: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = backup(filled, tmp_path / "my.backup").file
    before = file.read_bytes()

    def refuse(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("wellbeing_desktop.storage.backup_container.sync_file", refuse)
    with pytest.raises(StoreProblem, match="disk is full"):
        backup(filled, file)
    assert file.read_bytes() == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["my.backup", "store"]
