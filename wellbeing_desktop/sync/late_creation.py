"""Edits that outlive their creation: made into the record when it never comes, and met by it when it comes after all.

A laptop may be lost with the creation on it while an edit arrived from elsewhere. After a number of days the edit is
taken for the creation, and marked so. If the creation then arrives, it fills what is missing and never overwrites what
was edited since: one record, nothing lost (SYNC 7, scenarios 19 to 21).
"""

from collections.abc import Sequence
from typing import Any, Final

import msgspec

from wellbeing_desktop.domain.definition import Lifecycle, Merge, RecordType
from wellbeing_desktop.domain.operation import Operation, OperationKind
from wellbeing_desktop.sync.checks import Malformed, check_envelope, checked_patch, is_set_patch
from wellbeing_desktop.sync.clashes import opened_conflict
from wellbeing_desktop.sync.merge import apply
from wellbeing_desktop.sync.outcome import ConflictWrite, Mark, Outcome, RecordState, Settings, Verdict

MADE_FROM_EDIT: Final = "made_from_edit"
"""Stands in `field_rev` beside the fields, until the creation arrives."""
NEVER_CREATED: Final = "never_created"


def judged(
    record_type: RecordType | None,
    state: RecordState | None,
    operation: Operation,
    conflicts: Sequence[RecordState],
    settings: Settings,
    *,
    forcing: bool = False,
) -> Outcome:
    """As `merge.apply`; with `forcing`, an edit whose record never came makes it."""
    if state is None and forcing and operation.kind is not OperationKind.CREATE:
        return _made_from_edit(record_type, operation)
    if state is not None and operation.kind is OperationKind.CREATE and MADE_FROM_EDIT in state.field_rev:
        return _arrived_late(record_type, state, operation, settings)
    return apply(record_type, state, operation, conflicts, settings)


def _made_from_edit(record_type: RecordType | None, operation: Operation) -> Outcome:
    lifecycle = record_type.lifecycle if record_type is not None else Lifecycle.EDITABLE
    if operation.kind is not OperationKind.CHANGE or lifecycle in (Lifecycle.IMMUTABLE, Lifecycle.SUPERSEDING):
        return Outcome(verdict=Verdict.QUARANTINED, state=None, why=NEVER_CREATED)
    patch = {
        name: sorted(value.get("add", ())) if is_set_patch(value) else value for name, value in operation.patch.items()
    }
    made = apply(record_type, None, msgspec.structs.replace(operation, kind=OperationKind.CREATE, patch=patch, was={}))
    if made.state is None:
        return made
    stamp = (1, operation.author)
    removed = {
        f"{name}/-{member}": stamp
        for name, value in operation.patch.items()
        if is_set_patch(value)
        for member in value.get("remove", ())
    }
    cleared = {name: stamp for name, value in operation.patch.items() if value is None}
    stamps = {**made.state.field_rev, **removed, **cleared, MADE_FROM_EDIT: stamp}
    return msgspec.structs.replace(
        made, state=msgspec.structs.replace(made.state, field_rev=stamps), marks=(Mark.AS_CREATION,)
    )


def _arrived_late(
    record_type: RecordType | None, state: RecordState, operation: Operation, settings: Settings
) -> Outcome:
    try:
        check_envelope(operation, record_type)
        patch = checked_patch(operation, record_type)
    except Malformed as malformed:
        return Outcome(verdict=Verdict.QUARANTINED, state=state, why=malformed.why)
    if (state.type, state.subject, state.compartment) != (operation.type, operation.subject, operation.compartment):
        return Outcome(verdict=Verdict.QUARANTINED, state=state, why="another_record")
    rev = state.rev + 1
    stamps = {name: stamp for name, stamp in state.field_rev.items() if name != MADE_FROM_EDIT and "/-" not in name}
    applied: dict[str, Any] = {}
    kept: dict[str, Any] = {}
    clashes: list[ConflictWrite] = []
    for name, value in patch.items():
        field = record_type.field(name) if record_type is not None and record_type.has_field(name) else None
        if value is None or value in ("", []):
            continue
        current = state.body.get(name)
        if field is not None and field.merge is Merge.SET:
            gone = {key.partition("/-")[2] for key in state.field_rev if key.startswith(f"{name}/-")}
            members = sorted((set(current or ()) | set(value)) - gone)
            if members != (current or []):
                applied[name] = members
        elif name not in state.field_rev:
            applied[name] = value
        elif current != value:
            by = state.field_rev[name][1]
            if by != operation.author and field is not None and field.merge in (Merge.NARRATIVE, Merge.SAFETY):
                clashes.append(
                    opened_conflict(
                        operation,
                        name,
                        settings,
                        base=None,
                        mine=value,
                        theirs=current,
                        theirs_author=by,
                        theirs_rev=state.field_rev[name][0],
                    )
                )
            else:
                kept[name] = value  # it was edited since: what the creation said stays in history
    stamps |= dict.fromkeys(applied, (rev, operation.author))
    after = msgspec.structs.replace(state, body={**state.body, **applied}, rev=rev, field_rev=stamps)
    return Outcome(
        verdict=Verdict.CONFLICT if clashes else Verdict.MERGED,
        state=after,
        patch=applied,
        was={name: state.body.get(name) for name in applied},
        conflicts=tuple(clashes),
        marks=(Mark.AT_SAME_TIME,),
        kept=kept,
    )
