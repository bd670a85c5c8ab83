import gc
import threading
import weakref
from concurrent.futures import ThreadPoolExecutor

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from wellbeing_desktop.ui.garbage import Collector


class Round:
    """Holds a widget, and itself."""

    def __init__(self) -> None:
        self.widget = QWidget()
        self.me = self


def make_much() -> int:
    """Enough cycles for Python to collect every generation, left to itself."""
    for _ in range(100_000):
        cycle: list[object] = []
        cycle.append(cycle)
    return threading.get_ident()


def test_a_widget_in_a_cycle_is_taken_apart_on_the_gui_thread_alone(qtbot: QtBot, qapp: QObject) -> None:
    parent = QObject()
    collector = Collector(parent)
    gone_in: list[int] = []
    weakref.finalize(Round(), lambda: gone_in.append(threading.get_ident()))
    with ThreadPoolExecutor(1) as other:
        assert other.submit(make_much).result() != threading.get_ident()
    assert gone_in == []
    qtbot.waitUntil(lambda: bool(gone_in))
    assert gone_in == [threading.get_ident()]
    collector.deleteLater()


def test_what_is_kept_is_counted_in_again_when_it_is_let_go(qtbot: QtBot, qapp: QObject) -> None:
    parent = QObject()
    collector = Collector(parent)
    gone: list[bool] = []
    weakref.finalize(Round(), lambda: gone.append(True))
    collector.keep()
    gc.collect()
    assert gone == []
    collector.let_go()
    qtbot.waitUntil(lambda: bool(gone))
