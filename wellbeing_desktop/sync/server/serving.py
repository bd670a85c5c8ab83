"""Serving until told to stop: TLS, patience with slow callers, workers beside each other, an orderly end.

On SIGTERM or Ctrl+C no new connection is taken, what is in hand is answered (at most 30 seconds), long polls end, and
the database is closed. What was answered was committed before; so nothing that was acknowledged can be lost here.
On SIGHUP the certificate is read anew.
"""

import asyncio
import contextlib
import os
import signal
import socket
import ssl
import stat
import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from types import FrameType
from typing import Any, Final

import uvicorn
from starlette.applications import Starlette
from uvicorn.protocols.http.h11_impl import H11Protocol

from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.sync.server.engine import EngineProblem
from wellbeing_desktop.sync.server.settings import Settings

GRACE_SECONDS: Final = 30
HEAD_SECONDS: Final = 15.0
"""How long the head of a request may take to arrive; its body has `Settings.request_seconds`."""
HEAD_BYTES: Final = 16 * 1024
CIPHERS: Final = "ECDHE+AESGCM:ECDHE+CHACHA20"
"""For TLS 1.2: forward secrecy and authenticated encryption only. TLS 1.3 has nothing else."""


class PatientProtocol(H11Protocol):
    """HTTP that waits only so long for the head of a request: a caller that drips holds no place for ever."""

    _late: asyncio.TimerHandle | None = None

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        self._wait_for_head()

    def data_received(self, data: bytes) -> None:
        if self._late is None and self._is_between_requests():
            self._wait_for_head()
        super().data_received(data)
        if not self._is_between_requests():
            self._stop_waiting()

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_waiting()
        super().connection_lost(exc)

    def _is_between_requests(self) -> bool:
        return self.cycle is None or self.cycle.response_complete

    def _wait_for_head(self) -> None:
        self._late = self.loop.call_later(HEAD_SECONDS, self._give_up)

    def _stop_waiting(self) -> None:
        if self._late is not None:
            self._late.cancel()
            self._late = None

    def _give_up(self) -> None:
        self._late = None
        if self._is_between_requests() and not self.transport.is_closing():
            self.transport.close()


class OrderlyServer(uvicorn.Server):
    """Tells the application when it is to end (`app.state.stopping`), and reads the certificate anew on SIGHUP."""

    def __init__(self, config: uvicorn.Config, app: Starlette) -> None:
        super().__init__(config)
        self._app = app

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        self._app.state.stopping.set()
        super().handle_exit(sig, frame)

    def reload_certificate(self) -> None:
        """For new connections; a pair that does not fit leaves the old one in place."""
        context, config = self.config.ssl, self.config
        if context is not None and config.ssl_certfile is not None:
            try:
                context.load_cert_chain(config.ssl_certfile, config.ssl_keyfile)
                sys.stderr.write("The certificate was read anew.\n")
            except (OSError, ssl.SSLError):
                sys.stderr.write("The new certificate could not be used. The old one stays.\n")


def uvicorn_config(app: Starlette, settings: Settings) -> uvicorn.Config:
    """How we serve. Raises Refused for a certificate that cannot be used."""
    config = uvicorn.Config(
        app,
        host=settings.host,
        port=settings.port,
        http=PatientProtocol,
        ssl_certfile=os.fspath(settings.certificate) if settings.certificate else None,
        ssl_keyfile=os.fspath(settings.certificate_key) if settings.certificate_key else None,
        ssl_ciphers=CIPHERS,
        log_config=None,
        access_log=False,
        ws="none",
        lifespan="on",
        server_header=False,
        h11_max_incomplete_event_size=HEAD_BYTES,
        timeout_keep_alive=20,
        timeout_graceful_shutdown=GRACE_SECONDS,
    )
    if settings.certificate is not None:
        check_key_file(settings.certificate_key)
    try:
        config.load()
    except (OSError, ssl.SSLError) as error:
        raise Refused("The certificate and its key cannot be read, or do not fit one another.") from error
    if config.ssl is not None:
        config.ssl.minimum_version = ssl.TLSVersion.TLSv1_2
    return config


def check_key_file(path: Path | None) -> None:
    """Raises Refused for a key that others on this computer may read."""
    if path is None:
        raise Refused("A certificate needs its key: --certificate-key.")
    try:
        mode = path.stat().st_mode
    except OSError as error:
        raise Refused("The certificate's key cannot be read.") from error
    if os.name != "nt" and mode & (stat.S_IROTH | stat.S_IWOTH | stat.S_IWGRP):
        raise Refused(
            "The certificate's key can be read by everybody on this computer. "
            "Only the server's own account may read it: chmod 600."
        )


def run(app: Starlette, settings: Settings, sockets: Sequence[socket.socket] = ()) -> None:
    """Serve until a signal ends it; returns when everything in hand was answered."""
    server = OrderlyServer(uvicorn_config(app, settings), app)
    # uvicorn sends itself the signal again when it has ended; the database must be closed first
    for sign in (signal.SIGTERM, signal.SIGINT):
        signal.signal(sign, lambda _sig, _frame: None)
    if hasattr(signal, "SIGHUP"):
        signal.signal(signal.SIGHUP, lambda _sig, _frame: server.reload_certificate())
    server.run(sockets=list(sockets) or None)


def run_workers(arguments: Sequence[str], settings: Settings, count: int) -> None:
    """Several processes of this program on one port, each with its own connections to one PostgreSQL.

    The port is opened once and handed down. A worker that dies is started again; a signal ends them all in order.
    """
    if sys.platform == "win32":
        raise Refused("Several workers are for Linux servers. Run several servers on several ports instead.")
    if settings.certificate is not None:
        check_key_file(settings.certificate_key)
    listener = socket.create_server((settings.host, settings.port), backlog=2048)
    with listener:
        listener.set_inheritable(True)
        command = [
            sys.executable,
            "-m",
            "wellbeing_desktop.sync.server",
            *arguments,
            "--socket",
            str(listener.fileno()),
        ]
        ended = threading.Event()
        running: list[subprocess.Popen[bytes]] = []

        def start() -> subprocess.Popen[bytes]:
            return subprocess.Popen(command, pass_fds=(listener.fileno(),))

        def stop(_sig: int, _frame: FrameType | None) -> None:
            ended.set()

        def reload(_sig: int, _frame: FrameType | None) -> None:
            for worker in running:
                worker.send_signal(signal.SIGHUP)

        for sign in (signal.SIGTERM, signal.SIGINT):
            signal.signal(sign, stop)
        signal.signal(signal.SIGHUP, reload)
        running += [start() for _ in range(count)]
        quick_deaths = 0
        while not ended.wait(1.0):
            for place, worker in enumerate(running):
                if worker.poll() is not None:
                    quick_deaths += 1
                    if quick_deaths > 10 * count:
                        ended.set()
                        break
                    sys.stderr.write("A worker ended and is started again.\n")
                    running[place] = start()
        _end(running)
        if quick_deaths > 10 * count:
            raise EngineProblem("The workers do not stay up. What they say above tells why.")


def _end(running: list[subprocess.Popen[bytes]]) -> None:
    for worker in running:
        with contextlib.suppress(ProcessLookupError):
            worker.terminate()
    for worker in running:
        try:
            worker.wait(GRACE_SECONDS + 15)
        except subprocess.TimeoutExpired:
            worker.kill()
