"""Operations that could not be applied, as a desk that people work: seen, decided, never lost (SYNC 3.3, I5).

The raw operation stays in the journal whatever is decided. Content is shown only to those who may see its bucket;
administrators and leads see how many there are, why, and from whom. Operations of one `txn` are decided together.
"""

import datetime as dt
from collections.abc import Sequence
from typing import Any, Final

import msgspec

from wellbeing_desktop.sync.outcome import Mark
from wellbeing_desktop.sync.protocol.oversight import (
    Decided,
    Decision,
    QuarantineCount,
    QuarantinedWork,
    QuarantineState,
)
from wellbeing_desktop.sync.protocol.pushing import operation_hash, read_operation
from wellbeing_desktop.sync.schemas import Schemas
from wellbeing_desktop.sync.server import sql
from wellbeing_desktop.sync.server.engine import Transaction
from wellbeing_desktop.sync.server.history import moment
from wellbeing_desktop.sync.server.journal import Item
from wellbeing_desktop.sync.server.judge import Batch
from wellbeing_desktop.sync.server.rights import right_of
from wellbeing_desktop.sync.server.scope import Scope, Sight, scope_now

LOOKS_AFTER: Final = frozenset({"administrator", "lead", "manager", "owner"})
"""Roles that see counts and reasons of everybody's, and may hand work to somebody."""

UNDECIDED: Final = ("open", "handed", "waiting")
_MOST: Final = 500
_MOST_REASON: Final = 2_000


class _Row(msgspec.Struct, frozen=True):
    dev: str
    n: int
    op_id: str
    txn: str
    subject: str
    kind: str
    compartment: str
    type: str
    author: str
    why: str
    state: str
    at: str
    handed_to: str
    reason: str
    raw: bytes


class Listed(msgspec.Struct, frozen=True):
    items: tuple[QuarantinedWork, ...]
    counts: tuple[QuarantineCount, ...]
    mine: tuple[QuarantineState, ...]


class Reader(msgspec.Struct, frozen=True):
    """Who asks: their laptop, what they may see, what their roles let them look after."""

    device: sql.Device
    scope: Scope
    roles: frozenset[str]

    @property
    def looks_after(self) -> bool:
        return bool(self.roles & LOOKS_AFTER)

    def sees(self, row: _Row) -> bool:
        if not row.kind:
            return False
        try:
            return self.scope.sight(row.kind, row.subject, row.compartment) is Sight.WHOLE
        except ValueError:  # a compartment that there is not
            return False


def reader_of(transaction: Transaction, org: str, device: sql.Device, on: dt.date) -> Reader:
    member = transaction.one(
        "SELECT roles FROM member WHERE org = ? AND id = ? AND state = 'active'", (org, device.user_id)
    )
    roles = frozenset(str(member[0]).split()) if member else frozenset()
    return Reader(device, scope_now(transaction, org, device.user_id, on), roles)


def listed(transaction: Transaction, org: str, reader: Reader, mine: Sequence[int]) -> Listed:
    """What waits for a decision and concerns whoever asks; counts for those who look after all of it; and what has
    become of this laptop's own operations `mine`."""
    items: list[QuarantinedWork] = []
    counts: dict[tuple[str, str], QuarantineCount] = {}
    for row in _rows(transaction, org, "q.state IN ('open', 'handed', 'waiting')", ()):
        if reader.looks_after:
            key = (row.why, row.author)
            known = counts.get(key)
            counts[key] = QuarantineCount(
                why=row.why,
                author=row.author,
                count=(known.count if known else 0) + 1,
                oldest_at=known.oldest_at if known else row.at,
            )
        sees = reader.sees(row)
        is_own = row.author == reader.device.user_id
        if len(items) < _MOST and (sees or is_own or row.handed_to == reader.device.user_id):
            items.append(_shown(row, sees=sees, is_own=is_own))
    return Listed(tuple(items), tuple(counts.values()), _states(transaction, org, reader.device, mine))


def decide(
    transaction: Transaction,
    clock: sql.Clock,
    reader: Reader,
    decision: Decision,
    now: dt.datetime,
    signing_key: bytes,
    schemas: Schemas,
) -> Decided:
    """One decision about one operation and those that stand or fall with it. The clock row is already locked."""
    rows = _group(transaction, clock.org, decision)
    if not rows:
        return Decided(device=decision.device, n=decision.n, state="", refused="not_there")
    refused = _may_not(transaction, clock.org, reader, decision, rows)
    if refused:
        return Decided(device=decision.device, n=decision.n, state=rows[0].state, refused=refused)
    at, by = moment(now), reader.device.user_id
    match decision.what:
        case "apply":
            state, why = _apply(transaction, clock, by, rows, now, signing_key, schemas)
        case "hand":
            state, why = "handed", rows[0].why
        case "set_aside":
            state, why = "set_aside", rows[0].why
        case _:
            state, why = "taken_back", rows[0].why
    for row in rows:
        if decision.what != "apply":
            sql.mark_quarantine(
                transaction, clock.org, row.dev, row.n, state, decision.to if decision.what == "hand" else ""
            )
        sql.note_decision(
            transaction, clock.org, row.dev, row.n, at, by, decision.what, decision.to, decision.reason[:_MOST_REASON]
        )
    return Decided(device=decision.device, n=decision.n, state=state, refused=why if state == "open" else "")


def _apply(
    transaction: Transaction,
    clock: sql.Clock,
    by: str,
    rows: Sequence[_Row],
    now: dt.datetime,
    signing_key: bytes,
    schemas: Schemas,
) -> tuple[str, str]:
    """Judge again under the decider's right. It stays its author's work, marked as decided by somebody else."""
    origin = sql.device(transaction, clock.org, rows[0].dev)
    if origin is None:
        return "open", "not_there"
    right = right_of(transaction, clock.org, by, now.date(), any_author=True)
    items = [
        Item(
            dev=row.dev,
            n=row.n,
            raw=row.raw,
            hash=operation_hash(row.raw),
            operation=read_operation(row.raw),
            is_new=False,
            marks=(str(Mark.DECIDED),) if by != row.author else (),
        )
        for row in rows
    ]
    Batch(transaction, clock, origin, now, signing_key, right, schemas=schemas).decide(items)
    refused = next((item.why for item in items if item.why and item.why != "refused_with_another"), "")
    refused = refused or next((item.why for item in items if item.why), "")
    return ("open", refused) if refused else ("applied", "")


def _may_not(transaction: Transaction, org: str, reader: Reader, decision: Decision, rows: Sequence[_Row]) -> str:
    """Why this decision is not theirs to make, as a stable word; empty if it is."""
    own = all(row.author == reader.device.user_id for row in rows)
    sees = all(reader.sees(row) for row in rows)
    nobody_can = all(not row.kind for row in rows)  # not readable as an operation: there is no bucket to ask about
    match decision.what:
        case "take_back":
            return "" if own else "not_yours"
        case "apply":
            return "" if sees or own else "not_granted"
        case "hand":
            if not (sees or own or reader.looks_after):
                return "not_granted"
            found = transaction.one(
                "SELECT 1 FROM member WHERE org = ? AND id = ? AND state = 'active'", (org, decision.to)
            )
            return "" if found is not None else "no_such_colleague"
        case "set_aside":
            if not decision.reason.strip():
                return "reason_needed"
            return "" if sees or own or (nobody_can and reader.looks_after) else "not_granted"
    return "no_such_decision"


def _group(transaction: Transaction, org: str, decision: Decision) -> list[_Row]:
    """The operation that was named, with those of its transaction that have not been decided either."""
    named = _rows(transaction, org, "q.dev = ? AND q.n = ?", (decision.device, decision.n))
    if not named or named[0].state not in UNDECIDED or not 0 < decision.n < 2**62:
        return []
    if not named[0].txn:
        return named
    return _rows(
        transaction,
        org,
        "q.dev = ? AND q.txn = ? AND q.state IN ('open', 'handed', 'waiting')",
        (decision.device, named[0].txn),
    )


def _rows(transaction: Transaction, org: str, where: str, values: tuple[Any, ...]) -> list[_Row]:
    found = transaction.all(
        "SELECT q.dev, q.n, j.op_id, q.txn, q.subject, q.kind, q.compartment, q.t, q.author, q.why, q.state, q.at, "  # noqa: S608 -- our own three conditions
        "q.handed_to, q.reason, j.raw FROM quarantine q "
        "JOIN journal j ON j.org = q.org AND j.dev = q.dev AND j.n = q.n "
        f"WHERE q.org = ? AND {where} ORDER BY q.at, q.dev, q.n",
        (org, *values),
    )
    return [_row(row) for row in found]


def _row(found: tuple[Any, ...]) -> _Row:
    values: list[Any] = list(found)
    values[2] = values[2] or ""  # an operation id that is none, or came before
    return _Row(*values)


def _states(transaction: Transaction, org: str, device: sql.Device, mine: Sequence[int]) -> tuple[QuarantineState, ...]:
    states = []
    for n in sorted(set(mine))[:_MOST]:
        row = transaction.one(
            "SELECT n, state, why, reason, handed_to FROM quarantine WHERE org = ? AND dev = ? AND n = ?",
            (org, device.dev, n),
        )
        if row is not None:
            states.append(QuarantineState(n=int(row[0]), state=row[1], why=row[2], reason=row[3], handed_to=row[4]))
    return tuple(states)


def _shown(row: _Row, *, sees: bool, is_own: bool) -> QuarantinedWork:
    operation = read_operation(row.raw) if sees else None
    return QuarantinedWork(
        device=row.dev,
        n=row.n,
        op_id=row.op_id,
        at=row.at,
        author=row.author,
        type=row.type,
        why=row.why,
        state=row.state,
        handed_to=row.handed_to,
        is_own=is_own,
        may_apply=sees or is_own,
        subject=row.subject if sees else "",
        content=msgspec.Raw(row.raw) if operation is not None else msgspec.Raw(b"null"),
    )
