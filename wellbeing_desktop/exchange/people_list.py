"""A table of people into people: its rows one by one (people_rows.py), and the rows of one person together.

An empty cell says nothing: it never means that something is to be removed.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Final

import msgspec

from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.domain.names import comparison_key
from wellbeing_desktop.exchange import people_cells as cells
from wellbeing_desktop.exchange.column_mapping import FIELDS, ColumnMapping, Preset, is_known_header, propose_mapping
from wellbeing_desktop.exchange.people_rows import ImportedPerson, Notices, person_of_row
from wellbeing_desktop.exchange.tables import Refusal, Table, lines_in_words, read_table

# False is an answer; of these values none is.
_SAYS_NOTHING: Final = ("", None, ("", "", "", "", ""))
_DOUBTFUL_ORDER: Final = (
    "Other dates in this list have the month first, so it is not known which day this date means. "
    "Export the list again with dates like 21/11/2026 or 21-Nov-2026."
)
_NO_NAME_COLUMN: Final = "No column holds the family name. Say which column it is."


class PeopleList(msgspec.Struct, frozen=True, kw_only=True):
    """What a list holds. `gender_words` are the words found and the code each would become, to confirm once.

    `read` is how many rows with anything in them the list had under its headings: people, extra rows of a person
    and refused lines together.
    """

    people: tuple[ImportedPerson, ...]
    refused: tuple[Refusal, ...]
    unmapped_headers: tuple[str, ...]
    notices: tuple[str, ...]
    gender_words: tuple[tuple[str, str], ...]
    read: int


class PeopleFile(msgspec.Struct, frozen=True):
    """A file read in one go: what is in it, how its columns were understood, and who is on it."""

    table: Table
    mapping: ColumnMapping
    people: PeopleList


def read_people_file(
    data: bytes,
    filename: str,
    today: dt.date,
    *,
    preset: Preset = "auto",
    sheet: str = "",
    remembered: Mapping[str, Sequence[str]] | None = None,
) -> PeopleFile:
    """Table, mapping and people of a CSV or XLSX file. Raises Refused.

    `remembered` are the fields that someone chose for a source before, by the fingerprint of its headings.
    """
    table = read_table(data, filename, sheet=sheet, known_header=is_known_header)
    mapping = propose_mapping(table.headers, preset)
    chosen = (remembered or {}).get(mapping.fingerprint, ())
    if len(chosen) == len(mapping.fields) and all(not field or field in FIELDS for field in chosen):
        mapping = msgspec.structs.replace(mapping, fields=tuple(chosen), notices=())
    return PeopleFile(table, mapping, read_people(table, mapping, today))


def read_people(table: Table, mapping: ColumnMapping, today: dt.date) -> PeopleList:
    """Every row as a person, or refused with its line. Raises Refused only when no column holds a name."""
    if mapping.column("family_name") is None and mapping.column("full_name") is None:
        raise Refused(_NO_NAME_COLUMN)
    refused = list(table.refused)
    notices = Notices()
    read: list[ImportedPerson] = []
    doubtful = _columns_with_doubtful_order(table, mapping)
    for row in table.rows:
        try:
            for column in doubtful:
                if cells.reads_both_ways(row.cells[column]):
                    raise Refused(_DOUBTFUL_ORDER)
            read.append(person_of_row(row, table, mapping, today, notices))
        except Refused as refusal:
            refused.append(Refusal(row.line, refusal.message))
    people = _one_each(read, refused, notices)
    words = sorted({(person.gender_as_listed, person.gender) for person in people if person.gender_as_listed})
    return PeopleList(
        people=tuple(people),
        refused=tuple(sorted(refused, key=lambda refusal: refusal.line)),
        unmapped_headers=mapping.unmapped_headers(),
        notices=(*table.notices, *mapping.notices, *notices.sentences()),
        gender_words=tuple(words),
        read=len(table.rows) + len(table.refused),
    )


def _columns_with_doubtful_order(table: Table, mapping: ColumnMapping) -> list[int]:
    columns = [mapping.column(field) for field in ("born_on", "died_on", "died")]
    return [
        column
        for column in columns
        if column is not None and cells.month_may_be_first(row.cells[column] for row in table.rows)
    ]


def _one_each(read: Sequence[ImportedPerson], refused: list[Refusal], notices: Notices) -> list[ImportedPerson]:
    """Rows of one person become one person: the same NHS number, or without one the same name, birth and postcode.

    One number with two names or birth dates is a mistake that nobody can mend from here: all its rows are refused.
    """
    groups: dict[tuple[object, ...], list[ImportedPerson]] = {}
    for person in read:
        groups.setdefault(_identity(person), []).append(person)
    people: list[ImportedPerson] = []
    for rows in groups.values():
        if len({(comparison_key(row.family_name), row.born_on) for row in rows}) > 1:
            where = lines_in_words([row.line for row in rows])
            for row in rows:
                refused.append(
                    Refusal(
                        row.line,
                        f"One NHS number stands beside different names or dates of birth ({where}). "
                        "None of these lines was used.",
                    )
                )
            continue
        person = rows[0]
        for other in rows[1:]:
            person = _joined(person, other, notices)
        people.append(person)
    return people


def _identity(person: ImportedPerson) -> tuple[object, ...]:
    if person.nhs_number:
        return (person.nhs_number,)
    return (
        comparison_key(person.family_name),
        comparison_key(person.given_name),
        person.born_on,
        person.postcode,
    )


def _joined(first: ImportedPerson, other: ImportedPerson, notices: Notices) -> ImportedPerson:
    """The first row with what only the other one says. Where both speak and differ, the first stands and we say so."""
    changes: dict[str, object] = {"lines": (*first.lines, other.line)}
    for field in first.__struct_fields__:
        if field in ("line", "lines", "phones", "kept_as_listed", "address_withheld"):
            continue
        mine, theirs = getattr(first, field), getattr(other, field)
        if theirs in _SAYS_NOTHING:
            continue
        if mine in _SAYS_NOTHING:
            changes[field] = theirs
        elif mine != theirs:
            notices.add(other.line, "This row differs from an earlier row of the same person; the earlier one stands.")
    changes["phones"] = tuple(dict.fromkeys((*first.phones, *other.phones)))
    changes["kept_as_listed"] = tuple(dict.fromkeys((*first.kept_as_listed, *other.kept_as_listed)))
    joined: ImportedPerson = msgspec.structs.replace(first, **changes)
    withheld = bool(joined.restricted) and not any(joined.address) and not joined.postcode
    return msgspec.structs.replace(joined, address_withheld=withheld)
