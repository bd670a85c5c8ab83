"""A push: sorted out, judged, written, in one transaction, under the right of whoever signed in (SYNC 3.4; I1 to I5)."""

import datetime as dt
from collections.abc import Sequence
from functools import partial

import msgspec

from wellbeing_desktop.sync.protocol.message import Head
from wellbeing_desktop.sync.protocol.pushing import PushResult
from wellbeing_desktop.sync.schemas import SCHEMAS, Schemas
from wellbeing_desktop.sync.server import journal, leases, sql
from wellbeing_desktop.sync.server.engine import Transaction
from wellbeing_desktop.sync.server.history import moment
from wellbeing_desktop.sync.server.judge import Batch
from wellbeing_desktop.sync.server.rights import Right
from wellbeing_desktop.sync.server.scope import leads_of, scope_now


class Pushed(msgspec.Struct, frozen=True):
    """What a push came to."""

    last_n: int
    results: tuple[PushResult, ...]
    head: Head
    want: int = 0


def push(
    transaction: Transaction,
    clock: sql.Clock,
    device: sql.Device,
    raws: Sequence[bytes],
    now: dt.datetime,
    signing_key: bytes,
    *,
    trusted: bool = False,
    schemas: Schemas = SCHEMAS,
) -> Pushed:
    """Take a laptop's operations in ascending `n`. The clock row is already locked. Raises Forked, and nothing else.

    `trusted` is the server's own writing: no grant is asked for.
    """
    items, repeated = journal.sorted_out(transaction, clock.org, device, raws)
    want = 0
    if items and items[0].n > device.last_n + 1:
        want = device.last_n + 1
        items = []
    scope = scope_now(transaction, clock.org, device.user_id, now.date())
    waits = leases.waits(transaction, clock.org, device)
    leads = partial(leads_of, transaction, clock.org)
    right = Right(scope, device.user_id, leads=leads, trusted=trusted, waits=waits.why)
    batch = Batch(transaction, clock, device, now, signing_key, right, schemas=schemas)
    batch.take(items)
    last_n = items[-1].n if items else device.last_n
    sql.touch_device(transaction, clock.org, device.dev, last_n, moment(now), device.schema)
    results = sorted([*repeated, *(item.result for item in items if item.result)], key=lambda result: result.n)
    return Pushed(last_n=last_n, results=tuple(results), head=Head(seq=clock.seq, tok=clock.tok), want=want)
