"""Receipts of syncs: what this laptop sent and received, and the server's word for it (Beyond 4).

Noted in the transaction that notes the server's answer, so that what was acknowledged always has its receipt. Nobody's
words are in one: pieces of work, counts, and the places and signatures that prove them.
"""

import datetime as dt
from collections.abc import Iterable
from typing import Final

import msgspec

from wellbeing_desktop.domain.wire import to_wire
from wellbeing_desktop.storage.connection import Reader, Writer
from wellbeing_desktop.storage.outbox import SentLine

KEPT: Final = 500
"""The newest receipts; older ones are dropped."""


class Countersign(msgspec.Struct, frozen=True, kw_only=True):
    """The server's signature over this laptop's audit chain up to entry `number`, whose hash is `head`."""

    number: int
    head: str
    signature: str


class Receipt(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`head_seq` and `head_tok` name the server's commit that everything sent is in; `server_at` is its clock.
    `ended_at` is empty for a sync that was broken off: what it says of sent work holds all the same. `problems` are
    the kinds of what stopped a step."""

    number: int = 0
    begun_at: str = ""
    ended_at: str = ""
    server_at: str = ""
    sent: tuple[SentLine, ...] = ()
    received: int = 0
    waiting: int = 0
    head_seq: int = 0
    head_tok: str = ""
    countersign: Countersign | None = None
    problems: tuple[str, ...] = ()

    @property
    def sent_count(self) -> int:
        """How many operations were sent."""
        return sum(count for line in self.sent for count in line.counted.values())


def begin(writer: Writer, at: dt.datetime) -> int:
    """A new receipt; answers its number. Within a transaction."""
    number = int(writer.value("SELECT coalesce(max(number), 0) + 1 FROM receipt"))
    _keep(writer, Receipt(number=number, begun_at=to_wire(at)))
    writer.execute("DELETE FROM receipt WHERE number <= ?", (number - KEPT,))
    return number


def note_sent(writer: Writer, number: int, lines: Iterable[SentLine], head: tuple[int, str], server_at: str) -> None:
    """Add what the server has just acknowledged, in the transaction that notes its answer."""
    receipt = one(writer, number)
    if receipt is None:
        return
    merged = {(line.door, line.person_id): line for line in receipt.sent}
    for line in lines:
        key = (line.door, line.person_id)
        merged[key] = _together(merged[key], line) if key in merged else line
    seq, tok = head
    _keep(
        writer,
        msgspec.structs.replace(receipt, sent=tuple(merged.values()), head_seq=seq, head_tok=tok, server_at=server_at),
    )


def note_countersign(writer: Writer, number: int, countersign: Countersign) -> None:
    """Nothing is done where the receipt is not kept any more."""
    receipt = one(writer, number)
    if receipt is not None:
        _keep(writer, msgspec.structs.replace(receipt, countersign=countersign))


def finish(
    writer: Writer, number: int, *, at: dt.datetime, received: int, waiting: int, problems: Iterable[str], head_seq: int
) -> None:
    """The end of the sync. Within a transaction."""
    receipt = one(writer, number)
    if receipt is not None:
        _keep(
            writer,
            msgspec.structs.replace(
                receipt,
                ended_at=to_wire(at),
                received=received,
                waiting=waiting,
                problems=tuple(problems),
                head_seq=max(receipt.head_seq, head_seq),
            ),
        )


def one(reader: Reader, number: int) -> Receipt | None:
    """A receipt by its number."""
    found = reader.value("SELECT body FROM receipt WHERE number = ?", (number,))
    return None if found is None else msgspec.json.decode(found, type=Receipt)


def newest(reader: Reader, limit: int = 50) -> list[Receipt]:
    """The newest first."""
    return [
        msgspec.json.decode(body, type=Receipt)
        for (body,) in reader.rows("SELECT body FROM receipt ORDER BY number DESC LIMIT +?", (limit,))
    ]


def _together(first: SentLine, second: SentLine) -> SentLine:
    """A piece of work that went in two batches."""
    counted, results = dict(first.counted), dict(first.results)
    for what, count in second.counted.items():
        counted[what] = counted.get(what, 0) + count
    for word, count in second.results.items():
        results[word] = results.get(word, 0) + count
    return msgspec.structs.replace(first, counted=counted, results=results)


def _keep(writer: Writer, receipt: Receipt) -> None:
    writer.execute(
        "INSERT INTO receipt (number, begun_at, body) VALUES (?, ?, ?)"
        " ON CONFLICT (number) DO UPDATE SET body = excluded.body",
        (receipt.number, receipt.begun_at, msgspec.json.encode(receipt).decode()),
    )
