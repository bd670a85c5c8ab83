"""A server in a process of its own, for tests that kill it."""

import threading
from collections.abc import Callable
from pathlib import Path

from wellbeing_desktop.storage.keys import StoreKey
from wellbeing_desktop.sync.server.engine import Engine
from wellbeing_desktop.sync.server.local import running_server
from wellbeing_desktop.sync.server.postgres_engine import PostgresEngine
from wellbeing_desktop.sync.server.service import Service
from wellbeing_desktop.sync.server.sqlite_engine import SqliteEngine


def serve(tell: Callable[[str], None], folder: str, key: str, org: str, database: str) -> None:
    """Tells its address, and serves until it is killed."""
    engine: Engine
    engine = PostgresEngine(database) if database else SqliteEngine(Path(folder), StoreKey(bytes.fromhex(key)))
    with running_server(Service(engine, org)) as url:
        tell(url)
        threading.Event().wait()
