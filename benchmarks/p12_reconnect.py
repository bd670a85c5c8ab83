"""P12: laptops with 14 days of work each come back at once, to a server on a file and to one on PostgreSQL.

Each has 600 operations of about 5 kB (3 MB), pushes them with the client's own conversation, pulls once, and waits as it
is told to. The driver shares the machine with the server. A reply of 5xx without Retry-After counts as a failure; what
was acknowledged is looked for in the journal afterwards.
"""

import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.laptops import Laptop, all_at_once, resident_mb
from benchmarks.measure import Measured, percentile
from benchmarks.serving import new_server
from wellbeing_desktop.sync.server.service import Service

REACH_SECONDS = 60.0


def run(quick: bool = False) -> Iterator[Measured]:
    laptops, operations, words = (6, 60, 500) if quick else (200, 600, 5_000)
    for engine in ("file", "postgresql"):
        with tempfile.TemporaryDirectory(prefix="wb-") as folder:
            yield _measured(engine, Path(folder), laptops, operations, words)


def _measured(engine: str, folder: Path, count: int, operations: int, words: int) -> Measured:
    with new_server(engine, folder) as (address, service, number):
        laptops = [Laptop(address, service, f"Laptop {at}") for at in range(count)]
        work = [laptop.work(operations, words) for laptop in laptops]
        sizes = [sum(len(bytes(raw)) for request in each for raw in request.ops) for each in work]
        before, most, over = resident_mb(number), [0.0], threading.Event()

        def watch() -> None:
            while not over.wait(0.2):
                most[0] = max(most[0], resident_mb(number))

        watcher = threading.Thread(target=watch, daemon=True)
        watcher.start()
        start = time.monotonic()
        told = all_at_once(laptops, work)
        whole = time.monotonic() - start
        over.set()
        watcher.join()
        kept = _kept(service)
    acknowledged = sum(each.pushed for each in told)
    failures = [kind for each in told for kind in each.failures]
    seconds = [each.seconds for each in told]
    lost = acknowledged - kept
    return Measured(
        id=f"P12 {engine}",
        what=f"{count} laptops, {operations} operations and {sum(sizes) / count / 1e6:.1f} MB each, come back at once, p95",
        reference_is="the limit",
        unit="s",
        ours=percentile(seconds, 0.95),
        reference=REACH_SECONDS,
        reach=1.0 if not failures and not lost and acknowledged == count * operations else 0.0,
        rounds=1,
        notes=(
            f"median {percentile(seconds, 0.5):.1f} s, last {max(seconds):.1f} s, {acknowledged / whole:,.0f} operations a "
            f"second; told to wait {sum(each.asked_to_wait for each in told)} times; {len(failures)} other failures "
            f"{sorted(set(failures))}; {lost} acknowledged and lost; server {before:.0f} MB before, at most {most[0]:.0f} MB"
        ),
    )


def _kept(service: Service) -> int:
    row = service.engine.read(
        lambda transaction: transaction.one(
            "SELECT COUNT(*) FROM journal WHERE org = ? AND dev <> ?", (service.org, "server")
        )
    )
    return int(row[0]) if row else 0
