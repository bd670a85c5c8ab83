"""The keys of one store: the data key, and the keys derived from it.

    data key (32 random bytes, one per store; sealed in the envelopes)
      HKDF -> StoreKey        opens store.db (SQLCipher raw key)
      HKDF -> AttachmentKey   opens attachments.db
      HKDF -> ExportKey       vouches for the manifest of a backup
      HKDF -> AnchorKey       vouches for the anchor files

A key is its own type, exactly 32 bytes, so that nothing else can be handed to the opener: SQLCipher takes a
malformed raw key for a passphrase without a word (SECURITY 0, finding 5).
"""

import hashlib
import hmac
import secrets
from typing import Final, NoReturn, Self

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

KEY_BYTES: Final = 32


class Key:
    """32 secret bytes. Prints nothing of itself, cannot be pickled, compares in constant time."""

    __slots__ = ("_material",)

    def __init__(self, material: bytes) -> None:
        """Raises TypeError unless given bytes, ValueError unless there are 32 of them."""
        if not isinstance(material, bytes | bytearray):
            raise TypeError("a key is made from bytes")
        if len(material) != KEY_BYTES:
            raise ValueError(f"a key has {KEY_BYTES} bytes")
        self._material = bytearray(material)

    @classmethod
    def new(cls) -> Self:
        return cls(secrets.token_bytes(KEY_BYTES))

    def material(self) -> bytes:
        """The bytes themselves. Raises ValueError after `forget`."""
        if not self._material:
            raise ValueError("this key has been forgotten")
        return bytes(self._material)

    def forget(self) -> None:
        """Overwrite and drop the bytes. Copies that Python made on the way cannot be reached from here."""
        for index in range(len(self._material)):
            self._material[index] = 0
        self._material.clear()

    @property
    def is_forgotten(self) -> bool:
        return not self._material

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Key) or type(other) is not type(self):
            return NotImplemented
        return hmac.compare_digest(self._material, other._material)

    __hash__ = None  # type: ignore[assignment]  # a secret is no dictionary key; mypy knows no other way to say so

    def __repr__(self) -> str:
        return f"<{type(self).__name__}>"

    def __reduce__(self) -> NoReturn:
        raise TypeError("a key is never pickled")


class StoreKey(Key):
    """The raw SQLCipher key of store.db."""

    __slots__ = ()


class AttachmentKey(Key):
    """The raw SQLCipher key of attachments.db."""

    __slots__ = ()


class ExportKey(Key):
    """Vouches for the manifest of a backup container."""

    __slots__ = ()


class AnchorKey(Key):
    """Vouches for the anchor files beside the store."""

    __slots__ = ()

    def mac(self, message: bytes) -> bytes:
        """HMAC-SHA-256, 32 bytes."""
        return hmac.new(self._material, message, hashlib.sha256).digest()


class DeviceSecret(Key):
    """32 random bytes in the operating system's keyring, mixed into the user envelope where one is used."""

    __slots__ = ()

    def check(self, store_id: str) -> bytes:
        """Eight bytes by which an envelope tells a lost or wrong device secret from a wrong passphrase.

        The secret has 256 random bits, so this helps nobody to guess it.
        """
        return hmac.new(
            self._material, b"wellbeing-desktop device secret|" + store_id.encode(), hashlib.sha256
        ).digest()[:8]


class DataKey(Key):
    """The key of everything in one store (DEK). Lives in the envelopes, and in memory while unlocked."""

    __slots__ = ()

    def store_key(self, store_id: str) -> StoreKey:
        return StoreKey(self._derive("sqlcipher", store_id))

    def attachment_key(self, store_id: str) -> AttachmentKey:
        return AttachmentKey(self._derive("attachments", store_id))

    def export_key(self, store_id: str) -> ExportKey:
        return ExportKey(self._derive("export", store_id))

    def anchor_key(self, store_id: str) -> AnchorKey:
        return AnchorKey(self._derive("anchor", store_id))

    def _derive(self, purpose: str, store_id: str) -> bytes:
        return hkdf(self.material(), info=f"wellbeing-desktop|1|{purpose}|{store_id}")


def hkdf(secret: bytes, *, info: str, salt: bytes | None = None) -> bytes:
    """HKDF-SHA-256 (RFC 5869), 32 bytes out."""
    return HKDF(algorithm=hashes.SHA256(), length=KEY_BYTES, salt=salt, info=info.encode()).derive(secret)
