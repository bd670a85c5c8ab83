"""The part of the audit chain that the server does not have yet, and what it countersigned (SECURITY 3.5)."""

from typing import NamedTuple

from wellbeing_desktop.storage.connection import Reader, Writer
from wellbeing_desktop.storage.sync_state import set_sync_values, sync_number


class AuditPart(NamedTuple):
    """Entries in order as they were hashed, from number `first`; `head` is the hash of the last, number `last`."""

    first: int
    last: int
    entries: tuple[str, ...]
    head: str


def unsent_part(reader: Reader, limit: int) -> AuditPart | None:
    """The next entries to send; None if the server has them all."""
    found = reader.rows(
        "SELECT number, entry, hash FROM audit WHERE number > ? ORDER BY number LIMIT +?",
        (sync_number(reader, "audit_sent"), limit),
    )
    if not found:
        return None
    return AuditPart(int(found[0][0]), int(found[-1][0]), tuple(entry for _, entry, _ in found), str(found[-1][2]))


def note_taken(writer: Writer, taken: int, head: str, countersign: str) -> None:
    """The server has the chain up to number `taken`; `countersign` is its signature over `head`, empty if none."""
    set_sync_values(writer, {"audit_sent": taken})
    if countersign:
        set_sync_values(writer, {"audit_head": head, "audit_countersign": countersign})
