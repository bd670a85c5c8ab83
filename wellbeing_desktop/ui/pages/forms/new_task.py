"""Add a task: a promise with its owner and its day (Ctrl+T)."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Final

from wellbeing_desktop.domain.changes import Changes
from wellbeing_desktop.domain.clock_time import parse_clock_time
from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.domain.london_time import moment_of
from wellbeing_desktop.domain.periods import MOST, Period, written
from wellbeing_desktop.domain.task import Task
from wellbeing_desktop.operations.tasks import add_task
from wellbeing_desktop.storage.conflicts import colleagues
from wellbeing_desktop.storage.connection import Writer
from wellbeing_desktop.ui import background
from wellbeing_desktop.ui.pages.forms.form_page import FormPage, choices_of
from wellbeing_desktop.ui.widgets import fields, read_back
from wellbeing_desktop.ui.widgets.form import Form

_UNITS: Final = (("days", "Days"), ("weeks", "Weeks"), ("months", "Months"))


class NewTaskPage(FormPage):
    title, nav_key, section_key, help_key = "Add a task", "new_task", "caseload", "today"
    draft_name = "new_task"
    record = Task
    save_words = "&Save task"
    saved_words = "Task added."

    def build(self, form: Form) -> None:
        form.add("title", "&Task", fields.line(), required=True, help_text="What you promised, in a few words.")
        form.begin_row()
        form.add("kind", "&Kind", fields.choice(choices_of("task_kinds"), empty="Not chosen"))
        form.add("due_on", "&By when", fields.day(self.session.today), required=True)
        form.add("due_at", "At what t&ime", read_back.clock_time(hint="14:00"))
        form.end_row()
        form.add("urgent", "", fields.tick("This is &urgent"))
        form.begin_row()
        form.add("owner_id", "&Who does it", fields.choice((), empty="I do"))
        form.add("every", "Comes a&gain every", fields.line(check=_how_many))
        form.add("unit", "Da&ys, weeks or months", fields.choice(_UNITS, empty="Only once"))
        form.add("repeats_until", "U&ntil", fields.day(self.session.today))
        form.end_row()
        form.add(
            "needs_review", "", fields.tick("I want to &look at the outcome"), help_text="When somebody else does it."
        )
        form.add("detail", "&Details", fields.note(lines=3))

    def on_shown(self, argument: str = "") -> None:
        super().on_shown(argument)
        background.query(self, self.session.store, colleagues, self._offer)

    def _offer(self, found: Sequence[tuple[str, str]]) -> None:
        field = self.form.rows["owner_id"].field
        if isinstance(field, fields.ChoiceField):
            chosen = field.value()
            field.set_choices([(id, name) for id, name in found if id != self.session.user_id])
            field.set_value(chosen)

    def starting_values(self) -> Mapping[str, str]:
        return {"due_on": self.session.today().isoformat()}

    def operation(self, writer: Writer, values: Mapping[str, str]) -> Changes:
        day = dt.date.fromisoformat(values["due_on"])
        every, unit = values["every"].strip(), values["unit"]
        if bool(every) != bool(unit):
            raise Refused("Say both how many and whether days, weeks or months.", "unit" if every else "every")
        time = parse_clock_time(values["due_at"]) if values["due_at"].strip() else None
        return add_task(
            writer,
            Task(
                id=self.record_id,
                subject=self.person_id,
                title=values["title"].strip(),
                detail=values["detail"],
                kind=values["kind"],
                due_on=day,
                due_at=moment_of(day, time) if time is not None else None,
                urgent=True if values["urgent"] else None,
                owner_id=values["owner_id"],
                needs_review=True if values["needs_review"] else None,
                repeats=written(Period(int(every), unit)) if every else "",
                repeats_until=dt.date.fromisoformat(values["repeats_until"]) if values["repeats_until"] else None,
            ),
            at=self.session.now(),
        )


def _how_many(text: str) -> None:
    if text.strip() and not (text.strip().isdecimal() and 1 <= int(text) <= MOST):
        raise Refused(f"Enter a whole number from 1 to {MOST:,}", "every")
