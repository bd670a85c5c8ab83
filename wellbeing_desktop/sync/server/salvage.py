"""After a restore: rows that laptops hold and this server lost (SYNC 3.7).

Whoever wrote them is waited for: their own laptop sends the operations again. What nobody has brought after fourteen
days is put before those who may see it, who decide as about any work that was not applied. Until then it is kept.
"""

import datetime as dt
import hashlib
import uuid
from collections.abc import Sequence
from typing import Any, Final

import msgspec

from wellbeing_desktop.domain.operation import OperationKind
from wellbeing_desktop.domain.wire import canonical
from wellbeing_desktop.sync.checks import is_id
from wellbeing_desktop.sync.protocol.pulling import Version
from wellbeing_desktop.sync.protocol.pushing import PushedOperation, PushResult, operation_hash, read_operation
from wellbeing_desktop.sync.protocol.restoring import SalvageRow
from wellbeing_desktop.sync.protocol.transfer import encode
from wellbeing_desktop.sync.server import journal, sql
from wellbeing_desktop.sync.server.engine import Transaction
from wellbeing_desktop.sync.server.erased import erased_among
from wellbeing_desktop.sync.server.history import moment
from wellbeing_desktop.sync.server.scope import Scope, Sight, subject_kind_of

SALVAGE_DEVICE: Final = "salvage"
WAIT_DAYS: Final = 14
MOST_ROWS: Final = 500
_WHY: Final = "salvaged"


def take(
    transaction: Transaction,
    org: str,
    device: sql.Device,
    scope: Scope,
    rows: Sequence[SalvageRow],
    now: dt.datetime,
) -> int:
    """Keep what a laptop offers, once whoever brings it; answers how many were new. The clock row is locked.

    Rows that the laptop's person may not see whole, and those that cannot be read, are passed over.
    """
    line = _line(transaction, org, now)
    items: list[journal.Item] = []
    for row in rows[:MOST_ROWS]:
        if not is_id(row.id) or not is_id(row.subject) or not _sees(scope, row):
            continue
        op_id = _same_for_all(row)
        operation = PushedOperation(
            n=line.last_n + len(items) + 1,
            op_id=op_id,
            txn=op_id,
            id=row.id,
            type=row.type,
            subject=row.subject,
            compartment=row.compartment,
            kind=OperationKind.CREATE,
            author=device.user_id,
            at=moment(now),
            patch=row.body,
        )
        raw = encode(operation)
        item = journal.Item(dev=SALVAGE_DEVICE, n=operation.n, raw=raw, hash=operation_hash(raw), operation=operation)
        item.refuse(_WHY)
        items.append(item)
    known = sql.journalled_operations(transaction, org, [item.operation.op_id for item in items if item.operation])
    gone = erased_among(transaction, org, {item.operation.subject for item in items if item.operation})
    fresh = [
        item
        for item in items
        if item.operation and item.operation.op_id not in known and item.operation.subject not in gone
    ]
    fresh = [_renumbered(item, line.last_n + place) for place, item in enumerate(fresh, 1)]
    if fresh:
        journal.write(transaction, org, fresh, device.user_id, moment(now))
        for item in fresh:
            sql.mark_quarantine(transaction, org, item.dev, item.n, _WHY)
        sql.touch_device(transaction, org, SALVAGE_DEVICE, fresh[-1].n, moment(now), 1)
    return len(fresh)


def release(transaction: Transaction, org: str, now: dt.datetime) -> int:
    """Put before people what nobody has brought in time; settle what has come. Answers how many need somebody."""
    sql.locked_clock(transaction, org)
    rows = transaction.all(
        "SELECT q.n, j.raw FROM quarantine q JOIN journal j ON j.org = q.org AND j.dev = q.dev AND j.n = q.n "
        "WHERE q.org = ? AND q.dev = ? AND q.state = ? AND q.at < ? ORDER BY q.n",
        (org, SALVAGE_DEVICE, _WHY, moment(now - dt.timedelta(days=WAIT_DAYS))),
    )
    needed = 0
    for n, raw in rows:
        operation = read_operation(bytes(raw))
        lacks = operation is not None and _lacks(transaction, org, operation)
        sql.mark_quarantine(transaction, org, SALVAGE_DEVICE, int(n), "open" if lacks else "applied")
        needed += lacks
    return needed


def common_place(transaction: Transaction, org: str, places: Sequence[tuple[int, str]]) -> int:
    """The last place of a laptop's that is in this history too; -1 if none is."""
    for seq, tok in sorted(set(places), reverse=True):
        commit = sql.commit_containing(transaction, org, seq)
        if commit is not None and commit[1] == tok:
            return seq
    return -1


def _lacks(transaction: Transaction, org: str, operation: PushedOperation) -> bool:
    """Is there a value in it that the server has neither on the record nor in its history?"""
    stored = sql.records(transaction, org, [operation.id]).get(operation.id)
    if stored is None:
        return True
    said: dict[str, list[Any]] = {}
    for (body,) in transaction.all("SELECT body FROM version WHERE org = ? AND id = ?", (org, operation.id)):
        version = msgspec.json.decode(body, type=Version)
        for values in (version.patch, version.was, version.kept):
            for name, value in values.items():
                said.setdefault(name, []).append(value)
    return any(
        stored.state.body.get(name) != value and value not in said.get(name, ())
        for name, value in operation.patch.items()
    )


def _sees(scope: Scope, row: SalvageRow) -> bool:
    try:
        kind = subject_kind_of(row.type, row.body)
        return scope.sight(str(kind), row.subject, row.compartment) is Sight.WHOLE
    except ValueError:  # a compartment that there is not
        return False


def _same_for_all(row: SalvageRow) -> str:
    """An operation id that every laptop with this row comes to, so that two hundred of them offer it once."""
    content = canonical({"id": row.id, "rev": row.rev, "body": row.body})
    raw = bytearray(hashlib.blake2b(b"salvage " + content, digest_size=16).digest())
    raw[6] = raw[6] & 0x0F | 0x80
    raw[8] = raw[8] & 0x3F | 0x80
    return str(uuid.UUID(bytes=bytes(raw)))


def _renumbered(item: journal.Item, n: int) -> journal.Item:
    assert item.operation is not None
    operation = msgspec.structs.replace(item.operation, n=n)
    raw = encode(operation)
    result = msgspec.structs.replace(item.result, n=n) if isinstance(item.result, PushResult) else None
    return msgspec.structs.replace(item, n=n, raw=raw, hash=operation_hash(raw), operation=operation, result=result)


def _line(transaction: Transaction, org: str, now: dt.datetime) -> sql.Device:
    """The numbered line that salvaged rows stand in, beside those of laptops."""
    found = sql.device(transaction, org, SALVAGE_DEVICE)
    if found is None:
        transaction.run(
            "INSERT INTO device (org, dev, user_id, name, public_key, last_n, last_seen, state, schema, paired_at) "
            "VALUES (?, ?, ?, 'salvage', '', 0, ?, 'server', 1, ?)",
            (org, SALVAGE_DEVICE, org, moment(now), moment(now)),
        )
        found = sql.device(transaction, org, SALVAGE_DEVICE)
    assert found is not None
    return found
