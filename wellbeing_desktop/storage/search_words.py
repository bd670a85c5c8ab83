"""What people are found by, as plain words: the same folding for what is indexed and for what is typed.

A person's words are the parts of every name, those parts run together (O'Brien, Anne-Marie), identifiers and
telephone numbers as digits, postcodes with and without their space, and the birth date as eight digits.
"""

import contextlib
import datetime as dt
import re
import unicodedata
from collections.abc import Iterable
from typing import Final

from wellbeing_desktop.domain.dates import parse_listed_date
from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.domain.names import comparison_key

SHORTEST_PART: Final = 3
"""Characters; fewer make no trigram."""

MOST_TERMS: Final = 12

_NUMBER: Final = re.compile(r"\(?\+?[0-9][0-9()./+-]*")
_ASCII_MARKS: Final = re.compile(r"[^0-9A-Za-z]+")
_DATES: Final = re.compile(
    r"\b(?:[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}"
    r"|[0-9]{1,2}(?P<gap>[./ -])[0-9]{1,2}(?P=gap)(?:[0-9]{4}|[0-9]{2})"
    r"|[0-9]{1,2}(?P<wide>[ -])[a-z]{3,9}(?P=wide)[0-9]{4})\b"
)

Term = tuple[str, ...]
"""What one typed term may begin a word with; any of them will do."""


def name_words(name: str) -> list[str]:
    """The parts of a name, its words run together over their own marks, and the whole of it run together."""
    if name.isascii() and name.isalnum():
        return [name.lower()]
    words = [key for part in _split_at_marks(name) if (key := comparison_key(part))]
    joined = [key for part in name.split() if (key := comparison_key(part))]
    return [*words, *joined, whole] if (whole := comparison_key(name)) else []


def number_words(number: str) -> list[str]:
    """An identifier or telephone number without its spaces; a UK number also as it is dialled here."""
    packed = comparison_key(number)
    if number.strip().startswith("+44") and packed.startswith("44"):
        return [packed, "0" + packed[2:]]
    return [packed] if packed else []


def postcode_words(postcode: str) -> list[str]:
    """`ls11`, `7jj` and `ls117jj`."""
    return name_words(postcode)


def date_word(day: dt.date) -> str:
    """A birth date as one word of the finding index: `19400301`, in which years before 1000 keep their four digits."""
    return day.strftime("%Y%m%d") if day.year >= 1000 else f"{day.year:04d}{day.month:02d}{day.day:02d}"


def joined_words(words: Iterable[str]) -> str:
    """One text for the index: each word once, in a settled order."""
    return " ".join(sorted(set(words)))


def terms_of(typed: str) -> tuple[Term, ...]:
    """What was typed, as terms; a person is found when every term begins one of the person's words.

    A date becomes its eight digits, digits typed in groups become one number; anything that is neither letter nor
    digit only separates. Hostile text has no other effect.
    """
    text = " ".join(unicodedata.normalize("NFKC", typed).casefold().split())
    terms: list[Term] = []
    rest = []
    at = 0
    for found in _DATES.finditer(text):
        if days := _days(found[0]):
            rest.append(text[at : found.start()])
            at = found.end()
            # `07 700 90` might be a number after all: it may also be met as digits.
            terms.append((*days, *([comparison_key(found[0])] if found[0].replace(" ", "").isdigit() else [])))
    rest.append(text[at:])
    for piece in rest:
        terms += _word_terms(piece)
    return tuple(terms[:MOST_TERMS])


def matches(terms: Iterable[Term], words: Iterable[str]) -> bool:
    """True when every term begins a word: the plain meaning that the index must agree with."""
    held = tuple(words)
    return all(any(word.startswith(alternative) for word in held for alternative in term) for term in terms)


def _word_terms(piece: str) -> list[Term]:
    terms: list[Term] = []
    digits = ""
    for word in piece.split():
        if _NUMBER.fullmatch(word):
            digits += comparison_key(word)
            continue
        if digits:
            terms.append((digits,))
            digits = ""
        if key := comparison_key(word):
            terms.append((key,))
    if digits:
        terms.append((digits,))
    return terms


def _days(text: str) -> list[str]:
    """The days that a typed date may mean; a year of two digits may be of either century."""
    parts = re.split(r"[./ -]", text)
    if len(parts[0]) <= 2 and len(parts[2]) == 2:
        candidates = ["/".join((parts[0], parts[1], century + parts[2])) for century in ("19", "20")]
    else:
        candidates = [text if any(map(str.isalpha, text)) or len(parts[0]) == 4 else "/".join(parts)]
    days = []
    for candidate in candidates:
        with contextlib.suppress(Refused):
            days.append(date_word(parse_listed_date(candidate)))
    return days


def _split_at_marks(name: str) -> list[str]:
    if name.isascii():
        return _ASCII_MARKS.sub(" ", name).split()
    return "".join(
        character if unicodedata.category(character)[0] in "LMN" else " "
        for character in unicodedata.normalize("NFKD", name)
    ).split()
