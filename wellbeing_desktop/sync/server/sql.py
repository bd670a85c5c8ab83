"""Every statement of the sync path, once for both engines. `?` marks a value; names never come from outside.

`+seq` and `NOT id <= ?` keep a planner from the index of that column where another column names a few rows: without
statistics, which the file does not keep, SQLite reads everything that came since instead.
"""

from collections.abc import Iterable, Sequence
from typing import Any, Final

import msgspec

from wellbeing_desktop.sync.outcome import RecordState
from wellbeing_desktop.sync.protocol.pulling import Row
from wellbeing_desktop.sync.server.engine import Transaction


class Clock(msgspec.Struct):
    """The organisation's row: where its history stands."""

    org: str
    epoch: str
    seq: int
    tok: str
    backed_up_seq: int


class Device(msgspec.Struct, frozen=True):
    dev: str
    user_id: str
    name: str
    public_key: str
    last_n: int
    last_seen: str
    state: str
    schema: int


class Stored(msgspec.Struct, frozen=True):
    """A record as stored: its state, and the sequence number of its last change."""

    state: RecordState
    seq: int


class RecordRow(msgspec.Struct, frozen=True):
    """Everything that the table `rec` holds about a record, ready to be written."""

    id: str
    t: str
    subject: str
    kind: str
    compartment: str
    about: str
    seq: int
    rev: int
    deleted: bool
    h: bytes
    body: bytes
    field_rev: bytes
    due_on: str = ""
    """The local date of an appointment that is still booked: what is due, for the register."""
    watch_at: str = ""
    """When the record's clock runs out, for the watch; see domain/watching.py."""


_CLOCK: Final = "org, epoch, seq, tok, backed_up_seq"
_DEVICE: Final = "dev, user_id, name, public_key, last_n, last_seen, state, schema"


def locked_clock(transaction: Transaction, org: str) -> Clock:
    """The clock row, held until commit: the next sequence number cannot be given out before this one is visible (I4).

    The first statement of every transaction that writes; lock order is clock, device, records by id.
    """
    row = transaction.one(f"UPDATE org_clock SET seq = seq WHERE org = ? RETURNING {_CLOCK}", (org,))  # noqa: S608 -- a constant column list
    if row is None:
        raise LookupError("no such organisation")
    return Clock(*row)


def clock(transaction: Transaction, org: str) -> Clock:
    row = transaction.one(f"SELECT {_CLOCK} FROM org_clock WHERE org = ?", (org,))  # noqa: S608 -- likewise
    if row is None:
        raise LookupError("no such organisation")
    return Clock(*row)


def move_clock(transaction: Transaction, org: str, seq: int, tok: str, at: str) -> None:
    """A commit that changed something: its last sequence number and its token."""
    transaction.run("UPDATE org_clock SET seq = ?, tok = ? WHERE org = ?", (seq, tok, org))
    transaction.run("INSERT INTO commit_log (org, seq, tok, at) VALUES (?, ?, ?, ?)", (org, seq, tok, at))


def set_epoch(transaction: Transaction, org: str, epoch: str) -> None:
    transaction.run("UPDATE org_clock SET epoch = ? WHERE org = ?", (epoch, org))


def set_backed_up(transaction: Transaction, org: str, seq: int) -> None:
    transaction.run("UPDATE org_clock SET backed_up_seq = ? WHERE org = ? AND backed_up_seq < ?", (seq, org, seq))


def commit_containing(transaction: Transaction, org: str, seq: int) -> tuple[int, str, str] | None:
    """Last sequence number, token and time of the commit that `seq` is in; None if there is none."""
    row = transaction.one(
        "SELECT seq, tok, at FROM commit_log WHERE org = ? AND seq >= ? ORDER BY seq LIMIT 1", (org, seq)
    )
    return None if row is None else (int(row[0]), str(row[1]), str(row[2]))


def device(transaction: Transaction, org: str, dev: str) -> Device | None:
    row = transaction.one(f"SELECT {_DEVICE} FROM device WHERE org = ? AND dev = ?", (org, dev))  # noqa: S608 -- likewise
    return None if row is None else Device(*row)


def touch_device(transaction: Transaction, org: str, dev: str, last_n: int, at: str, schema: int) -> None:
    transaction.run(
        "UPDATE device SET last_n = ?, last_seen = ?, schema = ? WHERE org = ? AND dev = ?",
        (last_n, at, schema, org, dev),
    )


def records(transaction: Transaction, org: str, ids: Iterable[str]) -> dict[str, Stored]:
    """Records by id; those that are not there are left out."""
    statement = "SELECT r.seq, r.body, r.field_rev FROM {keys} rec r WHERE r.org = ? AND r.id = {key}"
    return _stored(_keyed(transaction, statement, org, ids))


def bodies(transaction: Transaction, org: str, ids: Iterable[str]) -> dict[str, bytes]:
    """The bodies of records by id."""
    statement = "SELECT r.id, r.body FROM {keys} rec r WHERE r.org = ? AND r.id = {key}"
    return dict(_keyed(transaction, statement, org, ids))


def bodies_at(transaction: Transaction, org: str, table: str, seqs: Iterable[int]) -> dict[tuple[str, int], bytes]:
    """The bodies of records or versions at these places, by id and revision."""
    statement = f"SELECT t.id, t.rev, t.body FROM {{keys}} {table} t WHERE t.org = ? AND t.seq = {{key}}"  # noqa: S608 -- our words
    return {(id, rev): body for id, rev, body in _keyed(transaction, statement, org, seqs)}


def records_about(transaction: Transaction, org: str, ids: Iterable[str]) -> dict[str, Stored]:
    """Conflicts and amendments about these records, by their own id."""
    statement = (
        "SELECT r.seq, r.body, r.field_rev FROM {keys} rec r WHERE r.org = ? AND r.about <> '' AND r.about = {key}"
    )
    return _stored(_keyed(transaction, statement, org, ids))


def records_of(transaction: Transaction, org: str, subject: str, type_name: str) -> dict[str, Stored]:
    """All of a subject's records of one type."""
    return _stored(
        transaction.all(
            "SELECT seq, body, field_rev FROM rec WHERE org = ? AND subject = ? AND t = ?", (org, subject, type_name)
        )
    )


def records_of_type(transaction: Transaction, org: str, type_name: str) -> dict[str, Stored]:
    """All records of a type that is an organisation's own: teams, grants. Never of people."""
    return _stored(
        transaction.all(
            "SELECT seq, body, field_rev FROM rec WHERE org = ? AND kind <> 'person' AND t = ?", (org, type_name)
        )
    )


def restricted_now(transaction: Transaction, org: str) -> frozenset[str]:
    """The people whose whole record is restricted."""
    rows = transaction.all("SELECT subject FROM restricted WHERE org = ? AND seq_out = 0", (org,))
    return frozenset(str(subject) for (subject,) in rows)


def restricted_then(transaction: Transaction, org: str, seq: int) -> frozenset[str]:
    """As it stood at `seq`."""
    rows = transaction.all(
        "SELECT subject FROM restricted WHERE org = ? AND seq_in <= ? AND (seq_out = 0 OR seq_out > ?)", (org, seq, seq)
    )
    return frozenset(str(subject) for (subject,) in rows)


def restricted_moved(transaction: Transaction, org: str) -> int:
    """The sequence number at which somebody's record was last restricted, or its restriction lifted."""
    row = transaction.one("SELECT MAX(seq_in), MAX(seq_out) FROM restricted WHERE org = ?", (org,))
    return max(int(row[0] or 0), int(row[1] or 0)) if row else 0


def note_restricted(transaction: Transaction, org: str, subject: str, seq: int, *, restricted: bool) -> None:
    """Somebody's whole record is restricted from `seq` on, or is not any more."""
    if restricted:
        transaction.run(
            "INSERT INTO restricted (org, subject, seq_in, seq_out) VALUES (?, ?, ?, 0)", (org, subject, seq)
        )
    else:
        transaction.run(
            "UPDATE restricted SET seq_out = ? WHERE org = ? AND subject = ? AND seq_out = 0", (seq, org, subject)
        )


_WRITE_RECORD: Final = """
INSERT INTO rec (org, id, t, subject, kind, compartment, about, seq, rev, del, h, body, field_rev, due_on, watch_at)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (org, id) DO UPDATE SET seq = excluded.seq, rev = excluded.rev, del = excluded.del, h = excluded.h,
    body = excluded.body, field_rev = excluded.field_rev, due_on = excluded.due_on,
    watch_at = excluded.watch_at
"""


def write_records(transaction: Transaction, org: str, rows: Sequence[RecordRow]) -> None:
    """Insert or replace, in id order (the lock order)."""
    transaction.insert(
        _WRITE_RECORD,
        [
            (
                org,
                row.id,
                row.t,
                row.subject,
                row.kind,
                row.compartment,
                row.about,
                row.seq,
                row.rev,
                int(row.deleted),
                row.h,
                row.body,
                row.field_rev,
                row.due_on,
                row.watch_at,
            )
            for row in sorted(rows, key=lambda row: row.id)
        ],
    )


def write_versions(transaction: Transaction, org: str, rows: Sequence[tuple[Any, ...]]) -> None:
    """Rows of id, rev, seq, t, subject, kind, compartment, dev, n, body."""
    transaction.insert(
        "INSERT INTO version (org, id, rev, seq, t, subject, kind, compartment, dev, n, body) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [(org, *row) for row in rows],
    )


def version_written(transaction: Transaction, org: str, id: str, rev: int) -> bytes | None:
    row = transaction.one("SELECT body FROM version WHERE org = ? AND id = ? AND rev = ?", (org, id, rev))
    return None if row is None else bytes(row[0])


def write_journal(transaction: Transaction, org: str, rows: Sequence[tuple[Any, ...]]) -> None:
    """Rows of dev, n, op_id, hash, received_at, raw, result, seq."""
    transaction.insert(
        "INSERT INTO journal (org, dev, n, op_id, hash, received_at, raw, result, seq) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [(org, *row) for row in rows],
    )


def journalled(transaction: Transaction, org: str, dev: str, first: int, last: int) -> dict[int, tuple[str, bytes]]:
    """Hash and result of a laptop's operations by number, both ends included."""
    rows = transaction.all(
        "SELECT n, hash, result FROM journal WHERE org = ? AND dev = ? AND n BETWEEN ? AND ?", (org, dev, first, last)
    )
    return {int(n): (str(hash), bytes(result)) for n, hash, result in rows}


def journalled_operations(transaction: Transaction, org: str, op_ids: Iterable[str]) -> dict[str, bytes]:
    """Results by operation id, whichever laptop brought it."""
    statement = "SELECT j.op_id, j.result FROM {keys} journal j WHERE j.org = ? AND j.op_id = {key}"
    rows = _keyed(transaction, statement, org, op_ids)
    return {str(op_id): bytes(result) for op_id, result in rows}


def write_quarantine(transaction: Transaction, org: str, rows: Sequence[tuple[Any, ...]]) -> None:
    """Rows of dev, n, id, txn, subject, kind, compartment, t, author, why, state, at."""
    transaction.insert(
        "INSERT INTO quarantine (org, dev, n, id, txn, subject, kind, compartment, t, author, why, state, at) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [(org, *row) for row in rows],
    )


def waiting(transaction: Transaction, org: str, ids: Iterable[str]) -> list[tuple[str, int, bytes]]:
    """Laptop, number and bytes of operations that wait for these records, and of those that came with them."""
    statement = "SELECT q.dev, q.txn FROM {keys} quarantine q WHERE q.org = ? AND q.state = 'waiting' AND q.id = {key}"
    groups = dict.fromkeys(_keyed(transaction, statement, org, ids))
    found = []
    for dev, txn in groups:
        found += transaction.all(
            "SELECT j.dev, j.n, j.raw FROM quarantine q JOIN journal j ON j.org = q.org AND j.dev = q.dev AND j.n = q.n "
            "WHERE q.org = ? AND q.dev = ? AND q.txn = ? AND q.state = 'waiting' ORDER BY j.n",
            (org, dev, txn),
        )
    return [(str(dev), int(n), bytes(raw)) for dev, n, raw in found]


def settle_quarantine(
    transaction: Transaction, org: str, dev: str, n: int, state: str, why: str, result: bytes
) -> None:
    transaction.run(
        "UPDATE quarantine SET state = ?, why = ? WHERE org = ? AND dev = ? AND n = ?", (state, why, org, dev, n)
    )
    transaction.run("UPDATE journal SET result = ? WHERE org = ? AND dev = ? AND n = ?", (result, org, dev, n))


def any_file_wanted(transaction: Transaction, org: str) -> bool:
    return transaction.one("SELECT 1 FROM blob WHERE org = ? AND state = 'wanted' LIMIT 1", (org,)) is not None


def mark_quarantine(transaction: Transaction, org: str, dev: str, n: int, state: str, handed_to: str = "") -> None:
    transaction.run(
        "UPDATE quarantine SET state = ?, handed_to = ? WHERE org = ? AND dev = ? AND n = ?",
        (state, handed_to, org, dev, n),
    )


def note_decision(
    transaction: Transaction, org: str, dev: str, n: int, at: str, by: str, what: str, to: str, reason: str
) -> None:
    """Who decided what about a quarantined operation: never changed, never removed."""
    row = transaction.one(
        "SELECT COALESCE(MAX(number), 0) + 1 FROM decision WHERE org = ? AND dev = ? AND n = ?", (org, dev, n)
    )
    transaction.run(
        "INSERT INTO decision (org, dev, n, number, at, by_user, what, to_user, reason) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (org, dev, n, int(row[0]) if row else 1, at, by, what, to, reason),
    )
    if reason:
        transaction.run("UPDATE quarantine SET reason = ? WHERE org = ? AND dev = ? AND n = ?", (reason, org, dev, n))


def _keyed(transaction: Transaction, sql: str, org: str, keys: Iterable[str | int]) -> list[tuple[Any, ...]]:
    wanted = list(dict.fromkeys(keys))
    return transaction.keyed(sql, (org,), wanted) if wanted else []


def _stored(rows: Iterable[tuple[Any, ...]]) -> dict[str, Stored]:
    found = {}
    for seq, body, field_rev in rows:
        state = read_state(body, field_rev)
        found[state.id] = Stored(state, int(seq))
    return found


_row_reader: Final = msgspec.json.Decoder(Row)
_stamp_reader: Final = msgspec.json.Decoder(dict[str, tuple[int, str]])


def read_state(body: bytes, field_rev: bytes) -> RecordState:
    """A record's state from its two stored columns."""
    row = _row_reader.decode(body)
    return RecordState(
        id=row.id,
        type=row.type,
        subject=row.subject,
        compartment=row.compartment,
        body=row.body,
        rev=row.rev,
        deleted=row.deleted,
        field_rev=_stamp_reader.decode(field_rev),
    )
