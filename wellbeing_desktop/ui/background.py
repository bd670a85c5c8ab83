"""The only bridge from a page to the threads of the store (STYLE section 7).

    query(page, store, lambda s: people.find(s, text), page.show_rows)
    operate(page, store, lambda s: contacts.record(s, ...), page.saved)

`fn` runs off the GUI thread and never touches a widget. The answer comes back as a queued signal on the GUI thread
and is dropped if `owner` has gone. Failures go to `on_failure`, or to `ui.widgets.messages` when none is given.
"""

import itertools
from collections.abc import Callable
from concurrent.futures import CancelledError, Future
from typing import Any, Protocol, TypeVar

import shiboken6
from PySide6.QtCore import QCoreApplication, QObject, Qt, QThread, Signal

from wellbeing_desktop.domain.changes import Changes
from wellbeing_desktop.ui.widgets import messages

Answer = TypeVar("Answer")
OnFailure = Callable[[BaseException], object]


class StoreThreads(Protocol):
    """What this module needs of a store: two queues that answer by future."""

    def submit_read(self, fn: Callable[[Any], Any], /) -> Future[Any]: ...

    def submit_write(self, fn: Callable[[Any], Any], /) -> Future[Any]: ...


class _Bridge(QObject):
    """Lives on the GUI thread as long as the application, so a store thread never signals a dead object."""

    finished = Signal(int)
    changed = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._numbers = itertools.count(1)
        self._waiting: dict[int, tuple[QObject, Future[Any], Callable[[Any], object], OnFailure | None]] = {}
        self.finished.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    def watch(
        self, owner: QObject, future: Future[Any], on_success: Callable[[Any], object], on_failure: OnFailure | None
    ) -> None:
        number = next(self._numbers)
        self._waiting[number] = (owner, future, on_success, on_failure)
        future.add_done_callback(lambda _future: self.finished.emit(number))

    def waiting_for(self, owner: QObject) -> int:
        """How many answers `owner` still waits for."""
        return sum(1 for each, *_ in self._waiting.values() if each is owner)

    def waiting(self) -> int:
        return len(self._waiting)

    def _deliver(self, number: int) -> None:
        owner, future, on_success, on_failure = self._waiting.pop(number)
        if future.cancelled() or not shiboken6.isValid(owner):
            return
        problem = future.exception()
        if problem is None:
            on_success(future.result())
        elif isinstance(problem, CancelledError) or getattr(problem, "kind", "") == "interrupted":
            return  # we stopped it ourselves, for a newer question or a lock
        elif on_failure is not None:
            on_failure(problem)
        else:
            messages.show(owner, problem)


_bridge_name = "wellbeing background bridge"


def _bridge() -> _Bridge:
    app = QCoreApplication.instance()
    if app is None:
        raise RuntimeError("background work needs a QApplication")
    found = app.findChild(_Bridge, _bridge_name)
    if isinstance(found, _Bridge):
        return found
    if QThread.currentThread() != app.thread():
        raise RuntimeError("background work is asked for on the GUI thread only")
    made = _Bridge()
    made.setObjectName(_bridge_name)
    made.setParent(app)
    return made


def deliver(
    owner: QObject,
    future: "Future[Answer]",
    on_success: Callable[[Answer], object],
    on_failure: OnFailure | None = None,
) -> "Future[Answer]":
    """Brings the answer of any future (a sync, a render) to the GUI thread in the same way; gives it back."""
    _bridge().watch(owner, future, on_success, on_failure)
    return future


def query(
    owner: QObject,
    store: StoreThreads,
    fn: Callable[[Any], Answer],
    on_success: Callable[[Answer], object],
    on_failure: OnFailure | None = None,
) -> "Future[Answer]":
    """Reads on the reader's thread. `future.cancel()` drops a question that has not begun."""
    return deliver(owner, store.submit_read(fn), on_success, on_failure)


def operate(
    owner: QObject,
    store: StoreThreads,
    fn: Callable[[Any], Any],
    on_success: Callable[[Any], object] | None = None,
    on_failure: OnFailure | None = None,
) -> "Future[Any]":
    """Writes on the writer's thread, then tells every open view what changed, then calls `on_success`.

    `fn` returns Changes, or something whose `changes` attribute is one. Views are told even when `owner` has gone:
    the record was saved whether or not its page is still open.
    """
    bridge = _bridge()

    def announce(answer: Any) -> None:
        changes = answer if isinstance(answer, Changes) else getattr(answer, "changes", None)
        if isinstance(changes, Changes):
            bridge.changed.emit(changes)

    future = store.submit_write(fn)
    deliver(bridge, future, announce, _keep_quiet)
    return deliver(owner, future, on_success or _nothing, on_failure)


def announce(changes: Changes) -> None:
    """Tells every open view what changed; for a sync or an import that wrote outside `operate`. GUI thread only."""
    _bridge().changed.emit(changes)


def on_changed(receiver: Callable[[Changes], object]) -> None:
    """Calls `receiver` (a method of a QObject, so that the connection ends with it) after every change."""
    _bridge().changed.connect(receiver)


def waiting_for(owner: QObject) -> int:
    """How many answers `owner` still waits for; tests wait until it is 0."""
    return _bridge().waiting_for(owner)


def waiting() -> int:
    """How many answers the whole window still waits for; pictures are taken when it is 0."""
    return _bridge().waiting()


def _keep_quiet(_problem: BaseException) -> None:
    """The failure is the owner's to show; nothing changed."""


def _nothing(_answer: object) -> None:
    """For an operation whose page needs no answer of its own."""
