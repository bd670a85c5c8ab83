"""Erasing everything about one person, on request: in one transaction, and then on every laptop (SYNC 3.3).

What was typed goes from records, history, conflicts and the journal; hashes stay, so that it can be shown that there
was something, that it is gone, and that a retry is still known. What comes later about that person is refused and not
kept either. Copies in backups go when those are dropped, which is the deployer's rota.
"""

import datetime as dt
from typing import Any, Final

import msgspec

from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.sync.checks import is_id
from wellbeing_desktop.sync.protocol import read_operation
from wellbeing_desktop.sync.server import history, sql
from wellbeing_desktop.sync.server.blob_bytes import erase_unnamed
from wellbeing_desktop.sync.server.engine import Engine, Transaction
from wellbeing_desktop.sync.server.erased import ERASED, hashed

_AT_ONCE: Final = 1_000


class Erased(msgspec.Struct, frozen=True):
    """How many records, versions and journalled operations were erased."""

    records: int
    versions: int
    operations: int


def erase(engine: Engine, org: str, subject: str, *, by: str, reason: str, now: dt.datetime) -> Erased:
    """Erase a person. Raises Refused without a reason, or if there is nobody with that number."""
    if not reason.strip():
        raise Refused("Say why this person is erased.", "reason")
    if not is_id(subject):
        raise Refused("There is nobody with that number.")
    return engine.write(lambda transaction: _erase(transaction, org, subject, by, reason, now))


def _erase(transaction: Transaction, org: str, subject: str, by: str, reason: str, now: dt.datetime) -> Erased:
    clock = sql.locked_clock(transaction, org)
    ids = [str(row[0]) for row in transaction.all("SELECT id FROM rec WHERE org = ? AND subject = ?", (org, subject))]
    is_person = transaction.one("SELECT 1 FROM rec WHERE org = ? AND id = ? AND t = 'person'", (org, subject))
    if is_person is None:
        raise Refused("There is nobody with that number.")
    versions = _hash_versions(transaction, org, subject)
    operations = _hash_journal(transaction, org, subject, frozenset(ids))
    files = transaction.all(
        "SELECT about FROM rec WHERE org = ? AND subject = ? AND t = 'attachment' AND about <> ''", (org, subject)
    )
    transaction.run("DELETE FROM rec WHERE org = ? AND subject = ?", (org, subject))
    erase_unnamed(transaction, org, [str(sha) for (sha,) in files])
    clock.seq, clock.tok = clock.seq + 1, history.new_token()
    sql.move_clock(transaction, org, clock.seq, clock.tok, history.moment(now))
    transaction.run(
        "INSERT INTO erased (org, subject, seq, at, by_user, reason) VALUES (?, ?, ?, ?, ?, ?)",
        (org, subject, clock.seq, history.moment(now), by, reason.strip()),
    )
    return Erased(records=len(ids), versions=versions, operations=operations)


def _hash_versions(transaction: Transaction, org: str, subject: str) -> int:
    rows = transaction.all("SELECT id, rev, body FROM version WHERE org = ? AND subject = ?", (org, subject))
    transaction.many(
        "UPDATE version SET t = ?, body = ? WHERE org = ? AND id = ? AND rev = ?",
        [(ERASED, hashed(bytes(body)), org, id, rev) for id, rev, body in rows],
    )
    return len(rows)


def _hash_journal(transaction: Transaction, org: str, subject: str, ids: frozenset[str]) -> int:
    """Every operation about them, and what could not be read but names them; page by page, for it may be long."""
    count, place = 0, ("", 0)
    while True:
        rows = transaction.all(
            "SELECT dev, n, raw FROM journal WHERE org = ? AND (dev > ? OR (dev = ? AND n > ?)) ORDER BY dev, n LIMIT ?",
            (org, place[0], *place, _AT_ONCE),
        )
        if not rows:
            return count
        place = (str(rows[-1][0]), int(rows[-1][1]))
        mine = [(str(dev), int(n), bytes(raw)) for dev, n, raw in rows if _is_about(bytes(raw), subject, ids)]
        for table, change in (("quarantine", "state = 'erased', reason = ''"), ("decision", "reason = ''")):
            transaction.many(
                f"UPDATE {table} SET {change} WHERE org = ? AND dev = ? AND n = ?",  # noqa: S608 -- our own two
                [(org, dev, n) for dev, n, _raw in mine],
            )
        transaction.many(
            "UPDATE journal SET raw = ? WHERE org = ? AND dev = ? AND n = ?",
            [(hashed(raw), org, dev, n) for dev, n, raw in mine],
        )
        count += len(mine)


def _is_about(raw: bytes, subject: str, ids: frozenset[str]) -> bool:
    if subject.encode() not in raw:
        return False
    operation: Any = read_operation(raw)
    return operation is None or operation.subject == subject or operation.id in ids
