"""Saves and loads any record from its definition, with its envelope and what search knows of it.

Nothing here asks whether a change is allowed or tells the outbox: the write door does (write_door.py), and so does
what arrives from the server (incoming.py).
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, TypeVar

import msgspec

from wellbeing_desktop.domain.definition import Record, RecordType
from wellbeing_desktop.domain.registry import RECORD_TYPES, type_of
from wellbeing_desktop.domain.wire import to_wire
from wellbeing_desktop.storage import search
from wellbeing_desktop.storage.connection import Reader, Writer
from wellbeing_desktop.storage.record_rows import (
    PERSON,
    body_of_columns,
    column_of,
    columns_of,
    record_of,
    statements_of,
)
from wellbeing_desktop.storage.recusals import closed_people
from wellbeing_desktop.storage.statements import json_text, quoted

R = TypeVar("R", bound=Record)


class Envelope(msgspec.Struct, frozen=True):
    """What the store knows of a record beside its fields. `rev` and `seq` are the server's, 0 if it has none yet.

    `deleted` says that it was removed as entered in error; `gone` that, that it was marked as written in the wrong
    record, or that it is about somebody whose record is closed to the person signed in (recusals.py).
    """

    id: str
    type: str
    subject: str
    compartment: str
    at: str | None
    seq: int
    rev: int
    deleted: bool
    gone: bool

    def row(self, body: Mapping[str, Any], *, deleted: bool | None = None) -> "StoredRow":
        """This record with another body; `deleted` as it is, if not given."""
        return StoredRow(
            type=self.type,
            id=self.id,
            subject=self.subject,
            compartment=self.compartment,
            body=body,
            rev=self.rev,
            seq=self.seq,
            deleted=self.deleted if deleted is None else deleted,
        )


class StoredRow(msgspec.Struct, frozen=True, kw_only=True):
    """One record as it travels: a body of known and unknown fields, and its envelope."""

    type: str
    id: str
    subject: str
    compartment: str
    body: Mapping[str, Any]
    rev: int = 0
    seq: int = 0
    deleted: bool = False


def load(reader: Reader, struct: type[R], id: str, *, also_gone: bool = False) -> R | None:
    """The record with this id, or None. `also_gone` finds removed and misfiled ones too."""
    found = reader.row(statements_of(struct).one_of_all if also_gone else statements_of(struct).one, (id,))
    return None if found is None else record_of(struct, found)


def load_all(
    reader: Reader, struct: type[R], *, subject: str | None = None, also_gone: bool = False, **equals: Any
) -> list[R]:
    """Every record of a type, oldest made first; with `subject` those about one, with fields those equal to a value.

    An empty text and None both mean absent.
    """
    sql = statements_of(struct).every_one if also_gone else statements_of(struct).every
    conditions, values = [], []
    if subject is not None:
        conditions.append("subject = ?")
        values.append(subject)
    for name, value in equals.items():
        column = column_of(type_of(struct).field(name), to_wire(value))
        conditions.append(f"{quoted(name)} IS NULL" if column is None else f"{quoted(name)} = ?")
        if column is not None:
            values.append(column)
    where = f" WHERE {' AND '.join(conditions)}" if conditions else ""
    return [record_of(struct, found) for found in reader.rows(f"{sql}{where} ORDER BY id", values)]


def load_many(reader: Reader, struct: type[R], ids: Iterable[str]) -> dict[str, R]:
    """The live records with these ids, by id; those that are not there are left out."""
    sql = statements_of(struct).some
    return {found[0]: record_of(struct, found) for found in reader.rows(sql, (json_text(sorted(set(ids))),))}


def envelope_of(reader: Reader, id: str) -> Envelope | None:
    """The envelope of a record of any known type, removed or not."""
    found = reader.row(
        "SELECT id, type, subject, compartment, at, seq, rev, deleted, gone FROM record WHERE id = ?", (id,)
    )
    return None if found is None else _envelope(found)


def body_of_stored(reader: Reader, id: str) -> dict[str, Any] | None:
    """The whole body of a record, known and unknown fields; None if the store does not have it."""
    type_name = reader.value("SELECT type FROM record WHERE id = ?", (id,))
    if type_name is None:
        raw = reader.value("SELECT body FROM raw_record WHERE id = ?", (id,))
        return None if raw is None else msgspec.json.decode(raw, type=dict[str, Any])
    return body_of_row(reader, RECORD_TYPES[type_name], id)


def body_of_row(reader: Reader, record_type: RecordType, id: str) -> dict[str, Any] | None:
    """As `body_of_stored`, for a type that is known."""
    found = reader.row(statements_of(record_type.struct).body, (id,))
    return None if found is None else body_of_columns(record_type, found)


def bodies(reader: Reader, record_type: RecordType, ids: Sequence[str]) -> dict[str, dict[str, Any]]:
    """The whole bodies of many records of one type, by id."""
    sql = statements_of(record_type.struct).bodies
    return {found[-1]: body_of_columns(record_type, found[:-1]) for found in reader.rows(sql, (json_text(list(ids)),))}


def store_body(writer: Writer, row: StoredRow) -> None:
    """Write one record with its envelope and search; a newer body replaces the whole of an older one."""
    write_row(writer, row)
    search.refresh_people(writer, search.people_to_refresh(row.type, row.subject, row.body))


def write_row(writer: Writer, row: StoredRow) -> None:
    """As `store_body`, but the finding index of people is left to the caller, who refreshes it once for many rows."""
    record_type = RECORD_TYPES[row.type]
    sql = statements_of(record_type.struct)
    gone = int(
        row.deleted
        or bool(writer.value(_IS_MISFILED, (row.id,)))
        or _is_closed(row.type, row.subject, row.body.get(PERSON), closed_people(writer))
    )
    if sql.add_text:
        writer.execute(sql.drop_text, (row.id,))
    writer.execute(sql.upsert, columns_of(record_type, row.body, (row.id, row.subject, row.compartment, gone)))
    writer.execute(_RECORD_UPSERT, _record_columns(record_type, row, gone))
    if sql.add_text and not gone:
        writer.execute(sql.add_text, (row.id,))
    if row.type == "misfiling":
        refresh_gone(writer, str(row.body.get("target_type", "")), str(row.body.get("target_id", "")))
    if row.type == _RECUSAL:
        _refresh_person(writer, str(row.body.get(PERSON, "")))


def store_many(writer: Writer, rows: Sequence[StoredRow]) -> None:
    """Write many records of known types, in id order for speed, search included. For first loads and pages of a pull."""
    misfiled = {found[0] for found in writer.rows(_MISFILED)}
    closed = closed_people(writer)
    by_type: dict[str, list[StoredRow]] = {}
    for row in rows:
        by_type.setdefault(row.type, []).append(row)
    known = {found[0] for found in writer.rows(_KNOWN, (json_text([row.id for row in rows]),))}
    records: list[tuple[Any, ...]] = []
    people: set[str] = set()
    for name, group in by_type.items():
        record_type = RECORD_TYPES[name]
        sql = statements_of(record_type.struct)
        if sql.add_text and known:
            writer.executemany(sql.drop_text, [(row.id,) for row in group if row.id in known])
        gone = [
            int(row.deleted or row.id in misfiled or _is_closed(name, row.subject, row.body.get(PERSON), closed))
            for row in group
        ]
        writer.insert_all(
            sql.upsert,
            [
                columns_of(record_type, row.body, (row.id, row.subject, row.compartment, flag))
                for row, flag in zip(group, gone, strict=True)
            ],
        )
        records += [_record_columns(record_type, row, flag) for row, flag in zip(group, gone, strict=True)]
        if name in search.FOUND_BY:
            for row in group:
                people |= search.people_to_refresh(row.type, row.subject, row.body)
    records.sort(key=lambda columns: str(columns[0]))
    writer.insert_all(_RECORD_UPSERT, records)
    for name, group in by_type.items():
        sql = statements_of(RECORD_TYPES[name].struct)
        if sql.add_text:
            writer.execute(sql.add_texts, (json_text([row.id for row in group]),))
    for row in by_type.get("misfiling", ()):
        refresh_gone(writer, str(row.body.get("target_type", "")), str(row.body.get("target_id", "")))
    for row in by_type.get(_RECUSAL, ()):
        _refresh_person(writer, str(row.body.get(PERSON, "")))
    search.refresh_people(writer, people)


def any_known(reader: Reader, ids: Sequence[str]) -> bool:
    """True if the store has a record with one of these ids."""
    return reader.row(_KNOWN + " LIMIT 1", (json_text(list(ids)),)) is not None


def refresh_gone(writer: Writer, type_name: str, id: str) -> None:
    """Hide or show a record after something was said about it: it was removed, misfiled, closed to the person signed
    in, or that was taken back."""
    found = writer.row("SELECT deleted, gone, subject FROM record WHERE id = ? AND type = ?", (id, type_name))
    if found is None:
        return
    deleted, was_gone, subject = found
    sql = statements_of(RECORD_TYPES[type_name].struct)
    named = writer.value(sql.person, (id,)) if sql.person else None
    gone = int(
        bool(deleted)
        or bool(writer.value(_IS_MISFILED, (id,)))
        or _is_closed(type_name, subject, named, closed_people(writer))
    )
    if gone == was_gone:
        return
    if sql.add_text:
        writer.execute(sql.drop_text, (id,))
    writer.execute(sql.set_gone, (gone, id))
    writer.execute("UPDATE record SET gone = ? WHERE id = ?", (gone, id))
    if sql.add_text and not gone:
        writer.execute(sql.add_text, (id,))
    if type_name in search.FOUND_BY:
        search.refresh_people(writer, {subject})


def _refresh_person(writer: Writer, person_id: str) -> None:
    """Hide or show everything about one person, after their record was closed to the person signed in or opened."""
    about = writer.rows("SELECT type, id FROM record WHERE subject = ?", (person_id,))
    for record_type in RECORD_TYPES.values():
        naming = statements_of(record_type.struct).naming
        if naming and record_type.name != _RECUSAL:
            about += [(record_type.name, id) for (id,) in writer.rows(naming, (person_id,))]
    for type_name, id in about:
        refresh_gone(writer, type_name, id)


def _is_closed(type_name: str, subject: str, named: object, closed: frozenset[str]) -> bool:
    """Is this about somebody whose record is closed to the person signed in? That they stand aside stays to be seen."""
    return bool(closed) and type_name != _RECUSAL and (subject in closed or named in closed)


def erase_row(writer: Writer, type_name: str, id: str) -> None:
    """Take a record out of the file: a bucket that left, or a creation that was undone before it was sent."""
    record_type = RECORD_TYPES[type_name]
    sql = statements_of(record_type.struct)
    found = writer.row("SELECT subject FROM record WHERE id = ?", (id,))
    people: set[str] = set()
    target: tuple[str, str] | None = None
    if found is not None and type_name in search.FOUND_BY:
        people = search.people_to_refresh(type_name, found[0], body_of_row(writer, record_type, id) or {})
    if type_name == "misfiling":
        target = _misfiling_target(writer, id)
    stood_aside_from = writer.value(sql.person, (id,)) if type_name == _RECUSAL else None
    if sql.add_text:
        writer.execute(sql.drop_text, (id,))
    if type_name == "person":
        search.forget_people(writer, {id})
    writer.execute(sql.erase, (id,))
    writer.execute("DELETE FROM record WHERE id = ?", (id,))
    if target is not None:
        refresh_gone(writer, *target)
    if stood_aside_from is not None:
        _refresh_person(writer, stood_aside_from)
    search.refresh_people(writer, people)


_IS_MISFILED: Final = (
    "SELECT EXISTS (SELECT 1 FROM misfiling WHERE target_id = ? AND coalesce(gone, 0) = 0 AND ended IS NOT 1)"
)
_MISFILED: Final = "SELECT target_id FROM misfiling WHERE coalesce(gone, 0) = 0 AND ended IS NOT 1"
_RECUSAL: Final = "recusal"
_KNOWN: Final = "SELECT id FROM record WHERE id IN (SELECT value FROM json_each(?))"
_RECORD_UPSERT: Final = (
    "INSERT INTO record (id, type, subject, compartment, at, seq, rev, deleted, gone) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
    " ON CONFLICT (id) DO UPDATE SET subject = excluded.subject, compartment = excluded.compartment, at = excluded.at,"
    " seq = excluded.seq, rev = excluded.rev, deleted = excluded.deleted, gone = excluded.gone"
)


def _record_columns(record_type: RecordType, row: StoredRow, gone: int) -> tuple[Any, ...]:
    at = row.body.get(record_type.at) if record_type.at else None
    return (
        row.id,
        row.type,
        row.subject,
        row.compartment,
        at if isinstance(at, str) else None,
        row.seq,
        row.rev,
        int(row.deleted),
        gone,
    )


def _envelope(found: Sequence[Any]) -> Envelope:
    id, type_name, subject, compartment, at, seq, rev, deleted, gone = found
    return Envelope(id, type_name, subject, compartment, at, seq, rev, bool(deleted), bool(gone))


def _misfiling_target(writer: Writer, id: str) -> tuple[str, str] | None:
    found = writer.row("SELECT target_type, target_id FROM misfiling WHERE id = ?", (id,))
    return None if found is None else (found[0] or "", found[1] or "")
