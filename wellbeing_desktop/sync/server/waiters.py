"""Laptops that wait for news: one look at the clock row wakes them all (SYNC 3.4). Only a hint, never the truth.

A waiting laptop is one coroutine and no thread, no connection, no lock. While anybody waits, each worker looks at the
head once a second, whichever worker took the push; a push taken here is told at once. So it is the same with one
process on a file and with several on PostgreSQL.
"""

import asyncio
import threading
from collections.abc import Callable
from typing import Final

from starlette.concurrency import run_in_threadpool

from wellbeing_desktop.sync.server.engine import EngineBusy, EngineFull

WAIT_SECONDS: Final = 50.0
LOOK_SECONDS: Final = 1.0
MOST_WAITING: Final = 2_000


class Waiters:
    """Used within one event loop. `head` asks the database for the last sequence number, and for a word that differs
    when another clock has run out (watch.py); it runs on a thread."""

    def __init__(self, head: Callable[[], tuple[int, str]], *, look_seconds: float = LOOK_SECONDS) -> None:
        self._head = head
        self._look_seconds = look_seconds
        self._seq = 0
        self._tick = ""
        self._news = asyncio.Event()
        self._look_now = asyncio.Event()
        self._looking: asyncio.Task[None] | None = None
        self.waiting = 0
        self.stopping: Final = threading.Event()
        """Set, by any thread, when the server is to end: within a look everybody is answered."""

    async def until_after(self, seq: int, seconds: float = WAIT_SECONDS) -> int:
        """The head once it is beyond `seq`, or a clock has run out, or after so many seconds whatever it is then."""
        tick = self._tick
        if self.is_full:
            return self._seq
        self.waiting += 1
        try:
            if self._looking is None or self._looking.done():
                self._looking = asyncio.create_task(self._look())
            async with asyncio.timeout(seconds):
                while self._seq <= seq and self._tick == tick and not self.stopping.is_set():
                    await self._news.wait()
        except TimeoutError:
            pass
        finally:
            self.waiting -= 1
        return self._seq

    @property
    def is_full(self) -> bool:
        """Nobody more is let wait."""
        return self.waiting >= MOST_WAITING

    def something_came(self) -> None:
        """A push was taken by this worker: look now."""
        self._look_now.set()

    async def close(self) -> None:
        """Let everybody go."""
        if self._looking is not None:
            self._looking.cancel()

    async def _look(self) -> None:
        while self.waiting:
            self._look_now.clear()
            try:
                found = await run_in_threadpool(self._head)
            except (EngineBusy, EngineFull):
                found = self._seq, self._tick
            if found != (self._seq, self._tick) or self.stopping.is_set():
                self._seq, self._tick = found
                woken, self._news = self._news, asyncio.Event()
                woken.set()
            try:
                async with asyncio.timeout(self._look_seconds):
                    await self._look_now.wait()
            except TimeoutError:
                continue
