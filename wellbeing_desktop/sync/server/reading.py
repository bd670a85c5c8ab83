"""What a laptop is sent: pages of changes, of everything, of one bucket, and digests (SYNC 3.4, 3.6).

Stored rows are joined as they are: only `seq` and `body` leave the database, and a row is taken apart only where a
grant shows part of it.
"""

from collections.abc import Iterable, Iterator
from typing import Any, Final

import msgspec

from wellbeing_desktop.sync.protocol.comparing import SLOTS, DigestRequest, row_hash, slot_of, sum_hashes, sum_text
from wellbeing_desktop.sync.protocol.limits import PAGE_BYTES, PAGE_ROWS
from wellbeing_desktop.sync.protocol.message import Bucket, Head
from wellbeing_desktop.sync.protocol.pulling import BucketRequest, PullRequest, Row, SnapshotRequest
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


def changes_since(transaction: Transaction, clock: sql.Clock, scope: Scope, request: PullRequest) -> Page:
    """Rows and versions with `seq` in (cursor, head], in order, that the scope shows."""
    limit = _limit(request.limit)
    # Most of a large organisation's news is nothing for a caseload: bodies are read of what is shown alone.
    body = "body" if scope.sees_everyone() else "NULL"
    versions = transaction.all(
        f"SELECT seq, {sql.KEYS['version']}, kind, subject, compartment, {body} FROM version "  # noqa: S608 -- our words
        "WHERE org = ? AND seq > ? AND t <> 'erased' ORDER BY seq LIMIT ?",
        (clock.org, request.seq, limit + 1),
    )
    rows = transaction.all(
        f"SELECT seq, {sql.KEYS['rec']}, kind, subject, compartment, t, {body} FROM rec "  # noqa: S608
        "WHERE org = ? AND seq > ? ORDER BY seq LIMIT ?",
        (clock.org, request.seq, limit + 1),
    )
    end, more = clock.seq, False
    for found in (rows, versions):
        if len(found) > limit:
            end, more = min(end, int(found[limit - 1][0])), True
    shown = [row for row in rows if row[0] <= end and scope.sight(*row[2:5]) is not Sight.NONE]
    size, changes = 0, []
    for seq, _id, kind, subject, compartment, type_name, body in _with_bodies(transaction, clock.org, "rec", shown):
        sent = _seen(scope, kind, subject, compartment, type_name, body)
        if sent is None:
            continue
        size += len(sent)
        changes.append(msgspec.Raw(sent))
        if size > PAGE_BYTES and seq < end:
            end, more = int(seq), True
            break
    whole = [row for row in versions if row[0] <= end and scope.sight(*row[2:5]) is Sight.WHOLE]
    history = [msgspec.Raw(row[-1]) for row in _with_bodies(transaction, clock.org, "version", whole)]
    return Page(changes=changes, versions=history, seq=end, more=more)


def _with_bodies(
    transaction: Transaction, org: str, table: str, rows: list[tuple[Any, ...]]
) -> Iterator[tuple[Any, ...]]:
    """Each row, in order, with the body in its last place; a chunk is read when it is asked for."""
    for start in range(0, len(rows), sql.IN_CHUNK):
        chunk = rows[start : start + sql.IN_CHUNK]
        if chunk[0][-1] is None:
            bodies = sql.bodies_at(transaction, org, table, [row[0] for row in chunk])
            chunk = [(*row[:-1], bodies[row[1]]) for row in chunk]
        yield from chunk


def head_of(transaction: Transaction, clock: sql.Clock, seq: int) -> Head:
    """The place at `seq`, by the token of the commit that it is in."""
    if seq == clock.seq:
        return Head(seq=clock.seq, tok=clock.tok)
    commit = sql.commit_containing(transaction, clock.org, seq)
    return Head(seq=seq, tok=commit[1] if commit else clock.tok)


def snapshot(transaction: Transaction, clock: sql.Clock, scope: Scope, request: SnapshotRequest) -> Page:
    """Everything in scope, in id order: two to four times faster into an encrypted tree than in sequence order."""
    limit = _limit(request.limit)
    if scope.sees_everyone():
        rows = transaction.all(
            "SELECT id, kind, subject, compartment, t, body FROM rec WHERE org = ? AND id > ? ORDER BY id LIMIT ?",
            (clock.org, request.after_id, limit + 1),
        )
    else:
        rows = _rows_of(transaction, clock.org, scope, request.after_id, limit + 1)
    return _page(scope, rows, limit)


def buckets(transaction: Transaction, clock: sql.Clock, scope: Scope, request: BucketRequest) -> tuple[Page, int]:
    """Every row, or the history, of each bucket in turn until a page is full, and how many buckets are whole with it."""
    read = _bucket_versions if request.what == "versions" else _bucket_rows
    found = Page(changes=[], versions=[])
    after, left = request.after, _limit(request.limit)
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
    rows = transaction.all(
        "SELECT id, kind, subject, compartment, t, body FROM rec "
        "WHERE org = ? AND subject = ? AND compartment = ? AND id > ? ORDER BY id LIMIT ?",
        (clock.org, bucket.subject, bucket.compartment, after, limit + 1),
    )
    return _page(scope, rows, limit)


def _bucket_versions(
    transaction: Transaction, clock: sql.Clock, scope: Scope, bucket: Bucket, after: str, limit: int
) -> Page:
    """By id and revision; `after` is "id/rev"."""
    after_id, _, after_rev = after.partition("/")
    rows = transaction.all(
        "SELECT v.id, v.rev, v.kind, v.body FROM rec r JOIN version v ON v.org = r.org AND v.id = r.id "
        "WHERE r.org = ? AND r.subject = ? AND r.compartment = ? AND (v.id > ? OR (v.id = ? AND v.rev > ?)) "
        "ORDER BY v.id, v.rev LIMIT ?",
        (
            clock.org,
            bucket.subject,
            bucket.compartment,
            after_id,
            after_id,
            int(after_rev) if after_rev.isdecimal() and len(after_rev) < 18 else 0,
            limit + 1,
        ),
    )
    page = Page(changes=[], versions=[], more=len(rows) > limit)
    for at, (id, rev, kind, body) in enumerate(rows[:limit], start=1):
        page.next = f"{id}/{rev}"
        if scope.sight(kind, bucket.subject, bucket.compartment) is Sight.WHOLE:
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


def _limit(asked: int) -> int:
    return max(1, min(asked, PAGE_ROWS))


def _page(scope: Scope, rows: list[tuple[Any, ...]], limit: int) -> Page:
    page = Page(changes=[], versions=[], more=len(rows) > limit)
    for id, kind, subject, compartment, type_name, body in rows[:limit]:
        page.next = id
        sent = _seen(scope, kind, subject, compartment, type_name, body)
        if sent is None:
            continue
        page.changes.append(msgspec.Raw(sent))
        page.size += len(sent)
        if page.size > PAGE_BYTES:
            page.more = page.more or id != rows[-1][0]
            break
    return page


def _seen(scope: Scope, kind: str, subject: str, compartment: str, type_name: str, body: bytes) -> bytes | None:
    """A row as this scope shows it; None when not even its existence."""
    sight = scope.sight(kind, subject, compartment)
    if sight is Sight.WHOLE:
        return body
    if sight is Sight.NONE:
        return None
    row = _row.decode(body)
    part = scope.part_of(type_name, subject, compartment, row.body)
    return None if part is None else encode(msgspec.structs.replace(row, body=part))


def _rows_of(transaction: Transaction, org: str, scope: Scope, after_id: str, count: int) -> list[tuple[Any, ...]]:
    """Rows of the people in scope and of the organisation itself, merged in id order."""
    subjects: Iterable[str] = [
        *sorted(scope.subjects()),
        *(
            row[0]
            for row in transaction.all("SELECT DISTINCT subject FROM rec WHERE org = ? AND kind <> 'person'", (org,))
        ),
    ]
    chosen = list(dict.fromkeys(subjects))
    found: list[tuple[Any, ...]] = []
    for start in range(0, len(chosen), sql.IN_CHUNK):
        chunk = chosen[start : start + sql.IN_CHUNK]
        marks = ",".join("?" * len(chunk))
        found += transaction.all(
            "SELECT id, kind, subject, compartment, t, body FROM rec "  # noqa: S608 -- only question marks are added
            f"WHERE org = ? AND subject IN ({marks}) AND id > ? ORDER BY id LIMIT ?",
            (org, *chunk, after_id, count),
        )
    found.sort(key=lambda row: str(row[0]))
    return found[:count]
