"""A real CONNECT proxy on loopback, well behaved or not, that writes down every byte it could read."""

import base64
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass
class ConnectProxy:
    """`answer` is what it says to CONNECT. `cut_after` ends a tunnel once the server has sent so many bytes."""

    user: str = ""
    password: str = ""
    answer: bytes = b"HTTP/1.1 200 Connection established\r\n\r\n"
    cut_after: int = 1 << 30
    asked: list[str] = field(default_factory=list)
    """The first line of each request."""
    sent: bytearray = field(default_factory=bytearray)
    """What clients sent after the head of their request: through a tunnel all of it is TLS."""
    address: str = ""

    def serve(self, listener: socket.socket) -> None:
        while True:
            try:
                client, _ = listener.accept()
            except OSError:
                return
            threading.Thread(target=self._talk, args=(client,), daemon=True).start()

    def _talk(self, client: socket.socket) -> None:
        with client:
            head = b""
            while b"\r\n\r\n" not in head:
                piece = client.recv(65536)
                if not piece:
                    return
                head += piece
            head, _, rest = head.partition(b"\r\n\r\n")
            self.sent += rest
            first, *lines = head.decode().split("\r\n")
            self.asked.append(first)
            if self.user and not self._is_let_in(lines):
                client.sendall(b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n")
                return
            client.sendall(self.answer)
            if b" 200 " not in self.answer:
                return
            host, _, port = first.split(" ")[1].rpartition(":")
            with socket.create_connection((host.strip("[]"), int(port))) as server:
                back = threading.Thread(target=self._back, args=(server, client), daemon=True)
                back.start()
                self._forth(client, server)
                back.join()

    def _forth(self, client: socket.socket, server: socket.socket) -> None:
        try:
            while piece := client.recv(65536):
                self.sent += piece
                server.sendall(piece)
            server.shutdown(socket.SHUT_WR)
        except OSError:
            return

    def _back(self, server: socket.socket, client: socket.socket) -> None:
        left = self.cut_after
        try:
            while left > 0 and (piece := server.recv(min(65536, left))):
                client.sendall(piece)
                left -= len(piece)
            client.shutdown(socket.SHUT_RDWR)
        except OSError:
            return

    def _is_let_in(self, lines: list[str]) -> bool:
        expected = base64.b64encode(f"{self.user}:{self.password}".encode()).decode()
        return any(line.lower() == f"proxy-authorization: basic {expected}".lower() for line in lines)


@contextmanager
def connect_proxy(proxy: ConnectProxy | None = None) -> Iterator[ConnectProxy]:
    proxy = proxy or ConnectProxy()
    with socket.create_server(("127.0.0.1", 0)) as listener:
        proxy.address = f"127.0.0.1:{listener.getsockname()[1]}"
        thread = threading.Thread(target=proxy.serve, args=(listener,), daemon=True)
        thread.start()
        try:
            yield proxy
        finally:
            listener.shutdown(socket.SHUT_RDWR)
    thread.join()
