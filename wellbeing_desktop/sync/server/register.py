"""The sync register: which laptop has not synced, what waits on it, whose visits are due (P8, Beyond 5). No content.

Leads see their teams, managers, owners and administrators everybody. What waits is what the laptop itself said when it
was last here; what is due is counted from the records that the server has.
"""

import datetime as dt
from typing import Final

import msgspec

from wellbeing_desktop.domain.london_time import local_date
from wellbeing_desktop.sync.protocol.oversight import RegisterRow
from wellbeing_desktop.sync.protocol.pulling import Row
from wellbeing_desktop.sync.protocol.signing_in import LaptopReport
from wellbeing_desktop.sync.server import sql
from wellbeing_desktop.sync.server.engine import Transaction
from wellbeing_desktop.sync.server.history import moment
from wellbeing_desktop.sync.server.rights import SERVER_DEVICE

SEES_ALL: Final = frozenset({"administrator", "manager", "owner"})
LONG_AWAY: Final = dt.timedelta(days=7)
COPIED: Final = dt.timedelta(days=30)
"""For so long a laptop whose store was copied stands out."""
WRONG_CLOCK_SECONDS: Final = 120

_row: Final = msgspec.json.Decoder(Row)


def note_seen(transaction: Transaction, org: str, dev: str, now: dt.datetime) -> None:
    transaction.run("UPDATE device SET last_seen = ? WHERE org = ? AND dev = ?", (moment(now), org, dev))


def keep_report(transaction: Transaction, org: str, dev: str, report: LaptopReport) -> None:
    """What a laptop says of itself. Texts are cut: they come from outside."""
    kept = msgspec.structs.replace(
        report,
        oldest_waiting_at=_plain(report.oldest_waiting_at),
        completed_at=_plain(report.completed_at),
        program=_plain(report.program),
    )
    transaction.run(
        "UPDATE device SET report = ? WHERE org = ? AND dev = ?", (msgspec.json.encode(kept).decode(), org, dev)
    )


def register(
    transaction: Transaction, org: str, practitioner_id: str, roles: frozenset[str], now: dt.datetime
) -> tuple[RegisterRow, ...]:
    """One row for each laptop, and for each colleague without one; those that should be looked at first."""
    members = {
        str(id): str(name)
        for id, name in transaction.all("SELECT id, name FROM member WHERE org = ? AND state = 'active'", (org,))
    }
    seen = members.keys() if roles & SEES_ALL else led_by(transaction, org, practitioner_id) & members.keys()
    today = local_date(now)
    due = _due(transaction, org, today)
    copied = _copied(transaction, org, now)
    rows = []
    with_laptop = set()
    for dev, user, name, state, last_seen, report in transaction.all(
        "SELECT dev, user_id, name, state, last_seen, report FROM device WHERE org = ? AND dev <> ? AND state NOT IN ('revoked', 'forked')",
        (org, SERVER_DEVICE),
    ):
        if user in seen:
            with_laptop.add(user)
            tomorrow, week = due.get(user, (0, 0))
            said = msgspec.json.decode(report, type=LaptopReport) if report else LaptopReport()
            rows.append(
                RegisterRow(
                    practitioner_id=user,
                    practitioner_name=members[user],
                    device=dev,
                    laptop_name=name,
                    state=state,
                    last_seen=last_seen,
                    report=said,
                    due_tomorrow=tomorrow,
                    due_this_week=week,
                    late=_late(said, last_seen, tomorrow, now, is_copied=dev in copied),
                )
            )
    for user in seen - with_laptop:
        tomorrow, week = due.get(user, (0, 0))
        rows.append(
            RegisterRow(
                practitioner_id=user, practitioner_name=members[user], due_tomorrow=tomorrow, due_this_week=week
            )
        )
    return tuple(sorted(rows, key=lambda row: (_URGENCY.index(row.late), row.practitioner_name, row.device)))


_URGENCY: Final = ("visits_due", "copied", "waiting", "long_away", "never", "clock", "")


def _late(said: LaptopReport, last_seen: str, due_tomorrow: int, now: dt.datetime, *, is_copied: bool) -> str:
    """Why somebody should look at this laptop, the most pressing reason; empty if nobody need."""
    if said.waiting and due_tomorrow:
        return "visits_due"
    if is_copied:
        return "copied"
    away = _moment(last_seen)
    if away is None or not said.completed_at:
        return "never"
    if now - away > LONG_AWAY:
        return "long_away"
    if said.waiting:
        return "waiting"
    return "clock" if abs(said.skew_seconds) > WRONG_CLOCK_SECONDS else ""


def _copied(transaction: Transaction, org: str, now: dt.datetime) -> set[str]:
    """Laptops that took a new identity of late, because a copy of their store had been used."""
    rows = transaction.all("SELECT successor FROM fork WHERE org = ? AND at > ?", (org, moment(now - COPIED)))
    return {str(dev) for (dev,) in rows}


def led_by(transaction: Transaction, org: str, practitioner_id: str) -> set[str]:
    """Everybody in the teams that this practitioner leads or deputises in, themselves included."""
    found: set[str] = set()
    for stored in sql.records_of_type(transaction, org, "team").values():
        body = stored.state.body
        if not stored.state.deleted and practitioner_id in (body.get("lead_id"), body.get("deputy_id")):
            found |= {*map(str, body.get("members") or ()), practitioner_id}
    return found


def _due(transaction: Transaction, org: str, today: dt.date) -> dict[str, tuple[int, int]]:
    """Appointments still booked: tomorrow's, and those of the next seven days, by whose they are."""
    tomorrow = (today + dt.timedelta(days=1)).isoformat()
    found: dict[str, tuple[int, int]] = {}
    for due_on, body in transaction.all(
        "SELECT due_on, body FROM rec WHERE org = ? AND due_on > ? AND due_on <= ?",
        (org, today.isoformat(), (today + dt.timedelta(days=7)).isoformat()),
    ):
        who = str(_row.decode(body).body.get("practitioner_id") or "")
        first, week = found.get(who, (0, 0))
        found[who] = (first + (due_on == tomorrow), week + 1)
    return found


def _moment(text: str) -> dt.datetime | None:
    try:
        found = dt.datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo is not None else None


def _plain(text: str) -> str:
    return "".join(letter for letter in text if letter.isprintable())[:60]
