"""Operations on their way to the server (SYNC 3.2): waiting, held, sent, acknowledged, and gone once backed up.

`n` is given at first send, so that a held operation holds back only later ones of the same record or transaction.
"""

from collections.abc import Iterable, Sequence
from enum import IntEnum
from typing import Any, Final

import msgspec

from wellbeing_desktop.domain.operation import Operation, OperationKind
from wellbeing_desktop.domain.wire import canonical
from wellbeing_desktop.storage.audit import in_words
from wellbeing_desktop.storage.connection import Reader, Writer
from wellbeing_desktop.storage.statements import fill, json_text
from wellbeing_desktop.storage.sync_state import set_sync_values, sync_number


class State(IntEnum):
    WAITING = 0
    HELD = 1  # kept back on purpose; `why` says so
    SENT = 2  # has its number; may or may not have arrived
    ACKNOWLEDGED = 3


class Queued(msgspec.Struct, frozen=True, kw_only=True):
    """One operation with its place: `local` orders this laptop's work, `n` is its number once sent."""

    local: int
    n: int | None
    state: State
    operation: Operation
    seq: int | None = None
    result: str = ""


class Acknowledgement(msgspec.Struct, frozen=True, kw_only=True):
    """The server's answer to one operation."""

    n: int
    result: str
    seq: int = 0


class OutboxLine(msgspec.Struct, frozen=True, kw_only=True):
    """One saved piece of work that the server does not have yet, for people. `counted` is what is in it, in words."""

    sentence: str
    action: str
    counted: str
    person_id: str
    state: State
    at: str
    why: str
    undo_id: str


def add_operation(writer: Writer, operation: Operation, *, door: str, action: str) -> int:
    """Queue an operation in the transaction of the row it changes; answers its place."""
    writer.execute(_ADD, _queued_columns(operation, door, action))
    return int(writer.value("SELECT last_insert_rowid()"))


def add_operations(writer: Writer, operations: Iterable[Operation], *, door: str, action: str) -> None:
    """Queue many, in order, as `add_operation` does one."""
    writer.insert_all(_ADD, [_queued_columns(operation, door, action) for operation in operations])


_ADD: Final = (
    "INSERT INTO outbox (op_id, door, txn, id, type, subject, compartment, kind, base, patch, was, at, author,"
    " schema, action) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)


def _queued_columns(operation: Operation, door: str, action: str) -> tuple[Any, ...]:
    return (
        operation.op_id,
        door,
        operation.txn,
        operation.id,
        operation.type,
        operation.subject,
        operation.compartment,
        operation.kind,
        operation.base,
        canonical(operation.patch).decode(),
        canonical(operation.was).decode(),
        operation.at,
        operation.author,
        operation.schema,
        action,
    )


# For people -------------------------------------------------------------------------------------------------------


def waiting(reader: Reader, limit: int = 200) -> list[OutboxLine]:
    """What the server does not have yet, newest first, one line for each person that a piece of work was about."""
    lines = []
    for door, subject, action, at, held, sent, why, counted in reader.rows(_WAITING, (limit,)):
        said = action.replace("_", " ")
        words = in_words(msgspec.json.decode(counted, type=dict[str, int]))
        lines.append(
            OutboxLine(
                sentence=f"{said[:1].upper()}{said[1:]}: {words}.",
                action=action,
                counted=words,
                person_id=subject,
                state=State.HELD if held else State.SENT if sent else State.WAITING,
                at=at,
                why=why or "",
                undo_id=door,
            )
        )
    return lines


def waiting_count(reader: Reader) -> int:
    """How many pieces of work (not operations) the server does not have yet."""
    return int(reader.value("SELECT count(DISTINCT door) FROM outbox WHERE state < 3"))


def oldest_waiting_at(reader: Reader) -> str:
    """When the oldest work that the server lacks was saved, by this laptop's clock; empty if there is none."""
    return str(reader.value("SELECT coalesce(min(at), '') FROM outbox WHERE state < 3"))


def operation_count(reader: Reader) -> int:
    """How many operations the server has not acknowledged."""
    return int(reader.value("SELECT count(*) FROM outbox WHERE state < 3"))


# For sync ---------------------------------------------------------------------------------------------------------


def next_batch(reader: Reader, limit: int = 500, most_bytes: int = 1 << 20) -> list[Queued]:
    """The operations to send now, in the order to send them: first those sent and not acknowledged, by number.

    Never cut inside a transaction, though then it may exceed `limit` and `most_bytes`: one transaction always fits.
    A held operation, and what came after it on the same record or in the same transaction, is left out; so is what
    is about somebody whom a held operation writes down.
    """
    batch = [_queued(found) for found in reader.rows(_SENT, (limit + LARGEST_TXN,))]
    after, withheld = 0, Withheld(reader)
    while len(batch) < limit:
        found = [_queued(row) for row in reader.rows(_UNSENT, (after, limit + LARGEST_TXN))]
        groups = _by_txn(found)
        if len(found) == limit + LARGEST_TXN and len(groups) > 1:
            groups.pop()  # perhaps cut by the page
        if not groups:
            break
        after = groups[-1][-1].local
        for group in groups:
            if not withheld.takes([_place(queued.operation) for queued in group]):
                batch += group
    return _cut(batch, limit, most_bytes)


class Withheld:
    """What waits behind held operations: asked transaction by transaction, in order."""

    def __init__(self, reader: Reader) -> None:
        held = reader.rows("SELECT txn, id, kind FROM outbox WHERE state = 1")
        self._txns = {txn for txn, _, _ in held}
        self._ids = {id for _, id, _ in held}
        self._made = {id for _, id, kind in held if kind == OperationKind.CREATE}

    def takes(self, group: Sequence[tuple[str, str, str, bool]]) -> bool:
        """Does a transaction wait? Then what follows on its records waits too. Each operation is given by its txn,
        its record, its subject, and whether it makes the record."""
        waits = any(txn in self._txns or id in self._ids or about in self._made for txn, id, about, _ in group)
        if waits:
            self._ids |= {id for _, id, _, _ in group}
            self._made |= {id for _, id, _, is_new in group if is_new}
        return waits


def _place(operation: Operation) -> tuple[str, str, str, bool]:
    return operation.txn, operation.id, operation.subject, operation.kind is OperationKind.CREATE


def mark_sent(writer: Writer, batch: Sequence[Queued]) -> list[Queued]:
    """Give the operations of a batch that have no number theirs, before they are sent; answers the batch with numbers.

    Sent again, an operation keeps its number (SYNC I3).
    """
    following = sync_number(writer, "next_n") or 1
    numbered = []
    for queued in batch:
        if queued.n is None:
            queued = msgspec.structs.replace(queued, n=following, state=State.SENT)
            following += 1
        numbered.append(queued)
    writer.executemany(
        "UPDATE outbox SET n = ?, state = 2 WHERE local = ? AND n IS NULL",
        [(queued.n, queued.local) for queued in numbered],
    )
    set_sync_values(writer, {"next_n": following})
    return numbered


def rewrite(writer: Writer, queued: Queued) -> None:
    """Keep an operation that was never sent in the words in which it is going to be: a retry sends the same bytes."""
    operation = queued.operation
    writer.execute(
        "UPDATE outbox SET id = ?, type = ?, subject = ?, compartment = ?, kind = ?, patch = ?, was = ?, schema = ?"
        " WHERE local = ? AND n IS NULL",
        (
            operation.id,
            operation.type,
            operation.subject,
            operation.compartment,
            operation.kind,
            canonical(operation.patch).decode(),
            canonical(operation.was).decode(),
            operation.schema,
            queued.local,
        ),
    )


def acknowledge(writer: Writer, answers: Iterable[Acknowledgement]) -> None:
    """Note the server's answers; an answer that comes again changes nothing."""
    writer.executemany(
        "UPDATE outbox SET state = 3, seq = ?, result = ? WHERE n = ? AND state = 2",
        [(answer.seq, answer.result, answer.n) for answer in answers],
    )


def trim(writer: Writer, backed_up_seq: int) -> int:
    """Drop acknowledged operations that are in a verified backup of the same epoch (SYNC I7); answers how many.

    What could not be applied stays until that is settled: its author may copy its words or try again.
    """
    return writer.execute(_TRIM, (backed_up_seq,))


def send_again(writer: Writer, above_seq: int) -> int:
    """After the server was restored: every operation kept from above a sequence waits to be sent again, by its number
    (SYNC 3.7). Answers how many."""
    return writer.execute(
        "UPDATE outbox SET state = 2, seq = NULL, result = NULL WHERE state = 3 AND seq > ?", (above_seq,)
    )


def number_again(writer: Writer) -> None:
    """After a fork: this laptop has a new device id, and its operations start from number 1 again; `op_id` keeps what
    had arrived from being applied twice (SYNC 3.7)."""
    writer.execute("UPDATE outbox SET n = NULL, state = 0, seq = NULL, result = NULL WHERE state >= 2")
    set_sync_values(writer, {"next_n": 1})


def pending(reader: Reader, id: str, reflected_seq: int | None = None) -> list[Operation]:
    """The operations on one record that the server's state does not show yet, in order: those not acknowledged, and
    with `reflected_seq` those acknowledged at a later sequence than the server's state has."""
    return [
        _operation(found)
        for found in reader.rows(_PENDING, (id, reflected_seq if reflected_seq is not None else _BEYOND))
    ]


def has_pending(reader: Reader, id: str) -> bool:
    """True while the server has not acknowledged everything about one record."""
    return bool(reader.value("SELECT EXISTS (SELECT 1 FROM outbox WHERE id = ? AND state < 3)", (id,)))


def unsent_about(reader: Reader, subjects: Iterable[str]) -> frozenset[str]:
    """The records about these people that the server has not acknowledged as they are here."""
    rows = reader.rows(
        "SELECT DISTINCT id FROM outbox WHERE subject IN (SELECT value FROM json_each(?)) AND state < 3",
        (json_text(list(subjects)),),
    )
    return frozenset(id for (id,) in rows)


def bucket_is_pending(reader: Reader, subject: str, compartment: str) -> bool:
    """True while a bucket holds work that the server has not acknowledged: it may not be removed (SYNC I8)."""
    return bool(
        reader.value(
            "SELECT EXISTS (SELECT 1 FROM outbox WHERE subject = ? AND compartment = ? AND state < 3)",
            (subject, compartment),
        )
    )


def of_door(reader: Reader, door: str) -> list[Queued]:
    """Every operation of one local transaction that is still kept, in order."""
    return [_queued(found) for found in reader.rows(_OF_DOOR, (door,))]


def of_record(reader: Reader, id: str) -> list[Queued]:
    """Every operation on one record that is still kept, in order."""
    return [_queued(found) for found in reader.rows(_OF_RECORD, (id,))]


LARGEST_TXN: Final = 200
"""Operations that stand or fall together (SYNC 3.4)."""

UNSETTLED: Final = (
    "(result LIKE 'quarantined%' OR result LIKE 'held%' OR result LIKE 'set_aside%' OR result LIKE 'taken_back%')"
)
"""Answered, and not yet settled between its author and the server: kept whatever is backed up."""
_TRIM: Final = fill("DELETE FROM outbox WHERE state = 3 AND seq <= ? AND NOT {unsettled}", unsettled=UNSETTLED)
_BEYOND: Final = 2**62
_COLUMNS: Final = "op_id, txn, id, type, subject, compartment, kind, author, at, base, patch, was, schema, local, n, state, seq, result"
_SENT: Final = fill("SELECT {columns} FROM outbox WHERE state = 2 ORDER BY n LIMIT +?", columns=_COLUMNS)
_UNSENT: Final = fill(
    "SELECT {columns} FROM outbox WHERE state = 0 AND local > ? ORDER BY local LIMIT +?", columns=_COLUMNS
)
_OF_DOOR: Final = fill("SELECT {columns} FROM outbox WHERE door = ? ORDER BY local", columns=_COLUMNS)
_OF_RECORD: Final = fill("SELECT {columns} FROM outbox WHERE id = ? ORDER BY local", columns=_COLUMNS)
_PENDING: Final = fill(
    "SELECT {columns} FROM outbox WHERE id = ? AND (state < 3 OR seq > ?) ORDER BY local", columns=_COLUMNS
)
_WAITING: Final = (
    "WITH shown AS ("
    " SELECT door, subject, min(action) AS action, max(at) AS at, max(state = 1) AS held, min(state = 2) AS sent,"
    " max(why) AS why, max(local) AS newest FROM outbox WHERE state < 3"
    " GROUP BY door, subject ORDER BY newest DESC LIMIT +?),"
    " counted AS ("
    " SELECT o.door, o.subject, o.kind || ' ' || o.type AS what, count(DISTINCT o.id) AS many"
    " FROM shown AS s CROSS JOIN outbox AS o ON o.door = s.door AND o.subject = s.subject AND o.state < 3"
    " GROUP BY o.door, o.subject, o.kind, o.type)"
    " SELECT s.door, s.subject, s.action, s.at, s.held, s.sent, s.why, json_group_object(c.what, c.many)"
    " FROM shown AS s JOIN counted AS c ON c.door = s.door AND c.subject = s.subject"
    " GROUP BY s.door, s.subject ORDER BY s.newest DESC"
)
"""One statement for the lines and what is in them: a laptop back from two weeks away has thousands."""


class SentLine(msgspec.Struct, frozen=True, kw_only=True):
    """One piece of work as it went: `counted` maps "create note" to how many; `results` the server's word to how many."""

    door: str
    person_id: str
    action: str
    at: str
    counted: dict[str, int]
    results: dict[str, int]


def sent_lines(reader: Reader, numbers: Iterable[int]) -> list[SentLine]:
    """What these numbered operations were, by piece of work and person, with what the server made of them."""
    lines: dict[tuple[str, str], SentLine] = {}
    for door, subject, action, at, kind, type_name, result in reader.rows(_NUMBERED, (json_text(sorted(numbers)),)):
        line = lines.setdefault(
            (door, subject),
            SentLine(door=door, person_id=subject, action=action, at=at, counted={}, results={}),
        )
        what, word = f"{kind} {type_name}", (result or "").partition(":")[0]
        line.counted[what] = line.counted.get(what, 0) + 1
        line.results[word] = line.results.get(word, 0) + 1
    return list(lines.values())


_NUMBERED: Final = (
    "SELECT door, subject, action, at, kind, type, result FROM outbox"
    " WHERE n IN (SELECT value FROM json_each(?)) ORDER BY local"
)


def _operation(found: Sequence[Any]) -> Operation:
    op_id, txn, id, type_name, subject, compartment, kind, author, at, base, patch, was, schema = found[:13]
    return Operation(
        op_id=op_id,
        txn=txn,
        id=id,
        type=type_name,
        subject=subject,
        compartment=compartment,
        kind=OperationKind(kind),
        author=author,
        at=at,
        base=base,
        patch=msgspec.json.decode(patch),
        was=msgspec.json.decode(was),
        schema=schema,
    )


def _queued(found: Sequence[Any]) -> Queued:
    local, n, state, seq, result = found[13:]
    return Queued(local=local, n=n, state=State(state), operation=_operation(found), seq=seq, result=result or "")


def _by_txn(queue: Iterable[Queued]) -> list[list[Queued]]:
    groups: list[list[Queued]] = []
    for queued in queue:
        if groups and groups[-1][0].operation.txn == queued.operation.txn:
            groups[-1].append(queued)
        else:
            groups.append([queued])
    return groups


def _cut(queue: Sequence[Queued], limit: int, most_bytes: int) -> list[Queued]:
    """As many whole transactions from the front as fit; at least one."""
    batch: list[Queued] = []
    size = 0
    for group in _by_txn(queue):
        group_size = sum(len(msgspec.json.encode(queued.operation)) for queued in group)
        if batch and (len(batch) + len(group) > limit or size + group_size > most_bytes):
            break
        batch += group
        size += group_size
    return batch
