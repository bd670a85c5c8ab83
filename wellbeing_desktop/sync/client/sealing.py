"""The organisation's order to seal this laptop's store: believed only in so many words, obeyed, and confirmed.

An order holds if our server signed it, for this organisation, this laptop by its number and its key, this person, and
the very number that this laptop signed a moment ago. Any other does nothing and is counted.
"""

import contextlib
from pathlib import Path

import msgspec

from wellbeing_desktop.domain.errors import Refused, StoreProblem, SyncProblem
from wellbeing_desktop.domain.seal import SealOrder, seal_message
from wellbeing_desktop.domain.wire import to_wire
from wellbeing_desktop.storage import sealing
from wellbeing_desktop.storage.envelope import Holder
from wellbeing_desktop.storage.folder_lock import FolderLock
from wellbeing_desktop.storage.sealed import Unconfirmed, confirmed, is_finished, mark_of, unconfirmed_in
from wellbeing_desktop.storage.store import Store
from wellbeing_desktop.sync.client import organisation_key
from wellbeing_desktop.sync.client.address import server_address
from wellbeing_desktop.sync.client.conversation import SEALED, Conversation, Transport, ask
from wellbeing_desktop.sync.client.membership import Membership
from wellbeing_desktop.sync.client.problems import ServerSaid
from wellbeing_desktop.sync.client.way import open_way
from wellbeing_desktop.sync.protocol.signing_in import (
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
    """Seal, then tell the server. What it is told is signed before the key is out of reach, and is kept with the seal
    until the server has heard it."""
    ordered_at = str(to_wire(order.ordered_at))

    def to_say(opened_by: Holder) -> Unconfirmed:
        return Unconfirmed(
            server=membership.server,
            device=membership.device,
            ordered_at=ordered_at,
            signature=membership.sign(sealed_message(membership.device, ordered_at, opened_by)),
            opened_by=opened_by,
        )

    organisation_key.settle(store, membership, None)  # the policy may name a key that no sync has brought here yet
    store.seal(membership.organisation_name, order.ordered_at, to_say)
    seal = mark_of(store.folder)
    if seal is not None and seal.unconfirmed is not None and _is_heard(transport, seal.unconfirmed):
        with contextlib.suppress(OSError):
            confirmed(store.folder)


def confirm_again(folder: Path) -> bool:
    """Tell the server of a sealed store again, if it has not heard; True when there is nothing left to tell. Nothing is
    opened for it, and nothing is raised: a way that is not there now is there another time. Nor is it said before what
    was cut off while sealing is finished."""
    seal = mark_of(folder)
    if seal is None or seal.unconfirmed is None:
        return True
    if not is_finished(folder, seal):
        return False
    try:
        transport = open_way(server_address(seal.unconfirmed.server), folder.parent)
    except (SyncProblem, Refused):
        return False
    try:
        return _is_heard(transport, seal.unconfirmed) and _noted(folder)
    finally:
        transport.close()


def confirm_all(home: Path) -> int:
    """Every sealed store under `home`; how many are left to tell."""
    return sum(not confirm_again(folder) for folder in unconfirmed_in(home))


def _is_heard(transport: Transport, what: Unconfirmed) -> bool:
    request = SealedRequest(
        device=what.device, ordered_at=what.ordered_at, opened_by=what.opened_by, signature=what.signature
    )
    try:
        ask(transport, SEALED, request, SealedReply)
    except SyncProblem:
        return False
    return True


def _noted(folder: Path) -> bool:
    """Under the folder's lock, so that the mark is not put back under a recovery kit that takes it away meanwhile."""
    try:
        lock = FolderLock(folder)
    except (StoreProblem, OSError):
        return False
    try:
        confirmed(folder)
    except OSError:
        return False
    finally:
        lock.release()
    return True


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
