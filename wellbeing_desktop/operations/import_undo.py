"""Taking back one list of people: what it added goes, what it changed is put back, whoever was changed since stays."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

import msgspec

from wellbeing_desktop.domain.changes import Changes
from wellbeing_desktop.domain.correction import Conflict
from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.domain.organisation import ImportRun
from wellbeing_desktop.domain.person import Registration
from wellbeing_desktop.domain.registry import RECORD_TYPES
from wellbeing_desktop.domain.task import Task
from wellbeing_desktop.domain.wire import body_hash, canonical, from_wire
from wellbeing_desktop.operations import found
from wellbeing_desktop.operations.catalogue import doing
from wellbeing_desktop.operations.imports import CHECK_DUPLICATE, TELL_PRACTICE
from wellbeing_desktop.operations.list_said import listed_of
from wellbeing_desktop.storage.connection import Writer
from wellbeing_desktop.storage.records import body_of_row, envelope_of, load_all
from wellbeing_desktop.storage.write_door import Transaction


class UndoneImport(msgspec.Struct, frozen=True):
    """What was taken back, and the people who were changed since and therefore left as they are."""

    removed: int = 0
    put_back: int = 0
    changed_since: tuple[str, ...] = ()


def undo_import(writer: Writer, import_id: str, *, at: dt.datetime | None = None) -> tuple[Changes, UndoneImport]:
    """Take back one list. People with anything added or changed since stay as they are, and are listed."""
    with doing(writer, "undo_import", at=at) as tx:
        run = found.found(tx.reader, ImportRun, import_id)
        if run.undone_at is not None:
            raise Refused("This list was taken back already.")
        removed = put_back = 0
        skipped: list[str] = []
        entries = [entry for entry in load_all(tx.reader, Registration) if listed_of(entry).get("import") == import_id]
        for entry in entries:
            tx.begin_group()
            kept = listed_of(entry)
            if not _is_as_left(tx, entry, kept):
                skipped.append(entry.subject)
                continue
            if kept.get("new"):
                _remove_all(tx, entry, kept)
                removed += 1
            else:
                _put_back(tx, entry, kept)
                put_back += 1
        tx.begin_group()
        tx.change(ImportRun, import_id, {"undone_at": tx.at})
    return tx.changes, UndoneImport(removed, put_back, tuple(skipped))


def _is_as_left(tx: Transaction, entry: Registration, kept: dict[str, Any]) -> bool:
    """Is everything that the import made or changed still as it left it, and for a new person nothing added?"""
    made: Mapping[str, str] = kept.get("made", {})
    for id, hash in made.items():
        envelope = envelope_of(tx.reader, id)
        if envelope is None or envelope.gone:
            return False
        body = body_of_row(tx.reader, RECORD_TYPES[envelope.type], id)
        if body is None or body_hash(body)[:16] != hash:
            return False
    for type_name, id, field, _, after in kept.get("changed", ()):
        body = body_of_row(tx.reader, RECORD_TYPES[type_name], id)
        if body is None or body.get(field) != after:
            return False
    if kept.get("new"):
        others = tx.reader.rows(
            "SELECT id, type FROM record WHERE subject = ? AND gone = 0 AND id <> ?", (entry.subject, entry.id)
        )
        ours = {CHECK_DUPLICATE, TELL_PRACTICE}
        for id, type_name in others:
            if id in made:
                continue
            if type_name == "task":
                task = body_of_row(tx.reader, RECORD_TYPES["task"], id) or {}
                if task.get("title") in ours and task.get("state") == "open":
                    continue
            return False
    return not load_all(tx.reader, Conflict, subject=entry.subject, state="open")


def _remove_all(tx: Transaction, entry: Registration, kept: dict[str, Any]) -> None:
    reason = "The list that brought this in was taken back"
    for task in load_all(tx.reader, Task, subject=entry.subject):
        tx.remove(Task, task.id, reason)
    tx.remove(Registration, entry.id, reason)
    # the person last: what is about them goes first
    for id in reversed(list(kept.get("made", {}))):
        envelope = envelope_of(tx.reader, id)
        if envelope is not None:
            tx.remove(RECORD_TYPES[envelope.type].struct, id, reason)


def _put_back(tx: Transaction, entry: Registration, kept: dict[str, Any]) -> None:
    for type_name, id, field, before, _ in reversed(kept.get("changed", [])):
        record_type = RECORD_TYPES[type_name]
        described = record_type.field(field)
        value = described.default if before is None else from_wire(described.kind, before)
        tx.change(record_type.struct, id, {field: value})
    for id in kept.get("made", {}):
        envelope = envelope_of(tx.reader, id)
        if envelope is not None:
            tx.remove(RECORD_TYPES[envelope.type].struct, id, "The list that brought this in was taken back")
    said_before = kept.get("said_before") or {}
    tx.change(Registration, entry.id, {"listed": canonical({"said": said_before}).decode() if said_before else ""})
