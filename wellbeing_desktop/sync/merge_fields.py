"""A change of a record that is there, judged field by field (SYNC 3.5)."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import msgspec

from wellbeing_desktop.domain.correction import REMOVED, SIGNED_AT, SIGNED_BY
from wellbeing_desktop.domain.definition import Field, Lifecycle, Merge, RecordType
from wellbeing_desktop.domain.operation import Operation, OperationKind
from wellbeing_desktop.sync.checks import is_set_patch
from wellbeing_desktop.sync.clashes import as_text, opened_conflict
from wellbeing_desktop.sync.outcome import ConflictWrite, Mark, Outcome, RecordState, Settings, Verdict, quarantined

_SETTLING: Final = frozenset({"state", "choice", "settled_value", "settled_by", "settled_at"})


def latest_of_others(state: RecordState, operation: Operation) -> tuple[int, str]:
    """The newest revision since `base` by somebody else, and by whom; (0, "") if there is none."""
    newest, by = 0, ""
    for rev, author in state.field_rev.values():
        if rev > operation.base and rev > newest and author != operation.author:
            newest, by = rev, author
    return newest, by


def is_absent(value: Any) -> bool:
    return value is None or value == "" or value == []


class FieldMerge:
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
            return quarantined(self._state, refusal)
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
        return current != (None if is_absent(value) else value)

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
        return bool(latest_of_others(self._state, self._operation)[0])

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
        value = None if is_absent(value) else value
        seen = self._seen.get(name)
        seen = None if is_absent(seen) else seen
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
        body = {name: value for name, value in {**conflict.body, **patch}.items() if not is_absent(value)}
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
        if not (self._applied or self._clashes or self._kept or self._is_made_by_another()):
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

    def _is_made_by_another(self) -> bool:
        """Two people made one record, and one of them took it back: the other's is whole, though it says nothing new.
        One's own creation sent again is not."""
        if self._operation.kind is not OperationKind.CREATE:
            return False
        return any(
            by != self._operation.author
            for name, (_rev, by) in self._state.field_rev.items()
            if name in self._asked and not is_absent(self._asked[name])
        )

    def _outcome(self) -> Outcome:
        others = bool(latest_of_others(self._state, self._operation)[0])
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
                body={name: value for name, value in body.items() if not is_absent(value)},
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
