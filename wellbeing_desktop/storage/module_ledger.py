"""The ledger of digital content: which module, to whom, why, by whom, opened or not, taken back (Beyond 12)."""

import datetime as dt
from typing import Any, Final

import msgspec

from wellbeing_desktop.domain.names import list_name
from wellbeing_desktop.storage.columns import as_day
from wellbeing_desktop.storage.connection import Reader


class Released(msgspec.Struct, frozen=True, kw_only=True):
    """One row of the ledger."""

    id: str
    person_id: str
    name: str
    module_id: str
    module: str
    released_on: dt.date | None
    released_by: str
    criteria_met: tuple[str, ...]
    reason: str
    expires_on: dt.date | None
    last_used_on: dt.date | None
    sessions_done: int
    state: str
    end_reason: str
    ended_on: dt.date | None


def module_ledger(reader: Reader, *, person_ids: tuple[str, ...] = (), module_id: str = "") -> list[Released]:
    """Every release that this laptop holds, the newest first; of some people or one module where they are named."""
    rows = [_released(row) for row in reader.rows(_LEDGER)]
    return [
        row
        for row in rows
        if (not person_ids or row.person_id in person_ids) and (not module_id or row.module_id == module_id)
    ]


def _released(row: tuple[Any, ...]) -> Released:
    return Released(
        id=row[0],
        person_id=row[1] or "",
        name=list_name(row[2] or "", row[3] or "", row[4] or "") if row[2] or row[3] or row[4] else "Not known",
        module_id=row[5] or "",
        module=row[6] or "A module that was removed",
        released_on=as_day(row[7]),
        released_by=row[8] or "",
        criteria_met=msgspec.json.decode(row[9], type=tuple[str, ...]) if row[9] else (),
        reason=row[10] or "",
        expires_on=as_day(row[11]),
        last_used_on=as_day(row[12]),
        sessions_done=row[13] or 0,
        state=row[14] or "",
        end_reason=row[15] or "",
        ended_on=as_day(row[16]),
    )


_LEDGER: Final = (
    "SELECT m.id, m.subject, p.family_name, p.given_name, p.known_as, m.module_id, d.name, m.released_on, by.name,"
    " m.criteria_met, m.reason, m.expires_on, m.last_used_on, m.sessions_done, m.state, m.end_reason, m.ended_on"
    " FROM live_module_release AS m LEFT JOIN live_person AS p ON p.id = m.subject"
    " LEFT JOIN digital_module AS d ON d.id = m.module_id LEFT JOIN live_practitioner AS by ON by.id = m.released_by"
    " ORDER BY m.released_on DESC, m.id DESC"
)
