"""A store with people in it, and short ways to look at what it holds."""

import datetime as dt
from typing import Any, TypeVar

from wellbeing_desktop.domain.changes import Changes
from wellbeing_desktop.domain.definition import Record
from wellbeing_desktop.domain.ids import new_id
from wellbeing_desktop.domain.person import Address, Person
from wellbeing_desktop.operations.people import register_person
from wellbeing_desktop.storage.connection import Writer
from wellbeing_desktop.storage.records import load, load_all

R = TypeVar("R", bound=Record)

NOW = dt.datetime(2026, 11, 20, 14, 0, tzinfo=dt.UTC)
TODAY = dt.date(2026, 11, 20)


class Made:
    def __init__(self, writer: Writer) -> None:
        self.writer = writer
        self.mary = self.person("Jones", "Mary", born_on=dt.date(1940, 5, 1))

    def person(self, family: str, given: str = "", *, address: Address | None = None, **fields: Any) -> str:
        id = new_id()
        register_person(
            self.writer, Person(id=id, family_name=family, given_name=given, **fields), address=address, at=NOW
        )
        return id

    def one(self, struct: type[R], id: str) -> R:
        record = load(self.writer, struct, id)
        assert record is not None
        return record

    def all(self, struct: type[R], **equals: Any) -> list[R]:
        return load_all(self.writer, struct, **equals)

    def only(self, struct: type[R], **equals: Any) -> R:
        (record,) = self.all(struct, **equals)
        return record

    def conflict(
        self, subject: str, target_type: str, target_id: str, field: str, mine: str, theirs: str, **more: str
    ) -> str:
        """An open clash as the merge makes it, put straight into the store as a pull would."""
        from wellbeing_desktop.storage.records import StoredRow, envelope_of, store_body

        id = new_id()
        envelope = envelope_of(self.writer, target_id)
        assert envelope is not None
        body = {
            "target_type": target_type,
            "target_id": target_id,
            "field": field,
            "mine": mine,
            "theirs": theirs,
            "state": "open",
            **more,
        }
        with self.writer.immediate():
            store_body(
                self.writer,
                StoredRow(type="conflict", id=id, subject=subject, compartment=envelope.compartment, body=body, rev=1),
            )
        return id


def made_id(changes: Changes, type_name: str) -> str:
    """The id of the one record of a type that was touched."""
    (id,) = {change.id for change in changes.touched if change.type == type_name}
    return id
