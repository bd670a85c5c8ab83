"""Which records there are about somebody, of every kind, removed ones included."""

from collections.abc import Iterable

import msgspec

from wellbeing_desktop.storage.connection import Reader


def records_about(reader: Reader, subjects: Iterable[str]) -> list[tuple[str, str]]:
    """(kind, id) of every record whose subject is one of these, the newest made first."""
    wanted = msgspec.json.encode(list(subjects)).decode()
    return [
        (found[0], found[1])
        for found in reader.rows(
            "SELECT type, id FROM record WHERE subject IN (SELECT value FROM json_each(?)) ORDER BY number DESC",
            (wanted,),
        )
    ]
