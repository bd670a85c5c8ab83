"""The sync thread: real threads, no sleeps; each step of the made-up sync waits until the test lets it go on."""

import datetime as dt
import queue
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest

from wellbeing_desktop.domain.errors import StoreProblem, WellbeingError
from wellbeing_desktop.sync.client.line import SyncLine
from wellbeing_desktop.sync.client.problems import problem
from wellbeing_desktop.sync.client.report import Progress, SyncReport
from wellbeing_desktop.sync.client.runner import Runner

PATIENCE = 10.0
asked_on: list[str] = []
"""The names of the threads that asked how much waits."""
NOW = dt.datetime(2026, 11, 21, 10, 42, tzinfo=dt.UTC)


@dataclass
class Scene:
    """A runner whose syncs begin when they like and end when the test says how."""

    begun: queue.Queue[Callable[[], bool]] = field(default_factory=queue.Queue)
    endings: queue.Queue[SyncReport | WellbeingError] = field(default_factory=queue.Queue)
    lines: queue.Queue[SyncLine] = field(default_factory=queue.Queue)
    reports: queue.Queue[SyncReport] = field(default_factory=queue.Queue)
    troubles: queue.Queue[WellbeingError] = field(default_factory=queue.Queue)
    waiting: int = 0
    is_joined: bool = True
    seconds: float = 0.0

    def sync(self, progress: Progress, cancelled: Callable[[], bool]) -> SyncReport:
        progress("sending", 0, 3)
        self.begun.put(cancelled)
        ending = self.endings.get(timeout=PATIENCE)
        if isinstance(ending, WellbeingError):
            raise ending
        return ending

    def runner(self) -> Runner:
        return Runner(
            self.sync,
            joined=lambda: self.is_joined,
            waiting=self.count,
            last_sync_at=lambda: NOW,
            on_line=self.lines.put,
            on_report=self.reports.put,
            on_trouble=self.troubles.put,
            now=lambda: NOW,
            monotonic=lambda: self.seconds,
            chance=lambda: 0.0,
        )

    def count(self) -> int:
        asked_on.append(threading.current_thread().name)
        return self.waiting

    def line(self) -> str:
        return self.lines.get(timeout=PATIENCE).words

    def finish(self, ending: SyncReport | WellbeingError) -> Callable[[], bool]:
        cancelled = self.begun.get(timeout=PATIENCE)
        self.endings.put(ending)
        return cancelled


@pytest.fixture
def scene() -> Scene:
    return Scene()


@pytest.fixture
def runner(scene: Scene) -> Iterator[Runner]:
    made = scene.runner()
    made.start()
    yield made
    scene.endings.put(SyncReport())
    assert made.stop(PATIENCE)


def test_it_syncs_at_the_start_and_says_so(scene: Scene, runner: Runner) -> None:
    assert scene.line() == "Sending 1 of 3"
    scene.finish(SyncReport(sent=3))
    assert scene.line() == "Up to date 10:42"
    assert scene.reports.get(timeout=PATIENCE).sent == 3


@pytest.mark.scenario(37)
def test_asking_three_times_during_a_sync_gives_one_more(scene: Scene, runner: Runner) -> None:
    scene.begun.get(timeout=PATIENCE)
    for _ in range(3):
        runner.sync_now()
    scene.endings.put(SyncReport(sent=1))
    scene.finish(SyncReport(sent=2))
    assert [scene.reports.get(timeout=PATIENCE).sent for _ in range(2)] == [1, 2]
    runner.stop(PATIENCE)
    assert scene.begun.empty()


def test_a_failure_is_working_offline_and_f5_tries_at_once(scene: Scene, runner: Runner) -> None:
    scene.waiting = 3
    scene.finish(SyncReport(problems=(problem("name_not_found"),)))
    assert scene.line() == "Sending 1 of 3"
    assert scene.line() == "Working offline. 3 changes waiting. Last sync today 10:42"
    runner.nudge()  # an edit does not disturb a server that is being left alone
    assert scene.line().startswith("Working offline.")
    assert scene.begun.empty()
    runner.sync_now()
    scene.finish(SyncReport())
    assert scene.line() == "Sending 1 of 3"
    assert scene.line() == "3 changes waiting. Last sync today 10:42"


def test_it_tries_again_by_itself_when_the_wait_is_over(scene: Scene, runner: Runner) -> None:
    scene.finish(SyncReport(problems=(problem("timed_out"),)))
    scene.reports.get(timeout=PATIENCE)
    scene.seconds += 1.0
    runner.nudge()  # wakes the thread, as time itself would
    scene.finish(SyncReport(sent=7))
    assert scene.reports.get(timeout=PATIENCE).sent == 7


def test_an_edit_makes_it_sync_two_seconds_later(scene: Scene, runner: Runner) -> None:
    scene.finish(SyncReport())
    scene.reports.get(timeout=PATIENCE)
    scene.waiting = 1
    runner.nudge()
    scene.seconds += 2.0
    runner.nudge()
    scene.finish(SyncReport(sent=1))
    assert scene.reports.get(timeout=PATIENCE).sent == 1


def test_whoever_saves_never_waits_for_the_lines_query(scene: Scene, runner: Runner) -> None:
    scene.finish(SyncReport())
    scene.reports.get(timeout=PATIENCE)
    asked_on.clear()
    runner.nudge()
    while not scene.lines.get(timeout=PATIENCE).words.startswith("3 changes"):
        scene.waiting = 3
        runner.nudge()
    assert set(asked_on) == {"sync"}


def test_cancel_reaches_the_sync_that_runs_and_not_the_next(scene: Scene, runner: Runner) -> None:
    cancelled = scene.begun.get(timeout=PATIENCE)
    assert not cancelled()
    runner.cancel()
    assert cancelled()
    scene.endings.put(SyncReport(problems=(problem("cancelled"),)))
    scene.reports.get(timeout=PATIENCE)
    runner.sync_now()
    assert not scene.begun.get(timeout=PATIENCE)()
    scene.endings.put(SyncReport())


def test_a_full_disk_is_told_and_the_thread_goes_on(scene: Scene, runner: Runner) -> None:
    scene.finish(StoreProblem("disk_full", "The disk is full.", "Make room."))
    told = scene.troubles.get(timeout=PATIENCE)
    assert isinstance(told, StoreProblem)
    assert told.kind == "disk_full"
    runner.sync_now()
    scene.finish(SyncReport(sent=1))
    assert scene.reports.get(timeout=PATIENCE).sent == 1


def test_a_store_locked_under_a_sync_ends_the_thread_without_a_word(scene: Scene, runner: Runner) -> None:
    cancelled = scene.begun.get(timeout=PATIENCE)
    assert not runner.stop(timeout_seconds=0.01)
    assert cancelled()
    scene.endings.put(StoreProblem("store_closed", "The case store is locked."))
    assert runner.stop(PATIENCE)
    assert scene.troubles.empty()
    assert scene.reports.empty()


def test_a_store_on_this_computer_only_says_so_and_sends_nothing(scene: Scene) -> None:
    scene.is_joined = False
    runner = scene.runner()
    runner.start()
    assert scene.line() == "On this computer only"
    assert runner.stop(PATIENCE)
    assert scene.begun.empty()
