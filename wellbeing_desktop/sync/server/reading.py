"""What a laptop is sent: pages of everything, of one bucket, and digests (SYNC 3.4, 3.6). Changes are `changes.py`.

Stored rows are joined as they are: only `seq` and `body` leave the database, and a row is taken apart only where a
grant shows part of it.
"""

from collections.abc import Sequence
from typing import Any, Final

import msgspec

from wellbeing_desktop.sync.protocol.comparing import SLOTS, DigestRequest, row_hash, slot_of, sum_hashes, sum_text
from wellbeing_desktop.sync.protocol.limits import PAGE_BYTES, PAGE_ROWS
from wellbeing_desktop.sync.protocol.message import Bucket, Head
from wellbeing_desktop.sync.protocol.pulling import BucketRequest, Row, SnapshotRequest
from wellbeing_desktop.sync.protocol.transfer import encode
from wellbeing_desktop.sync.server import sql
from wellbeing_desktop.sync.server.engine import Transaction
from wellbeing_desktop.sync.server.scope import Scope, Sight

_row: Final = msgspec.json.Decoder(Row)


class Page(msgspec.Struct):
    """Rows ready to be sent, and where they end."""

    changes: list[msgspec.Raw]
    versions: list[msgspec.Raw]
    next: str = ""
    seq: int = 0
    more: bool = False
    size: int = 0
    """Bytes of what is sent."""


def head_of(transaction: Transaction, clock: sql.Clock, seq: int) -> Head:
    """The place at `seq`, by the token of the commit that it is in."""
    if seq == clock.seq:
        return Head(seq=clock.seq, tok=clock.tok)
    commit = sql.commit_containing(transaction, clock.org, seq)
    return Head(seq=seq, tok=commit[1] if commit else clock.tok)


def snapshot(transaction: Transaction, clock: sql.Clock, scope: Scope, request: SnapshotRequest) -> Page:
    """Everything in scope, in id order: two to four times faster into an encrypted tree than in sequence order."""
    limit = limit_of(request.limit)
    if scope.sees_everyone():
        rows = transaction.all(
            "SELECT id, kind, subject, compartment, t, body FROM rec WHERE org = ? AND id > ? ORDER BY id LIMIT ?",
            (clock.org, request.after_id, limit + 1),
        )
    else:
        subjects = _subjects_of(transaction, clock.org, scope)
        rows = _rows_of(transaction, clock.org, subjects, request.after_id, limit + 1)
    return _page(scope, rows, limit)


def buckets(transaction: Transaction, clock: sql.Clock, scope: Scope, request: BucketRequest) -> tuple[Page, int]:
    """Every row, or the history, of each bucket in turn until a page is full, and how many buckets are whole with it."""
    read = _bucket_versions if request.what == "versions" else _bucket_rows
    found = Page(changes=[], versions=[])
    after, left = request.after, limit_of(request.limit)
    for done, bucket in enumerate(request.buckets):
        if left <= 0 or found.size > PAGE_BYTES:
            return found, done
        page = read(transaction, clock, scope, bucket, after, left)
        found.changes += page.changes
        found.versions += page.versions
        found.size += page.size
        if page.more:
            found.next = page.next
            return found, done
        after, left = "", left - len(page.changes) - len(page.versions)
    return found, len(request.buckets)


def _bucket_rows(
    transaction: Transaction, clock: sql.Clock, scope: Scope, bucket: Bucket, after: str, limit: int
) -> Page:
    rows = _rows_of(transaction, clock.org, [bucket.subject], after, limit + 1, bucket.compartment)
    return _page(scope, rows, limit)


def _bucket_versions(
    transaction: Transaction, clock: sql.Clock, scope: Scope, bucket: Bucket, after: str, limit: int
) -> Page:
    """By id and revision; `after` is "id/rev"."""
    after_id, _, rev = after.partition("/")
    after_rev = int(rev) if rev.isdecimal() and len(rev) < 18 else 0
    ids = transaction.all(
        "SELECT id FROM rec WHERE org = ? AND subject = ? AND compartment = ?",
        (clock.org, bucket.subject, bucket.compartment),
    )
    found = transaction.keyed(
        "SELECT v.id, v.rev, v.kind, v.seq FROM {keys} version v WHERE v.org = ? AND v.id = {key}",
        (clock.org,),
        [id for (id,) in ids if id >= after_id],
    )
    rows = sorted(row for row in found if row[:2] > (after_id, after_rev))
    page = Page(changes=[], versions=[], more=len(rows) > limit)
    bodies = sql.bodies_at(transaction, clock.org, "version", [row[3] for row in rows[:limit]])
    for at, (id, rev, kind, _seq) in enumerate(rows[:limit], start=1):
        page.next = f"{id}/{rev}"
        if scope.sight(kind, bucket.subject, bucket.compartment) is Sight.WHOLE:
            body = bodies[id, rev]
            page.versions.append(msgspec.Raw(body))
            page.size += len(body)
        if page.size > PAGE_BYTES:
            page.more = at < len(rows)
            break
    return page


def digest(
    transaction: Transaction, clock: sql.Clock, scope: Scope, request: DigestRequest
) -> tuple[tuple[str, ...], dict[str, str], dict[str, str]]:
    """The sum of row hashes in each slot, and for the slots asked for the hash and the bucket of each row."""
    wanted = {slot for slot in request.slots if 0 <= slot < SLOTS}
    sums = [0] * SLOTS
    hashes: dict[str, str] = {}
    buckets: dict[str, str] = {}
    slots: dict[tuple[str, str], int] = {}
    if scope.shows_only_named():
        rows = transaction.keyed(
            "SELECT r.id, r.kind, r.subject, r.compartment, r.t, r.h FROM {keys} rec r "
            "WHERE r.org = ? AND r.subject = {key}",
            (clock.org,),
            _subjects_of(transaction, clock.org, scope),
        )
    else:
        rows = transaction.all("SELECT id, kind, subject, compartment, t, h FROM rec WHERE org = ?", (clock.org,))
    parts = []
    for id, kind, subject, compartment, type_name, stored in rows:
        sight = scope.sight(kind, subject, compartment)
        if sight is Sight.NONE:
            continue
        place = (subject, compartment)
        slot = slots.get(place)
        if slot is None:
            slot = slots[place] = slot_of(subject, compartment)
        if sight is Sight.PART:
            parts.append((str(id), type_name, slot))
            continue
        sums[slot] = sum_hashes(sums[slot], stored)
        if slot in wanted:
            hashes[id] = bytes(stored).hex()
            buckets[id] = f"{subject}/{compartment}"
    found = sql.records(transaction, clock.org, [id for id, _type, _slot in parts])
    for id, type_name, slot in parts:
        state = found[id].state
        body = scope.part_of(type_name, state.subject, state.compartment, state.body)
        if body is None:
            continue
        hashed = row_hash(state.id, state.type, state.rev, state.deleted, body)
        sums[slot] = sum_hashes(sums[slot], hashed)
        if slot in wanted:
            hashes[id] = hashed.hex()
            buckets[id] = f"{state.subject}/{state.compartment}"
    return tuple(sum_text(total) for total in sums), hashes, buckets


def limit_of(asked: int) -> int:
    return max(1, min(asked, PAGE_ROWS))


def _page(scope: Scope, rows: list[tuple[Any, ...]], limit: int) -> Page:
    page = Page(changes=[], versions=[], more=len(rows) > limit)
    for id, kind, subject, compartment, type_name, body in rows[:limit]:
        page.next = id
        sent = seen(scope, kind, subject, compartment, type_name, body)
        if sent is None:
            continue
        page.changes.append(msgspec.Raw(sent))
        page.size += len(sent)
        if page.size > PAGE_BYTES:
            page.more = page.more or id != rows[-1][0]
            break
    return page


def seen(scope: Scope, kind: str, subject: str, compartment: str, type_name: str, body: bytes) -> bytes | None:
    """A row as this scope shows it; None when not even its existence."""
    sight = scope.sight(kind, subject, compartment)
    if sight is Sight.WHOLE:
        return body
    if sight is Sight.NONE:
        return None
    row = _row.decode(body)
    part = scope.part_of(type_name, subject, compartment, row.body)
    return None if part is None else encode(msgspec.structs.replace(row, body=part))


def _subjects_of(transaction: Transaction, org: str, scope: Scope) -> list[str]:
    """The people in scope and the organisation itself."""
    own = transaction.all("SELECT DISTINCT subject FROM rec WHERE org = ? AND kind <> 'person'", (org,))
    return sorted(scope.subjects() | {str(subject) for (subject,) in own})


def _rows_of(
    transaction: Transaction, org: str, subjects: Sequence[str], after_id: str, count: int, compartment: str = ""
) -> list[tuple[Any, ...]]:
    """Rows of these subjects, of one compartment or of all, in id order. Bodies are read of these alone: a caseload is
    many pages, and for every page the whole of it is looked at."""
    found = transaction.keyed(
        "SELECT r.id, r.kind, r.subject, r.compartment, r.t FROM {keys} rec r "
        "WHERE r.org = ? AND NOT r.id <= ? AND r.subject = {key}",
        (org, after_id),
        subjects,
    )
    page = sorted(row for row in found if compartment in ("", row[3]))[:count]
    bodies = sql.bodies(transaction, org, [row[0] for row in page])
    return [(*row, bodies[row[0]]) for row in page]
