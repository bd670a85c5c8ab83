"""Times of day, and moments, as people type them."""

import datetime as dt
import re
import unicodedata
from typing import Final

from wellbeing_desktop.domain.dates import parse_typed_date
from wellbeing_desktop.domain.definition import Kind
from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.domain.london_time import moment_of
from wellbeing_desktop.domain.wire import from_wire

_TIME: Final = re.compile(r"(\d{1,2})(?:[:.]?(\d{2}))?\s*(?:([ap])\.?m\.?)?", re.IGNORECASE | re.ASCII)
_NOON: Final = frozenset({"noon", "midday", "12 noon", "12noon"})
_LIKE: Final = "Enter a time like 09:40 or 2pm"


def parse_clock_time(text: str, field: str | None = None) -> dt.time:
    """`9:40`, `0940`, `17.05`, `2pm`, `2.30 p.m.`, `noon`. Raises Refused; `9` alone is refused, because it may be
    morning or evening."""
    plain = unicodedata.normalize("NFKC", text).strip()
    if plain.casefold() in _NOON:
        return dt.time(12)
    found = _TIME.fullmatch(plain)
    if found is None or (found[2] is None and found[3] is None):
        raise Refused(_LIKE, field)
    hour, minute, half = int(found[1]), int(found[2] or 0), (found[3] or "").lower()
    if half and not 1 <= hour <= 12:
        raise Refused(_LIKE, field)
    if half:
        hour = hour % 12 + (12 if half == "p" else 0)
    if hour > 23 or minute > 59:
        raise Refused("There are 24 hours in a day and 60 minutes in an hour. Enter a time like 09:40", field)
    return dt.time(hour, minute)


def parse_typed_moment(text: str, today: dt.date, field: str | None = None) -> dt.datetime:
    """`21/11/2026 14:30`, `today 2pm`: a day and then a time, as staff type them; or as it is kept. Raises Refused."""
    plain = re.sub(r"\s+(?=[ap]\.?m\.?$)", "", unicodedata.normalize("NFKC", text).strip(), flags=re.IGNORECASE)
    day, _, time = plain.rpartition(" ")
    if not day:
        try:
            kept = from_wire(Kind.MOMENT, plain)
        except Refused:
            raise Refused("Type the day and the time, like 21/11/2026 14:30.", field) from None
        return dt.datetime.fromisoformat(str(kept)) if not isinstance(kept, dt.datetime) else kept
    try:
        return moment_of(parse_typed_date(day, today, field), parse_clock_time(time, field))
    except OverflowError:
        raise Refused("This is too far away to be a date.", field) from None
