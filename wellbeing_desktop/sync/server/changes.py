"""What changed since a laptop's place, as much of it as its person may hold (SYNC 3.4, 3.6).

Most of a large organisation's news is nothing for a caseload. Where there is much of it and the grants name few people,
the news is found by those people; otherwise it is looked through in its order. Bodies are read of what is shown alone.
"""

from collections.abc import Iterator
from typing import Any, Final

import msgspec

from wellbeing_desktop.sync.protocol.limits import PAGE_BYTES
from wellbeing_desktop.sync.protocol.pulling import PullRequest
from wellbeing_desktop.sync.server import sql
from wellbeing_desktop.sync.server.engine import Transaction
from wellbeing_desktop.sync.server.reading import Page, limit_of, seen
from wellbeing_desktop.sync.server.scope import Scope, Sight

RECORDS_A_PERSON: Final = 20
"""About so many records of a person are looked at to find what is new of theirs, where a piece of news costs one."""

BODIES_TOGETHER: Final = 500
"""Bodies read in one statement: about what a page has room for."""

_Found = list[tuple[Any, ...]]
"""Of records and of versions: seq, id, rev, kind, subject, compartment, t, body or None; in order of seq."""


def changes_since(transaction: Transaction, clock: sql.Clock, scope: Scope, request: PullRequest) -> Page:
    """Rows and versions with `seq` in (cursor, head], in order, that the scope shows."""
    limit = limit_of(request.limit)
    names = scope.subjects()
    if scope.shows_only_named() and clock.seq - request.seq > RECORDS_A_PERSON * len(names):
        rows, versions = _of_named(transaction, clock.org, names, request.seq)
    else:
        rows, versions = _in_order(transaction, clock.org, request.seq, limit + 1, bodies=scope.sees_everyone())
    end, more = clock.seq, False
    for found in (rows, versions):
        if len(found) > limit:
            end, more = min(end, int(found[limit - 1][0])), True
    shown = [row for row in rows if row[0] <= end and scope.sight(*row[3:6]) is not Sight.NONE]
    size, changes = 0, []
    for seq, _id, _rev, kind, subject, compartment, type_name, body in _with_bodies(
        transaction, clock.org, "rec", shown
    ):
        sent = seen(scope, kind, subject, compartment, type_name, body)
        if sent is None:
            continue
        size += len(sent)
        changes.append(msgspec.Raw(sent))
        if size > PAGE_BYTES and seq < end:
            end, more = int(seq), True
            break
    whole = [row for row in versions if row[0] <= end and scope.sight(*row[3:6]) is Sight.WHOLE]
    history = [msgspec.Raw(row[-1]) for row in _with_bodies(transaction, clock.org, "version", whole)]
    return Page(changes=changes, versions=history, seq=end, more=more)


def _in_order(transaction: Transaction, org: str, seq: int, most: int, *, bodies: bool) -> tuple[_Found, _Found]:
    """Everybody's, at most so many of each."""
    columns = f"seq, id, rev, kind, subject, compartment, t, {'body' if bodies else 'NULL'}"
    rows = transaction.all(
        f"SELECT {columns} FROM rec WHERE org = ? AND seq > ? ORDER BY seq LIMIT ?",  # noqa: S608 -- our words
        (org, seq, most),
    )
    versions = transaction.all(
        f"SELECT {columns} FROM version "  # noqa: S608 -- likewise
        "WHERE org = ? AND seq > ? AND t <> 'erased' ORDER BY seq LIMIT ?",
        (org, seq, most),
    )
    return rows, versions


def _of_named(transaction: Transaction, org: str, names: set[str], seq: int) -> tuple[_Found, _Found]:
    """All of these people's and of the organisation's own. A version is never newer than its record."""
    rows = transaction.keyed(
        "SELECT r.seq, r.id, r.rev, r.kind, r.subject, r.compartment, r.t, NULL FROM {keys} rec r "
        "WHERE r.org = ? AND +r.seq > ? AND r.kind = 'person' AND r.subject = {key}",
        (org, seq),
        sorted(names),
    )
    rows += transaction.all(
        "SELECT seq, id, rev, kind, subject, compartment, t, NULL FROM rec "
        "WHERE org = ? AND seq > ? AND kind <> 'person'",
        (org, seq),
    )
    versions = transaction.keyed(
        "SELECT v.seq, v.id, v.rev, v.kind, v.subject, v.compartment, v.t, NULL FROM {keys} version v "
        "WHERE v.org = ? AND +v.seq > ? AND v.t <> 'erased' AND v.id = {key}",
        (org, seq),
        [row[1] for row in rows],
    )
    return sorted(rows), sorted(versions)


def _with_bodies(transaction: Transaction, org: str, table: str, rows: _Found) -> Iterator[tuple[Any, ...]]:
    """Each row, in order, with the body in its last place; a chunk is read when it is asked for."""
    for start in range(0, len(rows), BODIES_TOGETHER):
        chunk = rows[start : start + BODIES_TOGETHER]
        if chunk[0][-1] is None:
            bodies = sql.bodies_at(transaction, org, table, [row[0] for row in chunk])
            chunk = [(*row[:-1], bodies[row[1], row[2]]) for row in chunk]
        yield from chunk
