"""What somebody must do next: the rows of the Today screen, each with whom it is about."""

import datetime as dt
from collections.abc import Sequence
from typing import Any, Final

import msgspec

from wellbeing_desktop.domain.names import list_name
from wellbeing_desktop.storage import conflicts, drafts, holding, outbox
from wellbeing_desktop.storage.columns import as_day, as_moment
from wellbeing_desktop.storage.connection import Reader
from wellbeing_desktop.storage.drafts import Draft
from wellbeing_desktop.storage.refused import unapplied_count
from wellbeing_desktop.storage.statements import fill
from wellbeing_desktop.storage.sync_findings import findings


class Visit(msgspec.Struct, frozen=True, kw_only=True):
    """An appointment of the day. `address` is where the person lives now, on one line; `two_person` and `before_visit`
    are what to know before knocking."""

    id: str
    person_id: str
    name: str
    starts_at: dt.datetime | None
    starts_on: dt.date | None
    duration_minutes: int | None
    travel_minutes: int | None
    medium: str
    place: str
    purpose: str
    state: str
    address: str
    two_person: bool
    before_visit: bool


class Due(msgspec.Struct, frozen=True, kw_only=True):
    """Something with a day on it: a task, an action of a plan, a review, a copy owed."""

    id: str
    type: str
    person_id: str
    name: str
    what: str
    due_on: dt.date | None
    urgent: bool
    due_at: dt.datetime | None = None


class Today(msgspec.Struct, frozen=True, kw_only=True):
    """The day of one practitioner. Lists are in the order to do them; late before due."""

    visits: tuple[Visit, ...]
    without_outcome: tuple[Visit, ...]
    tasks: tuple[Due, ...]
    actions: tuple[Due, ...]
    reviews: tuple[Due, ...]
    copies_owed: tuple[Due, ...]
    gp_entries: int
    drafts: tuple[Draft, ...]
    conflicts: int
    unsent: int
    not_applied: int
    held: int
    found_by_sync: int
    """Sentences of syncs that nobody has read yet."""

    def late(self, on: dt.date, now: dt.datetime | None = None) -> tuple[Due, ...]:
        """Tasks and actions whose day has passed, and `now` those whose hour today has."""

        def is_late(due: Due) -> bool:
            if due.due_on == on and due.due_at is not None and now is not None:
                return due.due_at < now
            return due.due_on is not None and due.due_on < on

        return tuple(due for due in (*self.tasks, *self.actions) if is_late(due))


def today(reader: Reader, practitioner_id: str, on: dt.date, *, limit: int = 200) -> Today:
    """Everything that one practitioner has to do by the end of a day, and what is waiting for nobody else."""
    values = {"who": practitioner_id, "on": on.isoformat(), "limit": limit}
    return Today(
        visits=_visits(reader, _OF_THE_DAY, values),
        without_outcome=_visits(reader, _PAST_AND_OPEN, values),
        tasks=_dues(reader, _TASKS, values),
        actions=_dues(reader, _ACTIONS, values),
        reviews=_dues(reader, _REVIEWS, values),
        copies_owed=_dues(reader, _COPIES, values),
        gp_entries=int(reader.value("SELECT count(*) FROM live_gp_entry WHERE state = 'to_enter'")),
        drafts=tuple(drafts.drafts(reader)),
        conflicts=conflicts.clash_count(reader, conflicts.Wanted(whose=conflicts.Whose.MINE)),
        unsent=outbox.waiting_count(reader),
        not_applied=unapplied_count(reader),
        held=holding.held_pieces(reader),
        found_by_sync=len(findings(reader)),
    )


def week(reader: Reader, practitioner_id: str, first: dt.date, days: int = 7) -> tuple[Visit, ...]:
    """The appointments of some days from `first` on, cancelled ones left out."""
    last = first + dt.timedelta(days=days - 1)
    return _visits(
        reader, _OF_THE_DAYS, {"who": practitioner_id, "on": first.isoformat(), "last": last.isoformat(), "limit": 1000}
    )


_VISIT: Final = (
    "SELECT a.id, a.subject, p.family_name, p.given_name, p.known_as, a.starts_at, a.starts_on, a.duration_minutes,"
    " a.travel_minutes, a.medium, a.place, a.purpose, a.state,"
    " (SELECT concat_ws(', ', h.line1, h.line2, h.line3, h.line4, h.postcode) FROM live_address AS h"
    "   WHERE h.subject = a.subject AND (h.ended_on IS NULL OR h.ended_on > :on)"
    "   ORDER BY h.started_on DESC, h.id DESC LIMIT 1),"
    " EXISTS (SELECT 1 FROM live_access_note AS n WHERE n.subject = a.subject AND n.two_person_visit = 1),"
    " EXISTS (SELECT 1 FROM live_alert AS alert WHERE alert.subject = a.subject AND alert.ended IS NOT 1"
    "   AND alert.before_visit = 1 AND NOT EXISTS (SELECT 1 FROM live_alert AS later"
    "     WHERE later.subject = a.subject AND later.supersedes = alert.id))"
    " FROM live_appointment AS a LEFT JOIN live_person AS p ON p.id = a.subject"
    " WHERE (a.practitioner_id = :who OR a.second_worker_id = :who) AND {when}"
    " ORDER BY a.starts_on, a.starts_at, a.id LIMIT +:limit"
)
_OF_THE_DAY: Final = fill(_VISIT, when="a.starts_on = :on AND a.state IS NOT 'cancelled'")
_OF_THE_DAYS: Final = fill(_VISIT, when="a.starts_on BETWEEN :on AND :last AND a.state IS NOT 'cancelled'")
_PAST_AND_OPEN: Final = fill(_VISIT, when="a.starts_on < :on AND a.state = 'booked'")

# What is shown is chosen first, in the order of an index where there is one; names are looked up for that alone.
_DUE: Final = (
    "WITH shown AS MATERIALIZED (SELECT d.id AS id FROM live_{type} AS d WHERE {which} ORDER BY {order} LIMIT +:limit)"
    " SELECT d.id, '{type}', d.subject, p.family_name, p.given_name, p.known_as, {what}, {due}, {urgent}, {at}"
    " FROM shown CROSS JOIN live_{type} AS d ON d.id = shown.id LEFT JOIN live_person AS p ON p.id = d.subject"
    " ORDER BY {order}"
)
_TASKS: Final = fill(
    _DUE,
    type="task",
    what="d.title",
    due="d.due_on",
    order="d.due_on IS NULL, d.due_on, d.id",
    at="d.due_at",
    urgent="d.urgent IS 1",
    which="d.owner_id = :who AND d.state = 'open' AND (d.due_on IS NULL OR d.due_on <= :on OR d.urgent = 1)",
)
_ACTIONS: Final = fill(
    _DUE,
    type="action",
    what="d.what",
    due="d.due_on",
    order="d.due_on, d.id",
    at="NULL",
    urgent="0",
    which="d.practitioner_id = :who AND d.state = 'to_do' AND d.due_on <= :on",
)
_REVIEWS: Final = fill(
    _DUE,
    type="care_plan",
    what="'Review of the plan'",
    due="d.review_on",
    order="d.review_on, d.id",
    at="NULL",
    urgent="0",
    which="d.practitioner_id = :who AND d.state = 'agreed' AND d.review_on <= date(:on, '+14 days')"
    " AND NOT EXISTS (SELECT 1 FROM live_care_plan AS later WHERE later.supersedes = d.id)",
)
_COPY_SINCE: Final = "(SELECT c.agreed_on FROM live_care_plan AS c WHERE c.id = d.plan_id)"
_COPIES: Final = fill(
    _DUE,
    type="plan_copy",
    what="'Copy of the plan, version ' || coalesce(d.version, 1)",
    due=_COPY_SINCE,
    order=f"{_COPY_SINCE} IS NULL, {_COPY_SINCE}, d.id",
    at="NULL",
    urgent="0",
    which="d.state = 'owed'",
)


def _visits(reader: Reader, sql: str, values: dict[str, Any]) -> tuple[Visit, ...]:
    return tuple(_visit(found) for found in reader.rows(sql, values))


def _dues(reader: Reader, sql: str, values: dict[str, Any]) -> tuple[Due, ...]:
    return tuple(
        Due(
            id=found[0],
            type=found[1],
            person_id=found[2],
            name=list_name(found[3] or "", found[4] or "", found[5] or ""),
            what=found[6] or "",
            due_on=as_day(found[7]),
            urgent=bool(found[8]),
            due_at=as_moment(found[9]),
        )
        for found in reader.rows(sql, values)
    )


def _visit(found: Sequence[Any]) -> Visit:
    return Visit(
        id=found[0],
        person_id=found[1],
        name=list_name(found[2] or "", found[3] or "", found[4] or ""),
        starts_at=as_moment(found[5]),
        starts_on=as_day(found[6]),
        duration_minutes=found[7],
        travel_minutes=found[8],
        medium=found[9] or "",
        place=found[10] or "",
        purpose=found[11] or "",
        state=found[12] or "",
        address=found[13] or "",
        two_person=bool(found[14]),
        before_visit=bool(found[15]),
    )
