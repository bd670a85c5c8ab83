"""The small facts that sync and the store keep about each other: device, epoch, cursor, next number.

Keys in use: `organisation` and `device` (set when this laptop joined), `epoch`, `seq`, `tok`, `scope`, `backed_up_seq`,
`next_n`, `server_at` (the server's clock when it last answered), `lease` and `lease_signature`, `clock_at` and
`clock_ticks` (the latest moment that is sure, and the forward clock then), `findings` (sync_findings.py).
"""

from collections.abc import Mapping, Sequence

from wellbeing_desktop.storage.connection import Reader, Writer
from wellbeing_desktop.storage.statements import json_text


def sync_value(reader: Reader, key: str, default: str = "") -> str:
    """What sync keeps under a key; `default` where it has kept nothing yet."""
    found = reader.value("SELECT v FROM sync WHERE k = ?", (key,))
    return default if found is None else str(found)


def sync_values(reader: Reader, keys: Sequence[str]) -> dict[str, str]:
    """Several at once; an empty text for each that is not there."""
    found = dict(reader.rows("SELECT k, v FROM sync WHERE k IN (SELECT value FROM json_each(?))", (json_text(keys),)))
    return {key: str(found.get(key, "")) for key in keys}


def sync_number(reader: Reader, key: str) -> int:
    """A whole number kept under a key; 0 if there is none yet."""
    return int(sync_value(reader, key, "0"))


def set_sync_values(writer: Writer, values: Mapping[str, str | int]) -> None:
    """Within the transaction that stores what these values speak of (SYNC I6)."""
    writer.executemany(
        "INSERT INTO sync (k, v) VALUES (?, ?) ON CONFLICT (k) DO UPDATE SET v = excluded.v",
        [(key, str(value)) for key, value in values.items()],
    )


def has_organisation(reader: Reader) -> bool:
    """False for a store that is on this computer only."""
    return sync_value(reader, "organisation") != ""
