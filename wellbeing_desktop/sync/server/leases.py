"""Leases: how long each laptop may go on without us, signed at every sign-in, and what was written beyond one (W25).

What a laptop wrote after its lease left only adding waits for its person's lead, whatever the laptop says of itself: the
server remembers between which moments the laptop was beyond its lease. A leaver's last work waits likewise.
"""

import datetime as dt
from collections.abc import Iterable
from typing import Any, Final

import msgspec

from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.domain.lease import (
    ADDING_SETTING,
    LOCK_SETTING,
    WARN_SETTING,
    Days,
    Leave,
    lease_message,
    new_lease,
)
from wellbeing_desktop.domain.operation import Operation
from wellbeing_desktop.sync.server import sql
from wellbeing_desktop.sync.server.auth import LEAVING, Secrets
from wellbeing_desktop.sync.server.engine import Transaction
from wellbeing_desktop.sync.server.history import moment

PAST_LEASE: Final = "past_lease"
LEAVING_WORK: Final = "leaving"
_MOST_PASTS: Final = 50

Past = tuple[str, str]
"""Between these two moments (UTC, as the server writes them) the laptop was beyond its lease."""


class Waits:
    """Does an operation of this laptop wait for somebody to decide, whatever its person's grants?"""

    def __init__(self, pasts: Iterable[Past], *, leaving: bool) -> None:
        self._pasts = tuple((_moment(first), _moment(last)) for first, last in pasts)
        self._leaving = leaving

    def why(self, operation: Operation) -> str:
        """The word; empty if it does not wait."""
        if self._leaving:
            return LEAVING_WORK
        try:
            at = dt.datetime.fromisoformat(operation.at)
        except ValueError:
            return PAST_LEASE if self._pasts else ""
        if at.tzinfo is None:
            return PAST_LEASE if self._pasts else ""
        return PAST_LEASE if any(first <= at < last for first, last in self._pasts) else ""


def issue(transaction: Transaction, org: str, device: sql.Device, keys: Secrets, now: dt.datetime) -> tuple[str, str]:
    """A new lease for a laptop that has just signed in, as text and signature; the old one is weighed first."""
    lease = new_lease(
        org, device.dev, device.user_id, now, days_of(transaction, org), leaves_of(transaction, org, device.user_id)
    )
    before = _row(transaction, org, device.dev)
    pasts: list[Past] = []
    if before is not None:
        pasts = msgspec.json.decode(before[0], type=list[Past])
        if str(before[1]) < moment(now):
            pasts = [*pasts, (str(before[1]), moment(now))][-_MOST_PASTS:]
    transaction.run(
        "INSERT INTO lease (org, dev, issued_at, warn_at, adding_at, locks_at, past) "
        "VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (org, dev) DO UPDATE SET issued_at = excluded.issued_at, "
        "warn_at = excluded.warn_at, adding_at = excluded.adding_at, locks_at = excluded.locks_at, "
        "past = excluded.past",
        (
            org,
            device.dev,
            moment(lease.issued_at),
            moment(lease.warn_at),
            moment(lease.adding_at),
            moment(lease.locks_at),
            msgspec.json.encode(pasts).decode(),
        ),
    )
    text = msgspec.json.encode(lease).decode()
    return text, keys.sign(lease_message(text))


def waits(transaction: Transaction, org: str, device: sql.Device) -> Waits:
    """For a push: when this laptop was beyond its lease, and whether its person is leaving."""
    row = _row(transaction, org, device.dev)
    pasts = msgspec.json.decode(row[0], type=list[Past]) if row is not None else []
    return Waits(pasts, leaving=device.state == LEAVING)


def days_of(transaction: Transaction, org: str) -> Days:
    """What the organisation chose; its usual days where it chose none, or none that can be."""
    chosen: dict[str, int] = {}
    for stored in sql.records_of_type(transaction, org, "setting").values():
        if stored.state.deleted:
            continue
        try:
            chosen[str(stored.state.body.get("key"))] = msgspec.json.decode(
                str(stored.state.body.get("value", "")), type=int
            )
        except msgspec.DecodeError:
            continue
    usual = Days()
    days = Days(
        chosen.get(WARN_SETTING, usual.warn),
        chosen.get(ADDING_SETTING, usual.adding),
        chosen.get(LOCK_SETTING, usual.lock),
    )
    return days if days.is_sound else usual


def leaves_of(transaction: Transaction, org: str, member: str) -> list[Leave]:
    rows = transaction.all(
        "SELECT from_on, until_on FROM leave WHERE org = ? AND member = ? ORDER BY from_on", (org, member)
    )
    return [(dt.date.fromisoformat(first), dt.date.fromisoformat(last)) for first, last in rows]


def add_leave(transaction: Transaction, org: str, member: str, first: dt.date, last: dt.date) -> None:
    """Somebody will be away: their next lease does not count these days. Raises Refused for days that cannot be."""
    if last < first:
        raise Refused("The last day of a leave cannot be before its first.")
    if transaction.one("SELECT 1 FROM member WHERE org = ? AND id = ?", (org, member)) is None:
        raise Refused("Nobody with that number works here.")
    transaction.run(
        "INSERT INTO leave (org, member, from_on, until_on) VALUES (?, ?, ?, ?) "
        "ON CONFLICT (org, member, from_on) DO UPDATE SET until_on = excluded.until_on",
        (org, member, first.isoformat(), last.isoformat()),
    )


def lease_of(transaction: Transaction, org: str, dev: str) -> dict[str, str]:
    """A laptop's lease; empty before its first sign-in."""
    names = ("issued_at", "warn_at", "adding_at", "locks_at")
    row = transaction.one(
        "SELECT issued_at, warn_at, adding_at, locks_at FROM lease WHERE org = ? AND dev = ?", (org, dev)
    )
    return {} if row is None else dict(zip(names, map(str, row), strict=True))


def _row(transaction: Transaction, org: str, dev: str) -> tuple[Any, ...] | None:
    return transaction.one("SELECT past, adding_at FROM lease WHERE org = ? AND dev = ?", (org, dev))


def _moment(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text)
