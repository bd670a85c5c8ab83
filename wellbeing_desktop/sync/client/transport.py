"""One message to the server and its answer, over HTTPS, or one SyncProblem in words.

A network is hostile until the answer proves otherwise: the certificate, the content type, the protocol version, the
length, the digest and the expanded size are checked before one byte is decoded. Redirects to another host, proxies
from the environment and plain HTTP to anywhere but this computer do not exist.
"""

import contextlib
import hashlib
import io
import ssl
import time
from base64 import b64encode
from collections.abc import Callable, Mapping
from typing import Any, Final, Protocol
from urllib.parse import urljoin

import msgspec
import urllib3
import zstandard
from urllib3 import exceptions as wire

from wellbeing_desktop.domain.errors import Refused, SyncProblem
from wellbeing_desktop.sync.client.address import ServerAddress, is_this_computer, server_address
from wellbeing_desktop.sync.client.problems import problem, server_said
from wellbeing_desktop.sync.client.trust import certificate_problem_kind, tls_context

PROTOCOL: Final = "sync/1"
PROTOCOL_HEADER: Final = "Wellbeing-Protocol"

_SMALLEST_TO_COMPRESS: Final = 1024
_REDIRECTS_THAT_KEEP_THE_MESSAGE: Final = frozenset({307, 308})
_MOST_REDIRECTS: Final = 3
_PIECE: Final = 256 * 1024


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """How long and how much. Seconds and bytes; `whole_seconds` ends a reply that only drips."""

    connect_seconds: float = 10.0
    read_seconds: float = 60.0
    whole_seconds: float = 300.0
    compressed_bytes: int = 16 * 1024 * 1024
    expanded_bytes: int = 64 * 1024 * 1024


class Transport(Protocol):
    """What the rest of the client asks of the way to the server. Tests put a faulty one in its place."""

    def post(self, path: str, message: bytes, *, token: str = "") -> bytes:
        """Send one JSON message and return the JSON of a good answer. Raises SyncProblem for anything else."""
        ...

    def close(self) -> None: ...


class HttpTransport:
    """The real way. Keeps its connection between messages; used by one thread at a time but for `close`."""

    def __init__(
        self,
        address: ServerAddress,
        *,
        proxy: str = "",
        organisation_authority: str = "",
        limits: Limits | None = None,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """`proxy` is an http:// address from the settings, empty for none. Raises Refused if it is not an address."""
        if address.scheme != "https" and not is_this_computer(address.host):
            raise Refused("The server address must begin with https:// so that nobody on the way can read the records.")
        self._address = address
        self._limits = limits or Limits()
        self._monotonic = monotonic
        timeout = urllib3.Timeout(connect=self._limits.connect_seconds, read=self._limits.read_seconds)
        settings: dict[str, Any] = {"timeout": timeout, "retries": False, "maxsize": 2, "block": False}
        if address.scheme == "https":
            settings["ssl_context"] = tls_context(organisation_authority)
        self._pool: urllib3.PoolManager
        if proxy:
            try:
                self._pool = urllib3.ProxyManager(proxy, **settings)
            except (wire.ProxySchemeUnknown, wire.LocationParseError) as error:
                raise Refused("The proxy must be an address that begins with http:// or https://.") from error
        else:
            self._pool = urllib3.PoolManager(**settings)

    @property
    def address(self) -> ServerAddress:
        """Where messages go now: a redirect on the same host is remembered."""
        return self._address

    def post(self, path: str, message: bytes, *, token: str = "") -> bytes:
        headers = {
            "Content-Type": "application/json",
            "Accept": "application/json, application/problem+json",
            "Accept-Encoding": "zstd",
            PROTOCOL_HEADER: PROTOCOL,
        }
        if token:
            headers["Authorization"] = f"Bearer {token}"
        if len(message) >= _SMALLEST_TO_COMPRESS:
            message = zstandard.ZstdCompressor(level=1, write_checksum=True).compress(message)
            headers["Content-Encoding"] = "zstd"
        with _told_in_words():
            reply = self._send(path, message, headers)
            try:
                return self._answer(reply)
            finally:
                # A reply that was read to its end has given its connection back; any other must not be used again.
                reply.close()

    def close(self) -> None:
        self._pool.clear()

    def _send(self, path: str, message: bytes, headers: Mapping[str, str]) -> urllib3.BaseHTTPResponse:
        for _ in range(_MOST_REDIRECTS + 1):
            reply = self._pool.request(
                "POST",
                self._address.url + path,
                body=message,
                headers=dict(headers),
                redirect=False,
                preload_content=False,
                decode_content=False,
            )
            if not 300 <= reply.status < 400:
                return reply
            reply.close()
            self._address = self._redirected(reply, path)
        raise problem("redirected")

    def _redirected(self, reply: urllib3.BaseHTTPResponse, path: str) -> ServerAddress:
        """The new address if the message may follow: same host, same scheme and port, and kept whole."""
        target = urljoin(self._address.url + path, reply.headers.get("Location", ""))
        if reply.status not in _REDIRECTS_THAT_KEEP_THE_MESSAGE or not target.endswith(path):
            # A portal answers so; a Wellbeing server does not.
            raise problem("sign_in_page" if reply.status in (302, 303) else "redirected")
        try:
            new = server_address(target.removesuffix(path))
        except Refused as refusal:
            raise problem("redirected") from refusal
        if new.origin != self._address.origin:
            raise problem("redirected")
        return new

    def _answer(self, reply: urllib3.BaseHTTPResponse) -> bytes:
        content_type = reply.headers.get("Content-Type", "").partition(";")[0].strip().lower()
        ours = reply.headers.get(PROTOCOL_HEADER, "") == PROTOCOL
        if reply.status == 200:
            if not ours or content_type != "application/json":
                raise problem("sign_in_page" if content_type == "text/html" else "not_our_server")
            return self._body(reply)
        raise self._refusal(reply, ours and content_type in ("application/json", "application/problem+json"))

    def _refusal(self, reply: urllib3.BaseHTTPResponse, ours: bool) -> SyncProblem:
        details: dict[str, Any] = {}
        if ours:
            with contextlib.suppress(msgspec.DecodeError, SyncProblem):
                told = msgspec.json.decode(self._body(reply))
                details = told if isinstance(told, dict) else {}
        with contextlib.suppress(ValueError):
            details.setdefault("retry_after", float(reply.headers.get("Retry-After", "")))
        return server_said(_kind_of_status(reply.status, ours, details), details)

    def _body(self, reply: urllib3.BaseHTTPResponse) -> bytes:
        """The whole body, checked and expanded."""
        limits = self._limits
        deadline = self._monotonic() + limits.whole_seconds
        received = io.BytesIO()
        for piece in reply.stream(_PIECE, decode_content=False):
            received.write(piece)
            if received.tell() > limits.compressed_bytes:
                raise problem("reply_too_large")
            if self._monotonic() > deadline:
                raise problem("timed_out")
        body = received.getvalue()
        digest = reply.headers.get("Content-Digest", "")
        if digest.startswith("sha-256=") and digest != content_digest(body):
            raise problem("reply_damaged")
        encoding = reply.headers.get("Content-Encoding", "").strip().lower()
        if encoding == "zstd":
            return expanded(body, limits.expanded_bytes)
        if encoding not in ("", "identity"):
            raise problem("reply_damaged")
        return body


def content_digest(body: bytes) -> str:
    """The Content-Digest header (RFC 9530) of a body as it travels."""
    return f"sha-256=:{b64encode(hashlib.sha256(body).digest()).decode()}:"


def expanded(body: bytes, most: int) -> bytes:
    """A zstd frame expanded to at most `most` bytes. Raises SyncProblem: reply_damaged, reply_too_large, cut short."""
    try:
        declared = zstandard.get_frame_parameters(body).content_size
        if declared != zstandard.CONTENTSIZE_UNKNOWN and declared > most:
            raise problem("reply_too_large")
        with zstandard.ZstdDecompressor(max_window_size=2**27).stream_reader(io.BytesIO(body)) as reader:
            whole = reader.read(most + 1)
    except zstandard.ZstdError as error:
        raise problem("reply_damaged") from error
    if len(whole) > most:
        raise problem("reply_too_large")
    if declared != zstandard.CONTENTSIZE_UNKNOWN and len(whole) != declared:
        raise problem("reply_cut_short")
    return whole


def _kind_of_status(status: int, ours: bool, details: Mapping[str, Any]) -> str:
    if not ours:
        return _KIND_OF_STRANGERS_STATUS.get(status, "server_fault" if status >= 500 else "not_our_server")
    kind = details.get("kind")
    if isinstance(kind, str) and kind in _KINDS_A_SERVER_MAY_NAME:
        return kind
    return _KIND_OF_STATUS.get(status, "server_fault" if status >= 500 else "request_refused")


# Set by a proxy, a balancer or a portal in front of the server, so without our header.
_KIND_OF_STRANGERS_STATUS: Final[Mapping[int, str]] = {
    407: "proxy_failed",
    408: "timed_out",
    413: "too_much_at_once",
    429: "busy",
    502: "unavailable",
    503: "unavailable",
    504: "unavailable",
    511: "sign_in_page",
}

_KIND_OF_STATUS: Final[Mapping[int, str]] = {
    401: "sign_in_again",
    403: "revoked",
    408: "timed_out",
    409: "new_history",
    410: "resync",
    413: "too_much_at_once",
    426: "upgrade",
    429: "busy",
    502: "unavailable",
    503: "unavailable",
    504: "unavailable",
}

_KINDS_A_SERVER_MAY_NAME: Final = frozenset(
    {
        "sign_in_again",
        "revoked",
        "waiting_for_approval",
        "approval_refused",
        "code_not_right",
        "new_history",
        "forked",
        "resync",
        "too_much_at_once",
        "upgrade",
        "busy",
        "unavailable",
    }
)


@contextlib.contextmanager
def _told_in_words() -> Any:
    """Turn what the network library raises into a SyncProblem."""
    try:
        yield
    except wire.NameResolutionError as error:
        raise problem("name_not_found") from error
    except wire.ProxyError as error:
        raise problem("proxy_failed") from error
    except wire.NewConnectionError as error:
        refused = isinstance(error.__cause__, ConnectionRefusedError)
        raise problem("connection_refused" if refused else "unreachable") from error
    except wire.TimeoutError as error:
        raise problem("timed_out") from error
    except wire.SSLError as error:
        cause = error.args[0] if error.args else None
        kind = certificate_problem_kind(cause) if isinstance(cause, ssl.SSLError) else "tls_failed"
        raise problem(kind) from error
    except (wire.IncompleteRead, wire.InvalidChunkLength) as error:
        raise problem("reply_cut_short") from error
    except wire.ProtocolError as error:
        cut_short = any(isinstance(part, wire.IncompleteRead | wire.InvalidChunkLength) for part in error.args)
        raise problem("reply_cut_short" if cut_short else "connection_lost") from error
    except wire.HTTPError as error:
        raise problem("connection_lost") from error
    except OSError as error:
        raise problem("unreachable") from error
