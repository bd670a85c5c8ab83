"""Records of which one stands at a time: consents, alerts, the current plan, amendments of one field (SYNC 3.5).

Each names what it `supersedes`. When two laptops superseded one record offline, two heads are live: an open
conflict, and until a person settles it the most cautious is in force (`domain`, where the rule is about meaning).
Which heads are rivals is `RecordType.head_of` (docs/decisions/0008). Pure; the server asks after each record is
written.
"""

from collections.abc import Iterable, Sequence
from typing import Any, Final

import msgspec

from wellbeing_desktop.domain.correction import SUPERSEDES
from wellbeing_desktop.domain.definition import RecordType
from wellbeing_desktop.domain.operation import Operation
from wellbeing_desktop.sync.clashes import opened_conflict
from wellbeing_desktop.sync.outcome import ConflictWrite, RecordState, Settings

_CURRENT_PLAN_STATES: Final = frozenset({"draft", "agreed"})


def competes(record_type: RecordType | None) -> bool:
    """Can two records of this type be rivals?"""
    return record_type is not None and record_type.head_of is not None


def place_of(record_type: RecordType, body: dict[str, Any]) -> tuple[str, ...] | None:
    """What a record competes for, with its subject: records of one type and place are rivals. None for nothing: a
    plan that is over, or an alert that replaces none and so is a fact of its own."""
    if record_type.head_of is None or (
        record_type.name == "care_plan" and body.get("state") not in _CURRENT_PLAN_STATES
    ):
        return None
    if record_type.head_of == (SUPERSEDES,) and not body.get(SUPERSEDES):
        return None
    return tuple(str(body.get(name) or "") for name in record_type.head_of)


def live_heads(records: Iterable[RecordState], conflicts: Iterable[RecordState] = ()) -> list[RecordState]:
    """The records of one type and subject that nothing live supersedes, in id order. `conflicts` are those about
    them; a settled one takes its loser out."""
    live = [record for record in records if not record.deleted]
    superseded = {record.body.get(SUPERSEDES) for record in live} | set(_losers(conflicts))
    return sorted(
        (record for record in live if record.id not in superseded),
        key=lambda record: record.id,
    )


def head_clash(
    record_type: RecordType,
    written: RecordState,
    records: Sequence[RecordState],
    conflicts: Sequence[RecordState],
    operation: Operation,
    settings: Settings,
) -> ConflictWrite | None:
    """The conflict to open because `written` now stands beside another head, or None.

    `records` are all live ones of its type and subject, `written` among them. The conflict is about the rival that
    stood first; `mine` and `theirs` are the two ids as JSON text. A pair that already has one gets no second, and two
    that both end an alert agree.
    """
    place = place_of(record_type, written.body)
    if place is None:
        return None
    heads = [head for head in live_heads(records, conflicts) if place_of(record_type, head.body) == place]
    if not any(head.id == written.id for head in heads):
        return None
    known = {frozenset(_pair(conflict)) for conflict in conflicts}
    for head in heads:
        if head.id == written.id or frozenset((head.id, written.id)) in known:
            continue
        if head.body.get("ended") and written.body.get("ended"):
            continue
        _rev, author = head.field_rev.get(SUPERSEDES) or next(iter(head.field_rev.values()), (0, ""))
        return opened_conflict(
            operation,
            SUPERSEDES,
            settings,
            base=written.body.get(SUPERSEDES),
            mine=written.id,
            theirs=head.id,
            theirs_author=author,
            theirs_rev=head.rev,
            target_id=head.id,
        )
    return None


def _pair(conflict: RecordState) -> tuple[str, ...]:
    if conflict.body.get("field") != SUPERSEDES:
        return ()
    return tuple(str(_id(conflict.body.get(side))) for side in ("mine", "theirs"))


def _losers(conflicts: Iterable[RecordState]) -> Iterable[str]:
    for conflict in conflicts:
        if conflict.body.get("state") != "settled" or conflict.body.get("field") != SUPERSEDES:
            continue
        kept = _id(conflict.body.get("settled_value"))
        if kept in _pair(conflict):
            yield from (side for side in _pair(conflict) if side != kept)


def _id(text: Any) -> str:
    try:
        return str(msgspec.json.decode(str(text), type=str))
    except msgspec.MsgspecError:
        return ""
