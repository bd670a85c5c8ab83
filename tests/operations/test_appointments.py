"""Arranged contacts."""

import datetime as dt

import pytest

from tests.operations.made import NOW, Made, made_id
from wellbeing_desktop.domain.contact import Appointment
from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.operations import appointments


def booked(made: Made, hours: float = 24, **fields: object) -> str:
    changes = appointments.book_appointment(
        made.writer,
        Appointment(subject=made.mary, starts_at=NOW + dt.timedelta(hours=hours), **fields),
        at=NOW,
    )
    return made_id(changes, "appointment")


def test_the_local_date_follows_from_the_moment(made: Made) -> None:
    summer = dt.datetime(2027, 6, 30, 23, 30, tzinfo=dt.UTC)
    appointments.book_appointment(made.writer, Appointment(subject=made.mary, starts_at=summer), at=NOW)
    assert made.only(Appointment).starts_on == dt.date(2027, 7, 1)


def test_the_past_is_not_booked(made: Made) -> None:
    with pytest.raises(Refused, match="Record a contact"):
        booked(made, hours=-1)
    with pytest.raises(Refused):
        booked(made, duration_minutes=0)


def test_an_outcome_is_recorded_and_never_assumed(made: Made) -> None:
    id = booked(made)
    with pytest.raises(Refused, match="not begun"):
        appointments.record_outcome(made.writer, id, "3", at=NOW)
    later = NOW + dt.timedelta(days=2)
    assert made.one(Appointment, id).outcome == ""
    appointments.record_outcome(made.writer, id, "3", at=later)
    assert made.one(Appointment, id).state == "not_attended"
    with pytest.raises(Refused):
        appointments.record_outcome(made.writer, id, "eaten by dog", at=later)


def test_cancelled_by_the_person_and_by_us_are_told_apart(made: Made) -> None:
    by_person, by_us = booked(made), booked(made, hours=48)
    appointments.cancel_appointment(made.writer, by_person, reason="Unwell", by_person=True, at=NOW)
    appointments.cancel_appointment(made.writer, by_us, reason="Snow", by_person=False, at=NOW)
    assert made.one(Appointment, by_person).outcome == "2"
    assert made.one(Appointment, by_us).outcome == "4"


def test_moving_keeps_the_appointment(made: Made) -> None:
    id = booked(made)
    appointments.move_appointment(made.writer, id, NOW + dt.timedelta(days=3), at=NOW)
    assert made.one(Appointment, id).starts_on == dt.date(2026, 11, 23)
    with pytest.raises(Refused):
        appointments.move_appointment(made.writer, id, NOW - dt.timedelta(days=3), at=NOW)
    appointments.cancel_appointment(made.writer, id, reason="", by_person=True, at=NOW)
    with pytest.raises(Refused):
        appointments.move_appointment(made.writer, id, NOW + dt.timedelta(days=4), at=NOW)
