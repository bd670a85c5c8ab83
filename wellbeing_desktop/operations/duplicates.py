"""People who may be one person: offered with reasons, never joined by a machine (LESSONS 17, hazard H12).

Candidates are found by blocks (NHS number, birth date and its usual slips, postcode, the sound of the family name
with the year of birth) and compared by spelling. The limits are a product choice, tried on made-up slips of the pen:
they aim to offer a few too many, because a person only looks at them.
"""

import datetime as dt
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Final

import msgspec

from wellbeing_desktop.domain.names import comparison_key
from wellbeing_desktop.storage.connection import Reader

NAMES_ALIKE: Final = 0.87
NAMES_VERY_ALIKE: Final = 0.93
SOUND_HELPS_FROM: Final = 0.75

_SOUNDS: Final = {
    **dict.fromkeys("bfpv", "1"),
    **dict.fromkeys("cgjkqsxz", "2"),
    **dict.fromkeys("dt", "3"),
    "l": "4",
    **dict.fromkeys("mn", "5"),
    "r": "6",
}


class Known(msgspec.Struct, frozen=True):
    """What comparing needs of one person; names are comparison keys, `first` is the first of several given names."""

    id: str
    family: str
    first: str
    known_as: str = ""
    born_on: dt.date | None = None
    nhs_number: str = ""
    postcode: str = ""


class PossibleDuplicate(msgspec.Struct, frozen=True):
    """Somebody who may be the same person, and why, in words without names. `alike` is 0 to 100, for the order only."""

    person_id: str
    reasons: tuple[str, ...]
    alike: int


class DuplicateIndex:
    """People by their blocks. `add` as many as there are, then ask."""

    def __init__(self, people: Iterable[Known] = ()) -> None:
        self._blocks: dict[tuple[str, object], list[Known]] = {}
        for person in people:
            self.add(person)

    def add(self, person: Known) -> None:
        for block in _blocks(person):
            self._blocks.setdefault(block, []).append(person)

    def like(self, person: Known, limit: int = 5) -> tuple[PossibleDuplicate, ...]:
        """The people who may be this one, most alike first; the person itself is not among them."""
        found: dict[str, PossibleDuplicate] = {}
        for block in (*_blocks(person), *_slips(person)):
            for other in self._blocks.get(block, ()):
                if other.id != person.id and other.id not in found and (offer := compare(person, other)):
                    found[other.id] = offer
        return tuple(sorted(found.values(), key=lambda offer: (-offer.alike, offer.person_id))[:limit])


def compare(one: Known, other: Known) -> PossibleDuplicate | None:
    """Why these two may be one person, or None.

    Twins (one family name, birth date and postcode, two first names) are two people. So are two people of one name
    and birth date with different NHS numbers, unless they live at one postcode too.
    """
    names = _names_alike(one, other)
    same_number = bool(one.nhs_number) and one.nhs_number == other.nhs_number
    two_numbers = bool(one.nhs_number and other.nhs_number) and not same_number
    slip_in_number = two_numbers and _one_slip(one.nhs_number, other.nhs_number)
    same_birth = one.born_on is not None and one.born_on == other.born_on
    near_birth = not same_birth and _birth_slip(one.born_on, other.born_on)
    same_place = bool(one.postcode) and one.postcode == other.postcode
    reasons = []
    if same_number:
        reasons.append("same NHS number")
    if names == 1.0:
        reasons.append("same name")
    elif names >= NAMES_ALIKE:
        reasons.append("similar name")
    if same_birth:
        reasons.append("same date of birth")
    elif near_birth:
        reasons.append("date of birth differs by a slip")
    if same_place:
        reasons.append("same postcode")
    if two_numbers:
        reasons.append("NHS number differs by a slip" if slip_in_number else "different NHS numbers")
    if two_numbers and not slip_in_number:
        likely = names >= NAMES_VERY_ALIKE and same_birth and same_place
    else:
        unknown_birth = one.born_on is None or other.born_on is None
        likely = (
            same_number
            or (same_birth and names >= NAMES_ALIKE)
            or (near_birth and names >= NAMES_VERY_ALIKE)
            or (names >= NAMES_VERY_ALIKE and same_place and unknown_birth)
        )
    if not likely:
        return None
    alike = round(40 * names + 25 * same_birth + 12 * near_birth + 15 * same_place + 20 * same_number)
    return PossibleDuplicate(other.id, tuple(reasons), min(alike - 15 * two_numbers, 100))


def known_people(reader: Reader) -> list[Known]:
    """Everybody in the store whom somebody knows, joined records left out: they have been looked at."""
    rows = reader.rows(
        "SELECT p.id, p.family_name, p.given_name, p.known_as, p.born_on, p.nhs_number,"
        " (SELECT a.postcode FROM live_address AS a WHERE a.subject = p.id AND a.ended_on IS NULL"
        "  ORDER BY a.id DESC LIMIT 1)"
        " FROM live_person AS p"
        " WHERE p.id NOT IN (SELECT vanished_id FROM live_alias WHERE state = 'active' AND vanished_id IS NOT NULL)"
        " AND p.unidentified IS NOT 1"
    )
    return [
        known(id, family or "", given or "", known_as or "", _date(born_on), number or "", postcode or "")
        for id, family, given, known_as, born_on, number, postcode in rows
    ]


def known(
    id: str,
    family: str,
    given: str,
    known_as: str = "",
    born_on: dt.date | None = None,
    nhs_number: str = "",
    postcode: str = "",
) -> Known:
    """From names as they are written."""
    first, _, _ = given.strip().partition(" ")
    return Known(
        id=id,
        family=comparison_key(family),
        first=comparison_key(first),
        known_as=comparison_key(known_as),
        born_on=born_on,
        nhs_number=nhs_number,
        postcode=postcode.replace(" ", "").upper(),
    )


def possible_duplicates(reader: Reader, limit: int = 200) -> list[tuple[str, PossibleDuplicate]]:
    """Pairs in the store to look at, each pair once, most alike first."""
    index = DuplicateIndex()
    pairs = []
    for person in known_people(reader):
        pairs += [(person.id, offer) for offer in index.like(person)]
        index.add(person)
    pairs.sort(key=lambda pair: (-pair[1].alike, pair[0]))
    return pairs[:limit]


@lru_cache(maxsize=50_000)
def name_sound(key: str) -> str:
    """Soundex of a comparison key: its first letter and three digits. Names that are not Latin keep their letters."""
    if not key or not key.isascii():
        return key[:4]
    digits = []
    last = _SOUNDS.get(key[0], "")
    for letter in key[1:]:
        digit = _SOUNDS.get(letter, "")
        if digit and digit != last:
            digits.append(digit)
        if letter not in "hw":
            last = digit
    # a name may be written with C or K, F or PH: what it sounds like is asked, not how it begins
    return (_SOUNDS.get(key[0], key[0]) + "".join(digits) + "000")[:4]


def _blocks(person: Known) -> Iterator[tuple[str, object]]:
    if person.nhs_number:
        yield "number", person.nhs_number
    if person.born_on is not None:
        yield "born", person.born_on
        yield "sound", (name_sound(person.family), person.born_on.year)
    if person.postcode:
        yield "place", (person.postcode, person.family[:1])


def _slips(person: Known) -> Iterator[tuple[str, object]]:
    """Where this person would stand with day and month, or family and first name, the other way round."""
    if person.born_on is None:
        return
    yield "sound", (name_sound(person.first), person.born_on.year)
    if person.born_on.day <= 12 and person.born_on.day != person.born_on.month:
        yield "born", person.born_on.replace(month=person.born_on.day, day=person.born_on.month)
    for years in (-1, 1, -10, 10):
        yield "sound", (name_sound(person.family), person.born_on.year + years)


def _names_alike(one: Known, other: Known) -> float:
    """0 to 1: both the family and a first name must be alike; the two the other way round count a little less."""
    straight = min(_alike(one.family, other.family), _first_alike(one, other))
    if straight >= NAMES_VERY_ALIKE:
        return straight
    turned = min(_alike(one.family, other.first), _alike(one.first, other.family)) * 0.97
    return max(straight, turned)


def _first_alike(one: Known, other: Known) -> float:
    if not one.first and not other.first:
        return 1.0
    pairs = [(a, b) for a in (one.first, one.known_as) for b in (other.first, other.known_as) if a and b]
    best = max((_alike(a, b) for a, b in pairs), default=0.0)
    if best < NAMES_ALIKE and any(min(len(a), len(b)) == 1 and a[0] == b[0] for a, b in pairs):
        return NAMES_ALIKE  # an initial says no more than that it may be
    return best


@lru_cache(maxsize=100_000)
def _alike(one: str, other: str) -> float:
    if one == other:
        return 1.0 if one else 0.0
    if not one or not other:
        return 0.0
    from rapidfuzz.distance import JaroWinkler

    spelled = float(JaroWinkler.similarity(one, other))
    if SOUND_HELPS_FROM <= spelled < NAMES_ALIKE and name_sound(one) == name_sound(other):
        return NAMES_ALIKE  # Mary and Marie
    return spelled


def _one_slip(one: str, other: str) -> bool:
    """One character wrong, or two neighbours the other way round."""
    if len(one) != len(other):
        return False
    places = [place for place, (a, b) in enumerate(zip(one, other, strict=True)) if a != b]
    if len(places) == 1:
        return True
    return (
        len(places) == 2
        and places[1] == places[0] + 1
        and one[places[0]] == other[places[1]]
        and one[places[1]] == other[places[0]]
    )


def _birth_slip(one: dt.date | None, other: dt.date | None) -> bool:
    if one is None or other is None or one == other:
        return False
    if one.year == other.year and (one.month, one.day) == (other.day, other.month):
        return True
    return _one_slip(one.isoformat(), other.isoformat())


def _date(text: str | None) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None
