"""Looking at somebody's record leaves its line in the audit, like changing it does (PRACTICE W1, W4)."""

from wellbeing_desktop.domain.changes import Changes
from wellbeing_desktop.storage.connection import Writer
from wellbeing_desktop.storage.write_door import transaction


def opened_record(writer: Writer, *, person_id: str, what: str = "open_record") -> Changes:
    """`what` is a verb phrase without any of the record's words: `open_record`, `print_record`."""
    with transaction(writer, what) as tx:
        tx.view(person_id, what)
    return tx.changes
