"""The way to the server without a socket: everything of the real transport but the bytes on a line."""

import io
from collections.abc import Callable, Mapping

import urllib3
from urllib3.exceptions import ProtocolError

from tests.sync.client.misbehaving_server import Answer, Asked
from wellbeing_desktop.sync.client.address import server_address
from wellbeing_desktop.sync.client.transport import HttpTransport


class InProcess(HttpTransport):
    """Answers are made in this thread, and read by the real transport: status, headers, length, digest, expansion."""

    def __init__(self, url: str, answer: Callable[[Asked], Answer]) -> None:
        super().__init__(server_address(url))
        self._answering = answer

    def _send(self, path: str, message: bytes, headers: Mapping[str, str]) -> urllib3.BaseHTTPResponse:
        answer = self._answering(Asked(path, {name.lower(): value for name, value in headers.items()}, message))
        if answer.hang_up:
            raise ProtocolError("Connection aborted.")
        length = len(answer.body) if answer.declared_length is None else answer.declared_length
        return urllib3.HTTPResponse(
            body=io.BytesIO(answer.body),
            headers={**answer.headers, "Content-Length": str(length)},
            status=answer.status,
            preload_content=False,
            decode_content=False,
            request_method="POST",
        )
