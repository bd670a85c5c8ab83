"""When work of one's own no longer shows over the server's state: once the page that carries its effect is here.

An operation counts for what people see until it is acknowledged and the cursor has passed its effect. Then row and
conflict have arrived together, and a person's own words never flicker away in between (SYNC 3.8).
"""

from collections.abc import Iterable
from typing import Final

import msgspec

from wellbeing_desktop.storage.connection import Reader
from wellbeing_desktop.storage.outbox import UNSETTLED
from wellbeing_desktop.storage.statements import fill


def waiting_ids(reader: Reader, ids: Iterable[str], reflected_seq: int) -> set[str]:
    """Which of these records have work that what is here up to `reflected_seq` does not show."""
    return {
        found[0]
        for found in reader.rows(
            "SELECT DISTINCT id FROM outbox WHERE id IN (SELECT value FROM json_each(?)) AND (state < 3 OR seq > ?)",
            (msgspec.json.encode(sorted(set(ids))).decode(), reflected_seq),
        )
    }


def settled_ids(reader: Reader, reflected_seq: int) -> list[str]:
    """The records whose server state is still kept apart though nothing waits on them any more."""
    return [
        found[0]
        for found in reader.rows(
            "SELECT id FROM shadow WHERE NOT EXISTS"
            " (SELECT 1 FROM outbox WHERE outbox.id = shadow.id AND (state < 3 OR seq > ?)) ORDER BY id",
            (reflected_seq,),
        )
    ]


def can_trim(reader: Reader, backed_up_seq: int) -> bool:
    """Is any acknowledged operation in the server's verified backup by now (SYNC I7)?"""
    return reader.row(_CAN_TRIM, (backed_up_seq,)) is not None


_CAN_TRIM: Final = fill(
    "SELECT 1 FROM outbox WHERE state = 3 AND seq <= ? AND NOT {unsettled} LIMIT 1", unsettled=UNSETTLED
)
