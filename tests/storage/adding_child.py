"""Adds two documents, and ends without a word at the n-th statement: in a process of its own (`tests.killable`), or as a
program, `... adding_child FOLDER`, that never ends early.
"""

import datetime as dt
import os
import sys
from collections.abc import Callable
from pathlib import Path

from tests.storage.stores import PASSPHRASE
from wellbeing_desktop.domain.document import Attachment
from wellbeing_desktop.domain.person import Person
from wellbeing_desktop.storage.attachments import PART_BYTES, keep_file
from wellbeing_desktop.storage.connection import Writer
from wellbeing_desktop.storage.store import Store
from wellbeing_desktop.storage.write_door import transaction

SIZE = PART_BYTES // 2 + 5
calls = 0


def end_at(stop_at: int) -> None:
    real = Writer.execute

    def counted(self: Writer, *args: object) -> int:
        global calls
        calls += 1
        if calls == stop_at:
            os._exit(9)
        return real(self, *args)

    Writer.execute = counted


def add(store: Store, content: bytes) -> None:
    sha = keep_file(store.files, content, now=dt.datetime.now(dt.UTC))

    def name_it(writer: Writer) -> None:
        with transaction(writer, "add_file") as tx:
            person = tx.create(Person(family_name="Jones"))
            tx.create(Attachment(subject=person, sha256=sha, bytes=len(content), title="Letter"))

    store.write(name_it)


def add_two(_tell: Callable[[str], None], folder: str, stop_at: str) -> None:
    store = Store.open(Path(folder), PASSPHRASE)
    end_at(int(stop_at))
    add(store, b"a" * SIZE)
    add(store, os.urandom(PART_BYTES + 5))
    store.close()
    os._exit(0)


if __name__ == "__main__":
    add_two(print, sys.argv[1], "0")
