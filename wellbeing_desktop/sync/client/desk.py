"""For the screens of those who look after work and laptops: one talk with the server for each question.

Each waits for the network: call them on a thread for waiting, never on the window's. Of the answers only the last
register is kept on the laptop, for a lead without a network: names of colleagues, counts and times.
"""

import datetime as dt
from collections.abc import Sequence
from typing import Final

import msgspec

from wellbeing_desktop.domain.errors import SyncProblem
from wellbeing_desktop.storage import audit
from wellbeing_desktop.storage.connection import Reader, Writer
from wellbeing_desktop.storage.grants import user_of
from wellbeing_desktop.storage.store import Store
from wellbeing_desktop.storage.sync_state import set_sync_values, sync_value
from wellbeing_desktop.sync.client.conversation import DECIDE, QUARANTINE, REGISTER, Conversation, Transport
from wellbeing_desktop.sync.client.membership import membership_of
from wellbeing_desktop.sync.client.problems import problem
from wellbeing_desktop.sync.protocol.oversight import (
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

_KEPT: Final = "register"

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
    talk = talk_to(store, transport)
    return talk.ask(QUARANTINE, QuarantineRequest(device=talk.device), QuarantineReply)


def decide(store: Store, transport: Transport, decisions: Sequence[Decision]) -> tuple[Decided, ...]:
    """Apply, hand or set aside. What was decided is in this laptop's audit. SyncProblem."""
    talk = talk_to(store, transport)
    reply = talk.ask(DECIDE, DecideRequest(device=talk.device, decisions=tuple(decisions)), DecideReply)
    if any(not one.refused for one in reply.decided):
        store.write(_audited)
    return reply.decided


def fetch_register(store: Store, transport: Transport) -> tuple[RegisterRow, ...]:
    """Laptops of one's team, or of everybody. SyncProblem may_not for somebody who leads nobody."""
    talk = talk_to(store, transport)
    return talk.ask(REGISTER, RegisterRequest(device=talk.device), RegisterReply).rows


class KeptRegister(msgspec.Struct, frozen=True, kw_only=True):
    """The register as it was when the server last told it."""

    at: dt.datetime
    rows: tuple[RegisterRow, ...]


def keep_register(writer: Writer, rows: Sequence[RegisterRow], at: dt.datetime) -> None:
    with writer.immediate():
        kept = msgspec.json.encode(KeptRegister(at=at, rows=tuple(rows))).decode()
        set_sync_values(writer, {_KEPT: kept})


def kept_register(reader: Reader) -> KeptRegister | None:
    """None if it was never asked for, or was kept by a version that wrote it otherwise."""
    try:
        return msgspec.json.decode(sync_value(reader, _KEPT), type=KeptRegister)
    except msgspec.DecodeError:
        return None


def talk_to(store: Store, transport: Transport) -> Conversation:
    """A session for one question beside a sync. Raises SyncProblem."""
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
