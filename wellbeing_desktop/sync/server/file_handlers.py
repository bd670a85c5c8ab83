"""A file's bytes over HTTP: which parts are here, a range of them, a part taken, the whole compared. Few at once."""

import asyncio
import re
from typing import Final

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from wellbeing_desktop.sync.protocol.file_parts import (
    BYTES_TYPE,
    PART_BYTES,
    BlobDoneRequest,
    WantedRequest,
    ranges_text,
)
from wellbeing_desktop.sync.protocol.transfer import content_digest
from wellbeing_desktop.sync.server.blobs import Blobs
from wellbeing_desktop.sync.server.engine import EngineBusy, EngineFull
from wellbeing_desktop.sync.server.problems import Malformed, NoFile, PartDamaged, Unavailable
from wellbeing_desktop.sync.server.requests import SMALL_BYTES, Requests
from wellbeing_desktop.sync.server.service import Service
from wellbeing_desktop.sync.server.settings import Settings

_RANGE: Final = re.compile(r"bytes=(\d{1,18})-(\d{1,18})")


class FileHandlers:
    """The handlers of files; who may send and read one is `blobs.py`."""

    def __init__(self, service: Service, settings: Settings, requests: Requests) -> None:
        self._requests = requests
        self._blobs = Blobs(service, settings)
        self._places = asyncio.Semaphore(settings.files_at_once)

    async def blob(self, request: Request) -> Response:
        """HEAD, GET and PUT of a file's bytes. Few at once: records never wait for them."""
        dev, sha = await self._requests.device(request), request.path_params["sha"]
        async with self._places:
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
        data = await self._requests.body(request, PART_BYTES, PartDamaged)
        await run_in_threadpool(self._blobs.put, dev, sha, int(number), data, digest)
        return Response(b"", media_type=BYTES_TYPE)

    async def blob_done(self, request: Request) -> Response:
        dev, sha = await self._requests.device(request), request.path_params["sha"]
        message = await self._requests.read(request, BlobDoneRequest, SMALL_BYTES)
        if message.device != dev:
            raise NoFile
        async with self._places:
            return await self._requests.answer(request, lambda: self._blobs.done(dev, sha))

    async def wanted(self, request: Request) -> Response:
        dev = await self._requests.device(request)
        await self._requests.read(request, WantedRequest, SMALL_BYTES)
        return await self._requests.answer(request, lambda: self._blobs.wanted(dev))
