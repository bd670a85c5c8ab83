"""The organisation's recovery key on paper: three sheets, any two of which give the key (shamir.py).

A sheet is 15 groups of five letters and digits, one more than a recovery kit (paper_code.py). They hold the share, which
of the three it is, and 20 bits that name the key, so that a sheet of another key is told by itself; the last group
checks the whole.
"""

import hashlib
from typing import Final

import msgspec

from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.storage import shamir
from wellbeing_desktop.storage.keys import KEY_BYTES
from wellbeing_desktop.storage.paper_code import (
    GROUP,
    KIT_GROUPS,
    SHEET_GROUPS,
    code_of_digits,
    digits_of,
    from_digits,
    letters_of,
    to_digits,
)
from wellbeing_desktop.storage.recovery import RecoveryKey

_DIGITS: Final = 52
"""Of the share: 256 bits, and four for its number."""


class Sheet(msgspec.Struct, frozen=True):
    """One share. `key_id` names the key that it is of, and says nothing of its private half."""

    number: int
    share: bytes
    key_id: int

    def __repr__(self) -> str:
        return f"<Sheet {self.number}>"


def sheets_of(key: RecoveryKey) -> tuple[Sheet, Sheet, Sheet]:
    """Made anew each time: a sheet of one time does not go with one of another."""
    name = key_id(key.public())
    one, two, three = shamir.split(key.material())
    return Sheet(1, one, name), Sheet(2, two, name), Sheet(3, three, name)


def key_id(public: bytes) -> int:
    """20 bits of the public half's SHA-256: enough to tell a sheet that was mixed up, and no proof of anything."""
    return _twenty_bits(b"wellbeing-desktop organisation key|" + public)


def code_of_sheet(sheet: Sheet) -> str:
    """The sheet as it is printed."""
    digits = to_digits(int.from_bytes(sheet.share, "big") << 4 | sheet.number, _DIGITS)
    return code_of_digits([*digits, *to_digits(sheet.key_id, 4), *to_digits(_checksum(sheet), 4)])


def sheet_from_code(typed: str, field: str = "sheet") -> Sheet:
    """The sheet from what was typed. Raises Refused at `field`: what is missing, or which group has a typing error."""
    letters = letters_of(typed)
    if len(letters) == KIT_GROUPS * GROUP:
        raise Refused(
            f"This has {KIT_GROUPS} groups, as a recovery kit has; a sheet has {SHEET_GROUPS}. Check that it is a sheet "
            "of the organisation's recovery key, and that no group is missing.",
            field,
        )
    if len(letters) != SHEET_GROUPS * GROUP:
        raise Refused(
            f"A sheet has {SHEET_GROUPS} groups of {GROUP} characters. "
            f"You have typed {len(letters)} of {SHEET_GROUPS * GROUP} characters.",
            field,
        )
    digits = digits_of(letters, field)
    number = from_digits(digits[:_DIGITS])
    sheet = Sheet(number & 0b1111, (number >> 4).to_bytes(KEY_BYTES, "big"), from_digits(digits[_DIGITS : _DIGITS + 4]))
    if sheet.number not in shamir.SHARES or to_digits(_checksum(sheet), 4) != digits[_DIGITS + 4 :]:
        raise Refused("This sheet has more than one typing error. Check it against the paper, group by group.", field)
    return sheet


def key_from_sheets(one: Sheet, two: Sheet, field: str = "sheet") -> RecoveryKey:
    """The key. Raises Refused at `field`, which is that of the second: the same sheet twice, or of another key."""
    if one.key_id != two.key_id:
        raise Refused(
            f"Sheet {one.number} and sheet {two.number} are of two different keys: the six groups of four digits on them "
            "are not the same. Find two sheets on which they are.",
            field,
        )
    if one.number == two.number:
        raise Refused(f"This is sheet {two.number} twice. Type another of the three sheets here.", field)
    key = RecoveryKey(shamir.combine(one.number, one.share, two.number, two.share))
    if key_id(key.public()) != one.key_id:
        raise Refused("These two sheets were not made together. Find two that were printed on the same day.", field)
    return key


def _checksum(sheet: Sheet) -> int:
    """20 bits over the share, its number, and whose it is."""
    about = bytes([sheet.number]) + sheet.key_id.to_bytes(3, "big")
    return _twenty_bits(b"wellbeing-desktop recovery sheet|" + about + sheet.share)


def _twenty_bits(message: bytes) -> int:
    return int.from_bytes(hashlib.sha256(message).digest()[:3], "big") >> 4
