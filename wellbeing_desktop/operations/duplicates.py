"""People who may be one person: offered with reasons, never joined by a machine (LESSONS 17, hazard H12).

One engine for everybody who asks: an import, the form for a new person, a referral, an enquiry, the page that joins
two records. Candidates are those who share an NHS number, a birth date (day and month either way round), a postcode, a
telephone number, or a name by its spelling or sound; each is then compared (likeness.py). The people to choose from
are the store's (`who_may_be`) or a list in memory (duplicate_index.py), with the same blocks.
"""

import datetime as dt
from collections.abc import Iterable, Sequence

import msgspec

from wellbeing_desktop.operations.duplicate_candidates import (
    Wanted,
    births_to_look_for,
    first_may_be,
    named_like,
    numbers_to_look_for,
)
from wellbeing_desktop.operations.likeness import Known, Verdict, compared, known
from wellbeing_desktop.operations.name_likeness import PART_FROM_LETTERS, Name, names_to_look_for, spelled_alike
from wellbeing_desktop.storage import alike as shared
from wellbeing_desktop.storage.connection import Reader

__all__ = ["Known", "PossibleDuplicate", "Verdict", "compare", "known", "who_may_be"]


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


def compare(one: Known, other: Known) -> PossibleDuplicate | None:
    """Why these two may be one person, or None."""
    likeness = compared(one, other)
    if likeness.verdict is Verdict.NO:
        return None
    return PossibleDuplicate(other.id, likeness.reasons, likeness.score, likeness.verdict)


def who_may_be(reader: Reader, person: Known, limit: int = 8) -> tuple[PossibleDuplicate, ...]:
    """The people of this store who may be this one, the surest first. Whoever was joined to another is compared with
    what their own record says, and offered as the record kept; `person.id` and its joined records are left out."""
    shelf = _StoreShelf(reader)
    ids = shelf.sharing(person) | named_like(shelf, person)
    roots = shared.roots(reader, [*ids, person.id])
    own = roots[person.id]
    best: dict[str, PossibleDuplicate] = {}
    for facts in shared.facts_of(reader, {id for id in ids if roots[id] != own}):
        if offer := compare(person, _known_of(facts)):
            offer = msgspec.structs.replace(offer, person_id=roots[facts.id])
            if offer.person_id not in best or rank(offer) < rank(best[offer.person_id]):
                best[offer.person_id] = offer
    return tuple(sorted(best.values(), key=rank)[:limit])


def known_person(reader: Reader, person_id: str) -> Known | None:
    """One person of this store as comparing takes them; None when they are not here, or nobody knows yet who it is."""
    found = shared.facts_of(reader, [person_id])
    return _known_of(found[0]) if found else None


def known_people(reader: Reader) -> list[Known]:
    """Everybody in the store whom somebody knows, joined records left out: they have been looked at."""
    everybody = shared.facts_of(reader)
    roots = shared.roots(reader, [facts.id for facts in everybody])
    return [_known_of(facts) for facts in everybody if roots[facts.id] == facts.id]


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

    def named(self, wanted: Sequence[Wanted]) -> Iterable[tuple[str, dt.date | None]]:
        everybody = shared.of_families(self._reader, {family for families, _called in wanted for family in families})
        chosen: set[int] = set()
        for families, called in wanted:
            firsts = {first for _number, family, first in everybody if family in families}
            firsts = {first for first in firsts if first_may_be(first, called)}
            chosen |= {number for number, family, first in everybody if first in firsts and family in families}
        return shared.born(self._reader, chosen)

    def sharing(self, person: Known) -> set[str]:
        written = f"{person.postcode[:-3]} {person.postcode[-3:]}" if person.postcode else ""
        return shared.sharing(
            self._reader,
            nhs_numbers=numbers_to_look_for(person.nhs_number),
            born_on=births_to_look_for(person.born_on),
            postcode=written,
            telephones=person.telephones,
        )


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


def rank(offer: PossibleDuplicate) -> tuple[int, int, str]:
    return -offer.verdict, -offer.alike, offer.person_id
