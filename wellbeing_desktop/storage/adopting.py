"""What an older program kept without knowing it, taken up by the one that does (SYNC 3.10).

A migration that adds a field or a record type calls these after it has made the column or the table. Then nothing need
be fetched again: fields wait in `extra`, whole records in `raw_record`.
"""

from collections.abc import Iterable
from typing import Any

import msgspec

from wellbeing_desktop.domain.registry import RECORD_TYPES
from wellbeing_desktop.storage import records
from wellbeing_desktop.storage.connection import Writer
from wellbeing_desktop.storage.records import StoredRow
from wellbeing_desktop.storage.statements import fill, quoted


def adopt_fields(writer: Writer, type_name: str, names: Iterable[str]) -> int:
    """Move values of fields that are known from now on out of `extra`; answers how many records had one. What is not
    of the field's kind stays where it is."""
    wanted = set(names)
    record_type = RECORD_TYPES[type_name]
    found = writer.rows(fill("SELECT id, extra FROM {table} WHERE extra IS NOT NULL", table=quoted(type_name)))
    changed = 0
    for id, extra in found:
        if not wanted & msgspec.json.decode(extra, type=dict[str, Any]).keys():
            continue
        envelope = records.envelope_of(writer, id)
        body = records.body_of_row(writer, record_type, id)
        if envelope is None or body is None:
            continue
        records.store_body(writer, envelope.row(body))
        changed += 1
    return changed


def adopt_records(writer: Writer, type_name: str) -> int:
    """Take records of a type that is known from now on out of `raw_record`; answers how many."""
    rows = [
        StoredRow(
            type=type_name,
            id=id,
            subject=subject,
            compartment=compartment,
            body=msgspec.json.decode(body, type=dict[str, Any]),
            rev=rev,
            seq=seq,
            deleted=bool(deleted),
        )
        for id, subject, compartment, seq, rev, deleted, body in writer.rows(
            "SELECT id, subject, compartment, seq, rev, deleted, body FROM raw_record WHERE type = ?", (type_name,)
        )
    ]
    records.store_many(writer, rows)
    writer.execute("DELETE FROM raw_record WHERE type = ?", (type_name,))
    return len(rows)
