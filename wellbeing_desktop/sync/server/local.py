"""A server on a loopback port of this computer, for tests, the demo and practice mode."""

import socket
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import uvicorn
from starlette.routing import BaseRoute

from wellbeing_desktop.storage.keys import StoreKey
from wellbeing_desktop.sync.server import history
from wellbeing_desktop.sync.server.app import make_app
from wellbeing_desktop.sync.server.engine import Engine, EngineProblem
from wellbeing_desktop.sync.server.organisations import new_organisation
from wellbeing_desktop.sync.server.postgres_engine import PostgresEngine
from wellbeing_desktop.sync.server.service import Service
from wellbeing_desktop.sync.server.serving import PatientProtocol
from wellbeing_desktop.sync.server.settings import Settings
from wellbeing_desktop.sync.server.sqlite_engine import SqliteEngine

START_SECONDS: Final = 20.0


class _QuietServer(uvicorn.Server):
    """Says when it listens; leaves the process's signals alone."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.listening: Final = threading.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.listening.set()


def new_service(name: str, folder: Path, *, database: str = "", key: StoreKey | None = None) -> Service:
    """A new organisation on a new engine: an encrypted file in `folder`, or the PostgreSQL database named. The key of
    the file is `key`, or a random one that lives as long as the process."""
    engine: Engine
    if database:
        engine = PostgresEngine(database, create=True)
    else:
        folder.mkdir(parents=True, exist_ok=True)
        engine = SqliteEngine(folder, key or StoreKey.new(), create=True)
    org = new_organisation(engine, name, history.server_now())
    return Service(engine, org)


@contextmanager
def running_server(
    service: Service, settings: Settings | None = None, *, port: int = 0, console: Sequence[BaseRoute] = ()
) -> Iterator[str]:
    """Serve on loopback in a background thread; gives the address. The engine stays open afterwards.

    `port` 0 takes a free one; a server that was stopped comes back under its address with the port that it had.
    """
    # asyncio turns Nagle off only where the protocol is named; without it every reply waits 40 ms for an ACK
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(("127.0.0.1", port))
    port = listener.getsockname()[1]
    app = make_app(service, settings or Settings(folder=Path()), console=console)
    server = _QuietServer(
        uvicorn.Config(
            app,
            http=PatientProtocol,
            log_config=None,
            access_log=False,
            lifespan="on",
            ws="none",
            timeout_graceful_shutdown=5,
        )
    )
    thread = threading.Thread(target=lambda: server.run(sockets=[listener]), name="local-server", daemon=True)
    thread.start()
    if not server.listening.wait(START_SECONDS):
        server.should_exit = True
        raise EngineProblem("The local server did not start.")
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        app.state.stopping.set()
        server.should_exit = True
        thread.join()
        listener.close()
