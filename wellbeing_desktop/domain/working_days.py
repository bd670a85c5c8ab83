"""Bank holidays and working-day sums.

A working day is Monday to Friday and not a bank holiday of the division asked about. Counting starts on the next
working day after the day of receipt (day 0). Subject access counts calendar months and does not use this.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, Final, NamedTuple

ENGLAND_AND_WALES: Final = "england-and-wales"
DIVISIONS: Final = (ENGLAND_AND_WALES, "scotland", "northern-ireland")


class BankHolidays(NamedTuple):
    """One division's published bank holidays: date to name, and the years that the list covers in full."""

    names: Mapping[date, str]
    first_year: int
    last_year: int

    def covers(self, day: date) -> bool:
        """False when the list says nothing about that year; a sum that reaches it counts weekends only."""
        return self.first_year <= day.year <= self.last_year


def bank_holidays_from(published: Mapping[str, Any], division: str = ENGLAND_AND_WALES) -> BankHolidays:
    """Read GOV.UK's bank-holidays.json, already parsed. Raises KeyError or ValueError if it is another shape."""
    names = {date.fromisoformat(event["date"]): str(event["title"]) for event in published[division]["events"]}
    if not names:
        raise ValueError("no bank holidays")
    return BankHolidays(names, min(names).year, max(names).year)


def is_working_day(day: date, holidays: BankHolidays) -> bool:
    """Monday to Friday, unless it is a bank holiday of the division."""
    return day.weekday() < 5 and day not in holidays.names


def add_working_days(start: date, count: int, holidays: BankHolidays) -> date:
    """The working day that is `count` working days after `start` (before it, when negative).

    0 gives `start` itself if it is a working day, else the next one.
    """
    step = timedelta(days=-1 if count < 0 else 1)
    day = start
    if count == 0:
        while not is_working_day(day, holidays):
            day += step
        return day
    remaining = abs(count)
    while remaining:
        day += step
        remaining -= is_working_day(day, holidays)
    return day


def working_days_between(start: date, end: date, holidays: BankHolidays) -> int:
    """Working days after `start` up to and including `end`; negative when `end` is earlier."""
    if end < start:
        return -working_days_between(end, start, holidays)
    weeks, rest = divmod((end - start).days, 7)
    weekdays = weeks * 5 + sum((start + timedelta(days=weeks * 7 + day)).weekday() < 5 for day in range(1, rest + 1))
    return weekdays - sum(start < holiday <= end and holiday.weekday() < 5 for holiday in holidays.names)


def coverage_warning(holidays: BankHolidays, today: date) -> str:
    """A sentence when the coming year is not in the list (announced 6 to 12 months before), else empty."""
    if holidays.last_year > today.year:
        return ""
    return (
        f"Bank holidays are known to the end of {holidays.last_year} only. Due dates after that leave out weekends "
        "but not bank holidays. A newer version of this program has more."
    )
