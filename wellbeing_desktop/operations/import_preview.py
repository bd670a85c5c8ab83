"""What bringing in a list of people would do, before anything is written.

A row is somebody already here when exactly one person is certainly the same (likeness.py), or when name and birth date
agree with exactly one and the number in the GP system does too, or the list says nothing of a place. Anything less is
a possible duplicate, for a person to decide. An empty cell says nothing and never removes.

A field changed here since the last list is kept and listed (PRACTICE W22); who is no longer on the practice's list is
named and never deleted (W20); an address is never erased, and never replaced where safety is recorded (W10).
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

import msgspec

from wellbeing_desktop.domain.death import has_died
from wellbeing_desktop.domain.definition import Record
from wellbeing_desktop.domain.names import comparison_key
from wellbeing_desktop.domain.organisation import Organisation
from wellbeing_desktop.domain.person import Address, ContactPoint, Demographics, Person, Registration
from wellbeing_desktop.domain.practice_list import ON_LIST, is_suspiciously_short, no_longer_on_list
from wellbeing_desktop.domain.registry import type_of
from wellbeing_desktop.domain.wire import to_wire
from wellbeing_desktop.exchange.people_list import PeopleList
from wellbeing_desktop.exchange.people_rows import ImportedPerson
from wellbeing_desktop.operations.duplicate_index import DuplicateIndex
from wellbeing_desktop.operations.duplicates import (
    Known,
    PossibleDuplicate,
    Verdict,
    compare,
    known,
)
from wellbeing_desktop.operations.import_plan import (
    Difference,
    FieldUpdate,
    ImportPreview,
    OfferedDuplicate,
    PlannedPerson,
    PlannedUpdate,
)
from wellbeing_desktop.operations.list_said import (
    PERSON_FIELDS,
    address_of,
    last_said,
    points_of,
    said_of,
    stored_address_text,
)
from wellbeing_desktop.storage.bulk import collecting_later
from wellbeing_desktop.storage.connection import Reader
from wellbeing_desktop.storage.records import load_all

R = TypeVar("R", bound=Record)


def preview_people_list(
    reader: Reader,
    people: PeopleList,
    *,
    source: str = "",
    practice_id: str = "",
    genders: Mapping[str, str] | None = None,
    practice_list: bool = True,
) -> ImportPreview:
    """Decide every row. `practice_id` is whose list it is, for rows that name no practice; `genders` maps words of
    the list to the codes that somebody confirmed. `practice_list` False says that these are some people and not the
    whole list of a practice: then who is missing means nothing."""
    with collecting_later():
        return _Preview(reader, people, source, practice_id, genders or {}, practice_list).decided()


class _Preview:
    def __init__(
        self,
        reader: Reader,
        people: PeopleList,
        source: str,
        practice_id: str,
        genders: Mapping[str, str],
        practice_list: bool,
    ) -> None:
        self._list = people
        self._source = source
        self._practice_id = practice_id
        self._genders = genders
        self._practice_list = practice_list
        self._people = {person.id: person for person in load_all(reader, Person)}
        self._addresses = _by_subject(load_all(reader, Address))
        self._points = _by_subject(load_all(reader, ContactPoint))
        self._demographics = _by_subject(load_all(reader, Demographics))
        self._registrations = _by_subject(load_all(reader, Registration))
        self._practices = {
            organisation.ods_code: organisation.id
            for organisation in load_all(reader, Organisation)
            if organisation.ods_code
        }
        self._new_practices: dict[str, tuple[str, str]] = {}
        self._vanished = {
            found[0] for found in reader.rows("SELECT vanished_id FROM live_alias WHERE state = 'active'")
        }
        self._index = DuplicateIndex()
        for person in self._people.values():
            if person.id in self._vanished:
                continue
            self._index.add(
                known(
                    person.id,
                    person.family_name,
                    person.given_name,
                    person.known_as,
                    person.born_on,
                    person.nhs_number,
                    self._postcode(person.id),
                    former=person.former_names,
                )
            )

    def decided(self) -> ImportPreview:
        new: list[PlannedPerson] = []
        updated: list[PlannedUpdate] = []
        differing: list[PlannedUpdate] = []
        unchanged: list[str] = []
        offered: list[OfferedDuplicate] = []
        seen: set[str] = set()
        practices = {self._practice_id} if self._practice_id else set()
        for row in self._list.people:
            if row.gender_as_listed in self._genders:
                row = msgspec.structs.replace(row, gender=self._genders[row.gender_as_listed])
            practice_id = self._practice_of(row)
            practices.add(practice_id)
            entry = _entry(row)
            candidates = self._index.like(entry)
            person = self._match(row, candidates)
            if person is not None and person.id not in seen:
                seen.add(person.id)
                plan = self._plan(row, person, practice_id)
                if plan.differences:
                    differing.append(plan)
                if plan.changes_something:
                    updated.append(plan)
                else:
                    unchanged.append(person.id)
                continue
            # rows of one list are compared with each other too
            self._index.add(entry)
            if candidates:
                seen |= {offer.person_id for offer in candidates}
                same_number = any("same NHS number" in offer.reasons for offer in candidates)
                offered.append(OfferedDuplicate(row.line, row, practice_id, candidates, same_number))
            else:
                new.append(PlannedPerson(row.line, row, practice_id))
        practices.discard("")
        missing = [
            gone.id
            for practice_id in (sorted(practices) if self._practice_list else ())
            for gone in no_longer_on_list(self._people.values(), practice_id, seen)
        ]
        before = sum(
            person.practice_id in practices and person.list_state == ON_LIST for person in self._people.values()
        )
        return ImportPreview(
            new=tuple(new),
            updated=tuple(updated),
            unchanged=tuple(unchanged),
            differing=tuple(differing),
            possible_duplicates=tuple(offered),
            refused=self._list.refused,
            not_on_list=tuple(missing),
            short_list=is_suspiciously_short(before, len(missing)),
            notices=self._list.notices,
            rows=self._list.read,
            source=self._source,
            practice_list=self._practice_list,
            new_practices=self._new_practices,
        )

    def _practice_of(self, row: ImportedPerson) -> str:
        if not row.practice_code:
            return self._practice_id
        known_id = self._practices.get(row.practice_code)
        if known_id is None:
            from wellbeing_desktop.domain.ids import new_id

            known_id = self._practices[row.practice_code] = new_id()
            self._new_practices[known_id] = (row.practice_code, row.practice_name or row.practice_code)
        return known_id

    def _match(self, row: ImportedPerson, candidates: Sequence[PossibleDuplicate]) -> Person | None:
        """The one person who this row certainly is."""
        sure = [
            self._people[offer.person_id]
            for offer in candidates
            if offer.person_id in self._people and self._is_sure(row, self._people[offer.person_id], offer)
        ]
        return sure[0] if len(sure) == 1 else None

    def _is_sure(self, row: ImportedPerson, person: Person, offer: PossibleDuplicate) -> bool:
        if offer.verdict is Verdict.CERTAINLY or self._is_as_listed_before(row, person):
            return True
        if row.born_on is None or (row.nhs_number and person.nhs_number) or _identity(row) != _identity(person):
            return False
        one_number = bool(row.local_number) and person.local_number == row.local_number
        return one_number or not (row.postcode or row.local_number)

    def _is_as_listed_before(self, row: ImportedPerson, person: Person) -> bool:
        """A name that was put right here is compared as the list last gave it."""
        if not row.nhs_number or row.nhs_number != person.nhs_number:
            return False
        last = last_said(self._current_registration(person.id))
        family, given = str(last.get("family_name", "")), str(last.get("given_name", ""))
        before = known(person.id, family, given, "", person.born_on, person.nhs_number)
        offer = compare(_entry(row), before) if family or given else None
        return offer is not None and offer.verdict is Verdict.CERTAINLY

    def _plan(self, row: ImportedPerson, person: Person, practice_id: str) -> PlannedUpdate:
        registration = self._current_registration(person.id)
        last = last_said(registration)
        said = said_of(row, practice_id)
        updates: list[FieldUpdate] = []
        additions: list[Record] = []
        differences: list[Difference] = []
        for name in (*PERSON_FIELDS, "practice_id", "restricted", "no_fixed_abode"):
            if name in said:
                _decide(person, name, said[name], last, updates, differences)
        if self._practice_list and person.list_state != ON_LIST:
            updates.append(FieldUpdate("person", person.id, "list_state", person.list_state or None, ON_LIST))
        demographics = next(iter(self._demographics.get(person.id, ())), None)
        listed = {name: said[name] for name in ("stated_gender", "ethnicity") if name in said}
        if demographics is None and listed:
            additions.append(Demographics(subject=person.id, **listed))
        elif demographics is not None:
            for name, value in listed.items():
                _decide(demographics, name, value, last, updates, differences)
        ends_address = self._plan_address(row, person, said, last, additions, differences)
        self._plan_points(row, person, last, additions)
        died = bool(row.died) and not has_died(person)
        if row.died is False and has_died(person):
            differences.append(Difference("Has died", "no", "yes"))
        if row.restricted is False and person.restricted:
            differences.append(Difference("Restricted record", "no", "yes"))
        return PlannedUpdate(
            line=row.line,
            person_id=person.id,
            row=row,
            practice_id=practice_id,
            updates=tuple(updates),
            additions=tuple(additions),
            ends_address=ends_address,
            died=died,
            registration_id=registration.id if registration else "",
            said=said,
            differences=tuple(differences),
        )

    def _plan_address(
        self,
        row: ImportedPerson,
        person: Person,
        said: Mapping[str, Any],
        last: Mapping[str, Any],
        additions: list[Record],
        differences: list[Difference],
    ) -> str:
        """Answers the id of the address that the new one ends."""
        listed = said.get("address")
        if not listed:
            return ""
        current = [address for address in self._addresses.get(person.id, ()) if address.ended_on is None]
        here = {stored_address_text(address): address for address in current}
        if any(_same_text(listed, text) for text in here):
            return ""
        main = next((address for address in reversed(current) if address.use in ("1", "")), None)
        guarded = any(
            address.safe_to_write is not None or address.safety_reason or address.use == "8" for address in current
        )
        if main is None and not current and "address" not in last and not guarded:
            additions.append(_replace_subject(address_of(row), person.id))
            return ""
        unchanged_here = main is not None and _same_text(last.get("address", ""), stored_address_text(main))
        if main is not None and unchanged_here and not guarded:
            additions.append(_replace_subject(address_of(row), person.id))
            return main.id
        if not _same_text(listed, last.get("address", "")) or main is None or not unchanged_here:
            differences.append(Difference("Address", listed, stored_address_text(main) if main else ""))
        return ""

    def _plan_points(
        self, row: ImportedPerson, person: Person, last: Mapping[str, Any], additions: list[Record]
    ) -> None:
        """A number that is new on the list is added; one taken out here since is not brought back."""
        here = {point.value for point in self._points.get(person.id, ())}
        before = set(last.get("points", ()))
        for point in points_of(row, person.id):
            if point.value not in here and point.value not in before:
                additions.append(point)

    def _current_registration(self, person_id: str) -> Registration | None:
        current = [entry for entry in self._registrations.get(person_id, ()) if entry.ended_on is None]
        return max(current, key=lambda entry: (entry.started_on or dt.date.min, entry.id), default=None)

    def _postcode(self, person_id: str) -> str:
        for address in reversed(self._addresses.get(person_id, ())):
            if address.ended_on is None and address.postcode:
                return address.postcode
        return ""


def _decide(
    record: Record,
    name: str,
    listed: Any,
    last: Mapping[str, Any],
    updates: list[FieldUpdate],
    differences: list[Difference],
) -> None:
    """PRACTICE W22: bring up to date only what still reads as the last list left it, or was never said."""
    record_type = type_of(record)
    here = to_wire(getattr(record, name))
    here = None if here in ("", []) else here
    if here == listed or (isinstance(here, str) and isinstance(listed, str) and _same_text(here, listed)):
        return
    before = last.get(name)
    if (here is None and before is None) or (before is not None and here == before):
        updates.append(FieldUpdate(record_type.name, record.id, name, here, listed))
    elif before != listed or here is not None:
        differences.append(Difference(record_type.field(name).label, _shown(listed), _shown(here)))


def _same_text(one: str, other: str) -> bool:
    """A list that is now in capitals, or spaced otherwise, says nothing new."""
    return " ".join(one.split()).casefold() == " ".join(other.split()).casefold()


def _shown(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)


def _entry(row: ImportedPerson) -> Known:
    return known(
        f"line {row.line}", row.family_name, row.given_name, row.known_as, row.born_on, row.nhs_number, row.postcode
    )


def _identity(one: Person | ImportedPerson) -> tuple[str, str, dt.date | None]:
    return comparison_key(one.family_name), comparison_key(one.given_name), one.born_on


def _by_subject(records: Sequence[R]) -> dict[str, list[R]]:
    grouped: dict[str, list[R]] = {}
    for record in records:
        grouped.setdefault(record.subject, []).append(record)
    return grouped


def _replace_subject(address: Address | None, person_id: str) -> Address:
    if address is None:
        raise ValueError("the list gives no address")
    return msgspec.structs.replace(address, subject=person_id)
