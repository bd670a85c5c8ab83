"""Fetching what an operation works on, or saying in a sentence that it is not here."""

from typing import TypeVar

from wellbeing_desktop.domain.definition import Record
from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.domain.person import Person
from wellbeing_desktop.domain.registry import type_of
from wellbeing_desktop.storage.connection import Reader
from wellbeing_desktop.storage.records import load

R = TypeVar("R", bound=Record)


def found(reader: Reader, struct: type[R], id: str) -> R:
    """The record, or Refused when it is not on this laptop, was removed, or is marked as misfiled."""
    record = load(reader, struct, id)
    if record is None:
        raise Refused(f"{type_of(struct).label}: this record is not on this laptop any more.")
    return record


def person(reader: Reader, person_id: str) -> Person:
    return found(reader, Person, person_id)
