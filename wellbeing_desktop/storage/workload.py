"""What colleagues have on now: open support and tasks due. A count and its list come from one condition."""

import datetime as dt
from collections.abc import Mapping
from typing import Final

import msgspec

from wellbeing_desktop.domain.allocation import Load
from wellbeing_desktop.domain.names import list_name
from wellbeing_desktop.storage.columns import as_day
from wellbeing_desktop.storage.connection import Reader
from wellbeing_desktop.storage.statements import fill


class Piece(msgspec.Struct, frozen=True):
    """One person supported, or one task due."""

    id: str
    person_id: str
    name: str
    words: str
    on: dt.date | None


def loads(reader: Reader, on: dt.date) -> Mapping[str, Load]:
    """By practitioner; somebody who is not in it has nothing on, as far as this laptop knows."""
    people = dict(reader.rows(_PEOPLE_COUNTS))
    tasks = dict(reader.rows(_TASK_COUNTS, {"on": on.isoformat()}))
    return {who: Load(people.get(who, 0), tasks.get(who, 0)) for who in {*people, *tasks}}


def supported(reader: Reader, practitioner_id: str) -> tuple[Piece, ...]:
    """Whom somebody supports, in name order."""
    return tuple(_piece(found) for found in reader.rows(_PEOPLE, {"who": practitioner_id}))


def tasks_due(reader: Reader, practitioner_id: str, on: dt.date) -> tuple[Piece, ...]:
    """What somebody is to have done by a day, the oldest first."""
    return tuple(_piece(found) for found in reader.rows(_TASKS, {"who": practitioner_id, "on": on.isoformat()}))


_IS_SUPPORT: Final = "e.state = 'open' AND coalesce(e.practitioner_id, '') <> ''"
_IS_DUE: Final = "t.state = 'open' AND t.due_on <= :on AND coalesce(t.owner_id, '') <> ''"
_PEOPLE_COUNTS: Final = fill(
    "SELECT e.practitioner_id, count(*) FROM live_episode AS e WHERE {which} GROUP BY e.practitioner_id",
    which=_IS_SUPPORT,
)
_TASK_COUNTS: Final = fill(
    "SELECT t.owner_id, count(*) FROM live_task AS t WHERE {which} GROUP BY t.owner_id", which=_IS_DUE
)
_PEOPLE: Final = fill(
    "SELECT e.id, e.subject, p.family_name, p.given_name, p.known_as, '', e.opened_on FROM live_episode AS e"
    " LEFT JOIN live_person AS p ON p.id = e.subject WHERE {which} AND e.practitioner_id = :who"
    " ORDER BY p.family_name, p.given_name, e.id",
    which=_IS_SUPPORT,
)
_TASKS: Final = fill(
    "SELECT t.id, t.subject, p.family_name, p.given_name, p.known_as, t.title, t.due_on FROM live_task AS t"
    " LEFT JOIN live_person AS p ON p.id = t.subject WHERE {which} AND t.owner_id = :who ORDER BY t.due_on, t.id",
    which=_IS_DUE,
)


def _piece(found: tuple[str, str, str | None, str | None, str | None, str | None, str | None]) -> Piece:
    return Piece(
        found[0],
        found[1],
        list_name(found[2] or "", found[3] or "", found[4] or ""),
        found[5] or "",
        as_day(found[6]),
    )
