"""Whose records are closed to the person signed in, because they know them (PRACTICE W4).

What is closed is *gone* as what was written in the wrong record is: no list, search, return or timeline has it, from
the moment that somebody stands aside, with or without a network. The server then has the laptop take it out of the
file. What was written about the person and not sent yet stays in the outbox and is sent.
"""

from collections.abc import Iterable
from typing import Final

from wellbeing_desktop.storage.connection import Reader
from wellbeing_desktop.storage.statements import json_text

CLOSED: Final = "SELECT person_id FROM live_recusal WHERE subject = (SELECT user_id FROM identity) AND ended_at IS NULL"


def closed_people(reader: Reader) -> frozenset[str]:
    """The people whose records are closed to the person signed in."""
    return frozenset(str(found) for (found,) in reader.rows(CLOSED) if found)


def is_closed(reader: Reader, person_id: str) -> bool:
    """Is this person's record closed to the person signed in?"""
    return reader.row(_IS_CLOSED, (person_id,)) is not None


_IS_CLOSED: Final = f"{CLOSED} AND person_id = ? LIMIT 1"


def who_stands_aside(reader: Reader, person_ids: Iterable[str]) -> frozenset[str]:
    """The practitioners to whom any of these records is closed."""
    return frozenset(
        str(found)
        for (found,) in reader.rows(
            "SELECT subject FROM live_recusal WHERE ended_at IS NULL AND person_id IN (SELECT value FROM json_each(?))",
            (json_text(sorted(set(person_ids))),),
        )
    )


def closed_to(reader: Reader, practitioner_id: str) -> frozenset[str]:
    """The people from whose records a colleague stands aside."""
    return frozenset(
        str(found)
        for (found,) in reader.rows(
            "SELECT person_id FROM live_recusal WHERE subject = ? AND ended_at IS NULL", (practitioner_id,)
        )
    )
