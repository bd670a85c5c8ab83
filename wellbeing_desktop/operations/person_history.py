"""Every value that was ever saved about somebody, in words: what, from what to what, by whom, when."""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from wellbeing_desktop.domain.code_lists import label_of
from wellbeing_desktop.domain.dates import staff_date, staff_moment
from wellbeing_desktop.domain.definition import Field, Kind
from wellbeing_desktop.domain.organisation import Organisation, Practitioner
from wellbeing_desktop.domain.plan_rules import SECTION_LABELS
from wellbeing_desktop.domain.registry import RECORD_TYPES
from wellbeing_desktop.storage.about import records_about
from wellbeing_desktop.storage.connection import Reader
from wellbeing_desktop.storage.history import HistoryLine, history
from wellbeing_desktop.storage.joined import ids_of
from wellbeing_desktop.storage.records import load_all

_NOT_FOR_READING = ("position", "answers", "listed")
"""An order of work, answers that stand with their score, and what a practice list was compared by: for the program."""
_UNKNOWN = "another record"
_DONE = {"create": "Added", "change": "Changed", "remove": "Removed", "restore": "Brought back"}


class PastValue(msgspec.Struct, frozen=True):
    """One field of one change. `was` is empty when nothing stood there."""

    field: str
    now: str
    was: str = ""


class PastChange(msgspec.Struct, frozen=True, kw_only=True):
    """One change of one record."""

    at: str
    """ISO text, the laptop's clock: data, never an order between laptops."""
    when: str
    who: str
    what: str
    """ "Changed: Person"."""
    type: str
    values: tuple[PastValue, ...]
    sent: bool


def person_history(reader: Reader, person_id: str) -> tuple[PastChange, ...]:
    """Everything about the person and those records that were joined to theirs, newest first."""
    names: dict[str, str] = {one.id: one.name for one in load_all(reader, Practitioner)}
    names |= {one.id: one.name for one in load_all(reader, Organisation)}
    return _changes_of(reader, records_about(reader, ids_of(reader, person_id)), names)


def history_of(reader: Reader, records: Iterable[tuple[str, str]]) -> tuple[PastChange, ...]:
    """The same for some records alone, each by its type and id."""
    names: dict[str, str] = {one.id: one.name for one in load_all(reader, Practitioner)}
    names |= {one.id: one.name for one in load_all(reader, Organisation)}
    return _changes_of(reader, records, names)


def _changes_of(reader: Reader, records: Iterable[tuple[str, str]], names: Mapping[str, str]) -> tuple[PastChange, ...]:
    changes = []
    for type_name, id in records:
        for line in history(reader, id):
            changes.append(_change(type_name, line, names))
    changes.sort(key=lambda change: change.at, reverse=True)
    return tuple(changes)


def value_words(field: Field, wire: Any, names: Mapping[str, str]) -> str:
    """A stored value as people read it. An id that is not known here stays out of sight."""
    if wire in (None, "", []):
        return ""
    if field.name == "key_safe":
        return "A code, shown on the day of a visit"
    if isinstance(wire, dict):
        parts = [
            f"{verb} {', '.join(value_words(field, [one], names) for one in wire.get(key, ()))}"
            for key, verb in (("add", "added"), ("remove", "took out"))
            if wire.get(key)
        ]
        return "; ".join(parts)
    if field.name == "sections":
        return ", ".join(SECTION_LABELS.get(one, one) for one in wire)
    if field.kind is Kind.SET:
        return ", ".join(label_of(field.about.code_list, one) if field.about.code_list else one for one in wire)
    if field.kind is Kind.YES_NO:
        return "Yes" if wire else "No"
    if field.kind is Kind.DATE:
        return staff_date(dt.date.fromisoformat(wire))
    if field.kind is Kind.MOMENT:
        return staff_moment(dt.datetime.fromisoformat(wire))
    if field.about.refers_to or field.name.endswith("_id"):
        return names.get(str(wire), _UNKNOWN)
    return label_of(field.about.code_list, str(wire)) if field.about.code_list else str(wire)


def _change(type_name: str, line: HistoryLine, names: Mapping[str, str]) -> PastChange:
    record_type = RECORD_TYPES[type_name]
    values = []
    for name, now in line.patch.items():
        if not record_type.has_field(name):
            values.append(PastValue(name, str(now)))  # a newer version's field, or the reason of a removal
            continue
        field = record_type.field(name)
        if field.name in _NOT_FOR_READING:
            continue
        value = PastValue(field.label, value_words(field, now, names), value_words(field, line.was.get(name), names))
        if value.now == _UNKNOWN and not value.was:
            continue  # which record a new one belongs to says nothing to people
        values.append(value)
    return PastChange(
        at=line.at_claimed,
        when=staff_moment(dt.datetime.fromisoformat(line.at_claimed)),
        who=names.get(line.author, "Somebody whose name is not on this laptop"),
        what=f"{_DONE.get(line.kind, line.kind)}: {record_type.label}",
        type=type_name,
        values=tuple(values),
        sent=line.sent,
    )
