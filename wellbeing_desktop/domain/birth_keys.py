"""Under which keys a birth date stands in an index, so that one that is a slip away is found without reading every date.

Two dates that differ in one digit agree once it is left out of both; two with neighbouring digits swapped agree once the
two are put in order. Whoever is found under a key may still be born on another day: comparing decides
(operations/likeness.py).
"""

import datetime as dt
from collections.abc import Iterator

_YEARS_OFF = (-100, -1, 1, 100)


def kept_under(day: dt.date) -> Iterator[str]:
    """Every key that this date stands under."""
    digits = day.strftime("%Y%m%d")
    yield digits
    yield from _slips(digits)
    yield f"year {day.year}"
    if (day.month, day.day) == (1, 1):
        yield f"1 January {day.year}"


def looked_for_under(day: dt.date) -> Iterator[str]:
    """The keys of every date that may be this one: a slip away, a year or a century off, or one of the two 1 January,
    which may stand for a day not known."""
    digits = day.strftime("%Y%m%d")
    yield from _slips(digits)
    for off in _YEARS_OFF:
        yield f"{day.year + off:04}{digits[4:]}"
    yield f"year {day.year}" if (day.month, day.day) == (1, 1) else f"1 January {day.year}"


def _slips(digits: str) -> Iterator[str]:
    for at in range(8):
        yield f"{digits[:at]}?{digits[at + 1 :]}"
    for at in range(7):
        one, other = digits[at], digits[at + 1]
        if one != other:
            yield f"{digits[:at]}<{min(one, other)}{max(one, other)}>{digits[at + 2 :]}"
