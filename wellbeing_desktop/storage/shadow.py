"""The server's state of a record, kept apart while work on it waits to be acknowledged (SYNC 3.2).

What people see is that work replayed over the shadow; the replaying is sync's (merge.py), the keeping is here.
"""

from collections.abc import Mapping
from typing import Any

import msgspec

from wellbeing_desktop.domain.wire import canonical
from wellbeing_desktop.storage import records
from wellbeing_desktop.storage.connection import Reader, Writer
from wellbeing_desktop.storage.records import Envelope


class Shadow(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    seq: int
    rev: int
    deleted: bool
    body: dict[str, Any]


def shadow_of(reader: Reader, id: str) -> Shadow | None:
    """The server's state of a record, if it is kept apart."""
    found = reader.row("SELECT seq, rev, deleted, body FROM shadow WHERE id = ?", (id,))
    if found is None:
        return None
    seq, rev, deleted, body = found
    return Shadow(id=id, seq=seq, rev=rev, deleted=bool(deleted), body=msgspec.json.decode(body))


def put_shadow(writer: Writer, shadow: Shadow) -> None:
    """Keep what the server has of a record with pending work."""
    writer.execute(
        "INSERT INTO shadow (id, seq, rev, deleted, body) VALUES (?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET"
        " seq = excluded.seq, rev = excluded.rev, deleted = excluded.deleted, body = excluded.body",
        (shadow.id, shadow.seq, shadow.rev, int(shadow.deleted), canonical(shadow.body).decode()),
    )


def drop_shadow(writer: Writer, id: str) -> None:
    """Nothing is pending any more: the row itself is the server's state."""
    writer.execute("DELETE FROM shadow WHERE id = ?", (id,))


def keep(writer: Writer, envelope: Envelope) -> None:
    """Before the first pending change of a record that the server has: put its state aside."""
    if envelope.rev == 0 or writer.value("SELECT 1 FROM shadow WHERE id = ?", (envelope.id,)) is not None:
        return
    body = records.body_of_stored(writer, envelope.id) or {}
    put_shadow(
        writer,
        Shadow(id=envelope.id, seq=envelope.seq, rev=envelope.rev, deleted=envelope.deleted, body=body),
    )


def base_for(reader: Reader, envelope: Envelope, patch: Mapping[str, Any]) -> int:
    """The revision that a change of these fields is made on.

    While earlier work on one of the fields is not acknowledged, that is the revision the earlier work was made on:
    the person has seen nothing newer of the field, whatever a pull has brought in underneath.
    """
    if envelope.rev == 0:
        return 0
    bases = [
        base
        for base, earlier in reader.rows(
            "SELECT base, patch FROM outbox WHERE id = ? AND state < 3 AND kind = 'change'", (envelope.id,)
        )
        if msgspec.json.decode(earlier, type=dict[str, msgspec.Raw]).keys() & patch.keys()
    ]
    return int(min(bases, default=envelope.rev))
