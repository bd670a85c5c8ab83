"""People in memory by what they share and how they are named: a list that comes in, or everybody in the store."""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from typing import TypeGuard

from wellbeing_desktop.domain import birth_keys, name_keys
from wellbeing_desktop.operations.duplicate_candidates import (
    Wanted,
    births_to_look_for,
    called,
    first_may_be,
    named_like,
    numbers_to_look_for,
    turned,
)
from wellbeing_desktop.operations.duplicates import PossibleDuplicate, compare, known_people, rank
from wellbeing_desktop.operations.likeness import Known, is_placeholder_date, may_be_born
from wellbeing_desktop.operations.name_likeness import Name, alike, names_to_look_for, spelled_alike
from wellbeing_desktop.storage.connection import Reader


def possible_duplicates(reader: Reader, limit: int = 200) -> list[tuple[str, PossibleDuplicate]]:
    """Pairs in the store to look at, each pair once, the surest first."""
    index = DuplicateIndex()
    pairs = []
    for person in known_people(reader):
        pairs += [(person.id, offer) for offer in index.like(person)]
        index.add(person)
    pairs.sort(key=lambda pair: (*rank(pair[1])[:2], pair[0]))
    return pairs[:limit]


class DuplicateIndex:
    """`add` as many as there are, then ask.

    Somebody whose birth date is known is looked for among those who may be born then, a few dozen of ten thousand, and
    among those whose birth date nobody knows; by their name alone they would be compared with everybody who has one
    like it.
    """

    def __init__(self, people: Iterable[Known] = ()) -> None:
        self._people: dict[str, Known] = {}
        self._blocks: dict[object, set[str]] = {}
        self._born: dict[str, set[str]] = {}
        self._everybody = _Named()
        self._not_by_name: list[Known] = []
        """Who is not in `_everybody` yet: it is asked only about somebody whose birth date is not known."""
        self._of_unknown_birth = _Named()
        for person in people:
            self.add(person)

    def add(self, person: Known) -> None:
        self._people[person.id] = person
        for block in (person.nhs_number, person.born_on, person.postcode, *person.telephones):
            if block:
                self._blocks.setdefault(block, set()).add(person.id)
        self._not_by_name.append(person)
        if _is_known(person.born_on):
            for key in birth_keys.kept_under(person.born_on):
                self._born.setdefault(key, set()).add(person.id)
        else:
            self._of_unknown_birth.add(person)

    def like(self, person: Known, limit: int = 5) -> tuple[PossibleDuplicate, ...]:
        """The people who may be this one, the surest first; the person itself is not among them."""
        ids = self._sharing(person)
        if _is_known(person.born_on):
            ids |= self._born_like(person, person.born_on) | named_like(self._of_unknown_birth, person)
        else:
            ids |= named_like(self._everybody_by_name(), person)
        offers = [compare(person, self._people[id]) for id in ids if id != person.id]
        return tuple(sorted((offer for offer in offers if offer), key=rank)[:limit])

    def _everybody_by_name(self) -> "_Named":
        for person in self._not_by_name:
            self._everybody.add(person)
        self._not_by_name.clear()
        return self._everybody

    def _sharing(self, person: Known) -> set[str]:
        blocks = (*numbers_to_look_for(person.nhs_number), *births_to_look_for(person.born_on), person.postcode)
        found: set[str] = set()
        for block in (*blocks, *person.telephones):
            found |= self._blocks.get(block, set())
        return found

    def _born_like(self, person: Known, born_on: dt.date) -> set[str]:
        name = person.name
        if not name.family or not name.firsts:
            return set()
        wanted = _PairOfNames(name)
        near = {id for key in birth_keys.looked_for_under(born_on) for id in self._born.get(key, ())}
        return {
            id for id in near if wanted.may_be(self._people[id].name) and may_be_born(born_on, self._people[id].born_on)
        }


class _Named:
    """People by family name and first name."""

    def __init__(self) -> None:
        self._ids: dict[str, dict[str, list[tuple[str, dt.date | None]]]] = {}
        self._under: dict[str, set[str]] = {}
        self._with_part: dict[str, set[str]] = {}

    def add(self, person: Known) -> None:
        family = person.name.family
        if family not in self._ids:
            self._ids[family] = {}
            for key in name_keys.kept_under(family):
                self._under.setdefault(key, set()).add(family)
        if len(person.name.families) > 1:
            for part in person.name.families:
                self._with_part.setdefault(part, set()).add(family)
        for first in person.name.firsts:
            self._ids[family].setdefault(first, []).append((person.id, person.born_on))

    def families_like(self, name: Name) -> set[str]:
        found = {name.family, *name.families, *name.former}
        for family in names_to_look_for(name) if self._ids else ():
            near = {other for key in name_keys.looked_for_under(family) for other in self._under.get(key, ())}
            found |= spelled_alike(family, list(near)) | self._with_part.get(family, set())
        return found

    def named(self, wanted: Sequence[Wanted]) -> Iterator[tuple[str, dt.date | None]]:
        for families, names in wanted:
            for family in families & self._ids.keys():
                for first, people in self._ids[family].items():
                    if first_may_be(first, names):
                        yield from people


class _PairOfNames:
    """One person's names, asked of another's one by one: what `named_like` asks of many at once."""

    def __init__(self, name: Name) -> None:
        self._ways = [(_FamilyName(name), called(name)), (_FamilyName(turned(name)), (name.family,))]

    def may_be(self, other: Name) -> bool:
        return any(
            family.may_be(other) and any(first_may_be(first, names) for first in other.firsts)
            for family, names in self._ways
        )


class _FamilyName:
    def __init__(self, name: Name) -> None:
        self._exact = {name.family, *name.families, *name.former}
        self._wanted = names_to_look_for(name)

    def may_be(self, other: Name) -> bool:
        family = other.family
        return family in self._exact or any(
            (len(other.families) > 1 and one in other.families) or alike(one, family)[0] for one in self._wanted
        )


def _is_known(day: dt.date | None) -> TypeGuard[dt.date]:
    return day is not None and not is_placeholder_date(day)
