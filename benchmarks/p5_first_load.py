"""P5: the first load of 110,000 records over HTTP, against executemany of the same rows into the same tables.

The reference writes prepared rows: every typed table with its indexes, the narrow `record` table and the three FTS
tables, in pages of the same size under the same profile. It fetches, decodes, checks and merges nothing.
"""

import itertools
import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks.measure import Measured, in_turn, percentile, seconds
from benchmarks.serving import serving
from benchmarks.stores import PASSPHRASE, bare_store, copy_of, run_folder
from wellbeing_desktop.domain.registry import RECORD_TYPES
from wellbeing_desktop.storage.connection import Reader, Writer
from wellbeing_desktop.storage.kdf import FAST_FOR_TESTS
from wellbeing_desktop.storage.statements import quoted
from wellbeing_desktop.storage.store import Store
from wellbeing_desktop.sync.client.address import server_address
from wellbeing_desktop.sync.client.pairing import enrol, join
from wellbeing_desktop.sync.client.session import sync_once
from wellbeing_desktop.sync.client.transport import HttpTransport
from wellbeing_desktop.sync.protocol.limits import PAGE_ROWS
from wellbeing_desktop.sync.server import members
from wellbeing_desktop.sync.server.service import Service


def run(quick: bool = False) -> Iterator[Measured]:
    people, rounds = (200, 1) if quick else (10_000, 5)
    numbers = itertools.count()
    with serving(copy_of(people, "p5-server", "server")) as (address, service):
        # one whole load first: what it stored is what the reference is to write
        first = _laptop(run_folder() / "p5-first", address, service)
        received = _load(first, address)
        pages = first.read(_prepared)
        first.close()

        def ours() -> float:
            folder = run_folder() / f"p5-{next(numbers)}"
            store = _laptop(folder, address, service)
            took = seconds(lambda: _load(store, address))
            store.close()
            shutil.rmtree(folder)
            return took

        def reference() -> float:
            with bare_store(f"p5-bare-{next(numbers)}") as writer:
                return seconds(lambda: _write(writer, pages))

        mine, theirs = in_turn(ours, reference, rounds=rounds, warm=False)
    yield Measured(
        id="P5",
        what=f"first load of {received:,} records over HTTP into a usable store with search",
        reference_is="bare executemany of the same rows into the same tables and FTS tables, same profile",
        unit="s",
        ours=percentile(mine, 0.5),
        reference=percentile(theirs, 0.5),
        reach=1.8,
        rounds=len(mine),
        notes="from a server process on its encrypted file; until the cursor is stored and the pull has caught up",
    )


def _laptop(folder: Path, address: str, service: Service) -> Store:
    """A store that has joined and holds nothing yet."""
    member = members.add_member(service, "Bench", ("owner",))
    code, _ends = members.invite(service, member, approved=True)
    transport = HttpTransport(server_address(address))
    enrolment = enrol(transport, server_address(address), code)
    transport.close()
    store, _kit = Store.create(
        folder,
        "Bench",
        PASSPHRASE,
        organisation_id=enrolment.membership.organisation,
        user_id=enrolment.practitioner_id,
        argon=FAST_FOR_TESTS,
    )
    join(store, enrolment)
    return store


def first_load(folder: Path, address: str, service: Service) -> tuple[int, float, float]:
    """One, into a new store: how many records came, seconds, and seconds of this process's own processor time."""
    store = _laptop(folder, address, service)
    begun, used = time.monotonic(), time.process_time()
    try:
        received = _load(store, address)
        return received, time.monotonic() - begun, time.process_time() - used
    finally:
        store.close()


def _load(store: Store, address: str) -> int:
    """Sync until everything is here; the comparing and the fetching of old versions that follow are left out."""
    is_here = False

    def watch(step: str, *_: int) -> None:
        nonlocal is_here
        is_here = is_here or step == "checking"

    transport = HttpTransport(server_address(address))
    try:
        report = sync_once(store, transport, progress=watch, cancelled=lambda: is_here)
    finally:
        transport.close()
    troubles = [problem.kind for problem in report.problems if problem.kind != "cancelled"]
    if troubles or not report.loaded:
        raise RuntimeError(f"the first load did not end well: {troubles}")
    return report.received


Page = list[tuple[str, list[tuple[Any, ...]]]]


def _prepared(reader: Reader) -> list[Page]:
    """What a loaded store holds, as statements and values, in pages as they came: by id."""
    ids = [found[0] for found in reader.rows("SELECT id FROM record ORDER BY id")]
    pages: list[Page] = []
    for start in range(0, len(ids), PAGE_ROWS):
        low, high = ids[start], ids[min(start + PAGE_ROWS, len(ids)) - 1]
        page: Page = []
        for name in RECORD_TYPES:
            rows = reader.rows(f"SELECT * FROM {quoted(name)} WHERE id BETWEEN ? AND ? ORDER BY id", (low, high))
            if rows:
                page.append((f"INSERT INTO {quoted(name)} VALUES ({_marks(rows)})", rows))
        records = reader.rows("SELECT * FROM record WHERE id BETWEEN ? AND ? ORDER BY id", (low, high))
        page.append((f"INSERT INTO record VALUES ({_marks(records)})", records))
        within = "number IN (SELECT number FROM record WHERE id BETWEEN ? AND ?) ORDER BY number"
        words = reader.rows(f"SELECT number, words FROM person_words WHERE {within}", (low, high))
        page.append(("INSERT INTO person_words (number, family, words) VALUES (?, '', ?)", words))
        page.append(("INSERT INTO find (rowid, words) VALUES (?, ?)", words))
        page.append(("INSERT INTO find_part (rowid, words) VALUES (?, ?)", words))
        texts = reader.rows(f"SELECT number, body FROM text_source WHERE {within}", (low, high))
        page.append(("INSERT INTO text (rowid, body) VALUES (?, ?)", texts))
        pages.append(page)
    return pages


def _marks(rows: list[tuple[Any, ...]]) -> str:
    return ", ".join("?" * len(rows[0]))


def _write(writer: Writer, pages: list[Page]) -> None:
    for page in pages:
        with writer.immediate():
            for sql, values in page:
                writer.executemany(sql, values)
