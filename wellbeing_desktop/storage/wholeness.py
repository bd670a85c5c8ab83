"""Is everything about somebody on this laptop, and is anything still on its way (Beyond 2)?"""

from collections.abc import Iterable

import msgspec

from wellbeing_desktop.storage.connection import Reader
from wellbeing_desktop.storage.joined import ids_of
from wellbeing_desktop.storage.statements import json_text


class Here(msgspec.Struct, frozen=True, kw_only=True):
    """What is here of one person. `records_coming` and `history_coming` count parts that are still to be fetched;
    `files` are the documents named, by the hash of their bytes; `letters_ready` wait for a printer."""

    person_id: str
    is_known: bool
    records_coming: int
    history_coming: int
    files: frozenset[str]
    letters_ready: int
    copies_owed: int


def whole(reader: Reader, people: Iterable[str]) -> list[Here]:
    """What is here of each person, joined records with theirs, in the order asked."""
    return [_of_one(reader, person_id) for person_id in dict.fromkeys(people)]


def _of_one(reader: Reader, person_id: str) -> Here:
    ids = json_text(ids_of(reader, person_id))

    def count(sql: str) -> int:
        return int(reader.value(sql, (ids,)))

    coming = "SELECT count(*) FROM bucket_to_fetch WHERE subject IN (SELECT value FROM json_each(?))"
    return Here(
        person_id=person_id,
        is_known=count("SELECT count(*) FROM live_person WHERE id IN (SELECT value FROM json_each(?))") > 0,
        records_coming=count(f"{coming} AND stage <> 'versions'"),
        history_coming=count(f"{coming} AND stage = 'versions'"),
        files=frozenset(
            sha
            for (sha,) in reader.rows(
                "SELECT DISTINCT sha256 FROM live_attachment"
                " WHERE sha256 IS NOT NULL AND subject IN (SELECT value FROM json_each(?))",
                (ids,),
            )
        ),
        letters_ready=count(
            "SELECT count(*) FROM live_letter WHERE state = 'ready' AND subject IN (SELECT value FROM json_each(?))"
        ),
        copies_owed=count(
            "SELECT count(*) FROM live_plan_copy WHERE state = 'owed' AND subject IN (SELECT value FROM json_each(?))"
        ),
    )
