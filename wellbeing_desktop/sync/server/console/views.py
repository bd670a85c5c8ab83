"""What the console's pages show: counts, numbers, times and the names of staff. No query here reads a record's body."""

import datetime as dt
from typing import Any, Final

import msgspec

from wellbeing_desktop.sync.protocol.signing_in import LaptopReport
from wellbeing_desktop.sync.server import auth, members, recovery_keys, seals
from wellbeing_desktop.sync.server.engine import Transaction
from wellbeing_desktop.sync.server.history import moment
from wellbeing_desktop.sync.server.rights import SERVER_DEVICE
from wellbeing_desktop.sync.server.service import Service

OLD_BACKUP: Final = dt.timedelta(days=2)
SILENT_DAYS: Final = 14


class LaptopLine(msgspec.Struct, frozen=True, kw_only=True):
    device: str
    member: str
    user: str
    name: str
    state: str
    fingerprint: str
    paired_at: str
    last_seen: str
    last_n: int
    silent_days: int
    quarantined: int
    audited: int
    removal_stopped: int = 0
    """How many people it was asked to give up without a reason, and did not."""
    recovery_key: str = ""
    """The six groups of the organisation's key that opens its store, as it last said; empty if none does."""
    seal: str = ""
    """What became of the order to seal its store; empty where there is none."""


class BackupLine(msgspec.Struct, frozen=True):
    made_at: str
    file: str
    seq: int
    records: int
    hash: str


def laptops(service: Service) -> list[LaptopLine]:
    """Every laptop with its person, those that wait first."""
    now = service.now()

    def work(transaction: Transaction) -> list[LaptopLine]:
        counts = _by_laptop(
            transaction,
            "SELECT dev, COUNT(*) FROM quarantine WHERE org = ? AND state <> 'done' GROUP BY dev",
            service.org,
        )
        audited = _by_laptop(transaction, "SELECT dev, MAX(a) FROM audit WHERE org = ? GROUP BY dev", service.org)
        sealing = seals.standings(transaction, service.org)
        rows = transaction.all(
            "SELECT d.dev, d.user_id, d.report, m.name, d.name, d.state, d.public_key, d.paired_at, d.last_seen, d.last_n FROM device d "
            "LEFT JOIN member m ON m.org = d.org AND m.id = d.user_id WHERE d.org = ? AND d.dev <> ? "
            "ORDER BY CASE d.state WHEN 'pending' THEN 0 WHEN 'approved' THEN 1 WHEN 'leaving' THEN 2 ELSE 3 END, "
            "d.paired_at",
            (service.org, SERVER_DEVICE),
        )
        said = {
            str(row[0]): msgspec.json.decode(row[2], type=LaptopReport) if row[2] else LaptopReport() for row in rows
        }
        return [
            LaptopLine(
                device=str(dev),
                member=str(member),
                user=str(user or "Somebody"),
                name=str(name),
                state=str(state),
                fingerprint=auth.fingerprint(str(key)),
                paired_at=str(paired),
                last_seen=str(seen),
                last_n=int(last_n),
                silent_days=max(0, (now - dt.datetime.fromisoformat(str(seen))).days) if seen else 0,
                quarantined=counts.get(str(dev), 0),
                audited=audited.get(str(dev), 0),
                removal_stopped=said[str(dev)].removal_stopped,
                recovery_key=said[str(dev)].recovery_key,
                seal=seals.words(sealing[str(dev)]) if str(dev) in sealing else "",
            )
            for dev, member, _report, user, name, state, key, paired, seen, last_n in rows
        ]

    return service.engine.read(work)


def overview(service: Service) -> dict[str, Any]:
    lines, now = laptops(service), service.now()
    made = backups(service, 1)

    def work(transaction: Transaction) -> dict[str, Any]:
        row = transaction.one("SELECT seq, backed_up_seq FROM org_clock WHERE org = ?", (service.org,))
        head, backed = (int(row[0]), int(row[1])) if row else (0, 0)
        return {
            "unsaved": head - backed,
            "recovery_key": recovery_keys.groups_of(recovery_keys.recovery_key(transaction, service.org)),
            "records": _count(transaction, "SELECT COUNT(*) FROM rec WHERE org = ?", service.org),
            "files": _count(transaction, "SELECT COUNT(*) FROM blob WHERE org = ?", service.org),
        }

    found = service.engine.read(work)
    in_use = [line for line in lines if line.state == auth.APPROVED]
    return {
        "laptops_approved": sum(line.state == auth.APPROVED for line in lines),
        "waiting": sum(line.state == auth.PENDING for line in lines),
        "silent": sum(line.state == auth.APPROVED and line.silent_days >= SILENT_DAYS for line in lines),
        "quarantined": sum(line.quarantined for line in lines),
        "backup": made[0] if made else None,
        "backup_is_old": bool(made) and made[0].made_at < moment(now - OLD_BACKUP),
        "with_recovery_key": sum(line.recovery_key == found["recovery_key"] for line in in_use),
        "with_other_key": sum(line.recovery_key not in ("", found["recovery_key"]) for line in in_use),
        **found,
    }


def sync_health(service: Service) -> dict[str, Any]:
    def work(transaction: Transaction) -> dict[str, Any]:
        row = transaction.one("SELECT seq FROM org_clock WHERE org = ?", (service.org,))
        return {
            "head": int(row[0]) if row else 0,
            "operations": _count(transaction, "SELECT COALESCE(SUM(last_n), 0) FROM device WHERE org = ?", service.org),
            "reasons": [
                (str(why), str(state), int(count))
                for why, state, count in transaction.all(
                    "SELECT why, state, COUNT(*) FROM quarantine WHERE org = ? AND state <> 'done' "
                    "GROUP BY why, state ORDER BY why, state",
                    (service.org,),
                )
            ],
        }

    return {"laptops": laptops(service), **service.engine.read(work)}


def backups(service: Service, most: int = 50) -> list[BackupLine]:
    rows = service.engine.read(
        lambda transaction: transaction.all(
            "SELECT made_at, file, seq, records, hash FROM backup_made WHERE org = ? ORDER BY made_at DESC LIMIT ?",
            (service.org, most),
        )
    )
    return [BackupLine(str(at), str(file), int(seq), int(records), str(hash)) for at, file, seq, records, hash in rows]


def staff_names(service: Service) -> dict[str, str]:
    return {member.id: member.name for member in members.members(service)}


def _by_laptop(transaction: Transaction, statement: str, org: str) -> dict[str, int]:
    return {str(dev): int(number or 0) for dev, number in transaction.all(statement, (org,))}


def _count(transaction: Transaction, statement: str, org: str) -> int:
    row = transaction.one(statement, (org,))
    return int(row[0]) if row else 0
