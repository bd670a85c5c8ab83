"""What this laptop is to its organisation: its device id and key, the server's address and key. Kept in the store.

The device key never leaves the encrypted store; the session token lives in memory only.
"""

from typing import Final

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from wellbeing_desktop.storage.connection import Reader, Writer
from wellbeing_desktop.storage.signed import is_signed_by
from wellbeing_desktop.storage.sync_state import set_sync_values, sync_value
from wellbeing_desktop.sync.client.address import ServerAddress, server_address

KEY_BYTES: Final = 32
NEXT_KEY: Final = "next_device_key"
"""Kept before a new identity is asked for, so that a lost answer or a flat battery leaves no second one behind."""


class Membership(msgspec.Struct, frozen=True, kw_only=True):
    """`device_key` is the Ed25519 private key and `server_key` the server's public one, hexadecimal.

    `epoch` is the server history that the cursor belongs to.
    """

    server: str
    organisation: str
    organisation_name: str
    device: str
    device_key: str
    server_key: str
    practitioner_id: str
    epoch: str

    def __repr__(self) -> str:
        return f"Membership(device={self.device!r})"  # the key must not reach a log by way of a message

    @property
    def address(self) -> ServerAddress:
        return server_address(self.server)

    def sign(self, message: bytes) -> str:
        """Ed25519 over a message with this laptop's key, hexadecimal."""
        return Ed25519PrivateKey.from_private_bytes(bytes.fromhex(self.device_key)).sign(message).hex()

    @property
    def public_key(self) -> str:
        """The other half of `device_key`, hexadecimal."""
        key = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(self.device_key))
        return key.public_key().public_bytes_raw().hex()

    def is_from_server(self, message: bytes, signature: str) -> bool:
        """Did our organisation's server sign this?"""
        return is_signed_by(self.server_key, message, signature)


_FIELDS: Final = (
    ("server", "server"),
    ("organisation", "organisation"),
    ("organisation_name", "organisation_name"),
    ("device", "device"),
    ("device_key", "device_key"),
    ("server_key", "server_key"),
    ("practitioner_id", "practitioner"),
    ("epoch", "epoch"),
)
"""Field here, key in the store."""


def membership_of(reader: Reader) -> Membership | None:
    """None for a store that is on this computer only."""
    values = {field: sync_value(reader, key) for field, key in _FIELDS}
    return Membership(**values) if values["organisation"] and values["device"] else None


def keep_membership(writer: Writer, membership: Membership) -> None:
    """Within a transaction."""
    set_sync_values(writer, {key: getattr(membership, field) for field, key in _FIELDS})


def next_device_key(writer: Writer) -> tuple[str, str]:
    """The key of the identity that is being asked for, the same until there is an answer: private and public."""
    with writer.immediate():
        private = sync_value(writer, NEXT_KEY)
        if private:
            key = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(private))
            return private, key.public_key().public_bytes_raw().hex()
        private, public = new_device_key()
        set_sync_values(writer, {NEXT_KEY: private})
        return private, public


def new_device_key() -> tuple[str, str]:
    """A new Ed25519 key: private and public, hexadecimal."""
    key = Ed25519PrivateKey.generate()
    return key.private_bytes_raw().hex(), key.public_key().public_bytes_raw().hex()
