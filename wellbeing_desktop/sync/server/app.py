"""The HTTP face of the server: its routes, refusals as problem bodies, and one line in the log for each request.

Logs say what was asked, by which laptop, with what result: never a name, a code, a value or a path that holds one.
"""

import asyncio
import json
import logging
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any, Final

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route
from starlette.types import Lifespan

from wellbeing_desktop.sync.protocol.message import PROBLEM_TYPE
from wellbeing_desktop.sync.protocol.transfer import encode
from wellbeing_desktop.sync.server import history
from wellbeing_desktop.sync.server.engine import EngineBusy, EngineFull, EngineProblem
from wellbeing_desktop.sync.server.file_handlers import FileHandlers
from wellbeing_desktop.sync.server.handlers import Handlers
from wellbeing_desktop.sync.server.operating import Figures, Operating
from wellbeing_desktop.sync.server.problems import Malformed, MethodRefused, NotFound, SyncRefusal, TooMany
from wellbeing_desktop.sync.server.requests import Requests
from wellbeing_desktop.sync.server.service import Service
from wellbeing_desktop.sync.server.settings import Settings
from wellbeing_desktop.sync.server.upkeep import upkeep

log: Final = logging.getLogger("wellbeing.server")

Handler = Callable[[Request], Awaitable[Response]]


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
    requests = Requests(service, settings)
    handlers, files = Handlers(service, settings, requests), FileHandlers(service, settings, requests)

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
            Route("/v1/blob/{sha}", _told(files.blob), methods=["HEAD", "GET", "PUT"]),
            Route("/v1/blob/{sha}/done", _told(files.blob_done), methods=["POST"]),
            Route("/v1/wanted", _told(files.wanted), methods=["POST"]),
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
