"""Every record as the server should have it, in id order, for comparing both sides."""

from collections.abc import Mapping
from typing import Any

import msgspec

from wellbeing_desktop.domain.registry import RECORD_TYPES
from wellbeing_desktop.storage.connection import Reader
from wellbeing_desktop.storage.records import bodies


class DigestRow(msgspec.Struct, frozen=True):
    """One record with its whole body, known and unknown fields."""

    id: str
    type: str
    subject: str
    compartment: str
    rev: int
    deleted: bool
    body: Mapping[str, Any]


def rows_after(reader: Reader, after: str, limit: int) -> list[DigestRow]:
    """The next records after an id that the server has, those of unknown types among them; empty at the end."""
    known = reader.rows(
        "SELECT id, type, subject, compartment, rev, deleted FROM record WHERE id > ? AND rev > 0 ORDER BY id LIMIT +?",
        (after, limit),
    )
    raw = reader.rows(
        "SELECT id, type, subject, compartment, rev, deleted, body FROM raw_record WHERE id > ? ORDER BY id LIMIT +?",
        (after, limit),
    )
    by_type: dict[str, list[str]] = {}
    for id, type_name, *_ in known:
        by_type.setdefault(type_name, []).append(id)
    found = {
        id: body
        for type_name, ids in by_type.items()
        for id, body in bodies(reader, RECORD_TYPES[type_name], ids).items()
    }
    rows = [
        DigestRow(id, type_name, subject, compartment, rev, bool(deleted), found.get(id, {}))
        for id, type_name, subject, compartment, rev, deleted in known
    ]
    rows += [
        DigestRow(id, type_name, subject, compartment, rev, bool(deleted), msgspec.json.decode(body))
        for id, type_name, subject, compartment, rev, deleted, body in raw
    ]
    rows.sort(key=lambda row: row.id)
    return rows[:limit]
