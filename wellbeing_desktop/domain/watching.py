"""Clocks that somebody must be told of when they run out (PRACTICE W13): which records have one, when it is due, and whom
the service has named to be told.

Both ends use it. The server reads of a record only what is here: its type, its state, whether it is urgent, its due
time, and who has it; never a name and never a word that somebody wrote.
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

import msgspec

from wellbeing_desktop.domain.concern_rules import Link

VISIT_GRACE_SETTING: Final = "watch.visit_minutes"
USUAL_VISIT_GRACE: Final = 60
"""Minutes after the planned end of a home visit until nothing recorded is worth asking about: a product choice, a
setting of the service. It is no alarm: nobody is sent anywhere by it."""
VISIT_HOURS: Final = 24
"""A visit of longer ago is among those with no outcome, and not asked about by the clock any more."""
HOME_VISIT: Final = "home_visit"
USUAL_VISIT_MINUTES: Final = 60

WHAT: Final[Mapping[str, str]] = {
    "referral": "A referral waits to be decided",
    "enquiry": "An urgent enquiry waits to be answered",
    "request": "Something was promised by now",
    "concern": "A concern waits for somebody to take it",
    "appointment": "A home visit has nothing recorded",
}
"""By type of record: the sentence that tells it."""
STILL_RUNS: Final[Mapping[str, str]] = {
    "referral": "A referral to be decided",
    "enquiry": "An urgent enquiry to be answered",
    "request": "Something promised",
    "concern": "A concern for somebody to take",
    "appointment": "A home visit to be recorded",
}
"""The same before it has run out."""

_OWNER: Final = {
    "referral": ("allocated_to",),
    "enquiry": ("claimed_by",),
    "request": ("owner_id",),
    "concern": ("raised_by",),
    "appointment": ("practitioner_id",),
}


def watched_at(type_name: str, body: Mapping[str, Any]) -> dt.datetime | None:
    """When this record's clock runs out, before any grace; None for one that has no clock, or whose clock was stopped.
    A body from outside may hold anything."""
    state = body.get("state")
    match type_name:
        case "referral" if state in ("new", "incomplete"):
            return moment_in(body.get("respond_by"))
        case "enquiry" if state == "new" and body.get("urgent") is True:
            return moment_in(body.get("respond_by"))
        case "request" if state in ("open", "with_clinician", "instructed"):
            return moment_in(body.get("due_at"))
        case "concern" if state == "open":
            return moment_in(body.get("respond_by"))
        case "appointment" if state == "booked" and body.get("medium") == HOME_VISIT:
            starts, minutes = moment_in(body.get("starts_at")), body.get("duration_minutes")
            long = minutes if isinstance(minutes, int) and 0 < minutes <= 24 * 60 else USUAL_VISIT_MINUTES
            return None if starts is None else starts + dt.timedelta(minutes=long)
    return None


def is_due(type_name: str, watched: dt.datetime, now: dt.datetime, visit_grace: int) -> bool:
    """Has it run out? A visit is given its grace, and is let go of after a day."""
    if type_name != "appointment":
        return watched <= now
    due = watched + dt.timedelta(minutes=visit_grace)
    return due <= now < due + dt.timedelta(hours=VISIT_HOURS)


def owner_in(type_name: str, body: Mapping[str, Any]) -> str:
    """Who has it, or raised it; empty if nobody does."""
    return next((str(body[name]) for name in _OWNER.get(type_name, ()) if body.get(name)), "")


def to_tell(chain: Sequence[Link]) -> tuple[Link, ...]:
    """The deputies and whoever is on call, in the service's order; everybody in it where nobody is called so."""
    named = tuple(link for link in chain if "deputy" in link.role.lower() or "call" in link.role.lower())
    return named or tuple(chain)


class CoverFor(msgspec.Struct, frozen=True):
    """Somebody looks after a colleague's people from one day to another."""

    away: str
    cover: str
    since_on: dt.date
    until_on: dt.date | None


def with_cover(people: Iterable[str], covers: Iterable[CoverFor], on: dt.date) -> frozenset[str]:
    """These, and whoever covers for one of them on a day."""
    told = frozenset(people) - {""}
    return told | {
        cover.cover
        for cover in covers
        if cover.away in told and cover.since_on <= on and (cover.until_on is None or on <= cover.until_on)
    }


def cover_in(subject: str, body: Mapping[str, Any]) -> CoverFor | None:
    """A record of cover as it counts; None for one that has ended or says nothing that can be used."""
    since = _day(body.get("since_on"))
    if body.get("ended") is True or since is None or not body.get("cover_id"):
        return None
    return CoverFor(subject, str(body["cover_id"]), since, _day(body.get("until_on")))


def visit_grace_in(value: Any) -> int:
    """Minutes from 1 to a day; the usual where a setting holds anything else."""
    return value if isinstance(value, int) and 1 <= value <= 24 * 60 else USUAL_VISIT_GRACE


def moment_in(value: Any) -> dt.datetime | None:
    """A moment as a record says it; None for anything else."""
    try:
        found = dt.datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
    if found is None or found.tzinfo is None:
        return None
    try:
        return found.astimezone(dt.UTC)
    except OverflowError:
        return None


def _day(value: Any) -> dt.date | None:
    try:
        return dt.date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
