"""The recovery kit: a printed key that opens a store whose passphrase is forgotten.

A store on this computer only has its own pair of keys, made at set-up: the public half seals the recovery envelope,
the private half exists on paper alone. A store of an organisation is sealed to the organisation's public key instead.

On paper the key is 14 groups of five letters and digits (Crockford base32: no I, L, O or U). The fifth of each group
checks the other four, so that a typing error is named by its group; the last group checks the whole.
"""

import hashlib
from typing import Final

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.storage.keys import KEY_BYTES, DataKey, Key, hkdf

_ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_READ_AS: Final = str.maketrans("OIL", "011")
_GROUPS: Final = 14
_GROUP: Final = 5
_FIELD_POLYNOMIAL: Final = 0b100101
"""GF(32) by x^5 + x^2 + 1: each check character finds any one wrong character and any two swapped neighbours."""


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
    data = _to_digits(int.from_bytes(key.material(), "big") << 4, 52)
    data += _to_digits(_checksum(key.material()) >> 4, 4)
    groups = [data[index : index + 4] for index in range(0, len(data), 4)]
    return "-".join(
        "".join(_ALPHABET[digit] for digit in [*group, _check_digit(group, number)])
        for number, group in enumerate(groups)
    )


def key_from_code(typed: str) -> RecoveryKey:
    """The key from what was typed: spaces, dashes and small letters do not matter; O is 0, I and L are 1.

    Raises Refused, naming the group, if there is a typing error.
    """
    letters = "".join(character for character in typed.upper() if character.isalnum()).translate(_READ_AS)
    if len(letters) != _GROUPS * _GROUP:
        raise Refused(
            f"A recovery key has {_GROUPS} groups of {_GROUP} characters. "
            f"You have typed {len(letters)} of {_GROUPS * _GROUP} characters.",
            "recovery_key",
        )
    wrong: list[int] = []
    digits: list[int] = []
    for number in range(_GROUPS):
        group = [_ALPHABET.find(letter) for letter in letters[number * _GROUP : (number + 1) * _GROUP]]
        if -1 in group or _check_digit(group[:4], number) != group[4]:
            wrong.append(number + 1)
        digits += group[:4]
    if wrong:
        raise Refused(_name_groups(wrong), "recovery_key")
    number = 0
    for digit in digits[:52]:
        number = number << 5 | digit
    if number & 0b1111:
        raise Refused(_WHOLE_IS_WRONG, "recovery_key")
    material = (number >> 4).to_bytes(KEY_BYTES, "big")
    if _to_digits(_checksum(material) >> 4, 4) != digits[52:]:
        raise Refused(_WHOLE_IS_WRONG, "recovery_key")
    return RecoveryKey(material)


_WHOLE_IS_WRONG: Final = "This recovery key has more than one typing error. Check it against the paper, group by group."


def _name_groups(wrong: list[int]) -> str:
    if len(wrong) == 1:
        return f"There is a typing error in group {wrong[0]}. Check it against the paper."
    names = ", ".join(str(number) for number in wrong[:-1])
    return f"There are typing errors in groups {names} and {wrong[-1]}. Check them against the paper."


def _checksum(material: bytes) -> int:
    """24 bits of SHA-256; the printed code carries the upper 20."""
    return int.from_bytes(hashlib.sha256(b"wellbeing-desktop recovery key|" + material).digest()[:3], "big")


def _to_digits(number: int, count: int) -> list[int]:
    return [number >> (5 * place) & 0b11111 for place in reversed(range(count))]


def _check_digit(group: list[int], number: int) -> int:
    """A weighted sum in GF(32); the group's own number is part of it, so that swapped groups show."""
    total = number + 1
    for digit in group:
        total = _times_two(total ^ digit)
    return total


def _times_two(value: int) -> int:
    doubled = value << 1
    return doubled ^ _FIELD_POLYNOMIAL if doubled & 0b100000 else doubled
