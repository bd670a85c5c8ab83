"""Referrals that somebody still has to do something about, and people who wait for support to begin."""

import datetime as dt
from collections.abc import Sequence
from typing import Any, Final

import msgspec

from wellbeing_desktop.domain.names import list_name
from wellbeing_desktop.storage.columns import as_day, as_moment
from wellbeing_desktop.storage.connection import Reader
from wellbeing_desktop.storage.inbox import READ_IN
from wellbeing_desktop.storage.statements import fill


class Listed(msgspec.Struct, frozen=True, kw_only=True):
    """A referral with whom it is about. `episode_id` is the support that followed."""

    id: str
    person_id: str
    name: str
    born_on: dt.date | None
    practice: str
    received_on: dt.date | None
    source: str
    referrer: str
    urgency: str
    suggested_priority: str
    priority: str
    is_signed: bool
    screening_id: str
    respond_by: dt.datetime | None
    state: str
    decided_on: dt.date | None
    allocated_to: str
    allocated_role: str
    episode_id: str = ""
    waiting_since: dt.date | None = None
    check_in_due_on: dt.date | None = None
    practitioner_id: str = ""


def undecided(reader: Reader) -> tuple[Listed, ...]:
    """New and incomplete, the most pressing first, then the oldest."""
    return _listed(reader, _UNDECIDED)


def without_owner(reader: Reader) -> tuple[Listed, ...]:
    """Accepted, support open, and nobody has it."""
    return _listed(reader, _WITHOUT_OWNER)


def waiting(reader: Reader) -> tuple[Listed, ...]:
    """Accepted and not begun: whoever is to hear from us first stands first."""
    return _listed(reader, _WAITING)


def check_ins_due(reader: Reader, practitioner_id: str, on: dt.date) -> tuple[Listed, ...]:
    """Of those who wait, whom one colleague is to look in on by a day. Where nobody has the person yet, it falls to
    whoever accepted the referral."""
    return tuple(
        one
        for one in waiting(reader)
        if one.practitioner_id == practitioner_id and one.check_in_due_on is not None and one.check_in_due_on <= on
    )


_PRIORITY: Final = (
    "CASE coalesce(nullif(r.priority, ''), r.suggested_priority, '') WHEN 'same_day' THEN 0 WHEN 'urgent' THEN 1"
    " WHEN 'soon' THEN 2 WHEN 'routine' THEN 3 ELSE CASE r.urgency WHEN 'emergency' THEN 0 WHEN 'urgent' THEN 1"
    " ELSE 2 END END"
)
_WHO: Final = (
    "r.id, p.id, p.family_name, p.given_name, p.known_as, p.born_on,"
    " (SELECT o.name FROM live_organisation AS o WHERE o.id = coalesce(nullif(p.practice_id, ''), r.practice_id)),"
    " r.received_on, r.source, r.referrer_name, r.urgency, r.suggested_priority, r.priority, r.priority_signed_by,"
    " r.screening_id, r.respond_by, r.state, r.decided_on, r.allocated_to, r.allocated_role"
)
_UNDECIDED: Final = fill(
    "SELECT {who}, '', NULL, NULL, '' FROM live_referral AS r LEFT JOIN live_person AS p ON p.id = {read_in}"
    " WHERE r.state IN ('new', 'incomplete') ORDER BY {priority}, r.received_on, r.id",
    who=_WHO,
    priority=_PRIORITY,
    read_in=fill(READ_IN, row="r"),
)
_WITHOUT_OWNER: Final = fill(
    "SELECT {who}, e.id, e.waiting_since, e.check_in_due_on, '' FROM live_referral AS r"
    " JOIN live_episode AS e ON e.referral_id = r.id AND e.state = 'open'"
    " LEFT JOIN live_person AS p ON p.id = {read_in}"
    " WHERE r.state = 'accepted' AND coalesce(r.allocated_to, '') = '' AND coalesce(e.practitioner_id, '') = ''"
    " ORDER BY {priority}, r.decided_on, r.id",
    who=_WHO,
    priority=_PRIORITY,
    read_in=fill(READ_IN, row="r"),
)
_WAITING: Final = fill(
    "SELECT {who}, e.id, e.waiting_since, e.check_in_due_on, coalesce(nullif(e.practitioner_id, ''), r.decided_by, '')"
    " FROM live_episode AS e JOIN live_referral AS r ON r.id = e.referral_id"
    " LEFT JOIN live_person AS p ON p.id = {read_in}"
    " WHERE e.state = 'open' AND e.waiting_since IS NOT NULL AND e.started_on IS NULL"
    " ORDER BY e.check_in_due_on IS NULL, e.check_in_due_on, {priority}, e.waiting_since, e.id",
    who=_WHO,
    priority=_PRIORITY,
    read_in=fill(READ_IN, row="e"),
)


def _listed(reader: Reader, sql: str) -> tuple[Listed, ...]:
    return tuple(_row(found) for found in reader.rows(sql))


def _row(found: Sequence[Any]) -> Listed:
    return Listed(
        id=found[0],
        person_id=found[1] or "",
        name=list_name(found[2] or "", found[3] or "", found[4] or ""),
        born_on=as_day(found[5]),
        practice=found[6] or "",
        received_on=as_day(found[7]),
        source=found[8] or "",
        referrer=found[9] or "",
        urgency=found[10] or "",
        suggested_priority=found[11] or "",
        priority=found[12] or "",
        is_signed=bool(found[13]),
        screening_id=found[14] or "",
        respond_by=as_moment(found[15]),
        state=found[16] or "",
        decided_on=as_day(found[17]),
        allocated_to=found[18] or "",
        allocated_role=found[19] or "",
        episode_id=found[20] or "",
        waiting_since=as_day(found[21]),
        check_in_due_on=as_day(found[22]),
        practitioner_id=found[23] or "",
    )
