"""Work in a process of its own (`tests.killable`) that ends without a word at the n-th call of the system.

It ends with 9 there, and with 0 if it came to its end.
"""

import os
from collections.abc import Callable
from pathlib import Path

from tests.storage.stores import open_store, use_small_schema
from wellbeing_desktop.storage import envelope as envelopes
from wellbeing_desktop.storage import migrations
from wellbeing_desktop.storage.connection import Writer
from wellbeing_desktop.storage.kdf import FAST_FOR_TESTS
from wellbeing_desktop.storage.keys import DataKey
from wellbeing_desktop.storage.migrations import Migration

calls = 0


def count(stop_at: int) -> None:
    global calls
    calls += 1
    if calls == stop_at:
        os._exit(9)


def end_at(stop_at: int, owner: object, name: str) -> None:
    """Count the moments before and after each call."""
    real = getattr(owner, name)

    def call(*args: object, **kwargs: object) -> object:
        count(stop_at)
        answer = real(*args, **kwargs)
        count(stop_at)
        return answer

    setattr(owner, name, call)


def change_passphrase(_tell: Callable[[str], None], stop_at: str, folder: str, key: str, passphrase: str) -> None:
    """Writes a new generation of the envelope in the folder, for this data key and passphrase."""
    before = envelopes.read_user_envelope(Path(folder))
    envelope = envelopes.seal_user_envelope(
        DataKey(bytes.fromhex(key)), passphrase, before.identity, FAST_FOR_TESTS, generation=2
    )
    for name in ("open", "fsync", "replace", "rename", "unlink"):
        end_at(int(stop_at), os, name)
    envelopes.write_user_envelope(Path(folder), envelope)
    os._exit(0)


def one_more_migration() -> Migration:
    """Adds a column, fills it, adds a table: three statements that belong together."""

    def apply(writer: Writer) -> None:
        writer.execute("ALTER TABLE jotting ADD COLUMN shouted TEXT")
        writer.execute("UPDATE jotting SET shouted = upper(text)")
        writer.execute("CREATE TABLE later (a)")

    return Migration(len(migrations.shipped()) + 1, "later", "0" * 64, apply)


def migrate(_tell: Callable[[str], None], stop_at: str, folder: str) -> None:
    """Opens the store in the folder with one more migration."""
    use_small_schema()
    steps = [*migrations.shipped(), one_more_migration()]
    migrations.shipped = lambda: steps
    for name in ("fsync", "replace", "rename", "rmdir"):
        end_at(int(stop_at), os, name)
    end_at(int(stop_at), Writer, "execute")
    open_store(Path(folder)).close()
    os._exit(0)
