"""Answers reach the page on the GUI thread, or nobody."""

import threading
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import pytest
import shiboken6
from PySide6.QtCore import QObject, QThread
from PySide6.QtWidgets import QApplication, QLabel

from wellbeing_desktop.domain.changes import Change, Changes
from wellbeing_desktop.domain.errors import Refused, StoreProblem
from wellbeing_desktop.ui import background
from wellbeing_desktop.ui.page import Page
from wellbeing_desktop.ui.widgets import messages


class TwoThreads:
    """A store's two queues over plain threads; `fn` gets this object as its store."""

    def __init__(self) -> None:
        self.reader, self.writer = ThreadPoolExecutor(1), ThreadPoolExecutor(1)

    def submit_read(self, fn: Any) -> Future[Any]:
        return self.reader.submit(fn, self)

    def submit_write(self, fn: Any) -> Future[Any]:
        return self.writer.submit(fn, self)


@pytest.fixture
def store():
    made = TwoThreads()
    yield made
    made.reader.shutdown()
    made.writer.shutdown()


def test_a_query_runs_off_the_gui_thread_and_answers_on_it(qtbot, store, qapp: QApplication) -> None:
    owner, seen = QObject(), []
    background.query(
        owner, store, lambda s: threading.current_thread(), lambda t: seen.append((t, QThread.currentThread()))
    )
    qtbot.waitUntil(lambda: bool(seen))
    thread, delivered_on = seen[0]
    assert thread is not threading.main_thread()
    assert delivered_on == qapp.thread()


def test_an_answer_for_a_page_that_has_gone_is_dropped(qtbot, store) -> None:
    owner, other, gate, seen = QObject(), QObject(), threading.Event(), []
    background.query(owner, store, lambda s: gate.wait(5), lambda _: seen.append("gone"))
    background.query(other, store, lambda s: 1, lambda _: seen.append("here"))
    shiboken6.delete(owner)
    gate.set()
    qtbot.waitUntil(lambda: bool(seen))
    assert seen == ["here"]


def test_an_operation_tells_every_view_even_when_its_page_has_gone(qtbot, store) -> None:
    class View(QObject):
        def __init__(self) -> None:
            super().__init__()
            self.told: list[Changes] = []

        def take(self, changes: Changes) -> None:
            self.told.append(changes)

    view, owner = View(), QObject()
    changes = Changes(frozenset({Change("Contact", "c1", "p1")}), "u1")
    background.on_changed(view.take)
    background.operate(owner, store, lambda s: changes, lambda _: pytest.fail("the page has gone"))
    shiboken6.delete(owner)
    qtbot.waitUntil(lambda: bool(view.told))
    assert view.told == [changes]


def test_a_refusal_is_shown_in_the_page_in_its_own_words(qtbot, store) -> None:
    page = Page()
    qtbot.addWidget(page)
    page.show()

    def refuse(_store: object) -> None:
        raise Refused("This record is closed.")

    background.query(page, store, refuse, lambda _: None)
    qtbot.waitUntil(lambda: page.findChild(messages.Notice) is not None)
    assert page.findChild(messages.Notice).sentence.text() == "This record is closed."


def test_a_question_that_we_stopped_shows_nothing(qtbot, store) -> None:
    page, seen = Page(), []
    qtbot.addWidget(page)

    def stopped(_store: object) -> None:
        raise StoreProblem("interrupted", "This was stopped.")

    background.query(page, store, stopped, seen.append, seen.append)
    background.query(page, store, lambda s: "next", seen.append)
    qtbot.waitUntil(lambda: bool(seen))
    assert seen == ["next"]


def test_a_bug_shows_a_code_and_never_its_own_words(qtbot, store) -> None:
    page = Page()
    qtbot.addWidget(page)

    def fail(_store: object) -> None:
        raise ValueError("bad value for Bronwen Jones")

    background.query(page, store, fail, lambda _: None)
    qtbot.waitUntil(lambda: page.findChild(messages.Notice) is not None)
    shown = " ".join(label.text() for label in page.findChildren(QLabel))
    assert "Bronwen" not in shown
    assert "Support code" in shown
