"""Somebody at the keyboard of the real window: only keys go in, only what is on the screen is read."""

import time
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QEventLoop, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QWidget

from wellbeing_desktop.app import Program, start
from wellbeing_desktop.ui import background
from wellbeing_desktop.ui.shell import Shell

Key = Qt.Key
CTRL = Qt.KeyboardModifier.ControlModifier
CTRL_SHIFT = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
LONGEST_WAIT_SECONDS = 30.0
MOST_TABS = 200


def wait_for(happened: Callable[[], object], what: str) -> None:
    """Let the window live until `happened` answers something true; AssertionError, naming `what`, if it never does."""
    end = time.monotonic() + LONGEST_WAIT_SECONDS
    while not happened():
        assert time.monotonic() < end, f"waited too long for {what}"
        QApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 20)
        time.sleep(0.005)


def settle() -> None:
    wait_for(lambda: background.waiting() == 0, "the answers of the store")
    for _ in range(3):
        QApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 20)
    wait_for(lambda: background.waiting() == 0, "the answers of the store")


def focused() -> QWidget:
    widget = QApplication.focusWidget()
    assert widget is not None, "nothing has the keyboard"
    return widget


def name_of(widget: QWidget) -> str:
    text = getattr(widget, "text", None)
    return (widget.accessibleName() or (text() if callable(text) else "")).replace("&", "")


def press(key: Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    QTest.keyClick(focused(), key, modifiers)
    settle()


def write(words: str) -> None:
    QTest.keyClicks(focused(), words)
    settle()


def tab_to(name: str) -> QWidget:
    """Tab on until the control of that name has the keyboard."""
    seen = []
    for _ in range(MOST_TABS):
        if name in name_of(focused()):
            return focused()
        seen.append(name_of(focused()))
        press(Key.Key_Tab)
        wait_for(QApplication.focusWidget, f"the keyboard after {seen[-1]!r}")
    raise AssertionError(f"Tab never came to {name!r}; it went by {list(dict.fromkeys(seen))}")


def choose(name: str, words: str) -> None:
    """In the list of that name, by its first letters; a space would open the list."""
    tab_to(name)
    QTest.keyClicks(focused(), words)
    settle()


def answer(question: str, at: int) -> None:
    """One of a row of answers, by its place from 0: arrows move, Space answers."""
    tab_to(question)
    for _ in range(at):
        press(Key.Key_Right)
    press(Key.Key_Space)


def push(name: str) -> None:
    """Tab to the button of that name and press it."""
    tab_to(name)
    press(Key.Key_Space)


def run_command(words: str) -> None:
    """Ctrl+K, the words, Enter: a person or a command."""
    press(Key.Key_K, CTRL)
    write(words)
    press(Key.Key_Return)


def words_on(widget: QWidget) -> str:
    shown = [*widget.findChildren(QLabel), *widget.findChildren(QAbstractButton)]
    return "\n".join(each.text() for each in shown if each.isVisible())


def open_and_unlock(folder: Path, passphrase: str) -> tuple[Program, Shell]:
    """Start the program on one store and unlock it, as in the morning."""
    _application, program = start(folder.parent, only=folder)
    program.begin()
    program.entry.activateWindow()
    wait_for(lambda: QApplication.focusWidget() is not None, "the passphrase field")
    write(passphrase)
    QTest.keyClick(focused(), Key.Key_Return)
    wait_for(lambda: program.shell is not None and program.shell.page() is not None, "Today")
    shell = program.shell
    assert shell is not None
    shell.activateWindow()
    wait_for(lambda: QApplication.focusWidget() is not None and shell.isActiveWindow(), "the window in front")
    settle()
    return program, shell


def close(program: Program, shell: Shell) -> None:
    shell.close()
    program.close_store()
    shell.deleteLater()
    program.entry.deleteLater()
    program.deleteLater()
    settle()
