"""What each message of SYNC 3.4 is answered by: read within its limit, one call on a thread, its reply.

A push never fails for its content.
"""

import time
from typing import Final

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from wellbeing_desktop.sync.protocol.comparing import DigestRequest
from wellbeing_desktop.sync.protocol.limits import MAX_REQUEST_BYTES
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
from wellbeing_desktop.sync.protocol.transfer import TooLarge, Unreadable
from wellbeing_desktop.sync.protocol.waiting import WaitRequest
from wellbeing_desktop.sync.server import covering
from wellbeing_desktop.sync.server.emergencies import Emergencies
from wellbeing_desktop.sync.server.engine import EngineBusy, EngineFull
from wellbeing_desktop.sync.server.exchange import Exchange
from wellbeing_desktop.sync.server.limits import Limit
from wellbeing_desktop.sync.server.news import News
from wellbeing_desktop.sync.server.oversight import Oversight
from wellbeing_desktop.sync.server.problems import Malformed, RequestTooLarge, Unavailable
from wellbeing_desktop.sync.server.recovery import Recovery
from wellbeing_desktop.sync.server.requests import SMALL_BYTES, Requests
from wellbeing_desktop.sync.server.service import Reply, Service
from wellbeing_desktop.sync.server.settings import Settings
from wellbeing_desktop.sync.server.signing_in import SigningIn
from wellbeing_desktop.sync.server.waiters import WAIT_SECONDS, Waiters

DECISION_BYTES: Final = 512 * 1024


class Handlers:
    """One handler for each message; files have their own (`file_handlers.py`)."""

    def __init__(self, service: Service, settings: Settings, requests: Requests) -> None:
        self._service = service
        self._requests = requests
        self._pairing = Limit(settings.pair_attempts_a_minute)
        self._sessions = Limit(settings.session_attempts_a_minute)
        self._strangers = Limit(settings.stranger_requests_a_minute)
        self._signing_in = SigningIn(service)
        self._exchange = Exchange(service)
        self._oversight = Oversight(service)
        self._recovery = Recovery(service)
        self._emergencies = Emergencies(service)
        self._news = News(service)
        self.waiters: Final = Waiters(self._news.head)

    async def health(self, request: Request) -> Response:
        return await self._requests.answer(request, self._service.health)

    async def pair(self, request: Request) -> Response:
        self._strangers.check(_caller(request))
        self._pairing.check(_caller(request))
        message = await self._requests.read(request, PairRequest, SMALL_BYTES)
        return await self._requests.answer(request, lambda: self._signing_in.pair(message))

    async def nonce(self, request: Request) -> Response:
        self._strangers.check(_caller(request))
        message = await self._requests.read(request, NonceRequest, SMALL_BYTES)
        self._sessions.check(f"{_caller(request)} {message.device[:64]}")
        return await self._requests.answer(request, lambda: self._signing_in.nonce(message))

    async def session(self, request: Request) -> Response:
        self._strangers.check(_caller(request))
        message = await self._requests.read(request, SessionRequest, SMALL_BYTES)
        self._sessions.check(f"{_caller(request)} {message.device[:64]}")
        return await self._requests.answer(request, lambda: self._signing_in.session(message))

    async def rekey(self, request: Request) -> Response:
        self._strangers.check(_caller(request))
        message = await self._requests.read(request, RekeyRequest, SMALL_BYTES)
        self._sessions.check(f"{_caller(request)} {message.device[:64]}")
        return await self._requests.answer(request, lambda: self._signing_in.rekey(message))

    async def sealed(self, request: Request) -> Response:
        self._strangers.check(_caller(request))
        message = await self._requests.read(request, SealedRequest, SMALL_BYTES)
        self._sessions.check(f"{_caller(request)} {message.device[:64]}")
        return await self._requests.answer(request, lambda: self._signing_in.sealed(message))

    async def push(self, request: Request) -> Response:
        dev = await self._requests.device(request)
        data = await self._requests.body(request, MAX_REQUEST_BYTES)

        def work() -> Reply:
            try:
                message = read_push(data)
            except TooLarge:
                raise RequestTooLarge from None
            except Unreadable:
                raise Malformed from None
            answer = self._exchange.push(dev, message)
            if any(b'"cover"' in bytes(raw) for raw in message.ops):
                covering.settle(self._service)
            return answer

        answer = await self._requests.answer(request, work)
        self.waiters.something_came()
        return answer

    async def pull(self, request: Request) -> Response:
        dev = await self._requests.device(request)
        message = await self._requests.read(request, PullRequest, SMALL_BYTES)
        return await self._requests.answer(request, lambda: self._exchange.pull(dev, message))

    async def snapshot(self, request: Request) -> Response:
        dev = await self._requests.device(request)
        message = await self._requests.read(request, SnapshotRequest, SMALL_BYTES)
        return await self._requests.answer(request, lambda: self._exchange.snapshot(dev, message))

    async def bucket(self, request: Request) -> Response:
        dev = await self._requests.device(request)
        message = await self._requests.read(request, BucketRequest, SMALL_BYTES)
        return await self._requests.answer(request, lambda: self._exchange.bucket(dev, message))

    async def digest(self, request: Request) -> Response:
        dev = await self._requests.device(request)
        message = await self._requests.read(request, DigestRequest, SMALL_BYTES)
        return await self._requests.answer(request, lambda: self._exchange.digest(dev, message))

    async def quarantine(self, request: Request) -> Response:
        return await self._requests.ask(request, QuarantineRequest, self._oversight.quarantine)

    async def decide(self, request: Request) -> Response:
        return await self._requests.ask(request, DecideRequest, self._oversight.decide, DECISION_BYTES)

    async def report(self, request: Request) -> Response:
        return await self._requests.ask(request, ReportRequest, self._oversight.report)

    async def register(self, request: Request) -> Response:
        return await self._requests.ask(request, RegisterRequest, self._oversight.register)

    async def emergency(self, request: Request) -> Response:
        answer = await self._requests.ask(request, EmergencyRequest, self._emergencies.ask)
        self.waiters.something_came()
        return answer

    async def common(self, request: Request) -> Response:
        return await self._requests.ask(request, CommonRequest, self._recovery.common, DECISION_BYTES)

    async def salvage(self, request: Request) -> Response:
        return await self._requests.ask(request, SalvageRequest, self._recovery.salvage, MAX_REQUEST_BYTES)

    async def wait(self, request: Request) -> Response:
        """Holds no thread, no connection and no place among the requests while it waits. A clock that ran out wakes
        everybody who waits; who is not told of it waits on."""
        dev = await self._requests.device(request)
        message = await self._requests.read(request, WaitRequest, SMALL_BYTES)
        self._service.same_device(dev, message.device)
        end = time.monotonic() + WAIT_SECONDS
        while True:
            try:
                reply = await run_in_threadpool(self._news.wait, dev)
            except (EngineBusy, EngineFull) as error:
                raise Unavailable(5) from error
            left = end - time.monotonic()
            is_news = reply["seq"] > message.seq or (message.mark and reply["mark"] != message.mark)
            if is_news or left <= 0 or self.waiters.is_full or self.waiters.stopping.is_set():
                return await self._requests.answer(request, lambda told=reply: told)  # type: ignore[misc]
            await self.waiters.until_after(message.seq, left)


def _caller(request: Request) -> str:
    return request.client.host if request.client else "unknown"
