"""What administrators did: who approved, revoked, invited, signed in. A chain of hashes, each signed by the server.

Written in the transaction of the act itself. It names laptops and staff by number, never a person cared for.
"""

import datetime as dt
import hashlib
from typing import Final

import msgspec

from wellbeing_desktop.sync.server.auth import Secrets
from wellbeing_desktop.sync.server.engine import Transaction
from wellbeing_desktop.sync.server.history import moment

COMMAND_LINE: Final = "command line"
"""Who acted, when it was somebody at the server's own keyboard."""
THE_LAPTOP: Final = "the laptop"
"""Who acted, when a laptop did something by itself that somebody should know of."""


class Act(msgspec.Struct, frozen=True):
    number: int
    at: str
    admin_id: str
    act: str
    target: str
    hash: str
    signature: str


def note(transaction: Transaction, org: str, keys: Secrets, by: str, act: str, target: str, now: dt.datetime) -> None:
    """Add one act. The caller holds the clock row, so numbers have no gap and no two claim one."""
    last = transaction.one("SELECT number, hash FROM admin_act WHERE org = ? ORDER BY number DESC LIMIT 1", (org,))
    number, before = (int(last[0]) + 1, str(last[1])) if last else (1, "")
    at = moment(now)
    found = _hash(before, number, at, by, act, target)
    transaction.run(
        "INSERT INTO admin_act (org, number, at, admin_id, act, target, hash, signature) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (org, number, at, by, act, target, found, keys.sign(_message(org, number, found))),
    )


def acts(transaction: Transaction, org: str, most: int = 200, before: int = 0) -> list[Act]:
    """The newest first; `before` pages on to older ones."""
    rows = transaction.all(
        "SELECT number, at, admin_id, act, target, hash, signature FROM admin_act "
        "WHERE org = ? AND (? = 0 OR number < ?) ORDER BY number DESC LIMIT ?",
        (org, before, before, most),
    )
    return [Act(int(number), *map(str, rest)) for number, *rest in rows]


def wrong_acts(transaction: Transaction, org: str, keys: Secrets) -> list[str]:
    """Sentences about acts that were changed, dropped or put in from outside; empty if the chain holds."""
    before, expected = "", 1
    for number, at, by, act, target, found, signature in transaction.each(
        "SELECT number, at, admin_id, act, target, hash, signature FROM admin_act WHERE org = ? ORDER BY number", (org,)
    ):
        if int(number) != expected:
            return [f"The list of administrators' acts has a gap before number {number}."]
        agreed = _hash(before, int(number), at, by, act, target) == found
        if not agreed or keys.sign(_message(org, int(number), found)) != signature:
            return [f"Number {number} of the administrators' acts is not as it was written."]
        before, expected = str(found), expected + 1
    return []


def _hash(before: str, number: int, at: str, by: str, act: str, target: str) -> str:
    return hashlib.sha256(msgspec.json.encode([before, number, at, by, act, target])).hexdigest()


def _message(org: str, number: int, found: str) -> bytes:
    return f"sync/1 act {org} {number} {found}".encode()
