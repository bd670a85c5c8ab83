"""Every organisation that a service knows but itself, with how many people here are registered with it."""

import datetime as dt

import msgspec

from wellbeing_desktop.storage import joined
from wellbeing_desktop.storage.columns import as_day
from wellbeing_desktop.storage.connection import Reader
from wellbeing_desktop.storage.grants import organisation_of


class OrganisationRow(msgspec.Struct, frozen=True):
    """`people` are counted as this laptop holds them; a record that was joined to another is not one more."""

    id: str
    name: str
    kind: str
    ods_code: str
    postcode: str
    address: str
    closed_on: dt.date | None
    people: int


def organisation_rows(reader: Reader) -> list[OrganisationRow]:
    """By name."""
    gone = joined.survivors(reader)
    people: dict[str, int] = {}
    for person_id, practice_id in reader.rows("SELECT id, practice_id FROM live_person WHERE practice_id IS NOT NULL"):
        if person_id not in gone:
            people[practice_id] = people.get(practice_id, 0) + 1
    rows = [
        OrganisationRow(
            id, name or "", kind or "", code or "", postcode or "", address or "", as_day(closed), people.get(id, 0)
        )
        for id, name, kind, code, postcode, address, closed in reader.rows(
            "SELECT id, name, kind, ods_code, postcode, address, closed_on FROM live_organisation WHERE id <> ?",
            (organisation_of(reader),),
        )
    ]  # fmt: skip
    return sorted(rows, key=lambda row: (row.name.casefold(), row.postcode, row.id))
