"""Stores and servers of a made-up practice, made once in a run and copied for whoever writes in them.

They are filled by the functions that a first load uses (`store_many`) and, on the server, by the statement that a push
ends in, so the rows are what the product itself would have laid down.
"""

import atexit
import datetime as dt
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Final

from wellbeing_desktop.storage.connection import Writer
from wellbeing_desktop.storage.kdf import FAST_FOR_TESTS
from wellbeing_desktop.storage.keys import StoreKey
from wellbeing_desktop.storage.opener import open_connection
from wellbeing_desktop.storage.records import StoredRow
from wellbeing_desktop.storage.store import Store
from wellbeing_desktop.storage.store_files import STORE_FILE
from wellbeing_desktop.sync.outcome import RecordState
from wellbeing_desktop.sync.server import sql
from wellbeing_desktop.sync.server.engine import Transaction
from wellbeing_desktop.sync.server.records import record_row
from wellbeing_desktop.sync.server.service import Service

PASSPHRASE: Final = "granite pelican umbrella seventeen"
PAGE: Final = 5_000
ROOT: Final = Path(__file__).parent.parent
SERVER_KEY: Final = StoreKey(bytes(range(32)))


@cache
def run_folder() -> Path:
    """Everything that this run makes; gone when it ends."""
    folder = Path(tempfile.mkdtemp(prefix="wellbeing-bench-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def template(people: int, kind: str = "store") -> Path:
    """The folder of a closed store with this many people, eleven records each (`finding`: the three that people are
    found by), or of a server. Copy it; never write in it."""
    return _made(people, kind)


@cache
def _made(people: int, kind: str) -> Path:
    folder = run_folder() / f"{kind}-{people}"
    subprocess.run(
        [sys.executable, "-m", "benchmarks.make_template", kind, str(folder), str(people)], check=True, cwd=ROOT
    )
    return folder


def copy_of(people: int, name: str, kind: str = "store") -> Path:
    """A copy of the template, to write in."""
    folder = run_folder() / name
    if folder.exists():
        shutil.rmtree(folder)
    shutil.copytree(template(people, kind), folder)
    return folder


@contextmanager
def opened(folder: Path) -> Iterator[Store]:
    with Store.open(folder, PASSPHRASE) as store:
        yield store


@contextmanager
def bare_store(name: str) -> Iterator[Writer]:
    """A connection alone, with the tables of the store and its whole profile: what a reference writes into."""
    folder = run_folder() / name
    store, _kit = Store.create(folder, "Bench", PASSPHRASE, argon=FAST_FOR_TESTS)
    key, identity = store.data_key.store_key(store.identity.store_id), store.identity
    material = key.material()
    store.close()
    connection = open_connection(folder / STORE_FILE, StoreKey(bytes(material)), role="writer", identity=identity)
    try:
        yield Writer(connection)
    finally:
        connection.close()
        shutil.rmtree(folder)


def fill_server(service: Service, rows: Iterator[StoredRow], *, after: int = 1_000) -> int:
    """Lay rows down on a server as a push leaves them, in the sequence after `after`; answers the last one used."""
    seq = after
    while page := list(islice(rows, PAGE)):
        made = [record_row(_state(row), seq + number) for number, row in enumerate(page, 1)]
        seq += len(page)

        def work(transaction: Transaction, made: list[sql.RecordRow] = made, seq: int = seq) -> None:
            sql.locked_clock(transaction, service.org)
            sql.write_records(transaction, service.org, made)
            sql.move_clock(transaction, service.org, seq, f"{seq:016x}", dt.datetime.now(dt.UTC).isoformat())

        service.engine.write(work)
    return seq


def _state(row: StoredRow) -> RecordState:
    return RecordState(
        id=row.id,
        type=row.type,
        subject=row.subject,
        compartment=row.compartment,
        body=dict(row.body),
        rev=1,
        field_rev=dict.fromkeys(row.body, (1, "bench")),
    )
