"""The listening thread: it only says that there may be something, and leaves an unreachable server alone."""

import threading
from collections.abc import Callable

from wellbeing_desktop.domain.errors import StoreProblem
from wellbeing_desktop.sync.client.hints import Listener
from wellbeing_desktop.sync.client.problems import problem


class Scene:
    def __init__(self, *answers: int | str) -> None:
        self.answers = list(answers)
        self.news = threading.Event()
        self.heard = 0
        self.asked: list[int] = []
        self.over = threading.Event()

    def ask(self, seq: int) -> int:
        self.asked.append(seq)
        if not self.answers:
            self.over.set()
            raise StoreProblem("closed", "Closed.", "")
        answer = self.answers.pop(0)
        if isinstance(answer, str):
            raise problem(answer)
        return answer

    def hear(self) -> None:
        self.heard += 1
        self.news.set()

    def listener(self, seq_here: Callable[[], int] = lambda: 5) -> Listener:
        return Listener(
            self.ask,
            joined=lambda: True,
            seq_here=seq_here,
            on_news=self.hear,
            chance=lambda: 0.0,
            settle_seconds=0.0,
            spread_seconds=0.0,
            rest_seconds=0.0,
        )


def test_news_beyond_the_cursor_is_told_and_what_is_here_already_is_not() -> None:
    scene = Scene(5, 7)
    listener = scene.listener()
    listener.start()
    assert scene.over.wait(20)
    assert listener.stop(20)
    assert scene.heard == 1
    assert scene.asked == [5, 5, 5]


def test_a_server_that_is_not_there_stops_nothing_and_is_asked_again() -> None:
    scene = Scene("unreachable", "revoked", 9)
    listener = scene.listener()
    listener.start()
    assert scene.news.wait(20)
    assert scene.over.wait(20)
    assert listener.stop(20)


def test_a_store_that_was_locked_ends_the_thread() -> None:
    scene = Scene()
    listener = scene.listener()
    listener.start()
    assert scene.over.wait(20)
    assert listener.stop(20)
