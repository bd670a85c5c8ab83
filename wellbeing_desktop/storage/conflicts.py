"""Clashes of edits, with what both sides wrote, by whom, when, on which laptop and at which visit; settled ones too.

One WHERE decides which are meant: the list, the count on Today and the count on a person's banner cannot differ.
"""

import datetime as dt
from enum import StrEnum
from typing import Any, Final

import msgspec

from wellbeing_desktop.domain.alerts import cautious_first
from wellbeing_desktop.domain.correction import REMOVED, SIGNED_AT, SUPERSEDES, Conflict
from wellbeing_desktop.domain.definition import Field, Kind, Merge
from wellbeing_desktop.domain.organisation import Practitioner, Team
from wellbeing_desktop.domain.registry import RECORD_TYPES
from wellbeing_desktop.domain.word_diff import Piece, compared
from wellbeing_desktop.storage.conflict_words import (
    laptop_in_words,
    person_name,
    place_of,
    practitioner_name,
    statement,
    value_in_words,
)
from wellbeing_desktop.storage.connection import Reader
from wellbeing_desktop.storage.grants import user_of
from wellbeing_desktop.storage.joined import ids_of
from wellbeing_desktop.storage.records import load_all, load_many
from wellbeing_desktop.storage.statements import fill, json_text
from wellbeing_desktop.storage.sync_state import sync_value


class Whose(StrEnum):
    """MINE are those that I settle or wrote one side of, and those that nobody has been given."""

    MINE = "mine"
    TEAM = "team"
    ALL = "all"


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """Which clashes: `person_id` narrows to one person, `settled` asks for those that were settled instead."""

    whose: Whose = Whose.ALL
    settled: bool = False
    person_id: str = ""


class Side(msgspec.Struct, frozen=True, kw_only=True):
    """One of the two values. `value` is decoded from the wire, `words` what people read; `at` is that laptop's clock,
    as text. `pieces` mark what differs from the value before both, or from the other side where there is none."""

    value: Any
    words: str
    pieces: tuple[Piece, ...]
    author: str
    at: str
    device: str
    is_own: bool


class Settled(msgspec.Struct, frozen=True, kw_only=True):
    """How a clash ended."""

    choice: str
    words: str
    by: str
    at: dt.datetime | None


class OpenConflict(msgspec.Struct, frozen=True, kw_only=True):
    """`standing` is what the record says now, `kept_apart` what clashed with it, `base` what both began from.

    `cautious_first` is True where the side kept apart is the more careful one, to be shown first (never of a level of
    risk: W7 has none). `seen` is both values as they are held: a resolution names them.
    """

    id: str
    person_id: str
    person_name: str
    what: str
    field: str
    where: str
    base: Any
    base_words: str
    standing: Side
    kept_apart: Side
    kept_apart_first: bool
    has_order: bool
    seen: tuple[str, str]
    owner_id: str
    owner: str
    due_on: dt.date | None
    is_words: bool
    may_be_both: bool
    settled: Settled | None = None


def clashes(reader: Reader, wanted: Wanted, *, limit: int = 200) -> list[OpenConflict]:
    """Those wanted: the one due first first, of settled ones the last settled first."""
    order = "c.settled_at DESC, c.id DESC" if wanted.settled else "c.due_on IS NULL, c.due_on, c.id"
    sql = fill(_IDS, which=_WHICH, order=order)
    ids = [found[0] for found in reader.rows(sql, {**_values(reader, wanted), "limit": limit})]
    held = load_many(reader, Conflict, ids)
    user = user_of(reader)
    return [_for_people(reader, held[id], user) for id in ids if id in held]


def clash_count(reader: Reader, wanted: Wanted) -> int:
    """How many; by the same rule as the list."""
    return int(reader.value(_COUNT, _values(reader, wanted)))


def open_conflicts(reader: Reader, user_id: str) -> list[OpenConflict]:
    """Every clash that nobody has settled, the one due first first. `user_id` tells which side is one's own."""
    found = [conflict for conflict in load_all(reader, Conflict) if conflict.state != "settled"]
    found.sort(key=lambda conflict: (conflict.due_on or dt.date.max, conflict.id))
    return [_for_people(reader, conflict, user_id) for conflict in found]


def colleagues(reader: Reader) -> list[tuple[str, str]]:
    """(id, name) of everybody who can be given a clash: those who sign in here and have not left."""
    people = [one for one in load_all(reader, Practitioner) if one.is_user is not False and one.left_on is None]
    return sorted(((one.id, one.name) for one in people), key=lambda each: each[1].casefold())


def team_of(reader: Reader, user_id: str) -> list[str]:
    """Everybody in a team with this person, as member, lead or deputy; at least this person."""
    together = {user_id}
    for team in load_all(reader, Team):
        everyone = {*team.members, team.lead_id, team.deputy_id} - {""}
        if user_id in everyone:
            together |= everyone
    return sorted(together)


def decoded(text: str) -> Any:
    """A value as a conflict holds it; None for an absent one or what cannot be read."""
    try:
        return msgspec.json.decode(text) if text else None
    except msgspec.DecodeError:
        return None


_WHICH: Final = (
    "(c.state IS 'settled') = :settled AND (:everybody OR c.subject IN (SELECT value FROM json_each(:people))) AND (:whose = 'all'"
    " OR (coalesce(c.owner_id, '') = '' AND :settled = 0)"
    " OR c.owner_id IN (SELECT value FROM json_each(:who)) OR c.settled_by IN (SELECT value FROM json_each(:who))"
    " OR c.mine_author IN (SELECT value FROM json_each(:who)) OR c.theirs_author IN (SELECT value FROM json_each(:who)))"
)
_IDS: Final = "SELECT c.id FROM live_conflict AS c WHERE {which} ORDER BY {order} LIMIT +:limit"
_COUNT: Final = fill("SELECT count(*) FROM live_conflict AS c WHERE {which}", which=_WHICH)


def _values(reader: Reader, wanted: Wanted) -> dict[str, Any]:
    user = user_of(reader)
    who = team_of(reader, user) if wanted.whose is Whose.TEAM else [user]
    return {
        "settled": int(wanted.settled),
        "everybody": not wanted.person_id,
        "people": json_text(ids_of(reader, wanted.person_id)) if wanted.person_id else "[]",
        "whose": wanted.whose.value,
        "who": json_text(who),
    }


def _for_people(reader: Reader, conflict: Conflict, user_id: str) -> OpenConflict:
    record_type = RECORD_TYPES.get(conflict.target_type)
    field = record_type.field(conflict.field) if record_type and record_type.has_field(conflict.field) else None
    base, standing, kept_apart = (decoded(text) for text in (conflict.base, conflict.theirs, conflict.mine))
    label = field.label if field else conflict.field
    if record_type and conflict.field == SUPERSEDES:
        base, standing, kept_apart = (statement(reader, record_type, id) for id in (base, standing, kept_apart))
        field, label = None, "two that stand at once"
    elif conflict.field == SIGNED_AT:
        label = "signed under words that were not seen"
    elif conflict.field == REMOVED:
        label = "removed by one, changed by another"
    is_words = (
        field is not None
        and field.kind is Kind.TEXT
        and not (field.about.code_list or field.about.refers_to)
        and all(isinstance(value or "", str) for value in (standing, kept_apart))
    )
    words = [value_in_words(reader, field, value) for value in (base, standing, kept_apart)]
    has_order, apart_first = _order(field, standing, kept_apart)
    own = sync_value(reader, "device")
    return OpenConflict(
        id=conflict.id,
        person_id=conflict.subject,
        person_name=person_name(reader, conflict.subject),
        what=f"{record_type.label if record_type else 'Record'}: {label}",
        field=conflict.field,
        where=place_of(reader, record_type, conflict.target_id),
        base=base,
        base_words="" if base in (None, "") else words[0],
        standing=Side(
            value=standing,
            words=words[1],
            pieces=_pieces(base, standing, kept_apart) if is_words else (),
            author=practitioner_name(reader, conflict.theirs_author),
            at=conflict.theirs_at,
            device=laptop_in_words(conflict.theirs_device, own),
            is_own=conflict.theirs_author == user_id,
        ),
        kept_apart=Side(
            value=kept_apart,
            words=words[2],
            pieces=_pieces(base, kept_apart, standing) if is_words else (),
            author=practitioner_name(reader, conflict.mine_author),
            at=conflict.mine_at,
            device=laptop_in_words(conflict.mine_device, own),
            is_own=conflict.mine_author == user_id,
        ),
        kept_apart_first=apart_first,
        has_order=has_order,
        seen=(conflict.mine, conflict.theirs),
        owner_id=conflict.owner_id,
        owner=practitioner_name(reader, conflict.owner_id) if conflict.owner_id else "",
        due_on=conflict.due_on,
        is_words=is_words,
        may_be_both=is_words and field is not None and field.merge in (Merge.NARRATIVE, Merge.SAFETY),
        settled=_settled(reader, conflict, field, words),
    )


def _order(field: Field | None, standing: Any, kept_apart: Any) -> tuple[bool, bool]:
    """Is one of the two the more cautious, and is it the one kept apart?"""
    if field is None or field.merge is not Merge.SAFETY:
        return False, False
    first = cautious_first(field.name, [standing, kept_apart])
    other = cautious_first(field.name, [kept_apart, standing])
    has_order = first == other and standing != kept_apart
    return has_order, has_order and first[0] == kept_apart


def _pieces(base: Any, value: Any, other: Any) -> tuple[Piece, ...]:
    before = base if isinstance(base, str) and base else other
    return compared(before or "", value or "")


def _settled(reader: Reader, conflict: Conflict, field: Field | None, words: list[str]) -> Settled | None:
    if conflict.state != "settled":
        return None
    _base, standing, kept_apart = words
    kept = {"theirs": standing, "mine": kept_apart}.get(conflict.choice)
    return Settled(
        choice=conflict.choice,
        words=kept if kept is not None else value_in_words(reader, field, decoded(conflict.settled_value)),
        by=practitioner_name(reader, conflict.settled_by) if conflict.settled_by else "Not known",
        at=conflict.settled_at,
    )
