"""What a history does not need to be real, left out: it makes a history cost a quarter and changes no rule of the program.

Left out are locking of the cipher's memory (`cipher_memory_security`, two thirds of the time on a virtual machine),
waiting for the disk, and the handing of each statement to a thread of its own: it runs where it was asked. Encryption,
the statements, the transactions, the client, the merge and the server stay as they are. Every twentieth chunk of the soak
runs whole, with one laptop of each history on a real line: nothing is left out but the locking of memory, which a
process that had it once cannot go without again.
"""

import threading
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from typing import Any, Generic, TypeVar

import pytest
from sqlcipher3 import dbapi2

from tests.quick_stores import set_in_profile
from wellbeing_desktop.storage import attachments, store
from wellbeing_desktop.storage.owner import store_is_closed
from wellbeing_desktop.sync.server import sqlite_engine

S = TypeVar("S")
T = TypeVar("T")


@contextmanager
def unlocked() -> Iterator[None]:
    """Within, no memory of the cipher is locked."""
    with pytest.MonkeyPatch.context() as patch:
        set_in_profile(patch, cipher_memory_security=("OFF", "0"))
        yield


@contextmanager
def lean() -> Iterator[None]:
    """Within, stores and the file of the server are opened so."""
    connect = dbapi2.connect
    with pytest.MonkeyPatch.context() as patch:
        set_in_profile(patch, cipher_memory_security=("OFF", "0"), synchronous=("OFF", "0"))
        patch.setattr(dbapi2, "connect", lambda *path, **how: connect(*path, check_same_thread=False, **how))
        for module in (attachments, store, sqlite_engine):
            patch.setattr(module, "Owner", AtOnce)
        yield


class AtOnce(Generic[S]):
    """`storage.owner.Owner` without its thread: a job runs where it is given, after those that were given before it."""

    def __init__(self, name: str, open_it: Callable[[], dbapi2.Connection], view: Callable[[Any], S]) -> None:
        self._turn = threading.RLock()
        self._connection = open_it()
        self._given = view(self._connection)
        self._queue: deque[tuple[Callable[[S], Any], Future[Any]]] = deque()
        self._busy = self._stopping = False

    def submit(self, job: Callable[[S], T], *, urgent: bool = False) -> "Future[T]":
        future: Future[T] = Future()
        with self._turn:
            if self._stopping:
                raise store_is_closed()
            self._queue.append((job, future))
            if not self._busy:
                self._work()
        return future

    def _work(self) -> None:
        self._busy = True
        try:
            while self._queue:
                job, future = self._queue.popleft()
                try:
                    future.set_result(job(self._given))
                except BaseException as error:  # noqa: BLE001 -- handed to whoever asks for the answer, as there
                    future.set_exception(error)
        finally:
            self._busy = False

    def call(self, job: Callable[[S], T], *, urgent: bool = False) -> T:
        with self._turn:
            self.refuse_own_thread()
            return self.submit(job).result()

    def refuse_own_thread(self) -> None:
        with self._turn:
            if self._busy:
                raise RuntimeError("a job may not wait for another job of its own thread")

    def interrupt(self) -> None:
        """Nothing runs beside whoever would interrupt it."""

    def stop(self, *, at_once: bool = False) -> None:
        with self._turn:
            if not self._stopping:
                self._stopping = True
                self._connection.close()
