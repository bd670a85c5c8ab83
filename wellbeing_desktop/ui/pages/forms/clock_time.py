"""A time of day as people type it."""

import datetime as dt
import re
from typing import Final

from wellbeing_desktop.domain.errors import Refused

_TIME: Final = re.compile(r"(\d{1,2})(?:[:.]?(\d{2}))?\s*(am|pm)?", re.IGNORECASE)


def parse_clock_time(text: str, field: str | None = None) -> dt.time:
    """`9:40`, `0940`, `17.05`, `2pm`. Raises Refused; `9` alone is refused, because it may be morning or evening."""
    found = _TIME.fullmatch(text.strip())
    if found is None or (found[2] is None and found[3] is None):
        raise Refused("Enter a time like 09:40 or 2pm", field)
    hour, minute, half = int(found[1]), int(found[2] or 0), (found[3] or "").lower()
    if half and not 1 <= hour <= 12:
        raise Refused("Enter a time like 09:40 or 2pm", field)
    if half:
        hour = hour % 12 + (12 if half == "pm" else 0)
    if hour > 23 or minute > 59:
        raise Refused("There are 24 hours in a day and 60 minutes in an hour. Enter a time like 09:40", field)
    return dt.time(hour, minute)
