"""What an import would do, as rows for its lists: new, changed, possible duplicates, refused, not on the list."""

import datetime as dt
from collections.abc import Mapping
from typing import Final

import msgspec

from wellbeing_desktop.domain.dates import day_words, staff_date
from wellbeing_desktop.domain.names import list_name
from wellbeing_desktop.domain.nhs_number import format_nhs_number
from wellbeing_desktop.domain.registry import RECORD_TYPES
from wellbeing_desktop.domain.words import capitalised
from wellbeing_desktop.exchange.people_list import PeopleFile
from wellbeing_desktop.exchange.people_rows import ImportedPerson
from wellbeing_desktop.operations.import_plan import ImportPreview, OfferedDuplicate, PlannedUpdate
from wellbeing_desktop.operations.import_preview import preview_people_list
from wellbeing_desktop.operations.imports import LEAVE, NEW, SAME
from wellbeing_desktop.storage.caseload import CaseloadFilter, CaseloadRow, caseload
from wellbeing_desktop.storage.connection import Reader
from wellbeing_desktop.ui.models.paged_table import Column, TableRow

NEW_COLUMNS: Final = (
    Column("Line", is_number=True, width=5),
    Column("Name", width=30),
    Column("Born", width=12),
    Column("NHS number", width=14),
    Column("Address"),
)
CHANGED_COLUMNS: Final = (
    Column("Line", is_number=True, width=5),
    Column("Person", width=28),
    Column("What changes", width=22),
    Column("Now"),
    Column("After the import"),
)
KEPT_COLUMNS: Final = (
    Column("Line", is_number=True, width=5),
    Column("Person", width=28),
    Column("What", width=22),
    Column("Kept, as here"),
    Column("The list says"),
)
DUPLICATE_COLUMNS: Final = (
    Column("Line", is_number=True, width=5),
    Column("On the list"),
    Column("May be"),
    Column("Why", width=24),
    Column("Decision", width=16),
)
REFUSED_COLUMNS: Final = (Column("Line", is_number=True, width=6), Column("Why it is not used"))
GONE_COLUMNS: Final = (Column("Person", width=30), Column("Born", width=12), Column("Postcode", width=10), Column(""))
_NOT_DECIDED: Final = "Not decided"


class Preview(msgspec.Struct, frozen=True):
    """The preview with the people it names, by id."""

    plan: ImportPreview
    people: Mapping[str, CaseloadRow]


def preview_of(reader: Reader, file: PeopleFile, genders: Mapping[str, str], today: dt.date) -> Preview:
    """Decide every row and look up who is named. Nothing is written."""
    plan = preview_people_list(reader, file.people, source=file.mapping.preset, genders=genders)
    ids = {update.person_id for update in (*plan.updated, *plan.differing)} | set(plan.not_on_list)
    ids |= {candidate.person_id for offer in plan.possible_duplicates for candidate in offer.candidates}
    rows = caseload(reader, CaseloadFilter(only=tuple(sorted(ids))), today, limit=len(ids) + 1).rows
    return Preview(plan, {row.id: row for row in rows})


def new_rows(preview: Preview) -> list[TableRow]:
    return [TableRow(str(each.line), (str(each.line), *_listed(each.row))) for each in preview.plan.new]


def changed_rows(preview: Preview) -> list[TableRow]:
    """One row for each field that changes, with before and after."""
    rows = []
    for each in preview.plan.updated:
        name = _name(preview, each.person_id)
        for at, (what, before, after) in enumerate(_changes(each)):
            rows.append(TableRow(f"{each.person_id}/{at}", (str(each.line), name, what, before, after)))
    return rows


def kept_rows(preview: Preview) -> list[TableRow]:
    """Fields that were changed here since the last list: kept, with what the list says (PRACTICE W22)."""
    return [
        TableRow(
            f"{each.person_id}/{at}",
            (str(each.line), _name(preview, each.person_id), one.label, _flat(one.here), _flat(one.listed)),
        )
        for each in preview.plan.differing
        for at, one in enumerate(each.differences)
    ]


def duplicate_rows(preview: Preview, decisions: Mapping[int, str]) -> list[TableRow]:
    rows = []
    for offer in preview.plan.possible_duplicates:
        first = offer.candidates[0] if offer.candidates else None
        rows.append(
            TableRow(
                str(offer.line),
                (
                    str(offer.line),
                    described(offer.row),
                    _here(preview, first.person_id) if first else "",
                    capitalised(", ".join(first.reasons)) if first else "",
                    decision_words(decisions.get(offer.line, "")),
                ),
            )
        )
    return rows


def refused_rows(preview: Preview) -> list[TableRow]:
    return [
        TableRow(f"{each.line}/{at}", (str(each.line), each.reason)) for at, each in enumerate(preview.plan.refused)
    ]


def gone_rows(preview: Preview) -> list[TableRow]:
    """People here who are no longer on the list of their practice. Nobody is deleted."""
    rows = []
    for person_id in preview.plan.not_on_list:
        row = preview.people.get(person_id)
        born = staff_date(row.born_on) if row and row.born_on else "Not known"
        rows.append(
            TableRow(person_id, (_name(preview, person_id), born, (row.postcode if row else "") or "Not known", ""))
        )
    return rows


def choices_for(preview: Preview, offer: OfferedDuplicate) -> list[tuple[str, str]]:
    """What may be decided about one possible duplicate."""
    same = [
        (f"{SAME}{each.person_id}", f"The same person as {_here(preview, each.person_id)}")
        for each in offer.candidates
        if each.person_id in preview.people
    ]
    return [*same, (NEW, "Two people: add as a new person"), (LEAVE, "Leave this line out")]


def decision_words(decision: str) -> str:
    if decision == NEW:
        return "Two people"
    if decision == LEAVE:
        return "Left out"
    return "The same person" if decision.startswith(SAME) else _NOT_DECIDED


def described(row: ImportedPerson) -> str:
    """A person of the list in one line."""
    born = f", born {staff_date(row.born_on)}" if row.born_on else ""
    return f"{list_name(row.family_name, row.given_name)}{born}" + (f", {row.postcode}" if row.postcode else "")


def _changes(update: PlannedUpdate) -> list[tuple[str, str, str]]:
    found = []
    for each in update.updates:
        record_type = RECORD_TYPES.get(each.type)
        has = record_type is not None and record_type.has_field(each.field)
        label = record_type.field(each.field).label if record_type is not None and has else each.field
        found.append((label, _flat(each.before) or "Nothing", _flat(each.after) or "Nothing"))
    for record in update.additions:
        label = type(record).__name__
        known = RECORD_TYPES.get("".join(f"_{c.lower()}" if c.isupper() else c for c in label).lstrip("_"))
        words = known.label if known is not None else label
        if hasattr(record, "postcode"):
            lines = [getattr(record, f"line{n}") for n in range(1, 6)]
            found.append((words, "Not here", ", ".join(part for part in (*lines, record.postcode) if part)))
        else:
            found.append((words, "Not here", _flat(getattr(record, "value", "")) or "Added"))
    if update.died:
        found.append(("Death", "Not recorded", "Recorded as known by the practice list"))
    return found


def _listed(row: ImportedPerson) -> tuple[str, str, str, str]:
    return (
        list_name(row.family_name, row.given_name, row.known_as),
        day_words(row.born_on, "Not known"),
        format_nhs_number(row.nhs_number) if row.nhs_number else "Not given",
        "Withheld" if row.address_withheld else ", ".join(part for part in (*row.address, row.postcode) if part),
    )


def _name(preview: Preview, person_id: str) -> str:
    row = preview.people.get(person_id)
    return row.name if row is not None else "Not on this laptop"


def _here(preview: Preview, person_id: str) -> str:
    row = preview.people.get(person_id)
    if row is None:
        return "another line of this list"
    born = f", born {staff_date(row.born_on)}" if row.born_on else ""
    return f"{row.name}{born}" + (f", {row.postcode}" if row.postcode else "")


def _flat(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, list | tuple):
        return ", ".join(str(each) for each in value)
    return ", ".join(str(value).split("\n"))
