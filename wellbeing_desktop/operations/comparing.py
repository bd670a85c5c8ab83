"""Two records beside each other, field by field, for whoever decides whether they are one person."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

import msgspec

from wellbeing_desktop.domain.definition import Field
from wellbeing_desktop.domain.names import list_name
from wellbeing_desktop.domain.nhs_number import format_nhs_number
from wellbeing_desktop.domain.organisation import Organisation, Practitioner
from wellbeing_desktop.domain.person import Address, ContactPoint, Person, RelatedPerson
from wellbeing_desktop.domain.registry import RECORD_TYPES, type_of
from wellbeing_desktop.domain.wire import body_of
from wellbeing_desktop.operations import found
from wellbeing_desktop.operations.aliases import JoinedPair, joins_of
from wellbeing_desktop.operations.duplicates import known_person, who_may_be
from wellbeing_desktop.operations.person_history import value_words
from wellbeing_desktop.operations.person_record import PersonRecord, read_person
from wellbeing_desktop.storage.connection import Reader
from wellbeing_desktop.storage.joined import survivor_of
from wellbeing_desktop.storage.records import load_all


class ComparedField(msgspec.Struct, frozen=True):
    """One field of both; empty words where a record says nothing."""

    label: str
    one: str
    other: str

    @property
    def is_same(self) -> bool:
        """Capitals apart."""
        return self.one.casefold() == self.other.casefold()


class Comparison(msgspec.Struct, frozen=True, kw_only=True):
    """Both records as lists name them, every field that either has, and what each holds, counted in words.

    `join` is set when the two are joined already.
    """

    one: PersonRecord
    one_id: str
    one_name: str
    other_id: str
    other_name: str
    fields: tuple[ComparedField, ...]
    join: JoinedPair | None


def compare_people(reader: Reader, one_id: str, other_id: str, today: dt.date) -> Comparison:
    """Refused when either is not on this laptop. Each record's own fields, also where they are joined already."""
    one, other = found.person(reader, one_id), found.person(reader, other_id)
    names = _names(reader)
    record_type = type_of(Person)
    bodies = [body_of(record_type, person) for person in (one, other)]
    fields = [
        ComparedField(field.about.label, *(_words(field, body.get(field.name), names) for body in bodies))
        for field in record_type.fields
    ]
    fields += [
        ComparedField(label, *("\n".join(_lists(reader, id)[label]) for id in (one_id, other_id)))
        for label in ("Addresses", "Numbers and e-mail", "People around them")
    ]
    fields.append(ComparedField("What is in the record", _holds(reader, one_id), _holds(reader, other_id)))
    pairs = [pair for pair in joins_of(reader, one_id) if {pair.survivor_id, pair.vanished_id} == {one_id, other_id}]
    return Comparison(
        one=read_person(reader, one_id, today),
        one_id=one_id,
        one_name=_name(one),
        other_id=other_id,
        other_name=_name(other),
        fields=tuple(field for field in fields if field.one or field.other),
        join=pairs[0] if pairs else None,
    )


def joined_to(reader: Reader, person_id: str) -> tuple[tuple[JoinedPair, str], ...]:
    """The joins in force that this person's record, as everybody knows it, takes part in, with the other's name."""
    made = []
    for pair in joins_of(reader, survivor_of(reader, person_id)):
        other = pair.vanished_id if pair.survivor_id == survivor_of(reader, person_id) else pair.survivor_id
        made.append((pair, _name(found.person(reader, other))))
    return tuple(made)


class Likely(msgspec.Struct, frozen=True):
    """Somebody who may be the same person, and why in words."""

    person_id: str
    name: str
    why: str


def likely_the_same(reader: Reader, person_id: str) -> tuple[Likely, ...]:
    """Who in this store may be this person too, most alike first; offered, never joined by the program."""
    this = known_person(reader, person_id)
    if this is None:
        return ()
    return tuple(
        Likely(offer.person_id, _name(found.person(reader, offer.person_id)), offer.words)
        for offer in who_may_be(reader, this, 5)
    )


def _words(field: Field, wire: Any, names: Mapping[str, str]) -> str:
    if field.name == "nhs_number" and wire:
        return format_nhs_number(str(wire))
    return value_words(field, wire, names)


def _name(person: Person) -> str:
    return list_name(person.family_name, person.given_name, person.known_as)


def _names(reader: Reader) -> Mapping[str, str]:
    return {
        **{one.id: one.name for one in load_all(reader, Practitioner)},
        **{one.id: one.name for one in load_all(reader, Organisation)},
    }


def _lists(reader: Reader, person_id: str) -> Mapping[str, tuple[str, ...]]:
    return {
        "Addresses": tuple(
            ", ".join(filter(None, (a.line1, a.line2, a.line3, a.line4, a.line5, a.postcode)))
            + (" (ended)" if a.ended_on else "")
            + (" (not safe to write)" if a.safe_to_write is False else "")
            for a in load_all(reader, Address, subject=person_id)
        ),
        "Numbers and e-mail": tuple(point.value for point in load_all(reader, ContactPoint, subject=person_id)),
        "People around them": tuple(
            ", ".join(filter(None, (one.name, one.relationship)))
            for one in load_all(reader, RelatedPerson, subject=person_id)
        ),
    }


def _holds(reader: Reader, person_id: str) -> str:
    """`3 contacts, 1 care plan`: of the kinds that somebody would look for."""
    counted = dict(
        reader.rows("SELECT type, count(*) FROM record WHERE subject = ? AND gone = 0 GROUP BY type", (person_id,))
    )
    parts = []
    for name in ("referral", "episode", "contact", "note", "care_plan", "assessment", "letter", "task", "alert"):
        if many := counted.get(name, 0):
            label = RECORD_TYPES[name].label if many == 1 else RECORD_TYPES[name].plural
            parts.append(f"{many:,} {label[:1].lower()}{label[1:]}")
    return ", ".join(parts) or "Nothing yet"
