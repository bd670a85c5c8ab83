"""Who is calling: one-time codes, laptops' keys, sessions (SECURITY 3.6).

A laptop is known by an Ed25519 key that it made itself and never sends. A code of 80 bits, good for 24 hours and once,
binds that key to the practitioner it was made for. A session is a token of 15 minutes, given for a signed nonce of
ours: no clock but the server's is asked.
"""

import base64
import datetime as dt
import hashlib
import hmac
import re
import secrets
from typing import Final

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from wellbeing_desktop.storage.keys import hkdf
from wellbeing_desktop.sync.protocol.limits import NONCE_SECONDS, TOKEN_SECONDS
from wellbeing_desktop.sync.protocol.signing_in import SealedRequest, rekey_message, sealed_message, session_message
from wellbeing_desktop.sync.server import sql
from wellbeing_desktop.sync.server.engine import Transaction
from wellbeing_desktop.sync.server.history import moment
from wellbeing_desktop.sync.server.problems import (
    CodeRefused,
    Forked,
    Malformed,
    NotSignedIn,
    Pending,
    PullRefused,
    Revoked,
)

CODE_HOURS: Final = 24
CODE_BITS: Final = 80
_LETTERS: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: nothing that is misread aloud or on paper."""

APPROVED: Final = "approved"
PENDING: Final = "pending"
LEAVING: Final = "leaving"  # may still send, to quarantine; receives nothing
REVOKED: Final = "revoked"
FORKED: Final = "forked"  # its store was copied; each copy takes an identity of its own, and this one is closed
STATES: Final = frozenset({APPROVED, PENDING, LEAVING, REVOKED})


class Secrets(msgspec.Struct, frozen=True):
    """What one random secret of the organisation gives, each use apart."""

    signing_key: bytes
    token_key: bytes
    code_key: bytes
    history_key: bytes

    @property
    def public_key(self) -> str:
        key = Ed25519PrivateKey.from_private_bytes(self.signing_key).public_key()
        return key.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw).hex()

    def sign(self, message: bytes) -> str:
        return Ed25519PrivateKey.from_private_bytes(self.signing_key).sign(message).hex()


def secrets_from(secret: bytes) -> Secrets:
    return Secrets(
        signing_key=hkdf(secret, info="wellbeing-server|1|signing"),
        token_key=hkdf(secret, info="wellbeing-server|1|token"),
        code_key=hkdf(secret, info="wellbeing-server|1|code"),
        history_key=hkdf(secret, info="wellbeing-server|1|history"),
    )


def new_code() -> str:
    """A one-time code to read out or print: 80 random bits as four groups of four."""
    number = secrets.randbits(CODE_BITS)
    letters = "".join(_LETTERS[number >> shift & 31] for shift in range(CODE_BITS - 5, -1, -5))
    return "-".join(letters[start : start + 4] for start in range(0, len(letters), 4))


def code_hash(code: str, keys: Secrets) -> str:
    """What is stored of a code. Letters that look alike are taken for one another."""
    letters = re.sub(r"[\s-]", "", code).upper().translate(str.maketrans("OIL", "011"))
    return hashlib.blake2b(letters.encode("utf-8", "replace"), key=keys.code_key, digest_size=16).hexdigest()


def fingerprint(public_key: str) -> str:
    """Six short groups of digits that two people can compare by voice."""
    digest = hashlib.sha256(bytes.fromhex(public_key)).digest()
    return " ".join(f"{int.from_bytes(digest[start : start + 2], 'big') % 10000:04d}" for start in range(0, 12, 2))


def add_invite(
    transaction: Transaction, org: str, user_id: str, code: str, keys: Secrets, now: dt.datetime, *, approved: bool
) -> dt.datetime:
    """Store a code for a practitioner; when it ends."""
    expires = now + dt.timedelta(hours=CODE_HOURS)
    transaction.run(
        "INSERT INTO invite (org, code_hash, user_id, expires_at, used_at, approved) VALUES (?, ?, ?, ?, '', ?)",
        (org, code_hash(code, keys), user_id, moment(expires), int(approved)),
    )
    return expires


class Paired(msgspec.Struct, frozen=True):
    dev: str
    user_id: str
    user_name: str
    state: str


def pair(
    transaction: Transaction,
    org: str,
    code: str,
    public_key: str,
    name: str,
    schema: int,
    keys: Secrets,
    now: dt.datetime,
) -> Paired:
    """Use a code up and know a new laptop. Raises CodeRefused, or Malformed for a key that is none."""
    if not is_public_key(public_key):
        raise Malformed
    row = transaction.one(
        "SELECT user_id, approved FROM invite WHERE org = ? AND code_hash = ? AND used_at = '' AND expires_at > ?",
        (org, code_hash(code, keys), moment(now)),
    )
    if row is None:
        raise CodeRefused
    user_id, approved = str(row[0]), bool(row[1])
    member = transaction.one("SELECT name, state FROM member WHERE org = ? AND id = ?", (org, user_id))
    if member is None or member[1] != "active":
        raise CodeRefused
    transaction.run(
        "UPDATE invite SET used_at = ? WHERE org = ? AND code_hash = ?", (moment(now), org, code_hash(code, keys))
    )
    dev, state = secrets.token_hex(16), APPROVED if approved else PENDING
    transaction.run(
        "INSERT INTO device (org, dev, user_id, name, public_key, last_n, last_seen, state, schema, paired_at) "
        "VALUES (?, ?, ?, ?, ?, 0, ?, ?, ?, ?)",
        (org, dev, user_id, _printable(name), public_key, moment(now), state, schema, moment(now)),
    )
    return Paired(dev, user_id, str(member[0]), state)


def is_public_key(text: str) -> bool:
    if not re.fullmatch(r"[0-9a-f]{64}", text):
        return False
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(text))
    except ValueError:
        return False
    return True


def new_nonce(transaction: Transaction, org: str, dev: str, now: dt.datetime) -> str:
    """A number for a laptop to sign, good for two minutes and once."""
    nonce = secrets.token_hex(16)
    transaction.run("DELETE FROM nonce WHERE org = ? AND expires_at < ?", (org, moment(now)))
    transaction.run(
        "INSERT INTO nonce (org, nonce, dev, expires_at) VALUES (?, ?, ?, ?)",
        (org, nonce, dev, moment(now + dt.timedelta(seconds=NONCE_SECONDS))),
    )
    return nonce


def begin_session(
    transaction: Transaction, org: str, dev: str, nonce: str, signature: str, now: dt.datetime
) -> sql.Device:
    """The laptop whose signature this is. Raises Revoked, Pending, Forked or NotSignedIn."""
    return _may_exchange(_proven(transaction, org, dev, nonce, session_message(dev, nonce), signature, now))


def rekey(
    transaction: Transaction,
    org: str,
    dev: str,
    nonce: str,
    public_key: str,
    signature: str,
    new_signature: str,
    schema: int,
    now: dt.datetime,
) -> tuple[sql.Device, bool]:
    """A new identity for a laptop that holds the old key and the new one, and whether it is new; the old one is closed.

    Only one that is in use gets it, so it gives nobody a right that they did not have. Every copy of a store may come.
    Raises Revoked, Pending, PullRefused for one that is leaving, NotSignedIn, Malformed for a key that is none.
    """
    if not is_public_key(public_key):
        raise Malformed
    message = rekey_message(dev, nonce, public_key)
    old = _proven(transaction, org, dev, nonce, message, signature, now)
    _check_signature(public_key, message, new_signature)
    member = transaction.one("SELECT state FROM member WHERE org = ? AND id = ?", (org, old.user_id))
    if old.state == PENDING:
        raise Pending
    if old.state not in (APPROVED, FORKED) or member is None or member[0] != "active":
        raise PullRefused
    told_before = transaction.one(
        "SELECT device.dev FROM fork JOIN device ON device.org = fork.org AND device.dev = fork.successor "
        "WHERE fork.org = ? AND fork.dev = ? AND device.public_key = ?",
        (org, dev, public_key),
    )
    if told_before is not None:
        return _may_exchange(sql.device(transaction, org, str(told_before[0]))), False
    successor, at = secrets.token_hex(16), moment(now)
    transaction.run("UPDATE device SET state = ? WHERE org = ? AND dev = ?", (FORKED, org, dev))
    transaction.run(
        "INSERT INTO device (org, dev, user_id, name, public_key, last_n, last_seen, state, schema, paired_at) "
        "VALUES (?, ?, ?, ?, ?, 0, ?, ?, ?, ?)",
        (org, successor, old.user_id, old.name, public_key, at, APPROVED, schema, at),
    )
    transaction.run(
        "INSERT INTO fork (org, dev, at, successor, seen_at) VALUES (?, ?, ?, ?, '')", (org, dev, at, successor)
    )
    return _may_exchange(sql.device(transaction, org, successor)), True


def check_sealed(transaction: Transaction, org: str, request: SealedRequest) -> None:
    """Is it the revoked laptop that says that it is sealed? Raises Revoked for one that does not prove itself, Malformed
    for one that has access."""
    known = sql.device(transaction, org, request.device)
    if known is None:
        raise Revoked
    message = sealed_message(request.device, request.ordered_at, request.opened_by)
    try:
        _check_signature(known.public_key, message, request.signature)
    except NotSignedIn:
        raise Revoked from None
    if known.state != REVOKED:
        raise Malformed


def close_copies(transaction: Transaction, org: str, dev: str) -> None:
    """A laptop is revoked: with the identities that it had before it was copied nobody takes a new one either."""
    before: str | None = dev
    while before is not None:
        row = transaction.one("SELECT dev FROM fork WHERE org = ? AND successor = ?", (org, before))
        before = str(row[0]) if row else None
        transaction.run(
            "UPDATE device SET state = ? WHERE org = ? AND dev = ? AND state = ?", (REVOKED, org, before or "", FORKED)
        )


def _proven(
    transaction: Transaction, org: str, dev: str, nonce: str, message: bytes, signature: str, now: dt.datetime
) -> sql.Device:
    """The laptop that signed a message with a nonce of ours, which is used up. Raises Revoked, which names the laptop
    if it proved itself all the same, or NotSignedIn."""
    used = transaction.one(
        "DELETE FROM nonce WHERE org = ? AND nonce = ? AND dev = ? AND expires_at >= ? RETURNING nonce",
        (org, nonce, dev, moment(now)),
    )
    known = sql.device(transaction, org, dev)
    if known is None:
        raise Revoked
    try:
        if used is None:
            raise NotSignedIn
        _check_signature(known.public_key, message, signature)
    except NotSignedIn:
        if known.state == REVOKED:
            raise Revoked from None
        raise
    if known.state == REVOKED:
        raise Revoked(dev)
    return known


def _check_signature(public_key: str, message: bytes, signature: str) -> None:
    try:
        key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(public_key))
        key.verify(bytes.fromhex(signature), message)
    except (ValueError, InvalidSignature):
        raise NotSignedIn from None


def _may_exchange(known: sql.Device | None) -> sql.Device:
    if known is None or known.state == REVOKED:
        raise Revoked
    if known.state == PENDING:
        raise Pending
    if known.state == FORKED:
        raise Forked
    return known


def session_number(transaction: Transaction, org: str, dev: str, *, begins_sync: bool) -> int:
    """The number of the laptop's last sync; one that begins now ends what was given before (SYNC scenario 40)."""
    row = transaction.one(
        "UPDATE device SET session = session + ? WHERE org = ? AND dev = ? RETURNING session",
        (int(begins_sync), org, dev),
    )
    return int(row[0]) if row else 0


def is_last_session(transaction: Transaction, org: str, dev: str, session: int) -> bool:
    """True unless a later sync of the same laptop has begun."""
    row = transaction.one("SELECT session FROM device WHERE org = ? AND dev = ?", (org, dev))
    return row is not None and int(row[0]) == session


def new_token(dev: str, session: int, keys: Secrets, now: dt.datetime) -> str:
    """A session's token: it names the laptop, its sync and its end, and only this organisation can make it."""
    claim = f"{dev}.{session}.{int(now.timestamp()) + TOKEN_SECONDS}"
    return f"{claim}.{_mac(claim, keys)}"


def device_of(token: str, keys: Secrets, now: dt.datetime) -> tuple[str, int]:
    """The laptop that a token was given to, and the number of its sync. Raises NotSignedIn."""
    claim, _, mac = token.rpartition(".")
    begun, _, end = claim.rpartition(".")
    dev, _, session = begun.rpartition(".")
    if not hmac.compare_digest(mac.encode("utf-8", "replace"), _mac(claim, keys).encode()):
        raise NotSignedIn
    if not (end.isdecimal() and session.isdecimal()) or int(end) < now.timestamp():
        raise NotSignedIn
    return dev, int(session)


def known_device(transaction: Transaction, org: str, dev: str) -> sql.Device:
    """The laptop as it stands now: revoking takes effect at once. Raises Revoked, Pending or Forked."""
    return _may_exchange(sql.device(transaction, org, dev))


def _mac(claim: str, keys: Secrets) -> str:
    digest = hmac.new(keys.token_key, claim.encode("utf-8", "replace"), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def _printable(name: str) -> str:
    return "".join(letter for letter in name if letter.isprintable())[:80].encode("utf-8", "replace").decode()
