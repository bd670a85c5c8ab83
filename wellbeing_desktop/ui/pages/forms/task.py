"""One task: what is known of it, and what happened: done, another day, handed on, looked at, not needed."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Final

from wellbeing_desktop.domain.changes import Changes
from wellbeing_desktop.domain.code_lists import label_of
from wellbeing_desktop.domain.dates import day_words, moment_words, staff_clock, staff_date
from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.domain.periods import read_period
from wellbeing_desktop.domain.task import Task
from wellbeing_desktop.operations import tasks
from wellbeing_desktop.operations.follow_ups import follow_up_rules
from wellbeing_desktop.operations.overdue import lead_for
from wellbeing_desktop.storage.connection import Reader, Writer
from wellbeing_desktop.ui.pages.inbox.step_page import StepPage
from wellbeing_desktop.ui.widgets import fields
from wellbeing_desktop.ui.widgets.form import Form

_POSTPONED: Final = 7


class TaskPage(StepPage[Task]):
    title, nav_key, section_key, help_key = "A task", "task", "my_list", "my_list"
    record, record_name = Task, "task"
    rows_of: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "finish": ("outcome",),
        "accept": (),
        "send_back": ("review_words",),
        "postpone": ("due_on",),
        "hand_on": ("owner_id", "look_at"),
        "raise": (),
        "cancel": ("reason",),
        "reopen": (),
    }

    def build(self, form: Form) -> None:
        form.add("outcome", "What came &of it", fields.note(lines=3))
        form.add("review_words", "What is &still to be done", fields.note(lines=3))
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
        return {"due_on": later.isoformat(), "outcome": record.outcome, "look_at": "yes"}

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
