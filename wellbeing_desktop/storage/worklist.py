"""Everything due to one person in one list (H5), and the counts of it: one statement gives both.

What is due: work with a day up to a last day, and work without one. What a colleague of a team that one leads has left
long enough (`Wanted.raised_before`) is in it too; while the lead is away it is in the deputy's and in that of whoever
covers.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any, Final

import msgspec

from wellbeing_desktop.domain.london_time import moment_of
from wellbeing_desktop.domain.names import list_name
from wellbeing_desktop.domain.wire import to_wire
from wellbeing_desktop.storage.columns import as_day, as_moment
from wellbeing_desktop.storage.connection import Reader
from wellbeing_desktop.storage.statements import fill

KINDS: Final[Mapping[str, tuple[str, str]]] = {
    "visit": ("appointment", "appointments"),
    "call_back": ("call-back promised", "call-backs promised"),
    "task": ("task", "tasks"),
    "follow_up": ("follow-up", "follow-ups"),
    "to_look_at": ("outcome to look at", "outcomes to look at"),
    "raised": ("task raised with you", "tasks raised with you"),
    "enquiry": ("contact you have taken", "contacts you have taken"),
    "request": ("request", "requests"),
    "message": ("message", "messages"),
    "onward": ("person sent on to ask about", "people sent on to ask about"),
    "action": ("action of a plan", "actions of plans"),
    "review": ("plan review", "plan reviews"),
    "copy": ("copy owed", "copies owed"),
}
"""Each kind with the words for one and for several, in the order in which they are offered."""


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """Whose work, as of which day and moment, up to which. `raised_before`: an open task of a colleague that was due before this
    day is the lead's to see to."""

    who: str
    on: dt.date
    until: dt.date
    raised_before: dt.date
    kind: str = ""
    now: dt.datetime | None = None


class Item(msgspec.Struct, frozen=True, kw_only=True):
    """One thing to do. `person_id` is whom it is about, empty for a message about nobody; `owner_id` whoever has it."""

    kind: str
    type: str
    id: str
    person_id: str
    name: str
    born_on: dt.date | None
    what: str
    due_on: dt.date | None
    due_at: dt.datetime | None
    urgent: bool
    owner_id: str

    def is_late(self, on: dt.date, now: dt.datetime | None) -> bool:
        """Has its day passed, or its hour today? An appointment that has begun is no late one."""
        if self.due_on != on or self.due_at is None or self.kind == "visit":
            return self.due_on is not None and self.due_on < on
        return now is not None and self.due_at < now


class Worklist(msgspec.Struct, frozen=True):
    """`counts` has every kind that there is something of; `total` is the length of the list as it was asked for,
    of which `items` are the first."""

    items: tuple[Item, ...]
    total: int
    counts: Mapping[str, int]
    late: int


def worklist(reader: Reader, wanted: Wanted, *, limit: int = 500) -> Worklist:
    """At most `limit` items; the counts are of all there are."""
    values = {
        "who": wanted.who,
        "on": wanted.on.isoformat(),
        "until": wanted.until.isoformat(),
        "until_moment": to_wire(moment_of(wanted.until + dt.timedelta(days=1), dt.time(0))),
        "raised_before": wanted.raised_before.isoformat(),
        "now": to_wire(wanted.now) if wanted.now is not None else "",
    }
    counts = {kind: int(count) for kind, count in reader.rows(_COUNTS, values)}
    total = counts.get(wanted.kind, 0) if wanted.kind else sum(counts.values())
    asked = {**values, "kind": wanted.kind, "limit": limit}
    late = int(reader.value(_LATE, {**values, "kind": wanted.kind}) or 0)
    return Worklist(tuple(map(_item, reader.rows(_ITEMS, asked))), total, counts, late)


_AWAY: Final = (
    "EXISTS (SELECT 1 FROM live_cover AS c WHERE c.subject = t.lead_id AND c.ended IS NOT 1"
    " AND c.kind IN ('leave', 'sickness') AND c.since_on <= :on AND (c.until_on IS NULL OR c.until_on >= :on){more})"
)
# The teams of which somebody sees what is raised: as lead; as deputy, or covering, while the lead is away or there is
# none.
_LEADS: Final = fill(
    "SELECT 1 FROM live_team AS t, json_each(t.members) AS m WHERE {member}"
    " AND (t.lead_id = :who OR (t.deputy_id = :who AND (t.lead_id IS NULL OR {away})) OR {covered})",
    member="(m.value = k.owner_id OR (k.owner_id IS NULL AND t.id = k.team_id))",
    away=fill(_AWAY, more=""),
    covered=fill(_AWAY, more=" AND c.cover_id = :who"),
)
_MINE: Final = (
    "(k.owner_id = :who OR (k.owner_id IS NULL AND ("
    "EXISTS (SELECT 1 FROM live_team AS t, json_each(t.members) AS m WHERE t.id = k.team_id AND m.value = :who)"
    " OR (k.team_id IS NULL AND EXISTS"
    " (SELECT 1 FROM live_person AS p WHERE p.id = k.subject AND p.coordinator_id = :who)))))"
)
_DUE: Final = "(k.due_on IS NULL OR k.due_on <= :until OR k.urgent = 1)"
_REQUEST: Final = (
    "SELECT {kind} AS kind, 'request' AS type, k.id, k.subject AS person_id, coalesce(k.items, '') AS what,"
    " date(k.due_at) AS due_on, k.due_at, 0 AS urgent, k.owner_id FROM live_request AS k"
    " WHERE k.state IN ('open', 'with_clinician', 'instructed') AND k.owner_id = :who"
    " AND (k.due_at IS NULL OR k.due_at < :until_moment) AND {which}"
)
_ALL: Final = " UNION ALL ".join(
    (
        fill(
            "SELECT CASE WHEN k.kind = 'call_back' THEN 'call_back' WHEN k.rule IS NOT NULL AND k.rule <> 'repeats'"
            " THEN 'follow_up' ELSE 'task' END AS kind, 'task' AS type, k.id, k.subject AS person_id, k.title AS what,"
            " k.due_on, k.due_at, k.urgent IS 1 AS urgent, k.owner_id"
            " FROM live_task AS k WHERE k.state = 'open' AND k.escalated_to IS NOT :who AND {mine} AND {due}",
            mine=_MINE,
            due=_DUE,
        ),
        "SELECT 'to_look_at', 'task', k.id, k.subject, k.title, k.done_on, NULL, 0, k.owner_id FROM live_task AS k"
        " WHERE k.state = 'to_review' AND k.delegated_by = :who",
        fill(
            "SELECT 'raised', 'task', k.id, k.subject, k.title, k.due_on, k.due_at, k.urgent IS 1, k.owner_id"
            " FROM live_task AS k WHERE k.state = 'open' AND (k.escalated_to = :who"
            " OR (k.owner_id IS NOT :who AND NOT {mine} AND k.due_on < :raised_before AND EXISTS ({leads})))",
            mine=_MINE,
            leads=_LEADS,
        ),
        fill(_REQUEST, kind="'call_back'", which="k.kind = 'call_back'"),
        fill(_REQUEST, kind="'request'", which="k.kind <> 'call_back'"),
        "SELECT 'visit', 'appointment', k.id, k.subject, coalesce(k.purpose, ''), k.starts_on, k.starts_at, 0,"
        " k.practitioner_id FROM live_appointment AS k WHERE k.state = 'booked' AND k.starts_on <= :until"
        " AND (k.practitioner_id = :who OR k.second_worker_id = :who)",
        "SELECT 'message', 'message', k.id, coalesce(k.person_id, ''), k.words, NULL, NULL, k.urgent IS 1, k.from_id"
        " FROM live_message AS k WHERE k.subject = :who AND k.state IN ('sent', 'read')",
        "SELECT 'enquiry', 'enquiry', k.id, k.subject, coalesce(k.words, ''), date(k.respond_by), k.respond_by,"
        " k.urgent IS 1, k.claimed_by FROM live_enquiry AS k WHERE k.state = 'claimed' AND k.claimed_by = :who",
        "SELECT 'onward', 'onward_referral', k.id, k.subject, coalesce(k.to_name, ''), k.chase_on, NULL, 0, k.owner_id"
        " FROM live_onward_referral AS k WHERE k.state IN ('sent', 'booked') AND k.owner_id = :who"
        " AND k.chase_on <= :until",
        "SELECT 'action', 'action', k.id, k.subject, k.what, k.due_on, NULL, 0, k.practitioner_id"
        " FROM live_action AS k WHERE k.state = 'to_do' AND k.practitioner_id = :who AND k.due_on <= :until",
        "SELECT 'review', 'care_plan', k.id, k.subject, '', k.review_on, NULL, 0, k.practitioner_id"
        " FROM live_care_plan AS k WHERE k.state = 'agreed' AND k.practitioner_id = :who AND k.review_on <= :until"
        " AND NOT EXISTS (SELECT 1 FROM live_care_plan AS later WHERE later.supersedes = k.id)",
        "SELECT 'copy', 'plan_copy', k.id, k.subject, 'version ' || coalesce(k.version, 1), NULL, NULL, 0,"
        " c.practitioner_id FROM live_plan_copy AS k JOIN live_care_plan AS c ON c.id = k.plan_id"
        " WHERE k.state = 'owed' AND c.practitioner_id = :who",
    )
)
_COUNTS: Final = fill("SELECT kind, count(*) FROM ({all}) GROUP BY kind", all=_ALL)
_LATE: Final = fill(
    "SELECT count(*) FROM ({all}) WHERE (due_on < :on OR (due_on = :on AND due_at < :now AND kind <> 'visit'))"
    " AND (:kind = '' OR kind = :kind) AND kind <> 'to_look_at'",
    all=_ALL,
)
_ITEMS: Final = fill(
    "SELECT w.kind, w.type, w.id, w.person_id, p.family_name, p.given_name, p.known_as, p.unidentified, p.born_on,"
    " w.what, w.due_on, w.due_at, w.urgent, w.owner_id FROM ({all}) AS w LEFT JOIN live_person AS p ON p.id = w.person_id"
    " WHERE :kind = '' OR w.kind = :kind"
    " ORDER BY w.urgent DESC, w.due_on IS NULL, w.due_on, w.due_at IS NULL, w.due_at, w.kind, w.id LIMIT +:limit",
    all=_ALL,
)


def _item(found: Sequence[Any]) -> Item:
    return Item(
        kind=found[0],
        type=found[1],
        id=found[2],
        person_id=found[3] or "",
        name="" if found[7] else list_name(found[4] or "", found[5] or "", found[6] or ""),
        born_on=as_day(found[8]),
        what=found[9] or "",
        due_on=as_day(found[10]),
        due_at=as_moment(found[11]),
        urgent=bool(found[12]),
        owner_id=found[13] or "",
    )
