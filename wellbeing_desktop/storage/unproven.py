"""Grants that arrived without our server's signature, or with one that does not fit: they give nothing, and it is told.

Once in the audit for each such content, so that a laptop that syncs all day does not fill its chain with one sentence.
"""

import datetime as dt
from typing import Final

from wellbeing_desktop.storage import audit, grants
from wellbeing_desktop.storage.connection import Reader, Writer
from wellbeing_desktop.storage.sync_state import has_organisation, set_sync_values, sync_value

TOLD: Final = "unproven_told"
ACTION: Final = "set_aside_grant"
ADVICE: Final = "Tell your administrator: it gives you nothing until the server has signed it."


def unproven_ids(reader: Reader) -> tuple[str, ...]:
    """The grants of the person signed in that do not count."""
    if not has_organisation(reader):
        return ()
    return tuple(arrived.id for arrived in grants.arrived_grants(reader) if arrived.grant is None)


def sentence(count: int) -> str:
    what = "A grant on this laptop is" if count == 1 else f"{count:,} grants on this laptop are"
    return f"{what} not signed by your organisation's server, so {'it gives' if count == 1 else 'they give'} nothing."


def is_news(reader: Reader) -> bool:
    """Is there something to tell that was not told before?"""
    return " ".join(unproven_ids(reader)) != sync_value(reader, TOLD)


def note(writer: Writer) -> int:
    """Write what is new into the audit, in a transaction of its own; how many grants do not count."""
    with writer.immediate():
        found = unproven_ids(writer)
        for id in set(found) - set(sync_value(writer, TOLD).split()):
            audit.append(
                writer, user=grants.user_of(writer), action=ACTION, at=dt.datetime.now(dt.UTC), detail={"grant": id}
            )
        set_sync_values(writer, {TOLD: " ".join(found)})
    return len(found)
