"""Works on a store until it is killed, in a process of its own (`tests.killable`); or as a program that writes a few
notes, `python -m tests.storage.working_child FOLDER NUMBER MODE`.

The work is a number of notes to add, or `edit` or `backup` to go on for ever. Every acknowledged piece of it is told, as
a program on standard output, only after the store has answered. The mode is `FULL`, or `NORMAL` for the control.
"""

import itertools
import os
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

from tests.storage.stores import add_note, open_store, use_small_schema
from wellbeing_desktop.storage import opener
from wellbeing_desktop.storage.backup import backup
from wellbeing_desktop.storage.connection import Writer
from wellbeing_desktop.storage.store import Store


def small_checkpoints(writer: Writer, mode: str) -> None:
    """Checkpoints after every few pages, so that a short run has many; and the mode of the control."""
    with opener._guard_lifted(writer.connection):
        writer.connection.execute("PRAGMA wal_autocheckpoint = 20").fetchall()
        writer.connection.execute(f"PRAGMA synchronous = {mode}").fetchall()


def edit(tell: Callable[[str], None], store: Store, numbers: Iterable[int]) -> None:
    for _ in numbers:
        tell(str(store.write(lambda writer: add_note(writer, "a sentence of a visit " * 20))))


def work(tell: Callable[[str], None], place: str, what: str, mode: str = "FULL") -> None:
    folder = Path(place)
    use_small_schema()
    store = open_store(folder)
    store.write(lambda writer: small_checkpoints(writer, mode))
    match what:
        case "edit":
            edit(tell, store, itertools.count())
        case "backup":
            for number in itertools.count(1):
                backup(store, folder.with_name("kept.backup"))
                tell(str(number))
        case _:
            edit(tell, store, range(int(what)))
            os._exit(0)  # without closing: the log stays as a power cut would find it


def say(number: str) -> None:
    os.write(1, f"acknowledged {number}\n".encode())  # one call of the system, as the trace is read


if __name__ == "__main__":
    work(say, *sys.argv[1:])
