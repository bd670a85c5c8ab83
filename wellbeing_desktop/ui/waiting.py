"""What must wait for a disk or for the file of documents: on a thread of its own, never on the window's.

    run_waiting(page, lambda: saving_files.write_private(path, content), page.copy_saved)

The answer comes back like that of a query, and is dropped if `owner` has gone.
"""

import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import TypeVar

from PySide6.QtCore import QObject, Signal

from wellbeing_desktop.ui import background

Answer = TypeVar("Answer")


class Stopped(Exception):
    """The person pressed Cancel; raised by `Watch.report` in the thread that works."""


class Watch(QObject):
    """How far something is, told from its thread to the window's, and Cancel the other way."""

    progress = Signal(int, int)

    def __init__(self, owner: QObject) -> None:
        super().__init__(owner)
        self._stop = threading.Event()

    def report(self, done: int, total: int) -> None:
        """Called by the work. Raises Stopped after Cancel."""
        if self._stop.is_set():
            raise Stopped
        self.progress.emit(done, total)

    def cancel(self) -> None:
        self._stop.set()


def run_waiting(
    owner: QObject,
    work: Callable[[], Answer],
    on_success: Callable[[Answer], object],
    on_failure: background.OnFailure | None = None,
) -> "Future[Answer]":
    """Runs `work`, which never touches a widget, and delivers its answer on the window's thread."""
    future: Future[Answer] = Future()

    def run() -> None:
        if not future.set_running_or_notify_cancel():
            return
        try:
            future.set_result(work())
        except BaseException as error:  # noqa: BLE001 - delivered to whoever asked
            future.set_exception(error)

    background.deliver(owner, future, on_success, on_failure)
    threading.Thread(target=run, name="waiting", daemon=True).start()
    return future
