"""P5: the first load of 110,000 records over HTTP into a usable store with search, against bare inserts of the same."""

import itertools
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks.first_load_server import CHILDREN
from benchmarks.measure import Measured, paired, seconds
from wellbeing_desktop.storage.connection import Reader, Writer
from wellbeing_desktop.storage.kdf import FAST_FOR_TESTS
from wellbeing_desktop.storage.store import Store
from wellbeing_desktop.sync.client.address import server_address
from wellbeing_desktop.sync.client.pairing import enrol, join
from wellbeing_desktop.sync.client.session import sync_once
from wellbeing_desktop.sync.client.transport import HttpTransport

PASSPHRASE = "granite pelican umbrella seventeen"
PAGE = 5000

_TABLES = (
    "person",
    "address",
    "contact_point",
    "contact",
    "note",
    "record",
    "person_sort",
    "person_words",
    "person_first_name",
)
_SEARCH = (
    ("find", "SELECT number, words FROM person_words ORDER BY number", "words"),
    ("find_part", "SELECT number, words FROM person_words ORDER BY number", "words"),
    ("text", "SELECT number, body FROM text_source ORDER BY number", "body"),
)


def new_store(folder: Path) -> Store:
    store, _kit = Store.create(folder, "Benchmark", PASSPHRASE, argon=FAST_FOR_TESTS)
    return store


class Same:
    """The rows that a first load leaves, taken out of a loaded store, to be put bare into an empty one."""

    def __init__(self, loaded: Store) -> None:
        self.tables: dict[str, tuple[str, list[tuple[object, ...]]]] = {}

        def take(reader: Reader) -> None:
            for table in _TABLES:
                columns = reader.named(f'SELECT * FROM "{table}" LIMIT 1')[0].keys()
                marks = ", ".join("?" * len(columns))
                names = ", ".join(f'"{name}"' for name in columns)
                order = "number" if "number" in columns else "id"
                rows = reader.rows(f'SELECT {names} FROM "{table}" ORDER BY {order}')
                self.tables[table] = (f'INSERT INTO "{table}" ({names}) VALUES ({marks})', rows)
            for table, select, column in _SEARCH:
                self.tables[table] = (f"INSERT INTO {table} (rowid, {column}) VALUES (?, ?)", reader.rows(select))

        loaded.read(take)

    def put(self, writer: Writer) -> None:
        """Page by page as the load does, each table's part in one executemany."""
        most = max(len(rows) for _, rows in self.tables.values())
        pages = -(-most // PAGE)
        for page in range(pages):
            with writer.immediate():
                for insert, rows in self.tables.values():
                    size = -(-len(rows) // pages)
                    writer.executemany(insert, rows[page * size : (page + 1) * size])


def run(quick: bool = False) -> Iterator[Measured]:
    people, rounds = (300, 1) if quick else (10_000, 5)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        command = [sys.executable, "-m", "benchmarks.first_load_server", str(folder / "server")]
        server = subprocess.Popen(
            [*command, str(people), str(rounds + 2)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        assert server.stdout is not None
        assert server.stdin is not None
        url = server.stdout.readline().strip()
        codes = [server.stdout.readline().strip() for _ in range(rounds + 2)]
        bare = itertools.count()
        same: list[Same] = []

        def ours() -> float:
            transport = HttpTransport(server_address(url))
            enrolment = enrol(transport, server_address(url), codes.pop())
            store, _kit = Store.create(
                folder / f"store-{len(codes)}",
                "Benchmark",
                PASSPHRASE,
                organisation_id=enrolment.membership.organisation,
                user_id=enrolment.practitioner_id,
                argon=FAST_FOR_TESTS,
            )
            join(store, enrolment)
            # Until the last page is in: comparing sums and fetching history come after, with the store in use.
            here = [0]

            def watch(_step: str, done: int, _total: int) -> None:
                here[0] = done

            spent = seconds(
                lambda: sync_once(
                    store,
                    transport,
                    progress=watch,
                    cancelled=lambda: here[0] >= people * (CHILDREN + 1),
                )
            )
            assert here[0] >= people * (CHILDREN + 1)
            transport.close()
            if not same:
                same.append(Same(store))
            store.close()
            return spent

        def reference() -> float:
            if not same:
                ours()
            store = new_store(folder / f"bare-{next(bare)}")
            spent = seconds(lambda: store.write(same[0].put))
            store.close()
            return spent

        try:
            mine, theirs = paired(ours, reference, rounds=rounds)
        finally:
            server.stdin.close()
            server.wait()
            server.stdout.close()
        yield Measured(
            id="P5",
            what=f"first load of {people * (CHILDREN + 1):,} records over HTTP with search",
            reference_is="bare executemany of the same rows with the same search tables",
            unit="s",
            ours=mine,
            reference=theirs,
            reach=1.8,
            rounds=rounds,
        )
