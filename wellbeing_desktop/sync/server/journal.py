"""What comes in, as it came: each operation numbered, once, its raw bytes kept with what became of it (I2, I3).

An operation whose content cannot be read keeps its place in line like any other; it is quarantined, never lost.
"""

from collections.abc import Sequence
from typing import Any, Final

import msgspec

from wellbeing_desktop.sync.checks import is_id
from wellbeing_desktop.sync.outcome import Verdict
from wellbeing_desktop.sync.protocol.pushing import (
    PushedOperation,
    PushResult,
    number_of,
    operation_hash,
    read_operation,
)
from wellbeing_desktop.sync.protocol.transfer import encode
from wellbeing_desktop.sync.server import sql
from wellbeing_desktop.sync.server.engine import Transaction
from wellbeing_desktop.sync.server.erased import ERASED, hashed
from wellbeing_desktop.sync.server.problems import Forked
from wellbeing_desktop.sync.server.scope import subject_kind_of


class Item(msgspec.Struct):
    """One operation on its way through. `is_new` is False when it has waited in quarantine; `marks` are put beside its
    version in history."""

    dev: str
    n: int
    raw: bytes
    hash: str
    operation: PushedOperation | None
    result: PushResult | None = None
    why: str = ""
    is_new: bool = True
    marks: tuple[str, ...] = ()

    def refuse(self, why: str) -> None:
        """It does not apply: it waits for its record, or for somebody to decide."""
        self.why = why
        self.result = PushResult(
            n=self.n,
            r=str(Verdict.HELD if why in WAITING else Verdict.QUARANTINED),
            op_id=self.operation.op_id if self.operation and is_id(self.operation.op_id) else "",
            h=self.hash,
            why=why,
        )


WAITING: Final = frozenset({"before_creation", "held_with_another"})
"""Reasons that end by themselves, once a record arrives."""


def sorted_out(
    transaction: Transaction, org: str, device: sql.Device, raws: Sequence[bytes]
) -> tuple[list[Item], list[PushResult]]:
    """New operations up to the first gap in their numbers, and the results of those that came before (I3)."""
    first = device.last_n + 1
    items: list[Item] = []
    old: list[Item] = []
    place = first
    for raw in raws:
        operation = read_operation(raw)
        n = operation.n if operation is not None else number_of(raw)
        if n is None or not 1 <= n < 2**62:  # not even a number: its place in line is its number
            n, operation = place, None
        if operation is not None and _has_nul(operation):
            operation = None
        item = Item(dev=device.dev, n=n, raw=raw, hash=operation_hash(raw), operation=operation)
        place = n + 1
        if n < first + len(items):
            old.append(item)
        elif n == first + len(items) or not items:
            items.append(item)
            if n != first + len(items) - 1:
                break
        else:
            break
    return items, _earlier_results(transaction, org, device, old, items)


def _has_nul(operation: PushedOperation) -> bool:
    """A NUL in a name that tables are asked by: PostgreSQL takes none in a text, so it is kept as raw bytes only."""
    names = (operation.op_id, operation.txn, operation.id, operation.type, operation.subject, operation.compartment)
    return "\x00" in "".join((*names, operation.author, operation.at))


def _earlier_results(
    transaction: Transaction, org: str, device: sql.Device, old: Sequence[Item], new: Sequence[Item]
) -> list[PushResult]:
    if not old:
        return []
    known = sql.journalled(transaction, org, device.dev, min(i.n for i in old), max(i.n for i in old))
    in_this_request = {item.n: item.hash for item in new}
    results = []
    for item in old:
        if in_this_request.get(item.n) == item.hash:
            continue
        if item.n not in known or known[item.n][0] != item.hash:
            raise Forked
        first = msgspec.json.decode(known[item.n][1], type=PushResult)
        results.append(msgspec.structs.replace(first, r="duplicate", was_r=first.was_r or first.r))
    return results


def write(transaction: Transaction, org: str, items: Sequence[Item], author: str, at: str) -> None:
    """Journal new items, and note in quarantine those that did not apply. `author` is who signed in on the laptop."""
    sql.write_journal(
        transaction,
        org,
        [
            (
                item.dev,
                item.n,
                _journal_id(item),
                item.hash,
                at,
                item.raw if item.why != ERASED else hashed(item.raw),
                encode(item.result),
                item.result.seq if item.result else 0,
            )
            for item in items
        ],
    )
    refused = [item for item in items if item.why]
    if refused:
        sql.write_quarantine(transaction, org, [_quarantine_row(item, author, at) for item in refused])


def settle(transaction: Transaction, org: str, item: Item) -> None:
    """Note what became of an item that had waited."""
    held = item.result is not None and item.result.r == Verdict.HELD
    state = "waiting" if held else ERASED if item.why == ERASED else "open" if item.why else "applied"
    sql.settle_quarantine(transaction, org, item.dev, item.n, state, item.why, encode(item.result))


def _journal_id(item: Item) -> str | None:
    """The operation's id, unless the journal has it from elsewhere or it is none."""
    if item.operation is None or item.result is None or item.result.r == "duplicate":
        return None
    return item.operation.op_id if is_id(item.operation.op_id) else None


def _quarantine_row(item: Item, author: str, at: str) -> tuple[Any, ...]:
    operation = item.operation
    place = operation if operation is not None and is_id(operation.id) and is_id(operation.subject) else None
    return (
        item.dev,
        item.n,
        operation.id if operation and is_id(operation.id) else "",
        operation.txn if operation and is_id(operation.txn) else "",
        place.subject if place else "",
        str(subject_kind_of(place.type, place.patch)) if place else "",
        place.compartment[:20].replace("\0", "") if place else "",
        place.type[:64].replace("\0", "") if place else "",
        author,
        item.why,
        "waiting" if item.why in WAITING else ERASED if item.why == ERASED else "open",
        at,
    )
