"""A newer laptop under an older server: what it is sent is in the server's schema, what does not fit there is held.

What is held keeps back only what builds on it; the rest goes on, and everything goes once the server was updated.
"""

from collections.abc import Sequence
from typing import Final

import msgspec

from wellbeing_desktop.storage import holding, outbox
from wellbeing_desktop.storage.connection import Writer
from wellbeing_desktop.storage.outbox import Queued
from wellbeing_desktop.sync.client.conversation import Conversation
from wellbeing_desktop.sync.schemas import Schemas

OLD_SERVER: Final = "The server is older than this program. It is sent once the server has been updated."


def next_batch(writer: Writer, conversation: Conversation, most: int, most_bytes: int) -> list[Queued]:
    """The next batch as the server knows it. On the writer's thread, outside a transaction."""
    schemas, schema = conversation.schemas, conversation.schema
    if schema >= schemas.current:
        _let_go(writer)
        return outbox.next_batch(writer, most, most_bytes)
    while True:
        batch = outbox.next_batch(writer, most, most_bytes)
        fitting, unfit = _fitted(batch, schemas, schema)
        if not unfit:
            _keep_as_sent(writer, batch, fitting)
            return fitting
        with writer.immediate():
            holding.hold_back(writer, unfit, OLD_SERVER)


def _fitted(batch: Sequence[Queued], schemas: Schemas, schema: int) -> tuple[list[Queued], list[int]]:
    """The batch in an older schema, and the places of what that has no room for. What was numbered stays as it was."""
    fitting, unfit = [], []
    for queued in batch:
        lowered = queued.operation if queued.n is not None else schemas.lowered(queued.operation, schema)
        if lowered is None:
            unfit.append(queued.local)
        else:
            fitting.append(msgspec.structs.replace(queued, operation=lowered))
    return fitting, unfit


def _keep_as_sent(writer: Writer, batch: Sequence[Queued], fitting: Sequence[Queued]) -> None:
    changed = [new for old, new in zip(batch, fitting, strict=True) if old.operation != new.operation]
    if changed:
        with writer.immediate():
            for queued in changed:
                outbox.rewrite(writer, queued)


def _let_go(writer: Writer) -> None:
    places = holding.held_places(writer, OLD_SERVER)
    if places:
        with writer.immediate():
            holding.let_go(writer, places)
