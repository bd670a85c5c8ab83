"""Who was erased: asked of every push, told to every laptop. The erasing itself is `erasure.py`."""

import hashlib
from typing import Final

from wellbeing_desktop.sync.server.engine import Transaction

ERASED: Final = "erased"


def erased_among(transaction: Transaction, org: str, subjects: set[str]) -> frozenset[str]:
    """Which of these were erased."""
    if transaction.one("SELECT 1 FROM erased WHERE org = ? LIMIT 1", (org,)) is None:
        return frozenset()
    statement = "SELECT e.subject FROM {keys} erased e WHERE e.org = ? AND e.subject = {key}"
    return frozenset(str(subject) for (subject,) in transaction.keyed(statement, (org,), sorted(subjects)))


def erased_since(transaction: Transaction, org: str, seq: int) -> list[str]:
    """Whom a laptop whose cursor is at `seq` has not been told about."""
    rows = transaction.all("SELECT subject FROM erased WHERE org = ? AND seq > ? ORDER BY subject", (org, seq))
    return [str(row[0]) for row in rows]


def hashed(raw: bytes) -> bytes:
    """What stands in the place of erased bytes."""
    return b"erased " + hashlib.blake2b(raw, digest_size=16).hexdigest().encode()
