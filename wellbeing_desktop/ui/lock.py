"""Locking: Ctrl+L, the lid, or no key and no mouse for some minutes. The screen is hidden, drafts are kept."""

import time
from collections.abc import Callable
from typing import Final

import shiboken6
from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QWindow
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from wellbeing_desktop.domain.idle_lock import LEAST_MINUTES, MOST_MINUTES, USUAL_MINUTES

LOCKED_TITLE: Final = "Wellbeing Desktop"
_ACTIVITY: Final = {
    QEvent.Type.KeyPress,
    QEvent.Type.MouseButtonPress,
    QEvent.Type.MouseMove,
    QEvent.Type.Wheel,
    QEvent.Type.TouchBegin,
    QEvent.Type.TabletPress,
}


class IdleClock(QObject):
    """Tells `idle` after some minutes without a key, mouse or touch.

    It listens at the windows of the system, not at every widget: one call into Python for a key instead of a dozen.
    """

    idle = Signal()

    def __init__(self, parent: QObject, minutes: int = USUAL_MINUTES, *, now: Callable[[], float] = time.time) -> None:
        """`now` gives seconds of the wall clock, which goes on while the laptop sleeps."""
        super().__init__(parent)
        self._now = now
        self._last = now()
        self._minutes = minutes
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self.idle)
        self._held: set[int] = set()
        app = QGuiApplication.instance()
        if isinstance(app, QGuiApplication):
            app.focusWindowChanged.connect(self._listen)
        self.set_minutes(minutes)

    def set_minutes(self, minutes: int) -> None:
        """1 to 15, the organisation's choice; a number outside is brought to the nearest end."""
        self._minutes = max(LEAST_MINUTES, min(minutes, MOST_MINUTES))
        self.start()

    def limit_minutes(self) -> int:
        """How long may pass now: the minutes set, or MOST_MINUTES while a call or visit form is open."""
        return MOST_MINUTES if self._held else self._minutes

    def hold_off(self, owner: QObject) -> None:
        """An open call or visit form holds the lock off, up to MOST_MINUTES without a key (PRACTICE W5)."""
        key = id(owner)
        self._held.add(key)
        owner.destroyed.connect(lambda: self._held.discard(key))
        self.start()

    def let_go(self, owner: QObject) -> None:
        self._held.discard(id(owner))
        self.start()

    def is_running(self) -> bool:
        return self._timer.isActive()

    def stop(self) -> None:
        self._timer.stop()

    def start(self) -> None:
        self._last = self._now()
        self._timer.start(self.limit_minutes() * 60_000)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        if event.type() not in _ACTIVITY or not self._timer.isActive():
            return False
        if self._now() - self._last > self.limit_minutes() * 60:
            # the laptop slept with its lid closed, and timers slept with it: lock before this key is seen
            self._timer.stop()
            self.idle.emit()
            return True
        self.start()
        return False

    def _listen(self, window: QWindow | None) -> None:
        if window is not None:
            window.removeEventFilter(self)
            window.installEventFilter(self)


def middle() -> QHBoxLayout:
    """A row whose one part is put in with `insertWidget(1, part, 1)` and stays in the middle. An alignment would give the
    part the height of its words before they wrap: a long label then took the room of the passphrase."""
    row = QHBoxLayout()
    row.addStretch(1)
    row.addStretch(1)
    return row


class LockCover(QWidget):
    """Covers the whole window with the unlock widget that the application gives. Nothing below can be reached."""

    locked = Signal()
    unlocked = Signal()

    def __init__(self, window: QWidget, make_unlock: Callable[[], QWidget] | None = None) -> None:
        super().__init__(window)
        self.setObjectName("lock")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._make_unlock = make_unlock
        self._unlock: QWidget | None = None
        self._hidden: list[QWidget] = []
        self._focus: QWidget | None = None
        column = QVBoxLayout(self)
        self._row = middle()
        column.addStretch(1)
        column.addLayout(self._row)
        column.addStretch(1)
        self.hide()

    @property
    def is_locked(self) -> bool:
        return not self.isHidden()

    def set_unlock(self, make_unlock: Callable[[], QWidget]) -> None:
        """`make_unlock` makes a fresh unlock widget at each lock; it calls `unlock()` when the passphrase was right."""
        self._make_unlock = make_unlock

    def lock(self, save_drafts: Callable[[], object]) -> None:
        """Saves drafts first, then hides everything, then tells `locked` (the application closes the store then)."""
        if self.is_locked:
            return
        save_drafts()
        window = self.window()
        window.setWindowTitle(LOCKED_TITLE)
        self._focus = window.focusWidget()
        for child in window.children():
            # hidden, not only covered: a screen reader and Tab must not reach what lies below
            if isinstance(child, QWidget) and child is not self and not child.isHidden() and not child.isWindow():
                child.hide()
                self._hidden.append(child)
        for other in QGuiApplication.topLevelWindows():
            if other is not window.windowHandle() and other.transientParent() is window.windowHandle():
                other.hide()
        if self._make_unlock is not None:
            self._unlock = self._make_unlock()
            self._row.insertWidget(1, self._unlock, 1)
        self.setGeometry(window.rect())
        self.show()
        self.raise_()
        if self._unlock is not None:
            self._unlock.setFocus()
        self.locked.emit()

    def unlock(self) -> None:
        """Shows the window as it was; the application calls this after the store is open again."""
        if not self.is_locked:
            return
        self.hide()
        hidden, self._hidden = self._hidden, []
        for child in hidden:
            child.show()
        if self._unlock is not None:
            self._row.removeWidget(self._unlock)
            self._unlock.deleteLater()
            self._unlock = None
        focus, self._focus = self._focus, None
        if focus is not None and shiboken6.isValid(focus):
            focus.setFocus()  # back to the field that was being typed in
        self.unlocked.emit()


def hold_off_lock(form: QWidget) -> None:
    """This call or visit form is open: its window's lock waits longer. Nothing without a window that locks."""
    clock = getattr(form.window(), "idle_clock", None)
    if isinstance(clock, IdleClock):
        clock.hold_off(form)


def let_lock_go(form: QWidget) -> None:
    """The form was left."""
    clock = getattr(form.window(), "idle_clock", None)
    if isinstance(clock, IdleClock):
        clock.let_go(form)
