"""One HTTP connection to a server under test, for bytes that no client of ours would send."""

import http.client
from typing import Final
from urllib.parse import urlsplit

import zstandard
from laptop import signed

NOT_READ: Final = 0
"""In place of a status: the server refused the message by its size and closed before it had all of it."""


class Line:
    """One connection to the server."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self.connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=20)
        self.token = ""
        self.retry_after = ""

    def ask(self, method: str, path: str, body: bytes = b"", **headers: str) -> tuple[int, str, bytes]:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        if self.token:
            digest = named.pop("content-digest", "")
            named |= signed(self.token, method, path, body, digest=digest, range=named.get("range", ""))
        try:
            self.connection.request(method, path, body=body, headers=named)
        except (BrokenPipeError, ConnectionResetError):
            self.connection.close()  # the next request opens it again
            return NOT_READ, "", b""
        reply = self.connection.getresponse()
        data = reply.read()
        self.retry_after = reply.getheader("retry-after") or ""
        if reply.getheader("content-encoding") == "zstd":
            data = zstandard.ZstdDecompressor().decompressobj().decompress(data)
        return reply.status, reply.getheader("content-type") or "", data
