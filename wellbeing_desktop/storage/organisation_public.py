"""The public half of the organisation's recovery key as text: 72 hexadecimal digits, of which the last eight check the rest.

A digit that was copied wrongly would be a key that nobody has the other half of, so the text is never taken without its
check. It is no secret.
"""

import hashlib
import re
from typing import Final

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey

from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.storage.keys import KEY_BYTES

SETTING: Final = "recovery_key"
"""The line of the policy file, and of the file that `wellbeing organisation-key` writes."""


def text_of(public: bytes) -> str:
    return (public + _check(public)).hex()


def public_from(text: str) -> bytes:
    """Raises Refused for what is not such a text, was copied wrongly, or is no key that anything can be sealed to."""
    found = "".join(text.split()).lower()
    if not re.fullmatch(r"[0-9a-f]{72}", found):
        raise Refused(f"{SETTING} must be the 72 letters and digits of the organisation's public key.", SETTING)
    public, check = bytes.fromhex(found)[:KEY_BYTES], bytes.fromhex(found)[KEY_BYTES:]
    if _check(public) != check:
        raise Refused(f"{SETTING} was not copied whole: its last letters do not fit the rest.", SETTING)
    try:
        X25519PrivateKey.generate().exchange(X25519PublicKey.from_public_bytes(public))
    except ValueError:
        raise Refused(f"{SETTING} is no key.", SETTING) from None
    return public


def _check(public: bytes) -> bytes:
    return hashlib.sha256(b"wellbeing-desktop organisation public key|" + public).digest()[:4]
