"""People whose ids are known as rows of results, with whether somebody else could be taken for them (PRACTICE W2)."""

from collections.abc import Iterable

from wellbeing_desktop.storage.connection import Reader
from wellbeing_desktop.storage.search import PersonRow, person_rows
from wellbeing_desktop.storage.statements import json_text


def row_of(reader: Reader, person_id: str) -> PersonRow | None:
    """The row that lists show for this person; None when they are not on this laptop."""
    number = reader.value("SELECT number FROM record WHERE id = ? AND type = 'person'", (person_id,))
    found = person_rows(reader, [number]) if number is not None else []
    return found[0] if found else None


def rows_of(reader: Reader, person_ids: Iterable[str]) -> dict[str, PersonRow]:
    """The same of several, by id; those who are not on this laptop are left out."""
    numbers = reader.rows(
        "SELECT r.number FROM json_each(?) AS wanted CROSS JOIN record AS r ON r.id = wanted.value WHERE r.type = 'person'",
        (json_text(sorted(person_ids)),),
    )
    return {row.id: row for row in person_rows(reader, [number for (number,) in numbers])}
