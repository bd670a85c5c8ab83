"""Encrypted stores for the tests of records: one connection in the test's own thread, copied from one made once."""

import shutil
from pathlib import Path
from typing import Final

from wellbeing_desktop.domain.ids import new_id
from wellbeing_desktop.storage.connection import Writer
from wellbeing_desktop.storage.identity import Identity
from wellbeing_desktop.storage.keys import StoreKey
from wellbeing_desktop.storage.migrations import shipped
from wellbeing_desktop.storage.opener import checkpoint, open_connection

KEY: Final = StoreKey(bytes(range(32)))
IDENTITY: Final = Identity(new_id(), new_id(), new_id())


def make_template(path: Path) -> None:
    """An empty store with every table, as one file."""
    connection = open_connection(path, KEY, role="writer", create=True, identity=None)
    writer = Writer(connection)
    first, *rest = shipped()
    with writer.immediate():
        first.apply(writer)
        writer.execute(
            "INSERT INTO identity (only_row, store_id, organisation_id, user_id, format, name, user_name, device_id,"
            " created_at) VALUES (1, ?, ?, ?, ?, 'Test', 'Test', '', '2026-11-21T09:00:00Z')",
            (IDENTITY.store_id, IDENTITY.organisation_id, IDENTITY.user_id, IDENTITY.format),
        )
        for step in rest:
            step.apply(writer)
    checkpoint(connection)
    connection.close()


def open_copy(template: Path, path: Path) -> Writer:
    """The writer of a new store; close it with `close_writer`."""
    shutil.copyfile(template, path)
    return Writer(open_connection(path, KEY, role="writer", identity=IDENTITY))


def close_writer(writer: Writer) -> None:
    writer.connection.close()
