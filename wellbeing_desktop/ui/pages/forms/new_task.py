"""Add a task: a promise with its owner and its day (Ctrl+T)."""

import datetime as dt
from collections.abc import Mapping

from wellbeing_desktop.domain.changes import Changes
from wellbeing_desktop.domain.london_time import moment_of
from wellbeing_desktop.domain.task import Task
from wellbeing_desktop.operations.tasks import add_task
from wellbeing_desktop.storage.connection import Writer
from wellbeing_desktop.ui.pages.forms.clock_time import parse_clock_time
from wellbeing_desktop.ui.pages.forms.form_page import FormPage, choices_of
from wellbeing_desktop.ui.widgets import fields
from wellbeing_desktop.ui.widgets.form import Form


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
        form.add("due_at", "At what t&ime", fields.line(hint="14:00", check=parse_clock_time))
        form.end_row()
        form.add("urgent", "", fields.tick("This is &urgent"))
        form.add("detail", "&Details", fields.note(lines=3))

    def starting_values(self) -> Mapping[str, str]:
        return {"due_on": self.session.today().isoformat()}

    def operation(self, writer: Writer, values: Mapping[str, str]) -> Changes:
        day = dt.date.fromisoformat(values["due_on"])
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
            ),
            at=self.session.now(),
        )
