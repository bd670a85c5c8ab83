"""NHS numbers: ten digits, the last a check digit (NHS Data Dictionary, attribute NHS NUMBER).

A number that passes is plausible, not proven: whether it was verified is held apart, and it is never a key.
"""

import re
import unicodedata
from typing import Final

from wellbeing_desktop.domain.errors import Refused

FIELD: Final = "nhs_number"

# People and systems put these between or around the digits; none of them means anything. The last row is
# invisible: soft hyphen, zero-width characters, word joiner, byte-order mark.
_SEPARATORS: Final = re.compile(r"[\s\-‐‑‒–—−._/]|[\u00ad\u200b-\u200f\u2060\ufeff]")
_SCIENTIFIC: Final = re.compile(r"[0-9]+(?:\.[0-9]+)?[eE]\+?[0-9]+")
_DECIMAL: Final = re.compile(r"[0-9]+\.0*")
_PLACEHOLDERS: Final = frozenset({"1234567890", "0123456789", "9876543210", "0987654321"})


def parse_nhs_number(text: str) -> str:
    """The ten digits of an NHS number as typed or listed; spaces, dashes and no-break spaces are ignored.

    Raises Refused with its own sentence for each way in which numbers go wrong. Nothing is padded or guessed.
    """
    plain = unicodedata.normalize("NFKC", text).strip().lstrip("'").strip()
    if _SCIENTIFIC.fullmatch(plain.replace(" ", "")):
        raise Refused(
            "A spreadsheet has rounded this NHS number (it contains E+), so digits are lost. "
            "Export the list again with the column as text.",
            FIELD,
        )
    if _DECIMAL.fullmatch(plain):
        raise Refused(
            "A spreadsheet has turned this NHS number into a decimal number. "
            "Export the list again with the column as text.",
            FIELD,
        )
    digits = _SEPARATORS.sub("", plain)
    if not digits:
        raise Refused("No NHS number was given.", FIELD)
    if not re.fullmatch(r"[0-9]+", digits):
        letters = any(character.isalpha() for character in digits)
        raise Refused(
            "An NHS number has digits only; this one has letters in it."
            if letters
            else "An NHS number has digits only; this one has other characters in it.",
            FIELD,
        )
    if len(set(digits)) == 1 or digits in _PLACEHOLDERS:
        raise Refused("This is a placeholder, not a real NHS number. Leave it empty if the number is not known.", FIELD)
    if len(digits) == 9:
        raise Refused(
            "This NHS number has 9 digits. A leading zero may have been lost; check it against the record "
            "that it came from.",
            FIELD,
        )
    if len(digits) != 10:
        raise Refused(f"An NHS number has 10 digits; this one has {len(digits)}.", FIELD)
    if not has_valid_check_digit(digits):
        raise Refused("This NHS number fails its check digit: at least one digit is wrong or two are swapped.", FIELD)
    return digits


def has_valid_check_digit(digits: str) -> bool:
    """Modulus 11 over ten ASCII digits. A computed check value of 10 means that no such number exists."""
    check = 11 - sum(int(digit) * weight for digit, weight in zip(digits[:9], range(10, 1, -1), strict=True)) % 11
    return (0 if check == 11 else check) == int(digits[9])


def format_nhs_number(digits: str) -> str:
    """For people to read: 3, 3 and 4 digits with no-break spaces, so that it never breaks over two lines."""
    return "\u00a0".join((digits[:3], digits[3:6], digits[6:])) if len(digits) == 10 else digits
