"""How long a laptop may go on without having met its server, and by which clock that is counted (SECURITY 3.4, W25).

A lease is four moments of the server's clock, signed by the server at every sign-in: issued, warn from, adding only
from, locked from. The usual days (10, 14, 30) are SECURITY's; an organisation may choose its own. Days of a leave that
was known when the lease was issued do not count, so nobody comes back from a fortnight away to a closed laptop.
"""

import datetime as dt
from collections.abc import Iterable
from enum import IntEnum
from typing import Final

import msgspec

WARN_SETTING: Final = "lease.warn_days"
ADDING_SETTING: Final = "lease.adding_days"
LOCK_SETTING: Final = "lease.lock_days"
WARN_DAYS: Final = 10
ADDING_DAYS: Final = 14
LOCK_DAYS: Final = 30
MOST_DAYS: Final = 60
"""A product choice: the longest that any lease lasts, leave included."""

WHILE_ADDING: Final = frozenset(
    {
        "record_contact",
        "finish_visit",
        "record_outcome",
        "write_note",
        "change_note",
        "sign_note",
        "take_assessment",
        "raise_alert",
        "record_safety_fact",
        "raise_concern",
    }
)
"""What can still be done when only adding is left: new notes, contacts, scores and concerns (W25). A note may be
changed and signed only while no server has it."""


class Standing(IntEnum):
    """Where a lease stands; later is narrower."""

    FULL = 0
    WARNED = 1
    ADDING = 2
    LOCKED = 3


class Lease(msgspec.Struct, frozen=True, kw_only=True):
    """One laptop's lease for one person."""

    organisation: str
    device: str
    practitioner: str
    issued_at: dt.datetime
    warn_at: dt.datetime
    adding_at: dt.datetime
    locks_at: dt.datetime

    def standing(self, now: dt.datetime) -> Standing:
        """Warned, then only adding, then locked: each from its day on."""
        if now >= self.locks_at:
            return Standing.LOCKED
        if now >= self.adding_at:
            return Standing.ADDING
        return Standing.WARNED if now >= self.warn_at else Standing.FULL


class Days(msgspec.Struct, frozen=True):
    """An organisation's choice."""

    warn: int = WARN_DAYS
    adding: int = ADDING_DAYS
    lock: int = LOCK_DAYS

    @property
    def is_sound(self) -> bool:
        """The warning comes no later than adding alone, that no later than the lock, and all within MOST_DAYS."""
        return 1 <= self.warn <= self.adding <= self.lock <= MOST_DAYS


Leave = tuple[dt.date, dt.date]
"""First and last day away."""


def new_lease(
    organisation: str, device: str, practitioner: str, now: dt.datetime, days: Days, leaves: Iterable[Leave]
) -> Lease:
    """A lease from `now` on. Days that cannot be are replaced by the usual ones."""
    days = days if days.is_sound else Days()
    away = tuple(leaves)
    return Lease(
        organisation=organisation,
        device=device,
        practitioner=practitioner,
        issued_at=now,
        warn_at=_after(now, days.warn, away),
        adding_at=_after(now, days.adding, away),
        locks_at=_after(now, days.lock, away),
    )


def _after(now: dt.datetime, days: int, leaves: tuple[Leave, ...]) -> dt.datetime:
    """So many days on, not counting days of leave; at most MOST_DAYS."""
    for passed in range(1, MOST_DAYS + 1):
        day = (now + dt.timedelta(days=passed)).date()
        if not any(first <= day <= last for first, last in leaves):
            days -= 1
        if days == 0:
            return now + dt.timedelta(days=passed)
    return now + dt.timedelta(days=MOST_DAYS)


def lease_message(text: str) -> bytes:
    """What the signature of a lease is over; `text` is the lease as JSON, byte for byte as the server sent it."""
    return b"sync/1 lease " + text.encode()


class Known(msgspec.Struct, frozen=True, kw_only=True):
    """The latest moment that this laptop is sure of, and what its clock that only goes forward said then.

    `ticks` are milliseconds since the computer was switched on; `skew_seconds` is how far its wall clock was ahead of
    the server's when they last met.
    """

    at: dt.datetime
    ticks: int
    skew_seconds: int = 0


def best_now(known: Known | None, wall: dt.datetime, ticks: int) -> dt.datetime:
    """The best guess at the time: never before what is known, whatever somebody does to the wall clock.

    At least so much time has passed as the forward clock has counted; after a restart it began again at nought, so at
    least what it says now. Of the wall clock as it is, and as it is corrected by the skew that the server last saw,
    the earlier that is possible counts: a clock that is wrong, and one that was put right since, both come out right.
    """
    if known is None:
        return wall
    passed = ticks - known.ticks if ticks >= known.ticks else ticks
    sure = known.at + dt.timedelta(milliseconds=passed)
    possible = [found for found in (wall, wall - dt.timedelta(seconds=known.skew_seconds)) if found >= sure]
    return min(possible, default=sure)
