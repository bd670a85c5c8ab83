"""Where an organisation's history stands, and whether it is still the one that a laptop knows (SYNC 3.7)."""

import datetime as dt
import hashlib
import hmac
import secrets
from typing import Final

from wellbeing_desktop.sync.protocol.message import Head
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


def vouched(epoch: str, head: Head, history_key: bytes) -> Head:
    """A place as a laptop is told it: its token carries our word that this was once our history.

    Only that can begin a new one later: a laptop that makes a token up proves nothing (docs/decisions/0010).
    """
    return Head(seq=head.seq, tok=head.tok + _word(epoch, head.seq, head.tok, history_key))


def commit_token(tok: str) -> str:
    """The commit's own token in one that a laptop was told."""
    return tok[:-_WORD_LETTERS]


def check_place(transaction: Transaction, clock: sql.Clock, epoch: str, seq: int, tok: str, history_key: bytes) -> None:
    """Is (epoch, seq, tok) a place in this history? Raises EpochChanged if it was one and is not any more, and
    ResyncNeeded if it is too old to say, or was never told by us."""
    if epoch != clock.epoch:
        raise EpochChanged(clock.epoch, rolled_back=False)
    if seq == 0:
        return
    told, word = commit_token(tok), tok[-_WORD_LETTERS:]
    if not hmac.compare_digest(word.encode("utf-8", "replace"), _word(epoch, seq, told, history_key).encode()):
        raise ResyncNeeded
    if seq > clock.seq:
        raise EpochChanged(clock.epoch, rolled_back=True)
    commit = sql.commit_containing(transaction, clock.org, seq)
    if commit is not None and commit[1] == told:
        return
    earlier = transaction.one("SELECT 1 FROM commit_log WHERE org = ? AND seq < ? LIMIT 1", (clock.org, seq))
    if earlier is None:  # the log begins with a commit 0 until the horizon passes over it
        raise ResyncNeeded
    raise EpochChanged(clock.epoch, rolled_back=True)


_WORD_LETTERS: Final = 32


def _word(epoch: str, seq: int, tok: str, history_key: bytes) -> str:
    message = f"{epoch} {seq} {tok}".encode("utf-8", "replace")
    return hmac.new(history_key, message, hashlib.sha256).hexdigest()[:_WORD_LETTERS]


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
