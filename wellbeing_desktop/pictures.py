"""Pictures of the real window: for the demo's report, for README, and for people to look at in review.

Qt loads when a picture is asked for, so that the command line starts without it.
"""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

from wellbeing_desktop.cli.window import Shot
from wellbeing_desktop.storage.store import Store

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from wellbeing_desktop.app import Program
    from wellbeing_desktop.ui.shell import Shell

SIZE: Final = (1366, 728)
"""A 1366 x 768 laptop less the task bar (UX section 2)."""
HELP: Final = "help"
LOCKED: Final = "locked"
"""The page of a shot of the locked window."""
_LONGEST_WAIT_SECONDS: Final = 15.0
_QUIET_ROUNDS: Final = 8


class RealWindow:
    """What `__main__` hands to the command line (cli/window.py)."""

    def show(self, store: Store, make_practice: Callable[[Path], Store]) -> int:
        from wellbeing_desktop.app import start

        application, program = start(store.folder.parent, make_practice=make_practice)
        program.open(store)
        return application.exec()

    def picture(self, stores: Sequence[tuple[Store, Sequence[Shot]]], folder: Path) -> list[Path]:
        _offscreen()
        taken = picture_entry(stores[0][0].folder.parent, folder)
        for store, shots in stores:
            taken += picture_store(store, shots, folder)
        return taken


def picture_store(
    store: Store, shots: Sequence[Shot], folder: Path, *, size: tuple[int, int] = SIZE, look: Look | None = None
) -> list[Path]:
    """Open the window on the store, go to each place it has, and keep what is painted there. The store is closed."""
    taken = []
    with window_on(store, size=size, look=look) as shell:
        for shot in shots:
            if shot.page == LOCKED:
                shell.lock()
            elif shot.page == HELP:
                shell.commands.run("help")  # of the screen in front
            elif not shell.has_page(shot.page):
                continue
            else:
                shell.go(shot.page, shot.argument)
            settle()
            taken.append(keep(shell, folder / f"{shot.name}.png"))
    return taken


@contextmanager
def window_on(store: Store, *, size: tuple[int, int] = SIZE, look: Look | None = None) -> Iterator[Shell]:
    """The real window, open on the store. Both are closed at the end."""
    _offscreen()
    from wellbeing_desktop.app import start

    _application, program = start(store.folder.parent)
    shell = program.open(store)
    try:
        if look is not None:
            look()
        shell.resize(*size)
        yield shell
    finally:
        shell.close()
        _forget(program, shell)


Look = Callable[[], None]
"""Chooses theme and text size once the window is open, in place of those that are kept."""


def picture_entry(home: Path, folder: Path, *, size: tuple[int, int] = SIZE, look: Look | None = None) -> list[Path]:
    """The screens before a store is open: first run, a new store, joining, and unlocking one of the stores of `home`."""
    _offscreen()
    from wellbeing_desktop.app import start
    from wellbeing_desktop.ui.entry.new_store import NewStorePage
    from wellbeing_desktop.ui.entry.welcome import WelcomePage

    taken = []
    with tempfile.TemporaryDirectory() as nothing_yet:
        _application, program = start(Path(nothing_yet), make_practice=_never)
        entry = program.entry
        try:
            entry.begin()
            entry.show()
            if look is not None:
                look()
            entry.resize(*size)
            settle()
            taken.append(keep(entry, folder / "first-run.png"))
            for name, ask in (("new-store", "alone_asked"), ("join", "join_asked")):
                entry.show_welcome()
                page = entry.stack.currentWidget()
                if isinstance(page, WelcomePage):
                    getattr(page, ask).emit()
                settle()
                if isinstance(entry.stack.currentWidget(), NewStorePage):
                    taken.append(keep(entry, folder / f"{name}.png"))
        finally:
            entry.close()
            _forget(program, entry)
    _application, program = start(home)
    try:
        program.begin()
        if look is not None:
            look()
        program.entry.resize(*size)
        settle()
        taken.append(keep(program.entry, folder / "unlock.png"))
    finally:
        program.entry.close()
        _forget(program, program.entry)
    return taken


def keep(window: QWidget, path: Path) -> Path:
    """Write what the window shows now. Raises OSError if it cannot be written."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if not window.grab().save(str(path)):
        raise OSError(f"the picture {path.name} could not be written")
    return path


def settle() -> None:
    """Let the window paint, until it waits for nothing: no answer from the store and no event of its own."""
    from PySide6.QtCore import QEventLoop
    from PySide6.QtWidgets import QApplication

    from wellbeing_desktop.ui import background

    end = time.monotonic() + _LONGEST_WAIT_SECONDS
    quiet = 0
    while quiet < _QUIET_ROUNDS and time.monotonic() < end:
        QApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 20)
        time.sleep(0.01)
        quiet = 0 if background.waiting() else quiet + 1


def _forget(program: Program, window: QWidget) -> None:
    from PySide6.QtCore import QCoreApplication, QEvent

    program.close_store()
    window.deleteLater()
    program.deleteLater()
    settle()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def _offscreen() -> None:
    if not os.environ.get("DISPLAY") and not os.environ.get("WAYLAND_DISPLAY"):
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")


def _never(_folder: Path) -> Store:
    raise RuntimeError("nobody presses a button in a picture")
