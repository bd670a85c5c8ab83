"""Two values that wait for a person: the record of type `conflict` that a merge opens, and what it says."""

from typing import Any

from wellbeing_desktop.domain.ids import derived_id
from wellbeing_desktop.domain.operation import Operation
from wellbeing_desktop.domain.wire import canonical
from wellbeing_desktop.sync.outcome import ConflictWrite, RecordState, Settings


def conflict_id(op_id: str, field: str) -> str:
    """The id of the conflict that an operation opens about a field: the same on every machine that replays it."""
    return derived_id(op_id, field)


def as_text(value: Any) -> str:
    """A wire value as a conflict holds it; an absent value is "null"."""
    return canonical(value).decode()


def opened_conflict(
    operation: Operation,
    field: str,
    settings: Settings,
    *,
    base: Any,
    mine: Any,
    theirs: Any,
    theirs_author: str = "",
    theirs_rev: int = 0,
    target_id: str = "",
) -> ConflictWrite:
    """A new conflict about the operation's record, or about `target_id` of the same type."""
    body: dict[str, Any] = {
        "target_type": operation.type,
        "target_id": target_id or operation.id,
        "field": field,
        "base": as_text(base),
        "mine": as_text(mine),
        "mine_author": operation.author,
        "mine_at": operation.at,
        "theirs": as_text(theirs),
        "operations": [operation.op_id],
        "state": "open",
    }
    if settings.device:
        body["mine_device"] = settings.device
    if theirs_author:
        body["theirs_author"] = theirs_author
    if settings.owner_id:
        body["owner_id"] = settings.owner_id
    if settings.due_on:
        body["due_on"] = settings.due_on.isoformat()
    return ConflictWrite(
        id=conflict_id(operation.op_id, field), body=body, patch=body, was={}, is_new=True, theirs_rev=theirs_rev
    )


def written_conflict(held: RecordState | None, write: ConflictWrite, operation: Operation) -> RecordState:
    """The conflict record after a write; `held` is the record before it, None for a new one."""
    rev = held.rev + 1 if held else 1
    stamps = dict.fromkeys(write.patch, (rev, operation.author))
    return RecordState(
        id=write.id,
        type="conflict",
        subject=operation.subject,
        compartment=operation.compartment,
        body=write.body,
        rev=rev,
        field_rev={**(held.field_rev if held else {}), **stamps},
    )
