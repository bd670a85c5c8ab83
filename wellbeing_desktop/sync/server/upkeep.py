"""What the server does by itself from time to time: orphans, the horizon, and what laptops salvaged.

Each part is one transaction under the clock row, and does nothing when run again: several workers may all run it.
"""

import datetime as dt
from itertools import groupby
from typing import Any, Final

import msgspec

from wellbeing_desktop.sync.protocol.pushing import operation_hash, read_operation
from wellbeing_desktop.sync.server import covering, emergencies, history, salvage, signatures, sql
from wellbeing_desktop.sync.server.engine import Transaction
from wellbeing_desktop.sync.server.journal import Item
from wellbeing_desktop.sync.server.judge import Batch
from wellbeing_desktop.sync.server.rights import right_of
from wellbeing_desktop.sync.server.service import Service

ORPHAN_DAYS: Final = 7
"""How long an edit waits for its creation, if the organisation has not chosen otherwise. The time ODK Central's tests
speak of; no source says what is right for care, so it is a setting."""
ORPHAN_SETTING: Final = "sync_orphan_days"


class Upkept(msgspec.Struct, frozen=True):
    """How many orphans were judged, commit places dropped, salvaged rows put before somebody."""

    orphans: int
    places: int
    salvaged: int


def upkeep(service: Service) -> Upkept:
    """One round."""
    now = service.now()
    covering.settle(service)
    emergencies.end_those_over(service)
    service.engine.write(lambda transaction: signatures.forget(transaction, service.org, now))
    return Upkept(
        orphans=service.engine.write(lambda transaction: _force_orphans(transaction, service, now)),
        places=service.engine.write(lambda transaction: _trim(transaction, service.org, now)),
        salvaged=service.engine.write(lambda transaction: salvage.release(transaction, service.org, now)),
    )


def orphan_days(transaction: Transaction, org: str) -> int:
    """The organisation's own choice, kept as one of its settings."""
    for stored in sql.records_of_type(transaction, org, "setting").values():
        body = stored.state.body
        if not stored.state.deleted and body.get("key") == ORPHAN_SETTING:
            value = str(body.get("value") or "").strip()
            if value.isdecimal() and 1 <= int(value) <= 365:
                return int(value)
    return ORPHAN_DAYS


def _force_orphans(transaction: Transaction, service: Service, now: dt.datetime) -> int:
    """Edits whose creation has not come in so many days are taken for it; under their author's right, as always."""
    clock = sql.locked_clock(transaction, service.org)
    since = history.moment(now - dt.timedelta(days=orphan_days(transaction, service.org)))
    rows = transaction.all(
        "SELECT q.dev, q.n, q.author, j.raw FROM quarantine q JOIN journal j ON j.org = q.org AND j.dev = q.dev "
        "AND j.n = q.n WHERE q.org = ? AND q.state = 'waiting' AND q.at < ? ORDER BY q.dev, q.author, q.n",
        (service.org, since),
    )
    for (dev, author), found in groupby(rows, key=lambda row: (str(row[0]), str(row[2]))):
        device = sql.device(transaction, service.org, dev)
        if device is None:
            continue
        items = [_item(row) for row in found]
        right = right_of(transaction, service.org, author, now.date())
        Batch(
            transaction, clock, device, now, service.keys.signing_key, right, forcing=True, schemas=service.schemas
        ).decide(items)
    return len(rows)


def _item(row: tuple[Any, ...]) -> Item:
    raw = bytes(row[3])
    return Item(
        dev=str(row[0]), n=int(row[1]), raw=raw, hash=operation_hash(raw), operation=read_operation(raw), is_new=False
    )


def _trim(transaction: Transaction, org: str, now: dt.datetime) -> int:
    """Places beyond the horizon: a laptop away for longer fetches everything again (410)."""
    clock = sql.locked_clock(transaction, org)
    before = history.moment(now - dt.timedelta(days=history.HORIZON_DAYS))
    rows = transaction.all(
        "DELETE FROM commit_log WHERE org = ? AND at < ? AND seq < ? RETURNING seq", (org, before, clock.seq)
    )
    return len(rows)
