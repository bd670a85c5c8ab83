"""Calendars out without personal data, and in without trust."""

import datetime as dt

import icalendar
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.exchange.ics import CalendarEntry, calendar_bytes, read_calendar

NOW = dt.datetime(2026, 11, 21, 8, 0, tzinfo=dt.UTC)


def ics(*lines: str) -> bytes:
    body = "\r\n".join(["BEGIN:VEVENT", "UID:1", *lines, "END:VEVENT"])
    return f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\n{body}\r\nEND:VCALENDAR\r\n".encode()


def test_an_appointment_goes_out_and_comes_back_with_its_times() -> None:
    starts = dt.datetime(2026, 11, 23, 9, 40, tzinfo=dt.UTC)
    data = calendar_bytes([CalendarEntry(id="0190", starts_at=starts, minutes=50, kind="Home visit")], NOW)
    assert icalendar.Calendar.from_ical(data).errors == []
    (entry,) = read_calendar(data).entries
    assert (entry.summary, entry.starts_at, entry.ends_at) == ("Home visit", starts, starts + dt.timedelta(minutes=50))


def test_initials_are_there_only_when_given() -> None:
    starts = dt.datetime(2026, 11, 23, 9, 40, tzinfo=dt.UTC)
    data = calendar_bytes([CalendarEntry(id="1", starts_at=starts, minutes=30, initials="BJ", cancelled=True)], NOW)
    (entry,) = read_calendar(data).entries
    assert entry.summary == "Appointment (BJ)"
    assert entry.cancelled


@pytest.mark.parametrize(("month", "hour"), [(1, 10), (7, 9)])
def test_a_time_without_a_zone_is_local_time(month: int, hour: int) -> None:
    (entry,) = read_calendar(ics(f"DTSTART:2026{month:02d}15T100000", "DURATION:PT1H")).entries
    assert entry.starts_at == dt.datetime(2026, month, 15, hour, tzinfo=dt.UTC)


def test_whole_days_and_repeats_are_marked() -> None:
    (entry,) = read_calendar(ics("DTSTART;VALUE=DATE:20261225", "RRULE:FREQ=SECONDLY", "SUMMARY:Leave")).entries
    assert (entry.all_day, entry.starts_on, entry.ends_on) == (True, dt.date(2026, 12, 25), dt.date(2026, 12, 26))
    assert entry.repeats


def test_a_bad_event_is_refused_by_place_and_the_rest_is_read() -> None:
    good = ics("DTSTART:20261123T094000Z")
    bad = b"BEGIN:VEVENT\r\nUID:2\r\nSUMMARY:no start\r\nEND:VEVENT\r\nBEGIN:VTODO\r\nUID:3\r\nEND:VTODO\r\n"
    late = b"BEGIN:VEVENT\r\nUID:4\r\nDTSTART:20261123T100000Z\r\nDTEND:20261123T090000Z\r\nEND:VEVENT\r\n"
    found = read_calendar(good.replace(b"END:VCALENDAR", bad + late + b"END:VCALENDAR"))
    assert len(found.entries) == 1
    assert [item.item for item in found.refused] == ["event 2", "event 3"]
    assert found.not_understood == ("VTODO",)


@pytest.mark.parametrize("data", [b"", b"hello", b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n"])
def test_another_file_is_refused_in_words(data: bytes) -> None:
    with pytest.raises(Refused, match="not a calendar"):
        read_calendar(data)


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=120), st.sampled_from(["DTSTART", "DTEND", "DURATION", "RRULE", "SUMMARY", "X"]))
def test_any_property_is_read_or_refused(text: str, name: str) -> None:
    try:
        read_calendar(ics("DTSTART:20261123T094000Z" if name != "DTSTART" else "X:1", f"{name}:{text}"))
    except Refused:
        return


ZONE = (
    b"BEGIN:VTIMEZONE\r\nTZID:%s\r\nBEGIN:STANDARD\r\nDTSTART:16010101T000000\r\nRRULE:FREQ=SECONDLY\r\n"
    b"TZOFFSETFROM:+0000\r\nTZOFFSETTO:+1300\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\nBEGIN:VEVENT"
)


@pytest.mark.parametrize(
    "spelled", [b"BEGIN:VTIMEZONE", b"begin:vtimezone", b"BEGIN:VTIME\r\n ZONE", b"BEGIN;X=1:VTIMEZONE"]
)
def test_a_zone_that_the_file_defines_itself_is_never_worked_out(spelled: bytes) -> None:
    """Its rules could count every second since 1601, or shift a zone that is known, for this file and the next."""
    for name, known in ((b"Mine", False), (b"Europe/London", True)):
        zone = (ZONE % name).replace(b"BEGIN:VTIMEZONE", spelled)
        data = ics(f"DTSTART;TZID={name.decode()}:20261123T094000").replace(b"BEGIN:VEVENT", zone)
        found = read_calendar(data)
        if known:
            assert found.entries[0].starts_at == dt.datetime(2026, 11, 23, 9, 40, tzinfo=dt.UTC)
        else:
            assert [each.reason for each in found.refused] == ["The time zone of this event is not one that is known."]


def test_half_a_zone_is_no_calendar() -> None:
    with pytest.raises(Refused, match="not a calendar"):
        read_calendar(ics("DTSTART:20261123T094000Z").replace(b"BEGIN:VEVENT", b"BEGIN:VTIMEZONE\r\nBEGIN:VEVENT"))


@pytest.mark.parametrize(
    ("rule", "repeats"),
    [
        ("RRULE:FREQ=SECONDLY;COUNT=999999999", True),
        ("RDATE:20261124T094000Z", True),
        ("RECURRENCE-ID:20261123T094000Z", True),
        ("X:1", False),
    ],
)
def test_what_repeats_is_marked_and_never_expanded(rule: str, repeats: bool) -> None:
    (entry,) = read_calendar(ics("DTSTART:20261123T094000Z", rule)).entries
    assert entry.repeats is repeats


def test_a_time_at_the_end_of_the_world_is_a_sentence() -> None:
    assert read_calendar(ics("DTSTART:99991231T235959Z", "DURATION:P9999D")).refused[0].reason.startswith("The times")


def test_our_own_event_brings_its_appointment_and_what_the_calendar_was_told() -> None:
    starts = dt.datetime(2026, 11, 23, 9, 40, tzinfo=dt.UTC)
    (entry,) = read_calendar(calendar_bytes([CalendarEntry(id="0190", starts_at=starts, minutes=50)], NOW)).entries
    assert (entry.appointment_id, entry.was_at, entry.floating, entry.place) == ("0190", starts, False, 1)
    (other,) = read_calendar(ics("DTSTART:20261123T094000", "X-WELLBEING-STARTS:never")).entries
    assert (other.appointment_id, other.was_at, other.floating) == ("", None, True)
