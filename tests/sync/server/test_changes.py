"""A caseload's news is found by its people or by looking through everybody's: it is the same; and what the file reads."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from laptop import Laptop

from wellbeing_desktop.domain.operation import OperationKind
from wellbeing_desktop.sync.protocol.message import Bucket
from wellbeing_desktop.sync.server import changes
from wellbeing_desktop.sync.server.engine import Transaction
from wellbeing_desktop.sync.server.service import Service

FEW_NEWS = 10**9
"""Records that one person is taken to have: as if everything that is new were less."""


@pytest.mark.parametrize("limit", [1, 3, 5_000])
def test_what_is_new_of_a_caseload_is_the_same_however_it_is_found(
    service: Service, monkeypatch: pytest.MonkeyPatch, limit: int
) -> None:
    a, b = Laptop(service, "Anna"), Laptop(service, "Ben")
    mine, notes = _some_work(a)
    _some_work(b)
    a.sync()
    a.change(notes[0], text="changed")
    a.operation("note", notes[1], mine, OperationKind.REMOVE, {"removed": "2026-11-20T10:00:00Z"})
    a.push()
    _some_work(b)
    a.change(notes[0], text="changed again, beyond the first pages")
    a.push()
    for asking in (a, b, Laptop(service, "Olive", "owner")):
        monkeypatch.setattr(changes, "RECORDS_A_PERSON", FEW_NEWS)
        in_order = _everything(asking, limit)
        monkeypatch.setattr(changes, "RECORDS_A_PERSON", 0)
        by_people = _everything(asking, limit)
        assert by_people == in_order
        assert len(in_order[0]) > 5


def test_nothing_that_a_caseloads_laptop_asks_reads_everybodys_records_on_the_file(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    if service.engine.name != "sqlcipher":
        pytest.skip("PostgreSQL plans with statistics")
    monkeypatch.setattr(changes, "RECORDS_A_PERSON", 0)
    a, b = Laptop(service, "Anna"), Laptop(service, "Ben")
    person, notes = _some_work(a)
    _some_work(b)
    with _statements(service) as asked:
        a.sync()
        a.change(notes[0], text="changed")
        a.change(notes[1], text="changed")
        a.sync()
        a.load()
        bucket = Bucket(subject=person, compartment="clinical")
        a.bucket(bucket)
        a.bucket(bucket, "versions")
        a.server_digest(1)
    plans = service.engine.read(lambda transaction: {sql: _plan(transaction, sql) for sql in asked})
    assert len(plans) > 20
    for sql, steps in plans.items():
        for step in steps:
            wide = step.endswith(("(org=?)", "(org=? AND seq>?)")) or step.startswith("SCAN ")
            of_people = any(
                name in step for name in (" rec_seq ", " version_seq ", "_rec_1 ", "_version_1 ", "journal")
            )
            assert not (wide and of_people), f"{sql}\n{step}"


def test_a_push_takes_no_more_statements_for_more_operations(service: Service) -> None:
    a = Laptop(service, "Anna")
    person, notes = _some_work(a)
    a.sync()
    counts = []
    for many in (10, 100):
        for at in range(many):
            a.create("note", person, {"text": f"note {at}"})
        a.change(notes[0], text=f"changed {many}")
        with _statements(service) as asked:
            results = a.push().results
        assert {result.r for result in results} == {"applied"}
        a.pull()
        counts.append(len(asked))
    assert counts[0] == counts[1]


def _some_work(laptop: Laptop) -> tuple[str, list[str]]:
    person = laptop.person("Ellis")
    notes = [laptop.create("note", person, {"text": f"words {at}"}) for at in range(4)]
    laptop.create("address", person, {"line1": "1 High Street"})
    laptop.sync()
    return person, notes


def _everything(laptop: Laptop, limit: int) -> tuple[list[tuple[str, int]], list[tuple[str, int]]]:
    """What a laptop that begins anew is sent, page by page: rows and history, each with its place."""
    laptop.seq, laptop.tok, laptop.history = 0, "", []
    rows = laptop.pull(limit)
    return [(row.id, row.seq) for row in rows], [(version.id, version.rev) for version in laptop.history]


@contextmanager
def _statements(service: Service) -> Iterator[list[str]]:
    """The statements that are asked meanwhile."""
    asked: list[str] = []

    def listening(work: Callable[[Transaction], Any]) -> Callable[[Transaction], Any]:
        return lambda transaction: work(_Listening(transaction, asked))

    engine, read, write = service.engine, service.engine.read, service.engine.write
    engine.read = lambda work: read(listening(work))
    engine.write = lambda work: write(listening(work))
    try:
        yield asked
    finally:
        del engine.read, engine.write


class _Listening:
    def __init__(self, transaction: Transaction, asked: list[str]) -> None:
        self._transaction = transaction
        self._asked = asked

    def __getattr__(self, name: str) -> Callable[..., Any]:
        def ask(sql: str, *values: Any, **more: Any) -> Any:
            self._asked.append(sql)
            return getattr(self._transaction, name)(sql, *values, **more)

        return ask


def _plan(transaction: Transaction, sql: str) -> list[str]:
    joined = sql.format(keys="json_each(?) AS keys CROSS JOIN", key="keys.value") if "{key}" in sql else sql
    return [str(row[3]) for row in transaction.all(f"EXPLAIN QUERY PLAN {joined}", ("[]",) * joined.count("?"))]
