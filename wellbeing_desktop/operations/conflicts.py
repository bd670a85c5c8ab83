"""Settling a clash of edits: the conflict and the record it is about, in one transaction (SYNC 3.5)."""

import datetime as dt
from typing import Any, Final

import msgspec

from wellbeing_desktop.domain.changes import Changes
from wellbeing_desktop.domain.correction import Conflict
from wellbeing_desktop.domain.definition import Kind, Merge, RecordType
from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.domain.registry import RECORD_TYPES
from wellbeing_desktop.domain.wire import from_wire, to_wire
from wellbeing_desktop.operations import found
from wellbeing_desktop.operations.catalogue import doing
from wellbeing_desktop.storage.connection import Writer
from wellbeing_desktop.storage.records import envelope_of
from wellbeing_desktop.storage.write_door import Transaction

MINE: Final = "mine"
THEIRS: Final = "theirs"
BOTH: Final = "both"
OTHER: Final = "other"

# What the merge writes in `field` when the clash is not about one field's value.
_REMOVED: Final = "removed"
_HEADS: Final = "supersedes"


def settle_conflict(
    writer: Writer,
    conflict_id: str,
    choice: str,
    value: Any = None,
    *,
    at: dt.datetime | None = None,
) -> Changes:
    """Keep `mine`, `theirs`, `both` (one after the other, for words) or `other`: a value written afresh.

    A resolution names both versions. If somebody has settled it differently meanwhile, that is a new clash.
    """
    with doing(writer, "settle_conflict", at=at) as tx:
        conflict = found.found(tx.reader, Conflict, conflict_id)
        if conflict.state == "settled":
            raise Refused("This clash is settled already.", "state")
        settled = _settled_value(conflict, choice, value)
        _apply(tx, conflict, settled, choice)
        tx.change(
            Conflict,
            conflict_id,
            {
                "state": "settled",
                "choice": choice,
                "settled_value": _as_text(settled),
                "settled_by": tx.author,
                "settled_at": tx.at,
            },
        )
    return tx.changes


def both_texts(conflict: Conflict) -> str:
    """The two texts one after the other, the one on the record first; equal ones once."""
    theirs, mine = decoded(conflict.theirs) or "", decoded(conflict.mine) or ""
    if not isinstance(theirs, str) or not isinstance(mine, str):
        raise Refused("Only words can be kept one after the other.", "choice")
    if theirs.strip() == mine.strip():
        return theirs
    return "\n\n".join(part for part in (theirs.rstrip(), mine.strip()) if part)


def decoded(text: str) -> Any:
    """A value as a conflict holds it; None for an absent one or what cannot be read."""
    try:
        return msgspec.json.decode(text) if text else None
    except msgspec.DecodeError:
        return None


def _settled_value(conflict: Conflict, choice: str, value: Any) -> Any:
    if choice == MINE:
        return decoded(conflict.mine)
    if choice == THEIRS:
        return decoded(conflict.theirs)
    if conflict.field in (_REMOVED, _HEADS):
        raise Refused("Keep one of the two.", "choice")
    if choice == BOTH:
        record_type = _type_of(conflict)
        if record_type.field(conflict.field).merge not in (Merge.NARRATIVE, Merge.SAFETY):
            raise Refused("Only words can be kept one after the other.", "choice")
        return both_texts(conflict)
    if choice == OTHER:
        if value is None:
            raise Refused("Write what should stand.", "settled_value")
        return to_wire(value)
    raise Refused("Choose what to keep.", "choice")


def _apply(tx: Transaction, conflict: Conflict, settled: Any, choice: str) -> None:
    """Put the settled value on the record."""
    record_type = _type_of(conflict)
    envelope = envelope_of(tx.reader, conflict.target_id)
    if envelope is None:
        raise Refused("The record that this is about is not on this laptop any more.")
    if conflict.field == _HEADS:
        return  # two heads: the settled conflict itself takes the loser out
    if conflict.field == _REMOVED:
        if choice == MINE and not envelope.deleted:
            reason = settled if isinstance(settled, str) else "Removed when settling a clash"
            tx.remove(record_type.struct, conflict.target_id, reason)
        elif choice == THEIRS and envelope.deleted:
            tx.restore(record_type.struct, conflict.target_id)
        return
    field = record_type.field(conflict.field)
    new = field.default if settled is None else from_wire(field.kind, settled)
    if field.kind is Kind.SET and new is None:
        new = ()
    tx.change(record_type.struct, conflict.target_id, {conflict.field: new})


def _type_of(conflict: Conflict) -> RecordType:
    record_type = RECORD_TYPES.get(conflict.target_type)
    if record_type is None or (conflict.field not in (_REMOVED, _HEADS) and not record_type.has_field(conflict.field)):
        raise Refused("This clash is about something that a newer version of the program knows. Update first.")
    return record_type


def _as_text(value: Any) -> str:
    return msgspec.json.encode(value).decode()
