"""A place between two others in a list that several people reorder (SYNC 3.5: fractional position).

A position is lower-case letters and digits, compared as text. Between any two there is always another, so moving one
item writes one field of one record. Two people who move different items to the same spot may get equal positions; the
record id then decides, the same everywhere.
"""

from typing import Final

_DIGITS: Final = "0123456789abcdefghijklmnopqrstuvwxyz"
_FIRST: Final = "i"  # about the middle, room on both sides


def position_between(before: str = "", after: str = "") -> str:
    """A position after `before` and ahead of `after`; an empty one means the end of the list on that side.

    Raises ValueError unless `before` < `after` and both are positions.
    """
    for position in (before, after):
        if any(letter not in _DIGITS for letter in position) or position.endswith("0"):
            raise ValueError("a position is lower-case letters and digits and does not end in 0")
    if before and after and before >= after:
        raise ValueError("the first position must come before the second")
    if not before and not after:
        return _FIRST
    made = ""
    place = 0
    below_after = not after
    while True:
        low = _DIGITS.index(before[place]) if place < len(before) else 0
        high = len(_DIGITS) if below_after else (_DIGITS.index(after[place]) if place < len(after) else 0)
        if high - low > 1:
            # at the end of the list step by one, so that adding a hundred items does not double the length
            middle = low + 1 if below_after and place < len(before) else (low + high) // 2
            return made + _DIGITS[middle]
        made += _DIGITS[low]
        below_after = below_after or low < high
        place += 1
