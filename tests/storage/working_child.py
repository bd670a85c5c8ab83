"""A program that works on a store until it is killed: `python -m tests.storage.working_child FOLDER WORK [MODE]`.

WORK is a number of notes to add, or `edit` or `backup` to go on for ever. Every acknowledged piece of work is one line
on standard output, written only after the store has answered. MODE is `FULL`, or `NORMAL` for the control.
"""

import itertools
import os
import sys
from collections.abc import Iterable
from pathlib import Path

from tests.storage.stores import add_note, open_store, use_small_schema
from wellbeing_desktop.storage import opener
from wellbeing_desktop.storage.backup import backup
from wellbeing_desktop.storage.connection import Writer
from wellbeing_desktop.storage.store import Store


def acknowledge(number: int) -> None:
    os.write(1, f"acknowledged {number}\n".encode())


def small_checkpoints(writer: Writer, mode: str) -> None:
    """Checkpoints after every few pages, so that a short run has many; and the mode of the control."""
    with opener._guard_lifted(writer.connection):
        writer.connection.execute("PRAGMA wal_autocheckpoint = 20").fetchall()
        writer.connection.execute(f"PRAGMA synchronous = {mode}").fetchall()


def edit(store: Store, numbers: Iterable[int]) -> None:
    for _ in numbers:
        acknowledge(store.write(lambda writer: add_note(writer, "a sentence of a visit " * 20)))


def main() -> None:
    folder, work, mode = Path(sys.argv[1]), sys.argv[2], (sys.argv[3:] or ["FULL"])[0]
    use_small_schema()
    store = open_store(folder)
    store.write(lambda writer: small_checkpoints(writer, mode))
    match work:
        case "edit":
            edit(store, itertools.count())
        case "backup":
            for number in itertools.count(1):
                backup(store, folder.with_name("kept.backup"))
                acknowledge(number)
        case _:
            edit(store, range(int(work)))
            os._exit(0)  # without closing: the log stays as a power cut would find it


if __name__ == "__main__":
    main()
