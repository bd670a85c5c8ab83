"""For the screens of those who look after work and laptops: one talk with the server for each question.

Each waits for the network: call them on a thread for waiting, never on the window's. Nothing is kept on the laptop.
"""

import datetime as dt
from collections.abc import Sequence

from wellbeing_desktop.domain.errors import SyncProblem
from wellbeing_desktop.storage import audit
from wellbeing_desktop.storage.connection import Writer
from wellbeing_desktop.storage.grants import user_of
from wellbeing_desktop.storage.store import Store
from wellbeing_desktop.sync.client.conversation import DECIDE, QUARANTINE, REGISTER, Conversation, Transport
from wellbeing_desktop.sync.client.membership import membership_of
from wellbeing_desktop.sync.client.problems import problem
from wellbeing_desktop.sync.protocol import (
    Decided,
    DecideReply,
    DecideRequest,
    Decision,
    QuarantineReply,
    QuarantineRequest,
    RegisterReply,
    RegisterRequest,
    RegisterRow,
)

REFUSALS = {
    "not_there": "Somebody has decided about this meanwhile.",
    "not_granted": "You have no access to this part of the record.",
    "not_yours": "Only its author takes it back.",
    "no_such_colleague": "Choose a colleague who works here.",
    "reason_needed": "Say why it is set aside.",
}
"""Why a decision was not taken, for the words that are about the decision and not about the work."""


def fetch_quarantine(store: Store, transport: Transport) -> QuarantineReply:
    """What waits for a decision and concerns whoever asks, with counts for those who look after all. SyncProblem."""
    talk = _talk(store, transport)
    return talk.ask(QUARANTINE, QuarantineRequest(device=talk.device), QuarantineReply)


def decide(store: Store, transport: Transport, decisions: Sequence[Decision]) -> tuple[Decided, ...]:
    """Apply, hand or set aside. What was decided is in this laptop's audit. SyncProblem."""
    talk = _talk(store, transport)
    reply = talk.ask(DECIDE, DecideRequest(device=talk.device, decisions=tuple(decisions)), DecideReply)
    if any(not one.refused for one in reply.decided):
        store.write(_audited)
    return reply.decided


def fetch_register(store: Store, transport: Transport) -> tuple[RegisterRow, ...]:
    """Laptops of one's team, or of everybody. SyncProblem may_not for somebody who leads nobody."""
    talk = _talk(store, transport)
    return talk.ask(REGISTER, RegisterRequest(device=talk.device), RegisterReply).rows


def _talk(store: Store, transport: Transport) -> Conversation:
    membership = store.read(membership_of)
    if membership is None:
        raise problem("not_joined")
    talk = Conversation(transport, membership, lambda: dt.datetime.now(dt.UTC))
    try:
        talk.sign_in()
    except SyncProblem as found:
        if found.kind != "new_history":
            raise
        talk.epoch = ""  # these questions belong to no history
    return talk


def _audited(writer: Writer) -> None:
    with writer.immediate():
        audit.append(writer, user=user_of(writer), action="decide_work", at=dt.datetime.now(dt.UTC))
