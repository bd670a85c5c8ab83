"""Stores for the tests of their security and durability: a table of notes, and a chain as the audit's stand-in."""

import hashlib
from pathlib import Path
from typing import Final

from wellbeing_desktop.storage import migrations
from wellbeing_desktop.storage.anchoring import AuditChain
from wellbeing_desktop.storage.connection import Reader, Writer
from wellbeing_desktop.storage.kdf import FAST_FOR_TESTS
from wellbeing_desktop.storage.opener import checkpoint
from wellbeing_desktop.storage.recovery import RecoveryKit
from wellbeing_desktop.storage.store import Store

PASSPHRASE: Final = "granite pelican umbrella seventeen"


def head(reader: Reader) -> tuple[int, str]:
    row = reader.row("SELECT number, hash FROM chain_link ORDER BY number DESC LIMIT 1")
    return (0, "") if row is None else (row[0], row[1])


def hash_at(reader: Reader, number: int) -> str | None:
    found: str | None = reader.value("SELECT hash FROM chain_link WHERE number = ?", (number,))
    return found


CHAIN: Final = AuditChain(head, hash_at)


def make_store(folder: Path) -> tuple[Store, RecoveryKit]:
    store, kit = Store.create(folder, "Tests", PASSPHRASE, user_name="A tester", argon=FAST_FOR_TESTS, chain=CHAIN)
    store.write(_add_tables)
    store.write(lambda writer: checkpoint(writer.connection))  # as after a migration
    return store, kit


def open_store(folder: Path, *, accept_shortened: bool = False) -> Store:
    return Store.open(folder, PASSPHRASE, chain=CHAIN, accept_shortened=accept_shortened)


def add_note(writer: Writer, text: str) -> int:
    """One acknowledged piece of work: five lines of a note and a link of the chain, or nothing."""
    with writer.immediate():
        last, before = head(writer)
        number = last + 1
        writer.executemany(
            "INSERT INTO jotting (number, part, text) VALUES (?, ?, ?)", [(number, part, text) for part in range(5)]
        )
        link = hashlib.sha256(f"{before}|{number}".encode()).hexdigest()
        writer.execute("INSERT INTO chain_link (number, hash) VALUES (?, ?)", (number, link))
    return number


def whole_notes(reader: Reader) -> int:
    """How many notes there are; raises AssertionError if one is half there or the chain has a hole."""
    notes = reader.rows("SELECT number, count(*) FROM jotting GROUP BY number ORDER BY number")
    links = reader.rows("SELECT number, hash FROM chain_link ORDER BY number")
    assert [number for number, _ in notes] == [number for number, _ in links] == list(range(1, len(links) + 1))
    assert all(parts == 5 for _, parts in notes)
    before = ""
    for number, link in links:
        assert link == hashlib.sha256(f"{before}|{number}".encode()).hexdigest()
        before = link
    return len(links)


def _add_tables(writer: Writer) -> None:
    with writer.immediate():
        writer.execute("CREATE TABLE jotting (number INTEGER, part INTEGER, text TEXT, PRIMARY KEY (number, part))")
        writer.execute("CREATE TABLE chain_link (number INTEGER PRIMARY KEY, hash TEXT)")


def use_small_schema() -> None:
    """In a process of its own: stores without the tables of the records, as the `small_schema` fixture makes them."""
    first = migrations.shipped()[:1]
    migrations.shipped = lambda: first
