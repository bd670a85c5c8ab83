"""One message to the server and its answer, over HTTPS, or one SyncProblem in words.

A network is hostile until the answer proves otherwise: the certificate, the content type, the protocol version, the
length, the digest and the expanded size are checked before one byte is decoded. Redirects to another host, proxies
from the environment and plain HTTP to anywhere but this computer do not exist.
"""

import contextlib
import io
import re
import ssl
import time
from collections.abc import Callable, Mapping
from typing import Any, Final
from urllib.parse import urljoin

import msgspec
import urllib3
from urllib3 import exceptions as wire

from wellbeing_desktop.domain.errors import Refused, SyncProblem
from wellbeing_desktop.sync.client.address import ServerAddress, is_this_computer, server_address
from wellbeing_desktop.sync.client.conversation import BlobAnswer
from wellbeing_desktop.sync.client.problems import problem, server_said
from wellbeing_desktop.sync.client.proxy import Proxy, check_proxy
from wellbeing_desktop.sync.client.trust import certificate_problem_kind, tls_context
from wellbeing_desktop.sync.protocol.file_parts import BYTES_TYPE
from wellbeing_desktop.sync.protocol.limits import MAX_REPLY_BYTES
from wellbeing_desktop.sync.protocol.message import CONTENT_TYPE, PROBLEM_TYPE, PROTOCOL
from wellbeing_desktop.sync.protocol.message import Problem as ProblemBody
from wellbeing_desktop.sync.protocol.transfer import TooLarge, Unreadable, compress, content_digest, expand
from wellbeing_desktop.sync.signing import Access

_REDIRECTS_THAT_KEEP_THE_MESSAGE: Final = frozenset({307, 308})
_MOST_REDIRECTS: Final = 3
_PIECE: Final = 256 * 1024


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """How long and how much. Seconds and bytes; `whole_seconds` ends a reply that only drips."""

    connect_seconds: float = 10.0
    read_seconds: float = 60.0
    whole_seconds: float = 300.0
    compressed_bytes: int = 16 * 1024 * 1024
    expanded_bytes: int = MAX_REPLY_BYTES


class HttpTransport:
    """The real way. Keeps its connection between messages; used by one thread at a time but for `close`."""

    def __init__(
        self,
        address: ServerAddress,
        *,
        proxy: Proxy | str = "",
        organisation_authority: str = "",
        limits: Limits | None = None,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """`proxy` comes from the settings, empty for none. Raises Refused if it is not an address."""
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
        way = (check_proxy(proxy) if proxy else Proxy()) if isinstance(proxy, str) else proxy
        if way.url:
            signed = urllib3.make_headers(proxy_basic_auth=f"{way.user}:{way.password}") if way.user else None
            self._pool = urllib3.ProxyManager(way.url, proxy_headers=signed, **settings)
        else:
            self._pool = urllib3.PoolManager(**settings)

    @property
    def address(self) -> ServerAddress:
        """Where messages go now: a redirect on the same host is remembered."""
        return self._address

    def post(self, path: str, message: bytes, *, access: Access | None = None) -> bytes:
        headers = {
            "Content-Type": CONTENT_TYPE,
            "Accept": f"{CONTENT_TYPE}, {PROBLEM_TYPE}",
            "Accept-Encoding": "zstd",
        }
        message, encoding = compress(message, "zstd")
        if encoding:
            headers["Content-Encoding"] = encoding
        if access is not None:
            headers |= access.headers("POST", path, content_digest(message))
        with _told_in_words():
            reply = self._send(path, message, headers)
            try:
                return self._answer(reply)
            finally:
                # A reply that was read to its end has given its connection back; any other must not be used again.
                reply.close()

    def blob(
        self, method: str, path: str, *, access: Access, body: bytes = b"", headers: Mapping[str, str]
    ) -> BlobAnswer:
        digest = headers.get("Content-Digest") or content_digest(body)
        sent = {
            **headers,
            "Accept": f"{BYTES_TYPE}, {PROBLEM_TYPE}",
            "Accept-Encoding": "identity",
            **access.headers(method, path, digest, range=headers.get("Range", "")),
        }
        if method == "PUT":
            sent |= {"Content-Type": BYTES_TYPE, "Content-Length": str(len(body))}
        with _told_in_words():
            reply = self._send(path, body, sent, method)
            try:
                if reply.status in (200, 206) and _content_type(reply) == BYTES_TYPE:
                    found = b"" if method == "HEAD" else self._body(reply)
                    if method == "GET" and not reply.headers.get("Content-Digest"):
                        raise problem("reply_damaged")
                    return BlobAnswer(reply.headers.get("Blob-State", ""), reply.headers.get("Blob-Have", ""), found)
                if method == "HEAD" and _content_type(reply) == PROBLEM_TYPE:  # a reply to HEAD has no body to read
                    raise server_said(_KIND_BY_STATUS_OF_FILES.get(reply.status, "request_refused"))
                if reply.status in (200, 206):
                    raise problem("sign_in_page" if _content_type(reply) == "text/html" else "not_our_server")
                self._answer(reply)
                raise problem("not_our_server")
            finally:
                reply.close()

    def close(self) -> None:
        self._pool.clear()

    def _send(
        self, path: str, message: bytes, headers: Mapping[str, str], method: str = "POST"
    ) -> urllib3.BaseHTTPResponse:
        for _ in range(_MOST_REDIRECTS + 1):
            reply = self._pool.request(
                method,
                self._address.url + path,
                # from a stream in small pieces, each in its time: a mebibyte at once had to be gone in ten seconds
                body=io.BytesIO(message) if method == "PUT" else message or None,
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
        content_type = _content_type(reply)
        if reply.status == 200:
            if content_type != CONTENT_TYPE:
                raise problem("sign_in_page" if content_type == "text/html" else "not_our_server")
            return self._body(reply)
        told: ProblemBody | None = None
        if content_type == PROBLEM_TYPE:
            with contextlib.suppress(msgspec.DecodeError, SyncProblem):
                told = msgspec.json.decode(self._body(reply), type=ProblemBody)
        if told is None or told.protocol != PROTOCOL:
            raise problem(_STRANGERS.get(reply.status, "server_fault" if reply.status >= 500 else "not_our_server"))
        word = told.type.rpartition(":")[2]
        kind = _KIND_BY_WORD.get(word) or _KIND_BY_STATUS.get(
            reply.status, "server_fault" if reply.status >= 500 else "request_refused"
        )
        retry_after = float(told.retry_after)
        with contextlib.suppress(ValueError):
            retry_after = max(retry_after, float(reply.headers.get("Retry-After", "0")))
        raise server_said(
            kind,
            retry_after_seconds=retry_after,
            epoch=told.epoch,
            seal=told.seal,
            seal_signature=told.seal_signature,
        )

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
        try:
            return expand(body, reply.headers.get("Content-Encoding", "").strip().lower(), limits.expanded_bytes)
        except TooLarge as error:
            raise problem("reply_too_large") from error
        except Unreadable as error:
            raise problem("reply_damaged") from error


def _content_type(reply: urllib3.BaseHTTPResponse) -> str:
    return reply.headers.get("Content-Type", "").partition(";")[0].strip().lower()


# Said by a proxy, a balancer or a portal in front of the server: not in our protocol, so it can neither revoke this
# laptop nor send it anywhere.
_STRANGERS: Final[Mapping[int, str]] = {
    407: "proxy_sign_in",
    408: "timed_out",
    413: "too_much_at_once",
    429: "busy",
    502: "unavailable",
    503: "unavailable",
    504: "unavailable",
    511: "sign_in_page",
}

_KIND_BY_STATUS: Final[Mapping[int, str]] = {
    401: "sign_in_again",
    403: "revoked",
    408: "timed_out",
    409: "new_history",
    410: "resync",
    413: "too_much_at_once",
    426: "upgrade",
    429: "busy",
    503: "unavailable",
}

_KIND_BY_STATUS_OF_FILES: Final[Mapping[int, str]] = {**_KIND_BY_STATUS, 404: "file_not_there"}

_KIND_BY_WORD: Final[Mapping[str, str]] = {
    "session": "sign_in_again",
    "signature": "sign_in_again",
    "revoked": "revoked",
    "leaving": "leaving",
    "may-not": "may_not",
    "unknown": "another_organisation",
    "pending": "waiting_for_approval",
    "refused": "approval_refused",
    "code": "code_not_right",
    "epoch": "new_history",
    "forked": "forked",
    "resync": "resync",
    "too-large": "too_much_at_once",
    "upgrade": "upgrade",
    "too-many": "busy",
    "unavailable": "unavailable",
    "not-found": "not_our_server",
    "no-file": "file_not_there",
    "no-person": "no_person",
    "stood-aside": "stood_aside",
    "part-damaged": "part_damaged",
    "file-too-large": "file_too_large",
    "files-full": "files_full",
}


_TUNNEL_ANSWER: Final = re.compile(r"Tunnel connection failed: (\d{3})")
_TUNNEL_REFUSED: Final[Mapping[int, str]] = {407: "proxy_sign_in", 403: "proxy_refused", 405: "proxy_refused"}


def _proxy_kind(error: wire.ProxyError) -> str:
    """A proxy that could not be reached, that asks for a password, that forbids, or that cannot get through."""
    answer = _TUNNEL_ANSWER.search(str(error.original_error))
    if answer is None:
        return "proxy_failed"
    status = int(answer.group(1))
    return _TUNNEL_REFUSED.get(status, "proxy_no_way" if status >= 500 else "proxy_refused")


@contextlib.contextmanager
def _told_in_words() -> Any:
    """Turn what the network library raises into a SyncProblem."""
    try:
        yield
    except wire.NameResolutionError as error:
        raise problem("name_not_found") from error
    except wire.ProxyError as error:
        raise problem(_proxy_kind(error)) from error
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
