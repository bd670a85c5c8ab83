"""Book an appointment for a moment to come."""

import datetime as dt
from collections.abc import Mapping

from wellbeing_desktop.domain.changes import Changes
from wellbeing_desktop.domain.clock_time import parse_clock_time
from wellbeing_desktop.domain.contact import Appointment
from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.domain.london_time import moment_of
from wellbeing_desktop.operations.appointments import book_appointment
from wellbeing_desktop.storage.connection import Writer
from wellbeing_desktop.ui.pages.forms.form_page import FormPage, choices_of
from wellbeing_desktop.ui.widgets import fields, read_back
from wellbeing_desktop.ui.widgets.form import Form


def check_minutes(text: str) -> None:
    """Raises Refused unless `text` is a whole number of minutes up to a day."""
    if not text.strip().isdecimal() or not 1 <= int(text) <= 24 * 60:
        raise Refused("Enter minutes as a whole number from 1 to 1,440")


class NewAppointmentPage(FormPage):
    title, nav_key, section_key, help_key = "Book an appointment", "new_appointment", "caseload", "today"
    draft_name = "new_appointment"
    record = Appointment
    save_words = "&Save appointment"
    saved_words = "Appointment booked."

    def build(self, form: Form) -> None:
        form.begin_row()
        form.add("day", "&Date", fields.day(self.session.today), required=True)
        form.add("time", "S&tarts at", read_back.clock_time(hint="10:30"), required=True)
        form.add("minutes", "&Minutes", fields.line(check=check_minutes))
        form.end_row()
        form.begin_row()
        form.add("medium", "&How", fields.choice(choices_of("contact_mediums"), empty="Not chosen"), required=True)
        form.add("travel", "Minutes to &get there", fields.line(check=check_minutes))
        form.end_row()
        form.add("place", "&Where", fields.line(), help_text="Leave empty for the person's home address.")
        form.add("purpose", "What &for", fields.line())

    def starting_values(self) -> Mapping[str, str]:
        return {"minutes": "60", "medium": "home_visit"}

    def operation(self, writer: Writer, values: Mapping[str, str]) -> Changes:
        starts_at = moment_of(dt.date.fromisoformat(values["day"]), parse_clock_time(values["time"], "time"))
        try:
            return book_appointment(
                writer,
                Appointment(
                    id=self.record_id,
                    subject=self.person_id,
                    starts_at=starts_at,
                    duration_minutes=int(values["minutes"]) if values["minutes"].strip() else None,
                    travel_minutes=int(values["travel"]) if values["travel"].strip() else None,
                    medium=values["medium"],
                    place=values["place"].strip(),
                    purpose=values["purpose"].strip(),
                ),
                at=self.session.now(),
            )
        except Refused as refusal:  # the record has one moment where the form has a date and a time
            raise Refused(refusal.message, "time" if refusal.field == "starts_at" else refusal.field) from refusal
