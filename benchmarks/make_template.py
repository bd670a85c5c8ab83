"""Run as a process of its own: makes the store, or the server's file, that benchmarks copy.

    python -m benchmarks.make_template store|finding|contacts|server FOLDER PEOPLE

Here alone SQLCipher does not lock and wipe its working memory, which changes no byte of the file and makes filling it
several times faster. Everything that is measured opens the file under the whole profile.
"""

import sys
from collections.abc import Iterator
from itertools import chain, islice
from pathlib import Path

from benchmarks.practice import coordinator, many_contacts, practice_rows
from benchmarks.stores import PAGE, PASSPHRASE, SERVER_KEY, fill_server
from wellbeing_desktop.domain.ids import new_id
from wellbeing_desktop.storage import opener
from wellbeing_desktop.storage.connection import Writer
from wellbeing_desktop.storage.kdf import FAST_FOR_TESTS
from wellbeing_desktop.storage.opener import checkpoint
from wellbeing_desktop.storage.records import StoredRow, store_many
from wellbeing_desktop.storage.store import Store

CONTACTS_EACH = 98  # and two that everybody has
FOUND_BY = frozenset({"person", "address", "contact_point"})


def main() -> None:
    kind, folder, people = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])
    _leave_memory_alone()
    if kind == "server":
        _make_server(folder, people)
    else:
        _make_store(folder, people, kind)


def _make_store(folder: Path, people: int, kind: str) -> None:
    store, _kit = Store.create(folder, "Bench", PASSPHRASE, user_name="Bronwen Hughes", argon=FAST_FOR_TESTS)
    with store:
        user = store.identity.user_id
        rows: Iterator[StoredRow] = (
            row for row in practice_rows(people, user) if kind != "finding" or row.type in FOUND_BY
        )
        if kind == "contacts":
            rows = chain(rows, many_contacts(people, CONTACTS_EACH, user))
        store.write(lambda writer: _store(writer, [coordinator(user)]))
        while page := list(islice(rows, PAGE)):
            store.write(lambda writer, page=page: _store(writer, page))
        store.write(lambda writer: checkpoint(writer.connection))


def _make_server(folder: Path, people: int) -> None:
    from wellbeing_desktop.sync.server.local import new_service

    service = new_service("Bench", folder, key=SERVER_KEY)
    fill_server(service, practice_rows(people, new_id()))
    service.engine.close()


def _store(writer: Writer, rows: list[StoredRow]) -> None:
    with writer.immediate():
        store_many(writer, rows)


def _leave_memory_alone() -> None:
    opener._BEFORE_KEY = (("cipher_log_level", "NONE"),)
    opener._PROFILE = tuple(line for line in opener._PROFILE if line[0] != "cipher_memory_security")


if __name__ == "__main__":
    main()
