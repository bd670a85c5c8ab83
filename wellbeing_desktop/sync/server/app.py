"""The HTTP face of the server: plain handlers, one for each message of SYNC 3.4.

A handler reads the body within limits of size and time, decodes it, runs one call of the service on a thread, and
answers. A push never fails for its content. Logs say what was asked, by which laptop, with what result: never a name,
a code, a value or a path that holds one.
"""

import asyncio
import json
import logging
import re
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any, Final, TypeVar

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route
from starlette.types import Lifespan

from wellbeing_desktop.sync.protocol.comparing import DigestRequest
from wellbeing_desktop.sync.protocol.file_parts import (
    BYTES_TYPE,
    PART_BYTES,
    BlobDoneRequest,
    WantedRequest,
    ranges_text,
)
from wellbeing_desktop.sync.protocol.limits import MAX_REQUEST_BYTES
from wellbeing_desktop.sync.protocol.message import CONTENT_TYPE, PROBLEM_TYPE
from wellbeing_desktop.sync.protocol.oversight import (
    DecideRequest,
    EmergencyRequest,
    QuarantineRequest,
    RegisterRequest,
)
from wellbeing_desktop.sync.protocol.pulling import BucketRequest, PullRequest, SnapshotRequest
from wellbeing_desktop.sync.protocol.pushing import read_push
from wellbeing_desktop.sync.protocol.restoring import CommonRequest, SalvageRequest
from wellbeing_desktop.sync.protocol.signing_in import (
    NonceRequest,
    PairRequest,
    RekeyRequest,
    ReportRequest,
    SealedRequest,
    SessionRequest,
)
from wellbeing_desktop.sync.protocol.transfer import (
    TooLarge,
    Unreadable,
    compress,
    content_digest,
    decode,
    encode,
    expand,
)
from wellbeing_desktop.sync.protocol.waiting import WaitRequest
from wellbeing_desktop.sync.server import covering, history
from wellbeing_desktop.sync.server.blobs import Blobs
from wellbeing_desktop.sync.server.emergencies import Emergencies
from wellbeing_desktop.sync.server.engine import EngineBusy, EngineFull, EngineProblem
from wellbeing_desktop.sync.server.limits import Limit
from wellbeing_desktop.sync.server.operating import Figures, Operating
from wellbeing_desktop.sync.server.oversight import Oversight
from wellbeing_desktop.sync.server.problems import (
    Malformed,
    MethodRefused,
    NoFile,
    NotFound,
    PartDamaged,
    RequestTooLarge,
    SignatureRefused,
    SyncRefusal,
    TooMany,
    Unavailable,
)
from wellbeing_desktop.sync.server.recovery import Recovery
from wellbeing_desktop.sync.server.service import Reply, Service, encode_reply
from wellbeing_desktop.sync.server.settings import Settings
from wellbeing_desktop.sync.server.signatures import Signatures
from wellbeing_desktop.sync.server.upkeep import upkeep
from wellbeing_desktop.sync.server.waiters import WAIT_SECONDS, Waiters
from wellbeing_desktop.sync.signing import Asked

log: Final = logging.getLogger("wellbeing.server")

Message = TypeVar("Message")
Handler = Callable[[Request], Awaitable[Response]]

DECISION_BYTES: Final = 512 * 1024
SMALL_BYTES: Final = 16 * 1024
"""For everything but a push and an audit chain."""
_RANGE: Final = re.compile(r"bytes=(\d{1,18})-(\d{1,18})")


class _Server:
    """The handlers, with what they share."""

    def __init__(self, service: Service, settings: Settings) -> None:
        self._service = service
        self._settings = settings
        self._pairing = Limit(settings.pair_attempts_a_minute)
        self._sessions = Limit(settings.session_attempts_a_minute)
        self._laptops = Limit(settings.laptop_requests_a_minute)
        self._strangers = Limit(settings.stranger_requests_a_minute)
        self._places = asyncio.Semaphore(settings.requests_at_once)
        self._blobs = Blobs(service, settings)
        self._oversight = Oversight(service)
        self._signatures = Signatures(service)
        self.waiters = Waiters(service.news)
        self._recovery = Recovery(service)
        self._emergencies = Emergencies(service)
        self._file_places = asyncio.Semaphore(settings.files_at_once)

    async def health(self, request: Request) -> Response:
        return await self._answer(request, self._service.health)

    async def pair(self, request: Request) -> Response:
        self._strangers.check(_caller(request))
        self._pairing.check(_caller(request))
        message = await self._read(request, PairRequest, SMALL_BYTES)
        return await self._answer(request, lambda: self._service.pair(message))

    async def nonce(self, request: Request) -> Response:
        self._strangers.check(_caller(request))
        message = await self._read(request, NonceRequest, SMALL_BYTES)
        self._sessions.check(f"{_caller(request)} {message.device[:64]}")
        return await self._answer(request, lambda: self._service.nonce(message))

    async def session(self, request: Request) -> Response:
        self._strangers.check(_caller(request))
        message = await self._read(request, SessionRequest, SMALL_BYTES)
        self._sessions.check(f"{_caller(request)} {message.device[:64]}")
        return await self._answer(request, lambda: self._service.session(message))

    async def rekey(self, request: Request) -> Response:
        self._strangers.check(_caller(request))
        message = await self._read(request, RekeyRequest, SMALL_BYTES)
        self._sessions.check(f"{_caller(request)} {message.device[:64]}")
        return await self._answer(request, lambda: self._service.rekey(message))

    async def sealed(self, request: Request) -> Response:
        self._strangers.check(_caller(request))
        message = await self._read(request, SealedRequest, SMALL_BYTES)
        self._sessions.check(f"{_caller(request)} {message.device[:64]}")
        return await self._answer(request, lambda: self._service.sealed(message))

    async def push(self, request: Request) -> Response:
        dev = await self._device(request)
        data = await self._body(request, MAX_REQUEST_BYTES)

        def work() -> Reply:
            try:
                message = read_push(data)
            except TooLarge:
                raise RequestTooLarge from None
            except Unreadable:
                raise Malformed from None
            answer = self._service.push(dev, message)
            if any(b'"cover"' in bytes(raw) for raw in message.ops):
                covering.settle(self._service)
            return answer

        answer = await self._answer(request, work)
        self.waiters.something_came()
        return answer

    async def pull(self, request: Request) -> Response:
        dev = await self._device(request)
        message = await self._read(request, PullRequest, SMALL_BYTES)
        return await self._answer(request, lambda: self._service.pull(dev, message))

    async def snapshot(self, request: Request) -> Response:
        dev = await self._device(request)
        message = await self._read(request, SnapshotRequest, SMALL_BYTES)
        return await self._answer(request, lambda: self._service.snapshot(dev, message))

    async def bucket(self, request: Request) -> Response:
        dev = await self._device(request)
        message = await self._read(request, BucketRequest, SMALL_BYTES)
        return await self._answer(request, lambda: self._service.bucket(dev, message))

    async def digest(self, request: Request) -> Response:
        dev = await self._device(request)
        message = await self._read(request, DigestRequest, SMALL_BYTES)
        return await self._answer(request, lambda: self._service.digest(dev, message))

    async def quarantine(self, request: Request) -> Response:
        return await self._ask(request, QuarantineRequest, self._oversight.quarantine)

    async def decide(self, request: Request) -> Response:
        return await self._ask(request, DecideRequest, self._oversight.decide, DECISION_BYTES)

    async def report(self, request: Request) -> Response:
        return await self._ask(request, ReportRequest, self._oversight.report)

    async def register(self, request: Request) -> Response:
        return await self._ask(request, RegisterRequest, self._oversight.register)

    async def emergency(self, request: Request) -> Response:
        answer = await self._ask(request, EmergencyRequest, self._emergencies.ask)
        self.waiters.something_came()
        return answer

    async def common(self, request: Request) -> Response:
        return await self._ask(request, CommonRequest, self._recovery.common, DECISION_BYTES)

    async def salvage(self, request: Request) -> Response:
        return await self._ask(request, SalvageRequest, self._recovery.salvage, MAX_REQUEST_BYTES)

    async def _ask(
        self, request: Request, kind: type[Message], work: Callable[[str, Message], Reply], limit: int = SMALL_BYTES
    ) -> Response:
        """A message of a signed-in laptop, answered by one call."""
        dev = await self._device(request)
        message = await self._read(request, kind, limit)
        return await self._answer(request, lambda: work(dev, message))

    async def wait(self, request: Request) -> Response:
        """Holds no thread, no connection and no place among the requests while it waits. A clock that ran out wakes
        everybody who waits; who is not told of it waits on."""
        dev = await self._device(request)
        message = await self._read(request, WaitRequest, SMALL_BYTES)
        self._service.same_device(dev, message.device)
        end = time.monotonic() + WAIT_SECONDS
        while True:
            try:
                reply = await run_in_threadpool(self._service.wait, dev)
            except (EngineBusy, EngineFull) as error:
                raise Unavailable(5) from error
            left = end - time.monotonic()
            is_news = reply["seq"] > message.seq or (message.mark and reply["mark"] != message.mark)
            if is_news or left <= 0 or self.waiters.is_full or self.waiters.stopping.is_set():
                return await self._answer(request, lambda told=reply: told)  # type: ignore[misc]
            await self.waiters.until_after(message.seq, left)

    async def blob(self, request: Request) -> Response:
        """HEAD, GET and PUT of a file's bytes. Few at once: records never wait for them."""
        dev, sha = await self._device(request), request.path_params["sha"]
        async with self._file_places:
            try:
                match request.method:
                    case "PUT":
                        return await self._take_part(request, dev, sha)
                    case "GET":
                        return await self._give_bytes(request, dev, sha)
                    case _:
                        return await self._tell_parts(dev, sha)
            except (EngineBusy, EngineFull) as error:
                raise Unavailable(5 if isinstance(error, EngineBusy) else 300) from error

    async def _tell_parts(self, dev: str, sha: str) -> Response:
        status = await run_in_threadpool(self._blobs.status, dev, sha)
        headers = {
            "blob-state": "whole" if status.whole else "part",
            "blob-have": ranges_text(list(status.parts)),
        }
        return Response(b"", media_type=BYTES_TYPE, headers=headers)

    async def _give_bytes(self, request: Request, dev: str, sha: str) -> Response:
        asked = _RANGE.fullmatch(request.headers.get("range", ""))
        if asked is None:
            raise Malformed
        start, end = int(asked[1]), int(asked[2])
        data, size = await run_in_threadpool(self._blobs.read, dev, sha, start, end)
        headers = {
            "content-range": f"bytes {start}-{start + len(data) - 1}/{size}",
            "content-digest": content_digest(data),
        }
        return Response(data, status_code=206, media_type=BYTES_TYPE, headers=headers)

    async def _take_part(self, request: Request, dev: str, sha: str) -> Response:
        number = request.query_params.get("part", "")
        if not (number.isdecimal() and len(number) < 10):
            raise Malformed
        if request.headers.get("content-encoding"):
            raise Malformed
        digest = request.headers.get("content-digest", "")
        data = await self._body(request, PART_BYTES, PartDamaged)
        await run_in_threadpool(self._blobs.put, dev, sha, int(number), data, digest)
        return Response(b"", media_type=BYTES_TYPE)

    async def blob_done(self, request: Request) -> Response:
        dev, sha = await self._device(request), request.path_params["sha"]
        message = await self._read(request, BlobDoneRequest, SMALL_BYTES)
        if message.device != dev:
            raise NoFile
        async with self._file_places:
            return await self._answer(request, lambda: self._blobs.done(dev, sha))

    async def wanted(self, request: Request) -> Response:
        dev = await self._device(request)
        await self._read(request, WantedRequest, SMALL_BYTES)
        return await self._answer(request, lambda: self._blobs.wanted(dev))

    async def _device(self, request: Request) -> str:
        """The laptop that signed this request. What of it is signed but not here yet, the body, `_body` compares."""
        asked = Asked(
            method=request.method,
            path=request.url.path,
            query=request.url.query,
            digest=request.headers.get("content-digest", ""),
            authorization=request.headers.get("authorization", ""),
            range=request.headers.get("range", ""),
        )
        given, signature = request.headers.get("signature-input", ""), request.headers.get("signature", "")
        try:
            dev = await run_in_threadpool(self._signatures.device, asked, given, signature)
        except (EngineBusy, EngineFull) as error:
            raise Unavailable(5) from error
        request.state.dev, request.state.digest = dev, asked.digest
        self._laptops.check(dev)
        return dev

    async def _read(self, request: Request, kind: type[Message], limit: int) -> Message:
        data = await self._body(request, limit)
        if b"\\u0000" in data:
            raise Malformed  # no name of ours holds a NUL, and PostgreSQL takes none in a text
        try:
            return decode(data, kind)
        except Unreadable:
            raise Malformed from None

    async def _body(self, request: Request, limit: int, damaged: type[SyncRefusal] = SignatureRefused) -> bytes:
        """The request's body, expanded. Raises RequestTooLarge, Malformed, `damaged` for a body that is not the one
        that was signed, or TooMany for one that does not come."""
        received = bytearray()
        try:
            async with asyncio.timeout(self._settings.request_seconds):
                async for piece in request.stream():
                    received += piece
                    if len(received) > limit:
                        raise RequestTooLarge
        except TimeoutError:
            raise Malformed from None
        signed = getattr(request.state, "digest", "")
        if signed and content_digest(bytes(received)) != signed:
            raise damaged
        encoding = request.headers.get("content-encoding", "").lower()
        try:
            return await run_in_threadpool(expand, bytes(received), encoding, limit)
        except TooLarge:
            raise RequestTooLarge from None
        except Unreadable:
            raise Malformed from None

    async def _answer(self, request: Request, work: Callable[[], Reply]) -> Response:
        accepted = request.headers.get("accept-encoding", "")

        def run() -> tuple[bytes, str]:
            return compress(encode_reply(work()), accepted)

        if self._places.locked():
            raise Unavailable(5)
        async with self._places:
            try:
                data, encoding = await run_in_threadpool(run)
            except (EngineBusy, EngineFull) as error:
                raise Unavailable(5 if isinstance(error, EngineBusy) else 300) from error
        headers = {"content-digest": content_digest(data)}
        if encoding:
            headers["content-encoding"] = encoding
        return Response(data, media_type=CONTENT_TYPE, headers=headers)


def _caller(request: Request) -> str:
    return request.client.host if request.client else "unknown"


def _told(handler: Handler) -> Handler:
    """Turn refusals into problem bodies, and write one line that names nobody."""

    async def told(request: Request) -> Response:
        begun = time.monotonic()
        try:
            response = await handler(request)
            word = "ok"
        except SyncRefusal as refusal:
            response, word = _problem(refusal), refusal.word
        except ClientDisconnect:
            response, word = _problem(Malformed()), "disconnected"
        seconds = time.monotonic() - begun
        request.app.state.figures.add(_route(request), response.status_code, word, seconds)
        log.info(
            "%s",
            json.dumps(
                {
                    "at": history.moment(history.server_now()),
                    "route": _route(request),
                    "device": getattr(request.state, "dev", ""),
                    "status": response.status_code,
                    "result": word,
                    "ms": round(seconds * 1000),
                }
            ),
        )
        return response

    return told


def _route(request: Request) -> str:
    """The path without a file's hash: by that a known letter would be known again."""
    path = request.url.path
    return path.replace(request.path_params.get("sha", "\x00"), "*")


def _problem(refusal: SyncRefusal) -> Response:
    headers = {"retry-after": str(refusal.seconds)} if isinstance(refusal, TooMany) else {}
    return Response(
        encode(refusal.body()),
        status_code=refusal.status,
        media_type=PROBLEM_TYPE,
        headers=headers,
    )


async def _no_such_thing(_request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 404
    return _problem(MethodRefused() if status == 405 else NotFound())


async def _keep_up(service: Service, seconds: float) -> None:
    """What the server does by itself, now and then; a database that is busy is asked again next time."""
    while True:
        await asyncio.sleep(seconds)
        try:
            await run_in_threadpool(upkeep, service)
        except (EngineBusy, EngineFull, EngineProblem) as error:
            log.warning("%s", json.dumps({"at": history.moment(history.server_now()), "upkeep": type(error).__name__}))


def make_app(
    service: Service, settings: Settings, *, close_engine: bool = False, console: Sequence[BaseRoute] = ()
) -> Starlette:
    """The application. With `close_engine` it closes the service's engine when it ends; `console` are the routes of
    the administrator's pages."""
    handlers = _Server(service, settings)

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        keeping_up = asyncio.create_task(_keep_up(service, settings.upkeep_seconds))
        yield
        keeping_up.cancel()
        await handlers.waiters.close()
        if close_engine:
            await run_in_threadpool(service.engine.close)

    spans: Lifespan[Any] = lifespan
    figures = Figures()
    app = Starlette(
        routes=[
            Route("/v1/health", _told(handlers.health), methods=["GET"]),
            Route("/v1/pair", _told(handlers.pair), methods=["POST"]),
            Route("/v1/nonce", _told(handlers.nonce), methods=["POST"]),
            Route("/v1/session", _told(handlers.session), methods=["POST"]),
            Route("/v1/rekey", _told(handlers.rekey), methods=["POST"]),
            Route("/v1/sealed", _told(handlers.sealed), methods=["POST"]),
            Route("/v1/push", _told(handlers.push), methods=["POST"]),
            Route("/v1/pull", _told(handlers.pull), methods=["POST"]),
            Route("/v1/snapshot", _told(handlers.snapshot), methods=["POST"]),
            Route("/v1/bucket", _told(handlers.bucket), methods=["POST"]),
            Route("/v1/digest", _told(handlers.digest), methods=["POST"]),
            Route("/v1/quarantine", _told(handlers.quarantine), methods=["POST"]),
            Route("/v1/decide", _told(handlers.decide), methods=["POST"]),
            Route("/v1/emergency", _told(handlers.emergency), methods=["POST"]),
            Route("/v1/common", _told(handlers.common), methods=["POST"]),
            Route("/v1/salvage", _told(handlers.salvage), methods=["POST"]),
            Route("/v1/report", _told(handlers.report), methods=["POST"]),
            Route("/v1/register", _told(handlers.register), methods=["POST"]),
            Route("/v1/wait", _told(handlers.wait), methods=["POST"]),
            Route("/v1/blob/{sha}", _told(handlers.blob), methods=["HEAD", "GET", "PUT"]),
            Route("/v1/blob/{sha}/done", _told(handlers.blob_done), methods=["POST"]),
            Route("/v1/wanted", _told(handlers.wanted), methods=["POST"]),
            *Operating(service, settings, figures).routes(),
            *console,
        ],
        exception_handlers={404: _no_such_thing, 405: _no_such_thing},
        lifespan=spans,
    )
    app.state.figures = figures
    app.state.stopping = handlers.waiters.stopping
    """Set when the server was told to end: a long poll answers at once."""
    return app
