"""Appointments from a calendar file, and one's own appointments as one.

A calendar does not say whose appointment an event is. Only two things do: that this program wrote the event itself, or
that somebody names the person. A name in an event's words is never looked up: two people can share it.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any, Final

import msgspec

from wellbeing_desktop.domain.changes import Changes
from wellbeing_desktop.domain.code_lists import label_of
from wellbeing_desktop.domain.contact import Appointment
from wellbeing_desktop.domain.death import has_died
from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.domain.london_time import local_date
from wellbeing_desktop.domain.names import initials
from wellbeing_desktop.domain.person import Person
from wellbeing_desktop.exchange.ics import BusyTime, CalendarEntry
from wellbeing_desktop.exchange.open_referral import RefusedItem
from wellbeing_desktop.operations import found
from wellbeing_desktop.operations.catalogue import doing
from wellbeing_desktop.storage.connection import Reader, Writer
from wellbeing_desktop.storage.grants import user_of
from wellbeing_desktop.storage.history import values_of
from wellbeing_desktop.storage.records import envelope_of, load, load_all, load_many
from wellbeing_desktop.storage.undo import undo

BUSY: Final = "busy"
KIND: Final = "kind"
INITIALS: Final = "initials"
LEVELS: Final[Mapping[str, str]] = {
    INITIALS: "The kind of appointment and the person's initials",
    KIND: "The kind of appointment, nothing of the person",
    BUSY: "Only that you are busy",
}
"""What others who see the calendar may read of an appointment; the first is the usual one."""

_USUAL_MINUTES: Final = 30
_LONGEST_MINUTES: Final = 24 * 60
_BACK: Final = dt.timedelta(days=7)
_GRACE: Final = dt.timedelta(minutes=5)

_NOBODY: Final = "This event does not say whose appointment it is. Name the person, and bring it in again."
_REPEATS: Final = "This event repeats. Book each appointment by itself."
_WHOLE_DAY: Final = "This event has no time of day."
_MOVED_HERE: Final = "This appointment was moved here since the calendar was written. The time here stands."


class Moved(msgspec.Struct, frozen=True):
    """A booked appointment that the calendar has at another time, or of another length."""

    appointment: Appointment
    starts_at: dt.datetime
    minutes: int


class CalendarPlan(msgspec.Struct, frozen=True):
    """What a calendar would do: nothing has been written."""

    created: tuple[Appointment, ...] = ()
    updated: tuple[Moved, ...] = ()
    unchanged: int = 0
    refused: tuple[RefusedItem, ...] = ()


def plan_calendar(reader: Reader, events: Iterable[BusyTime], *, person_id: str = "", at: dt.datetime) -> CalendarPlan:
    """Decide about each event. `person_id` is whose appointments those of other calendars are, if somebody says so.

    Raises Refused when that person is not here or has died.
    """
    if person_id and has_died(found.survivor(reader, person_id)):
        raise Refused("This person has died.", "person")
    created: list[Appointment] = []
    updated: list[Moved] = []
    refused: list[RefusedItem] = []
    unchanged = 0
    seen: set[str] = set()
    for event in events:
        try:
            if event.uid and event.uid in seen:
                raise Refused("This event is in the calendar twice. Only the first is looked at.")
            seen.add(event.uid)
            match _decide(reader, event, person_id, at):
                case Appointment() as appointment:
                    created.append(appointment)
                case Moved() as moved:
                    updated.append(moved)
                case None:
                    unchanged += 1
        except Refused as refusal:
            refused.append(RefusedItem(f"event {event.place}", refusal.message))
    return CalendarPlan(tuple(created), tuple(updated), unchanged, tuple(refused))


def import_calendar(
    writer: Writer, events: Iterable[BusyTime], *, person_id: str = "", at: dt.datetime | None = None
) -> tuple[Changes, CalendarPlan]:
    """Book and move what the calendar says, all of it or nothing. Taking it back is `take_back_calendar`."""
    with doing(writer, "import_calendar", at=at) as tx:
        plan = plan_calendar(tx.reader, events, person_id=person_id, at=tx.at)
        for appointment in plan.created:
            tx.begin_group()
            tx.create(msgspec.structs.replace(appointment, practitioner_id=tx.author))
        for moved in plan.updated:
            tx.begin_group()
            tx.change(
                Appointment,
                moved.appointment.id,
                {
                    "starts_at": moved.starts_at,
                    "starts_on": local_date(moved.starts_at),
                    "duration_minutes": moved.minutes,
                },
            )
    return tx.changes, plan


def take_back_calendar(writer: Writer, import_id: str, *, at: dt.datetime | None = None) -> Changes:
    """Take back one calendar as a whole. Refused if one of its appointments was changed since."""
    return undo(writer, import_id, at=at)


def own_calendar(reader: Reader, *, level: str = INITIALS, today: dt.date) -> tuple[CalendarEntry, ...]:
    """The appointments of whoever is signed in, from a week back on. Cancelled ones too, so that a calendar that has
    them takes them out. Of a restricted person not even initials leave."""
    if level not in LEVELS:
        raise Refused("Choose what others may see.", "level")
    me = user_of(reader)
    ids = [
        row[0]
        for row in reader.rows(
            "SELECT id FROM live_appointment WHERE (practitioner_id = ?1 OR second_worker_id = ?1)"
            " AND starts_on >= ?2 AND state IN ('booked', 'cancelled') ORDER BY starts_at, id",
            (me, (today - _BACK).isoformat()),
        )
    ]
    appointments = load_many(reader, Appointment, ids)
    people = load_many(reader, Person, {appointments[id].subject for id in ids})
    entries = []
    for id in ids:
        appointment = appointments[id]
        envelope, person = envelope_of(reader, id), people.get(appointment.subject)
        if appointment.starts_at is None or envelope is None:
            continue
        named = level == INITIALS and person is not None and not person.restricted
        entries.append(
            CalendarEntry(
                id=id,
                starts_at=appointment.starts_at,
                minutes=appointment.duration_minutes or _USUAL_MINUTES,
                kind="Busy" if level == BUSY else label_of("contact_mediums", appointment.medium) or "Appointment",
                initials=initials(person.family_name, person.given_name) if named and person is not None else "",
                cancelled=appointment.state == "cancelled",
                revision=envelope.rev,
            )
        )
    return tuple(entries)


def _decide(reader: Reader, event: BusyTime, person_id: str, at: dt.datetime) -> Appointment | Moved | None:
    """A new appointment, a move, or None where the calendar says what is here. Raises Refused in a sentence."""
    if event.repeats:
        raise Refused(_REPEATS)
    known = _known(reader, event, person_id)
    if event.cancelled:
        if known is None:
            raise Refused("This event is cancelled, so nothing was booked.")
        if known.state == "cancelled":
            return None
        raise Refused("The calendar has this as cancelled. Cancel it in the person's record, which asks who did.")
    if event.all_day or event.starts_at is None or event.ends_at is None:
        raise Refused(_WHOLE_DAY)
    minutes = round((event.ends_at - event.starts_at).total_seconds() / 60) or _USUAL_MINUTES
    if known is not None and known.starts_at == event.starts_at and _minutes(known) == minutes:
        return None
    if event.starts_at < at - _GRACE:
        raise Refused("This is in the past. Record a contact instead.")
    if minutes > _LONGEST_MINUTES:
        raise Refused("This event is longer than a day.")
    if known is not None:
        return _moved(reader, known, event, event.starts_at, minutes)
    if not person_id:
        raise Refused(_NOBODY)
    return Appointment(
        subject=person_id,
        starts_at=event.starts_at,
        starts_on=local_date(event.starts_at),
        duration_minutes=minutes,
        purpose=event.summary,
        state="booked",
        calendar_uid=event.uid,
    )


def _known(reader: Reader, event: BusyTime, person_id: str) -> Appointment | None:
    if event.appointment_id:
        known = load(reader, Appointment, event.appointment_id)
        if known is None:
            raise Refused("This appointment is not on this laptop.")
        if person_id and known.subject != person_id:
            raise Refused("This appointment is another person's than the one named.")
        return known
    if not event.uid or not person_id:
        return None
    return next(iter(load_all(reader, Appointment, subject=person_id, calendar_uid=event.uid)), None)


def _moved(reader: Reader, known: Appointment, event: BusyTime, starts_at: dt.datetime, minutes: int) -> Moved | None:
    if known.state != "booked":
        raise Refused("This appointment is no longer booked, so it is not moved.")
    if starts_at != known.starts_at:
        if event.was_at is not None and event.was_at != known.starts_at:
            if event.was_at == starts_at:
                return None  # the calendar is older than a move made here, and moved nothing itself
            raise Refused("This appointment was moved here and in the calendar. Move it in the person's record.")
        if event.was_at is None and starts_at in _times_before(reader, known.id):
            raise Refused(_MOVED_HERE)
    return Moved(known, starts_at, minutes)


def _times_before(reader: Reader, appointment_id: str) -> list[dt.datetime]:
    values: list[Any] = [value for _author, _at, value in values_of(reader, appointment_id, "starts_at")]
    return [dt.datetime.fromisoformat(value) for value in values if isinstance(value, str)]


def _minutes(appointment: Appointment) -> int:
    return appointment.duration_minutes or _USUAL_MINUTES
