"""Documents in a person's record: added, replaced by a newer one, removed, found by their title.

The bytes are kept first (`storage/attachments.py: keep_file`); these name them. Looking leaves its line in the audit
through `looking.opened_record` with one of `OPENED` and `SAVED_A_COPY`.
"""

import datetime as dt
import re
from typing import Final

import msgspec

from wellbeing_desktop.domain.changes import Changes
from wellbeing_desktop.domain.document import Attachment
from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.domain.file_kinds import KIND_OF, TEXT, FileKind
from wellbeing_desktop.domain.london_time import local_date
from wellbeing_desktop.domain.names import list_name
from wellbeing_desktop.domain.person import Person
from wellbeing_desktop.operations import found
from wellbeing_desktop.operations.catalogue import doing
from wellbeing_desktop.storage.connection import Reader, Writer
from wellbeing_desktop.storage.grants import may_hold
from wellbeing_desktop.storage.joined import survivor_of
from wellbeing_desktop.storage.records import load, load_many
from wellbeing_desktop.storage.search import search_text
from wellbeing_desktop.storage.write_door import Transaction

OPENED: Final = "open_file"
SAVED_A_COPY: Final = "save_copy_of_file"
REPLACED: Final = "Replaced by a newer file"
_SHA: Final = re.compile(r"[0-9a-f]{64}")


class FoundFile(msgspec.Struct, frozen=True, kw_only=True):
    """A document found by its title, and whose it is."""

    id: str
    person_id: str
    title: str
    person: str
    received_on: dt.date | None


def add_file(writer: Writer, document: Attachment, *, at: dt.datetime | None = None) -> Changes:
    """Name bytes that are kept already. Refused without a title, for a day to come, and for bytes without a name."""
    with doing(writer, "add_file", at=at) as tx:
        tx.create(_checked(tx, document))
    return tx.changes


def replace_file(writer: Writer, document_id: str, newer: Attachment, *, at: dt.datetime | None = None) -> Changes:
    """A newer version of a document: both are kept, the older one in history. Two people who do so keep both of theirs."""
    with doing(writer, "replace_file", at=at) as tx:
        older = found.found(tx.reader, Attachment, document_id)
        tx.create(_checked(tx, newer))
        tx.remove(Attachment, older.id, REPLACED)
    return tx.changes


def remove_file(writer: Writer, document_id: str, reason: str, *, at: dt.datetime | None = None) -> Changes:
    """Entered in error: it leaves every list and stays in history; Undo brings it back."""
    with doing(writer, "remove_file", at=at) as tx:
        tx.remove(Attachment, document_id, reason)
    return tx.changes


def describe_file(
    writer: Writer,
    document_id: str,
    fields: dict[str, object],
    seen: dict[str, object],
    *,
    at: dt.datetime | None = None,
) -> Changes:
    """Another title, kind, day or sender. What the file is never changes."""
    with doing(writer, "describe_file", at=at) as tx:
        tx.change(Attachment, document_id, fields, seen)
    return tx.changes


def kind_of(document: Attachment) -> FileKind:
    """What the bytes are, as they were found to be when added; a kind of a later version counts as plain bytes."""
    return KIND_OF.get(document.media_type, TEXT)


def find_files(reader: Reader, typed: str, limit: int = 20) -> list[FoundFile]:
    """Documents whose title has every word typed, of people whose documents may be seen; newest first."""
    hits = [hit for hit in search_text(reader, typed, limit * 10) if hit.type == "attachment"]
    documents = load_many(reader, Attachment, {hit.id for hit in hits})
    made = []
    for hit in hits:
        document = documents.get(hit.id)
        if document is None or not may_hold(reader, hit.subject, "documents"):
            continue
        person_id = survivor_of(reader, hit.subject)
        person = load(reader, Person, person_id)
        if person is None:
            continue
        name = list_name(person.family_name, person.given_name, person.known_as)
        made.append(
            FoundFile(
                id=document.id,
                person_id=person_id,
                title=document.title,
                person=name,
                received_on=document.received_on,
            )
        )
    return made[:limit]


def _checked(tx: Transaction, document: Attachment) -> Attachment:
    if not _SHA.fullmatch(document.sha256) or document.bytes is None:
        raise Refused("Choose the file first.", "file")
    if document.received_on is not None and document.received_on > local_date(tx.at):
        raise Refused("A document cannot have been received in the future.", "received_on")
    return document
