"""Whether two records are of one person: compared as a careful person would, with the reasons in words (LESSONS 17).

Nothing here joins anybody. What a class means is a product choice, held by a table of decisions in
tests/operations/duplicates:

* certainly: one NHS number and two of name, first name and birth date; or one name, birth date and place or number;
* probably: what a slip of the pen, a marriage, a move or a short name would explain;
* possibly: worth a look, and often two people.

Twins, and parent and child of one name at one address, are two people.
"""

import datetime as dt
import enum
from collections.abc import Iterable
from typing import Final

import msgspec

from wellbeing_desktop.domain.names import comparison_key
from wellbeing_desktop.domain.nhs_number import has_valid_check_digit
from wellbeing_desktop.operations.name_likeness import Name, NameLikeness, name_of, names_alike

PLACEHOLDER_YEARS: Final = frozenset({1800, 1899, 1900, 1901, 9999})
"""Years of birth that systems fill in when none is known, on 1 January and 31 December (from memory)."""

NO_PLACE: Final = "ZZ99"
"""How pseudo postcodes (no fixed abode, not known) begin (reference/01, from memory there)."""

_SHORTEST_OWN: Final = 7
"""Figures of a number that may be somebody's own; 111 or 101 is shared by everybody."""


class Verdict(enum.IntEnum):
    """How sure a careful person would be. Never enough to join two records without one."""

    NO = 0
    POSSIBLY = 1
    PROBABLY = 2
    CERTAINLY = 3

    @property
    def words(self) -> str:
        return ("Somebody else", "Possibly", "Probably", "Certainly")[self]


class Known(msgspec.Struct, frozen=True):
    """What comparing needs of one person, tidied by `known`. `id` is only carried through."""

    id: str
    name: Name = Name()
    born_on: dt.date | None = None
    nhs_number: str = ""
    postcode: str = ""
    line1: str = ""
    telephones: frozenset[str] = frozenset()


class Likeness(msgspec.Struct, frozen=True):
    """What came of comparing two. `score` is 0 to 100 and orders offers of one class; it is never shown."""

    verdict: Verdict
    reasons: tuple[str, ...]
    score: int


class _Evidence(msgspec.Struct, frozen=True):
    names: NameLikeness
    number: str
    """same, slip, other or unknown"""
    birth: str
    """same, slip, guess, other or unknown"""
    place: str
    """same, near, other or unknown"""
    telephone: bool
    reasons: tuple[str, ...]

    @property
    def there_too(self) -> bool:
        return self.place == "same" or self.telephone


def known(
    id: str,
    family: str,
    given: str,
    known_as: str = "",
    born_on: dt.date | None = None,
    nhs_number: str = "",
    postcode: str = "",
    *,
    former: Iterable[str] = (),
    line1: str = "",
    telephones: Iterable[str] = (),
) -> Known:
    """From what is written down. Placeholder numbers and pseudo postcodes say nothing and are left out."""
    digits = "".join(filter(str.isdigit, nhs_number))
    place = postcode.replace(" ", "").upper()
    return Known(
        id=id,
        name=name_of(family, given, known_as, former),
        born_on=born_on,
        nhs_number="" if len(set(digits)) < 2 else digits,
        postcode="" if place.startswith(NO_PLACE) else place,
        line1=comparison_key(line1),
        telephones=frozenset(number for number in telephones if len(number) >= _SHORTEST_OWN),
    )


def compared(one: Known, other: Known) -> Likeness:
    """Whether these two may be one person, how sure, and why."""
    names, number, birth = names_alike(one.name, other.name), _number(one, other), _birth(one.born_on, other.born_on)
    place, telephone = _place(one, other), bool(one.telephones & other.telephones)
    evidence = _Evidence(
        names=names,
        number=number[0],
        birth=birth[0],
        place=place[0],
        telephone=telephone,
        reasons=tuple(
            reason
            for reason in (
                number[1],
                *names.reasons,
                birth[1],
                place[1],
                "same telephone number" if telephone else "",
            )
            if reason
        ),
    )
    verdict = _judged(evidence)
    return Likeness(verdict, evidence.reasons, _score(evidence, verdict))


def is_placeholder_date(day: dt.date) -> bool:
    """Is this a day that a system fills in when none is known? It then says nothing of the person."""
    return day.year in PLACEHOLDER_YEARS and (day.month, day.day) in ((1, 1), (12, 31))


def may_be_born(one: dt.date | None, other: dt.date | None) -> bool:
    """Are these one day, a slip of it, or is one of them not known?"""
    return one == other or _birth(one, other)[0] != "other"


def _judged(found: _Evidence) -> Verdict:
    if found.number == "same":
        return _one_number(found)
    if found.number == "other":
        # numbers are merged over the years, and a few people have two
        same = found.names.alike and not found.names.missing and found.birth == "same"
        alike_enough = min(found.names.family, found.names.first) >= 0.92
        return Verdict.POSSIBLY if same and alike_enough and found.place != "other" else Verdict.NO
    if found.birth == "same":
        return _one_birth(found)
    if found.birth == "slip":
        return _birth_by_a_slip(found)
    if found.birth == "other":
        return Verdict.NO
    return _birth_not_known(found)


def _one_number(found: _Evidence) -> Verdict:
    """Typed into the wrong record, a number is shared by two people: it needs two friends to be certain."""
    friends = (found.names.family >= 0.9) + (found.names.first >= 0.9) + (found.birth == "same")
    against = (found.names.first == 0) + (found.birth == "other") + (found.names.family == 0)
    if friends >= 2 and not (found.names.first == 0 or found.birth == "other"):
        return Verdict.CERTAINLY
    if against >= 2:
        return Verdict.POSSIBLY
    return Verdict.PROBABLY


def _one_birth(found: _Evidence) -> Verdict:
    names = found.names
    if names.alike:
        if names.missing:
            return Verdict.PROBABLY if found.there_too else Verdict.POSSIBLY
        if names.same and found.there_too and found.number == "unknown":
            return Verdict.CERTAINLY
        moved = found.place == "other" and not found.telephone and found.number != "slip"
        return Verdict.POSSIBLY if moved and not names.same else Verdict.PROBABLY
    if names.first >= 0.9 and found.there_too:
        return Verdict.PROBABLY  # a family name that changed
    return Verdict.NO  # twins; two people born on one day


def _birth_by_a_slip(found: _Evidence) -> Verdict:
    names = found.names
    if not names.alike or names.missing:
        return Verdict.NO
    if names.same:
        return Verdict.PROBABLY if found.there_too or found.number == "slip" else Verdict.POSSIBLY
    return Verdict.NO if found.place == "other" and not found.telephone else Verdict.POSSIBLY


def _birth_not_known(found: _Evidence) -> Verdict:
    """Father and son have one name and one address: without a birth date nobody can be sure."""
    names = found.names
    if not names.alike:
        return Verdict.NO
    if names.missing:
        return Verdict.POSSIBLY if found.there_too and names.family + names.first >= 1.4 else Verdict.NO
    if found.birth == "guess" and names.same and found.there_too:
        return Verdict.PROBABLY
    return Verdict.NO if found.place == "other" and not found.telephone else Verdict.POSSIBLY


def _score(found: _Evidence, verdict: Verdict) -> int:
    score = 10 * (found.names.family + found.names.first)
    score += {"same": 35, "slip": 10}.get(found.number, 0)
    score += {"same": 25, "slip": 12, "guess": 8}.get(found.birth, 0)
    score += {"same": 12, "near": 6}.get(found.place, 0) + 8 * found.telephone
    return min(round(score), 100) if verdict else 0


def _number(one: Known, other: Known) -> tuple[str, str]:
    mine, theirs = one.nhs_number, other.nhs_number
    if not mine or not theirs:
        return "unknown", ""
    if mine == theirs:
        return "same", "same NHS number"
    slip = _slip(mine, theirs)
    if slip and not (_passes(mine) and _passes(theirs)):
        # two numbers that pass the check never differ by one slip
        return "slip", f"NHS number differs by {slip}"
    return "other", "different NHS numbers"


def _passes(digits: str) -> bool:
    return len(digits) == 10 and has_valid_check_digit(digits)


def _birth(one: dt.date | None, other: dt.date | None) -> tuple[str, str]:
    if one is None or other is None:
        return "unknown", "a date of birth is not known"
    if is_placeholder_date(one) or is_placeholder_date(other):
        return "unknown", "a date of birth is a placeholder"
    if one == other:
        return "same", "same date of birth"
    if one.year == other.year and (one.month, one.day) == (other.day, other.month):
        return "slip", "day and month of birth the other way round"
    if one.year == other.year and (1, 1) in ((one.month, one.day), (other.month, other.day)):
        return "guess", "same year of birth, and 1 January may stand for a day not known"
    if slip := _slip(one.strftime("%Y%m%d"), other.strftime("%Y%m%d")):
        return "slip", f"date of birth differs by {slip}"
    if (one.month, one.day) == (other.month, other.day) and abs(one.year - other.year) in (1, 100):
        century = abs(one.year - other.year) == 100
        return "slip", "century of birth differs" if century else "year of birth differs by one"
    return "other", "different dates of birth"


def _place(one: Known, other: Known) -> tuple[str, str]:
    mine, theirs = one.postcode, other.postcode
    if not mine or not theirs:
        return "unknown", ""
    if mine == theirs:
        if one.line1 and one.line1 == other.line1:
            return "same", "same address"
        return "same", "same postcode"
    if mine[:-1] == theirs[:-1]:
        return "near", "postcode differs in its last letter"
    if slip := _slip(mine, theirs):
        return "near", f"postcode differs by {slip}"
    return "other", "different postcodes"


def _slip(one: str, other: str) -> str:
    """How two numbers of one length differ when one is a slip of the other; empty when it is more."""
    if len(one) != len(other):
        return ""
    places = [place for place, (a, b) in enumerate(zip(one, other, strict=True)) if a != b]
    if len(places) == 1:
        return "one digit" if one[places[0]].isdigit() and other[places[0]].isdigit() else "one character"
    if len(places) == 2 and places[1] == places[0] + 1:
        first, second = places
        if (one[first], one[second]) == (other[second], other[first]):
            return "two digits swapped" if one[first].isdigit() else "two characters swapped"
    return ""
