"""What becomes of a record when an operation reaches it: SYNC 3.5, as one pure function.

The server judges with it; the laptop replays its pending operations over the server's state with it, so that what a
coordinator sees offline is what the server will make of it. Nothing that a person typed is dropped: a value is
current, or in a version, or in an open conflict, or the operation is quarantined whole.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from wellbeing_desktop.domain.correction import REMOVED
from wellbeing_desktop.domain.definition import Merge, RecordType
from wellbeing_desktop.domain.operation import Operation, OperationKind
from wellbeing_desktop.sync.checks import Malformed, check_envelope, checked_patch, checked_was
from wellbeing_desktop.sync.clashes import opened_conflict
from wellbeing_desktop.sync.merge_fields import FieldMerge, is_absent, latest_of_others
from wellbeing_desktop.sync.outcome import Mark, Outcome, RecordState, Settings, Verdict, quarantined


def apply(
    record_type: RecordType | None,
    state: RecordState | None,
    operation: Operation,
    conflicts: Sequence[RecordState] = (),
    settings: Settings | None = None,
) -> Outcome:
    """Judge one operation. `conflicts` are the open conflicts about this record; `record_type` is None for a type
    that this version does not know, which is kept raw. Never raises for anything in the operation."""
    try:
        check_envelope(operation, record_type)
        patch = checked_patch(operation, record_type)
        was = checked_was(operation, record_type)
    except Malformed as malformed:
        return quarantined(state, malformed.why)
    except RecursionError:
        return quarantined(state, "too_deep")
    if state is not None and (state.type, state.subject, state.compartment) != (
        operation.type,
        operation.subject,
        operation.compartment,
    ):
        return quarantined(state, "another_record")
    if state is None:
        if operation.kind is not OperationKind.CREATE:
            return Outcome(verdict=Verdict.HELD, state=None, why="before_creation")
        return _created(operation, patch)
    match operation.kind:
        case OperationKind.REMOVE:
            return _removed(state, operation, patch, conflicts, settings or Settings())
        case OperationKind.RESTORE:
            return _restored(state, operation)
        case OperationKind.CREATE:
            if _is_made_again(record_type, state, patch):
                return Outcome(verdict=Verdict.APPLIED, state=state)
            patch = {name: {"add": value} if _is_set(record_type, name) else value for name, value in patch.items()}
    return FieldMerge(record_type, state, operation, patch, was, conflicts, settings or Settings()).judged()


def _is_made_again(record_type: RecordType | None, state: RecordState, patch: Mapping[str, Any]) -> bool:
    """Made by one rule on two laptops, under one id. Nobody typed it: what became of the first since then stands."""
    name = record_type.made_by if record_type is not None else ""
    return bool(name and patch.get(name)) and state.body.get(name) == patch[name]


def _is_set(record_type: RecordType | None, name: str) -> bool:
    return record_type is not None and record_type.has_field(name) and record_type.field(name).merge is Merge.SET


def _created(operation: Operation, patch: Mapping[str, Any]) -> Outcome:
    if operation.type == "conflict":
        return quarantined(None, "made_by_merge")
    body = {name: value for name, value in patch.items() if not is_absent(value)}
    stamp = (1, operation.author)
    state = RecordState(
        id=operation.id,
        type=operation.type,
        subject=operation.subject,
        compartment=operation.compartment,
        body=body,
        rev=1,
        field_rev=dict.fromkeys(body, stamp),
    )
    return Outcome(verdict=Verdict.APPLIED, state=state, patch=body)


def _removed(
    state: RecordState,
    operation: Operation,
    patch: dict[str, Any],
    conflicts: Sequence[RecordState],
    settings: Settings,
) -> Outcome:
    rev, author = state.rev + 1, operation.author
    if operation.type == "conflict":
        return quarantined(state, "made_by_merge")
    if state.deleted:  # both removed it: agreed; the second reason is kept in history
        if not patch:
            return Outcome(verdict=Verdict.APPLIED, state=state)
        return Outcome(verdict=Verdict.APPLIED, state=msgspec.structs.replace(state, rev=rev), kept=patch)
    last_rev, last_author = state.field_rev.get(REMOVED, (0, ""))
    if last_rev > operation.base and last_author != author:
        # It was removed and restored since: this removal is older than the restoring, and does not undo it.
        kept = patch or {"reason": ""}
        return Outcome(
            verdict=Verdict.MERGED,
            state=msgspec.structs.replace(state, rev=rev),
            kept=kept,
            marks=(Mark.OVERTAKEN,),
        )
    edited_rev, editor = latest_of_others(state, operation)
    if edited_rev:
        if any(conflict.body.get("field") == REMOVED for conflict in conflicts):
            return Outcome(verdict=Verdict.CONFLICT, state=msgspec.structs.replace(state, rev=rev), kept=patch)
        opened = opened_conflict(
            operation,
            REMOVED,
            settings,
            base=False,
            mine=patch.get("reason") or True,
            theirs=False,
            theirs_author=editor,
            theirs_rev=edited_rev,
        )
        return Outcome(verdict=Verdict.CONFLICT, state=state, conflicts=(opened,))
    after = msgspec.structs.replace(state, rev=rev, deleted=True, field_rev={**state.field_rev, REMOVED: (rev, author)})
    return Outcome(verdict=Verdict.APPLIED, state=after, patch={REMOVED: patch.get("reason") or True})


def _restored(state: RecordState, operation: Operation) -> Outcome:
    if not state.deleted:
        return Outcome(verdict=Verdict.APPLIED, state=state)
    rev = state.rev + 1
    after = msgspec.structs.replace(
        state, rev=rev, deleted=False, field_rev={**state.field_rev, REMOVED: (rev, operation.author)}
    )
    return Outcome(verdict=Verdict.APPLIED, state=after, patch={REMOVED: None}, was={REMOVED: True})
