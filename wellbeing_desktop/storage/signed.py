"""Is this really from our organisation's server? Its Ed25519 key came with pairing and is kept in the store."""

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


def is_from_our_server(reader: Reader, message: bytes, signature: str) -> bool:
    """False too on a store that has joined nobody: there is no key then."""
    return is_signed_by(sync_value(reader, "server_key"), message, signature)
