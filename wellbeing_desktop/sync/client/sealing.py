"""The organisation's order to seal this laptop's store: believed only in so many words, obeyed, and confirmed.

An order holds if our server signed it, for this organisation, this laptop by its number and its key, this person, and
the very number that this laptop signed a moment ago. Any other does nothing and is counted.
"""

import contextlib

import msgspec

from wellbeing_desktop.domain.errors import SyncProblem
from wellbeing_desktop.domain.seal import SealOrder, seal_message
from wellbeing_desktop.storage import sealing
from wellbeing_desktop.storage.store import Store
from wellbeing_desktop.sync.client.conversation import NONCE, SEALED, Conversation, Transport, ask
from wellbeing_desktop.sync.client.membership import Membership
from wellbeing_desktop.sync.client.problems import ServerSaid
from wellbeing_desktop.sync.protocol.signing_in import (
    NonceReply,
    NonceRequest,
    SealedReply,
    SealedRequest,
    sealed_message,
)


def proven_order(store: Store, conversation: Conversation, found: SyncProblem) -> SealOrder | None:
    """The order that came with a refusal, if there is one and it holds. A laptop that was refused in the middle of a
    session signs in once more: only there is an order given."""
    if isinstance(found, ServerSaid) and not found.seal and conversation.token:
        conversation.token = ""
        try:
            conversation.sign_in()
        except SyncProblem as told:
            found = told
    if not isinstance(found, ServerSaid) or found.kind != "revoked" or not found.seal:
        return None
    order = _order(conversation.membership, conversation.signed_nonce, found)
    if order is None:
        store.write(sealing.count_refused)
    return order


def obey(store: Store, transport: Transport, membership: Membership, order: SealOrder) -> None:
    """Seal, then tell the server. If it does not hear, its report says that this laptop has not confirmed."""
    store.seal(membership.organisation_name, order.ordered_at)
    with contextlib.suppress(SyncProblem):
        nonce = ask(transport, NONCE, NonceRequest(device=membership.device), NonceReply).nonce
        signature = membership.sign(sealed_message(membership.device, nonce))
        request = SealedRequest(device=membership.device, nonce=nonce, signature=signature)
        ask(transport, SEALED, request, SealedReply)


def _order(membership: Membership, nonce: str, said: ServerSaid) -> SealOrder | None:
    if not membership.is_from_server(seal_message(said.seal), said.seal_signature):
        return None
    try:
        order = msgspec.json.decode(said.seal, type=SealOrder)
    except msgspec.DecodeError:
        return None
    named = (order.organisation, order.device, order.practitioner, order.public_key, order.nonce)
    ours = (membership.organisation, membership.device, membership.practitioner_id, membership.public_key, nonce)
    return order if nonce and named == ours else None
