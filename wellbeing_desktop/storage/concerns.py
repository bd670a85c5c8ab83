"""Concerns that are not closed, for those who may see them and for whoever raised them (PRACTICE W6, W12)."""

import datetime as dt
from typing import Final

import msgspec

from wellbeing_desktop.domain import grants as rules
from wellbeing_desktop.domain.definition import Compartment
from wellbeing_desktop.domain.names import list_name
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
    ) in reader.rows(_OPEN, (limit,)):
        may_read = rules.may_hold(grants, subject, Compartment.RESTRICTED, on)
        if may_read or raised_by == user:
            found.append(
                OpenConcern(
                    id=id,
                    person_id=subject,
                    name="" if unknown else list_name(family or "", given or "", known_as or ""),
                    path=path or "",
                    raised_at=_moment(raised_at),
                    raised_by=raised_by or "",
                    respond_by=_moment(respond_by),
                    lead_id=lead or "",
                    state=state or "",
                    may_read=may_read,
                )
            )
    return tuple(found)


def _moment(text: str | None) -> dt.datetime | None:
    return dt.datetime.fromisoformat(text) if text else None


_OPEN: Final = (
    "SELECT c.id, c.subject, p.family_name, p.given_name, p.known_as, p.unidentified, c.path, c.raised_at, c.raised_by, c.respond_by,"
    " c.lead_id, c.state FROM live_concern AS c LEFT JOIN live_person AS p ON p.id = c.subject"
    " WHERE c.state IS NOT 'closed' ORDER BY c.raised_at, c.id LIMIT +?"
)
