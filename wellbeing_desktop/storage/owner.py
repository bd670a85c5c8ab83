"""A thread that owns one connection, fed by a queue, answering by future.

SQLite connections do not change threads. Jobs run one at a time, in the order given, urgent ones (drafts) first.
"""

import heapq
import itertools
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, Final, Generic, TypeVar

from sqlcipher3 import dbapi2

from wellbeing_desktop.domain.errors import StoreProblem

T = TypeVar("T")
S = TypeVar("S")

_INTERRUPT_AGAIN_SECONDS: Final = 0.02


def store_is_closed() -> StoreProblem:
    return StoreProblem("store_closed", "The case store is locked.", "Unlock it with your passphrase.")


class Owner(Generic[S]):
    """`view` makes what a job is given (a Reader or a Writer) from the connection."""

    def __init__(
        self, name: str, open_it: Callable[[], dbapi2.Connection], view: Callable[[dbapi2.Connection], S]
    ) -> None:
        """Starts the thread and opens the connection in it. Raises what opening raised."""
        self._view = view
        self._open_it = open_it
        self._queue: list[tuple[int, int, Callable[[S], Any], Future[Any]]] = []
        self._turn = itertools.count()
        self._wake = threading.Condition()
        self._stopping = False
        self._connection: dbapi2.Connection | None = None
        opened: Future[None] = Future()
        self._thread = threading.Thread(target=self._run, args=(opened,), name=name, daemon=True)
        self._thread.start()
        try:
            opened.result()
        except BaseException:
            self._thread.join()
            raise

    def submit(self, job: Callable[[S], T], *, urgent: bool = False) -> "Future[T]":
        """Queue a job. Raises StoreProblem store_closed after `stop`."""
        future: Future[T] = Future()
        with self._wake:
            if self._stopping:
                raise store_is_closed()
            heapq.heappush(self._queue, (0 if urgent else 1, next(self._turn), job, future))
            self._wake.notify()
        return future

    def call(self, job: Callable[[S], T], *, urgent: bool = False) -> T:
        """Queue a job and wait for its answer."""
        self.refuse_own_thread()
        return self.submit(job, urgent=urgent).result()

    def refuse_own_thread(self) -> None:
        """Raise RuntimeError in the owned thread, where waiting for another job would wait for ever."""
        if threading.current_thread() is self._thread:
            raise RuntimeError("a job may not wait for another job of its own thread")

    def interrupt(self) -> None:
        """Stop the statement that is running now; its job ends with StoreProblem interrupted."""
        with self._wake:
            if self._connection is not None:
                self._connection.interrupt()

    def stop(self, *, at_once: bool = False) -> None:
        """Finish what is queued, close the connection, end the thread.

        `at_once` is for the reader at lock: what waits is told that the store is closed, and what runs is
        interrupted until it gives up, for one interruption only ends the statement of that moment.
        """
        with self._wake:
            self._stopping = True
            waiting = [future for _, _, _, future in self._queue] if at_once else []
            if at_once:
                self._queue.clear()
            self._wake.notify()
        for future in waiting:
            if future.set_running_or_notify_cancel():
                future.set_exception(store_is_closed())
        if threading.current_thread() is self._thread:
            return
        while at_once and self._thread.is_alive():
            self.interrupt()
            self._thread.join(_INTERRUPT_AGAIN_SECONDS)
        self._thread.join()

    def _run(self, opened: "Future[None]") -> None:
        try:
            connection = self._open_it()
        except BaseException as error:  # noqa: BLE001  # handed to the thread that waits for it, which raises it
            opened.set_exception(error)
            return
        self._connection = connection
        opened.set_result(None)
        view = self._view(connection)
        while (taken := self._next()) is not None:
            job, future = taken
            if future.set_running_or_notify_cancel():
                try:
                    future.set_result(job(view))
                except BaseException as error:  # noqa: BLE001  # handed to the thread that waits for it
                    future.set_exception(error)
            del taken, job, future  # a result must not live until the next job comes
        with self._wake:
            self._connection = None
        connection.close()

    def _next(self) -> tuple[Callable[[S], Any], "Future[Any]"] | None:
        with self._wake:
            while not self._queue:
                if self._stopping:
                    return None
                self._wake.wait()
            _, _, job, future = heapq.heappop(self._queue)
            return job, future
