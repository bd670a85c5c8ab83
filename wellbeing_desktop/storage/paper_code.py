"""A secret as it is printed and typed: groups of five letters and digits (Crockford base32: no I, L, O or U).

The fifth of each group checks the other four, so that a typing error is named by its group. What the groups hold
together is checked by whoever made them.
"""

from collections.abc import Sequence
from typing import Final

from wellbeing_desktop.domain.errors import Refused

GROUP: Final = 5
KIT_GROUPS: Final = 14
SHEET_GROUPS: Final = 15
"""A recovery kit, and a sheet of the organisation's key: told apart by their length."""
_ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_READ_AS: Final = str.maketrans("OIL", "011")
_FIELD_POLYNOMIAL: Final = 0b100101
"""GF(32) by x^5 + x^2 + 1: each check character finds any one wrong character and any two swapped neighbours."""


def code_of_digits(digits: Sequence[int]) -> str:
    """Four digits of base 32 make a group; the groups are joined by dashes."""
    groups = [list(digits[index : index + GROUP - 1]) for index in range(0, len(digits), GROUP - 1)]
    return "-".join(
        "".join(_ALPHABET[digit] for digit in [*group, _check_digit(group, number)])
        for number, group in enumerate(groups)
    )


def letters_of(typed: str) -> str:
    """What was typed, without spaces and dashes; small letters do not matter, O is 0, I and L are 1."""
    return "".join(character for character in typed.upper() if character.isalnum()).translate(_READ_AS)


def digits_of(letters: str, field: str) -> list[int]:
    """The digits of whole groups, without their checks. Raises Refused at `field`, naming the groups that are wrong."""
    wrong: list[int] = []
    digits: list[int] = []
    for number in range(len(letters) // GROUP):
        group = [_ALPHABET.find(letter) for letter in letters[number * GROUP : (number + 1) * GROUP]]
        if -1 in group or _check_digit(group[:-1], number) != group[-1]:
            wrong.append(number + 1)
        digits += group[:-1]
    if wrong:
        raise Refused(_name_groups(wrong), field)
    return digits


def to_digits(number: int, count: int) -> list[int]:
    return [number >> (5 * place) & 0b11111 for place in reversed(range(count))]


def from_digits(digits: Sequence[int]) -> int:
    number = 0
    for digit in digits:
        number = number << 5 | digit
    return number


def _name_groups(wrong: list[int]) -> str:
    if len(wrong) == 1:
        return f"There is a typing error in group {wrong[0]}. Check it against the paper."
    names = ", ".join(str(number) for number in wrong[:-1])
    return f"There are typing errors in groups {names} and {wrong[-1]}. Check them against the paper."


def _check_digit(group: list[int], number: int) -> int:
    """A weighted sum in GF(32); the group's own number is part of it, so that swapped groups show."""
    total = number + 1
    for digit in group:
        total = _times_two(total ^ digit)
    return total


def _times_two(value: int) -> int:
    doubled = value << 1
    return doubled ^ _FIELD_POLYNOMIAL if doubled & 0b100000 else doubled
