"""What a record says now: the original of an immutable record with its amendments, the newest of those that replace
one another. What was removed or misfiled never counts (`live_<type>`).
"""

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any, TypeVar

import msgspec

from wellbeing_desktop.domain.correction import Amendment
from wellbeing_desktop.domain.definition import Record, RecordType
from wellbeing_desktop.domain.registry import type_of
from wellbeing_desktop.domain.standing import current_heads
from wellbeing_desktop.domain.wire import record_from
from wellbeing_desktop.storage.connection import Reader
from wellbeing_desktop.storage.records import body_of_row, load_all
from wellbeing_desktop.storage.statements import fill, json_text, quoted

R = TypeVar("R", bound=Record)


class Effective(msgspec.Struct, frozen=True, kw_only=True):
    """An immutable record as it reads now. `amended` are the fields that differ from the original; `clashes` the
    fields on which two amendments stand, with both values, the newest (shown in `body`) first."""

    id: str
    body: dict[str, Any]
    amended: frozenset[str]
    clashes: Mapping[str, tuple[Any, ...]]


def heads(reader: Reader, target_id: str, field: str) -> list[Amendment]:
    """The amendments of a field that no other replaces, newest first; more than one is a clash."""
    return _heads(load_all(reader, Amendment, target_id=target_id, field=field))


def value_of(amendment: Amendment) -> Any:
    """The wire value that an amendment sets; None clears the field."""
    return msgspec.json.decode(amendment.value) if amendment.value else None


def effective(reader: Reader, struct: type[Record], id: str) -> Effective | None:
    """One record with its amendments; None if it is not there, was removed or misfiled."""
    return effective_of(reader, struct, [id]).get(id)


def effective_of(reader: Reader, struct: type[Record], ids: Iterable[str]) -> dict[str, Effective]:
    """Many records of one type with their amendments, by id; those removed or misfiled are left out."""
    record_type = type_of(struct)
    wanted = list(ids)
    live = {found[0] for found in reader.rows(_live(struct), (json_text(wanted),))}
    amendments: dict[str, dict[str, list[Amendment]]] = {}
    for amendment in _of_targets(reader, wanted):
        amendments.setdefault(amendment.target_id, {}).setdefault(amendment.field, []).append(amendment)
    found: dict[str, Effective] = {}
    for id in wanted:
        body = body_of_row(reader, record_type, id) if id in live else None
        if body is None:
            continue
        amended, clashes = set(), {}
        for field, those in amendments.get(id, {}).items():
            standing = _heads(those)
            if not standing:
                continue
            amended.add(field)
            value = value_of(standing[0])
            if value is None:
                body.pop(field, None)
            else:
                body[field] = value
            if len({one.value for one in standing}) > 1:
                clashes[field] = tuple(value_of(one) for one in standing)
        found[id] = Effective(id=id, body=body, amended=frozenset(amended), clashes=clashes)
    return found


def load_effective(reader: Reader, struct: type[R], id: str) -> R | None:
    """One record as it reads now."""
    found = effective(reader, struct, id)
    if found is None:
        return None
    subject = str(reader.value("SELECT subject FROM record WHERE id = ?", (id,)))
    made = record_from(type_of(struct), id, subject, found.body)
    assert isinstance(made, struct)
    return made


def is_superseded(reader: Reader, record_type: RecordType, id: str) -> bool:
    """True if a live record of the same type says that it replaces this one."""
    return bool(reader.value(_superseding(record_type.struct), (id,)))


def _heads(amendments: list[Amendment]) -> list[Amendment]:
    return sorted(current_heads(amendments), key=lambda one: one.id, reverse=True)


def _of_targets(reader: Reader, ids: list[str]) -> list[Amendment]:
    found = reader.rows(
        "SELECT id, subject, target_id, field, value, supersedes FROM live_amendment"
        " WHERE target_id IN (SELECT value FROM json_each(?))",
        (json_text(ids),),
    )
    return [
        Amendment(id=id, subject=subject, target_id=target, field=field, value=value or "", supersedes=supersedes or "")
        for id, subject, target, field, value, supersedes in found
    ]


@cache
def _live(struct: type[Record]) -> str:
    return fill(
        "SELECT id FROM {view} WHERE id IN (SELECT value FROM json_each(?))",
        view=quoted(f"live_{type_of(struct).name}"),
    )


@cache
def _superseding(struct: type[Record]) -> str:
    return fill(
        "SELECT EXISTS (SELECT 1 FROM {view} WHERE supersedes = ?)", view=quoted(f"live_{type_of(struct).name}")
    )
