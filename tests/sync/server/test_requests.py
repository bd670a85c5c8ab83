"""Many requests at once: they wait in turn, and only whoever would wait behind too many is told to come again."""

import asyncio
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from starlette.requests import Request

from wellbeing_desktop.sync.server import requests as requests_module
from wellbeing_desktop.sync.server.problems import Unavailable
from wellbeing_desktop.sync.server.requests import WAITING_FOR_EACH, Requests
from wellbeing_desktop.sync.server.service import Reply, Service
from wellbeing_desktop.sync.server.settings import Settings

PATIENCE = 30.0


class Busy:
    """A server with one place, which is taken until `go`."""

    def __init__(self, service: Service) -> None:
        self.requests = Requests(service, Settings(folder=Path(), requests_at_once=1))
        self.request = Request({"type": "http", "method": "POST", "path": "/", "headers": []})
        self.begun, self.go = threading.Event(), threading.Event()

    async def take(self) -> "asyncio.Task[int]":
        def slow() -> Reply:
            self.begun.set()
            assert self.go.wait(PATIENCE)
            return {}

        taking = asyncio.create_task(self._status(slow))
        assert await asyncio.to_thread(self.begun.wait, PATIENCE)
        return taking

    def ask(self) -> "asyncio.Task[int]":
        return asyncio.create_task(self._status(dict))

    async def _status(self, work: Callable[[], Reply]) -> int:
        return (await self.requests.answer(self.request, work)).status_code


def test_who_comes_while_every_place_is_taken_is_answered_in_turn(service: Service) -> None:
    async def scene() -> None:
        busy = Busy(service)
        first = await busy.take()
        waiting = [busy.ask() for _ in range(WAITING_FOR_EACH)]
        with pytest.raises(Unavailable):
            await busy.ask()
        busy.go.set()
        assert await asyncio.gather(first, *waiting) == [200] * (1 + WAITING_FOR_EACH)
        assert await busy.ask() == 200

    asyncio.run(scene())


def test_who_has_waited_too_long_is_told_to_come_again(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(requests_module, "PLACE_SECONDS", 0.0)

    async def scene() -> None:
        busy = Busy(service)
        first = await busy.take()
        with pytest.raises(Unavailable):
            await busy.ask()
        busy.go.set()
        assert await first == 200

    asyncio.run(scene())
