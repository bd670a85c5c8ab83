"""The list that a coordinator lives in: who is supported, what happens next, what is overdue.

One filter gives both the page and its count, so that the two never disagree.
"""

import datetime as dt
from collections.abc import Sequence
from enum import StrEnum
from typing import Any, Final

import msgspec

from wellbeing_desktop.domain.names import list_name
from wellbeing_desktop.storage.columns import as_day
from wellbeing_desktop.storage.connection import Reader
from wellbeing_desktop.storage.search import find_page
from wellbeing_desktop.storage.stages import STAGE_OF
from wellbeing_desktop.storage.statements import fill


class CaseloadSort(StrEnum):
    """What the list is put in order by; people without a date come last."""

    NAME = "name"
    NEXT_APPOINTMENT = "next_appointment"
    LAST_CONTACT = "last_contact"  # longest ago first
    REVIEW = "review"
    OPENED = "opened"


class CaseloadFilter(msgspec.Struct, frozen=True, kw_only=True):
    """Whom to list. A field at its default does not narrow the list.

    `coordinator_id` is the person's coordinator or that of an open period of support. `reviews_by` keeps those whose
    agreed plan is due for review by then; `quiet_since` those without a contact since; `late_on` those with an open task
    due before that day, or a booked appointment before it without an outcome; `stage` those who are there with the service
    (`storage/stages.py`); `only` keeps these people.
    """

    coordinator_id: str = ""
    practice_id: str = ""
    team_id: str = ""
    supported_only: bool = False
    with_alert: bool = False
    reviews_by: dt.date | None = None
    quiet_since: dt.date | None = None
    copy_owed: bool = False
    list_state: str = ""
    living_only: bool = False
    late_on: dt.date | None = None
    stage: str = ""
    only: tuple[str, ...] | None = None


class CaseloadRow(msgspec.Struct, frozen=True, kw_only=True):
    """One person in the list."""

    id: str
    name: str
    known_as: str
    born_on: dt.date | None
    postcode: str
    nhs_number: str
    similar_name: bool
    died: bool
    restricted: bool
    has_alert: bool
    coordinator_id: str
    coordinator: str
    practice: str
    list_state: str
    opened_on: dt.date | None
    last_contact_on: dt.date | None
    next_appointment_on: dt.date | None
    review_on: dt.date | None
    tasks_open: int
    copy_owed: bool
    stage: str


class Caseload(msgspec.Struct, frozen=True):
    """A page of the list, and how many people the whole list has."""

    rows: tuple[CaseloadRow, ...]
    total: int


def caseload(
    reader: Reader,
    narrowed: CaseloadFilter,
    today: dt.date,
    *,
    sort: CaseloadSort = CaseloadSort.NAME,
    descending: bool = False,
    limit: int = 200,
    offset: int = 0,
) -> Caseload:
    """A page of the people on this laptop who pass a filter. Those joined to another record are shown as that one."""
    where, values = _where(narrowed)
    rows = reader.rows(
        fill(_PAGE, where=where, order=_order(sort, descending)),
        {**values, "today": today.isoformat(), "limit": limit, "offset": offset},
    )
    total = len(rows) + offset
    if offset or len(rows) == limit:
        total = int(reader.value(fill(_COUNT, where=where), values))
    return Caseload(tuple(_row(found) for found in rows), total)


def caseload_found(
    reader: Reader,
    typed: str,
    today: dt.date,
    *,
    most: int,
    sort: CaseloadSort = CaseloadSort.NAME,
    descending: bool = False,
    limit: int = 200,
    offset: int = 0,
) -> Caseload:
    """A page of the people found by what was typed, `most` of them at most. By name the page is cut before anything
    else is looked up: what comes with a key must come at once."""
    if sort is CaseloadSort.NAME:
        ids, total = find_page(reader, typed, most, descending=descending, limit=limit, offset=offset)
        page = caseload(reader, CaseloadFilter(only=ids), today, sort=sort, descending=descending, limit=len(ids) + 1)
    else:
        ids, total = find_page(reader, typed, most, limit=most)
        page = caseload(
            reader, CaseloadFilter(only=ids), today, sort=sort, descending=descending, limit=limit, offset=offset
        )
    return Caseload(page.rows, total)


def caseload_count(reader: Reader, narrowed: CaseloadFilter) -> int:
    """How many people pass a filter: the number beside a saved list, by the same words as the list itself."""
    where, values = _where(narrowed)
    return int(reader.value(fill(_COUNT, where=where), values))


def caseload_stages(reader: Reader, narrowed: CaseloadFilter) -> dict[str, int]:
    """How many of those who pass a filter are at each stage; a stage with nobody is left out."""
    where, values = _where(narrowed)
    return {stage: int(count) for stage, count in reader.rows(fill(_STAGES, where=where), values)}


_NAMED: Final = "FROM person_sort AS s JOIN record AS r ON r.number = s.number JOIN live_person AS p ON p.id = r.id"
_OPEN_EPISODE: Final = "SELECT 1 FROM live_episode AS e WHERE e.subject = p.id AND e.state = 'open'"
_LAST_CONTACT: Final = "(SELECT max(c.happened_on) FROM live_contact AS c WHERE c.subject = p.id)"
_NEXT: Final = (
    "(SELECT min(a.starts_on) FROM live_appointment AS a WHERE a.subject = p.id AND a.state = 'booked'"
    " AND a.starts_on >= :today)"
)
_REVIEW: Final = (
    "(SELECT min(c.review_on) FROM live_care_plan AS c WHERE c.subject = p.id AND c.state = 'agreed'"
    " AND NOT EXISTS (SELECT 1 FROM live_care_plan AS later WHERE later.supersedes = c.id))"
)
_OPENED: Final = "(SELECT max(e.opened_on) FROM live_episode AS e WHERE e.subject = p.id AND e.state = 'open')"
_ALERT: Final = (
    "EXISTS (SELECT 1 FROM live_alert AS alert WHERE alert.subject = p.id AND alert.ended IS NOT 1"
    " AND NOT EXISTS (SELECT 1 FROM live_alert AS later WHERE later.subject = p.id AND later.supersedes = alert.id))"
)
_COPY: Final = "EXISTS (SELECT 1 FROM live_plan_copy AS copy WHERE copy.subject = p.id AND copy.state = 'owed')"
_SIMILAR: Final = (
    "(EXISTS (SELECT 1 FROM person_first_name AS mine JOIN person_first_name AS other ON other.family = mine.family"
    " AND other.first = mine.first AND other.number <> mine.number WHERE mine.number = s.number)"
    " OR EXISTS (SELECT 1 FROM person_words AS mine JOIN person_words AS other ON other.family = mine.family"
    " AND other.born_on = mine.born_on AND other.number <> mine.number WHERE mine.number = s.number"
    " AND mine.family <> ''))"
)
_POSTCODE: Final = (
    "(SELECT a.postcode FROM live_address AS a WHERE a.subject = p.id"
    " ORDER BY a.ended_on IS NOT NULL, a.started_on DESC, a.id DESC LIMIT 1)"
)
_TASKS: Final = "(SELECT count(*) FROM live_task AS t WHERE t.subject = p.id AND t.state = 'open')"
_LATE_TASK: Final = (
    "EXISTS (SELECT 1 FROM live_task AS t WHERE t.subject = p.id AND t.state = 'open' AND t.due_on < :late_on)"
)
_LATE_APPOINTMENT: Final = (
    "EXISTS (SELECT 1 FROM live_appointment AS a WHERE a.subject = p.id AND a.state = 'booked'"
    " AND a.starts_on < :late_on)"
)

_ORDER: Final = {
    CaseloadSort.NAME: "s.sort, s.number",
    CaseloadSort.NEXT_APPOINTMENT: f"{_NEXT} IS NULL, {_NEXT}, s.sort, s.number",
    CaseloadSort.LAST_CONTACT: f"{_LAST_CONTACT} IS NULL, {_LAST_CONTACT}, s.sort, s.number",
    CaseloadSort.REVIEW: f"{_REVIEW} IS NULL, {_REVIEW}, s.sort, s.number",
    CaseloadSort.OPENED: f"{_OPENED} IS NULL, {_OPENED} DESC, s.sort, s.number",
}
# The page is chosen first; what is shown of each person is looked up for the page alone.
_PAGE: Final = fill(
    "WITH page AS MATERIALIZED (SELECT s.number AS number {named} WHERE {{where}} ORDER BY {{order}}"
    " LIMIT +:limit OFFSET +:offset)"
    " SELECT p.id, p.family_name, p.given_name, p.known_as, p.born_on, {postcode}, p.nhs_number, {similar},"
    " p.died_on IS NOT NULL, p.restricted IS 1, {alert}, p.coordinator_id,"
    " (SELECT w.name FROM practitioner AS w WHERE w.id = p.coordinator_id),"
    " (SELECT o.name FROM organisation AS o WHERE o.id = p.practice_id), p.list_state,"
    " {opened}, {last_contact}, {next}, {review}, {tasks}, {copy}, {stage}"
    " {named} WHERE s.number IN (SELECT number FROM page) ORDER BY {{order}}",
    named=_NAMED,
    postcode=_POSTCODE,
    similar=_SIMILAR,
    alert=_ALERT,
    opened=_OPENED,
    last_contact=_LAST_CONTACT,
    next=_NEXT,
    review=_REVIEW,
    tasks=_TASKS,
    copy=_COPY,
    stage=STAGE_OF,
)
_COUNT: Final = fill("SELECT count(*) {named} WHERE {{where}}", named=_NAMED)
_STAGES: Final = fill("SELECT {stage}, count(*) {named} WHERE {{where}} GROUP BY 1", stage=STAGE_OF, named=_NAMED)


def _order(sort: CaseloadSort, descending: bool) -> str:
    if not descending:
        return _ORDER[sort]
    if sort is CaseloadSort.NAME:
        return "s.sort DESC, s.number DESC"
    blank, by, *rest = _ORDER[sort].split(", ", 2)
    turned = by.removesuffix(" DESC") if by.endswith(" DESC") else f"{by} DESC"
    return ", ".join((blank, turned, *rest))


def _where(narrowed: CaseloadFilter) -> tuple[str, dict[str, Any]]:
    conditions = ["1"]
    values: dict[str, Any] = {}
    if narrowed.coordinator_id:
        conditions.append(
            "(p.coordinator_id = :coordinator OR p.id IN (SELECT e.subject FROM live_episode AS e"
            " WHERE e.practitioner_id = :coordinator AND e.state = 'open'))"
        )
        values["coordinator"] = narrowed.coordinator_id
    if narrowed.team_id:
        conditions.append(
            "p.id IN (SELECT e.subject FROM live_episode AS e WHERE e.team_id = :team AND e.state = 'open')"
        )
        values["team"] = narrowed.team_id
    if narrowed.practice_id:
        conditions.append("p.practice_id = :practice")
        values["practice"] = narrowed.practice_id
    if narrowed.list_state:
        conditions.append("p.list_state = :list_state")
        values["list_state"] = narrowed.list_state
    if narrowed.supported_only:
        conditions.append(f"EXISTS ({_OPEN_EPISODE})")
    if narrowed.with_alert:
        conditions.append(_ALERT)
    if narrowed.copy_owed:
        conditions.append(_COPY)
    if narrowed.living_only:
        conditions.append("p.died_on IS NULL")
    if narrowed.reviews_by is not None:
        conditions.append(f"{_REVIEW} <= :reviews_by")
        values["reviews_by"] = narrowed.reviews_by.isoformat()
    if narrowed.late_on is not None:
        conditions.append(f"({_LATE_TASK} OR {_LATE_APPOINTMENT})")
        values["late_on"] = narrowed.late_on.isoformat()
    if narrowed.stage:
        conditions.append(f"{STAGE_OF} = :stage")
        values["stage"] = narrowed.stage
    if narrowed.only is not None:
        conditions.append("p.id IN (SELECT value FROM json_each(:only))")
        values["only"] = msgspec.json.encode(narrowed.only).decode()
    if narrowed.quiet_since is not None:
        conditions.append(f"coalesce({_LAST_CONTACT}, '') < :quiet_since")
        values["quiet_since"] = narrowed.quiet_since.isoformat()
    return " AND ".join(conditions), values


def _row(found: Sequence[Any]) -> CaseloadRow:
    return CaseloadRow(
        id=found[0],
        name=list_name(found[1] or "", found[2] or "", found[3] or ""),
        known_as=found[3] or "",
        born_on=as_day(found[4]),
        postcode=found[5] or "",
        nhs_number=found[6] or "",
        similar_name=bool(found[7]),
        died=bool(found[8]),
        restricted=bool(found[9]),
        has_alert=bool(found[10]),
        coordinator_id=found[11] or "",
        coordinator=found[12] or "",
        practice=found[13] or "",
        list_state=found[14] or "",
        opened_on=as_day(found[15]),
        last_contact_on=as_day(found[16]),
        next_appointment_on=as_day(found[17]),
        review_on=as_day(found[18]),
        tasks_open=int(found[19]),
        copy_owed=bool(found[20]),
        stage=found[21],
    )
