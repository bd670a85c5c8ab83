"""The local date and time of a moment in the United Kingdom.

Written here rather than taken from the system: Windows carries no time-zone data for Python, and a laptop set to
another zone must not move a visit to another day. Summer time runs from the last Sunday of March to the last Sunday of
October, changing at 01:00 UTC (Summer Time Act 1972 as amended in 2002); earlier years followed other rules, and no
moment before 2002 is ever recorded by this program.
"""

import datetime as dt
from typing import Final

_SUMMER: Final = dt.timezone(dt.timedelta(hours=1), "BST")
_WINTER: Final = dt.timezone(dt.timedelta(0), "GMT")


def local_time(moment: dt.datetime) -> dt.datetime:
    """The moment as a clock on the wall in the United Kingdom shows it. Raises ValueError without a time zone."""
    if moment.tzinfo is None:
        raise ValueError("a moment without a time zone has no local time")
    utc = moment.astimezone(dt.UTC)
    return utc.astimezone(_SUMMER if _is_summer(utc) else _WINTER)


def local_date(moment: dt.datetime) -> dt.date:
    """The date on which the moment falls in the United Kingdom."""
    return local_time(moment).date()


def moment_of(day: dt.date, time: dt.time) -> dt.datetime:
    """The UTC moment of a local date and time.

    The hour that happens twice in October is taken as the first of the two; the hour that does not happen in March is
    taken as an hour later by the clock, as people mean it.
    """
    naive = dt.datetime.combine(day, time)
    as_summer = naive.replace(tzinfo=_SUMMER).astimezone(dt.UTC)
    if _is_summer(as_summer):
        return as_summer
    return naive.replace(tzinfo=_WINTER).astimezone(dt.UTC)


def _is_summer(utc: dt.datetime) -> bool:
    return _change(utc.year, 3) <= utc < _change(utc.year, 10)


def _change(year: int, month: int) -> dt.datetime:
    """01:00 UTC on the last Sunday of a month with 31 days."""
    last = dt.date(year, month, 31)
    return dt.datetime.combine(last - dt.timedelta(days=(last.weekday() + 1) % 7), dt.time(1), dt.UTC)
