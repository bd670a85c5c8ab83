"""Contacts arranged for the future."""

import datetime as dt
from typing import Any

import msgspec

from wellbeing_desktop.domain.changes import Changes
from wellbeing_desktop.domain.contact import Appointment
from wellbeing_desktop.domain.death import has_died
from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.domain.london_time import local_date
from wellbeing_desktop.operations import found
from wellbeing_desktop.operations.catalogue import doing
from wellbeing_desktop.storage.connection import Writer

# The attended codes by the state that they leave the appointment in.
_STATE_OF = {
    "5": "attended",
    "6": "attended",
    "7": "not_attended",
    "3": "not_attended",
    "2": "cancelled",
    "4": "cancelled",
}


def book_appointment(writer: Writer, appointment: Appointment, *, at: dt.datetime | None = None) -> Changes:
    """Book for a moment to come. Its local date follows from the moment. Refused after a death (W9)."""
    with doing(writer, "book_appointment", at=at) as tx:
        if appointment.starts_at is None:
            raise Refused("Say when the appointment starts.", "starts_at")
        if appointment.starts_at < tx.at - dt.timedelta(minutes=5):
            raise Refused("This is in the past. Record a contact instead.", "starts_at")
        if has_died(found.survivor(tx.reader, appointment.subject)):
            raise Refused("This person has died.", "starts_at")
        _check_minutes(appointment)
        tx.create(
            msgspec.structs.replace(
                appointment,
                starts_on=local_date(appointment.starts_at),
                state="booked",
                practitioner_id=appointment.practitioner_id or tx.author,
            )
        )
    return tx.changes


def move_appointment(
    writer: Writer,
    appointment_id: str,
    starts_at: dt.datetime,
    *,
    seen: dt.datetime | None = None,
    at: dt.datetime | None = None,
) -> Changes:
    """Another moment for the same appointment. `seen` is the moment that the screen showed."""
    with doing(writer, "move_appointment", at=at) as tx:
        appointment = found.found(tx.reader, Appointment, appointment_id)
        if appointment.state != "booked":
            raise Refused("Only a booked appointment can be moved.", "starts_at")
        if starts_at < tx.at - dt.timedelta(minutes=5):
            raise Refused("This is in the past.", "starts_at")
        before: dict[str, Any] | None = None
        if seen is not None:
            before = {"starts_at": seen, "starts_on": local_date(seen)}
        tx.change(Appointment, appointment_id, {"starts_at": starts_at, "starts_on": local_date(starts_at)}, before)
    return tx.changes


def cancel_appointment(
    writer: Writer,
    appointment_id: str,
    *,
    reason: str,
    by_person: bool,
    at: dt.datetime | None = None,
) -> Changes:
    """Cancelled by the person or by us: a return counts the two apart, and neither as not attending."""
    with doing(writer, "cancel_appointment", at=at) as tx:
        tx.change(
            Appointment,
            appointment_id,
            {"state": "cancelled", "outcome": "2" if by_person else "4", "cancel_reason": reason},
        )
    return tx.changes


def record_outcome(writer: Writer, appointment_id: str, outcome: str, *, at: dt.datetime | None = None) -> Changes:
    """What came of it, by attended code. Nothing is assumed: until somebody says, it has no outcome (W27)."""
    if outcome not in _STATE_OF:
        raise Refused("Choose what came of the appointment.", "outcome")
    with doing(writer, "record_outcome", at=at) as tx:
        appointment = found.found(tx.reader, Appointment, appointment_id)
        if outcome in ("5", "6", "7", "3") and appointment.starts_at is not None and appointment.starts_at > tx.at:
            raise Refused("This appointment has not begun yet.", "outcome")
        tx.change(Appointment, appointment_id, {"state": _STATE_OF[outcome], "outcome": outcome})
    return tx.changes


def _span(appointment: Appointment) -> tuple[dt.datetime, dt.datetime]:
    start = appointment.starts_at or dt.datetime.max.replace(tzinfo=dt.UTC)
    return start, start + dt.timedelta(minutes=appointment.duration_minutes or 30)


def _check_minutes(appointment: Appointment) -> None:
    if appointment.duration_minutes is not None and not 1 <= appointment.duration_minutes <= 24 * 60:
        raise Refused("Give minutes from 1 to 1,440.", "duration_minutes")
