"""The second factor: time-based one-time passwords (RFC 6238, SHA-1, 30 seconds, 6 digits, as every app has them)."""

import base64
import hashlib
import hmac
import secrets
from typing import Final
from urllib.parse import quote

STEP_SECONDS: Final = 30
DIGITS: Final = 6
SECRET_BYTES: Final = 20
WINDOW: Final = 1
"""Steps before and after that are taken too: clocks of telephones differ."""


def new_secret() -> bytes:
    return secrets.token_bytes(SECRET_BYTES)


def code_at(secret: bytes, step: int) -> str:
    """The code of one step (RFC 4226, 5.3)."""
    digest = hmac.new(secret, step.to_bytes(8, "big"), hashlib.sha1).digest()
    start = digest[-1] & 15
    number = int.from_bytes(digest[start : start + 4], "big") & 0x7FFFFFFF
    return f"{number % 10**DIGITS:0{DIGITS}d}"


def matching_step(secret: bytes, typed: str, seconds: float, after: int) -> int | None:
    """The step that `typed` is the code of, later than `after`, so that a code is taken once; None if there is none."""
    digits = "".join(typed.split())
    now = int(seconds) // STEP_SECONDS
    found = None
    for step in range(now - WINDOW, now + WINDOW + 1):
        same = hmac.compare_digest(code_at(secret, step).encode(), digits.encode("utf-8", "replace"))
        if same and step > after:
            found = step
    return found


def secret_text(secret: bytes) -> str:
    """To be typed where no camera is: groups of four letters."""
    letters = base64.b32encode(secret).decode().rstrip("=")
    return " ".join(letters[start : start + 4] for start in range(0, len(letters), 4))


def enrolment_address(secret: bytes, organisation: str, name: str) -> str:
    """What the square code says to an authenticator app."""
    issuer = quote(f"Wellbeing server {organisation}", safe="")
    return (
        f"otpauth://totp/{issuer}:{quote(name, safe='')}?secret={base64.b32encode(secret).decode().rstrip('=')}"
        f"&issuer={issuer}&algorithm=SHA1&digits={DIGITS}&period={STEP_SECONDS}"
    )
