"""The table of one record type: its statements, and how a row of it becomes a record or a body, and back."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any, Final, NamedTuple, TypeVar

import msgspec

from wellbeing_desktop.domain.definition import Field, Kind, Record, RecordType
from wellbeing_desktop.domain.registry import type_of
from wellbeing_desktop.domain.wire import canonical, to_wire
from wellbeing_desktop.storage.columns import as_members
from wellbeing_desktop.storage.schema import ENVELOPE_COLUMNS, narrative_sql, text_fields
from wellbeing_desktop.storage.statements import fill, json_text, listed, marks, quoted

R = TypeVar("R", bound=Record)

PERSON: Final = "person_id"
"""The field by which records of somebody else's (a message, an incident) say whom they are about."""


class Statements(NamedTuple):
    """The SQL of one record type, made once; the driver keeps each prepared by its text."""

    one: str
    one_of_all: str
    every: str
    some: str
    every_one: str
    body: str
    bodies: str
    upsert: str
    erase: str
    set_gone: str
    add_text: str
    add_texts: str
    drop_text: str
    person: str
    """Whom one record names in `person_id`, and the records that name somebody; empty for types without the field."""
    naming: str


@cache
def statements_of(struct: type[Record]) -> Statements:
    """Those of the search's text are empty for a type without narrative."""
    record_type = type_of(struct)
    table, view = quoted(record_type.name), quoted(f"live_{record_type.name}")
    fields = tuple(field.name for field in record_type.fields)
    every_column = (*ENVELOPE_COLUMNS, *fields, "extra")
    select = fill("SELECT {columns} FROM ", columns=listed(("id", "subject", *fields)))
    body = fill("SELECT {columns}", columns=listed((*fields, "extra")))
    narrative = fill(
        " record.number, {narrative} FROM {table} JOIN record ON record.id = {table}.id WHERE {table}.gone = 0",
        narrative=narrative_sql(record_type, table) if text_fields(record_type) else "''",
        table=table,
    )
    has_text = bool(text_fields(record_type))
    return Statements(
        one=f"{select}{view} WHERE id = ?",
        one_of_all=f"{select}{table} WHERE id = ?",
        every=f"{select}{view}",
        some=fill("{select}{view} WHERE id IN (SELECT value FROM json_each(?))", select=select, view=view),
        every_one=f"{select}{table}",
        body=fill("{body} FROM {table} WHERE id = ?", body=body, table=table),
        bodies=fill("{body}, id FROM {table} WHERE id IN (SELECT value FROM json_each(?))", body=body, table=table),
        upsert=fill(
            "INSERT INTO {table} ({columns}) VALUES ({marks}) ON CONFLICT (id) DO UPDATE SET {set}",
            table=table,
            columns=listed(every_column),
            marks=marks(len(every_column)),
            set=", ".join(f"{quoted(name)} = excluded.{quoted(name)}" for name in every_column[1:]),
        ),
        erase=fill("DELETE FROM {table} WHERE id = ?", table=table),
        set_gone=fill("UPDATE {table} SET gone = ? WHERE id = ?", table=table),
        add_text=fill(
            "INSERT INTO text (rowid, body) SELECT{narrative} AND {table}.id = ?", narrative=narrative, table=table
        )
        if has_text
        else "",
        add_texts=fill(
            "INSERT INTO text (rowid, body) SELECT{narrative} AND {table}.id IN (SELECT value FROM json_each(?))"
            " ORDER BY record.number",
            narrative=narrative,
            table=table,
        )
        if has_text
        else "",
        drop_text=fill(
            "INSERT INTO text (text, rowid, body) SELECT 'delete',{narrative} AND {table}.id = ?",
            narrative=narrative,
            table=table,
        )
        if has_text
        else "",
        person=fill("SELECT person_id FROM {table} WHERE id = ?", table=table) if PERSON in fields else "",
        naming=fill("SELECT id FROM {table} WHERE person_id = ?", table=table) if PERSON in fields else "",
    )


@cache
def _converters(struct: type[Record]) -> tuple[tuple[str, Callable[[Any], Any] | None], ...]:
    convert: dict[Kind, Callable[[Any], Any] | None] = {
        Kind.TEXT: None,
        Kind.DATE: dt.date.fromisoformat,
        Kind.MOMENT: dt.datetime.fromisoformat,
        Kind.NUMBER: None,
        Kind.YES_NO: bool,
        Kind.SET: as_members,
    }
    return tuple((field.name, convert[field.kind]) for field in type_of(struct).fields)


def record_of(struct: type[R], found: Sequence[Any]) -> R:
    """The record in a row that `one`, `every` or `some` found."""
    values = {
        name: value if convert is None else convert(value)
        for (name, convert), value in zip(_converters(struct), found[2:], strict=True)
        if value is not None
    }
    return struct(id=found[0], subject=found[1] or "", **values)


def body_of_columns(record_type: RecordType, found: Sequence[Any]) -> dict[str, Any]:
    """The whole body in a row that `body` or `bodies` found, known and unknown fields."""
    body: dict[str, Any] = {}
    for field, value in zip(record_type.fields, found, strict=False):
        if value is None:
            continue
        if field.kind is Kind.YES_NO:
            body[field.name] = bool(value)
        elif field.kind is Kind.SET:
            body[field.name] = msgspec.json.decode(value)
        else:
            body[field.name] = value
    if found[len(record_type.fields)] is not None:
        body.update(msgspec.json.decode(found[len(record_type.fields)], type=dict[str, Any]))
    return body


def columns_of(record_type: RecordType, body: Mapping[str, Any], envelope: tuple[Any, ...]) -> list[Any]:
    """A whole row: `envelope` are the values of ENVELOPE_COLUMNS. By what the body has: of the fields that there are
    most are absent. What is no field of this version, or not of the field's kind, is kept untouched in `extra`."""
    places = _places(record_type.struct)
    columns: list[Any] = [*envelope, *[None] * len(places), None]
    rest: dict[str, Any] = {}
    for name, value in body.items():
        if name not in places:
            rest[name] = value
        elif value is not None:
            place, field = places[name]
            try:
                columns[place] = column_of(field, value)
            except ValueError:
                rest[name] = value  # shown as absent
    if rest:
        columns[-1] = canonical(rest).decode()
    return columns


@cache
def _places(struct: type[Record]) -> dict[str, tuple[int, Field]]:
    """Where in a row of its table each field stands."""
    return {field.name: (place, field) for place, field in enumerate(type_of(struct).fields, len(ENVELOPE_COLUMNS))}


def column_of(field: Field, wire: Any) -> Any:
    """Raises ValueError if a wire value is not of the field's kind, or not in its one written form."""
    if wire is None:
        return None
    match field.kind:
        case Kind.TEXT:
            if isinstance(wire, str):
                return wire or None
        case Kind.NUMBER:
            if isinstance(wire, int) and not isinstance(wire, bool) and -(2**63) <= wire < 2**63:
                return wire
        case Kind.YES_NO:
            if isinstance(wire, bool):
                return int(wire)
        case Kind.DATE:
            if isinstance(wire, str) and dt.date.fromisoformat(wire).isoformat() == wire:
                return wire
        case Kind.MOMENT:
            if isinstance(wire, str) and to_wire(dt.datetime.fromisoformat(wire)) == wire:
                return wire
        case Kind.SET:
            if _is_list_of_text(wire) and list(wire) == sorted(set(wire)):
                return json_text(list(wire)) if wire else None
    raise ValueError("not of the field's kind")


def _is_list_of_text(wire: Any) -> bool:
    return isinstance(wire, list | tuple) and all(isinstance(member, str) for member in wire)
