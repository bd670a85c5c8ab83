"""The recovery kit: a printed key that opens a store whose passphrase is forgotten.

Every store has its own pair of keys, made at set-up: the public half seals the recovery envelope, the private half
exists on paper alone. A store of an organisation may have a second recovery envelope, sealed to the organisation's
public key; see organisation_key.py.

On paper the key is 14 groups of five letters and digits (paper_code.py); the last group checks the whole.
"""

import hashlib
from typing import Final

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.storage.keys import KEY_BYTES, DataKey, Key, hkdf
from wellbeing_desktop.storage.paper_code import (
    GROUP,
    KIT_GROUPS,
    SHEET_GROUPS,
    code_of_digits,
    digits_of,
    from_digits,
    letters_of,
    to_digits,
)

_DIGITS: Final = 52
"""Of the key itself: 256 bits, and four that are zero."""


class RecoveryKey(Key):
    """The private half (X25519)."""

    __slots__ = ()

    def public(self) -> bytes:
        return X25519PrivateKey.from_private_bytes(self.material()).public_key().public_bytes_raw()


class RecoveryKit(msgspec.Struct, frozen=True):
    """What is printed at set-up. `code` is the secret; `store_id` and `name` say which store it is for."""

    store_id: str
    name: str
    code: str

    def groups(self) -> tuple[str, ...]:
        """The code as 14 groups of five, in the order they are typed."""
        return tuple(self.code.split("-"))

    def __repr__(self) -> str:
        return f"<RecoveryKit of {self.store_id}>"


class SealedKey(msgspec.Struct, frozen=True):
    """A data key sealed to a public key: X25519 with a key of the moment, HKDF, AES-256-GCM."""

    recovery_public: bytes
    moment_public: bytes
    nonce: bytes
    sealed: bytes


def seal_to(recovery_public: bytes, data_key: DataKey, *, nonce: bytes, associated: bytes) -> SealedKey:
    """Seal a data key so that only the holder of the private half can have it."""
    moment = X25519PrivateKey.generate()
    shared = moment.exchange(X25519PublicKey.from_public_bytes(recovery_public))
    moment_public = moment.public_key().public_bytes_raw()
    wrapping = hkdf(shared, info=_INFO, salt=moment_public + recovery_public)
    return SealedKey(
        recovery_public, moment_public, nonce, AESGCM(wrapping).encrypt(nonce, data_key.material(), associated)
    )


def open_sealed(recovery_key: RecoveryKey, sealed: SealedKey, *, associated: bytes) -> DataKey | None:
    """The data key; None if it was sealed to somebody else or altered."""
    private = X25519PrivateKey.from_private_bytes(recovery_key.material())
    try:
        shared = private.exchange(X25519PublicKey.from_public_bytes(sealed.moment_public))
        wrapping = hkdf(shared, info=_INFO, salt=sealed.moment_public + sealed.recovery_public)
        return DataKey(AESGCM(wrapping).decrypt(sealed.nonce, sealed.sealed, associated))
    except (InvalidTag, ValueError):
        return None


_INFO: Final = "wellbeing-desktop|1|recovery"


def code_of(key: RecoveryKey) -> str:
    """The key as it is printed."""
    data = to_digits(int.from_bytes(key.material(), "big") << 4, _DIGITS)
    return code_of_digits(data + to_digits(_checksum(key.material()) >> 4, 4))


def key_from_code(typed: str) -> RecoveryKey:
    """The key from what was typed: spaces, dashes and small letters do not matter; O is 0, I and L are 1.

    Raises Refused, naming the group, if there is a typing error.
    """
    letters = letters_of(typed)
    if len(letters) == SHEET_GROUPS * GROUP:
        raise Refused(
            f"This has {SHEET_GROUPS} groups, as a sheet of the organisation's recovery key has; a recovery kit has "
            f"{KIT_GROUPS}. With two sheets, choose to open it with the organisation's key.",
            "recovery_key",
        )
    if len(letters) != KIT_GROUPS * GROUP:
        raise Refused(
            f"A recovery key has {KIT_GROUPS} groups of {GROUP} characters. "
            f"You have typed {len(letters)} of {KIT_GROUPS * GROUP} characters.",
            "recovery_key",
        )
    digits = digits_of(letters, "recovery_key")
    number = from_digits(digits[:_DIGITS])
    if number & 0b1111:
        raise Refused(_WHOLE_IS_WRONG, "recovery_key")
    material = (number >> 4).to_bytes(KEY_BYTES, "big")
    if to_digits(_checksum(material) >> 4, 4) != digits[_DIGITS:]:
        raise Refused(_WHOLE_IS_WRONG, "recovery_key")
    return RecoveryKey(material)


_WHOLE_IS_WRONG: Final = "This recovery key has more than one typing error. Check it against the paper, group by group."


def _checksum(material: bytes) -> int:
    """24 bits of SHA-256; the printed code carries the upper 20."""
    return int.from_bytes(hashlib.sha256(b"wellbeing-desktop recovery key|" + material).digest()[:3], "big")
