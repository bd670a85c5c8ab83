"""Under which keys a family name stands in an index, so that a name spelled or sounding nearly like it is found without
reading every name that there is.

Two names that differ by one slip (a letter missing, added, changed, or two swapped) agree once each has lost at most one
letter. Two slips in a long name leave at most one in one of its halves, so a long name stands under its halves: its own
two, with at most one letter less; asked for are the beginnings and ends that could be such a half. Whoever is found
under a key may still be another name: comparing decides (operations/name_likeness.py).
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

HALVED_FROM_LETTERS: Final = 8
"""Names of fewer letters are two names when they differ by two slips (`name_likeness.alike`)."""

_SOUNDS: Final = {
    **dict.fromkeys("bfpv", "1"),
    **dict.fromkeys("cgjkqsxz", "2"),
    **dict.fromkeys("dt", "3"),
    "l": "4",
    **dict.fromkeys("mn", "5"),
    "r": "6",
}
_UNSAID: Final = (
    (re.compile(r"^(?:kn|gn|pn)"), "n"),
    (re.compile(r"^wr"), "r"),
    (re.compile(r"^ps"), "s"),
    (re.compile(r"^wh"), "w"),
    (re.compile(r"^ll"), "l"),
    (re.compile(r"^ff"), "f"),
    (re.compile(r"ph"), "f"),
    (re.compile(r"(?<=[aeiou])gh"), ""),
    (re.compile(r"mps"), "ms"),
)
_SOUND, _WHOLE, _FIRST_HALF, _SECOND_HALF, _BEGINS, _ENDS = "~=<>^$"
"""What a key is of. No comparison key has such a character."""


@lru_cache(maxsize=50_000)
def name_sound(key: str) -> str:
    """Soundex of a comparison key as four digits: what it sounds like is asked, not with which letter it is written.
    Names that are not Latin keep their letters."""
    if not key or not key.isascii():
        return key
    said = key
    for pattern, letters in _UNSAID:
        said = pattern.sub(letters, said)
    digits = []
    last = _SOUNDS.get(said[0], "")
    for letter in said[1:]:
        digit = _SOUNDS.get(letter, "")
        if digit and digit != last:
            digits.append(digit)
        if letter not in "hw":
            last = digit
    begins = "v" if said[0] in "aeiouy" else _SOUNDS.get(said[0], said[0])
    return (begins + "".join(digits) + "000")[:4]


def kept_under(family: str) -> set[str]:
    """Every key that this family name (a comparison key) stands under."""
    keys = {_SOUND + name_sound(family), _BEGINS + family, _ENDS + family[::-1]}
    if len(family) < HALVED_FROM_LETTERS:
        return keys | {_WHOLE + rest for rest in _less(family)}
    half = len(family) // 2
    keys |= {_FIRST_HALF + rest for rest in _less(family[:half])}
    return keys | {_SECOND_HALF + rest for rest in _less(family[half:])}


def looked_for_under(family: str) -> set[str]:
    """The keys of every name that may sound like this one or be a slip, or two in a long one, away from it."""
    letters = len(family)
    keys = {_SOUND + name_sound(family)}
    if letters <= HALVED_FROM_LETTERS + 1:
        shorter = (
            _less(family) if letters < HALVED_FROM_LETTERS else {less for one in _less(family) for less in _less(one)}
        )
        keys |= {_WHOLE + rest for rest in shorter}
    for other in range(max(HALVED_FROM_LETTERS, letters - 2), letters + 3):
        half = other // 2
        keys |= {_FIRST_HALF + rest for count in _near(half, letters) for rest in _less(family[:count])}
        keys |= {
            _SECOND_HALF + rest for count in _near(other - half, letters) for rest in _less(family[letters - count :])
        }
    return keys


def begins_with(part: str) -> tuple[str, str]:
    """The first key, and the one before which ends, of the names that begin so."""
    return _BEGINS + part, f"{_BEGINS}{part}\U0010ffff"


def ends_with(part: str) -> tuple[str, str]:
    """The same of the names that end so."""
    return _ENDS + part[::-1], f"{_ENDS}{part[::-1]}\U0010ffff"


def _near(count: int, most: int) -> Iterator[int]:
    return (near for near in (count - 1, count, count + 1) if near <= most)


def _less(letters: str) -> set[str]:
    """As it is, and with any one letter less."""
    return {letters} | {letters[:at] + letters[at + 1 :] for at in range(len(letters))}
