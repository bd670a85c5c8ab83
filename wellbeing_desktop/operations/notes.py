"""Notes that are not written with a contact, and signing."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

import msgspec

from wellbeing_desktop.domain.changes import Changes
from wellbeing_desktop.domain.contact import Note
from wellbeing_desktop.domain.contact_rules import check_note
from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.domain.london_time import local_date
from wellbeing_desktop.operations import found
from wellbeing_desktop.operations.catalogue import doing
from wellbeing_desktop.storage.connection import Writer


def write_note(writer: Writer, note: Note, *, sign: bool = False, at: dt.datetime | None = None) -> Changes:
    """A note about the person or another record. Unsigned, it can still be changed."""
    with doing(writer, "write_note", at=at) as tx:
        check_note(note)
        if note.written_on is not None and note.written_on > local_date(tx.at):
            raise Refused("A note cannot be dated in the future.", "written_on")
        signed = sign and not note.countersign_needed
        tx.create(
            msgspec.structs.replace(
                note,
                written_on=note.written_on or local_date(tx.at),
                author_id=note.author_id or tx.author,
                signed_at=tx.at if signed else None,
                signed_by=tx.author if signed else "",
            )
        )
    return tx.changes


def change_note(
    writer: Writer,
    note_id: str,
    fields: Mapping[str, Any],
    seen: Mapping[str, Any],
    *,
    at: dt.datetime | None = None,
) -> Changes:
    """Words of an unsigned note. `seen` is needed: an edit never covers a colleague's unseen words."""
    with doing(writer, "change_note", at=at) as tx:
        if {"signed_at", "signed_by"} & set(fields):
            raise Refused("Sign the note instead.", "signed_at")
        tx.change(Note, note_id, fields, seen)
        check_note(found.found(tx.reader, Note, note_id))
    return tx.changes


def sign_note(writer: Writer, note_id: str, *, at: dt.datetime | None = None) -> Changes:
    """From here on it is amended, not changed. A note that needs countersigning is signed by somebody else."""
    with doing(writer, "sign_note", at=at) as tx:
        note = found.found(tx.reader, Note, note_id)
        if note.signed_at is not None:
            raise Refused("This note is signed already.", "signed_at")
        if note.countersign_needed and note.author_id == tx.author:
            raise Refused("This note is signed by the person who supervises its author.", "signed_by")
        check_note(note)
        tx.change(Note, note_id, {"signed_at": tx.at, "signed_by": tx.author})
    return tx.changes


def amend_note(
    writer: Writer, note_id: str, field: str, value: Any, reason: str, *, at: dt.datetime | None = None
) -> Changes:
    """A signed note should read otherwise; the original stays."""
    with doing(writer, "amend_note", at=at) as tx:
        tx.amend(Note, note_id, field, value, reason)
    return tx.changes
