"""Clashes of edits that wait for a person, with what both sides wrote, by whom, when and on which laptop."""

import datetime as dt
from typing import Any

import msgspec

from wellbeing_desktop.domain.code_lists import label_of
from wellbeing_desktop.domain.correction import SIGNED_AT, SUPERSEDES, Conflict
from wellbeing_desktop.domain.definition import Kind, RecordType
from wellbeing_desktop.domain.names import list_name
from wellbeing_desktop.domain.registry import RECORD_TYPES
from wellbeing_desktop.storage.connection import Reader
from wellbeing_desktop.storage.records import body_of_row, load_all


class Side(msgspec.Struct, frozen=True, kw_only=True):
    """One of the two values. `value` is decoded from the wire; `at` is that laptop's clock, as text."""

    value: Any
    author: str
    at: str
    device: str
    is_own: bool


class OpenConflict(msgspec.Struct, frozen=True, kw_only=True):
    """`standing` is what the record says now, `kept_apart` what clashed with it, `base` what both began from."""

    id: str
    person_id: str
    person_name: str
    what: str
    field: str
    base: Any
    standing: Side
    kept_apart: Side
    due_on: dt.date | None
    is_words: bool


def open_conflicts(reader: Reader, user_id: str) -> list[OpenConflict]:
    """Every clash that nobody has settled, the one due first first. `user_id` tells which side is one's own."""
    found = [conflict for conflict in load_all(reader, Conflict) if conflict.state != "settled"]
    found.sort(key=lambda conflict: (conflict.due_on or dt.date.max, conflict.id))
    return [_for_people(reader, conflict, user_id) for conflict in found]


def open_conflict_count(reader: Reader) -> int:
    """How many wait; the same rule as the list."""
    return int(reader.value("SELECT count(*) FROM live_conflict WHERE state IS NOT 'settled'"))


def open_on(reader: Reader, target_id: str, user_id: str) -> list[OpenConflict]:
    """The clashes that wait on one record: for the banner beside its fields."""
    found = load_all(reader, Conflict, target_id=target_id)
    return [_for_people(reader, conflict, user_id) for conflict in found if conflict.state != "settled"]


def _for_people(reader: Reader, conflict: Conflict, user_id: str) -> OpenConflict:
    record_type = RECORD_TYPES.get(conflict.target_type)
    field = record_type.field(conflict.field) if record_type and record_type.has_field(conflict.field) else None
    base, standing, kept_apart = (decoded(text) for text in (conflict.base, conflict.theirs, conflict.mine))
    is_words = field is not None and isinstance(standing or "", str) and isinstance(kept_apart or "", str)
    label = field.label if field else conflict.field
    if record_type and conflict.field == SUPERSEDES:
        base, standing, kept_apart = (_statement(reader, record_type, id) for id in (base, standing, kept_apart))
        is_words, label = False, "two that stand at once"
    elif conflict.field == SIGNED_AT:
        is_words, label = False, "signed under words that were not seen"
    return OpenConflict(
        id=conflict.id,
        person_id=conflict.subject,
        person_name=_name(reader, conflict.subject),
        what=f"{record_type.label if record_type else 'Record'}: {label}",
        field=conflict.field,
        base=base,
        standing=Side(
            value=standing,
            author=_practitioner(reader, conflict.theirs_author),
            at=conflict.theirs_at,
            device=conflict.theirs_device,
            is_own=conflict.theirs_author == user_id,
        ),
        kept_apart=Side(
            value=kept_apart,
            author=_practitioner(reader, conflict.mine_author),
            at=conflict.mine_at,
            device=conflict.mine_device,
            is_own=conflict.mine_author == user_id,
        ),
        due_on=conflict.due_on,
        is_words=is_words,
    )


def _statement(reader: Reader, record_type: RecordType, id: Any) -> str:
    """What a record says, a field to a line: of two that stand at once, each is read whole. Empty if it is not here."""
    body = body_of_row(reader, record_type, id) if isinstance(id, str) else None
    lines = []
    for field in record_type.fields:
        value = (body or {}).get(field.name)
        if value in (None, "") or field.about.refers_to:
            continue
        if field.kind is Kind.YES_NO:
            value = "Yes" if value else "No"
        elif field.about.code_list:
            value = label_of(field.about.code_list, str(value))
        lines.append(f"{field.label}: {value}")
    return "\n".join(lines)


def decoded(text: str) -> Any:
    """A value as a conflict holds it; None for an absent one or what cannot be read."""
    try:
        return msgspec.json.decode(text) if text else None
    except msgspec.DecodeError:
        return None


def _name(reader: Reader, person_id: str) -> str:
    row = reader.row("SELECT family_name, given_name FROM person WHERE id = ?", (person_id,))
    return list_name(row[0] or "", row[1] or "") if row else ""


def _practitioner(reader: Reader, practitioner_id: str) -> str:
    return str(reader.value("SELECT name FROM practitioner WHERE id = ?", (practitioner_id,)) or "A colleague")
