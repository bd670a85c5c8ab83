"""What becomes of a record when an operation reaches it: SYNC 3.5, as one pure function.

The server judges with it; the laptop replays its pending operations over the server's state with it, so that what a
coordinator sees offline is what the server will make of it. Nothing that a person typed is dropped: a value is
current, or in a version, or in an open conflict, or the operation is quarantined whole.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any, Final

import msgspec

from wellbeing_desktop.domain.correction import REMOVED, SIGNED_AT, SIGNED_BY
from wellbeing_desktop.domain.definition import Field, Lifecycle, Merge, RecordType
from wellbeing_desktop.domain.ids import derived_id
from wellbeing_desktop.domain.operation import Operation, OperationKind
from wellbeing_desktop.domain.wire import canonical
from wellbeing_desktop.sync.checks import Malformed, check_envelope, checked_patch, checked_was, is_set_patch

_SETTLING: Final = frozenset({"state", "choice", "settled_value", "settled_by", "settled_at"})


class Verdict(StrEnum):
    APPLIED = "applied"
    MERGED = "merged"  # applied, beside what somebody else changed at the same time
    CONFLICT = "conflict"  # at least one value waits for a person
    HELD = "held"  # the record has not arrived yet
    QUARANTINED = "quarantined"


class Mark(StrEnum):
    """What history says beside a version."""

    AT_SAME_TIME = "at_same_time"  # somebody else changed the record meanwhile
    RETURNED = "returned"  # it had been removed and an edit brought it back
    OVERTAKEN = "overtaken"  # the change came after something that goes further; see `kept`
    DECIDED = "decided"  # it could not be applied when it came, and somebody else decided that it should be
    AS_CREATION = "as_creation"  # its creation never came: what the edits say was made into the record


class RecordState(msgspec.Struct, frozen=True, kw_only=True):
    """A record as the server holds it. `field_rev` says at which revision each field last changed and by whom; a set
    field has one entry for each member added, under "field/member"; REMOVED stands for a removal."""

    id: str
    type: str
    subject: str
    compartment: str
    body: dict[str, Any] = {}
    rev: int = 0
    deleted: bool = False
    field_rev: dict[str, tuple[int, str]] = {}


class ConflictWrite(msgspec.Struct, frozen=True, kw_only=True):
    """A record of type `conflict` to be made or changed, in the bucket of its target.

    `theirs_rev` is the target's revision in which the standing value was written, to look up when and on which
    laptop; 0 if that is not known.
    """

    id: str
    body: dict[str, Any]
    patch: dict[str, Any]
    was: dict[str, Any]
    is_new: bool
    theirs_rev: int = 0


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """`patch` and `was` are what really changed on the record and what stood there before; both are empty when
    nothing did, and `state` is then the state given in. `kept` holds typed values that are neither current nor in a
    conflict, for the version."""

    verdict: Verdict
    state: RecordState | None
    patch: dict[str, Any] = {}
    was: dict[str, Any] = {}
    conflicts: tuple[ConflictWrite, ...] = ()
    marks: tuple[Mark, ...] = ()
    kept: dict[str, Any] = {}
    why: str = ""

    @property
    def is_new_version(self) -> bool:
        return bool(self.patch or self.kept or self.marks)


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """What a new conflict is given: the laptop that sent the operation, who settles it, by when."""

    device: str = ""
    owner_id: str = ""
    due_on: dt.date | None = None


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
        return _quarantined(state, malformed.why)
    except RecursionError:
        return _quarantined(state, "too_deep")
    if state is not None and (state.type, state.subject, state.compartment) != (
        operation.type,
        operation.subject,
        operation.compartment,
    ):
        return _quarantined(state, "another_record")
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
    return _Change(record_type, state, operation, patch, was, conflicts, settings or Settings()).judged()


def _is_made_again(record_type: RecordType | None, state: RecordState, patch: Mapping[str, Any]) -> bool:
    """Made by one rule on two laptops, under one id. Nobody typed it: what became of the first since then stands."""
    name = record_type.made_by if record_type is not None else ""
    return bool(name and patch.get(name)) and state.body.get(name) == patch[name]


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


def _quarantined(state: RecordState | None, why: str) -> Outcome:
    return Outcome(verdict=Verdict.QUARANTINED, state=state, why=why)


def _is_set(record_type: RecordType | None, name: str) -> bool:
    return record_type is not None and record_type.has_field(name) and record_type.field(name).merge is Merge.SET


def _created(operation: Operation, patch: Mapping[str, Any]) -> Outcome:
    if operation.type == "conflict":
        return _quarantined(None, "made_by_merge")
    body = {name: value for name, value in patch.items() if not _is_absent(value)}
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
        return _quarantined(state, "made_by_merge")
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
    edited_rev, editor = _latest_of_others(state, operation)
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


def _latest_of_others(state: RecordState, operation: Operation) -> tuple[int, str]:
    """The newest revision since `base` by somebody else, and by whom; (0, "") if there is none."""
    newest, by = 0, ""
    for rev, author in state.field_rev.values():
        if rev > operation.base and rev > newest and author != operation.author:
            newest, by = rev, author
    return newest, by


def _is_absent(value: Any) -> bool:
    return value is None or value == "" or value == []


class _Change:
    """One CHANGE, or a CREATE of a record that is there already, being judged field by field."""

    def __init__(
        self,
        record_type: RecordType | None,
        state: RecordState,
        operation: Operation,
        patch: dict[str, Any],
        was: dict[str, Any],
        conflicts: Sequence[RecordState],
        settings: Settings,
    ) -> None:
        self._type = record_type
        self._state = state
        self._operation = operation
        self._asked = patch
        self._seen = was
        self._open = [conflict for conflict in conflicts if conflict.body.get("state") == "open"]
        self._settings = settings
        self._applied: dict[str, Any] = {}
        self._replaced: dict[str, Any] = {}
        self._stamps: dict[str, tuple[int, str]] = {}
        self._gone: list[str] = []
        self._clashes: list[ConflictWrite] = []
        self._waiting = False
        self._kept: dict[str, Any] = {}
        self._marks: list[Mark] = []
        self._rev = state.rev + 1

    def judged(self) -> Outcome:
        refusal = self._refusal()
        if refusal:
            return _quarantined(self._state, refusal)
        if not self._asked:
            return Outcome(verdict=Verdict.APPLIED, state=self._state)
        signed = self._is_signed()
        unseen = self._signs_unseen_words()
        for name, value in self._asked.items():
            field = self._field(name)
            if is_set_patch(value) and (field is None or field.merge is Merge.SET):
                if signed:
                    self._keep_both(name, value)
                else:
                    self._change_members(name, value)
                continue
            current = self._state.body.get(name)
            if name in (SIGNED_AT, SIGNED_BY) and (signed or unseen):
                self._keep_signature(name, current, value, is_second=signed)
            elif signed and current != value:
                self._keep_both(name, value)
            else:
                self._change_field(name, field, current, value)
        self._return_if_removed()
        return self._outcome()

    def _refusal(self) -> str:
        """Why the operation cannot apply to this kind of record at all, as a stable word."""
        lifecycle = self._type.lifecycle if self._type else Lifecycle.EDITABLE
        changed = [name for name, value in self._asked.items() if self._would_change(name, value)]
        if not changed:
            return ""
        if lifecycle in (Lifecycle.IMMUTABLE, Lifecycle.SUPERSEDING):
            return "immutable"
        for name in changed:
            field = self._field(name)
            if field is not None and field.merge is Merge.FIXED:
                return "fixed_field"
        if self._operation.type == "conflict":
            return self._stale_settling(changed)
        for name in changed:
            if not self._is_allowed_step(name, self._asked[name]):
                return "not_a_step"
        return ""

    def _stale_settling(self, changed: list[str]) -> str:
        """A conflict is settled once, by somebody who saw both values as they are now."""
        if {"mine", "mine_at", "theirs", "theirs_author", "theirs_at", "theirs_device", "operations"} & set(changed):
            return "made_by_merge"
        if not _SETTLING & set(changed):
            return ""
        if self._state.body.get("state") == "settled" and self._asked.get("state") != "open":
            return "already_settled"
        for name in ("mine", "theirs"):
            rev, author = self._state.field_rev.get(name, (0, ""))
            if rev > self._operation.base and author != self._operation.author:
                return "changed_since"
        return ""

    def _would_change(self, name: str, value: Any) -> bool:
        current = self._state.body.get(name)
        if is_set_patch(value):
            held = set(current or ())
            return bool(set(value.get("add", ())) - held or set(value.get("remove", ())) & held)
        return current != (None if _is_absent(value) else value)

    def _is_allowed_step(self, name: str, value: Any) -> bool:
        """False for a step that its own author could not take from what they saw."""
        field = self._field(name)
        if field is None or field.merge is not Merge.STATE or self._type is None or not self._type.transitions:
            return True
        seen = self._seen.get(name) or ""
        if self._operation.kind is OperationKind.CREATE:
            return True
        return (value or "") == seen or (value or "") in self._type.transitions.get(seen, frozenset())

    def _is_signed(self) -> bool:
        return (
            self._type is not None
            and self._type.lifecycle is Lifecycle.SIGNED
            and self._state.body.get(SIGNED_AT) is not None
        )

    def _signs_unseen_words(self) -> bool:
        """Would this put a signature under words that the signer has not seen?"""
        if self._type is None or self._type.lifecycle is not Lifecycle.SIGNED or not self._asked.get(SIGNED_AT):
            return False
        return bool(_latest_of_others(self._state, self._operation)[0])

    def _keep_signature(self, name: str, current: Any, value: Any, *, is_second: bool) -> None:
        """A signature is one thing with two fields. A second one is kept in history; one under words that its signer
        had not seen is one clash, on `signed_at`: who signed is the author of that side."""
        if current == value:
            return
        if is_second:
            self._kept[name] = value
            self._marks.append(Mark.OVERTAKEN)
        elif name == SIGNED_AT:
            self._keep_both(name, value)
        elif value != self._operation.author:
            self._kept[name] = value

    def _field(self, name: str) -> Field | None:
        return self._type.field(name) if self._type is not None and self._type.has_field(name) else None

    def _own_conflict(self, name: str) -> RecordState | None:
        for conflict in self._open:
            if conflict.body.get("field") == name and conflict.body.get("mine_author") == self._operation.author:
                return conflict
        return None

    def _change_field(self, name: str, field: Field | None, current: Any, value: Any) -> None:
        value = None if _is_absent(value) else value
        seen = self._seen.get(name)
        seen = None if _is_absent(seen) else seen
        merge = field.merge if field is not None else Merge.SCALAR
        if merge in (Merge.NARRATIVE, Merge.SAFETY, Merge.OWNER):
            own = self._own_conflict(name)
            if current == seen:
                self._set(name, current, value)
            elif own is not None and as_text(seen) == own.body.get("mine"):
                self._replace_mine(own, current, value)
            elif current != value:
                self._keep_both(name, value)
        elif merge is Merge.STATE and current != seen and current != value:
            self._change_state(name, current, value)
        else:
            self._set(name, current, value)

    def _change_state(self, name: str, current: Any, value: Any) -> None:
        """Two people moved on from one state. Whichever goes further stands, whoever came first."""
        steps = self._type.transitions if self._type is not None else {}
        onward = (value or "") in steps.get(current or "", frozenset())
        back = (current or "") in steps.get(value or "", frozenset())
        if onward and not back:
            self._set(name, current, value)
        elif back and not onward:
            self._kept[name] = value
            self._marks.append(Mark.OVERTAKEN)
        else:
            self._keep_both(name, value)

    def _change_members(self, name: str, value: Mapping[str, Any]) -> None:
        """Members commute: a member that somebody added without the remover knowing stays."""
        current = set(self._state.body.get(name) or ())
        members = set(current)
        for member in value.get("remove", ()):
            rev, author = self._state.field_rev.get(f"{name}/{member}", (0, ""))
            if rev > self._operation.base and author != self._operation.author:
                continue
            members.discard(member)
            self._gone.append(f"{name}/{member}")
        restamped = False
        for member in value.get("add", ()):
            if member in members and self._state.field_rev.get(f"{name}/{member}", (0, ""))[0] > self._operation.base:
                continue  # somebody else's adding already outlives any removal that this one should
            members.add(member)
            restamped = True
            self._stamps[f"{name}/{member}"] = (self._rev, self._operation.author)
        if members != current or restamped:
            self._applied[name] = sorted(members) or None
            self._replaced[name] = sorted(current) or None
            self._stamps[name] = (self._rev, self._operation.author)

    def _set(self, name: str, current: Any, value: Any) -> None:
        if current == value:
            return
        self._applied[name] = value
        self._replaced[name] = current
        self._stamps[name] = (self._rev, self._operation.author)
        for conflict in self._open:
            if conflict.body.get("field") == name:
                self._rewrite(
                    conflict,
                    {
                        "theirs": as_text(value),
                        "theirs_author": self._operation.author,
                        "theirs_at": self._operation.at,
                        "theirs_device": self._settings.device or None,
                    },
                )

    def _keep_both(self, name: str, value: Any) -> None:
        """The server's value stays; this one waits for a person, in this author's one open conflict on the field."""
        self._waiting = True
        own = self._own_conflict(name)
        if own is not None:
            if own.body.get("mine") != as_text(value):
                self._replace_mine(own, self._state.body.get(name), value)
            return
        rev, author = self._state.field_rev.get(name, (0, ""))
        self._clashes.append(
            opened_conflict(
                self._operation,
                name,
                self._settings,
                base=self._seen.get(name),
                mine=value,
                theirs=self._state.body.get(name),
                theirs_author=author,
                theirs_rev=rev,
            )
        )

    def _replace_mine(self, own: RecordState, current: Any, value: Any) -> None:
        """An edit on top of one's own unmerged text never overwrites the colleague's unseen text."""
        self._waiting = True
        patch: dict[str, Any] = {
            "mine": as_text(value),
            "mine_at": self._operation.at,
            "operations": sorted({*own.body.get("operations", ()), self._operation.op_id}),
        }
        if self._settings.device:
            patch["mine_device"] = self._settings.device
        if current == value:  # the author came round to the colleague's words
            patch |= {"state": "settled", "choice": "theirs", "settled_value": as_text(value)}
        self._rewrite(own, patch)

    def _rewrite(self, conflict: RecordState, patch: dict[str, Any]) -> None:
        patch = {name: value for name, value in patch.items() if conflict.body.get(name) != value}
        if not patch:
            return
        body = {name: value for name, value in {**conflict.body, **patch}.items() if not _is_absent(value)}
        self._clashes.append(
            ConflictWrite(
                id=conflict.id,
                body=body,
                patch=patch,
                was={name: conflict.body.get(name) for name in patch},
                is_new=False,
            )
        )

    def _return_if_removed(self) -> None:
        """Edit wins over removal, and says so: the remover is asked again."""
        if not self._state.deleted:
            return
        if not (self._applied or self._clashes or self._kept):
            return
        rev, remover = self._state.field_rev.get(REMOVED, (0, ""))
        self._applied[REMOVED] = None
        self._replaced[REMOVED] = True
        self._stamps[REMOVED] = (self._rev, self._operation.author)
        self._marks.append(Mark.RETURNED)
        self._waiting = True
        self._clashes.append(
            opened_conflict(
                self._operation,
                REMOVED,
                self._settings,
                base=False,
                mine=False,
                theirs=True,
                theirs_author=remover,
                theirs_rev=rev,
            )
        )

    def _outcome(self) -> Outcome:
        others = bool(_latest_of_others(self._state, self._operation)[0])
        changed = bool(self._applied or self._kept)
        if others and changed:
            self._marks.insert(0, Mark.AT_SAME_TIME)
        verdict = Verdict.CONFLICT if self._waiting else Verdict.MERGED if others and changed else Verdict.APPLIED
        after = self._state
        if changed or self._gone:
            body = {**self._state.body, **self._applied}
            body.pop(REMOVED, None)
            stamps = {**self._state.field_rev, **self._stamps}
            for gone in self._gone:
                stamps.pop(gone, None)
            after = msgspec.structs.replace(
                self._state,
                body={name: value for name, value in body.items() if not _is_absent(value)},
                rev=self._rev,
                deleted=False if REMOVED in self._applied else self._state.deleted,
                field_rev=stamps,
            )
        return Outcome(
            verdict=verdict,
            state=after,
            patch=self._applied,
            was=self._replaced,
            conflicts=tuple(self._clashes),
            marks=tuple(dict.fromkeys(self._marks)),
            kept=self._kept,
        )
