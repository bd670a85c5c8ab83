"""Children in the household that a concern is about: each by name and birth date (PRACTICE W12)."""

import datetime as dt

import msgspec

from wellbeing_desktop.domain.changes import Changes
from wellbeing_desktop.domain.concern import Concern, ConcernChild
from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.domain.ids import new_id
from wellbeing_desktop.domain.london_time import local_date
from wellbeing_desktop.operations import found
from wellbeing_desktop.operations.catalogue import doing
from wellbeing_desktop.storage.connection import Reader, Writer
from wellbeing_desktop.storage.records import load_all


def children_of(reader: Reader, concern_id: str) -> tuple[ConcernChild, ...]:
    """The eldest first; those whose birth date is not known last."""
    found_here = load_all(reader, ConcernChild, concern_id=concern_id)
    return tuple(sorted(found_here, key=lambda child: (child.born_on or dt.date.max, child.name, child.id)))


def name_child(writer: Writer, child: ConcernChild, *, at: dt.datetime | None = None) -> Changes:
    """A row for one child. A birth date that is not known is left empty, and said to be not known."""
    with doing(writer, "name_child", at=at) as tx:
        if not child.name.strip():
            raise Refused("Write the child's name, or that it is not known.", "child_name")
        if child.born_on is not None and child.born_on > local_date(tx.at):
            raise Refused("A birth date cannot be in the future.", "child_born_on")
        about = found.found(tx.reader, Concern, child.concern_id)
        tx.create(msgspec.structs.replace(child, id=child.id or new_id(), subject=about.subject))
    return tx.changes


def remove_child(writer: Writer, child_id: str, *, at: dt.datetime | None = None) -> Changes:
    """It was written down by mistake; undo brings it back."""
    with doing(writer, "remove_child", at=at) as tx:
        found.found(tx.reader, ConcernChild, child_id)
        tx.remove(ConcernChild, child_id, "Written down by mistake")
    return tx.changes
