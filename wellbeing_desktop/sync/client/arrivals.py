"""Rows and history from the server into the store, with one's own waiting work replayed over them."""

from collections.abc import Iterable, Sequence

from wellbeing_desktop.domain.changes import Change, Changes
from wellbeing_desktop.storage import incoming, outbox, settling
from wellbeing_desktop.storage.connection import Writer
from wellbeing_desktop.storage.records import StoredRow
from wellbeing_desktop.sync.client.facts import cursor_of
from wellbeing_desktop.sync.client.overlay import replayed
from wellbeing_desktop.sync.protocol.pulling import Row, Version


def store_arrivals(writer: Writer, rows: Sequence[Row], versions: Iterable[Version], *, reflected_seq: int) -> Changes:
    """Within the transaction of the cursor, which everything stored up to `reflected_seq` belongs to.

    An older row than is held is passed over; unknown fields and types are kept. Answers what changed.
    """
    arriving = [_stored(row) for row in rows]
    waiting = settling.waiting_ids(writer, (row.id for row in rows), reflected_seq)
    changed = incoming.store_rows(writer, [row for row in arriving if row.id not in waiting])
    for row in arriving:
        if row.id in waiting:
            changed.add(_store_beneath(writer, row, reflected_seq))
    changed |= settle(writer, reflected_seq)
    incoming.store_versions(writer, map(_version, versions))
    return Changes(frozenset(changed))


def settle(writer: Writer, reflected_seq: int) -> set[Change]:
    """Show the server's state of every record on which nothing waits any more."""
    rows = []
    for id in settling.settled_ids(writer, reflected_seq):
        row = incoming.server_row(writer, id)
        if row is not None:
            rows.append(row)
    return incoming.store_rows(writer, rows) if rows else set()


def show_pending(writer: Writer, id: str) -> set[Change]:
    """Show the work that waits on a record over the server's state of it, as after it was queued anew."""
    row = incoming.server_row(writer, id)
    if row is None:  # the server has none: what is here is that work already
        return set()
    return {_store_beneath(writer, row, cursor_of(writer).head.seq)}


def _store_beneath(writer: Writer, row: StoredRow, reflected_seq: int) -> Change:
    """The server's row of a record that has waiting work: kept apart, with that work shown over it."""
    body, deleted = replayed(row.body, row.deleted, outbox.pending(writer, row.id, reflected_seq))
    visible = StoredRow(
        type=row.type, id=row.id, subject=row.subject, compartment=row.compartment, body=body, deleted=deleted
    )
    incoming.store_under_pending(writer, row, visible)
    return Change(row.type, row.id, row.subject)


def _stored(row: Row) -> StoredRow:
    return StoredRow(
        type=row.type,
        id=row.id,
        subject=row.subject,
        compartment=row.compartment,
        body=row.body,
        rev=row.rev,
        seq=row.seq,
        deleted=row.deleted,
    )


def _version(version: Version) -> incoming.Version:
    """History keeps what was typed but overtaken beside what was applied (I5), and says so in `kind`."""
    return incoming.Version(
        id=version.id,
        rev=version.rev,
        author=version.author,
        dev=version.device,
        at_claimed=version.at_claimed,
        at_server=version.at_server,
        kind=" ".join(version.marks) or "change",
        patch={**version.kept, **version.patch},
        was=version.was,
    )
