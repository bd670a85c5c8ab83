"""Dates and times as people type them, and as staff screens and letters show them (PRACTICE W31).

English month and day names are written here rather than taken from the locale: a laptop set to another language
must not change a letter.
"""

import re
import unicodedata
from datetime import date, datetime, time, timedelta
from typing import Final, Literal

from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.domain.london_time import local_time

MONTHS: Final = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
DAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
OLDEST_AGE_YEARS: Final = 130
AT_AN_UNKNOWN_TIME: Final = "at an unknown time"

Leaning = Literal["nearest", "future", "past"]

_NUMERIC: Final = re.compile(r"(\d{1,2})[/.\-\s](\d{1,2})(?:[/.\-\s](\d{2}|\d{4}))?", re.ASCII)
_WORDED: Final = re.compile(
    r"(\d{1,2})(?:st|nd|rd|th)?(?: of |[/.\-\s]*)([a-z]{3,9})\.?,?(?:[/.\-\s]*(\d{2}|\d{4}))?", re.ASCII
)
_ISO: Final = re.compile(r"(\d{4})[-/](\d{1,2})[-/](\d{1,2})", re.ASCII)
_PACKED: Final = re.compile(r"(\d{4})(\d{2})(\d{2})", re.ASCII)
_OFFSET: Final = re.compile(r"([+-])\s*(\d{1,4})\s*([dwmy])[a-z]*", re.ASCII)
_MIDNIGHT: Final = re.compile(r"[T\s]+00:00(?::00(?:\.0+)?)?(?:Z|\+00:?00)?$", re.IGNORECASE)
_NOT_A_DATE: Final = "This is not a date. Type it like 21/11/2026 or 21 Nov 2026."


def parse_typed_date(text: str, today: date, field: str | None = None, leaning: Leaning = "nearest") -> date:
    """A date as typed by staff: `21/11`, `21/11/2026`, `21 nov`, `2026-11-21`, `20261121`, `today`, `+2w`, `mon`.

    Without a year, `leaning` chooses the year: nearest to today, or not before, or not after it. A day name is the
    next such day after today (the last one before it when leaning to the past). Two-digit years are of this century.
    Raises Refused.
    """
    words = _folded(text)
    relative = _relative(words, today, leaning, field)
    if relative is not None:
        return relative
    day, month, year = _parts(words, field)
    if year is None:
        return _with_leaning(day, month, today, leaning, field)
    return _real_date(day, month, int(year) + (2000 if len(year) == 2 else 0), field)


def parse_birth_date(text: str, today: date, field: str | None = "born_on") -> date:
    """A date of birth with a four-digit year, not in the future, not more than 130 years ago; else Refused."""
    words = _MIDNIGHT.sub("", _folded(text))
    if re.fullmatch(r"1[89][0-9]{2}|20[0-9]{2}", words):
        raise Refused("This is a year alone; a date of birth needs its day and month.", field)
    if re.fullmatch(r"[0-9]{6}", words):
        raise Refused("The year of birth has two digits, so the century is not known. Give all four.", field)
    if re.fullmatch(r"[0-9]{1,5}(?:\.[0-9]+)?", words):
        raise Refused(
            "This is a spreadsheet's day number, not a date. Export the list again with dates as text.", field
        )
    day, month, year = _parts(words, field)
    if year is None:
        raise Refused("A date of birth needs its year.", field)
    if len(year) == 2:
        raise Refused("The year of birth has two digits, so the century is not known. Give all four.", field)
    born = _real_date(day, month, int(year), field)
    if born > today:
        raise Refused("This date of birth is in the future.", field)
    if age_on(born, today) > OLDEST_AGE_YEARS:
        raise Refused(f"This date of birth is more than {OLDEST_AGE_YEARS} years ago.", field)
    return born


def parse_listed_date(text: str, field: str | None = None) -> date:
    """A date in a list or export, with a four-digit year and no shorthand; else Refused."""
    day, month, year = _parts(_MIDNIGHT.sub("", _folded(text)), field)
    if year is None or len(year) == 2:
        raise Refused("This date has no four-digit year, so the year is not known.", field)
    return _real_date(day, month, int(year), field)


def long_date(day: date) -> str:
    """For letters: `Saturday 21 November 2026`."""
    return f"{DAYS[day.weekday()]} {plain_date(day)}"


def plain_date(day: date) -> str:
    """For letters, within a sentence: `21 November 2026`."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def letter_time(clock: time) -> str:
    """For letters: `10:30am`, `5pm`, `midday`, `midnight` (GOV.UK style)."""
    if clock.minute == 0 and clock.hour in (0, 12):
        return "midday" if clock.hour else "midnight"
    minutes = f":{clock.minute:02d}" if clock.minute else ""
    return f"{clock.hour % 12 or 12}{minutes}{'am' if clock.hour < 12 else 'pm'}"


def staff_date(day: date) -> str:
    """For staff: `21-Nov-2026`, which nobody reads as the other order."""
    return f"{day.day:02d}-{MONTHS[day.month - 1][:3]}-{day.year:04d}"


def staff_time(clock: time) -> str:
    """For staff: the 24-hour clock, `09:40`."""
    return f"{clock.hour:02d}:{clock.minute:02d}"


def staff_moment(moment: datetime) -> str:
    """For staff: `21-Nov-2026 14:30`, by the clock in London."""
    local = local_time(moment)
    return f"{staff_date(local.date())} {staff_time(local.time())}"


def staff_clock(moment: datetime) -> str:
    """The hour of a moment alone: `14:30`, by the clock in London."""
    return staff_time(local_time(moment).time())


def day_words(day: date | None, none: str = "") -> str:
    """`staff_date`, or what to say where no day is known."""
    return staff_date(day) if day is not None else none


def moment_words(moment: datetime | None, none: str = "") -> str:
    """`staff_moment`, or what to say where no moment is known."""
    return staff_moment(moment) if moment is not None else none


def recent_words(moment: datetime | None, now: datetime) -> str:
    """`09:40` where it was today in London, `20-Nov-2026 09:40` on any other day."""
    if moment is None:
        return AT_AN_UNKNOWN_TIME
    is_today = local_time(moment).date() == local_time(now).date()
    return staff_clock(moment) if is_today else staff_moment(moment)


def kept_moment_words(text: str, none: str = AT_AN_UNKNOWN_TIME) -> str:
    """`staff_moment` of a moment as it is kept (ISO text, UTC); `none` where the text is not one."""
    try:
        return staff_moment(datetime.fromisoformat(text))
    except ValueError:
        return none


def age_on(born: date, on: date) -> int:
    """Whole years; someone born on 29 February is a year older on 1 March in other years. Negative before birth."""
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


def day_number(day: date | None) -> int:
    """For putting things in order of day: an unknown day is before every other."""
    return 0 if day is None else day.toordinal()


def _folded(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def _parts(words: str, field: str | None) -> tuple[int, int, str | None]:
    """Day, month and the year as written, from any absolute form."""
    if found := _ISO.fullmatch(words) or _PACKED.fullmatch(words):
        return int(found[3]), int(found[2]), found[1]
    if found := _NUMERIC.fullmatch(words):
        day, month = int(found[1]), int(found[2])
        if month > 12 >= day > 0 and month <= 31:
            raise Refused("The day and month are the other way round: type the day first, like 21/11/2026.", field)
        return day, month, found[3]
    weekday = re.match(r"([a-z]{3,9}),? (?=\d)", words)
    if weekday and _named(weekday[1], DAYS) is not None:
        words = words[weekday.end() :]
    if (found := _WORDED.fullmatch(words)) and (month_index := _named(found[2], MONTHS)) is not None:
        return int(found[1]), month_index + 1, found[3]
    raise Refused(_NOT_A_DATE if words else "No date was given.", field)


def _real_date(day: int, month: int, year: int, field: str | None) -> date:
    try:
        return date(year, month, day)
    except ValueError:
        pass
    if not 1 <= month <= 12:
        raise Refused(f"There is no month {month}.", field)
    if not 1 <= year <= 9999:
        raise Refused(_NOT_A_DATE, field)
    raise Refused(f"There is no day {day} in {MONTHS[month - 1]} {year}.", field)


def _relative(words: str, today: date, leaning: Leaning, field: str | None) -> date | None:
    named = {"today": 0, "tomorrow": 1, "yesterday": -1}
    try:
        if words in named:
            return today + timedelta(days=named[words])
        if found := _OFFSET.fullmatch(words):
            count = int(found[2]) * (1 if found[1] == "+" else -1)
            if found[3] in "dw":
                return today + timedelta(days=count * (7 if found[3] == "w" else 1))
            return months_later(today, count * (12 if found[3] == "y" else 1))
    except (OverflowError, ValueError):
        raise Refused("This is too far away to be a date.", field) from None
    weekday = _named(words, DAYS)
    if weekday is None:
        return None
    if leaning == "past":
        return today - timedelta(days=(today.weekday() - weekday - 1) % 7 + 1)
    return today + timedelta(days=(weekday - today.weekday() - 1) % 7 + 1)


def months_later(start: date, months: int) -> date:
    """The same day of a later month, or that month's last day."""
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    for day in (start.day, 30, 29, 28):
        if day <= start.day:
            try:
                return date(year, month + 1, day)
            except ValueError:
                continue
    raise ValueError(months)


def _with_leaning(day: int, month: int, today: date, leaning: Leaning, field: str | None) -> date:
    candidates = []
    # 29 February may be up to eight years away.
    for year in range(today.year - 8, today.year + 9):
        try:
            candidates.append(date(year, month, day))
        except ValueError:
            continue
    if leaning == "future":
        candidates = [candidate for candidate in candidates if candidate >= today]
    elif leaning == "past":
        candidates = [candidate for candidate in candidates if candidate <= today]
    if not candidates:
        return _real_date(day, month, today.year, field)
    return min(candidates, key=lambda candidate: (abs(candidate - today), candidate))


def _named(word: str, names: tuple[str, ...]) -> int | None:
    """The place of a name given by at least its first three letters, `sept` and `tues` included."""
    if len(word) < 3:
        return None
    return next((index for index, name in enumerate(names) if name.casefold().startswith(word)), None)
