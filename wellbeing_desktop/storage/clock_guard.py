"""Is this laptop's clock to be trusted? Compared with the best time known: the server's, carried on by the clock that
only goes forward (storage/lease.py). A doubtful clock is said and marked; nothing is ever mended by guess.
"""

import datetime as dt
from typing import Final

import msgspec

from wellbeing_desktop.domain.names import list_name
from wellbeing_desktop.storage import lease
from wellbeing_desktop.storage.columns import as_day
from wellbeing_desktop.storage.connection import Reader

DOUBT_AFTER: Final = dt.timedelta(seconds=120)
"""Nearer than this the dates that people type come out right."""


class ClockDoubt(msgspec.Struct, frozen=True, kw_only=True):
    """What the laptop's clock says, and what it most likely is."""

    laptop_at: dt.datetime
    likely_at: dt.datetime


class DoubtfulContact(msgspec.Struct, frozen=True, kw_only=True):
    """A contact whose date a return should not take unseen, and in words why."""

    id: str
    person_id: str
    name: str
    happened_on: dt.date | None
    why: str


def clock_doubt(reader: Reader, wall: dt.datetime | None = None) -> ClockDoubt | None:
    """None while the clock agrees with what is known, or nothing is known: a store of this computer only."""
    wall = wall or lease.utc_now()
    likely = lease.clock(reader, wall)
    return ClockDoubt(laptop_at=wall, likely_at=likely) if abs(wall - likely) > DOUBT_AFTER else None


def doubtful_contacts(
    reader: Reader, first: dt.date, last: dt.date, today: dt.date, *, limit: int = 500
) -> list[DoubtfulContact]:
    """The contacts of some days whose date cannot be right, or was given by a clock in doubt; the oldest first."""
    values = {"first": first.isoformat(), "last": last.isoformat(), "today": today.isoformat(), "limit": limit}
    return [
        DoubtfulContact(
            id=id,
            person_id=subject,
            name=list_name(family or "", given or ""),
            happened_on=as_day(on),
            why=_WHY[why],
        )
        for id, subject, family, given, on, why in reader.rows(_DOUBTFUL, values)
    ]


_WHY: Final = {
    "future": "It is dated in the future",
    "before_birth": "It is dated before the person was born",
    "clock": "The laptop's clock was in doubt when it was written",
}
_DOUBTFUL: Final = (
    "SELECT id, subject, family_name, given_name, happened_on, why FROM ("
    " SELECT c.id, c.subject, p.family_name, p.given_name, c.happened_on,"
    " CASE WHEN c.happened_on > :today THEN 'future' WHEN c.happened_on < p.born_on THEN 'before_birth'"
    " WHEN c.clock_doubtful = 1 THEN 'clock' END AS why"
    " FROM live_contact AS c LEFT JOIN live_person AS p ON p.id = c.subject"
    " WHERE c.happened_on BETWEEN :first AND :last) WHERE why IS NOT NULL ORDER BY happened_on, id LIMIT +:limit"
)
