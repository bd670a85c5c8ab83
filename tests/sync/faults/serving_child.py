"""A server in a process of its own, for tests that kill it.

`python -m tests.sync.faults.serving_child FOLDER KEY ORG [DATABASE]` prints its address and serves until it is killed.
"""

import sys
from pathlib import Path

from wellbeing_desktop.storage.keys import StoreKey
from wellbeing_desktop.sync.server.engine import Engine
from wellbeing_desktop.sync.server.local import running_server
from wellbeing_desktop.sync.server.postgres_engine import PostgresEngine
from wellbeing_desktop.sync.server.service import Service
from wellbeing_desktop.sync.server.sqlite_engine import SqliteEngine


def main(folder: str, key: str, org: str, database: str = "") -> None:
    engine: Engine
    engine = PostgresEngine(database) if database else SqliteEngine(Path(folder), StoreKey(bytes.fromhex(key)))
    with running_server(Service(engine, org)) as url:
        sys.stdout.write(f"{url}\n")
        sys.stdout.flush()
        sys.stdin.read()


if __name__ == "__main__":
    main(*sys.argv[1:])
