"""New stores for tests at a twentieth of the cost: the tables are made once, then copied under each store's own key.

Three hundred CREATE statements in an encrypted file take most of a second. The file that a test gets is the same as
the program makes, byte layout and profile included: it is copied, given the new store's key by SQLCipher itself, and
the identity row is written as the program writes it.
"""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from wellbeing_desktop.storage import store_files
from wellbeing_desktop.storage.connection import Writer
from wellbeing_desktop.storage.keys import StoreKey
from wellbeing_desktop.storage.opener import checkpoint, open_connection

TEMPLATE_KEY = StoreKey(bytes(range(32, 64)))


@contextmanager
def quick_stores(folder: Path) -> Iterator[None]:
    """Within, a new store's tables are copied from a template kept in `folder`."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(store_files, "_make_database", _copying(folder, store_files._make_database))
        yield


def _copying(folder: Path, make_database: Callable[..., None]) -> Callable[..., None]:
    def make(path: Path, key: Any, identity: Any, facts: Any, *more: Any) -> None:
        template = folder / f"{type(key).__name__}.db"
        if not template.exists():
            make_database(template, _template_key(key), identity, facts, *more)
        shutil.copy(template, path)
        connection = open_connection(path, _template_key(key), role="writer", identity=None)
        connection.set_authorizer(None)  # the guard refuses a new key, which the program never gives
        connection.execute(f"PRAGMA rekey = \"x'{key.material().hex()}'\"").fetchall()
        connection.close()
        connection = open_connection(path, key, role="writer", identity=None)
        writer = Writer(connection)
        with writer.immediate():
            writer.execute(
                "UPDATE identity SET store_id = ?, organisation_id = ?, user_id = ?, format = ?, name = ?,"
                " user_name = ?, device_id = ?, created_at = ?",
                (
                    identity.store_id,
                    identity.organisation_id,
                    identity.user_id,
                    identity.format,
                    facts.name,
                    facts.user_name,
                    facts.device_id,
                    facts.created_at,
                ),
            )
        checkpoint(connection)
        connection.close()

    return make


def _template_key(key: Any) -> Any:
    return type(key)(TEMPLATE_KEY.material())
