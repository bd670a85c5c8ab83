"""Lengths of time that a service plans by: days, working days, weeks, months; and what comes again.

Months end where they end: a month after 31 January is the last day of February, and the one after that 31 March again,
because every occurrence is counted from the first. A day on which the service is closed moves to the next on which it
is open.
"""

import datetime as dt
import re
from collections.abc import Callable
from typing import Final

import msgspec

from wellbeing_desktop.domain.dates import months_later
from wellbeing_desktop.domain.errors import Refused

DAYS: Final = "days"
WORKING_DAYS: Final = "working_days"
WEEKS: Final = "weeks"
MONTHS: Final = "months"
UNITS: Final = (DAYS, WORKING_DAYS, WEEKS, MONTHS)
MOST: Final = 1000
"""Of any unit: more is a slip of the pen."""

IsOpen = Callable[[dt.date], bool]
_WRITTEN: Final = re.compile(r"P([1-9][0-9]{0,3})([DWM])")
_LETTERS: Final = {"D": DAYS, "W": WEEKS, "M": MONTHS}
_WORDS: Final = {DAYS: "day", WORKING_DAYS: "working day", WEEKS: "week", MONTHS: "month"}


class Period(msgspec.Struct, frozen=True):
    count: int
    unit: str

    def words(self) -> str:
        """ "6 weeks", "1 working day"."""
        return f"{self.count} {_WORDS[self.unit]}{'' if self.count == 1 else 's'}"


def read_period(text: str, field: str = "repeats") -> Period:
    """From ISO 8601 (`P2W`, `P1M`, `P10D`), as a task keeps it."""
    found = _WRITTEN.fullmatch(text.strip().upper())
    if found is None or int(found[1]) > MOST:
        raise Refused("Say how often as a number of days, weeks or months.", field)
    return Period(int(found[1]), _LETTERS[found[2]])


def written(period: Period) -> str:
    """As a task keeps it. Working days are counted for offsets only: what comes again is moved to an open day anyway."""
    letter = next((letter for letter, unit in _LETTERS.items() if unit == period.unit), "")
    if not letter or not 1 <= period.count <= MOST:
        raise Refused("Say how often as a number of days, weeks or months.", "repeats")
    return f"P{period.count}{letter}"


def after(start: dt.date, period: Period, is_open: IsOpen) -> dt.date:
    """The day that is `period` after `start`, moved to the next day on which the service is open."""
    if period.unit == WORKING_DAYS:
        day = start
        for _ in range(period.count):
            day = next_open(day + dt.timedelta(days=1), is_open)
        return next_open(day, is_open)
    return next_open(_times(start, period, 1), is_open)


def next_occurrence(first: dt.date, due: dt.date, period: Period, is_open: IsOpen) -> dt.date:
    """The first occurrence after `due` of what began on `first`, on an open day."""
    count = 0
    while True:
        count += 1
        day = next_open(_times(first, period, count), is_open)
        if day > due:
            return day


def next_open(day: dt.date, is_open: IsOpen) -> dt.date:
    """`day`, or the next on which the service is open; `day` itself if there is none in a year."""
    for ahead in range(366):
        if is_open(day + dt.timedelta(days=ahead)):
            return day + dt.timedelta(days=ahead)
    return day


def _times(start: dt.date, period: Period, count: int) -> dt.date:
    if period.unit == MONTHS:
        return months_later(start, period.count * count)
    return start + dt.timedelta(days=period.count * count * (7 if period.unit == WEEKS else 1))
