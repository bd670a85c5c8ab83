"""Settling a clash of edits: the conflict and the record it is about, in one transaction (SYNC 3.5)."""

import datetime as dt
from typing import Any, Final

import msgspec

from wellbeing_desktop.domain.care_plan import CarePlan
from wellbeing_desktop.domain.changes import Changes
from wellbeing_desktop.domain.correction import REMOVED, SIGNED_AT, SIGNED_BY, SUPERSEDES, Conflict
from wellbeing_desktop.domain.dates import staff_date
from wellbeing_desktop.domain.definition import Kind, Lifecycle, Merge, RecordType
from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.domain.london_time import local_date
from wellbeing_desktop.domain.organisation import Practitioner
from wellbeing_desktop.domain.registry import RECORD_TYPES
from wellbeing_desktop.domain.wire import from_wire, to_wire
from wellbeing_desktop.operations import found
from wellbeing_desktop.operations.allocation import follow_owner, follow_team
from wellbeing_desktop.operations.catalogue import doing
from wellbeing_desktop.storage.conflicts import decoded
from wellbeing_desktop.storage.connection import Reader, Writer
from wellbeing_desktop.storage.effective import load_effective
from wellbeing_desktop.storage.field_rules import absent
from wellbeing_desktop.storage.records import envelope_of, load, load_all
from wellbeing_desktop.storage.write_door import Transaction

MINE: Final = "mine"
THEIRS: Final = "theirs"
BOTH: Final = "both"
OTHER: Final = "other"

_SETTLED: Final = "Settled a clash"


def settle_conflict(
    writer: Writer,
    conflict_id: str,
    choice: str,
    value: Any = None,
    *,
    seen: tuple[str, str] | None = None,
    at: dt.datetime | None = None,
) -> Changes:
    """Keep `mine`, `theirs`, `both` (one after the other, for words) or `other`: a value written afresh.

    `seen` is what the screen showed of (mine, theirs), as the conflict held them: a choice between values that have
    changed since is refused. Where the server knows more than this laptop, it refuses in the same way.
    """
    with doing(writer, "settle_conflict", at=at) as tx:
        conflict = found.found(tx.reader, Conflict, conflict_id)
        if conflict.state == "settled":
            raise Refused(_said_settled(tx.reader, conflict), "state")
        if seen is not None and seen != (conflict.mine, conflict.theirs):
            raise Refused("Somebody has written more since you looked. Read both again, then choose.", "choice")
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


def assign_conflict(
    writer: Writer, conflict_id: str, owner_id: str, due_on: dt.date | None, *, at: dt.datetime | None = None
) -> Changes:
    """Say who settles a clash, and by when."""
    with doing(writer, "assign_conflict", at=at) as tx:
        conflict = found.found(tx.reader, Conflict, conflict_id)
        if conflict.state == "settled":
            raise Refused(_said_settled(tx.reader, conflict), "owner_id")
        if owner_id and load(tx.reader, Practitioner, owner_id) is None:
            raise Refused("Choose somebody who works here.", "owner_id")
        tx.change(Conflict, conflict_id, {"owner_id": owner_id, "due_on": due_on})
    return tx.changes


def reopen_conflict(writer: Writer, conflict_id: str, *, at: dt.datetime | None = None) -> Changes:
    """Take a settlement back: the value that stood before stands again, and the clash waits as it did.

    Refused where the record has moved on since, and where one of two whole records was taken out: what was built on
    that cannot be seen from here.
    """
    with doing(writer, "reopen_conflict", at=at) as tx:
        conflict = found.found(tx.reader, Conflict, conflict_id)
        if conflict.state != "settled":
            raise Refused("This clash is open already.", "state")
        _put_back(tx, conflict)
        tx.change(
            Conflict,
            conflict_id,
            {"state": "open", "choice": "", "settled_value": "", "settled_by": "", "settled_at": None},
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


def _settled_value(conflict: Conflict, choice: str, value: Any) -> Any:
    if choice == MINE:
        return decoded(conflict.mine)
    if choice == THEIRS:
        return decoded(conflict.theirs)
    if conflict.field in (REMOVED, SUPERSEDES):
        raise Refused("Keep one of the two.", "choice")
    if choice == BOTH:
        record_type = _type_of(conflict)
        if record_type.field(conflict.field).merge not in (Merge.NARRATIVE, Merge.SAFETY, Merge.OWNER):
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
    if conflict.field == SUPERSEDES:
        if choice != OTHER:
            _take_out(tx, record_type, conflict.theirs if choice == MINE else conflict.mine)
        return
    if conflict.field == REMOVED:
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
    if record_type.lifecycle is Lifecycle.SIGNED and _is_signed(tx, record_type, conflict.target_id):
        if choice != THEIRS:
            tx.amend(record_type.struct, conflict.target_id, conflict.field, new, _SETTLED)
    elif conflict.field == SIGNED_AT:
        # a signature is one thing with two fields: nobody signs in another's name by settling this
        signer = conflict.mine_author if choice == MINE else ""
        tx.change(record_type.struct, conflict.target_id, {SIGNED_AT: new, SIGNED_BY: signer})
    else:
        tx.change(record_type.struct, conflict.target_id, {conflict.field: new})
    if (conflict.target_type, conflict.field) == ("referral", "allocated_to") and isinstance(new, str):
        # whoever has the referral has the support: the two laptops had each set their own coordinator
        follow_owner(tx, conflict.target_id, conflict.subject, new)
    if (conflict.target_type, conflict.field) == ("referral", "allocated_team") and isinstance(new, str):
        follow_team(tx, conflict.target_id, new)


def _put_back(tx: Transaction, conflict: Conflict) -> None:
    """The reverse of `_apply`, only while what was settled on still stands."""
    record_type = _type_of(conflict)
    envelope = envelope_of(tx.reader, conflict.target_id)
    if envelope is None:
        raise Refused("The record that this is about is not on this laptop any more.")
    if conflict.field in (SUPERSEDES, SIGNED_AT):
        raise Refused("This cannot be opened again: other entries may rest on it. Record what is true now instead.")
    if conflict.field == REMOVED:
        if conflict.choice == MINE and envelope.deleted:
            tx.restore(record_type.struct, conflict.target_id)
        return
    field = record_type.field(conflict.field)
    before, settled = (decoded(text) for text in (conflict.theirs, conflict.settled_value))
    if before == settled:
        return
    is_signed = record_type.lifecycle is Lifecycle.SIGNED and _is_signed(tx, record_type, conflict.target_id)
    record = (load_effective if is_signed else load)(tx.reader, record_type.struct, conflict.target_id)
    if record is None or absent(to_wire(getattr(record, field.name))) != absent(settled):
        raise Refused(f"{field.label} has been changed since, so this clash cannot be opened again.", field.name)
    old = field.default if before is None else from_wire(field.kind, before)
    if is_signed:
        tx.amend(record_type.struct, conflict.target_id, field.name, old, "Opened a clash again")
    else:
        tx.change(
            record_type.struct, conflict.target_id, {field.name: () if old is None and field.kind is Kind.SET else old}
        )


def _said_settled(reader: Reader, conflict: Conflict) -> str:
    """Who settled it meanwhile, and when: what somebody reads who chose a moment later."""
    by = load(reader, Practitioner, conflict.settled_by) if conflict.settled_by else None
    on = f" on {staff_date(local_date(conflict.settled_at))}" if conflict.settled_at else ""
    return f"{by.name if by else 'A colleague'} settled this clash already{on}. It is under Settled, and can be opened again."


def _is_signed(tx: Transaction, record_type: RecordType, id: str) -> bool:
    record = load(tx.reader, record_type.struct, id)
    return record is not None and getattr(record, SIGNED_AT, None) is not None


def _take_out(tx: Transaction, record_type: RecordType, side: str) -> None:
    """The rival that was not kept, and what only it replaced: that would stand again otherwise. A plan is ended, for
    its words are somebody's work; a statement goes, and history keeps it."""
    loser = str(decoded(side) or "")
    record = load(tx.reader, record_type.struct, loser)
    if record is None:
        return
    if isinstance(record, CarePlan):
        tx.change(CarePlan, loser, {"state": "ended"})
        return
    everyone = load_all(tx.reader, record_type.struct, subject=record.subject)
    by_id = {one.id: one for one in everyone}
    while record is not None:
        tx.remove(record_type.struct, record.id, _SETTLED)
        replaced = getattr(record, SUPERSEDES, "")
        del by_id[record.id]
        still = any(getattr(one, SUPERSEDES, "") == replaced for one in by_id.values())
        record = None if still else by_id.get(replaced)


def _type_of(conflict: Conflict) -> RecordType:
    record_type = RECORD_TYPES.get(conflict.target_type)
    if record_type is None or (
        conflict.field not in (REMOVED, SUPERSEDES) and not record_type.has_field(conflict.field)
    ):
        raise Refused("This clash is about something that a newer version of the program knows. Update first.")
    return record_type


def _as_text(value: Any) -> str:
    return msgspec.json.encode(value).decode()
