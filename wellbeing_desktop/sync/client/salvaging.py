"""After a restore: offers the server what it lost and this laptop still holds (SYNC 3.7, fault 8).

The rows were put aside when the new history began, before that history's own rows took their place. What the server
has again by the time that everything was fetched is dropped; the rest is offered.
"""

from collections.abc import Sequence
from functools import partial

from wellbeing_desktop.storage import incoming, passed_places
from wellbeing_desktop.storage.connection import Reader, Writer
from wellbeing_desktop.storage.passed_places import SalvagedRow
from wellbeing_desktop.storage.store import Store
from wellbeing_desktop.sync.client.conversation import SALVAGE, Conversation
from wellbeing_desktop.sync.client.facts import cursor_of
from wellbeing_desktop.sync.protocol.restoring import SalvageReply, SalvageRequest, SalvageRow


def offer(store: Store, conversation: Conversation) -> int:
    """One step of a sync; answers how many rows were new to the server. Raises SyncProblem."""
    offered = 0
    while store.read(lambda reader: cursor_of(reader).is_loaded):
        rows = store.read(passed_places.put_aside_rows)
        if not rows:
            break
        lacking = store.read(partial(_lacking, rows))
        if lacking:
            reply = conversation.ask(
                SALVAGE,
                SalvageRequest(
                    device=conversation.device,
                    epoch=conversation.epoch,
                    rows=tuple(
                        SalvageRow(
                            id=row.id,
                            type=row.type,
                            subject=row.subject,
                            compartment=row.compartment,
                            rev=row.rev,
                            body=dict(row.body),
                        )
                        for row in lacking
                    ),
                ),
                SalvageReply,
            )
            offered += reply.taken
        store.write(partial(_forget, [row.id for row in rows]))
    return offered


def _lacking(rows: Sequence[SalvagedRow], reader: Reader) -> list[SalvagedRow]:
    return [row for row in rows if _differs(reader, row)]


def _differs(reader: Reader, row: SalvagedRow) -> bool:
    now = incoming.server_row(reader, row.id)
    return now is None or now.seq == 0 or dict(now.body) != row.body


def _forget(ids: list[str], writer: Writer) -> None:
    with writer.immediate():
        passed_places.forget(writer, ids)
