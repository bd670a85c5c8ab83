"""What the store does when the server's history changed: sequence numbers of the old one mean nothing (SYNC 3.7)."""

from collections.abc import Iterable
from typing import Final

from wellbeing_desktop.storage.connection import Reader, Writer
from wellbeing_desktop.storage.statements import fill, json_text
from wellbeing_desktop.storage.sync_state import set_sync_values

_NUMBERED: Final = ("record", "raw_record", "shadow")


def forget_sequences(writer: Writer) -> None:
    """Every row that the new history sends is taken, whatever its sequence; none here is newer."""
    for table in _NUMBERED:
        writer.execute(fill("UPDATE {table} SET seq = 0 WHERE seq <> 0", table=table))


def forget_sequences_of(writer: Writer, ids: Iterable[str]) -> None:
    """The server's rows of these records are taken, whatever their sequence."""
    chosen = json_text(sorted(ids))
    for table in _NUMBERED:
        sql = fill("UPDATE {table} SET seq = 0 WHERE id IN (SELECT value FROM json_each(?))", table=table)
        writer.execute(sql, (chosen,))


def number_from(writer: Writer, first: int) -> None:
    """Number everything that was sent and is still kept from `first` on, in its order; what comes later follows."""
    places = [place for (place,) in writer.rows("SELECT local FROM outbox WHERE n IS NOT NULL ORDER BY n")]
    # Numbers are unique, so all are taken away before any is given.
    writer.execute("UPDATE outbox SET n = NULL WHERE n IS NOT NULL")
    writer.executemany(
        "UPDATE outbox SET n = ?, state = 2, seq = NULL, result = NULL WHERE local = ?",
        [(first + offset, place) for offset, place in enumerate(places)],
    )
    set_sync_values(writer, {"next_n": first + len(places)})


def keeps_number(reader: Reader, number: int) -> bool:
    """Is the operation that was sent under this number still kept?"""
    return reader.row("SELECT 1 FROM outbox WHERE n = ?", (number,)) is not None
