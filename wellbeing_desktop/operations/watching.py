"""Clocks on the screen: what the server says has run out, what it does not know of yet, and what is not confirmed (W13)."""

import datetime as dt
from enum import StrEnum
from typing import Any, Final

import msgspec

from wellbeing_desktop.domain.concern_rules import Link
from wellbeing_desktop.domain.london_time import local_date
from wellbeing_desktop.domain.names import list_name
from wellbeing_desktop.domain.registry import RECORD_TYPES
from wellbeing_desktop.domain.watching import STILL_RUNS, WHAT, moment_in, to_tell, watched_at
from wellbeing_desktop.operations.concerns import chain
from wellbeing_desktop.storage import run_out
from wellbeing_desktop.storage.connection import Reader
from wellbeing_desktop.storage.grants import user_of
from wellbeing_desktop.storage.records import body_of_row
from wellbeing_desktop.storage.statements import fill
from wellbeing_desktop.storage.sync_state import has_organisation

NOT_WATCHED: Final = "Not yet watched by anyone"
NOT_CONFIRMED: Final = "Not confirmed"
NOBODY_NAMED: Final = (
    "Your service has named no deputy and nobody on call, so nobody is told when a clock runs out. Your administrator "
    "can name them."
)


class ClockState(StrEnum):
    RUN_OUT = "run_out"
    NOT_WATCHED = "not_watched"
    NOT_CONFIRMED = "not_confirmed"


class ClockRow(msgspec.Struct, frozen=True, kw_only=True):
    """One line. `person_id` is empty where this laptop does not hold the record; `ring` says whom to phone, empty where
    nobody need be."""

    id: str
    type: str
    state: ClockState
    what: str
    person_id: str = ""
    name: str = ""
    due_at: dt.datetime | None = None
    ring: str = ""


class Clocks(msgspec.Struct, frozen=True, kw_only=True):
    """`as_of` is when the server last said what ran out; `nobody_named` the sentence where the service named nobody."""

    rows: tuple[ClockRow, ...] = ()
    as_of: dt.datetime | None = None
    nobody_named: str = ""

    @property
    def run_out(self) -> int:
        return sum(row.state is ClockState.RUN_OUT for row in self.rows)


def clocks(reader: Reader, on: dt.date) -> Clocks:
    """Everything to be said on a day; nothing for a store on this computer only, which no server watches. A visit that
    was booked here is told of on its day."""
    if not has_organisation(reader):
        return Clocks()
    told, links = run_out.told(reader), to_tell(chain(reader))
    rows = [*_run_out(reader, told), *_not_watched(reader, links, on), *_not_confirmed(reader)]
    return Clocks(rows=tuple(rows), as_of=told.at, nobody_named=NOBODY_NAMED if told.watchers == 0 and rows else "")


def run_out_count(reader: Reader) -> int:
    """For the sync line."""
    return len(run_out.told(reader).clocks)


def words_of(reader: Reader, record_id: str) -> str:
    """What to say beside one record: that its clock is not watched yet and whom to phone, or that taking it is not
    confirmed; empty for one that the server has."""
    if not has_organisation(reader):
        return ""
    waiting = _waiting_of(reader, record_id)
    said = [_not_watched_words(row) for row in _not_watched(reader, to_tell(chain(reader)), None, waiting)]
    said += [f"{NOT_CONFIRMED}. {row.what}" for row in _not_confirmed(reader, waiting)]
    return " ".join(said)


def ring_words(links: tuple[Link, ...], but: str = "") -> str:
    """ "Phone Jo Fell (Deputy), 07700 900123." The first in the service's order who is not the one asking."""
    for link in links:
        if link.practitioner_id != but or not but:
            number = f", {link.telephone}" if link.telephone.strip() else ". No number is set"
            return f"Phone {link.name} ({link.role}){number}."
    return "Nobody is named to be phoned: phone your lead."


def _not_watched_words(row: ClockRow) -> str:
    return f"{NOT_WATCHED}. {row.ring}"


def _run_out(reader: Reader, told: run_out.Told) -> list[ClockRow]:
    rows = []
    for clock in told.clocks:
        if _is_stopped_here(reader, clock):
            continue
        person_id, name = _person(reader, clock.id)
        rows.append(
            ClockRow(
                id=clock.id,
                type=clock.type,
                state=ClockState.RUN_OUT,
                what=WHAT.get(clock.type, "Something waits"),
                person_id=person_id,
                name=name,
                due_at=moment_in(clock.due_at),
                ring="" if person_id else _owner_words(reader, clock.owner),
            )
        )
    return rows


def _is_stopped_here(reader: Reader, clock: run_out.ToldClock) -> bool:
    """Has somebody dealt with it as this laptop knows the record, though the server has not said so yet?"""
    record_type = RECORD_TYPES.get(clock.type)
    body = body_of_row(reader, record_type, clock.id) if record_type is not None else None
    return body is not None and watched_at(clock.type, body) is None


def _owner_words(reader: Reader, owner: str) -> str:
    """For one whose record is not on this laptop: whom to ask."""
    found = reader.row("SELECT name, telephone FROM live_practitioner WHERE id = ?", (owner,)) if owner else None
    if found is None:
        return "It is not on this laptop, and nobody has it yet: phone the front desk."
    number = f", {found[1]}" if found[1] else ""
    return f"It is not on this laptop: phone {found[0]}{number}."


def _not_watched(
    reader: Reader, links: tuple[Link, ...], on: dt.date | None, waiting: "list[_Waiting] | None" = None
) -> list[ClockRow]:
    """Clocks that began, or changed, on this laptop and that the server has not heard of."""
    rows, user = {}, user_of(reader)
    for one in _waiting(reader) if waiting is None else waiting:
        if one.id in rows or (one.rev > 0 and not _CLOCK_FIELDS & one.patch.keys()):
            continue
        body = body_of_row(reader, RECORD_TYPES[one.type], one.id)
        due = watched_at(one.type, body) if body is not None else None
        if due is None or (one.type == "appointment" and on is not None and local_date(due) != on):
            continue
        rows[one.id] = ClockRow(
            id=one.id,
            type=one.type,
            state=ClockState.NOT_WATCHED,
            what=STILL_RUNS[one.type],
            person_id=one.subject,
            name=one.name,
            due_at=due,
            ring=ring_words(links, user),
        )
    return list(rows.values())


def _not_confirmed(reader: Reader, waiting: "list[_Waiting] | None" = None) -> list[ClockRow]:
    """What somebody took here while the server has not said that nobody else did."""
    rows, user = {}, user_of(reader)
    for one in _waiting(reader) if waiting is None else waiting:
        taken = any(one.patch.get(name) == user for name in _TAKEN_BY.get(one.type, ()))
        if taken and one.rev > 0:
            rows[one.id] = ClockRow(
                id=one.id,
                type=one.type,
                state=ClockState.NOT_CONFIRMED,
                what="You took it; whether a colleague did too is not known until the server has answered.",
                person_id=one.subject,
                name=one.name,
            )
    return list(rows.values())


def _person(reader: Reader, record_id: str) -> tuple[str, str]:
    found = reader.row(_WHOSE, (record_id,))
    return ("", "") if found is None else (found[0], list_name(found[1] or "", found[2] or "", found[3] or ""))


class _Waiting(msgspec.Struct, frozen=True):
    """An operation that the server has not acknowledged, on a type of record that has a clock."""

    id: str
    type: str
    subject: str
    name: str
    rev: int
    patch: dict[str, Any]


def _waiting(reader: Reader) -> list[_Waiting]:
    return _read_waiting(reader, _ALL_WAITING, ())


def _waiting_of(reader: Reader, record_id: str) -> list[_Waiting]:
    return _read_waiting(reader, _WAITING_OF_ONE, (record_id,))


def _read_waiting(reader: Reader, statement: str, values: tuple[str, ...]) -> list[_Waiting]:
    return [
        _Waiting(
            id,
            type,
            subject,
            list_name(family or "", given or "", known_as or ""),
            rev or 0,
            msgspec.json.decode(patch),
        )
        for id, type, subject, family, given, known_as, rev, patch in reader.rows(statement, values)
        if type in WHAT
    ]


_CLOCK_FIELDS: Final = frozenset({"respond_by", "due_at", "urgent", "starts_at", "duration_minutes", "state"})
_TAKEN_BY: Final = {
    "referral": ("allocated_to",),
    "enquiry": ("claimed_by",),
    "request": ("owner_id",),
    "concern": ("lead_id",),
}
_WAITS: Final = (
    "SELECT o.id, o.type, o.subject, p.family_name, p.given_name, p.known_as, r.rev, o.patch FROM outbox AS o"
    " LEFT JOIN record AS r ON r.id = o.id LEFT JOIN live_person AS p ON p.id = o.subject WHERE o.state < 3 AND {which}"
    " ORDER BY o.local"
)
_ALL_WAITING: Final = fill(_WAITS, which="o.type IN ('referral', 'enquiry', 'request', 'concern', 'appointment')")
_WAITING_OF_ONE: Final = fill(_WAITS, which="o.id = ?")
_WHOSE: Final = (
    "SELECT r.subject, p.family_name, p.given_name, p.known_as FROM record AS r"
    " LEFT JOIN live_person AS p ON p.id = r.subject WHERE r.id = ? AND r.gone = 0"
)
