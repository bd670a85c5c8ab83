"""Every value that was ever saved of a record: what came from the server, and what is on its way there (SYNC I5)."""

from typing import Any

import msgspec

from wellbeing_desktop.domain.definition import SubjectKind
from wellbeing_desktop.domain.registry import RECORD_TYPES
from wellbeing_desktop.storage import outbox
from wellbeing_desktop.storage.connection import Reader
from wellbeing_desktop.storage.grants import require_hold
from wellbeing_desktop.storage.outbox import State
from wellbeing_desktop.storage.records import envelope_of


class HistoryLine(msgspec.Struct, frozen=True, kw_only=True):
    """One change of one record. `patch` holds the new wire value of each field, `was` the value its author saw; of a
    set field, what was added and removed. `rev` is None, and `at_server` empty, until the server has numbered it."""

    rev: int | None
    author: str
    device: str
    at_claimed: str
    at_server: str
    kind: str
    patch: dict[str, Any]
    was: dict[str, Any]
    sent: bool


def history(reader: Reader, id: str) -> list[HistoryLine]:
    """The changes of one record in the order they were accepted, then those not acknowledged yet. Refused to whoever
    may not hold the part of the person's record that it is in."""
    envelope = envelope_of(reader, id)
    if envelope is not None and RECORD_TYPES[envelope.type].subject_kind is SubjectKind.PERSON:
        require_hold(reader, envelope.subject, envelope.compartment)
    lines = [
        HistoryLine(
            rev=rev,
            author=author,
            device=dev,
            at_claimed=at_claimed,
            at_server=at_server,
            kind=kind,
            patch=msgspec.json.decode(patch),
            was=msgspec.json.decode(was),
            sent=True,
        )
        for rev, author, dev, at_claimed, at_server, kind, patch, was in reader.rows(
            "SELECT rev, author, dev, at_claimed, at_server, kind, patch, was FROM version WHERE id = ? ORDER BY rev",
            (id,),
        )
    ]
    pulled = {(line.author, line.at_claimed, msgspec.json.encode(line.patch)) for line in lines}
    for queued in outbox.of_record(reader, id):
        operation = queued.operation
        if (operation.author, operation.at, msgspec.json.encode(operation.patch)) in pulled:
            continue  # acknowledged, and come back as a version
        lines.append(
            HistoryLine(
                rev=None,
                author=operation.author,
                device="",
                at_claimed=operation.at,
                at_server="",
                kind=operation.kind.value,
                patch=operation.patch,
                was=operation.was,
                sent=queued.state is State.ACKNOWLEDGED,
            )
        )
    return lines


def values_of(reader: Reader, id: str, field: str) -> list[tuple[str, str, Any]]:
    """Author, time and value of every change of one field of a record, oldest first."""
    return [(line.author, line.at_claimed, line.patch[field]) for line in history(reader, id) if field in line.patch]
