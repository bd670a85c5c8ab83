"""Work of one's own that the server could not apply: kept there for an administrator, and shown here to its author.

It is listed until the server has it in a verified backup; then the server's quarantine alone keeps it.
"""

from typing import Final

import msgspec

from wellbeing_desktop.storage.connection import Reader

QUARANTINED: Final = "quarantined"

_WORDS: Final = {
    "not_granted": "You had no access to this part of the record when it arrived.",
    "another_author": "It was written under another name.",
    "immutable": "The record is not changed once it is saved. Amend it, with a reason.",
    "fixed_field": "This part of the record is not changed once it is saved.",
    "not_a_step": "The record had moved on to a state that this does not follow.",
    "already_settled": "Somebody had settled this clash already.",
    "changed_since": "Somebody had changed the record since you looked.",
    "refused_with_another": "It was saved together with something that could not be applied.",
}


class RefusedWork(msgspec.Struct, frozen=True, kw_only=True):
    """One operation: which record, when it was saved, and in words why it does not stand."""

    type: str
    id: str
    person_id: str
    at: str
    why: str


def refused_work(reader: Reader, limit: int = 200) -> list[RefusedWork]:
    """What the server could not apply, newest first."""
    return [
        RefusedWork(
            type=type_name,
            id=id,
            person_id=subject,
            at=at,
            why=_WORDS.get(result.partition(":")[2], "The server could not read it. Tell your administrator."),
        )
        for type_name, id, subject, at, result in reader.rows(
            "SELECT type, id, subject, at, result FROM outbox WHERE state = 3 AND result LIKE 'quarantined%'"
            " ORDER BY local DESC LIMIT ?",
            (limit,),
        )
    ]
