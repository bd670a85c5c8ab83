"""Take a request: something asked for, with its items and the time that was promised (PRACTICE W23)."""

import datetime as dt
from collections.abc import Mapping

from wellbeing_desktop.domain.changes import Changes
from wellbeing_desktop.domain.clock_time import parse_clock_time
from wellbeing_desktop.domain.enquiry import Request
from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.domain.london_time import moment_of
from wellbeing_desktop.operations.requests import add_request
from wellbeing_desktop.storage.connection import Writer
from wellbeing_desktop.ui.pages.forms.form_page import FormPage, choices_of
from wellbeing_desktop.ui.widgets import fields, read_back
from wellbeing_desktop.ui.widgets.form import Form


def promised(values: Mapping[str, str]) -> dt.datetime | None:
    """The moment promised, from its day and its time; None when nothing was promised."""
    if not values["due_on"]:
        if values["due_at"].strip():
            raise Refused("Say the day too.", "due_on")
        return None
    time = parse_clock_time(values["due_at"], "due_at") if values["due_at"].strip() else dt.time(23, 59)
    return moment_of(dt.date.fromisoformat(values["due_on"]), time)


class NewRequestPage(FormPage):
    """The argument is the person's id, perhaps with the enquiry it was asked in: `PERSON/ENQUIRY`."""

    title, nav_key, section_key, help_key = "Take a request", "new_request", "inbox", "inbox"
    phrase_place = "request"
    draft_name = "new_request"
    record = Request
    save_words = "&Save request"
    saved_words = "Request taken."
    _enquiry_id = ""

    def build(self, form: Form) -> None:
        form.begin_row()
        form.add(
            "kind", "What is as&ked for", fields.choice(choices_of("request_kinds"), empty="Not chosen"), required=True
        )
        form.add(
            "clinical",
            "Needs a clinician's &word",
            fields.choice([("yes", "Yes"), ("no", "No")], empty="As usual for its kind"),
        )
        form.end_row()
        form.add("items", "&Items", fields.note(lines=3), help_text="One a line, as they were said.")
        form.begin_row()
        form.add("due_on", "&Promised by", fields.day(self.session.today), help_text="Empty when none was promised.")
        form.add(
            "due_at",
            "At what &time",
            read_back.clock_time(hint="14:00"),
            help_text="Empty for the end of that day.",
        )
        form.end_row()

    @property
    def draft_key(self) -> str:
        return "/".join(filter(None, (self.draft_name, self.person_id, self._enquiry_id)))

    def on_shown(self, argument: str = "") -> None:
        person_id, _, enquiry_id = argument.partition("/")
        if person_id and (person_id != self.person_id or enquiry_id != self._enquiry_id):
            self.save_draft()
            self.person_id, self._enquiry_id = "", enquiry_id
        super().on_shown(person_id or self.person_id)

    def where_next(self) -> tuple[str, str]:
        return ("enquiry", self._enquiry_id) if self._enquiry_id else ("inbox", "")

    def operation(self, writer: Writer, values: Mapping[str, str]) -> Changes:
        return add_request(
            writer,
            Request(
                id=self.record_id,
                subject=self.person_id,
                enquiry_id=self._enquiry_id,
                kind=values["kind"],
                items=values["items"],
                clinical={"yes": True, "no": False}.get(values["clinical"]),
                due_at=promised(values),
            ),
            at=self.session.now(),
        )
