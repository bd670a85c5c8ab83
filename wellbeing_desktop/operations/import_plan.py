"""What bringing in a list of people would do, as plain data: made by `import_preview`, shown to somebody, and done by
`imports` as it stands or with their decisions."""

from collections.abc import Mapping
from typing import Any

import msgspec

from wellbeing_desktop.domain.definition import Record
from wellbeing_desktop.exchange.people_rows import ImportedPerson
from wellbeing_desktop.exchange.tables import Refusal
from wellbeing_desktop.operations.duplicates import PossibleDuplicate


class FieldUpdate(msgspec.Struct, frozen=True):
    """A field to bring up to date on a record that is there. Values are wire values."""

    type: str
    id: str
    field: str
    before: Any
    after: Any


class Difference(msgspec.Struct, frozen=True):
    """What the list says otherwise than the record, and what is kept. `label` is the field's, without values."""

    label: str
    listed: str
    here: str


class PlannedPerson(msgspec.Struct, frozen=True):
    """A person to add."""

    line: int
    row: ImportedPerson
    practice_id: str


class PlannedUpdate(msgspec.Struct, frozen=True):
    """A person to bring up to date, or (no updates) one about whom something differs."""

    line: int
    person_id: str
    row: ImportedPerson
    practice_id: str
    updates: tuple[FieldUpdate, ...] = ()
    additions: tuple[Record, ...] = ()
    ends_address: str = ""
    died: bool = False
    registration_id: str = ""
    said: Mapping[str, Any] = {}
    differences: tuple[Difference, ...] = ()

    @property
    def changes_something(self) -> bool:
        return bool(self.updates or self.additions or self.died)


class OfferedDuplicate(msgspec.Struct, frozen=True):
    """A row that may be somebody who is here, or another row of the list. `same_number` rows wait for a decision;
    the others are added with a task unless somebody decides."""

    line: int
    row: ImportedPerson
    practice_id: str
    candidates: tuple[PossibleDuplicate, ...]
    same_number: bool = False


class ImportPreview(msgspec.Struct, frozen=True):
    """Everything that the import would do. `short_list` says that so many are missing that the list is more likely
    cut short; then nobody is moved unless somebody says so."""

    new: tuple[PlannedPerson, ...]
    updated: tuple[PlannedUpdate, ...]
    unchanged: tuple[str, ...]
    differing: tuple[PlannedUpdate, ...]
    possible_duplicates: tuple[OfferedDuplicate, ...]
    refused: tuple[Refusal, ...]
    not_on_list: tuple[str, ...]
    short_list: bool
    notices: tuple[str, ...]
    rows: int
    source: str = ""
    practice_list: bool = True
    """False for people who came one by one, such as FHIR: nobody is on or off a practice's list by it."""
    new_practices: Mapping[str, tuple[str, str]] = {}
    """Id to (code, name) of practices that are named by the list and not here yet."""
