"""Identifiers: UUIDv7 (RFC 9562), made on the laptop, final from birth."""

import hashlib
import os
import time
import uuid
from threading import Lock

_lock = Lock()
_last: int = 0


def new_id() -> str:
    """A new UUIDv7 as 36 lower-case characters, greater than every earlier one of this process.

    Rising order keeps B-tree inserts at the end of the file. When the clock stands still or goes back, the
    48-bit millisecond and 12-bit counter are taken from the last id plus one.
    """
    global _last
    with _lock:
        _last = max((time.time_ns() // 1_000_000) << 12, _last + 1)
        moment = _last
    millis, counter = moment >> 12, moment & 0xFFF
    tail = int.from_bytes(os.urandom(8), "big") & 0x3FFF_FFFF_FFFF_FFFF | 0b10 << 62
    digits = f"{millis & 0xFFFF_FFFF_FFFF:012x}7{counter:03x}{tail:016x}"
    return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"


def derived_id(seed: str, *words: str) -> str:
    """The id of what follows from `seed`, a UUIDv7, and some words: the same on every machine.

    It keeps the moment of the seed, so that it is stored beside its contemporaries.
    """
    tail = hashlib.blake2b("/".join((seed, *words)).encode(), digest_size=8).digest()
    raw = bytearray(uuid.UUID(seed).bytes[:8] + tail)
    raw[6] = raw[6] & 0x0F | 0x70
    raw[8] = raw[8] & 0x3F | 0x80
    return str(uuid.UUID(bytes=bytes(raw)))
