"""One task: what is known of it, and what happened: done, another day, handed on, looked at, not needed."""

import datetime as dt
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, ClassVar, Final

from wellbeing_desktop.domain.changes import Changes
from wellbeing_desktop.domain.clock_time import parse_clock_time
from wellbeing_desktop.domain.code_lists import label_of
from wellbeing_desktop.domain.dates import day_words, moment_words, staff_clock, staff_date
from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.domain.london_time import moment_of
from wellbeing_desktop.domain.periods import read_period
from wellbeing_desktop.domain.task import Task
from wellbeing_desktop.operations import tasks
from wellbeing_desktop.operations.follow_ups import follow_up_rules
from wellbeing_desktop.operations.overdue import lead_for
from wellbeing_desktop.storage.connection import Reader, Writer
from wellbeing_desktop.ui.pages.forms.form_page import choices_of
from wellbeing_desktop.ui.pages.inbox.step_page import StepPage
from wellbeing_desktop.ui.widgets import fields, read_back
from wellbeing_desktop.ui.widgets.form import Form

_POSTPONED: Final = 7
_BEGAN: Final = "_began_"


class TaskPage(StepPage[Task]):
    title, nav_key, section_key, help_key = "A task", "task", "my_list", "my_list"
    record, record_name = Task, "task"
    rows_of: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "finish": ("outcome",),
        "accept": (),
        "send_back": ("review_words",),
        "postpone": ("due_on",),
        "change": ("title", "kind", "on", "hour", "urgent", "detail"),
        "hand_on": ("owner_id", "look_at"),
        "raise": (),
        "cancel": ("reason",),
        "reopen": (),
    }

    _began: Mapping[str, str] = MappingProxyType({})
    """How the task read when its form was filled: only what differs from that is changed, and that was seen."""

    def build(self, form: Form) -> None:
        form.add("outcome", "What came &of it", fields.note(lines=3))
        form.add("review_words", "What is &still to be done", fields.note(lines=3))
        form.add("title", "&Task", fields.line())
        form.begin_row()
        form.add("kind", "&Kind", fields.choice(choices_of("task_kinds"), empty="Not chosen"))
        form.add("on", "&By when", fields.day(self.session.today))
        form.add("hour", "At what t&ime", read_back.clock_time(hint="14:00"))
        form.end_row()
        form.add("urgent", "", fields.tick("This is &urgent"))
        form.add("detail", "&Details", fields.note(lines=3))
        form.add("due_on", "New &day", fields.day(self.session.today))
        form.add("owner_id", "&Who takes it", fields.choice((), empty="Not chosen"))
        form.add("look_at", "", fields.tick("I want to look at the o&utcome"))
        form.add("reason", "Why it is not &needed", fields.line())

    def steps(self, record: Task) -> Sequence[tuple[str, str]]:
        if record.state == "to_review":
            return [("accept", "The outcome is good"), ("send_back", "There is more to do: send it back")]
        if record.state != "open":
            return [("reopen", "Open it again")]
        return [
            ("finish", "It is done"),
            ("postpone", "Another day"),
            ("change", "Change it"),
            ("hand_on", "Hand it on"),
            ("raise", "Raise it with the lead"),
            ("cancel", "It is not needed"),
        ]

    def more_known(self, reader: Reader, record: Task) -> Any:
        rule = next((one for one in follow_up_rules(reader) if one.id == record.rule), None)
        return rule.when_words() if rule is not None else ""

    def prepare(self, record: Task) -> None:
        field = self.form.rows["owner_id"].field
        if isinstance(field, fields.ChoiceField):
            chosen = field.value()
            field.set_choices([(id, name) for id, name in self.known.names.items() if id != record.owner_id])
            field.set_value(chosen)

    def facts(self, record: Task) -> Sequence[tuple[str, str]]:
        names = self.known.names
        at = f", {staff_clock(record.due_at)}" if record.due_at else ""
        until = f", until {staff_date(record.repeats_until)}" if record.repeats_until else ""
        return [
            ("Task", record.title),
            ("Details", record.detail),
            ("Kind", label_of("task_kinds", record.kind) if record.kind else ""),
            ("By when", staff_date(record.due_on) + at if record.due_on else "No day"),
            ("Urgent", "Yes" if record.urgent else ""),
            ("Who", names.get(record.owner_id, "Nobody yet" if not record.owner_id else "A colleague")),
            ("Handed on by", names.get(record.delegated_by, "")),
            ("Made by rule", str(self.known.more or "")),
            ("Comes again", f"Every {read_period(record.repeats).words()}{until}" if record.repeats else ""),
            ("Raised with", names.get(record.escalated_to, "")),
            ("Raised", moment_words(record.escalated_at)),
            ("State", label_of("task_states", record.state)),
            ("What came of it", record.outcome),
            ("Sent back because", record.review_words),
            ("Looked at on", day_words(record.reviewed_on)),
        ]

    def starting_values(self, record: Task) -> Mapping[str, str]:
        later = self.session.today() + dt.timedelta(days=_POSTPONED)
        self._began = _as_typed(record)
        return {**self._began, "due_on": later.isoformat(), "outcome": record.outcome, "look_at": "yes"}

    def beside(self) -> Mapping[str, str]:
        return {f"{_BEGAN}{name}": text for name, text in self._began.items()}

    def kept(self, draft: Mapping[str, str]) -> None:
        # what a colleague changed since these words were begun is no change of whoever wrote them
        self._began = {name: draft.get(f"{_BEGAN}{name}", text) for name, text in self._began.items()}

    def where_next(self, id: str) -> tuple[str, str]:
        return ("my_list", "")

    def operation(self, writer: Writer, record: Task, step: str, values: Mapping[str, str]) -> Changes:
        now = self.session.now()
        match step:
            case "finish":
                return tasks.finish_task(writer, record.id, values["outcome"], at=now)
            case "accept":
                return tasks.accept_task(writer, record.id, at=now)
            case "send_back":
                return tasks.send_task_back(writer, record.id, values["review_words"], at=now)
            case "postpone":
                if not values["due_on"]:
                    raise Refused("Say the new day.", "due_on")
                return tasks.postpone_task(writer, record.id, dt.date.fromisoformat(values["due_on"]), at=now)
            case "change":
                return self._change(writer, record, values)
            case "hand_on":
                looks = bool(values["look_at"])
                return tasks.hand_on_task(writer, record.id, values["owner_id"], look_at_outcome=looks, at=now)
            case "raise":
                lead = lead_for(writer, record.owner_id or self.session.user_id, self.session.today())
                return tasks.raise_task(writer, record.id, lead, at=now)
            case "cancel":
                try:
                    return tasks.cancel_task(writer, record.id, values["reason"], at=now)
                except Refused as refusal:
                    raise Refused(refusal.message, "reason") from refusal
            case _:
                return tasks.reopen_task(writer, record.id, at=now)

    def _change(self, writer: Writer, record: Task, values: Mapping[str, str]) -> Changes:
        made, seen = _as_kept(values), _as_kept(self._began)
        if not made["title"]:
            raise Refused("Say what is to be done, in a few words.", "title")
        changed = {name: value for name, value in made.items() if value != seen[name]}
        if not changed:
            raise Refused("Everything reads as it did before. Change something first.", "title")
        if _as_typed(record)["hour"] == self._began["hour"] and record.due_on == seen["due_on"]:
            seen["due_at"] = record.due_at  # a rule's hour has seconds, which nobody types
        try:
            return tasks.change_task(writer, record.id, changed, seen, at=self.session.now())
        except Refused as refusal:
            raise Refused(refusal.message, _FIELDS.get(refusal.field or "", refusal.field)) from refusal


_FIELDS: Final = {"due_on": "on", "due_at": "hour", "repeats_until": "on"}
"""Where a refusal about a field of the task stands on the form."""


def _as_typed(task: Task) -> dict[str, str]:
    """A task's words as the fields show them."""
    return {
        "title": task.title,
        "kind": task.kind,
        "on": task.due_on.isoformat() if task.due_on else "",
        "hour": staff_clock(task.due_at) if task.due_at else "",
        "urgent": "yes" if task.urgent else "",
        "detail": task.detail,
    }


def _as_kept(values: Mapping[str, str]) -> dict[str, Any]:
    """What the fields hold, as the task's record keeps it."""
    day = dt.date.fromisoformat(values["on"]) if values["on"] else None
    hour = parse_clock_time(values["hour"], "hour") if values["hour"].strip() else None
    if hour is not None and day is None:
        raise Refused("Say on which day, or leave the time empty.", "on")
    return {
        "title": values["title"].strip(),
        "kind": values["kind"],
        "due_on": day,
        "due_at": moment_of(day, hour) if day is not None and hour is not None else None,
        "urgent": True if values["urgent"] else None,
        "detail": values["detail"],
    }
