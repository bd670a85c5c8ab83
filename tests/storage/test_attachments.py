"""The bytes of files: kept in parts, named by their hash, never readable on the disk, never lost without a word."""

import datetime as dt
import hashlib
import os
import random
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from tests.killable import Killable
from tests.sentinel import find_in
from tests.storage.adding_child import add_two
from tests.storage.power_cut import MODELS, can_record, disk_after_cut, record
from tests.storage.stores import PASSPHRASE
from wellbeing_desktop.domain.document import Attachment
from wellbeing_desktop.domain.errors import StoreProblem
from wellbeing_desktop.domain.person import Person
from wellbeing_desktop.storage import attachments
from wellbeing_desktop.storage.attachments import PART_BYTES, Blob, State, blob_of, keep_file, read_file
from wellbeing_desktop.storage.backup import backup, restore
from wellbeing_desktop.storage.health import check
from wellbeing_desktop.storage.kdf import FAST_FOR_TESTS
from wellbeing_desktop.storage.opener import checkpoint
from wellbeing_desktop.storage.records import load_all
from wellbeing_desktop.storage.store import Store
from wellbeing_desktop.storage.store_files import ATTACHMENTS_FILE
from wellbeing_desktop.storage.write_door import transaction

NOW = dt.datetime(2026, 11, 21, 10, tzinfo=dt.UTC)
SENTINEL = "Zebedee Quixworth of Nether Wallop"


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("template") / "store"
    Store.create(folder, "Tests", PASSPHRASE, argon=FAST_FOR_TESTS)[0].close()
    return folder


@pytest.fixture
def store(template: Path, tmp_path: Path) -> Iterator[Store]:
    shutil.copytree(template, tmp_path / "store")
    made = Store.open(tmp_path / "store", PASSPHRASE)
    yield made
    made.close()


def letter(size: int, seed: int = 1) -> bytes:
    """Bytes of a made-up scan, with a person's name in them again and again."""
    return (SENTINEL.encode() + random.Random(seed).randbytes(500)) * (size // 530 + 1)


def known(store: Store, sha: str) -> Blob | None:
    return store.files.call(lambda writer: blob_of(writer, sha))


def name_it(store: Store, sha: str, size: int) -> str:
    """A person with a document of these bytes."""

    def work(writer) -> str:
        with transaction(writer, "add_file") as tx:
            person = tx.create(Person(family_name="Jones"))
            tx.create(Attachment(subject=person, sha256=sha, bytes=size, title="Letter"))
        return person

    return store.write(work)


@pytest.mark.parametrize("size", [0, 1, PART_BYTES, PART_BYTES + 1, 3 * PART_BYTES - 7])
def test_a_file_comes_back_byte_for_byte_after_a_restart(store: Store, size: int) -> None:
    content = letter(size)[:size]
    seen: list[tuple[int, int]] = []
    sha = keep_file(store.files, content, now=NOW, report=lambda done, total: seen.append((done, total)))
    assert sha == hashlib.sha256(content).hexdigest()
    assert seen[-1] == (size, size)
    folder = store.folder
    store.close()
    with Store.open(folder, PASSPHRASE) as again:
        assert read_file(again.files, sha) == content
        assert known(again, sha) == Blob(sha=sha, size=size, have=size, state=State.HERE)


def test_nothing_of_a_file_is_readable_in_any_file_on_the_disk(store: Store, tmp_path: Path) -> None:
    sha = keep_file(store.files, letter(3 * PART_BYTES), now=NOW)
    name_it(store, sha, 3 * PART_BYTES)
    assert find_in(tmp_path, [SENTINEL, sha]) == [], "while the store is open"
    backup(store, tmp_path / "my.backup")
    store.close()
    restore(tmp_path / "my.backup", tmp_path / "back", PASSPHRASE)
    assert find_in(tmp_path, [SENTINEL, sha]) == []


def test_adding_can_be_stopped_and_what_was_kept_is_swept_after_a_day(store: Store) -> None:
    content = letter(4 * PART_BYTES)

    def stop(done: int, _total: int) -> None:
        if done >= 2 * PART_BYTES:
            raise InterruptedError

    with pytest.raises(InterruptedError):
        keep_file(store.files, content, now=NOW, report=stop)
    sha = hashlib.sha256(content).hexdigest()
    left = known(store, sha)
    assert left is not None
    assert (left.state, left.have) == (State.ARRIVING, 2 * PART_BYTES)
    assert read_file(store.files, sha) is None, "half a file is no file"

    def sweep(hours: int) -> int:
        named = store.read(attachments.named_in)
        return store.files.call(lambda writer: attachments.sweep(writer, named, now=NOW + dt.timedelta(hours=hours)))

    assert sweep(23) == 0
    assert sweep(25) == 1
    assert known(store, sha) is None
    assert store.files.call(lambda writer: writer.value("SELECT count(*) FROM blob_part")) == 0


def test_what_a_record_names_is_never_swept_even_when_the_record_was_removed(store: Store) -> None:
    sha = keep_file(store.files, b"%PDF-1.7 kept", now=NOW)
    name_it(store, sha, 13)
    document = store.read(lambda reader: load_all(reader, Attachment))[0]

    def remove(writer) -> None:
        with transaction(writer, "remove_file") as tx:
            tx.remove(Attachment, document.id, "Entered in error")

    store.write(remove)
    named = store.read(attachments.named_in)
    assert store.files.call(lambda writer: attachments.sweep(writer, named, now=NOW + dt.timedelta(days=9))) == 0
    assert read_file(store.files, sha) == b"%PDF-1.7 kept"


def test_the_same_file_twice_is_kept_once_and_not_swept_while_it_is_added_again(store: Store) -> None:
    sha = keep_file(store.files, b"the same letter", now=NOW)
    later = NOW + dt.timedelta(days=3)
    assert keep_file(store.files, b"the same letter", now=later) == sha
    assert store.files.call(lambda writer: attachments.sweep(writer, frozenset(), now=later)) == 0
    assert store.files.call(lambda writer: writer.value("SELECT count(*) FROM blob_part")) == 1


def decrypted(store: Store) -> bytes:
    """Every page of the attachments file as it stands on the disk, free ones too: SQLCipher 4 pages by hand."""
    key = store.data_key.attachment_key(store.identity.store_id).material()
    content = (store.folder / ATTACHMENTS_FILE).read_bytes()
    plain = b""
    for start in range(0, len(content), 4096):
        page = content[start : start + 4096]
        sealed = page[16 if start == 0 else 0 : 4096 - 80]
        cipher = Cipher(algorithms.AES(key), modes.CBC(page[4096 - 80 : 4096 - 64])).decryptor()
        plain += cipher.update(sealed) + cipher.finalize()
    return plain


def test_what_is_forgotten_is_overwritten_in_the_file_and_gone_from_its_log(store: Store) -> None:
    sha = keep_file(store.files, letter(PART_BYTES), now=NOW)
    store.files.call(lambda writer: checkpoint(writer.connection))
    assert SENTINEL.encode() in decrypted(store), "the test looks at nothing"
    store.files.call(lambda writer: attachments.forget(writer, [sha]))
    log = store.folder / f"{ATTACHMENTS_FILE}-wal"
    assert not log.exists() or log.stat().st_size == 0
    assert SENTINEL.encode() not in decrypted(store)


def test_a_part_that_was_changed_is_noticed_and_a_shared_file_is_fetched_again(store: Store) -> None:
    sha = keep_file(store.files, letter(PART_BYTES), now=NOW)

    def bend(writer) -> None:
        with writer.immediate():
            writer.execute("UPDATE blob_part SET data = zeroblob(length(data)) WHERE sha = ?", (sha,))

    store.files.call(bend)
    name_it(store, sha, PART_BYTES)
    assert [finding.kind for finding in check(store)] == ["damaged_files"]
    with pytest.raises(StoreProblem, match="damaged"):
        read_file(store.files, sha)
    assert known(store, sha) is not None, "the only copy is not thrown away"
    store.files.call(lambda writer: attachments.set_state(writer, sha, State.SHARED))
    with pytest.raises(StoreProblem, match="damaged"):
        read_file(store.files, sha)
    assert known(store, sha) is None, "the server has it: it is fetched again"


@pytest.mark.parametrize("trouble", ["missing", "bent", "empty", "cut"])
def test_the_store_works_without_its_file_of_documents_and_says_so(store: Store, tmp_path: Path, trouble: str) -> None:
    sha = keep_file(store.files, letter(PART_BYTES), now=NOW)
    name_it(store, sha, PART_BYTES)
    folder = store.folder
    store.close()
    file = folder / ATTACHMENTS_FILE
    content = bytearray(file.read_bytes())
    if trouble == "missing":
        file.unlink()
    elif trouble == "bent":
        for place in range(100, len(content), 1000):
            content[place] ^= 1
        file.write_bytes(content)
    else:
        file.write_bytes(content[: 0 if trouble == "empty" else 100])
    with Store.open(folder, PASSPHRASE) as opened:
        name_it(opened, "a" * 64, 3)
        assert len(opened.read(lambda reader: load_all(reader, Person))) == 2
        with pytest.raises(StoreProblem) as told:
            read_file(opened.files, sha)
        assert told.value.kind in ("files_missing", "files_damaged")
        assert "documents cannot be opened until" in told.value.message
        assert told.value.advice
        assert check(opened)[0].kind in ("files_missing", "files_damaged")
        report = backup(opened, tmp_path / "my.backup")
        assert report.without_files
        assert "documents are not in this backup" in report.warning()
        restored = restore(tmp_path / "my.backup", tmp_path / "back", PASSPHRASE)
        assert restored.records == report.records
        opened.begin_new_attachments_file()
        assert keep_file(opened.files, b"again", now=NOW)
        assert [finding.kind for finding in check(opened)] == ["lost_files"]
    with Store.open(tmp_path / "back", PASSPHRASE) as back:
        assert read_file(back.files, sha) is None


def test_a_backup_brings_documents_back_and_a_locked_store_gives_none(store: Store, tmp_path: Path) -> None:
    content = letter(2 * PART_BYTES)
    sha = keep_file(store.files, content, now=NOW)
    name_it(store, sha, len(content))
    report = backup(store, tmp_path / "my.backup")
    assert not report.without_files
    assert report.warning() == ""
    restore(tmp_path / "my.backup", tmp_path / "back", PASSPHRASE)
    store.close()
    with pytest.raises(StoreProblem, match="locked"):
        read_file(store.files, sha)
    with Store.open(tmp_path / "back", PASSPHRASE) as back:
        assert read_file(back.files, sha) == content
        assert check(back) == []


def test_a_file_made_before_there_were_documents_gets_its_tables(store: Store) -> None:
    def as_before(writer) -> None:
        with writer.immediate():
            writer.execute("DROP TABLE blob")
            writer.execute("DROP TABLE blob_part")
            writer.execute("DELETE FROM migration WHERE number > 1")

    store.files.call(as_before)
    store.files.reopen()
    assert check(store) == []
    sha = keep_file(store.files, b"later", now=NOW)
    assert read_file(store.files, sha) == b"later"


def whole_or_absent(folder: Path) -> int:
    """How many documents a store names; each must be whole."""
    with Store.open(folder, PASSPHRASE, accept_shortened=True) as store:
        named = store.read(lambda reader: load_all(reader, Attachment))
        for document in named:
            content = read_file(store.files, document.sha256)
            assert content is not None, "a record names a document that is not here"
            assert len(content) == document.bytes
        assert [finding for finding in check(store) if finding.kind != "anchor_lost"] == []
        return len(named)


@pytest.mark.slow
def test_a_program_that_ends_at_any_moment_of_adding_leaves_no_record_without_its_bytes(
    template: Path, tmp_path: Path
) -> None:
    counted = set()
    for stop_at in range(1, 40, 3):
        folder = tmp_path / f"store-{stop_at}"
        shutil.copytree(template, folder)
        assert Killable(add_two, os.fspath(folder), str(stop_at)).ended() in (0, 9)
        counted.add(whole_or_absent(folder))
        shutil.rmtree(folder)
    assert counted >= {0, 1}


@pytest.mark.slow
@pytest.mark.skipif(not can_record(), reason="POWER CUTS NOT TESTED: strace is missing or may not trace here")
def test_a_power_cut_at_any_moment_of_adding_leaves_no_record_without_its_bytes(template: Path, tmp_path: Path) -> None:
    folder, before = tmp_path / "store", tmp_path / "before"
    shutil.copytree(template, folder)
    shutil.copytree(folder, before)
    events = record(folder, tmp_path / "traces", "tests.storage.adding_child")
    chance, counted = random.Random(20261121), set()
    for number in range(30):
        disk = tmp_path / "cut"
        disk_after_cut(before, disk, events, chance.randrange(len(events) + 1), MODELS[number % len(MODELS)], chance)
        counted.add(whole_or_absent(disk))
        shutil.rmtree(disk)
    assert len(counted) > 1
