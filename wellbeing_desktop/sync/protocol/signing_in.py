"""A laptop becomes known, signs in, says how it stands, and takes a new identity: what is said, and what is signed."""

from wellbeing_desktop.domain.operation import SCHEMA
from wellbeing_desktop.domain.six_groups import six_groups
from wellbeing_desktop.sync.protocol.message import PROTOCOL, MessageShape, ReplyShape, Whole


class PairRequest(MessageShape, frozen=True, kw_only=True, omit_defaults=True):
    """POST /v1/pair. `public_key` is the laptop's Ed25519 key, 64 hexadecimal digits; `name` what its user calls it."""

    code: str
    public_key: str
    name: str = ""
    schema: Whole = SCHEMA


class PairReply(ReplyShape, frozen=True, kw_only=True, omit_defaults=True):
    """`state` is "approved" or "pending". `fingerprint` is compared by voice. `server_key` signs grants and the
    audit heads."""

    device: str
    organisation: str
    organisation_name: str
    practitioner_id: str
    practitioner_name: str
    state: str
    fingerprint: str
    server_key: str


class NonceRequest(MessageShape, frozen=True, kw_only=True):
    """POST /v1/nonce."""

    device: str


class NonceReply(ReplyShape, frozen=True, kw_only=True, omit_defaults=True):
    nonce: str


class LaptopReport(MessageShape, frozen=True, kw_only=True, omit_defaults=True):
    """How a laptop stands, for the register: counts and times, nobody's data. `waiting` counts pieces of work that the
    server lacks, `unsettled` those that it could not apply; `completed_at` is when everything was last exchanged.
    `unlocked_at` is when the store was last opened, by the laptop's clock, and `opened_by` what opens it ("passphrase",
    "passphrase and keyring"), `recovery_key` the six groups of the organisation's key that opens it too, if one does: for
    the report of a lost laptop. `refused_orders` counts orders to seal that did not hold, and
    `removal_stopped` the people whom it was asked to give up without a reason, and did not."""

    waiting: Whole = 0
    oldest_waiting_at: str = ""
    held: Whole = 0
    unsettled: Whole = 0
    completed_at: str = ""
    program: str = ""
    schema: Whole = SCHEMA
    skew_seconds: Whole = 0
    repairs: Whole = 0
    unlocked_at: str = ""
    opened_by: str = ""
    recovery_key: str = ""
    refused_orders: Whole = 0
    removal_stopped: Whole = 0


class SealedRequest(MessageShape, frozen=True, kw_only=True, omit_defaults=True):
    """POST /v1/sealed, after 401 revoked with an order that held: the store is sealed. `ordered_at` is the order's own;
    `opened_by` says what opens the store from now on, "organisation" or "kit". `signature` is the laptop's over
    `sealed_message(device, ordered_at, opened_by)`, hexadecimal. Made once, before the key is out of reach, and said again
    until there is an answer: it proves this one thing, of this one order."""

    device: str
    ordered_at: str
    signature: str
    opened_by: str = ""


class SealedReply(ReplyShape, frozen=True, kw_only=True, omit_defaults=True):
    pass


class RekeyRequest(MessageShape, frozen=True, kw_only=True, omit_defaults=True):
    """POST /v1/rekey, after 409 forked: a laptop whose store was copied takes an identity of its own. `device` is the
    old one. Both signatures are Ed25519 over `rekey_message(device, nonce, public_key)`, hexadecimal: `signature` by
    the old key, `new_signature` by the one that `public_key` belongs to."""

    device: str
    nonce: str
    public_key: str
    signature: str
    new_signature: str
    schema: Whole = SCHEMA


class RekeyReply(ReplyShape, frozen=True, kw_only=True, omit_defaults=True):
    """The new identity, in the same organisation and of the same member. The same `public_key` gets the same one
    again, so that a lost reply leaves no second one behind."""

    device: str
    organisation: str
    practitioner_id: str
    state: str
    fingerprint: str


class SessionRequest(MessageShape, frozen=True, kw_only=True, omit_defaults=True):
    """POST /v1/session. `signature` is Ed25519 over `session_message(device, nonce)`, hexadecimal. With `begins_sync`
    every earlier token of this laptop is dead: what a session left behind still sends is refused."""

    device: str
    nonce: str
    signature: str
    report: LaptopReport | None = None
    begins_sync: bool = False


class SessionReply(ReplyShape, frozen=True, kw_only=True, omit_defaults=True):
    """`token` goes into `Authorization: Bearer`; it is good for `seconds` and for this laptop only.

    `lease` is JSON text (domain/lease.py) and `lease_signature` the server's over `lease_message` of it; both are empty
    for a laptop whose person is leaving.
    """

    token: str
    seconds: Whole
    practitioner_id: str
    roles: tuple[str, ...] = ()
    lease: str = ""
    lease_signature: str = ""
    recovery_key: str = ""
    """The public half of the organisation's recovery key (storage/organisation_public.py); empty where it has none."""
    recovery_key_signature: str = ""
    """The server's over `recovery_key_message(organisation, recovery_key)`, hexadecimal."""
    files_wanted: bool = False
    """Somebody asked for the bytes of a file that the server has not: ask /v1/wanted which, and send what is here."""


class ReportRequest(MessageShape, frozen=True, kw_only=True):
    """POST /v1/report."""

    device: str
    report: LaptopReport


class ReportReply(ReplyShape, frozen=True, kw_only=True, omit_defaults=True):
    pass


def session_message(device: str, nonce: str) -> bytes:
    """What a laptop signs to begin a session."""
    return f"{PROTOCOL} session {device} {nonce}".encode()


def sealed_message(device: str, ordered_at: str, opened_by: str = "") -> bytes:
    """What a laptop signs to say that its store is sealed, by the order of that moment, and what opens it now."""
    return f"{PROTOCOL} sealed {device} {ordered_at} {opened_by}".rstrip().encode()


def recovery_key_message(organisation: str, recovery_key: str) -> bytes:
    """What the server signs to say which recovery key is the organisation's."""
    return f"{PROTOCOL} recovery key {organisation} {recovery_key}".encode()


def rekey_message(device: str, nonce: str, public_key: str) -> bytes:
    """What a laptop signs, with its old key and with its new one, to take a new identity."""
    return f"{PROTOCOL} rekey {device} {nonce} {public_key}".encode()


def key_fingerprint(public_key: str) -> str:
    """Six groups of four digits of a laptop's public key (hexadecimal), that two people can compare by voice."""
    return six_groups(bytes.fromhex(public_key))
