"""What is written in a store is in no byte of any file that the store makes."""

from pathlib import Path

import pytest

from tests.sentinel import find_in
from tests.storage.stores import PASSPHRASE, add_note, make_store, open_store
from wellbeing_desktop.domain.errors import StoreProblem
from wellbeing_desktop.storage.backup import backup, restore
from wellbeing_desktop.storage.connection import Writer
from wellbeing_desktop.storage.kdf import FAST_FOR_TESTS

NEW_PASSPHRASE = "teapot lantern brisk meadow"
SENTINEL = "Zebedee Quixworth of Nether Wallop"


def search_index(writer: Writer) -> None:
    with writer.immediate():
        writer.execute("CREATE VIRTUAL TABLE seek USING fts5(text)")
        writer.execute("INSERT INTO seek (text) VALUES (?)", (SENTINEL,))


def big_transaction(writer: Writer) -> None:
    """Larger than the page cache, with a sort larger than memory would be kept for."""
    with writer.immediate():
        writer.executemany(
            "INSERT INTO jotting (number, part, text) VALUES (?, 0, ?)",
            ((1000 + n, f"{n} {SENTINEL} " * 20) for n in range(8000)),
        )
        writer.rows("SELECT text FROM jotting ORDER BY text DESC LIMIT 3")
        writer.execute("DELETE FROM jotting WHERE number >= 1000")


@pytest.mark.capability("P2")
@pytest.mark.usefixtures("stores_made_in_full")
def test_neither_content_nor_keys_are_in_any_file(tmp_path: Path) -> None:
    store, kit = make_store(tmp_path / "store")
    key = store.data_key
    keys = [key, key.store_key(store.identity.store_id), key.anchor_key(store.identity.store_id)]
    secrets = [SENTINEL, PASSPHRASE, NEW_PASSPHRASE, kit.code, *(each.material().hex() for each in keys)]
    raw = [each.material() for each in keys]
    store.write(lambda writer: add_note(writer, SENTINEL))
    store.write(search_index)
    store.write(big_transaction)
    assert find_in(tmp_path, secrets) == [], "while the store is open"
    backup(store, tmp_path / "my.backup")
    store.keys.change_passphrase(PASSPHRASE, NEW_PASSPHRASE, argon=FAST_FOR_TESTS)
    store.close()
    with pytest.raises(StoreProblem, match="not right"):
        open_store(tmp_path / "store")
    restore(tmp_path / "my.backup", tmp_path / "back", PASSPHRASE)
    assert find_in(tmp_path, secrets) == []
    for path in tmp_path.rglob("*"):
        assert not path.is_file() or not any(material in path.read_bytes() for material in raw), path.name
