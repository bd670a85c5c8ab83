"""One request: which laptop signed it, its body within limits of size and time, and the reply it gets.

Nothing here knows what a message means; `handlers.py` and `file_handlers.py` do.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Final, TypeVar

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from wellbeing_desktop.sync.protocol.message import CONTENT_TYPE
from wellbeing_desktop.sync.protocol.transfer import TooLarge, Unreadable, compress, content_digest, decode, expand
from wellbeing_desktop.sync.server.engine import EngineBusy, EngineFull
from wellbeing_desktop.sync.server.limits import Limit
from wellbeing_desktop.sync.server.problems import (
    Malformed,
    RequestTooLarge,
    SignatureRefused,
    SyncRefusal,
    Unavailable,
)
from wellbeing_desktop.sync.server.service import Reply, Service, encode_reply
from wellbeing_desktop.sync.server.settings import Settings
from wellbeing_desktop.sync.server.signatures import Signatures
from wellbeing_desktop.sync.signing import Asked

Message = TypeVar("Message")

SMALL_BYTES: Final = 16 * 1024
"""For everything but a push and an audit chain."""


WAITING_FOR_EACH: Final = 3
"""Requests that may wait for each one that is worked on: their bodies are in memory."""

PLACE_SECONDS: Final = 5.0


class Requests:
    """What every handler does with a request, within the limits that all of them share."""

    def __init__(self, service: Service, settings: Settings) -> None:
        self._seconds = settings.request_seconds
        self._laptops = Limit(settings.laptop_requests_a_minute)
        self._places = asyncio.Semaphore(settings.requests_at_once)
        self._waiting, self._most_waiting = 0, WAITING_FOR_EACH * settings.requests_at_once
        self._signatures = Signatures(service)

    async def device(self, request: Request) -> str:
        """The laptop that signed this request. What of it is signed but not here yet, the body, `body` compares."""
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

    async def read(self, request: Request, kind: type[Message], limit: int) -> Message:
        data = await self.body(request, limit)
        if b"\\u0000" in data:
            raise Malformed  # no name of ours holds a NUL, and PostgreSQL takes none in a text
        try:
            return decode(data, kind)
        except Unreadable:
            raise Malformed from None

    async def body(self, request: Request, limit: int, damaged: type[SyncRefusal] = SignatureRefused) -> bytes:
        """The request's body, expanded. Raises RequestTooLarge, Malformed, `damaged` for a body that is not the one
        that was signed, or TooMany for one that does not come."""
        received = bytearray()
        try:
            async with asyncio.timeout(self._seconds):
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

    async def answer(self, request: Request, work: Callable[[], Reply]) -> Response:
        accepted = request.headers.get("accept-encoding", "")

        def run() -> tuple[bytes, str]:
            return compress(encode_reply(work()), accepted)

        async with self._place():
            try:
                data, encoding = await run_in_threadpool(run)
            except (EngineBusy, EngineFull) as error:
                raise Unavailable(5 if isinstance(error, EngineBusy) else 300) from error
        headers = {"content-digest": content_digest(data)}
        if encoding:
            headers["content-encoding"] = encoding
        return Response(data, media_type=CONTENT_TYPE, headers=headers)

    @asynccontextmanager
    async def _place(self) -> AsyncIterator[None]:
        """One of the few that are worked on at once, in the order they came. Raises Unavailable for whoever would wait
        behind too many, or has waited too long: a place is free in milliseconds, and to come again takes seconds."""
        if self._waiting >= self._most_waiting:
            raise Unavailable(5)
        self._waiting += 1
        try:
            async with asyncio.timeout(PLACE_SECONDS):
                await self._places.acquire()
        except TimeoutError:
            raise Unavailable(5) from None
        finally:
            self._waiting -= 1
        try:
            yield
        finally:
            self._places.release()

    async def ask(
        self, request: Request, kind: type[Message], work: Callable[[str, Message], Reply], limit: int = SMALL_BYTES
    ) -> Response:
        """A message of a signed-in laptop, answered by one call."""
        dev = await self.device(request)
        message = await self.read(request, kind, limit)
        return await self.answer(request, lambda: work(dev, message))
