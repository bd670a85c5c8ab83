"""The places in the server's history that this laptop has passed, one a sync: after a restore they show how far back
both still agree (SYNC 3.7)."""

import datetime as dt
from typing import Final

import msgspec

from wellbeing_desktop.domain.wire import canonical, to_wire
from wellbeing_desktop.storage.connection import Reader, Writer
from wellbeing_desktop.storage.records import StoredRow

KEPT_DAYS: Final = 400


class Place(msgspec.Struct, frozen=True):
    seq: int
    tok: str


def note(writer: Writer, epoch: str, place: Place, now: dt.datetime) -> None:
    """Within a transaction."""
    if not place.seq or not place.tok:
        return
    writer.execute(
        "INSERT INTO passed_place (epoch, seq, tok, at) VALUES (?, ?, ?, ?)"
        " ON CONFLICT (epoch, seq) DO UPDATE SET tok = excluded.tok",
        (epoch, place.seq, place.tok, to_wire(now)),
    )
    writer.execute("DELETE FROM passed_place WHERE at < ?", (to_wire(now - dt.timedelta(days=KEPT_DAYS)),))


def passed(reader: Reader, epoch: str, limit: int = 400) -> list[Place]:
    """The newest, and ever fewer of the older ones: enough to find the last common place nearly."""
    every = [
        Place(seq, tok)
        for seq, tok in reader.rows("SELECT seq, tok FROM passed_place WHERE epoch = ? ORDER BY seq DESC", (epoch,))
    ]
    newest, older = every[: limit // 2], every[limit // 2 :]
    step = max(1, len(older) // (limit // 2))
    return [*newest, *older[::step]]


def carry_over(writer: Writer, old_epoch: str, new_epoch: str, common_seq: int) -> None:
    """What both histories share belongs to the new one too. Within a transaction."""
    writer.execute("DELETE FROM passed_place WHERE epoch = ? AND seq > ?", (old_epoch, common_seq))
    writer.execute("UPDATE OR REPLACE passed_place SET epoch = ? WHERE epoch = ?", (new_epoch, old_epoch))


# What a restored server may lack ----------------------------------------------------------------------------------


class SalvagedRow(msgspec.Struct, frozen=True, kw_only=True):
    """A row of the old history, from above the last common place."""

    id: str
    type: str
    subject: str
    compartment: str
    rev: int
    body: dict[str, object]


def put_aside(writer: Writer, row: StoredRow, epoch: str) -> None:
    """Keep a row until it is known whether the server has it. Within a transaction."""
    writer.execute(
        "INSERT INTO salvage (id, type, subject, compartment, epoch, rev, deleted, body, author)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, '') ON CONFLICT (id) DO NOTHING",
        (
            row.id,
            row.type,
            row.subject,
            row.compartment,
            epoch,
            row.rev,
            int(row.deleted),
            canonical(row.body).decode(),
        ),
    )


def ids_above(reader: Reader, seq: int) -> list[str]:
    """Records that changed on the server after a place."""
    return [
        id
        for (id,) in reader.rows(
            "SELECT id FROM record WHERE rev > 0 AND (seq > ? OR id IN (SELECT id FROM shadow WHERE seq > ?))"
            " UNION SELECT id FROM raw_record WHERE seq > ? ORDER BY 1",
            (seq, seq, seq),
        )
    ]


def put_aside_rows(reader: Reader, limit: int = 200) -> list[SalvagedRow]:
    return [
        SalvagedRow(
            id=id, type=type_name, subject=subject, compartment=compartment, rev=rev, body=msgspec.json.decode(body)
        )
        for id, type_name, subject, compartment, rev, body in reader.rows(
            "SELECT id, type, subject, compartment, rev, body FROM salvage WHERE deleted = 0 ORDER BY id LIMIT +?",
            (limit,),
        )
    ]


def forget(writer: Writer, ids: list[str]) -> None:
    """The server has these, or has been offered them. Within a transaction."""
    writer.executemany("DELETE FROM salvage WHERE id = ?", [(id,) for id in ids])
