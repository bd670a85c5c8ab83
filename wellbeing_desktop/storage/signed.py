"""Is this really from our organisation's server? Its Ed25519 key came with pairing and is kept in the store.

A signature is checked once for each content and remembered by a hash of key, signature and content together, so that no
changed byte rides on an old answer, and nothing of the content stays in memory.
"""

import hashlib
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from wellbeing_desktop.storage.connection import Reader
from wellbeing_desktop.storage.sync_state import sync_value


def is_signed_by(public_key: str, message: bytes, signature: str) -> bool:
    """True if `signature` over `message` was made with the private half of `public_key`; both hexadecimal."""
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(public_key)).verify(bytes.fromhex(signature), message)
    except (InvalidSignature, ValueError):
        return False
    return True


def is_proven(public_key: str, message: bytes, signature: str) -> bool:
    """As `is_signed_by`, for what is asked again and again."""
    mark = hashlib.sha256(b"|".join((public_key.encode(), signature.encode("utf-8", "replace"), message))).digest()
    if mark in _proven:
        return True
    if not is_signed_by(public_key, message, signature):
        return False
    if len(_proven) >= _MOST_REMEMBERED:
        _proven.clear()
    _proven.add(mark)
    return True


def is_from_our_server(reader: Reader, message: bytes, signature: str) -> bool:
    """False too on a store that has joined nobody: there is no key then."""
    return is_proven(sync_value(reader, "server_key"), message, signature)


_MOST_REMEMBERED: Final = 4096
_proven: Final[set[bytes]] = set()
