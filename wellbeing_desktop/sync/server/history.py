"""Where an organisation's history stands, and whether it is still the one that a laptop knows (SYNC 3.7)."""

import datetime as dt
import secrets
from typing import Final

from wellbeing_desktop.sync.server import sql
from wellbeing_desktop.sync.server.engine import Engine, Transaction
from wellbeing_desktop.sync.server.problems import EpochChanged, ResyncNeeded

HORIZON_DAYS: Final = 400
"""How long commit tokens are kept; a laptop away for longer pulls everything again beside what it has."""


def new_token() -> str:
    """64 random bits for a commit."""
    return secrets.token_hex(8)


def new_epoch() -> str:
    return secrets.token_hex(16)


def server_now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


def moment(now: dt.datetime) -> str:
    """A moment as the server writes it."""
    return now.astimezone(dt.UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def check_place(transaction: Transaction, clock: sql.Clock, epoch: str, seq: int, tok: str) -> None:
    """Is (epoch, seq, tok) a place in this history? Raises EpochChanged if not, ResyncNeeded if it is too old to say."""
    if epoch != clock.epoch:
        raise EpochChanged(clock.epoch, rolled_back=False)
    if seq == 0:
        return
    if seq > clock.seq or seq < 0:
        raise EpochChanged(clock.epoch, rolled_back=True)
    commit = sql.commit_containing(transaction, clock.org, seq)
    if commit is not None and commit[1] == tok:
        return
    earlier = transaction.one("SELECT 1 FROM commit_log WHERE org = ? AND seq < ? LIMIT 1", (clock.org, seq))
    if earlier is None:  # the log begins with a commit 0 until the horizon passes over it
        raise ResyncNeeded
    raise EpochChanged(clock.epoch, rolled_back=True)


def begin_new_epoch(engine: Engine, org: str, known: str) -> str:
    """This history is not the one that a laptop saw: give it a new name. Only the first to notice changes it."""

    def change(transaction: Transaction) -> str:
        clock = sql.locked_clock(transaction, org)
        if clock.epoch != known:
            return clock.epoch
        epoch = new_epoch()
        sql.set_epoch(transaction, org, epoch)
        return epoch

    return engine.write(change)


def check_mark_at_start(engine: Engine, org: str) -> bool:
    """At each start of a server: False, and a new epoch, when the database is not the one that was here before."""
    found = engine.history_mark()

    def remembered(transaction: Transaction) -> str:
        row = transaction.one("SELECT mark FROM org_clock WHERE org = ?", (org,))
        return str(row[0]) if row else ""

    known = engine.read(remembered)
    same = known in ("", found)
    mark = engine.renew_mark()

    def remember(transaction: Transaction) -> None:
        sql.locked_clock(transaction, org)
        transaction.run("UPDATE org_clock SET mark = ? WHERE org = ?", (mark, org))
        if not same:
            sql.set_epoch(transaction, org, new_epoch())

    engine.write(remember)
    return same
