"""Sync in its own thread: when to try, when to leave the server alone, and what the sync line says meanwhile.

No Qt here: callbacks are called from this thread, and whoever shows them passes them on. One sync runs at a time;
asking twice gives at most one more (SYNC 7, scenario 37). Being offline never stops anything.
"""

import datetime as dt
import random
import threading
import time
from collections.abc import Callable
from typing import Final

from wellbeing_desktop.domain.errors import SyncProblem, WellbeingError
from wellbeing_desktop.sync.client.backoff import wait_after
from wellbeing_desktop.sync.client.line import SyncLine, not_joined_line, resting_line, working_line
from wellbeing_desktop.sync.client.problems import ServerSaid
from wellbeing_desktop.sync.client.report import Progress, SyncReport

INTERVAL_SECONDS: Final = 120.0
"""Between syncs when nothing else asks for one."""
NUDGE_SECONDS: Final = 2.0
"""After an edit, so that one visit's Saves travel together."""

SyncStep = Callable[[Progress, Callable[[], bool]], SyncReport]
"""Runs one sync; given where to tell progress and how to ask whether to stop."""


class Runner:
    """Owns the sync thread of one open store. `start`, then `nudge`, `sync_now`, and `stop` at lock or close."""

    def __init__(
        self,
        sync: SyncStep,
        *,
        joined: Callable[[], bool],
        waiting: Callable[[], int],
        last_sync_at: Callable[[], dt.datetime | None],
        files_waiting: Callable[[], int] = lambda: 0,
        run_out: Callable[[], int] = lambda: 0,
        lease: Callable[[], str] = lambda: "",
        on_line: Callable[[SyncLine], None],
        on_report: Callable[[SyncReport], None],
        on_trouble: Callable[[WellbeingError], None],
        now: Callable[[], dt.datetime],
        monotonic: Callable[[], float] = time.monotonic,
        chance: Callable[[], float] = random.random,
        interval_seconds: float = INTERVAL_SECONDS,
        nudge_seconds: float = NUDGE_SECONDS,
    ) -> None:
        """`run_out` counts clocks that ran out, `lease` says by when this laptop must meet its server. `now` gives local
        time with its zone. `on_trouble` is told of a store that fails, such as a full disk."""
        self._sync = sync
        self._joined = joined
        self._waiting = waiting
        self._last_sync_at = last_sync_at
        self._files_waiting = files_waiting
        self._run_out = run_out
        self._lease = lease
        self._on_line = on_line
        self._on_report = on_report
        self._on_trouble = on_trouble
        self._now = now
        self._monotonic = monotonic
        self._chance = chance
        self._interval = interval_seconds
        self._nudge = nudge_seconds
        self._wake = threading.Condition()
        self._due = 0.0
        self._failures = 0
        self._file_failures = 0
        self._problem: SyncProblem | None = None
        self._asked = False
        self._nudged = False
        self._completed_at: dt.datetime | None = None
        self._stopping = threading.Event()
        self._cancelling = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin, with a first sync at once."""
        self._due = self._monotonic()
        self._thread = threading.Thread(target=self._run, name="sync", daemon=True)
        self._thread.start()

    def nudge(self) -> None:
        """Something was saved: sync soon, unless the server is being left alone. Any thread."""
        with self._wake:
            if not self._failures:
                self._due = min(self._due, self._monotonic() + self._nudge)
            self._nudged = True  # the line is said by the sync thread: whoever saved must not wait for a query
            self._wake.notify()

    def sync_now(self) -> None:
        """F5 or a click: sync now, whatever was planned; while one runs, once more after it. Any thread."""
        with self._wake:
            self._asked = True
            self._wake.notify()

    def cancel(self) -> None:
        """Stop the sync that runs at its next page; what has arrived is kept. Any thread."""
        self._cancelling.set()

    def stop(self, timeout_seconds: float = 5.0) -> bool:
        """End the thread. False if it is still waiting for the network after `timeout_seconds` (it then ends alone)."""
        self._stopping.set()
        self._cancelling.set()
        with self._wake:
            self._wake.notify()
        if self._thread is None or self._thread is threading.current_thread():
            return True
        self._thread.join(timeout_seconds)
        return not self._thread.is_alive()

    def _run(self) -> None:
        while self._wait_until_due():
            try:
                self._once()
            except WellbeingError as trouble:
                if self._stopping.is_set():
                    return  # the store was locked under a sync: nothing is half done, nobody needs telling
                self._failed(trouble if isinstance(trouble, SyncProblem) else None)
                self._on_trouble(trouble)

    def _wait_until_due(self) -> bool:
        while not self._stopping.is_set():
            with self._wake:
                left = self._due - self._monotonic()
                if self._asked or left <= 0:
                    self._asked = self._nudged = False
                    self._cancelling.clear()
                    return not self._stopping.is_set()
                if not self._nudged:
                    self._wake.wait(left)
                nudged, self._nudged = self._nudged, False
            if nudged:
                self._say_waiting()
        return False

    def _say_waiting(self) -> None:
        """How much waits has changed since the last sync."""
        try:
            if self._joined():
                self._say_resting()
        except WellbeingError as trouble:
            if not self._stopping.is_set():
                self._on_trouble(trouble)

    def _once(self) -> None:
        if not self._joined():
            self._due = self._monotonic() + self._interval
            self._on_line(not_joined_line())
            return
        report = self._sync(self._tell, self._is_cancelled)
        problem = next((found for found in report.problems if found.kind != "cancelled"), None)
        if problem is None:
            self._failures = 0
            self._problem = None
            if not report.problems:
                self._completed_at = self._now()
            self._due = self._monotonic() + self._until_next(report)
            self._say_resting()
        else:
            self._failed(problem)
        self._on_report(report)

    def _until_next(self, report: SyncReport) -> float:
        """Files that the way to the server failed are tried again sooner than records that are all there."""
        if report.file_problem is None or not report.file_problem.retry:
            self._file_failures = 0
            return 0.0 if report.more and not report.problems else self._interval
        self._file_failures += 1
        return min(self._interval, wait_after(self._file_failures, self._chance()))

    def _failed(self, problem: SyncProblem | None) -> None:
        self._failures += 1
        self._problem = problem
        asked_for = problem.retry_after_seconds if isinstance(problem, ServerSaid) else 0.0
        wait = wait_after(self._failures, self._chance(), asked_for=asked_for)
        if problem is not None and not problem.retry:
            wait = self._interval  # nothing changes until a person acts; asking now and then notices that they did
        self._due = self._monotonic() + wait
        self._say_resting()

    def _tell(self, step: str, done: int, total: int) -> None:
        self._on_line(working_line(step, done, total))

    def _is_cancelled(self) -> bool:
        return self._cancelling.is_set()

    def _say_resting(self) -> None:
        if self._stopping.is_set():
            return
        self._on_line(
            resting_line(
                waiting=self._waiting(),
                files=self._files_waiting(),
                last_sync_at=self._completed_at or self._last_sync_at(),
                problem=self._problem,
                now=self._now(),
                run_out=self._run_out(),
                lease=self._lease(),
            )
        )
