"""One spawned process for computing (rendering, parsing, duplicate scoring), so that the window never waits for it.

    job = run_in_worker(page, "wellbeing_desktop.documents.pdf:render", payload, page.show_pdf, on_progress=bar.show_count)
    job.cancel()

`fn(payload, report)` runs there. It takes plain data and gives bytes; `report(done, total)` tells how far it is and
raises `Cancelled` when the person has cancelled. The process ends at lock (`end_worker`), with all that it held.
"""

import collections
import importlib
import multiprocessing
import threading
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Any, Final

from PySide6.QtCore import QCoreApplication, QObject, Qt, Signal

from wellbeing_desktop.domain.errors import Refused, WellbeingError
from wellbeing_desktop.ui import background

_PACKAGE: Final = "wellbeing_desktop."


class Cancelled(Exception):
    """The person cancelled; raised by `report` inside the worker."""


class WorkerFault(Exception):
    """The worker met a bug of ours. Only the kind of error came back: its words may hold personal data."""


@dataclass(frozen=True)
class _Task:
    number: int
    fn_name: str
    payload: Any


class Job(QObject):
    """One piece of work under way."""

    progress = Signal(int, int)

    def __init__(self, owner: QObject, worker: "_Worker", number: int, future: "Future[bytes]") -> None:
        super().__init__(owner)
        self._worker, self._number = worker, number
        self.future = future

    def cancel(self) -> None:
        """Stops at its next `report`; its answer is dropped at once."""
        self._worker.cancel(self._number)


def run_in_worker(
    owner: QObject,
    fn_name: str,
    payload: Any,
    on_success: Callable[[bytes], object],
    on_failure: background.OnFailure | None = None,
    *,
    on_progress: Callable[[int, int], object] | None = None,
) -> Job:
    """Runs `module:function` of this package in the worker process; jobs run one after another."""
    module, _, function = fn_name.partition(":")
    if not module.startswith(_PACKAGE) or not function:
        raise ValueError("a worker function is named wellbeing_desktop.module:function")
    worker = _the_worker()
    number, future = worker.submit(fn_name, payload)
    job = Job(owner, worker, number, future)
    if on_progress is not None:
        job.progress.connect(on_progress)
        worker.progress.connect(lambda n, done, total: job.progress.emit(done, total) if n == number else None, _QUEUED)
    background.deliver(job, future, on_success, on_failure)
    return job


def end_worker() -> None:
    """Ends the process and all that it held; unfinished work is cancelled. The next job starts a fresh one."""
    app = QCoreApplication.instance()
    found = app.findChild(_Worker) if app is not None else None
    if isinstance(found, _Worker):
        found.end()
    for apart in tuple(_apart):
        apart.cancel()


class Apart:
    """One piece of work in a process of its own, which ends with it: for bytes that come from outside and may be hostile."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process: multiprocessing.process.BaseProcess | None = None
        self._is_over = False

    def cancel(self) -> None:
        """Ends the process now, whatever it is doing."""
        with self._lock:
            self._is_over = True
            if self._process is not None:
                self._process.kill()

    def run(self, fn_name: str, make_payload: Callable[[], Any], seconds: float) -> bytes:
        """On a thread that may wait. Raises Refused from the work; WorkerFault if it failed, ended or took too long."""
        payload = make_payload()
        spawn = multiprocessing.get_context("spawn")
        ours, theirs = spawn.Pipe()
        process = spawn.Process(target=_serve_once, args=(theirs,), daemon=True, name="wellbeing apart")
        with self._lock:
            if self._is_over:
                raise WorkerFault("stopped")
            process.start()
            self._process = process
        theirs.close()
        _apart.add(self)
        try:
            ours.send((fn_name, payload))
            if not ours.poll(seconds):
                raise WorkerFault("took too long")
            kind, answer = ours.recv()
        except (EOFError, OSError) as error:
            raise WorkerFault("the process ended") from error
        finally:
            with self._lock:
                self._process = None
            process.kill()
            process.join()
            process.close()
            ours.close()
            _apart.discard(self)
        if kind == "done":
            return bytes(answer)
        raise Refused(answer) if kind == "refused" else WorkerFault(answer)


def run_apart(
    owner: QObject,
    fn_name: str,
    make_payload: Callable[[], Any],
    on_success: Callable[[bytes], object],
    on_failure: background.OnFailure,
    *,
    seconds: float = 30.0,
) -> Apart:
    """Runs `module:function` of this package on (payload, report) in a process of its own. `make_payload` is called on a
    thread that may wait."""
    from wellbeing_desktop.ui.waiting import run_waiting

    apart = Apart()
    run_waiting(owner, lambda: apart.run(fn_name, make_payload, seconds), on_success, on_failure)
    return apart


_apart: Final[set[Apart]] = set()
_QUEUED: Final = Qt.ConnectionType.QueuedConnection


class _Worker(QObject):
    """The process, its pipe, and the thread that listens to it."""

    progress = Signal(int, int, int)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._lock = threading.Lock()
        self._process: multiprocessing.process.BaseProcess | None = None
        self._pipe: Connection | None = None
        self._stop: Any = None
        self._listener: threading.Thread | None = None
        self._waiting: dict[int, Future[bytes]] = {}
        self._number = 0
        self._running = 0
        self._queue: collections.deque[_Task] = collections.deque()

    def submit(self, fn_name: str, payload: Any) -> tuple[int, "Future[bytes]"]:
        with self._lock:
            if self._process is None or not self._process.is_alive():
                self._start()
            self._number += 1
            future: Future[bytes] = Future()
            self._waiting[self._number] = future
            self._queue.append(_Task(self._number, fn_name, payload))
            self._send_next()
            return self._number, future

    def _send_next(self) -> None:
        """Sends the next task that still waits; call with the lock held. One at a time, so that each can be cancelled."""
        while self._running == 0 and self._queue and self._pipe is not None:
            task = self._queue.popleft()
            if task.number in self._waiting:
                self._running = task.number
                self._pipe.send(task)

    def cancel(self, number: int) -> None:
        with self._lock:
            future = self._waiting.pop(number, None)
            if future is not None:
                future.cancel()
                if self._running == number:
                    self._stop.value = number

    def end(self) -> None:
        with self._lock:
            process, self._process = self._process, None
            pipe, self._pipe = self._pipe, None
            listener, self._listener = self._listener, None
            waiting, self._waiting = self._waiting, {}
            self._queue.clear()
            self._running = 0
        for future in waiting.values():
            future.cancel()
        if process is not None:
            process.kill()
            process.join()
            process.close()
        if listener is not None:
            listener.join(5)
        if pipe is not None:
            pipe.close()

    def _start(self) -> None:
        spawn = multiprocessing.get_context("spawn")
        ours, theirs = spawn.Pipe()
        # the number of the running job when it is to stop
        self._stop = spawn.Value("q", 0)
        self._process = spawn.Process(target=_serve, args=(theirs, self._stop), daemon=True, name="wellbeing worker")
        self._process.start()
        theirs.close()
        self._pipe = ours
        self._listener = threading.Thread(target=self._listen, args=(ours,), daemon=True, name="worker answers")
        self._listener.start()

    def _listen(self, pipe: Connection) -> None:
        while True:
            try:
                kind, number, answer = pipe.recv()
            except (EOFError, OSError):
                break
            if kind == "progress":
                self.progress.emit(number, *answer)
                continue
            with self._lock:
                future = self._waiting.pop(number, None)
                if self._pipe is pipe:
                    self._running = 0
                    self._send_next()
            if future is None or not future.set_running_or_notify_cancel():
                continue
            if kind == "done":
                future.set_result(answer)
            elif kind == "refused":
                future.set_exception(Refused(answer))
            else:
                future.set_exception(WorkerFault(answer))
        with self._lock:
            ours = self._pipe is pipe
            waiting = list(self._waiting.values()) if ours else []
            if ours:
                self._waiting.clear()
                self._queue.clear()
                self._running = 0
        for future in waiting:
            future.set_exception(WorkerFault("the worker process ended"))


def _the_worker() -> _Worker:
    app = QCoreApplication.instance()
    if app is None:
        raise RuntimeError("the worker needs a QApplication")
    found = app.findChild(_Worker)
    if isinstance(found, _Worker):
        return found
    made = _Worker(app)
    app.aboutToQuit.connect(made.end)
    return made


def _serve_once(pipe: Connection) -> None:
    """A process for one piece of work."""
    fn_name, payload = pipe.recv()
    try:
        module, _, function = fn_name.partition(":")
        answer = getattr(importlib.import_module(module), function)(payload, lambda _done, _total: None)
        pipe.send(("done", bytes(answer)))
    except WellbeingError as problem:
        pipe.send(("refused", problem.message))
    except Exception as problem:  # noqa: BLE001 - the page must be answered; the words may hold what was in the file
        pipe.send(("fault", type(problem).__name__))


def _serve(pipe: Connection, stop: Any) -> None:
    """The worker process: one task after another until the pipe closes."""
    while True:
        try:
            task = pipe.recv()
        except EOFError:
            return

        def report(done: int, total: int, number: int = task.number) -> None:
            if stop.value == number:
                raise Cancelled
            pipe.send(("progress", number, (done, total)))

        try:
            report(0, 0)
            module, _, function = task.fn_name.partition(":")
            answer = getattr(importlib.import_module(module), function)(task.payload, report)
            pipe.send(("done", task.number, bytes(answer)))
        except Cancelled:
            pipe.send(("cancelled", task.number, ""))
        except WellbeingError as problem:
            pipe.send(("refused", task.number, problem.message))
        except Exception as problem:  # noqa: BLE001 - the worker must answer whatever went wrong, or the page waits for ever
            pipe.send(("fault", task.number, type(problem).__name__))
