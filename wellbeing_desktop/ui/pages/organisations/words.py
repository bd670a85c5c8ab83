"""What a list says of an organisation."""

import datetime as dt

from wellbeing_desktop.domain.code_lists import label_of
from wellbeing_desktop.domain.dates import day_words
from wellbeing_desktop.operations.organisations import is_closed


def kind_words(kind: str) -> str:
    return label_of("organisation_kinds", kind) if kind else "Kind not recorded"


def people_words(count: int) -> str:
    """ "3 people", "Nobody"."""
    return "Nobody" if not count else "1 person" if count == 1 else f"{count:,} people"


def closed_words(closed_on: dt.date | None, today: dt.date) -> str:
    """Empty while it is in use."""
    return f"Closed {day_words(closed_on)}" if closed_on and is_closed(closed_on, today) else ""
