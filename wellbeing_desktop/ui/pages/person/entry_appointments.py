"""A booked appointment cancelled, with who cancelled it, or moved to another moment."""

import datetime as dt
from typing import Final

from wellbeing_desktop.domain.clock_time import parse_clock_time
from wellbeing_desktop.domain.code_lists import label_of
from wellbeing_desktop.domain.contact import Appointment
from wellbeing_desktop.domain.dates import day_words, moment_words, staff_time
from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.domain.london_time import local_time, moment_of
from wellbeing_desktop.operations import appointments
from wellbeing_desktop.ui.pages.person.entry_work import Beside, Job, Make, Work
from wellbeing_desktop.ui.pages.person.parts import joined
from wellbeing_desktop.ui.session import Session
from wellbeing_desktop.ui.widgets import fields, labels, read_back
from wellbeing_desktop.ui.widgets.form import Form

_BY_PERSON: Final = "person"
_WHO: Final = ((_BY_PERSON, "The person, or somebody for them"), ("us", "The service"))


def cancel(session: Session, beside: Beside) -> Work:
    """By the person or by us: a return counts the two apart, and neither as not attending."""
    appointment = _booked(beside, session.today())
    form = Form()
    form.add("by", "&Who cancelled it", fields.choice(_WHO, empty="Not chosen"), required=True)
    form.add("reason", "Wh&y", fields.line(), required=True)

    def job() -> Job:
        values = form.values()
        return lambda writer: appointments.cancel_appointment(
            writer,
            appointment.id,
            reason=values["reason"].strip(),
            by_person=values["by"] == _BY_PERSON,
            at=session.now(),
        )

    return Work(
        "Cancel the appointment",
        "C&ancel the appointment",
        "Appointment cancelled.",
        form,
        job,
        above=(labels.strong(_named(appointment, beside)),),
        leave_words="&Go back without cancelling it",
        field_of={"cancel_reason": "reason", "state": "by"},
    )


def move(session: Session, beside: Beside) -> Work:
    """Another moment for the same appointment; what was seen goes along, so that a colleague's move is not lost."""
    appointment = _booked(beside, session.today())
    form = Form()
    form.begin_row()
    form.add("day", "New &date", fields.day(session.today), required=True)
    form.add("time", "S&tarts at", read_back.clock_time(hint="10:30"), required=True)
    form.end_row()
    if appointment.starts_at is not None:
        before = local_time(appointment.starts_at)
        form.set_values({"day": before.date().isoformat(), "time": staff_time(before.time())})

    def job() -> Job:
        values = form.values()
        day = dt.date.fromisoformat(values["day"])
        starts_at = moment_of(day, parse_clock_time(values["time"], "time"))
        if starts_at == appointment.starts_at:
            raise Refused("It is booked for this moment already. Give another day or time.", "time")
        return lambda writer: appointments.move_appointment(
            writer, appointment.id, starts_at, seen=appointment.starts_at, at=session.now()
        )

    return Work(
        "Move the appointment",
        "&Move the appointment",
        "Appointment moved.",
        form,
        job,
        above=(labels.strong(_named(appointment, beside)),),
        leave_words="&Go back without moving it",
        field_of={"starts_at": "time"},
    )


def _booked(beside: Beside, today: dt.date) -> Appointment:
    """The one asked for, or the next one. Refused when it is not booked any more."""
    if beside.id:
        found = next((one for one in beside.record.appointments if one.id == beside.id), None)
    else:
        found = beside.record.next_appointment(today)
    if found is None or found.state != "booked":
        raise Refused("No such appointment is booked for this person any more.")
    return found


def _named(appointment: Appointment, beside: Beside) -> str:
    return joined(
        moment_words(appointment.starts_at) or day_words(appointment.starts_on),
        label_of("contact_mediums", appointment.medium),
        appointment.purpose,
        beside.record.names.get(appointment.practitioner_id, ""),
    )


APPOINTMENT_FORMS: Final[dict[str, Make]] = {"cancel_appointment": cancel, "move_appointment": move}
