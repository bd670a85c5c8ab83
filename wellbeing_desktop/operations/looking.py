"""Looking at somebody's record leaves its line in the audit, like changing it does (PRACTICE W1, W4)."""

import datetime as dt

from wellbeing_desktop.domain.changes import Changes
from wellbeing_desktop.storage import audit
from wellbeing_desktop.storage.connection import Writer
from wellbeing_desktop.storage.grants import user_of
from wellbeing_desktop.storage.write_door import transaction


def opened_record(writer: Writer, *, person_id: str, what: str = "open_record") -> Changes:
    """`what` is a verb phrase without any of the record's words: `open_record`, `print_record`."""
    with transaction(writer, what) as tx:
        tx.view(person_id, what)
    return tx.changes


def noted(writer: Writer, what: str, *, at: dt.datetime | None = None, people: tuple[str, ...] = ()) -> None:
    """What was printed or proved that is no one person's record; with `people`, a line for each of them."""
    with writer.immediate():
        for person_id in people or ("",):
            audit.append(writer, user=user_of(writer), action=what, at=at or dt.datetime.now(dt.UTC), subject=person_id)
