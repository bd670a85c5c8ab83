"""P4: Save contact to durable, against a bare transaction inserting the same bytes into four tables and an FTS table."""

import datetime as dt
import random
from collections.abc import Callable, Iterator
from typing import Any

from benchmarks.measure import Measured, in_turn, percentile, seconds
from benchmarks.practice import SEED, new_contact
from benchmarks.stores import copy_of, opened
from wellbeing_desktop.operations.contacts import record_contact
from wellbeing_desktop.storage.connection import Writer
from wellbeing_desktop.storage.store import Store


def run(quick: bool = False) -> Iterator[Measured]:
    people, saves = (200, 10) if quick else (10_000, 200)
    chance = random.Random(SEED)
    with opened(copy_of(people, "p4")) as store:
        ids = [found[0] for found in store.read(lambda reader: reader.rows("SELECT id FROM person"))]
        store.write(_make_plain_tables)
        sizes = _written_by_one_save(store, chance.choice(ids))
        plain = iter(range(10**9))

        def ours() -> float:
            contact, note = new_contact(chance.choice(ids), chance, dt.datetime.now(dt.UTC))
            return seconds(lambda: store.write(lambda writer: record_contact(writer, contact, note)))

        def reference() -> float:
            texts = [_text(chance, size) for size in sizes]
            number = next(plain)
            return seconds(lambda: store.write(lambda writer: _insert(writer, number, texts)))

        mine, theirs = in_turn(ours, reference, rounds=saves)
    yield Measured(
        id="P4",
        what=f"save a contact and its note to durable, {people * 11:,} records in the store",
        reference_is="bare transaction, the same bytes in four plain tables and one FTS table",
        unit="s",
        ours=percentile(mine, 0.5),
        reference=percentile(theirs, 0.5),
        reach=3.0,
        rounds=saves,
        notes="row, outbox, audit chain, search; three records",
    )
    yield Measured(
        id="P4 p95",
        what="the same, the slowest of twenty",
        reference_is="the limit",
        unit="s",
        ours=percentile(mine, 0.95),
        reference=0.020,
        reach=1.0,
        rounds=saves,
    )


def _written_by_one_save(store: Store, person_id: str) -> tuple[int, int, int, int, int]:
    """How many bytes one save puts in the typed rows, the envelopes, the outbox, the audit and the words of search."""
    chance = random.Random(SEED)
    contact, note = new_contact(person_id, chance, dt.datetime.now(dt.UTC))

    def total(sql: str) -> Callable[[], int]:
        return lambda: int(store.read(lambda reader: reader.value(sql)) or 0)

    outbox = total(
        "SELECT sum(length(op_id) + length(id) + length(subject) + length(patch) + length(was) + length(at) + 80)"
        " FROM outbox"
    )
    audit = total("SELECT sum(length(entry) + length(hash)) FROM audit")
    before = outbox(), audit()
    store.write(lambda writer: record_contact(writer, contact, note))
    after = outbox(), audit()
    words = len(note.text.encode())
    # three rows: id, subject and compartment of each, the fields of the contact, the words of the note
    rows, envelopes = 3 * 90 + 320 + words, 3 * 130
    return rows, envelopes, after[0] - before[0], after[1] - before[1], words


def _make_plain_tables(writer: Writer) -> None:
    with writer.immediate():
        for table in ("plain_row", "plain_envelope", "plain_outbox", "plain_audit"):
            writer.execute(f"CREATE TABLE {table} (number INTEGER PRIMARY KEY, body TEXT)")
        writer.execute("CREATE VIRTUAL TABLE plain_text USING fts5(body, tokenize = 'unicode61 remove_diacritics 2')")


def _insert(writer: Writer, number: int, texts: list[str]) -> None:
    with writer.immediate():
        tables = ("plain_row", "plain_envelope", "plain_outbox", "plain_audit")
        for table, text in zip(tables, texts, strict=False):
            writer.execute(f"INSERT INTO {table} (number, body) VALUES (?, ?)", (number, text))
        writer.execute("INSERT INTO plain_text (rowid, body) VALUES (?, ?)", (number, texts[4]))


def _text(chance: random.Random, size: int) -> str:
    contact_words: Any = new_contact("", chance, dt.datetime.now(dt.UTC))[1].text
    return str((contact_words * (size // len(contact_words) + 1))[:size])
