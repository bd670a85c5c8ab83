"""Single cells of a list of people: what each can hold, and what it becomes."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple

from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.domain.names import comparison_key

# Person stated gender codes (NHS Data Dictionary): 1 male, 2 female, 9 indeterminate, X not known.
_GENDERS: Final[Mapping[str, str]] = {
    "m": "1",
    "male": "1",
    "1": "1",
    "f": "2",
    "female": "2",
    "2": "2",
    "i": "9",
    "indeterminate": "9",
    "9": "9",
    "u": "X",
    "unknown": "X",
    "notknown": "X",
    "x": "X",
    "0": "X",
}
_YES: Final = frozenset({"y", "yes", "true", "t", "1"})
_NO: Final = frozenset({"n", "no", "false", "f", "0"})
_REGISTRATIONS: Final[Mapping[str, str]] = {
    "a": "registered",
    "active": "registered",
    "registered": "registered",
    "regular": "registered",
    "gms": "registered",
    "permanent": "registered",
    "temporary": "temporary",
    "temporaryresident": "temporary",
    "temp": "temporary",
    "left": "left",
    "deducted": "left",
    "deregistered": "left",
    "notregistered": "none",
    "none": "none",
    "unregistered": "none",
}
_ETHNIC_CODE: Final = re.compile(r"([A-HJ-NPRSZ]|99)", re.IGNORECASE)
_NAME_PLACEHOLDERS: Final = frozenset({"unknown", "notknown", "na", "notapplicable", "tbc", "nofamilyname", "noname"})
_SPREADSHEET_ERROR: Final = re.compile(r"#(?:N/A|REF!|VALUE!|NAME\?|DIV/0!|NULL!|NUM!)")
_TWO_NUMBERS: Final = re.compile(r"\s*([0-9]{1,2})[/.\- ]([0-9]{1,2})[/.\- ][0-9]{4}")
_TITLES: Final = frozenset(
    {"mr", "mrs", "ms", "miss", "mx", "dr", "prof", "professor", "rev", "revd", "sir", "dame", "lady", "lord", "master"}
)


class ListedPhone(NamedTuple):
    """`kind` is home, mobile or work. `value` is E.164, or as it was listed when `understood` is False."""

    kind: str
    value: str
    extension: str = ""
    understood: bool = True


class SplitName(NamedTuple):
    """A full name taken apart. `guessed` is True when only the order of the words said which is which."""

    family: str
    given: str
    title: str = ""
    guessed: bool = False


def cleaned(text: str, label: str) -> str:
    """One line of text without control characters. A spreadsheet's error value is Refused by the column's label.

    `="0123"`, which exports use to protect digits from spreadsheets, becomes 0123.
    """
    if found := re.fullmatch(r'="(.*)"', text.strip()):
        text = found[1]
    if not text.isprintable():
        text = "".join(" " if unicodedata.category(letter) in ("Cc", "Zl", "Zp") else letter for letter in text)
    shown = " ".join(text.split())
    if _SPREADSHEET_ERROR.fullmatch(shown):
        raise Refused(f"{label} holds a spreadsheet's error value. Mend the formula and export again.")
    return shown


def month_may_be_first(dates: Iterable[str]) -> bool:
    """True if a column of dates has enough of them with the month first that its other dates cannot be trusted.

    One slip among many dates that can only be day first is a slip and not the order of the column.
    """
    day_first = month_first = 0
    for text in dates:
        if found := _TWO_NUMBERS.match(text):
            first, second = int(found[1]), int(found[2])
            day_first += first > 12 >= second
            month_first += second > 12 >= first
    return month_first > 0 and day_first < month_first * 10


def reads_both_ways(date: str) -> bool:
    """True for a date such as 03/04/1950, which is another day when the month comes first."""
    found = _TWO_NUMBERS.match(date)
    return found is not None and int(found[1]) != int(found[2]) and max(int(found[1]), int(found[2])) <= 12


def gender_code(text: str) -> str:
    """The person stated gender code that the words stand for, to be confirmed; empty when they are not known."""
    return _GENDERS.get(_folded(text), "")


def yes_or_no(text: str) -> bool:
    """Y, Yes, True or 1; N, No, False or 0. Raises Refused for anything else."""
    folded = _folded(text)
    if folded in _YES:
        return True
    if folded in _NO:
        return False
    raise Refused("This is neither yes nor no.")


def registration_code(text: str) -> str:
    """registered, temporary, left or none; empty when the words are not known."""
    return _REGISTRATIONS.get(_folded(text), "")


def ethnic_category(text: str) -> str:
    """The ethnic category code (2001, A to S, Z, 99) when the cell holds a code and nothing else, else empty.

    Words are not turned into a code: practice systems word and group them in other ways (reference/02).
    """
    found = _ETHNIC_CODE.fullmatch(text.strip())
    return found[1].upper() if found else ""


def address_lines(text: str) -> list[str]:
    """At most five lines of an address that stands in one cell, parted by commas; the rest joins the fifth."""
    parts = [part.strip() for part in re.split(r"[,;|]", text) if part.strip()]
    return [*parts[:4], ", ".join(parts[4:])] if len(parts) > 5 else parts


def is_name(text: str) -> bool:
    """At least one letter, and no word that stands for not knowing."""
    return any(character.isalpha() for character in text) and comparison_key(text) not in _NAME_PLACEHOLDERS


def split_full_name(text: str) -> SplitName:
    """`JONES, Bronwen (Mrs)`, `Mrs Bronwen JONES` or `Bronwen Jones`; the last is a guess and says so."""
    title = ""
    if (found := re.search(r"\(([^()]*)\)\s*$", text)) and _folded(found[1]) in _TITLES:
        title, text = found[1], text[: found.start()].strip()
    if "," in text:
        family, _, given = text.partition(",")
        words = given.split()
        if words and not title and _folded(words[0]) in _TITLES:
            title, words = words[0], words[1:]
        return SplitName(family.strip(), " ".join(words), title)
    words = text.split()
    if len(words) > 1 and not title and _folded(words[0]) in _TITLES:
        title, words = words[0], words[1:]
    if len(words) < 2:
        return SplitName(" ".join(words), "", title)
    start = len(words)
    while start > 1 and words[start - 1].isupper() and len(words[start - 1]) > 1:
        start -= 1
    if start == len(words) or words[0].isupper():
        return SplitName(words[-1], " ".join(words[:-1]), title, guessed=True)
    return SplitName(" ".join(words[start:]), " ".join(words[:start]), title)


def _folded(text: str) -> str:
    return "".join(character for character in text.casefold() if character.isalnum())
