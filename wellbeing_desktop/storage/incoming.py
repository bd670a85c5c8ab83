"""Storing what the server sends (SYNC 3.2, 3.6). Call these within one transaction a page, with the cursor (I6).

Storage may not see sync, so whoever pulls works out what people are to see of a record with pending work (the work
replayed over the server's state) and hands both in.
"""

from collections.abc import Iterable, Sequence
from typing import Any

import msgspec

from wellbeing_desktop.domain.changes import Change
from wellbeing_desktop.domain.registry import RECORD_TYPES
from wellbeing_desktop.domain.wire import canonical
from wellbeing_desktop.storage import outbox, records, search, shadow
from wellbeing_desktop.storage.connection import Reader, Writer
from wellbeing_desktop.storage.records import StoredRow
from wellbeing_desktop.storage.shadow import Shadow
from wellbeing_desktop.storage.statements import json_text


class Version(msgspec.Struct, frozen=True, kw_only=True):
    """One accepted change of a record, as history shows it. Times are ISO text; `at_claimed` is that laptop's own."""

    id: str
    rev: int
    author: str
    dev: str
    at_claimed: str
    at_server: str
    kind: str = "change"
    patch: dict[str, Any] = {}
    was: dict[str, Any] = {}


class BucketToFetch(msgspec.Struct, frozen=True, kw_only=True):
    """A bucket that entered scope and is not all here yet: `after` is the last id stored, `stage` rows or versions."""

    subject: str
    compartment: str
    after: str
    stage: str


def pending_ids(reader: Reader, ids: Iterable[str]) -> set[str]:
    """Which of these records have work of ours that the server has not acknowledged, or whose acknowledged work the
    server's kept state does not show yet: for those, replay before storing."""
    return {
        found[0]
        for found in reader.rows(
            "SELECT DISTINCT id FROM outbox WHERE id IN (SELECT value FROM json_each(?))"
            " AND (state < 3 OR seq > coalesce((SELECT seq FROM shadow WHERE shadow.id = outbox.id),"
            "   (SELECT seq FROM record WHERE record.id = outbox.id), -1))",
            (json_text(sorted(set(ids))),),
        )
    }


def store_rows(writer: Writer, rows: Sequence[StoredRow]) -> set[Change]:
    """Store the server's rows of records without pending work, in any order; an older one than is held is passed over.

    Types that this version does not know wait in `raw_record`. Answers what changed.
    """
    held = dict(writer.rows("SELECT id, seq FROM record WHERE id IN (SELECT value FROM json_each(?))", (_ids(rows),)))
    newer = sorted((row for row in rows if row.seq >= held.get(row.id, -1)), key=lambda row: row.id)
    unknown = [row for row in newer if row.type not in RECORD_TYPES]
    known = [row for row in newer if row.type in RECORD_TYPES]
    writer.executemany(
        "INSERT INTO raw_record (id, type, subject, compartment, seq, rev, deleted, body) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (id) DO UPDATE SET subject = excluded.subject, compartment = excluded.compartment,"
        " seq = excluded.seq, rev = excluded.rev, deleted = excluded.deleted, body = excluded.body"
        " WHERE excluded.seq >= raw_record.seq",
        [
            (
                row.id,
                row.type,
                row.subject,
                row.compartment,
                row.seq,
                row.rev,
                int(row.deleted),
                canonical(row.body).decode(),
            )
            for row in unknown
        ],
    )
    records.store_many(writer, known)
    writer.execute("DELETE FROM shadow WHERE id IN (SELECT value FROM json_each(?))", (_ids(known),))
    return {Change(row.type, row.id, row.subject) for row in newer}


def store_under_pending(writer: Writer, server: StoredRow, visible: StoredRow) -> None:
    """Store the server's row of a record with pending work: its state goes to the shadow, `visible` is shown."""
    kept = shadow.shadow_of(writer, server.id)
    if kept is not None and kept.seq > server.seq:
        return
    shadow.put_shadow(
        writer,
        Shadow(id=server.id, seq=server.seq, rev=server.rev, deleted=server.deleted, body=dict(server.body)),
    )
    records.store_body(writer, msgspec.structs.replace(visible, rev=server.rev, seq=server.seq))


def settle(writer: Writer, id: str) -> None:
    """Drop a shadow when nothing on its record is pending any more; the row is the server's state by then."""
    if not outbox.has_pending(writer, id):
        shadow.drop_shadow(writer, id)


def server_row(reader: Reader, id: str) -> StoredRow | None:
    """The server's state of a record as this laptop knows it: its shadow, else the row; None if the server has none."""
    raw = reader.row("SELECT type, subject, compartment, seq, rev, deleted, body FROM raw_record WHERE id = ?", (id,))
    if raw is not None:
        type_name, subject, compartment, seq, rev, deleted, text = raw
        body = msgspec.json.decode(text, type=dict[str, Any])
        return StoredRow(
            type=type_name, id=id, subject=subject, compartment=compartment, body=body, rev=rev, seq=seq,
            deleted=bool(deleted),
        )  # fmt: skip
    envelope = records.envelope_of(reader, id)
    if envelope is None or envelope.rev == 0:
        return None
    kept = shadow.shadow_of(reader, id)
    if kept is None:
        body = records.body_of_stored(reader, id) or {}
        rev, seq, deleted = envelope.rev, envelope.seq, envelope.deleted
    else:
        body, rev, seq, deleted = kept.body, kept.rev, kept.seq, kept.deleted
    return StoredRow(
        type=envelope.type, id=id, subject=envelope.subject, compartment=envelope.compartment, body=body, rev=rev,
        seq=seq, deleted=deleted,
    )  # fmt: skip


def store_versions(writer: Writer, versions: Iterable[Version]) -> None:
    """Add to history as pulled; a version that is held already stays as it is."""
    writer.insert_all(
        "INSERT OR IGNORE INTO version (id, rev, author, dev, at_claimed, at_server, patch, was, kind)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (
                one.id,
                one.rev,
                one.author,
                one.dev,
                one.at_claimed,
                one.at_server,
                canonical(one.patch).decode(),
                canonical(one.was).decode(),
                one.kind,
            )
            for one in versions
        ],
    )


# Buckets ----------------------------------------------------------------------------------------------------------


def bucket_entered(writer: Writer, subject: str, compartment: str) -> None:
    """Note that a bucket is to be fetched whole, in the transaction of the cursor, so that a crash cannot lose it."""
    writer.execute(
        "INSERT INTO bucket_to_fetch (subject, compartment) VALUES (?, ?)"
        " ON CONFLICT (subject, compartment) DO UPDATE SET after = '', stage = 'rows'",
        (subject, compartment),
    )
    writer.execute("DELETE FROM bucket_to_leave WHERE subject = ? AND compartment = ?", (subject, compartment))


def buckets_to_fetch(reader: Reader, limit: int = 50) -> list[BucketToFetch]:
    """What is still to be fetched."""
    return [
        BucketToFetch(subject=subject, compartment=compartment, after=after, stage=stage)
        for subject, compartment, after, stage in reader.rows(
            "SELECT subject, compartment, after, stage FROM bucket_to_fetch ORDER BY stage, subject, compartment LIMIT +?",
            (limit,),
        )
    ]


def bucket_came(writer: Writer, subject: str, compartment: str, after: str, stage: str = "rows") -> None:
    """Note how far a bucket has come, in the transaction that stored the page."""
    writer.execute(
        "UPDATE bucket_to_fetch SET after = ?, stage = ? WHERE subject = ? AND compartment = ?",
        (after, stage, subject, compartment),
    )


def bucket_is_here(writer: Writer, subject: str, compartment: str) -> None:
    """The whole bucket has been stored."""
    writer.execute("DELETE FROM bucket_to_fetch WHERE subject = ? AND compartment = ?", (subject, compartment))


def bucket_left(writer: Writer, subject: str, compartment: str, why: str) -> None:
    """Note that a bucket is no longer ours, in the transaction of the cursor; `purge_bucket` takes it away."""
    writer.execute(
        "INSERT INTO bucket_to_leave (subject, compartment, why) VALUES (?, ?, ?)"
        " ON CONFLICT (subject, compartment) DO UPDATE SET why = excluded.why",
        (subject, compartment, why),
    )
    writer.execute("DELETE FROM bucket_to_fetch WHERE subject = ? AND compartment = ?", (subject, compartment))


def buckets_to_leave(reader: Reader) -> list[tuple[str, str, str]]:
    """Subject, compartment and reason of each bucket that is to be taken away once its work is sent."""
    return [
        (subject, compartment, why)
        for subject, compartment, why in reader.rows(
            "SELECT subject, compartment, why FROM bucket_to_leave ORDER BY subject, compartment"
        )
    ]


def purge_bucket(writer: Writer, subject: str, compartment: str, backed_up_seq: int) -> set[Change] | None:
    """Take a bucket out of the file: rows, history, search, drafts, and operations that are in a backup (I7).

    Answers what went; None, with nothing done, while work in it is not acknowledged (I8). The caller checkpoints
    the log afterwards, so that nothing of it stays readable there.
    """
    if outbox.bucket_is_pending(writer, subject, compartment):
        return None
    bucket = (subject, compartment)
    rows = writer.rows("SELECT type, id FROM record WHERE subject = ? AND compartment = ?", bucket)
    for type_name, id in rows:
        records.erase_row(writer, type_name, id)
    ids = json_text([id for _, id in rows])
    writer.execute("DELETE FROM version WHERE id IN (SELECT value FROM json_each(?))", (ids,))
    writer.execute("DELETE FROM shadow WHERE id IN (SELECT value FROM json_each(?))", (ids,))
    writer.execute("DELETE FROM raw_record WHERE subject = ? AND compartment = ?", bucket)
    writer.execute(
        "DELETE FROM outbox WHERE subject = ? AND compartment = ? AND state = 3 AND seq <= ?", (*bucket, backed_up_seq)
    )
    if writer.value("SELECT 1 FROM record WHERE subject = ? LIMIT 1", (subject,)) is None:
        writer.execute("DELETE FROM draft WHERE person_id = ?", (subject,))
    writer.execute("DELETE FROM bucket_to_leave WHERE subject = ? AND compartment = ?", bucket)
    search.refresh_people(writer, {subject})
    return {Change(type_name, id, subject) for type_name, id in rows}


def _ids(rows: Iterable[StoredRow]) -> str:
    return json_text([row.id for row in rows])
