"""Two records that are one person (Alias): child records stay where they are and are read through the record kept."""

from collections.abc import Mapping

from wellbeing_desktop.storage.connection import Reader


def survivors(reader: Reader) -> dict[str, str]:
    """Each joined record's id to the id of the record it was joined to; usually empty."""
    return dict(
        reader.rows(
            "SELECT vanished_id, survivor_id FROM live_alias WHERE state = 'active' AND vanished_id <> survivor_id"
            " ORDER BY id"
        )
    )


def survivor_of(reader: Reader, person_id: str) -> str:
    """The record that somebody is known by: their own, or the one that it was joined to."""
    return root(person_id, survivors(reader))


def ids_of(reader: Reader, person_id: str) -> tuple[str, ...]:
    """Every id whose records are about this person: the record kept first, then those joined to it."""
    joins = survivors(reader)
    kept = root(person_id, joins)
    return (kept, *sorted(vanished for vanished in joins if root(vanished, joins) == kept))


def root(person_id: str, joins: Mapping[str, str]) -> str:
    """The end of a chain of joins; a ring, which two laptops can make, ends where it would repeat."""
    seen = {person_id}
    while (following := joins.get(person_id)) is not None and following not in seen:
        seen.add(following)
        person_id = following
    return person_id
