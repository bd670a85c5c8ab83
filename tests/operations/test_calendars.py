"""Appointments from calendars: nobody guessed, nothing booked twice, nothing moved behind anybody's back."""

import datetime as dt

import msgspec
import pytest

from tests.operations.made import NOW, TODAY, Made, made_id
from wellbeing_desktop.domain.contact import Appointment
from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.domain.person import Person
from wellbeing_desktop.exchange.ics import BusyTime, calendar_bytes, read_calendar
from wellbeing_desktop.operations import appointments, calendars
from wellbeing_desktop.operations.people import record_death, restrict_person
from wellbeing_desktop.storage.write_door import transaction

TOMORROW = NOW + dt.timedelta(days=1)
HOUR = dt.timedelta(hours=1)


def event(starts_at: dt.datetime = TOMORROW, **fields: object) -> BusyTime:
    usual = {"uid": "outlook-1", "summary": "Mary Jones, home visit", "place": 1, "ends_at": starts_at + HOUR}
    return BusyTime(**{"starts_at": starts_at, **usual, **fields})


def booked(made: Made, starts_at: dt.datetime = TOMORROW) -> str:
    appointment = Appointment(
        subject=made.mary, starts_at=starts_at, duration_minutes=60, medium="home_visit", place="12 High Street"
    )
    return made_id(appointments.book_appointment(made.writer, appointment, at=NOW), "appointment")


def again(made: Made) -> list[BusyTime]:
    """The calendar as this program writes it, read back."""
    return list(read_calendar(calendar_bytes(calendars.own_calendar(made.writer, today=TODAY), NOW)).entries)


def moved(events: list[BusyTime], by: dt.timedelta) -> list[BusyTime]:
    return [
        msgspec.structs.replace(each, starts_at=each.starts_at + by, ends_at=each.ends_at + by)
        for each in events
        if each.starts_at and each.ends_at
    ]


def reasons(made: Made, events: list[BusyTime], person_id: str = "") -> list[str]:
    plan = calendars.plan_calendar(made.writer, events, person_id=person_id, at=NOW)
    assert (plan.created, plan.updated) == ((), ())
    return [each.reason for each in plan.refused]


def test_a_name_in_an_event_finds_nobody(made: Made) -> None:
    assert reasons(made, [event()]) == [
        "This event does not say whose appointment it is. Name the person, and bring it in again."
    ]


def test_an_event_is_booked_for_the_person_named_once_and_follows_its_calendar(made: Made) -> None:
    calendars.import_calendar(made.writer, [event()], person_id=made.mary, at=NOW)
    only = made.only(Appointment)
    assert (only.subject, only.starts_at, only.duration_minutes, only.state) == (made.mary, TOMORROW, 60, "booked")
    assert only.practitioner_id
    _, plan = calendars.import_calendar(made.writer, [event()], person_id=made.mary, at=NOW)
    assert (plan.created, plan.unchanged) == ((), 1)
    _, plan = calendars.import_calendar(made.writer, [event(TOMORROW + HOUR)], person_id=made.mary, at=NOW)
    assert (len(plan.updated), made.only(Appointment).starts_at) == (1, TOMORROW + HOUR)


def test_our_own_event_moves_its_appointment_without_a_person_named(made: Made) -> None:
    id = booked(made)
    assert calendars.plan_calendar(made.writer, again(made), at=NOW).unchanged == 1
    calendars.import_calendar(made.writer, moved(again(made), HOUR), at=NOW)
    assert made.one(Appointment, id).starts_at == TOMORROW + HOUR
    assert made.one(Appointment, id).place == "12 High Street"


def test_a_move_made_here_meanwhile_stands(made: Made) -> None:
    id = booked(made)
    written = again(made)
    appointments.move_appointment(made.writer, id, TOMORROW + 3 * HOUR, at=NOW)
    assert calendars.plan_calendar(made.writer, written, at=NOW).unchanged == 1
    assert reasons(made, moved(written, HOUR)) == [
        "This appointment was moved here and in the calendar. Move it in the person's record."
    ]
    forgot = [msgspec.structs.replace(each, was_at=None) for each in written]  # many calendars drop what is not theirs
    assert reasons(made, forgot) == [
        "This appointment was moved here since the calendar was written. The time here stands."
    ]


def test_what_cannot_be_used_is_said_by_its_place_and_the_rest_goes_on(made: Made) -> None:
    attended = booked(made)
    appointments.cancel_appointment(made.writer, attended, reason="Snow", by_person=False, at=NOW)
    events = [
        event(repeats=True, place=1, uid="1"),
        msgspec.structs.replace(event(place=2, uid="2"), starts_at=None, ends_at=None, all_day=True),
        event(NOW - HOUR, place=3, uid="3"),
        event(ends_at=TOMORROW + dt.timedelta(days=2), place=4, uid="4"),
        event(cancelled=True, place=5, uid="5"),
        event(appointment_id="0" * 32, place=6, uid="6"),
        event(TOMORROW + HOUR, appointment_id=attended, place=7, uid="7"),
        event(place=8, uid="1"),
        event(place=9, uid="9"),
    ]
    _, plan = calendars.import_calendar(made.writer, events, person_id=made.mary, at=NOW)
    assert [each.item for each in plan.refused] == [f"event {place}" for place in range(1, 9)]
    assert len({each.reason for each in plan.refused}) == 8
    assert len(plan.created) == 1


def test_another_person_s_appointment_is_not_taken_over(made: Made) -> None:
    booked(made)
    john = made.person("Jones", "John")
    assert reasons(made, moved(again(made), HOUR), john) == ["This appointment is another person's than the one named."]


def test_a_cancelled_event_cancels_nothing_by_itself(made: Made) -> None:
    id = booked(made)
    assert "asks who did" in reasons(made, [event(appointment_id=id, cancelled=True)])[0]
    appointments.cancel_appointment(made.writer, id, reason="Unwell", by_person=True, at=NOW)
    assert calendars.plan_calendar(made.writer, [event(appointment_id=id, cancelled=True)], at=NOW).unchanged == 1


def test_nothing_is_booked_for_somebody_who_died_or_is_not_here(made: Made) -> None:
    with pytest.raises(Refused, match="not on this laptop"):
        calendars.import_calendar(made.writer, [event()], person_id="nobody", at=NOW)
    record_death(made.writer, made.mary, died_on=TODAY, known_by="Her GP", at=NOW)
    with pytest.raises(Refused, match="died"):
        calendars.import_calendar(made.writer, [event()], person_id=made.mary, at=NOW)
    assert made.all(Appointment) == []


def test_a_calendar_is_taken_back_as_one(made: Made) -> None:
    id = booked(made)
    events = [*moved(again(made), HOUR), event(place=2), event(TOMORROW + HOUR, place=3, uid="outlook-2")]
    changes, plan = calendars.import_calendar(made.writer, events, person_id=made.mary, at=NOW)
    assert (len(plan.created), len(plan.updated), len(made.all(Appointment))) == (2, 1, 3)
    calendars.take_back_calendar(made.writer, changes.undo_id, at=NOW)
    assert made.only(Appointment).starts_at == TOMORROW
    assert made.only(Appointment).id == id


@pytest.mark.parametrize(
    ("level", "summary"), [("initials", "Home visit (MJ)"), ("kind", "Home visit"), ("busy", "Busy")]
)
def test_a_calendar_says_no_more_than_was_chosen(made: Made, level: str, summary: str) -> None:
    booked(made)
    data = calendar_bytes(calendars.own_calendar(made.writer, level=level, today=TODAY), NOW)
    (entry,) = read_calendar(data).entries
    assert entry.summary == summary
    assert b"Jones" not in data
    assert b"High Street" not in data


def test_of_a_restricted_person_not_even_initials_leave(made: Made) -> None:
    booked(made)
    restrict_person(made.writer, made.mary, True, reason="A relative works here", at=NOW)
    (entry,) = calendars.own_calendar(made.writer, today=TODAY)
    assert entry.initials == ""
    assert made.one(Person, made.mary).restricted


def test_only_one_s_own_appointments_of_now_leave_and_cancelled_ones_say_so(made: Made) -> None:
    id = booked(made)
    appointments.cancel_appointment(made.writer, id, reason="Unwell", by_person=True, at=NOW)
    with transaction(made.writer, "book_appointment") as tx:
        for practitioner, days in (("somebody else", 1), (tx.author, -30)):
            at = NOW + dt.timedelta(days=days)
            tx.create(
                Appointment(
                    subject=made.mary, starts_at=at, starts_on=at.date(), state="booked", practitioner_id=practitioner
                )
            )
    (entry,) = calendars.own_calendar(made.writer, today=TODAY)
    assert (entry.id, entry.cancelled) == (id, True)
    with pytest.raises(Refused):
        calendars.own_calendar(made.writer, level="everything", today=TODAY)
