"""The undo bar: says what was done and takes it back for 10 seconds; Ctrl+Z does for the whole session."""

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QFrame, QHBoxLayout

from wellbeing_desktop.ui.tokens import SPACE_M, SPACE_S
from wellbeing_desktop.ui.widgets import buttons, labels, messages

SECONDS: Final = 10


class UndoBar(QFrame):
    """One at the foot of the page area. While the keyboard or mouse is on it, the time stands still."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("kind", "undo")
        row = QHBoxLayout(self)
        row.setContentsMargins(SPACE_M, SPACE_S, SPACE_M, SPACE_S)
        row.setSpacing(SPACE_M)
        self.words = labels.body()
        self.undo_button = buttons.secondary("Undo this", self._undo)
        self.close_button = buttons.secondary("Hide this", self.hide)
        row.addWidget(self.words, 1)
        row.addWidget(self.undo_button)
        row.addWidget(self.close_button)
        self._on_undo: Callable[[], object] | None = None
        self.timer = QTimer(self, singleShot=True, interval=SECONDS * 1000)
        self.timer.timeout.connect(self._time_is_up)
        self.hide()

    def offer(self, words: str, on_undo: Callable[[], object]) -> None:
        """Shows "Contact saved." with Undo for 10 seconds; a later offer takes its place."""
        self._on_undo = on_undo
        self.words.setText(words)
        self.setAccessibleName(words)
        self.show()
        self.timer.start()
        messages.announce(self, f"{words} Undo with Control Z.")

    def _undo(self) -> None:
        on_undo, self._on_undo = self._on_undo, None
        self.timer.stop()
        self.hide()
        if on_undo is not None:
            on_undo()

    def _time_is_up(self) -> None:
        focus = QApplication.focusWidget()
        if self.underMouse() or (focus is not None and self.isAncestorOf(focus)):
            self.timer.start()
        else:
            self.hide()
