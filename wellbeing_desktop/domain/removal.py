"""Why a laptop is to give up many people at once: a word that its server signs, or nothing is given up (SYNC 3.7).

The guard is against a server that is not what it was, and against an administrator's slip: so the server gives a reason
by itself only where somebody's deliberate act, kept in the records, says it of everybody concerned. Anything else waits
until an administrator has looked and chosen the word.
"""

from collections.abc import Mapping
from typing import Final

MANY_PEOPLE: Final = 20
"""A removal of more people than this, and of more than one in ten, says why."""

REASONS: Final[Mapping[str, str]] = {
    "left": "their time here has ended",
    "ended": "access that was given until a day has ended on that day",
    "moved": "these people are looked after by colleagues now",
    "practice_moved": "the practice of these people has moved",
    "narrowed": "what they may hold was narrowed on purpose",
}
"""For the sentence: so many people left this laptop, because ..."""


def removal_message(organisation: str, device: str, epoch: str, seq: int, scope_ver: int, reason: str) -> bytes:
    """What the server's signature is over: one laptop, the place in the history it asked from, its grants now."""
    return f"sync/1 removal {organisation} {device} {epoch} {seq} {scope_ver} {reason}".encode("utf-8", "replace")
