"""The watch: which clocks have run out, and who is told (PRACTICE W13).

A record's due time stands beside it from the moment it is written (`rec.watch_at`), so the watch is one look at an
index and nothing that a restart could forget. Whom to tell is the service's own order of calling and its records of
cover, read each time. What is told is a number, a kind, a time and who has it: the laptop that holds the record shows
whom it is about, and another one shows whom to ring.
"""

import datetime as dt
import hashlib
from typing import Any, Final

import msgspec

from wellbeing_desktop.domain.concern_rules import CHAIN_SETTING, Link, chain_from
from wellbeing_desktop.domain.watching import (
    VISIT_GRACE_SETTING,
    CoverFor,
    cover_in,
    is_due,
    owner_in,
    to_tell,
    visit_grace_in,
    watched_at,
    with_cover,
)
from wellbeing_desktop.sync.outcome import RecordState
from wellbeing_desktop.sync.protocol.waiting import RunOut
from wellbeing_desktop.sync.server import sql
from wellbeing_desktop.sync.server.engine import Transaction
from wellbeing_desktop.sync.server.history import moment

MOST: Final = 200
"""Told at once: beyond it, the oldest."""


class Named(msgspec.Struct, frozen=True):
    """Whom the service has named, as its settings and records of cover say now."""

    chain: tuple[Link, ...]
    covers: tuple[CoverFor, ...]
    visit_grace: int

    def told(self, on: dt.date) -> frozenset[str]:
        """Practitioners, by number, who are told today."""
        return with_cover((link.practitioner_id for link in to_tell(self.chain)), self.covers, on)


def watch_column(state: RecordState) -> str:
    """When the record's clock runs out, as the column has it; empty where there is none."""
    found = None if state.deleted else watched_at(state.type, state.body)
    return "" if found is None else moment(found)


def run_out(transaction: Transaction, org: str, now: dt.datetime) -> list[RunOut]:
    """Every clock that has run out and nobody has stopped, the oldest first."""
    return _run_out(transaction, org, now, named(transaction, org))


def told_to(transaction: Transaction, org: str, practitioner: str, now: dt.datetime) -> tuple[tuple[RunOut, ...], int]:
    """What this practitioner is told now, and how many people would be told of a clock that runs out."""
    who = named(transaction, org)
    told = who.told(now.date())
    found = _run_out(transaction, org, now, who)
    # the cover of whoever has a thing is told of that thing, whatever the chain says
    mine = [
        one
        for one in found
        if practitioner in told
        or (one.owner != practitioner and practitioner in with_cover([one.owner], who.covers, now.date()))
    ]
    return tuple(mine), len(told)


def mark_of(told: tuple[RunOut, ...], watchers: int) -> str:
    """Changes with what is told: a laptop that knows this much is let wait on."""
    said = msgspec.json.encode([watchers, [[one.id, one.due_at, one.owner] for one in told]])
    return hashlib.blake2b(said, digest_size=8).hexdigest()


def tick(transaction: Transaction, org: str, now: dt.datetime) -> str:
    """A cheap look: differs as soon as another clock has run out, or one was stopped."""
    earliest = now - dt.timedelta(days=2)
    row = transaction.one(
        "SELECT COUNT(*), MAX(watch_at), MAX(seq) FROM rec WHERE org = ? AND watch_at <> '' AND watch_at <= ?",
        (org, moment(now)),
    )
    visits = transaction.all(
        "SELECT id, watch_at FROM rec WHERE org = ? AND watch_at > ? AND watch_at <= ? AND t = 'appointment'",
        (org, moment(earliest), moment(now)),
    )
    grace = visit_grace_in(_setting(transaction, org, VISIT_GRACE_SETTING)) if visits else 0
    late = sum(is_due("appointment", dt.datetime.fromisoformat(str(at)), now, grace) for _id, at in visits)
    return f"{row} {late}"


def named(transaction: Transaction, org: str) -> Named:
    covers = [
        cover
        for stored in sql.records_of_type(transaction, org, "cover").values()
        if not stored.state.deleted and (cover := cover_in(stored.state.subject, stored.state.body)) is not None
    ]
    return Named(
        chain=chain_from(_setting(transaction, org, CHAIN_SETTING)),
        covers=tuple(covers),
        visit_grace=visit_grace_in(_setting(transaction, org, VISIT_GRACE_SETTING)),
    )


def _run_out(transaction: Transaction, org: str, now: dt.datetime, who: Named) -> list[RunOut]:
    rows = transaction.all(
        "SELECT id, t, watch_at FROM rec WHERE org = ? AND watch_at <> '' AND watch_at <= ? ORDER BY watch_at, id",
        (org, moment(now)),
    )
    due = [
        (str(id), str(t), str(at))
        for id, t, at in rows
        if is_due(str(t), dt.datetime.fromisoformat(str(at)), now, who.visit_grace)
    ][:MOST]
    records = sql.records(transaction, org, [id for id, _t, _at in due])
    return [
        RunOut(id=id, type=t, due_at=at, owner=owner_in(t, records[id].state.body))
        for id, t, at in due
        if id in records
    ]


def _setting(transaction: Transaction, org: str, key: str) -> Any:
    """What a setting holds; its newest record that can be read."""
    found: list[tuple[str, Any]] = []
    for stored in sql.records_of_type(transaction, org, "setting").values():
        if stored.state.deleted or stored.state.body.get("key") != key:
            continue
        try:
            found.append((stored.state.id, msgspec.json.decode(str(stored.state.body.get("value", "")))))
        except msgspec.DecodeError:
            continue
    return max(found)[1] if found else None
