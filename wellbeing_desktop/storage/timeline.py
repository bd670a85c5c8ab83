"""What happened with somebody, newest first: every kind of record that has a time, read through joined records."""

from collections.abc import Iterable
from typing import Any, Final

import msgspec

from wellbeing_desktop.domain.definition import Lifecycle, Record
from wellbeing_desktop.domain.registry import RECORD_TYPES
from wellbeing_desktop.domain.wire import record_from
from wellbeing_desktop.storage.connection import Reader
from wellbeing_desktop.storage.effective import effective_of
from wellbeing_desktop.storage.grants import held_compartments
from wellbeing_desktop.storage.joined import ids_of, survivor_of
from wellbeing_desktop.storage.records import load_many
from wellbeing_desktop.storage.statements import json_text

ON_THE_TIMELINE: Final = tuple(
    record_type.name
    for record_type in RECORD_TYPES.values()
    if record_type.at and record_type.name not in ("score", "registration", "task")
)
"""Scores are shown with their assessment, registrations on the card, tasks in their own list."""


class TimelineEntry(msgspec.Struct, frozen=True, kw_only=True):
    """One record in time, as it reads now. `at` is ISO text: a moment in UTC, or a day where only that is known."""

    id: str
    type: str
    compartment: str
    at: str
    record: Record
    amended: frozenset[str]


class TimelinePage(msgspec.Struct, frozen=True):
    """Some entries, and where the page after them begins (None: there are no more)."""

    entries: tuple[TimelineEntry, ...]
    before: tuple[str, str] | None


def timeline(
    reader: Reader,
    person_id: str,
    *,
    types: Iterable[str] = ON_THE_TIMELINE,
    compartments: Iterable[str] | None = None,
    before: tuple[str, str] | None = None,
    limit: int = 50,
) -> TimelinePage:
    """A page of somebody's timeline; give the last page's `before` for the next.

    Removed and misfiled records are not in it, nor those outside `compartments` if given, nor what the person signed
    in may not hold; Refused if they may hold nothing of this person.
    """
    held = {one.value for one in held_compartments(reader, survivor_of(reader, person_id))}
    wanted = held if compartments is None else held & {str(one) for one in compartments}
    at, id = before or ("\U0010ffff", "")
    rows = reader.rows(
        _PAGE,
        {
            "people": json_text(ids_of(reader, person_id)),
            "types": json_text(list(types)),
            "compartments": json_text(sorted(wanted)),
            "at": at,
            "id": id,
            "limit": limit + 1,
        },
    )
    more, rows = rows[limit:], rows[:limit]
    found = _records(reader, rows)
    entries = tuple(
        TimelineEntry(id=id, type=type_name, compartment=compartment, at=at, record=found[id][0], amended=found[id][1])
        for id, type_name, _, compartment, at in rows
        if id in found
    )
    return TimelinePage(entries, (rows[-1][4], rows[-1][0]) if more else None)


def _records(reader: Reader, rows: list[tuple[Any, ...]]) -> dict[str, tuple[Record, frozenset[str]]]:
    subjects = {row[0]: row[2] for row in rows}
    by_type: dict[str, list[str]] = {}
    for id, type_name, *_ in rows:
        by_type.setdefault(type_name, []).append(id)
    found: dict[str, tuple[Record, frozenset[str]]] = {}
    for type_name, ids in by_type.items():
        record_type = RECORD_TYPES[type_name]
        if record_type.lifecycle in (Lifecycle.IMMUTABLE, Lifecycle.SIGNED):
            for id, now in effective_of(reader, record_type.struct, ids).items():
                found[id] = (record_from(record_type, id, subjects[id], now.body), now.amended)
        else:
            found |= {id: (record, frozenset()) for id, record in load_many(reader, record_type.struct, ids).items()}
    return found


_PAGE: Final = (
    "SELECT id, type, subject, compartment, at FROM record"
    " WHERE subject IN (SELECT value FROM json_each(:people)) AND at IS NOT NULL AND gone = 0"
    " AND type IN (SELECT value FROM json_each(:types))"
    " AND compartment IN (SELECT value FROM json_each(:compartments))"
    " AND (at, id) < (:at, :id) ORDER BY at DESC, id DESC LIMIT +:limit"
)
