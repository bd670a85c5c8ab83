"""Which bytes are to be sent and which fetched, and in what order (asked of the store itself, not of its files)."""

import datetime as dt
from collections.abc import Iterable

import msgspec

from wellbeing_desktop.domain.changes import Change
from wellbeing_desktop.storage.connection import Reader
from wellbeing_desktop.storage.statements import json_text

LARGEST_BYTES = 1 << 30
"""A record that says more is wrong about itself; nothing is fetched for it."""


class Named(msgspec.Struct, frozen=True):
    """A file that a record names."""

    sha: str
    size: int


def files_in_order(reader: Reader, today: dt.date) -> list[Named]:
    """Every file that a record names: those of people with an appointment today or tomorrow first, then the newest."""
    rows = reader.rows(
        "SELECT a.sha256, a.bytes FROM live_attachment AS a WHERE a.sha256 IS NOT NULL AND a.bytes BETWEEN 0 AND :largest"
        " ORDER BY NOT EXISTS (SELECT 1 FROM live_appointment AS p WHERE p.subject = a.subject AND p.state = 'booked'"
        "   AND p.starts_on BETWEEN :today AND :tomorrow), a.received_on IS NULL, a.received_on DESC, a.id DESC",
        {
            "largest": LARGEST_BYTES,
            "today": today.isoformat(),
            "tomorrow": (today + dt.timedelta(days=1)).isoformat(),
        },
    )
    return list(dict.fromkeys(Named(sha, size) for sha, size in rows))


def known_to_server(reader: Reader, shas: Iterable[str]) -> set[str]:
    """Of these, the files that a record names which the server has been sent: it takes no others."""
    rows = reader.rows(
        "SELECT DISTINCT a.sha256 FROM attachment AS a WHERE a.sha256 IN (SELECT value FROM json_each(?))"
        " AND NOT EXISTS (SELECT 1 FROM outbox AS o WHERE o.id = a.id AND o.kind = 'create' AND o.state < 3)",
        (json_text(sorted(set(shas))),),
    )
    return {sha for (sha,) in rows}


def records_of(reader: Reader, sha: str) -> set[Change]:
    """The records that a view showing this file is about."""
    return {
        Change("attachment", id, subject)
        for id, subject in reader.rows("SELECT id, subject FROM attachment WHERE sha256 = ?", (sha,))
    }
