"""Fetching what an operation works on, or saying in a sentence that it is not here."""

from typing import Any, TypeVar

from wellbeing_desktop.domain.definition import Record
from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.domain.person import Person
from wellbeing_desktop.domain.registry import type_of
from wellbeing_desktop.storage.connection import Reader
from wellbeing_desktop.storage.joined import ids_of, survivor_of
from wellbeing_desktop.storage.records import load, load_all

R = TypeVar("R", bound=Record)


def found(reader: Reader, struct: type[R], id: str) -> R:
    """The record, or Refused when it is not on this laptop, was removed, or is marked as misfiled."""
    record = load(reader, struct, id)
    if record is None:
        raise Refused(f"{type_of(struct).label}: this record is not on this laptop any more.")
    return record


def person(reader: Reader, person_id: str) -> Person:
    """One record of a person as it stands, also one that was joined to another. Refused when it is not here."""
    return found(reader, Person, person_id)


def survivor(reader: Reader, person_id: str) -> Person:
    """The person as everybody knows them: the record kept, where this one was joined to another."""
    return person(reader, survivor_of(reader, person_id))


def every(reader: Reader, struct: type[R], person_id: str, **equals: Any) -> list[R]:
    """All records of a type about one person, those in joined records too: what was written there stays there."""
    return [one for id in ids_of(reader, person_id) for one in load_all(reader, struct, subject=id, **equals)]
