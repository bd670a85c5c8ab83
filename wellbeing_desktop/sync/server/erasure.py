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
from wellbeing_desktop.sync.protocol.pushing import read_operation
from wellbeing_desktop.sync.server import acts, history, sql
from wellbeing_desktop.sync.server.auth import APPROVED
from wellbeing_desktop.sync.server.blob_bytes import erase_unnamed
from wellbeing_desktop.sync.server.engine import Engine, Transaction
from wellbeing_desktop.sync.server.erased import ERASED, hashed
from wellbeing_desktop.sync.server.service import Service

_AT_ONCE: Final = 1_000
_NOTHING: Final = "Nothing was erased."


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


class WouldErase(msgspec.Struct, frozen=True):
    """What an erasure would take, in numbers. `laptops` is how many may hold something of it."""

    records: int
    files: int
    laptops: int
    backups: str


class ErasedNow(msgspec.Struct, frozen=True):
    """As `Erased`, with the sentence about copies that it does not reach."""

    records: int
    versions: int
    operations: int
    backups: str


def look_at(service: Service, subject: str, born: str) -> WouldErase:
    """Raises Refused unless the number and the date of birth belong together, so that a mistyped number erases nobody;
    the same sentence for both."""

    def work(transaction: Transaction) -> WouldErase:
        check_born(transaction, service.org, subject, born, _NOTHING)
        return WouldErase(
            records=_count(transaction, "SELECT COUNT(*) FROM rec WHERE org = ? AND subject = ?", service.org, subject),
            files=_count(
                transaction,
                "SELECT COUNT(*) FROM rec WHERE org = ? AND subject = ? AND t = 'attachment' AND about <> ''",
                service.org,
                subject,
            ),
            laptops=_count(
                transaction, "SELECT COUNT(*) FROM device WHERE org = ? AND state = ?", service.org, APPROVED
            ),
            backups=backups_words(transaction, service.org),
        )

    return service.engine.read(work)


def erase_by_administrator(service: Service, subject: str, born: str, *, reason: str, by: str) -> ErasedNow:
    """Erase, once the number and the date of birth agree, and note it among the administrators' acts by its place in
    the history: that list names nobody. Raises Refused."""
    if not reason.strip():
        raise Refused("Say why this person is erased, and who decided it.", "reason")
    now = service.now()

    def work(transaction: Transaction) -> ErasedNow:
        check_born(transaction, service.org, subject, born, _NOTHING)
        done = _erase(transaction, service.org, subject, by, reason, now)
        place = sql.clock(transaction, service.org).seq
        acts.note(transaction, service.org, service.keys, by, "erased a person's record", f"at {place}", now)
        return ErasedNow(done.records, done.versions, done.operations, backups_words(transaction, service.org))

    return service.engine.write(work)


def backups_words(transaction: Transaction, org: str) -> str:
    """What the erasure does not reach, in a sentence for whoever decides."""
    row = transaction.one("SELECT COUNT(*), MIN(made_at), MAX(made_at) FROM backup_made WHERE org = ?", (org,))
    count = int(row[0]) if row else 0
    if row is None or not count:
        return "This server has noted no backup. Copies made by other means still hold this person."
    known = "backup is" if count == 1 else "backups are"
    return (
        f"{count:,} {known} noted, from {str(row[1])[:10]} to {str(row[2])[:10]}: each that is still kept holds this "
        "person until it is dropped, and so do copies made by other means. If one is ever restored, erase again."
    )


def check_born(transaction: Transaction, org: str, subject: str, born: str, nothing: str) -> None:
    """Raise Refused, ending in `nothing` was done, unless the number and the date of birth belong together."""
    found = sql.records(transaction, org, [subject]).get(subject) if is_id(subject) else None
    held = str(found.state.body.get("born_on") or "unknown") if found and found.state.type == "person" else ""
    if not held or held != born.strip().lower():
        raise Refused(f"There is nobody with that number and that date of birth. {nothing}")


def _count(transaction: Transaction, statement: str, *values: str) -> int:
    row = transaction.one(statement, values)
    return int(row[0]) if row else 0


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
