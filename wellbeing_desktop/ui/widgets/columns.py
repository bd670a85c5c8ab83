"""Two columns side by side where there is room, one under another where there is not."""

from PySide6.QtCore import QEvent
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QVBoxLayout, QWidget

from wellbeing_desktop.ui.tokens import SPACE_M

LEAST_CHARACTERS = 120
"""Average characters of width from which two columns read well."""


class TwoColumns(QWidget):
    """Put widgets into `left` and `right`."""

    def __init__(self, left_share: int = 3, right_share: int = 2, *, least_characters: int = LEAST_CHARACTERS) -> None:
        super().__init__()
        self._least = least_characters
        self._row = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(SPACE_M)
        self.left, self.right = QVBoxLayout(), QVBoxLayout()
        self.right_side = QWidget()
        self.right.setContentsMargins(0, 0, 0, 0)
        self.right_side.setLayout(self.right)
        self._left_side = QWidget()
        self.left.setContentsMargins(0, 0, 0, 0)
        self._left_side.setLayout(self.left)
        for column in (self.left, self.right):
            column.setSpacing(SPACE_M)
        self._row.addWidget(self._left_side, left_share)
        self._row.addWidget(self.right_side, right_share)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._turn()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._turn()

    def _turn(self) -> None:
        if not hasattr(self, "_row"):
            return
        wide = self.width() >= self.fontMetrics().averageCharWidth() * self._least
        wanted = QBoxLayout.Direction.LeftToRight if wide else QBoxLayout.Direction.TopToBottom
        if self._row.direction() is not wanted:
            self._row.setDirection(wanted)
