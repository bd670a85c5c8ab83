"""One person as a row of results, with whether somebody else could be taken for them (PRACTICE W2)."""

from wellbeing_desktop.storage.connection import Reader
from wellbeing_desktop.storage.search import PersonRow, person_rows


def row_of(reader: Reader, person_id: str) -> PersonRow | None:
    """The row that lists show for this person; None when they are not on this laptop."""
    number = reader.value("SELECT number FROM record WHERE id = ? AND type = 'person'", (person_id,))
    found = person_rows(reader, [number]) if number is not None else []
    return found[0] if found else None
