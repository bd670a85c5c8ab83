"""Concerns that are not closed, for those who may see them and for whoever raised them (PRACTICE W6, W12)."""

import datetime as dt
from typing import Any, Final

import msgspec

from wellbeing_desktop.domain import grants as rules
from wellbeing_desktop.domain.definition import Compartment
from wellbeing_desktop.domain.names import list_name
from wellbeing_desktop.domain.scoring import SAFETY_ITEMS, asks_for_safety
from wellbeing_desktop.storage.columns import as_moment
from wellbeing_desktop.storage.connection import Reader
from wellbeing_desktop.storage.grants import grants_held, user_of


class OpenConcern(msgspec.Struct, frozen=True, kw_only=True):
    """One that nobody has closed. `may_read` is False for somebody who raised it and has no grant for what is
    restricted: they are told that it was raised and who has it, nothing more."""

    id: str
    person_id: str
    name: str
    path: str
    raised_at: dt.datetime | None
    raised_by: str
    respond_by: dt.datetime | None
    lead_id: str
    state: str
    may_read: bool


def may_read_concerns(reader: Reader, person_id: str, on: dt.date) -> bool:
    """Does a grant of the person signed in name what is restricted about this person?"""
    return rules.may_hold(grants_held(reader), person_id, Compartment.RESTRICTED, on)


def open_concerns(reader: Reader, on: dt.date, *, limit: int = 500) -> tuple[OpenConcern, ...]:
    """The oldest first: what has waited longest is looked at first, and nothing is sorted by how bad it seems."""
    grants, user = grants_held(reader), user_of(reader)
    found = []
    for (
        id,
        subject,
        family,
        given,
        known_as,
        unknown,
        path,
        raised_at,
        raised_by,
        respond_by,
        lead,
        state,
        is_seen_through,
    ) in reader.rows(_OPEN, (limit,)):
        may_read = rules.may_hold(grants, subject, Compartment.RESTRICTED, on)
        # of one that left this laptop's scope when it was sent only the task about it still says what became of it
        if may_read or (raised_by == user and not is_seen_through):
            found.append(
                OpenConcern(
                    id=id,
                    person_id=subject,
                    name="" if unknown else list_name(family or "", given or "", known_as or ""),
                    path=path or "",
                    raised_at=as_moment(raised_at),
                    raised_by=raised_by or "",
                    respond_by=as_moment(respond_by),
                    lead_id=lead or "",
                    state=state or "",
                    may_read=may_read,
                )
            )
    return tuple(found)


class AnswerWaiting(msgspec.Struct, frozen=True, kw_only=True):
    """A safety question answered above 0 that nobody has seen to: it came with a sync or from another program, without
    the page that opens when it is answered here."""

    assessment_id: str
    person_id: str
    name: str
    taken_at: dt.datetime | None
    taken_by: str


def answers_waiting(reader: Reader) -> tuple[AnswerWaiting, ...]:
    """The oldest first. One is seen to when a task about it says so (operations/concerns.py)."""
    found = []
    for tool in SAFETY_ITEMS:
        for id, subject, family, given, known_as, answers, taken_at, taken_by in reader.rows(_ANSWERS, (tool,)):
            if asks_for_safety(tool, _answers(answers)):
                found.append(
                    AnswerWaiting(
                        assessment_id=id,
                        person_id=subject,
                        name=list_name(family or "", given or "", known_as or ""),
                        taken_at=as_moment(taken_at),
                        taken_by=taken_by or "",
                    )
                )
    return tuple(found)


def without_outcome(reader: Reader, on: dt.date) -> int:
    """People at risk for whom no outcome is recorded, as far as the person signed in may know (PRACTICE W6)."""
    return sum(1 for concern in open_concerns(reader, on) if concern.path == "at_risk_now")


def _answers(text: str | None) -> dict[str, Any]:
    try:
        found = msgspec.json.decode(text or "{}")
    except msgspec.DecodeError:
        return {}
    return found if isinstance(found, dict) else {}


_ANSWERS: Final = (
    "SELECT a.id, a.subject, p.family_name, p.given_name, p.known_as, a.answers, a.taken_at, a.practitioner_id"
    " FROM live_assessment AS a LEFT JOIN live_person AS p ON p.id = a.subject"
    " WHERE a.tool = ? AND NOT EXISTS (SELECT 1 FROM live_task AS t WHERE t.about_id = a.id)"
    " ORDER BY a.taken_at, a.id"
)
_OPEN: Final = (
    "SELECT c.id, c.subject, p.family_name, p.given_name, p.known_as, p.unidentified, c.path, c.raised_at, c.raised_by, c.respond_by,"
    " c.lead_id, c.state, EXISTS (SELECT 1 FROM live_task AS t WHERE t.about_id = c.id AND t.state = 'done')"
    " FROM live_concern AS c LEFT JOIN live_person AS p ON p.id = c.subject"
    " WHERE c.state IS NOT 'closed' ORDER BY c.raised_at, c.id LIMIT +?"
)
