"""What is in a store, as a count and a hash: equal before a backup and after it is restored."""

import hashlib

import msgspec

from wellbeing_desktop.storage.connection import Reader
from wellbeing_desktop.storage.statements import fill


class Content(msgspec.Struct, frozen=True):
    """`records` counts the rows of the `record` table; `hash` is the SHA-256 of every row of every table."""

    records: int
    hash: str


def content_of(reader: Reader) -> Content:
    """Reads the whole store. The device's own id is left out, because a restored store has a new one."""
    digest = hashlib.sha256()
    tables = [
        name
        for (name,) in reader.rows(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'"
            " AND sql NOT LIKE 'CREATE VIRTUAL TABLE%' ORDER BY name"
        )
    ]
    for table in tables:
        digest.update(b"\x00table " + table.encode())
        quoted = table.replace('"', '""')
        columns = [name for _, name, *_ in reader.rows(f'PRAGMA table_info("{quoted}")')]
        kept = [name for name in columns if (table, name) != ("identity", "device_id")]
        listed = ", ".join('"' + name.replace('"', '""') + '"' for name in kept)
        # In the table's own order, which a backup keeps page by page. Names come from the schema, not from anybody.
        for row in reader.each(fill('SELECT {columns} FROM "{table}" NOT INDEXED', columns=listed, table=quoted)):
            digest.update(msgspec.msgpack.encode(row))
    has_records = reader.value("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'record'") is not None
    return Content(reader.value("SELECT count(*) FROM record") if has_records else 0, digest.hexdigest())
