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
