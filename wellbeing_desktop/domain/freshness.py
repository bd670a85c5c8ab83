"""How old what is known of a service or an article is, in words.

After how long somebody should look again is a setting; the days here are a product choice until it is set.
"""

import datetime as dt
from typing import Final

CHECK_AFTER_DAYS: Final = 182
ROOM_FADES_DAYS: Final = 28


def age_words(on: dt.date, today: dt.date) -> str:
    """`today`, `yesterday`, `12 days ago`, `5 months ago`, `3 years ago`."""
    days = (today - on).days
    if days <= 0:
        return "today"
    if days == 1:
        return "yesterday"
    if days < 60:
        return f"{days} days ago"
    months = (today.year - on.year) * 12 + today.month - on.month - (today.day < on.day)
    return f"{months} months ago" if months < 24 else f"{months // 12} years ago"


def checked_words(checked_on: dt.date | None, today: dt.date, after_days: int = CHECK_AFTER_DAYS) -> str:
    """When somebody last looked whether an entry is still so, and whether that was too long ago."""
    if checked_on is None:
        return "Never checked"
    is_old = (today - checked_on).days > after_days
    return f"{'Check first:' if is_old else 'Checked'} {age_words(checked_on, today)}"


def room_words(room: str, capacity_on: dt.date | None, today: dt.date, fades_days: int = ROOM_FADES_DAYS) -> str:
    """Whether a service has room, and when that was known."""
    if not room or capacity_on is None:
        return room
    said = f"{room}, {age_words(capacity_on, today)}"
    return f"{said}: ask again" if (today - capacity_on).days > fades_days else said


def approved_words(approved_on: dt.date | None, review_on: dt.date | None, today: dt.date) -> str:
    """When an article was last stood by, and whether the day of looking at it again has passed."""
    if approved_on is None:
        return "Not approved"
    is_old = review_on is None or review_on < today
    return f"{'Check first: approved' if is_old else 'Approved'} {age_words(approved_on, today)}"
