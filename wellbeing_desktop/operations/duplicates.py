"""People who may be one person: offered with reasons, never joined by a machine (LESSONS 17, hazard H12).

One engine for everybody who asks: an import, the form for a new person, a referral, an enquiry, the page that joins
two records. Candidates are those who share an NHS number, a birth date (day and month either way round), a postcode, a
telephone number, or a name by its spelling or sound; each is then compared (likeness.py). The people to choose from
are a list in memory (`DuplicateIndex`) or the store (`who_may_be`), with the same blocks.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Final, Protocol

import msgspec

from wellbeing_desktop.domain.nhs_number import has_valid_check_digit
from wellbeing_desktop.operations.likeness import Known, Verdict, compared, known, may_be_born
from wellbeing_desktop.operations.name_likeness import (
    PART_FROM_LETTERS,
    Name,
    alike,
    is_short_for,
    names_to_look_for,
    spelled_alike,
)
from wellbeing_desktop.storage import alike as shared
from wellbeing_desktop.storage.connection import Reader

__all__ = ["DuplicateIndex", "Known", "PossibleDuplicate", "Verdict", "compare", "known", "who_may_be"]

_NAMED_ALIKE: Final = 2_000
"""How many of one name are compared at most; the commonest name has a few hundred among 100,000 people."""


class PossibleDuplicate(msgspec.Struct, frozen=True):
    """Somebody who may be the same person, how sure, and why, in words without names. `alike` (0 to 100) orders
    offers of one class."""

    person_id: str
    reasons: tuple[str, ...]
    alike: int
    verdict: Verdict = Verdict.POSSIBLY

    @property
    def words(self) -> str:
        """`Probably: same name, same date of birth, different postcodes`."""
        return f"{self.verdict.words}: {', '.join(self.reasons)}"


_Wanted = tuple[set[str], tuple[str, ...]]
"""Family names, and what the people who have one of them may be called."""


class _Shelf(Protocol):
    """Where candidates stand. The ids that it gives are its own affair."""

    def families_like(self, name: Name) -> set[str]: ...

    def named(self, wanted: Sequence[_Wanted]) -> Iterable[tuple[str, dt.date | None]]: ...

    def sharing(
        self, numbers: set[str], born_on: set[dt.date], postcode: str, telephones: frozenset[str]
    ) -> set[str]: ...


def compare(one: Known, other: Known) -> PossibleDuplicate | None:
    """Why these two may be one person, or None."""
    likeness = compared(one, other)
    if likeness.verdict is Verdict.NO:
        return None
    return PossibleDuplicate(other.id, likeness.reasons, likeness.score, likeness.verdict)


def who_may_be(reader: Reader, person: Known, limit: int = 8) -> tuple[PossibleDuplicate, ...]:
    """The people of this store who may be this one, the surest first. Whoever was joined to another is compared with
    what their own record says, and offered as the record kept; `person.id` and its joined records are left out."""
    ids = _candidates(_StoreShelf(reader), person)
    roots = shared.roots(reader, [*ids, person.id])
    own = roots[person.id]
    best: dict[str, PossibleDuplicate] = {}
    for facts in shared.facts_of(reader, {id for id in ids if roots[id] != own}):
        if offer := compare(person, _known_of(facts)):
            offer = msgspec.structs.replace(offer, person_id=roots[facts.id])
            if offer.person_id not in best or _rank(offer) < _rank(best[offer.person_id]):
                best[offer.person_id] = offer
    return tuple(sorted(best.values(), key=_rank)[:limit])


def known_person(reader: Reader, person_id: str) -> Known | None:
    """One person of this store as comparing takes them; None when they are not here, or nobody knows yet who it is."""
    found = shared.facts_of(reader, [person_id])
    return _known_of(found[0]) if found else None


def known_people(reader: Reader) -> list[Known]:
    """Everybody in the store whom somebody knows, joined records left out: they have been looked at."""
    everybody = shared.facts_of(reader)
    roots = shared.roots(reader, [facts.id for facts in everybody])
    return [_known_of(facts) for facts in everybody if roots[facts.id] == facts.id]


def possible_duplicates(reader: Reader, limit: int = 200) -> list[tuple[str, PossibleDuplicate]]:
    """Pairs in the store to look at, each pair once, the surest first."""
    index = DuplicateIndex()
    pairs = []
    for person in known_people(reader):
        pairs += [(person.id, offer) for offer in index.like(person)]
        index.add(person)
    pairs.sort(key=lambda pair: (*_rank(pair[1])[:2], pair[0]))
    return pairs[:limit]


class DuplicateIndex:
    """People by their blocks, in memory. `add` as many as there are, then ask."""

    def __init__(self, people: Iterable[Known] = ()) -> None:
        self._people: dict[str, Known] = {}
        self._blocks: dict[object, set[str]] = {}
        self._named: dict[str, dict[str, set[str]]] = {}
        self._families: list[str] = []
        self._with_part: dict[str, set[str]] = {}
        self._spelled: dict[str, tuple[int, set[str]]] = {}
        for person in people:
            self.add(person)

    def add(self, person: Known) -> None:
        self._people[person.id] = person
        for block in (person.nhs_number, person.born_on, person.postcode, *person.telephones):
            if block:
                self._blocks.setdefault(block, set()).add(person.id)
        family = person.name.family
        if family not in self._named:
            self._named[family] = {}
            self._families.append(family)
        if len(person.name.families) > 1:
            for part in person.name.families:
                self._with_part.setdefault(part, set()).add(family)
        for first in person.name.firsts:
            self._named[family].setdefault(first, set()).add(person.id)

    def like(self, person: Known, limit: int = 5) -> tuple[PossibleDuplicate, ...]:
        """The people who may be this one, the surest first; the person itself is not among them."""
        ids = _candidates(self, person)
        offers = [compare(person, self._people[id]) for id in ids if id != person.id]
        return tuple(sorted((offer for offer in offers if offer), key=_rank)[:limit])

    # As a shelf --------------------------------------------------------------------------------------------------

    def families_like(self, name: Name) -> set[str]:
        """The families of the list that may be spellings of the name's own. What was compared before is not compared again."""
        found = {name.family, *name.families, *name.former}
        for family in names_to_look_for(name):
            done, spelled = self._spelled.get(family, (0, set()))
            if done < len(self._families):
                spelled = spelled | spelled_alike(family, self._families[done:])
                self._spelled[family] = (len(self._families), spelled)
            found |= spelled | self._with_part.get(family, set())
        return found

    def named(self, wanted: Sequence[_Wanted]) -> Iterator[tuple[str, dt.date | None]]:
        """The id and birth date of everybody with one of these families and a first name that may be the same."""
        for families, called in wanted:
            for family in families:
                for first, ids in self._named.get(family, {}).items():
                    if _first_may_be(first, called):
                        yield from ((id, self._people[id].born_on) for id in ids)

    def sharing(self, numbers: set[str], born_on: set[dt.date], postcode: str, telephones: frozenset[str]) -> set[str]:
        """Everybody with one of these numbers, birth dates or telephones, or the postcode."""
        found: set[str] = set()
        for block in (*numbers, *born_on, postcode, *telephones):
            found |= self._blocks.get(block, set())
        return found


class _StoreShelf:
    def __init__(self, reader: Reader) -> None:
        self._reader = reader

    def families_like(self, name: Name) -> set[str]:
        found = {name.family, *name.families, *name.former}
        wanted = names_to_look_for(name)
        parts = [part for part in wanted if len(part) > PART_FROM_LETTERS]
        near = sorted(shared.families_near(self._reader, wanted, parts))
        for family in wanted:
            found |= spelled_alike(family, near)
        return found | {family for family in near for part in parts if family.startswith(part) or family.endswith(part)}

    def named(self, wanted: Sequence[_Wanted]) -> Iterable[tuple[str, dt.date | None]]:
        everybody = shared.of_families(self._reader, {family for families, _called in wanted for family in families})
        chosen: set[int] = set()
        for families, called in wanted:
            firsts = {first for _number, family, first in everybody if family in families}
            firsts = {first for first in firsts if _first_may_be(first, called)}
            chosen |= {number for number, family, first in everybody if first in firsts and family in families}
        return shared.born(self._reader, chosen)

    def sharing(self, numbers: set[str], born_on: set[dt.date], postcode: str, telephones: frozenset[str]) -> set[str]:
        written = f"{postcode[:-3]} {postcode[-3:]}" if postcode else ""
        return shared.sharing(
            self._reader, nhs_numbers=numbers, born_on=born_on, postcode=written, telephones=telephones
        )


def _candidates(shelf: _Shelf, person: Known) -> set[str]:
    found = shelf.sharing(_numbers(person.nhs_number), _births(person.born_on), person.postcode, person.telephones)
    name = person.name
    if not name.family or not name.firsts:
        return found
    called = (*name.firsts, *name.givens[1:], "".join(name.givens))
    turned = shelf.families_like(Name(families=name.givens))
    people = shelf.named([(shelf.families_like(name), called), (turned, (name.family,))])
    named = [id for id, born_on in people if may_be_born(person.born_on, born_on)]
    return found | set(named[:_NAMED_ALIKE])


def _first_may_be(first: str, wanted: tuple[str, ...]) -> bool:
    return any(_may_be_called(first, name) for name in wanted if name)


@lru_cache(maxsize=100_000)
def _may_be_called(first: str, name: str) -> bool:
    return bool(first.startswith(name) or name.startswith(first) or alike(first, name)[0] or is_short_for(first, name))


def _numbers(digits: str) -> set[str]:
    """The number, or, where it fails its check, the numbers that one slip would have made it from."""
    if len(digits) != 10 or has_valid_check_digit(digits):
        return {digits} if digits else set()
    swapped = (f"{digits[:at]}{digits[at + 1]}{digits[at]}{digits[at + 2 :]}" for at in range(9))
    changed = (f"{digits[:at]}{other}{digits[at + 1 :]}" for at in range(10) for other in "0123456789")
    return {digits} | {number for number in (*swapped, *changed) if has_valid_check_digit(number)}


def _births(day: dt.date | None) -> set[dt.date]:
    if day is None:
        return set()
    return {day, day.replace(month=day.day, day=day.month)} if day.day <= 12 else {day}


def _known_of(facts: shared.Facts) -> Known:
    return known(
        facts.id,
        facts.family,
        facts.given,
        facts.known_as,
        facts.born_on,
        facts.nhs_number,
        facts.postcode,
        former=facts.former,
        line1=facts.line1,
        telephones=facts.telephones,
    )


def _rank(offer: PossibleDuplicate) -> tuple[int, int, str]:
    return -offer.verdict, -offer.alike, offer.person_id
