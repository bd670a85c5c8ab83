"""Work that its author keeps back from sending: a visit to be read again, a note to be signed first (P5).

A held operation keeps back only what builds on it: later ones of the same record or transaction, and what is about
somebody whom it writes down. Everything else goes.
"""

from itertools import groupby

from wellbeing_desktop.domain.operation import OperationKind
from wellbeing_desktop.storage import outbox
from wellbeing_desktop.storage.connection import Reader, Writer
from wellbeing_desktop.storage.outbox import Queued, State


def piece(reader: Reader, door: str, person_id: str) -> list[Queued]:
    """The operations of one saved piece of work that are about one person, as far as the server lacks them."""
    return [
        queued
        for queued in outbox.of_door(reader, door)
        if queued.operation.subject == person_id and queued.state is not State.ACKNOWLEDGED
    ]


def hold(writer: Writer, door: str, person_id: str, why: str) -> int:
    """Keep a piece of work back, with a sentence that says why; answers how many operations. Within a transaction."""
    return writer.execute(
        "UPDATE outbox SET state = 1, why = ? WHERE door = ? AND subject = ? AND state = 0", (why, door, person_id)
    )


def release(writer: Writer, door: str, person_id: str) -> int:
    """Let a held piece of work go with the next batch; answers how many operations. Within a transaction."""
    return writer.execute(
        "UPDATE outbox SET state = 0, why = NULL WHERE door = ? AND subject = ? AND state = 1", (door, person_id)
    )


def hold_back(writer: Writer, places: list[int], why: str) -> None:
    """Keep single operations back, by their place: those that the server is too old for."""
    writer.executemany(
        "UPDATE outbox SET state = 1, why = ? WHERE local = ? AND state IN (0, 1)", [(why, place) for place in places]
    )


def let_go(writer: Writer, places: list[int]) -> None:
    """Let single operations go, by their place."""
    writer.executemany(
        "UPDATE outbox SET state = 0, why = NULL WHERE local = ? AND state = 1", [(place,) for place in places]
    )


def held_places(reader: Reader, why: str) -> list[int]:
    """Where the operations are that are held for this reason."""
    return [place for (place,) in reader.rows("SELECT local FROM outbox WHERE state = 1 AND why = ?", (why,))]


def held_count(reader: Reader) -> int:
    """How many operations are held on purpose."""
    return int(reader.value("SELECT count(*) FROM outbox WHERE state = 1"))


def held_pieces(reader: Reader) -> int:
    """How many pieces of work are held on purpose, counted as the list of what waits shows them."""
    return int(reader.value("SELECT count(*) FROM (SELECT DISTINCT door, subject FROM outbox WHERE state = 1)"))


def behind_held(reader: Reader) -> set[str]:
    """The pieces of work (doors) that wait only because something held must go first."""
    if not held_count(reader):
        return set()
    withheld = outbox.Withheld(reader)
    waiting = reader.rows("SELECT door, txn, id, subject, kind FROM outbox WHERE state = 0 ORDER BY local")
    doors = set()
    for _txn, group in groupby(waiting, key=lambda row: row[1]):
        rows = list(group)
        if withheld.takes([(txn, id, subject, kind == OperationKind.CREATE) for _, txn, id, subject, kind in rows]):
            doors |= {str(row[0]) for row in rows}
    return doors


def unsigned_notes(reader: Reader, queue: list[Queued]) -> tuple[str, ...]:
    """The notes that a piece of work wrote and that are not signed yet."""
    made = [
        queued.operation.id
        for queued in queue
        if queued.operation.type == "note" and queued.operation.kind is OperationKind.CREATE
    ]
    return tuple(
        id for id in made if reader.row("SELECT 1 FROM live_note WHERE id = ? AND signed_at IS NULL", (id,)) is not None
    )
