"""Parts side by side that stand one under another where there is no room beside: large text, Welsh, a small window."""

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QWidget

_ACROSS = QBoxLayout.Direction.LeftToRight
_DOWN = QBoxLayout.Direction.TopToBottom


class Beside(QWidget):
    """A row that becomes a column when its parts need more width than there is, or than `least_characters` of text."""

    def __init__(self, spacing: int, *, least_characters: int = 0) -> None:
        super().__init__()
        self._least = least_characters
        self.box = QBoxLayout(_ACROSS, self)
        self.box.setContentsMargins(0, 0, 0, 0)
        self.box.setSpacing(spacing)

    def add(self, part: QWidget, stretch: int = 1, *, top: bool = True) -> None:
        """Adds a part; `top` keeps its own height at the top of the row."""
        if top:
            self.box.addWidget(part, stretch, Qt.AlignmentFlag.AlignTop)
        else:
            self.box.addWidget(part, stretch)

    def minimumSizeHint(self) -> QSize:
        """As narrow as the widest part: below the sum of them the row turns."""
        hint = super().minimumSizeHint()
        return QSize(max(self._widths(), default=0), hint.height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._turn()

    def event(self, event: QEvent) -> bool:
        answer = super().event(event)
        if event.type() in (QEvent.Type.LayoutRequest, QEvent.Type.FontChange):
            self._turn()
        return answer

    def _turn(self) -> None:
        widths = self._widths()
        need = sum(widths) + self.box.spacing() * max(0, len(widths) - 1)
        need = max(need, self.fontMetrics().averageCharWidth() * self._least)
        wanted = _ACROSS if self.width() >= need else _DOWN
        if self.box.direction() is not wanted:
            self.box.setDirection(wanted)
            # in a column, alignment would keep each part at its own width
            for at in range(self.box.count()):
                item = self.box.itemAt(at)
                if item is not None and item.widget() is not None and item.alignment():
                    item.setAlignment(Qt.AlignmentFlag.AlignTop)

    def _widths(self) -> list[int]:
        found = []
        for at in range(self.box.count()):
            item = self.box.itemAt(at)
            if item is not None and not item.isEmpty():
                found.append(item.minimumSize().width())
        return found
