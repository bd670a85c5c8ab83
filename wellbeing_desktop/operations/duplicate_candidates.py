"""Who is worth comparing with somebody: whoever has a name by its spelling or sound, and what a slip would have made of a
number or a birth date. For a list in memory and for the store alike."""

import datetime as dt
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import repeat
from typing import Final, Protocol

from wellbeing_desktop.domain.nhs_number import has_valid_check_digit
from wellbeing_desktop.operations.likeness import Known, may_be_born
from wellbeing_desktop.operations.name_likeness import Name, alike, is_short_for

NAMED_ALIKE: Final = 2_000
"""How many of one name are compared at most; the commonest name has a few hundred among 100,000 people."""

Wanted = tuple[set[str], tuple[str, ...]]
"""Family names, and what the people who have one of them may be called."""


class Shelf(Protocol):
    """Where people stand by their names. The ids that it gives are its own affair."""

    def families_like(self, name: Name) -> set[str]: ...

    def named(self, wanted: Sequence[Wanted]) -> Iterable[tuple[str, dt.date | None]]: ...


def named_like(shelf: Shelf, person: Known) -> set[str]:
    """Those with a family name and a first name that may be this person's, either way round, whose birth dates may be
    one."""
    name = person.name
    if not name.family or not name.firsts:
        return set()
    people = shelf.named(
        [(shelf.families_like(name), called(name)), (shelf.families_like(turned(name)), (name.family,))]
    )
    return set([id for id, born_on in people if may_be_born(person.born_on, born_on)][:NAMED_ALIKE])


def called(name: Name) -> tuple[str, ...]:
    """What somebody of this name may be called by others."""
    return tuple(filter(None, dict.fromkeys((*name.firsts, *name.givens[1:], "".join(name.givens)))))


def turned(name: Name) -> Name:
    """The given names where the family name should be."""
    return Name(families=name.givens)


def first_may_be(first: str, wanted: tuple[str, ...]) -> bool:
    return any(map(_may_be_called, repeat(first), wanted))


@lru_cache(maxsize=100_000)
def _may_be_called(first: str, name: str) -> bool:
    return bool(first.startswith(name) or name.startswith(first) or alike(first, name)[0] or is_short_for(first, name))


def numbers_to_look_for(digits: str) -> set[str]:
    """The number, or, where it fails its check, the numbers that one slip would have made it from."""
    if len(digits) != 10 or has_valid_check_digit(digits):
        return {digits} if digits else set()
    swapped = (f"{digits[:at]}{digits[at + 1]}{digits[at]}{digits[at + 2 :]}" for at in range(9))
    changed = (f"{digits[:at]}{other}{digits[at + 1 :]}" for at in range(10) for other in "0123456789")
    return {digits} | {number for number in (*swapped, *changed) if has_valid_check_digit(number)}


def births_to_look_for(day: dt.date | None) -> set[dt.date]:
    """The day, and the one with day and month the other way round."""
    if day is None:
        return set()
    return {day, day.replace(month=day.day, day=day.month)} if day.day <= 12 else {day}
