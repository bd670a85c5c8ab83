"""How dates, times and offers are worded on paper that people outside the service read (reference 8, UX 6)."""

from datetime import date, datetime
from typing import Final

_DAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS: Final = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip


def long_date(day: date) -> str:
    """Saturday 21 November 2026, whatever the computer's language."""
    return f"{_DAYS[day.weekday()]} {plain_date(day)}"


def plain_date(day: date) -> str:
    """21 November 2026."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def public_time(moment: datetime) -> str:
    """10:30am, 2pm, midday, midnight. `moment` is local time."""
    if moment.minute == 0 and moment.hour in (0, 12):
        return "midnight" if moment.hour == 0 else "midday"
    hour = moment.hour % 12 or 12
    half = "am" if moment.hour < 12 else "pm"
    return f"{hour}:{moment.minute:02d}{half}" if moment.minute else f"{hour}{half}"


def nhs_number(digits: str) -> str:
    """999 123 4567; anything that is not ten digits is given back as it came."""
    bare = digits.replace(" ", "")
    return f"{bare[:3]} {bare[3:6]} {bare[6:]}" if len(bare) == 10 and bare.isdigit() else digits


def other_formats(telephone: str) -> str:
    """The offer that stands on page 1 of everything that goes to a person."""
    ask = f"Call us on {telephone}" if telephone else "Tell us"
    return f"You can have this in large print, easy read, audio, braille, British Sign Language or another language. {ask}."
