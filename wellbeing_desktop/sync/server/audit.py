"""Laptops' audit chains as they reach the server: append only, countersigned, never pulled (SYNC 3.3, SECURITY 3.5)."""

import datetime as dt
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from wellbeing_desktop.sync.protocol.pushing import AuditEntries
from wellbeing_desktop.sync.server import sql
from wellbeing_desktop.sync.server.auth import Secrets
from wellbeing_desktop.sync.server.engine import Transaction
from wellbeing_desktop.sync.server.history import moment

MAX_ENTRY: Final = 16_384
MAX_ENTRIES: Final = 5_000


def head_message(dev: str, number: int, head: str) -> bytes:
    """What a laptop signs, and the server countersigns: so many entries, ending in this hash."""
    return f"sync/1 audit {dev} {number} {head}".encode()


def take(
    transaction: Transaction,
    org: str,
    device: sql.Device,
    sent: AuditEntries | None,
    keys: Secrets,
    now: dt.datetime,
) -> tuple[int, str]:
    """Append what follows on; the number of the last entry held, and the signature over the head that it makes.

    Entries that were sent before are passed over; after a gap nothing is taken, and the laptop sends from there. A
    head whose signature does not fit is kept uncountersigned: the chain is evidence either way.
    """
    row = transaction.one("SELECT MAX(a) FROM audit WHERE org = ? AND dev = ?", (org, device.dev))
    last = int(row[0]) if row and row[0] is not None else 0
    if sent is None or sent.first < 1 or sent.first > last + 1 or len(sent.entries) > MAX_ENTRIES:
        return last, ""
    fresh = sent.entries[last + 1 - sent.first :]
    if any(len(entry) > MAX_ENTRY for entry in fresh):
        return last, ""
    transaction.insert(
        "INSERT INTO audit (org, dev, a, entry) VALUES (?, ?, ?, ?)",
        [(org, device.dev, last + 1 + place, entry.replace("\0", "")) for place, entry in enumerate(fresh)],
    )
    last += len(fresh)
    if not fresh or not sent.head or len(sent.head) > 200 or len(sent.signature) > 200:
        return last, ""
    message = head_message(device.dev, last, sent.head)
    countersign = keys.sign(message) if _is_signed(device.public_key, sent.signature, message) else ""
    transaction.run(
        "INSERT INTO audit_head (org, dev, a, head, signature, countersign, at) VALUES (?, ?, ?, ?, ?, ?, ?)",
        (
            org,
            device.dev,
            last,
            sent.head.replace("\0", ""),
            sent.signature.replace("\0", ""),
            countersign,
            moment(now),
        ),
    )
    return last, countersign


def _is_signed(public_key: str, signature: str, message: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(public_key)).verify(bytes.fromhex(signature), message)
    except (ValueError, InvalidSignature):
        return False
    return True
