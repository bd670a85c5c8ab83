"""Run as a process of its own: serves a prepared server folder on loopback until its standard input closes.

python -m benchmarks.serving FOLDER
"""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.stores import ROOT, SERVER_KEY
from wellbeing_desktop.sync.server.local import running_server
from wellbeing_desktop.sync.server.service import Service
from wellbeing_desktop.sync.server.sqlite_engine import SqliteEngine


@contextmanager
def serving(folder: Path) -> Iterator[tuple[str, Service]]:
    """The address of a server process on this folder, and the service beside it for making members and codes."""
    service = Service(SqliteEngine(folder, SERVER_KEY))
    child = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.serving", str(folder)],
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
        yield address, service
    finally:
        child.stdin.close()
        child.wait(30)
        service.engine.close()


def main() -> None:
    service = Service(SqliteEngine(Path(sys.argv[1]), SERVER_KEY))
    with running_server(service) as address:
        print(address, flush=True)
        sys.stdin.read()
    service.engine.close()


if __name__ == "__main__":
    main()
