"""Do both sides hold the same? Sums over every record, by slot; what differs is named and fetched again (SYNC 3.8).

Compared only when nothing waits and this laptop is at the server's head: then the sums must agree (I10), and where
they do not, a fault of ours or a bad disk has been found before anybody relied on it.
"""

from collections.abc import Iterator
from typing import Final

import msgspec

from wellbeing_desktop.storage import digests, outbox
from wellbeing_desktop.storage.connection import Reader
from wellbeing_desktop.storage.store import Store
from wellbeing_desktop.storage.sync_state import sync_number
from wellbeing_desktop.sync.client.conversation import DIGEST, Conversation
from wellbeing_desktop.sync.protocol.comparing import (
    SLOTS,
    DigestReply,
    DigestRequest,
    row_hash,
    slot_of,
    sum_hashes,
    sum_text,
)

ROWS_AT_ONCE: Final = 2000
"""Read in pieces, so that lists and searches are answered in between."""


class Comparison(msgspec.Struct, frozen=True):
    """`differing` are the ids that the server has and this laptop lacks or has otherwise; `only_here` those that the
    server lacks, as after a restore, until the laptop that wrote them sends them again. `is_meaningful` is False if
    the two sides were not at the same place, so that nothing was learnt."""

    is_meaningful: bool
    differing: tuple[str, ...] = ()
    only_here: tuple[str, ...] = ()
    buckets: tuple[tuple[str, str], ...] = ()
    """Where the differing records are: subject and compartment."""


class _Slots:
    """This laptop's sums, and the hash of each record by slot."""

    def __init__(self) -> None:
        self.sums = [0] * SLOTS
        self.rows: list[dict[str, str]] = [{} for _ in range(SLOTS)]

    def add(self, row: digests.DigestRow) -> None:
        hashed = row_hash(row.id, row.type, row.rev, row.deleted, row.body)
        slot = slot_of(row.subject, row.compartment)
        self.sums[slot] = sum_hashes(self.sums[slot], hashed)
        self.rows[slot][row.id] = hashed.hex()


def compare(store: Store, conversation: Conversation) -> Comparison:
    """Ask the server for its sums and compare. Raises SyncProblem."""
    seq = store.read(lambda reader: sync_number(reader, "seq"))
    reply = conversation.ask(
        DIGEST, DigestRequest(device=conversation.device, epoch=conversation.epoch, seq=seq), DigestReply
    )
    if reply.seq != seq or len(reply.sums) != SLOTS or store.read(outbox.operation_count):
        return Comparison(is_meaningful=False)
    ours = _slots_of(store)
    if store.read(lambda reader: sync_number(reader, "seq")) != seq or store.read(outbox.operation_count):
        return Comparison(is_meaningful=False)  # somebody saved meanwhile
    differing = tuple(slot for slot in range(SLOTS) if sum_text(ours.sums[slot]) != reply.sums[slot])
    if not differing:
        return Comparison(is_meaningful=True)
    detail = conversation.ask(
        DIGEST,
        DigestRequest(device=conversation.device, epoch=conversation.epoch, seq=seq, slots=differing),
        DigestReply,
    )
    if detail.seq != seq:
        return Comparison(is_meaningful=False)
    held = {id: hashed for slot in differing for id, hashed in ours.rows[slot].items()}
    different = sorted(id for id, hashed in detail.rows.items() if held.get(id) != hashed)
    places = (detail.places.get(id, "").partition("/") for id in different)
    return Comparison(
        is_meaningful=True,
        differing=tuple(different),
        buckets=tuple(sorted({(subject, compartment) for subject, _, compartment in places if compartment})),
        only_here=tuple(sorted(held.keys() - detail.rows.keys())),
    )


def _slots_of(store: Store) -> _Slots:
    slots = _Slots()
    for rows in _in_pieces(store):
        for row in rows:
            slots.add(row)
    return slots


def _in_pieces(store: Store) -> Iterator[list[digests.DigestRow]]:
    after = ""
    while True:

        def piece(reader: Reader, after: str = after) -> list[digests.DigestRow]:
            return digests.rows_after(reader, after, ROWS_AT_ONCE)

        rows = store.read(piece)
        if not rows:
            return
        yield rows
        after = rows[-1].id
