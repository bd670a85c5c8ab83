"""When an answer is due: working minutes within the service's hours, bank holidays left out.

No national period was found for wellbeing enquiries or referrals (reference/06): hours and periods are settings of the
service, and those here are a product choice to begin with. A clock that began on a laptop without a network is watched
by nobody until it was sent (PRACTICE W13), and screens say so.
"""

import datetime as dt
from typing import Any, Final

import msgspec

from wellbeing_desktop.domain.london_time import local_time, moment_of
from wellbeing_desktop.domain.working_days import BankHolidays

HOURS_SETTING: Final = "response.hours"
PERIODS_SETTING: Final = "response.minutes"


class ServiceHours(msgspec.Struct, frozen=True):
    """When the service answers, by the clock on the wall. `days` are 0 for Monday to 6 for Sunday."""

    opens: dt.time = dt.time(9)
    closes: dt.time = dt.time(17)
    days: tuple[int, ...] = (0, 1, 2, 3, 4)

    def is_open_on(self, day: dt.date, holidays: BankHolidays) -> bool:
        return day.weekday() in self.days and day not in holidays.names


class _Said(msgspec.Struct, frozen=True):
    """Hours as a setting says them: `09:00`."""

    opens: str = "09:00"
    closes: str = "17:00"
    days: tuple[int, ...] = (0, 1, 2, 3, 4)


class Periods(msgspec.Struct, frozen=True):
    """Working minutes until an answer is due."""

    urgent: int = 60
    usual: int = 8 * 60
    referral: int = 5 * 8 * 60


def hours_from(value: Any) -> ServiceHours:
    """The service's hours from a setting; the usual ones where it says nothing that can be used."""
    try:
        said = msgspec.convert(value, _Said)
        found = ServiceHours(dt.time.fromisoformat(said.opens), dt.time.fromisoformat(said.closes), said.days)
    except (msgspec.ValidationError, ValueError):
        return ServiceHours()
    usable = found.opens < found.closes and found.days and all(0 <= day <= 6 for day in found.days)
    return found if usable else ServiceHours()


def periods_from(value: Any) -> Periods:
    try:
        found = msgspec.convert(value, Periods, strict=False)
    except msgspec.ValidationError:
        return Periods()
    return found if min(found.urgent, found.usual, found.referral) > 0 else Periods()


def due_after(start: dt.datetime, minutes: int, hours: ServiceHours, holidays: BankHolidays) -> dt.datetime:
    """The moment when `minutes` of service time have passed since `start`. UTC; `start` has a time zone."""
    left = dt.timedelta(minutes=minutes)
    begun = local_time(start)
    day, clock = begun.date(), begun.time()
    for _ in range(3660):  # ten years of days: more than any period that anybody sets
        if hours.is_open_on(day, holidays) and clock < hours.closes:
            opening = moment_of(day, max(clock, hours.opens))
            rest = moment_of(day, hours.closes) - opening
            if left <= rest:
                return opening + left
            left -= rest
        day, clock = day + dt.timedelta(days=1), dt.time(0)
    raise ValueError("a period without an end")


def minutes_between(start: dt.datetime, end: dt.datetime, hours: ServiceHours, holidays: BankHolidays) -> int:
    """Working minutes from `start` to `end`; negative when `end` is earlier."""
    if end < start:
        return -minutes_between(end, start, hours, holidays)
    passed = dt.timedelta()
    day, last = local_time(start).date(), local_time(end).date()
    while day <= last:
        if hours.is_open_on(day, holidays):
            opens, closes = moment_of(day, hours.opens), moment_of(day, hours.closes)
            passed += max(min(closes, end) - max(opens, start), dt.timedelta())
        day += dt.timedelta(days=1)
    return int(passed.total_seconds() // 60)


def clock_words(respond_by: dt.datetime, now: dt.datetime, hours: ServiceHours, holidays: BankHolidays) -> str:
    """`25 minutes left`, `3 hours left`, `1 hour late`: working time, in words."""
    left = minutes_between(now, respond_by, hours, holidays)
    amount = abs(left)
    if amount < 60:
        words = f"{amount} minute{'' if amount == 1 else 's'}"
    else:
        whole = amount // 60
        words = f"{whole} hour{'' if whole == 1 else 's'}"
    if respond_by < now:
        return f"{words} late" if amount else "Late"
    return f"{words} left" if amount else "Due now"
