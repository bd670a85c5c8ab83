"""What could not be applied, between this laptop and the server: told what was taken back, learnt what became of it.

Trying again shows the work over the server's state once more until the server has judged it anew.
"""

import datetime as dt
from collections.abc import Sequence
from typing import Final

from wellbeing_desktop.domain.changes import Change, Changes
from wellbeing_desktop.storage import audit, refused
from wellbeing_desktop.storage.connection import Writer
from wellbeing_desktop.storage.grants import user_of
from wellbeing_desktop.storage.store import Store
from wellbeing_desktop.sync.client.arrivals import show_pending
from wellbeing_desktop.sync.client.conversation import DECIDE, QUARANTINE, Conversation
from wellbeing_desktop.sync.protocol.oversight import (
    DecideReply,
    DecideRequest,
    Decision,
    QuarantineReply,
    QuarantineRequest,
)

_SETTLED_BY_ANYBODY: Final = frozenset({"", "not_there"})


def settle(store: Store, conversation: Conversation) -> None:
    """One step of a sync. Asks nothing of the server when nothing is unsettled. Raises SyncProblem."""
    taken_back = store.read(refused.numbers_taken_back)
    if taken_back:
        reply = conversation.ask(
            DECIDE,
            DecideRequest(
                device=conversation.device,
                decisions=tuple(Decision(device=conversation.device, n=n, what="take_back") for n in taken_back),
            ),
            DecideReply,
        )
        told = [one.n for one in reply.decided if one.refused in _SETTLED_BY_ANYBODY]
        store.write(lambda writer: _note_told(writer, told))
    unsettled = store.read(refused.numbers_unsettled)
    if unsettled:
        found = conversation.ask(
            QUARANTINE, QuarantineRequest(device=conversation.device, mine=tuple(unsettled)), QuarantineReply
        )
        store.write(lambda writer: _note_states(writer, found))


def take_back(store: Store, places: Sequence[int]) -> tuple[str, ...]:
    """Take work back; answers its words, to be copied or written anew. Raises Refused."""

    def work(writer: Writer) -> tuple[str, ...]:
        with writer.immediate():
            words = refused.take_back(writer, places)
            _audit(writer, "take_back_work")
            return words

    return store.write(work)


def try_again(store: Store, places: Sequence[int]) -> Changes:
    """Send work once more as it was, with the next sync; answers what shows differently now. Raises Refused."""

    def work(writer: Writer) -> Changes:
        with writer.immediate():
            touched: set[Change] = set()
            for id in refused.try_again(writer, places):
                touched |= show_pending(writer, id)
            _audit(writer, "try_again")
            return Changes(frozenset(touched))

    return store.write(work)


def _note_told(writer: Writer, numbers: Sequence[int]) -> None:
    with writer.immediate():
        for n in numbers:
            refused.note_told(writer, n)


def _note_states(writer: Writer, found: QuarantineReply) -> None:
    with writer.immediate():
        for state in found.mine:
            refused.note_state(writer, state.n, state.state, state.why, state.reason)


def _audit(writer: Writer, action: str) -> None:
    audit.append(writer, user=user_of(writer), action=action, at=dt.datetime.now(dt.UTC))
