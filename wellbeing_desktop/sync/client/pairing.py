"""Joining an organisation: an address and a one-time code become a device with its own key (SECURITY 3.6).

The code is spent by `enrol`. The laptop then waits until the administrator has compared the fingerprint by voice.
"""

import unicodedata

import msgspec

from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.storage.connection import Writer
from wellbeing_desktop.storage.store import Store
from wellbeing_desktop.sync.client import organisation_key, reconcile
from wellbeing_desktop.sync.client.address import ServerAddress
from wellbeing_desktop.sync.client.conversation import NONCE, PAIR, REKEY, Transport, ask
from wellbeing_desktop.sync.client.membership import Membership, keep_membership, new_device_key, next_device_key
from wellbeing_desktop.sync.client.problems import problem
from wellbeing_desktop.sync.protocol.signing_in import (
    NonceReply,
    NonceRequest,
    PairReply,
    PairRequest,
    RekeyReply,
    RekeyRequest,
    key_fingerprint,
    rekey_message,
)


class Enrolment(msgspec.Struct, frozen=True, kw_only=True):
    """What the server said of a new laptop. `fingerprint` is read out to the administrator; while `is_pending` the
    server takes and gives nothing."""

    membership: Membership
    organisation_name: str
    practitioner_id: str
    practitioner_name: str
    fingerprint: str
    is_pending: bool


def enrol(transport: Transport, address: ServerAddress, code: str, *, laptop_name: str = "") -> Enrolment:
    """Spend a one-time code. Make the store for `organisation` and `practitioner_id` of the answer, then `keep` it.

    Raises Refused for an empty code; SyncProblem code_not_right, and every trouble of the way there.
    """
    code = unicodedata.normalize("NFKC", code).strip()
    if not code:
        raise Refused("Enter the code from your invitation.", "code")
    private_key, public_key = new_device_key()
    reply = ask(transport, PAIR, PairRequest(code=code, public_key=public_key, name=laptop_name), PairReply)
    if reply.fingerprint != key_fingerprint(public_key):
        raise problem("not_our_server")  # somebody in the middle gave the server a key of their own
    return Enrolment(
        membership=Membership(
            server=address.url,
            organisation=reply.organisation,
            organisation_name=reply.organisation_name,
            device=reply.device,
            device_key=private_key,
            server_key=reply.server_key,
            practitioner_id=reply.practitioner_id,
            epoch=reply.epoch,
        ),
        organisation_name=reply.organisation_name,
        practitioner_id=reply.practitioner_id,
        practitioner_name=reply.practitioner_name,
        fingerprint=reply.fingerprint,
        is_pending=reply.state != "approved",
    )


def join(store: Store, enrolment: Enrolment) -> None:
    """Keep the enrolment in a store that was made for this organisation and this practitioner.

    Raises Refused if the store belongs to somebody else: what it holds was written under another name.
    """
    _refuse_somebody_elses(store, enrolment)

    def keep(writer: Writer) -> None:
        with writer.immediate():
            keep_membership(writer, enrolment.membership)

    store.write(keep)
    organisation_key.settle(store, enrolment.membership, None)


def rejoin(store: Store, enrolment: Enrolment) -> None:
    """After a restore: the same store as a new device, which sends everything that it keeps as its own
    (SYNC 3.7). Raises Refused as `join`."""
    _refuse_somebody_elses(store, enrolment)
    reconcile.take_new_device(store, enrolment.membership)


def take_new_identity(store: Store, transport: Transport, membership: Membership) -> Membership:
    """After a fork, without a new invitation: the laptop shows that it holds the old key and a new one, and becomes a
    new device of the same person, which sends everything that it keeps (SYNC 3.7). Raises SyncProblem."""
    private_key, public_key = store.write(next_device_key)
    nonce = ask(transport, NONCE, NonceRequest(device=membership.device), NonceReply).nonce
    message = rekey_message(membership.device, nonce, public_key)
    successor = msgspec.structs.replace(membership, device_key=private_key)
    request = RekeyRequest(
        device=membership.device,
        nonce=nonce,
        public_key=public_key,
        signature=membership.sign(message),
        new_signature=successor.sign(message),
    )
    reply = ask(transport, REKEY, request, RekeyReply)
    if reply.fingerprint != key_fingerprint(public_key) or (reply.organisation, reply.practitioner_id) != (
        membership.organisation,
        membership.practitioner_id,
    ):
        raise problem("not_our_server")
    successor = msgspec.structs.replace(successor, device=reply.device)
    reconcile.take_new_device(store, successor)
    return successor


def _refuse_somebody_elses(store: Store, enrolment: Enrolment) -> None:
    membership = enrolment.membership
    if (store.identity.organisation_id, store.identity.user_id) != (
        membership.organisation,
        membership.practitioner_id,
    ):
        raise Refused("This case store belongs to somebody else. Make a new one for the organisation.")
