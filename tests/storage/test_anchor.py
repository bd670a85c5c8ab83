import threading
from pathlib import Path

import pytest

from tests.storage.stores import add_note
from wellbeing_desktop.storage.anchor import ANCHOR_FILES, AnchorFiles
from wellbeing_desktop.storage.anchor_keeper import AUDITED_WITHIN_SECONDS, AnchorKeeper
from wellbeing_desktop.storage.keys import AnchorKey
from wellbeing_desktop.storage.store import Store

pytestmark = pytest.mark.usefixtures("small_schema")

KEY = AnchorKey(b"a" * 32)


def test_the_newest_of_two_files_written_by_turns_is_read(tmp_path: Path) -> None:
    anchors = AnchorFiles(tmp_path, KEY, "store")
    for number in range(1, 6):
        anchors.write(number, f"head {number}")
        found = AnchorFiles(tmp_path, KEY, "store").read()
        assert found is not None
        assert (found.sequence, found.head, found.count) == (number, f"head {number}", number)
    assert {path.name for path in tmp_path.iterdir()} == set(ANCHOR_FILES)


def test_a_torn_write_leaves_the_anchor_before(tmp_path: Path) -> None:
    anchors = AnchorFiles(tmp_path, KEY, "store")
    anchors.write(1, "one")
    anchors.write(2, "two")
    newest = tmp_path / ANCHOR_FILES[0]
    whole = newest.read_bytes()
    for size in range(0, len(whole.rstrip()), 9):
        newest.write_bytes(whole[:size])
        found = AnchorFiles(tmp_path, KEY, "store").read()
        assert found is not None
        assert found.sequence == 1


def test_an_anchor_cannot_be_forged_or_borrowed(tmp_path: Path) -> None:
    AnchorFiles(tmp_path, KEY, "store").write(7, "seven")
    file = tmp_path / ANCHOR_FILES[1]
    assert AnchorFiles(tmp_path, AnchorKey(b"b" * 32), "store").read() is None
    assert AnchorFiles(tmp_path, KEY, "another store").read() is None
    file.write_bytes(file.read_bytes().replace(b'"sequence":7', b'"sequence":6'))
    assert AnchorFiles(tmp_path, KEY, "store").read() is None


def test_the_file_never_grows_so_a_full_disk_does_not_matter(tmp_path: Path) -> None:
    anchors = AnchorFiles(tmp_path, KEY, "0197f000-0000-7000-8000-000000000000")
    sizes = set()
    for number in (0, 1, 10**6, 10**9, 10**12):
        anchors.write(number, "f" * 64)
        sizes |= {(tmp_path / name).stat().st_size for name in ANCHOR_FILES if (tmp_path / name).exists()}
    assert sizes == {512}


def test_commits_close_together_share_one_anchor_off_the_save_path() -> None:
    written = threading.Event()
    count = 0

    def write() -> None:
        nonlocal count
        count += 1
        written.set()

    keeper = AnchorKeeper(write, gather_seconds=0.05)
    for _ in range(100):
        keeper.committed()
    assert written.wait(AUDITED_WITHIN_SECONDS)
    keeper.end()
    assert count == 1


def test_the_anchor_follows_a_save_within_two_seconds_even_during_a_long_return(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    followed = threading.Event()
    write = AnchorFiles.write

    def watched(self: AnchorFiles, sequence: int, head: str) -> None:
        write(self, sequence, head)
        if sequence == 1:
            followed.set()

    monkeypatch.setattr(AnchorFiles, "write", watched)
    store.submit_read(
        lambda reader: reader.value(
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT sum(i) FROM n"
        )
    )
    store.write(lambda writer: add_note(writer, "x"))
    assert followed.wait(AUDITED_WITHIN_SECONDS)


def test_closing_leaves_the_anchor_at_the_last_entry(store: Store) -> None:
    key, store_id = store.data_key.anchor_key(store.identity.store_id), store.identity.store_id
    for _ in range(3):
        store.write(lambda writer: add_note(writer, "x"))
    store.close()
    found = AnchorFiles(store.folder, key, store_id).read()
    assert found is not None
    assert found.sequence == 3
