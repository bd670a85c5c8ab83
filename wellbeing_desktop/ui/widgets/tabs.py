"""Tabs below a heading: Left and Right move, Tab leaves."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QTabWidget, QWidget

_LINE: Final = 2
"""Between the bar and the part in front, in pixels."""


class Tabs(QTabWidget):
    """As high as the part in front. Qt would keep the room of the highest part, and a page would scroll through what
    belongs to another tab."""

    def __init__(self) -> None:
        super().__init__()
        self.currentChanged.connect(lambda _at: self.updateGeometry())

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        part = self.currentWidget()
        if part is not None and part.hasHeightForWidth():
            return self._bar() + max(part.heightForWidth(width), part.minimumHeight())
        return self.sizeHint().height()

    def sizeHint(self) -> QSize:
        part = self.currentWidget()
        height = part.sizeHint().expandedTo(part.minimumSize()).height() if part is not None else 0
        return QSize(super().sizeHint().width(), self._bar() + height)

    def minimumSizeHint(self) -> QSize:
        return QSize(super().minimumSizeHint().width(), self._bar())

    def _bar(self) -> int:
        return self.tabBar().sizeHint().height() + _LINE


def tabs(name: str, pages: Sequence[tuple[str, QWidget]]) -> QTabWidget:
    """Tabs with an accessible `name` and (words, widget) each; they scroll when there is no room."""
    made = Tabs()
    made.setDocumentMode(True)
    made.setAccessibleName(name)
    bar = made.tabBar()
    bar.setAccessibleName(name)
    bar.setUsesScrollButtons(True)
    bar.setElideMode(Qt.TextElideMode.ElideNone)
    bar.setExpanding(False)
    for words, widget in pages:
        made.addTab(widget, words)
    return made
