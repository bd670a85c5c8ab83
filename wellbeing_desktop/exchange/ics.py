"""Calendars: appointments out without anything that names a person, and busy times in."""

import datetime as dt
import re
from collections.abc import Iterable
from typing import Any, Final
from zoneinfo import ZoneInfo

import msgspec

from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.exchange.open_referral import RefusedItem

_MAX_BYTES: Final = 10 * 1024 * 1024
_MAX_EVENTS: Final = 20_000
_LONGEST_UID: Final = 500
_LONDON: Final = ZoneInfo("Europe/London")
_OURS: Final = "@wellbeing-desktop"
_WAS: Final = "x-wellbeing-starts"
_ZONES: Final = re.compile(
    rb"^BEGIN[^:\n]*:[ \t\"]*VTIMEZONE.*?^END[^:\n]*:[ \t\"]*VTIMEZONE[^\n]*\n?", re.I | re.M | re.S
)
_A_ZONE: Final = re.compile(rb"^(BEGIN|END)[^\n]*VTIMEZONE", re.I | re.M)
_NO_TIMES: Final = "The times of this event cannot be read."
_NOT_A_CALENDAR: Final = "This file is not a calendar (ICS), or it is damaged."


class CalendarEntry(msgspec.Struct, frozen=True, kw_only=True):
    """One appointment going out. `starts_at` is UTC. `initials` are empty where not even they may be seen."""

    id: str
    starts_at: dt.datetime
    minutes: int
    kind: str = "Appointment"
    initials: str = ""
    cancelled: bool = False
    revision: int = 0


class BusyTime(msgspec.Struct, frozen=True, kw_only=True):
    """One event read. Times are UTC; an all-day event has `all_day` and its local dates, the end not included.

    `place` is where in the file it stands. `appointment_id` is the appointment that this program wrote as the event,
    and `was_at` when that began when it was written. `floating`: no time zone was given, so it is local time.
    """

    place: int = 0
    uid: str
    summary: str
    appointment_id: str = ""
    was_at: dt.datetime | None = None
    floating: bool = False
    starts_at: dt.datetime | None = None
    ends_at: dt.datetime | None = None
    all_day: bool = False
    starts_on: dt.date | None = None
    ends_on: dt.date | None = None
    repeats: bool = False
    cancelled: bool = False


class Calendar(msgspec.Struct, frozen=True):
    """What a calendar file holds. `not_understood` names the kinds of entry that were left out."""

    entries: tuple[BusyTime, ...]
    refused: tuple[RefusedItem, ...]
    not_understood: tuple[str, ...]


def calendar_bytes(entries: Iterable[CalendarEntry], written_at: dt.datetime) -> bytes:
    """An ICS file. Never a name or an address: a calendar is seen on telephones and shared screens."""
    import icalendar

    calendar = icalendar.Calendar()
    calendar.add("prodid", "-//Wellbeing Desktop//Appointments//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    for entry in entries:
        event = icalendar.Event()
        event.add("uid", entry.id + _OURS)
        event.add("dtstamp", written_at.astimezone(dt.UTC))
        # what a calendar that comes back was told, so that a move made here meanwhile is not undone by it
        event.add(_WAS, _stamp(entry.starts_at))
        event.add("dtstart", entry.starts_at.astimezone(dt.UTC))
        event.add("dtend", (entry.starts_at + dt.timedelta(minutes=max(1, entry.minutes))).astimezone(dt.UTC))
        event.add("summary", f"{entry.kind} ({entry.initials})" if entry.initials else entry.kind)
        event.add("class", "PRIVATE")
        event.add("sequence", entry.revision)
        event.add("status", "CANCELLED" if entry.cancelled else "CONFIRMED")
        calendar.add_component(event)
    return bytes(calendar.to_ical())


def read_calendar(data: bytes) -> Calendar:
    """Events with their times. Repeating events are read once and marked; nothing is expanded.

    Alarms, attachments, web addresses, attendees and the file's own definitions of time zones are never read: those
    are rules to be worked out, and a zone of a known name need not be what the name says. Raises Refused for any
    other file.
    """
    if len(data) > _MAX_BYTES:
        raise Refused(f"The calendar is larger than {_MAX_BYTES // (1024 * 1024)} MB.")
    # A file cut short is not half believed: the missing events would look like free time.
    if b"BEGIN:VCALENDAR" not in data[:4096].upper() or b"END:VCALENDAR" not in data[-4096:].upper():
        raise Refused(_NOT_A_CALENDAR)
    data = _ZONES.sub(b"", re.sub(rb"\r?\n[ \t]", b"", data))
    if _A_ZONE.search(data):
        raise Refused(_NOT_A_CALENDAR)
    import icalendar

    try:
        calendars: Any = icalendar.Calendar.from_ical(data.decode("utf-8-sig", "replace"), multiple=True)
    except (ValueError, KeyError, IndexError, TypeError, AttributeError, RecursionError, OverflowError) as failure:
        raise Refused(_NOT_A_CALENDAR) from failure
    entries: list[BusyTime] = []
    refused: list[RefusedItem] = []
    others: dict[str, None] = {}
    place = 0
    for calendar in calendars:
        for part in calendar.subcomponents:
            if part.name != "VEVENT":
                if part.name != "VTIMEZONE":
                    others[str(part.name)] = None
                continue
            place += 1
            if place > _MAX_EVENTS:
                raise Refused(f"The calendar has more than {_MAX_EVENTS:,} events.")
            try:
                entries.append(msgspec.structs.replace(_busy(part), place=place))
            except Refused as refusal:
                refused.append(RefusedItem(f"event {place}", refusal.message))
            except (ValueError, KeyError, TypeError, AttributeError, OverflowError):
                refused.append(RefusedItem(f"event {place}", _NO_TIMES))
    return Calendar(tuple(entries), tuple(refused), tuple(others))


def _busy(event: Any) -> BusyTime:
    starts = _value(event, "dtstart")
    if starts is None:
        raise Refused("This event has no start.")
    ends = _value(event, "dtend")
    duration = _value(event, "duration")
    uid = str(event.get("uid", ""))
    plain = BusyTime(
        uid=uid[:_LONGEST_UID],
        summary=" ".join(str(event.get("summary", "")).split())[:200],
        appointment_id=uid.removesuffix(_OURS) if uid.endswith(_OURS) else "",
        was_at=_moment(str(event.get(_WAS, ""))),
        repeats=any(event.get(rule) is not None for rule in ("rrule", "rdate", "recurrence-id")),
        cancelled=str(event.get("status", "")).upper() == "CANCELLED",
    )
    if not isinstance(starts, dt.datetime):
        last = ends if isinstance(ends, dt.date) else starts + (duration or dt.timedelta(days=1))
        if last < starts:
            raise Refused("This event ends before it begins.")
        return msgspec.structs.replace(
            plain, all_day=True, starts_on=starts, ends_on=max(last, starts + dt.timedelta(days=1))
        )
    floating = _has_no_zone(event, "dtstart", starts)
    begin = _utc(starts)
    if isinstance(ends, dt.datetime):
        _has_no_zone(event, "dtend", ends)
        end = _utc(ends)
    else:
        end = begin + (duration or dt.timedelta())
    if end < begin:
        raise Refused("This event ends before it begins.")
    return msgspec.structs.replace(plain, starts_at=begin, ends_at=end, floating=floating)


def _value(event: Any, key: str) -> Any:
    found = event.get(key)
    if isinstance(found, list):
        raise Refused("This event has two times where it should have one.")
    return None if found is None else found.dt


def _has_no_zone(event: Any, key: str, moment: dt.datetime) -> bool:
    """True for local time wherever one is; Refused where a zone is named that nobody knows."""
    if moment.tzinfo is not None:
        return False
    if event[key].params.get("TZID"):
        raise Refused("The time zone of this event is not one that is known.")
    return True


def _stamp(moment: dt.datetime) -> str:
    return moment.astimezone(dt.UTC).isoformat()


def _moment(stamp: str) -> dt.datetime | None:
    try:
        found = dt.datetime.fromisoformat(stamp)
    except ValueError:
        return None
    return found.astimezone(dt.UTC) if found.tzinfo else None


def _utc(moment: dt.datetime) -> dt.datetime:
    """A time without a zone is local time."""
    return (moment if moment.tzinfo else moment.replace(tzinfo=_LONDON)).astimezone(dt.UTC)
