"""A program that ends without a word at the n-th call of the system: `python -m tests.storage.stopping_child N WHAT FOLDER`.

WHAT is `passphrase`: write a new generation of the envelope that is in FOLDER, for the data key and passphrase given on
standard input; or `migration`: open the store in FOLDER with one more migration. Ends 0 if it came to its end.
"""

import os
import sys
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


def change_passphrase(folder: Path, stop_at: int) -> None:
    key, passphrase = sys.stdin.read().split("\n")[:2]
    before = envelopes.read_user_envelope(folder)
    envelope = envelopes.seal_user_envelope(
        DataKey(bytes.fromhex(key)), passphrase, before.identity, FAST_FOR_TESTS, generation=2
    )
    for name in ("open", "fsync", "replace", "rename", "unlink"):
        end_at(stop_at, os, name)
    envelopes.write_user_envelope(folder, envelope)


def one_more_migration() -> Migration:
    """Adds a column, fills it, adds a table: three statements that belong together."""

    def apply(writer: Writer) -> None:
        writer.execute("ALTER TABLE jotting ADD COLUMN shouted TEXT")
        writer.execute("UPDATE jotting SET shouted = upper(text)")
        writer.execute("CREATE TABLE later (a)")

    return Migration(len(migrations.shipped()) + 1, "later", "0" * 64, apply)


def migrate(folder: Path, stop_at: int) -> None:
    use_small_schema()
    steps = [*migrations.shipped(), one_more_migration()]
    migrations.shipped = lambda: steps
    for name in ("fsync", "replace", "rename", "rmdir"):
        end_at(stop_at, os, name)
    end_at(stop_at, Writer, "execute")
    open_store(folder).close()


if __name__ == "__main__":
    work = {"passphrase": change_passphrase, "migration": migrate}[sys.argv[2]]
    work(Path(sys.argv[3]), int(sys.argv[1]))
    os._exit(0)
