"""The service's own files as lists: who may see them, what is due, found again by number or words (PRACTICE W19)."""

import datetime as dt
from typing import Final

import msgspec

from wellbeing_desktop.domain import grants as rules
from wellbeing_desktop.domain.definition import Compartment, SubjectKind
from wellbeing_desktop.storage.columns import as_day
from wellbeing_desktop.storage.connection import Reader
from wellbeing_desktop.storage.grants import grants_held, organisation_of, user_of

LIMIT: Final = 300


class FileRow(msgspec.Struct, frozen=True, kw_only=True):
    """One file. Of one that may not be read only the number, the kind and the state are here: whoever opened it sees
    that it is kept, nothing more."""

    type: str
    id: str
    number: str
    kind: str
    state: str
    on: dt.date | None
    from_name: str
    words: str
    acknowledge_by: dt.date | None
    acknowledged_on: dt.date | None
    answer_by: dt.date | None
    answered_on: dt.date | None
    breach_aware_at: dt.datetime | None
    breach_is_decided: bool
    owner_id: str
    may_read: bool


def may_read_files(reader: Reader, on: dt.date) -> bool:
    """Does a grant of the person signed in open the organisation's restricted files?"""
    organisation = organisation_of(reader)
    return rules.may_hold(grants_held(reader), organisation, Compartment.RESTRICTED, on, SubjectKind.ORGANISATION)


def service_files(reader: Reader, on: dt.date, *, wanted: str = "", closed: bool = False) -> tuple[FileRow, ...]:
    """Open files, with `closed` all of them, the newest first; `wanted` is part of a number, a name or the words."""
    may_read, user = may_read_files(reader, on), user_of(reader)
    rows: list[FileRow] = []
    for (
        type_name,
        id,
        number,
        kind,
        state,
        day,
        from_name,
        words,
        ack_by,
        ack_on,
        answer_by,
        answered_on,
        aware_at,
        decided,
        owner,
        raised_by,
    ) in reader.rows(_FILES, (1 if closed else 0, LIMIT)):
        if not may_read and raised_by != user:
            continue
        row = FileRow(
            type=type_name,
            id=id,
            number=number or "",
            kind=kind or "",
            state=state or "",
            on=as_day(day),
            from_name=(from_name or "") if may_read else "",
            words=(words or "") if may_read else "",
            acknowledge_by=as_day(ack_by) if may_read else None,
            acknowledged_on=as_day(ack_on) if may_read else None,
            answer_by=as_day(answer_by) if may_read else None,
            answered_on=as_day(answered_on) if may_read else None,
            breach_aware_at=dt.datetime.fromisoformat(aware_at) if aware_at and may_read else None,
            breach_is_decided=bool(decided),
            owner_id=(owner or "") if may_read else "",
            may_read=may_read,
        )
        if _matches(row, wanted):
            rows.append(row)
    return tuple(rows)


def _matches(row: FileRow, wanted: str) -> bool:
    plain = wanted.casefold().split()
    held = f"{row.number} {row.from_name} {row.words}".casefold()
    return all(word in held for word in plain)


_FILES: Final = (
    "SELECT * FROM ("
    "SELECT 'incident' AS type, id, number, kind, state, happened_on AS day, NULL AS from_name, words,"
    " NULL, NULL, NULL, NULL, breach_aware_at, breach_told_at IS NOT NULL OR breach_not_told IS NOT NULL,"
    " corrective_owner, raised_by FROM live_incident"
    " UNION ALL "
    "SELECT 'complaint', id, number, kind, state, received_on, from_name, words,"
    " acknowledge_by, acknowledged_on, answer_by, answered_on, NULL, 0, owner_id, raised_by FROM live_complaint"
    ") WHERE ? OR state IS NOT 'closed' ORDER BY day DESC, id DESC LIMIT +?"
)
