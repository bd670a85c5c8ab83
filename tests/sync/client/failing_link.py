"""A real TCP link to a real server that can be cut: after so many bytes one way, each connection is dropped."""

import contextlib
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field


@dataclass
class FailingLink:
    """`up` and `down` are how many more bytes pass towards the server and back; None for all. At nought the link is
    dead until more is allowed. `passed` counts both."""

    target: tuple[str, int]
    up: int | None = None
    down: int | None = None
    passed: dict[str, int] = field(default_factory=lambda: {"up": 0, "down": 0})
    url: str = ""

    def mend(self) -> None:
        self.up = self.down = None

    def take(self, way: str, count: int) -> int:
        """How many of these bytes may pass."""
        left = getattr(self, way)
        allowed = count if left is None else min(count, left)
        if left is not None:
            setattr(self, way, left - allowed)
        self.passed[way] += allowed
        return allowed

    def carry(self, source: socket.socket, target: socket.socket, way: str) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                allowed = self.take(way, len(data))
                target.sendall(data[:allowed])
                if allowed < len(data):
                    break
        for end in (source, target):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)


@contextlib.contextmanager
def failing_link(url: str) -> Iterator[FailingLink]:
    host, _, port = url.removeprefix("http://").partition(":")
    link = FailingLink((host, int(port)))
    listener = socket.create_server(("127.0.0.1", 0))
    link.url = f"http://127.0.0.1:{listener.getsockname()[1]}"

    threads: list[threading.Thread] = []
    sockets: list[socket.socket] = []

    def connect(client: socket.socket) -> None:
        """One connection, both ways, until either end or the link has had enough."""
        with client, socket.create_connection(link.target) as server:
            sockets.extend((client, server))
            for end in (client, server):
                end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            down = threading.Thread(target=link.carry, args=(server, client, "down"))
            down.start()
            link.carry(client, server, "up")
            down.join()

    def serve() -> None:
        while True:
            try:
                client, _ = listener.accept()
            except OSError:
                return
            threads.append(threading.Thread(target=connect, args=(client,)))
            threads[-1].start()

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield link
    finally:
        for end in (listener, *sockets):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
        listener.close()
        for each in (thread, *threads):
            each.join(5)
