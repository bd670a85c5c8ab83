"""Parts side by side that stand one under another where there is no room beside: large text, Welsh, a small window."""

from collections.abc import Callable
from typing import NamedTuple

from PySide6.QtCore import QEvent, QObject, QRect, QSize, Qt
from PySide6.QtWidgets import QLayout, QLayoutItem, QSizePolicy, QWidget

Head = Callable[[int], int]
"""How high the words above a field are at a width."""


class _Part(NamedTuple):
    item: QLayoutItem
    share: int
    top: bool
    head: Head | None


class BesideLayout(QLayout):
    """Shares the width among its items, or gives each the whole of it in turn. Which, follows from the width alone."""

    def __init__(self, parent: QWidget, spacing: int, least_characters: int) -> None:
        super().__init__(parent)
        self._items: list[_Part] = []
        self._least = least_characters
        self._next: tuple[int, bool, Head | None] = (1, True, None)
        self.setSpacing(spacing)
        self.setContentsMargins(0, 0, 0, 0)

    def add_part(self, part: QWidget, share: int, top: bool, head: Head | None) -> None:
        self._next = (share, top, head)
        self.addWidget(part)

    def addItem(self, item: QLayoutItem) -> None:
        self._items.append(_Part(item, *self._next))

    def count(self) -> int:
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        return self._items[index].item if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        return self._items.pop(index).item if 0 <= index < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return self._arrange(QRect(0, 0, width, 0), place=False)

    def setGeometry(self, rect: QRect) -> None:
        super().setGeometry(rect)
        self._arrange(rect, place=True)

    def sizeHint(self) -> QSize:
        hints = [part.item.sizeHint() for part in self._items if not part.item.isEmpty()]
        width = sum(hint.width() for hint in hints) + self.spacing() * max(0, len(hints) - 1)
        return QSize(width, max((hint.height() for hint in hints), default=0))

    def minimumSize(self) -> QSize:
        size = QSize()
        for part in self._items:
            if not part.item.isEmpty():
                size = size.expandedTo(part.item.minimumSize())
        return size

    def _arrange(self, rect: QRect, *, place: bool) -> int:
        shown = [part for part in self._items if not part.item.isEmpty()]
        if not shown:
            return 0
        return self._across(shown, rect, place) if self._fits(shown, rect.width()) else self._down(shown, rect, place)

    def _fits(self, shown: list[_Part], width: int) -> bool:
        shares = sum(part.share for part in shown)
        room = width - self.spacing() * (len(shown) - 1)
        parent = self.parentWidget()
        least = parent.fontMetrics().averageCharWidth() * self._least if parent is not None else 0
        return width >= least and all(part.item.minimumSize().width() <= room * part.share // shares for part in shown)

    def _across(self, shown: list[_Part], rect: QRect, place: bool) -> int:
        shares = sum(part.share for part in shown)
        room = rect.width() - self.spacing() * (len(shown) - 1)
        widths = [room * part.share // shares for part in shown]
        heights = [_height(part.item, width) for part, width in zip(shown, widths, strict=True)]
        heads = [part.head(width) if part.head else 0 for part, width in zip(shown, widths, strict=True)]
        lowest = max(heads)
        drops = [lowest - head if part.head else 0 for part, head in zip(shown, heads, strict=True)]
        tallest = max(drop + height for drop, height in zip(drops, heights, strict=True))
        left = rect.x()
        for part, width, height, drop in zip(shown, widths, heights, drops, strict=True):
            if place:
                down = height if part.top else max(tallest, rect.height()) - drop
                part.item.setGeometry(QRect(left, rect.y() + drop, width, down))
            left += width + self.spacing()
        return tallest

    def _down(self, shown: list[_Part], rect: QRect, place: bool) -> int:
        y = rect.y()
        for part in shown:
            height = _height(part.item, rect.width())
            if place:
                part.item.setGeometry(QRect(rect.x(), y, rect.width(), height))
            y += height + self.spacing()
        return y - self.spacing() - rect.y()


class Beside(QWidget):
    """A row that becomes a column when its parts need more width than there is, or than `least_characters` of text."""

    def __init__(self, spacing: int, *, least_characters: int = 0) -> None:
        super().__init__()
        self._parts = BesideLayout(self, spacing, least_characters)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def add(self, part: QWidget, share: int = 1, *, top: bool = True, head: Head | None = None) -> None:
        """Adds a part; `top` keeps its own height at the top of the row. With every part hidden the row is too.
        What stands below their heads begins at one height in all parts of a row that give `head`."""
        part.installEventFilter(self)
        self._parts.add_part(part, share, top, head)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.ShowToParent, QEvent.Type.HideToParent):
            items = [self._parts.itemAt(at) for at in range(self._parts.count())]
            parts = [item.widget() for item in items if item is not None]
            self.setVisible(any(part is not None and not part.isHidden() for part in parts))
        return super().eventFilter(watched, event)


def _height(item: QLayoutItem, width: int) -> int:
    return item.heightForWidth(width) if item.hasHeightForWidth() else item.sizeHint().height()
