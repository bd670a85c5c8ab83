"""One record of every type, filled by its definition: whatever a new type brings is tested the day it is added."""

import datetime as dt
from typing import Any

import msgspec

from wellbeing_desktop.domain.definition import Compartment, Field, Kind, Lifecycle, Merge, Record, RecordType
from wellbeing_desktop.domain.person import Person
from wellbeing_desktop.storage.connection import Writer
from wellbeing_desktop.storage.write_door import Transaction, transaction

OWN_SUBJECT = ("person", "practitioner", "team")


def add_person(writer: Writer, **fields: Any) -> str:
    with transaction(writer, "add_person") as tx:
        return tx.create(Person(**{"family_name": "Hughes", "given_name": "Bronwen", **fields}))


def value_for(record_type: RecordType, field: Field, seed: str = "a") -> Any:
    """A value that the field may hold, told apart by `seed`."""
    if field.merge is Merge.STATE and record_type.transitions:
        return min(record_type.transitions[""])
    match field.kind:
        case Kind.TEXT:
            return f"{field.name} {seed}" if not field.about.code_list else f"code_{seed}"
        case Kind.DATE:
            return dt.date(2026, 10, 1 + len(seed) % 20)
        case Kind.MOMENT:
            return dt.datetime(2026, 10, 3, 9, 30, len(seed), 123456, tzinfo=dt.UTC)
        case Kind.NUMBER:
            return 40 + len(seed)
        case Kind.YES_NO:
            return len(seed) % 2 == 1
        case Kind.SET:
            return (f"first {seed}", f"second {seed}")


def filled(record_type: RecordType, person_id: str, seed: str = "a", *, leave: tuple[str, ...] = ()) -> Record:
    """A record with a value in every field, about a person or, if that is not its kind, about itself."""
    skipped = {"supersedes", *leave}
    if record_type.lifecycle is Lifecycle.SIGNED:
        skipped.add("signed_at")
    values = {
        field.name: value_for(record_type, field, seed) for field in record_type.fields if field.name not in skipped
    }
    return record_type.struct(subject="" if record_type.name in OWN_SUBJECT else person_id, **values)


def save(tx: Transaction, record_type: RecordType, record: Record) -> str:
    if record_type.name == "saved_view":
        record = msgspec.structs.replace(record, subject=tx.author)  # nobody has another's
    return tx.create(record, Compartment.CLINICAL if record_type.compartment is None else None)
