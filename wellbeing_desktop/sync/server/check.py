"""`wellbeing-server check`: does what is stored agree with itself?"""

from pathlib import Path

import msgspec

from wellbeing_desktop.sync.protocol.comparing import row_hash
from wellbeing_desktop.sync.protocol.pulling import Row
from wellbeing_desktop.sync.server import sql
from wellbeing_desktop.sync.server.acts import wrong_acts
from wellbeing_desktop.sync.server.blobs import Blobs
from wellbeing_desktop.sync.server.engine import Transaction
from wellbeing_desktop.sync.server.service import Service
from wellbeing_desktop.sync.server.settings import Settings


class Findings(msgspec.Struct, frozen=True):
    """`wrong` is empty if all is well; the counts are for a person to compare."""

    records: int
    operations: int
    quarantined: int
    open_conflicts: int
    devices: int
    files: int
    head: int
    backed_up: int
    wrong: list[str]


def check(service: Service) -> Findings:
    """Every record against its hash, every line of operations and audit against its numbers."""
    wrong = [f"The database file: {found}" for found in service.engine.findings()]

    damaged = len(Blobs(service, Settings(folder=Path())).damaged())
    if damaged:
        wrong.append(
            f"{damaged} files are not what their names say. Laptops that hold them are asked to send them again."
        )

    def look(transaction: Transaction) -> Findings:
        wrong.extend(wrong_acts(transaction, service.org, service.keys))
        return _look(transaction, service.org, wrong)

    return service.engine.read(look)


def _look(transaction: Transaction, org: str, wrong: list[str]) -> Findings:
    clock = sql.clock(transaction, org)
    records = open_conflicts = damaged = 0
    for id, seq, rev, stored, body in transaction.each("SELECT id, seq, rev, h, body FROM rec WHERE org = ?", (org,)):
        records += 1
        try:
            row = msgspec.json.decode(body, type=Row)
        except msgspec.MsgspecError:
            damaged += 1
            continue
        agreed = row_hash(row.id, row.type, row.rev, row.deleted, row.body) == bytes(stored)
        if not agreed or (row.id, row.seq, row.rev) != (id, seq, rev) or seq > clock.seq:
            damaged += 1
        open_conflicts += row.type == "conflict" and row.body.get("state") == "open"
    if damaged:
        wrong.append(f"{damaged} records do not agree with their own hash or place.")
    for table, number, what in (("journal", "n", "operations"), ("audit", "a", "audit entries")):
        gaps = transaction.all(
            f"SELECT dev FROM {table} WHERE org = ? GROUP BY dev HAVING COUNT(*) <> MAX({number})",  # noqa: S608 -- names are ours
            (org,),
        )
        wrong += [f"The {what} of laptop {dev} have gaps." for (dev,) in gaps]
    behind = transaction.all(
        "SELECT d.dev FROM device d WHERE d.org = ? AND d.last_n <> "
        "(SELECT COUNT(*) FROM journal j WHERE j.org = d.org AND j.dev = d.dev)",
        (org,),
    )
    wrong += [f"The last operation of laptop {dev} is not the one in its line." for (dev,) in behind]
    last = transaction.one("SELECT seq, tok FROM commit_log WHERE org = ? ORDER BY seq DESC LIMIT 1", (org,))
    if last is None or (int(last[0]), str(last[1])) != (clock.seq, clock.tok):
        wrong.append("The last commit is not the one that the clock names.")
    return Findings(
        records=records,
        operations=_count(transaction, "SELECT COUNT(*) FROM journal WHERE org = ?", org),
        quarantined=_count(
            transaction, "SELECT COUNT(*) FROM quarantine WHERE org = ? AND state IN ('open', 'handed', 'waiting')", org
        ),
        open_conflicts=open_conflicts,
        files=_count(transaction, "SELECT COUNT(*) FROM blob WHERE org = ? AND state = 'whole'", org),
        devices=_count(transaction, "SELECT COUNT(*) FROM device WHERE org = ? AND state <> 'server'", org),
        head=clock.seq,
        backed_up=clock.backed_up_seq,
        wrong=wrong,
    )


def _count(transaction: Transaction, statement: str, org: str) -> int:
    row = transaction.one(statement, (org,))
    return int(row[0]) if row else 0
