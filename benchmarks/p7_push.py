"""P7: a push of 1,000 edits to durable on PostgreSQL, against the bare statements that lay the same rows down.

The reference moves the counter row, then writes 1,000 rows each to the journal, the records and the versions, in
batches of the same size with the same `synchronous_commit`. It reads nothing, merges nothing, checks no rights.
"""

import datetime as dt
import itertools
import secrets
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec

from benchmarks.measure import Measured, paired, seconds
from benchmarks.practice import practice_rows
from benchmarks.serving import private_postgres
from benchmarks.stores import fill_server
from wellbeing_desktop.domain.ids import new_id
from wellbeing_desktop.domain.operation import OperationKind
from wellbeing_desktop.storage.records import StoredRow
from wellbeing_desktop.sync.protocol.pushing import PushedOperation, PushRequest
from wellbeing_desktop.sync.protocol.signing_in import PairRequest
from wellbeing_desktop.sync.protocol.transfer import encode
from wellbeing_desktop.sync.server import history, members, sql
from wellbeing_desktop.sync.server.engine import Transaction
from wellbeing_desktop.sync.server.exchange import Exchange
from wellbeing_desktop.sync.server.organisations import new_organisation
from wellbeing_desktop.sync.server.postgres_engine import PostgresEngine
from wellbeing_desktop.sync.server.service import Service
from wellbeing_desktop.sync.server.signing_in import SigningIn


def run(quick: bool = False) -> Iterator[Measured]:
    edits, batch, rounds = (100, 50, 1) if quick else (1_000, 500, 7)
    with _postgres() as engine:
        service = Service(engine, new_organisation(engine, "Bench", history.server_now()))
        people = [row for row in practice_rows(edits, new_id()) if row.type == "person"]
        fill_server(service, iter(people))
        laptop = _Laptop(service)
        turn = itertools.count(1)

        def ours() -> float:
            requests = laptop.edits(people, batch, f"Dr Ahmed {next(turn)}")

            def push() -> None:
                for request in requests:
                    reply = Exchange(service).push(laptop.device, request)
                    assert {str(result.r) for result in reply["results"]} == {"applied"}

            return seconds(push)

        def reference() -> float:
            batches = _rows_of_a_push(service, batch)
            return seconds(
                lambda: [engine.write(lambda t, rows=rows: _lay_down(t, service.org, rows)) for rows in batches]
            )

        ours()  # the reference copies the rows that a push laid down
        mine, theirs = paired(ours, reference, rounds=rounds)
    yield Measured(
        id="P7",
        what=f"push of {edits:,} edits to durable on PostgreSQL, {batch} a request",
        reference_is="bare counter row, journal, record and version inserts of the same",
        unit="s",
        ours=mine,
        reference=theirs,
        reach=2.0,
        rounds=rounds,
    )


class _Laptop:
    """One laptop of somebody who may change everybody."""

    def __init__(self, service: Service) -> None:
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

        self.user = members.add_member(service, "Bench", ("owner",))
        code, _ends = members.invite(service, self.user, approved=True)
        public = Ed25519PrivateKey.generate().public_key().public_bytes_raw().hex()
        reply = SigningIn(service).pair(PairRequest(code=code, public_key=public, name="Bench"))
        self.device: str = reply["device"]
        self._epoch: str = reply["epoch"]
        self._n = itertools.count(1)
        self._was = ""
        self._revision = 1

    def edits(self, people: list[StoredRow], batch: int, value: str) -> list[PushRequest]:
        """One field of everybody, as changed from what the last push left there."""
        raw = [
            msgspec.Raw(
                encode(
                    PushedOperation(
                        n=next(self._n),
                        op_id=new_id(),
                        txn=new_id(),
                        id=person.id,
                        type="person",
                        subject=person.subject,
                        compartment=person.compartment,
                        kind=OperationKind.CHANGE,
                        author=self.user,
                        at="2026-11-21T09:00:00.000000Z",
                        base=self._revision,
                        patch={"usual_gp": value},
                        was={"usual_gp": self._was or None},
                    )
                )
            )
            for person in people
        ]
        self._was = value
        self._revision += 1
        return [
            PushRequest(device=self.device, epoch=self._epoch, ops=tuple(raw[start : start + batch]))
            for start in range(0, len(raw), batch)
        ]


_TABLES = ("journal", "rec", "version")
Rows = dict[str, list[tuple[Any, ...]]]


def _rows_of_a_push(service: Service, batch: int) -> list[Rows]:
    """The last operations' own rows with new keys, ready to be written."""
    device = secrets.token_hex(16)

    def work(transaction: Transaction) -> list[Rows]:
        journal = transaction.all(
            "SELECT org, n, hash, received_at, raw, result, seq FROM journal WHERE org = ? AND received_at <> '' ORDER BY seq DESC, n DESC LIMIT ?",
            (service.org, batch * 2),
        )
        records = transaction.all(
            "SELECT org, id, t, subject, kind, compartment, about, seq, rev, del, h, body, field_rev, due_on, watch_at FROM rec"
            " WHERE org = ? AND t = 'person' ORDER BY id LIMIT ?",
            (service.org, batch * 2),
        )
        versions = transaction.all(
            "SELECT org, id, seq, t, subject, kind, compartment, dev, n, body FROM version WHERE org = ? AND t = 'person' AND rev < 1000000"
            " ORDER BY seq DESC LIMIT ?",
            (service.org, batch * 2),
        )
        revision = 1_000_000 + secrets.randbelow(1_000_000_000)
        made: list[Rows] = []
        for start in range(0, batch * 2, batch):
            part = slice(start, start + batch)
            made.append(
                {
                    "journal": [
                        (row[0], device, start + at, new_id(), *row[2:]) for at, row in enumerate(journal[part])
                    ],
                    "rec": [tuple(row) for row in records[part]],
                    "version": [(*row[:2], revision, *row[2:]) for row in versions[part]],
                }
            )
        return made

    return service.engine.read(work)


def _lay_down(transaction: Transaction, org: str, rows: Rows) -> None:
    count = len(rows["rec"])
    moved = transaction.one(
        "UPDATE org_clock SET seq = seq + ?, tok = ? WHERE org = ? RETURNING seq", (count, secrets.token_hex(8), org)
    )
    assert moved is not None
    first = int(moved[0]) - count + 1
    transaction.many(
        "INSERT INTO journal (org, dev, n, op_id, hash, received_at, raw, result, seq) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        rows["journal"],
    )
    transaction.many(sql._WRITE_RECORD, [(*row[:7], first + at, *row[8:]) for at, row in enumerate(rows["rec"])])
    transaction.many(
        "INSERT INTO version (org, id, rev, seq, t, subject, kind, compartment, dev, n, body) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        rows["version"],
    )
    transaction.run(
        "INSERT INTO commit_log (org, seq, tok, at) VALUES (?, ?, ?, ?)",
        (org, moved[0], secrets.token_hex(8), dt.datetime.now(dt.UTC).isoformat()),
    )


@contextmanager
def _postgres() -> Iterator[PostgresEngine]:
    """A private PostgreSQL on a socket of its own."""
    with tempfile.TemporaryDirectory(prefix="wb-") as folder, private_postgres(Path(folder)) as uri:
        engine = PostgresEngine(uri, create=True)
        yield engine
        engine.close()
