"""A row that wraps: banner facts and button rows at large text and in Welsh."""

from PySide6.QtCore import QMargins, QPoint, QRect, QSize, Qt
from PySide6.QtWidgets import QLayout, QLayoutItem, QSizePolicy, QWidget


class FlowLayout(QLayout):
    """Places its items left to right and begins a new line when one does not fit."""

    def __init__(
        self,
        parent: QWidget | None = None,
        spacing: int = 8,
        align_right: bool = False,
        first_fills: bool = False,
    ) -> None:
        """With `first_fills` the first item takes what its line leaves free, so that the others end at the edge."""
        super().__init__(parent)
        self._items: list[QLayoutItem] = []
        self._first_fills = first_fills
        self._align_right = align_right
        self.setSpacing(spacing)
        self.setContentsMargins(QMargins(0, 0, 0, 0))
        if parent is not None:
            policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
            policy.setHeightForWidth(True)
            parent.setSizePolicy(policy)

    def addItem(self, item: QLayoutItem) -> None:
        self._items.append(item)

    def count(self) -> int:
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        return self._items.pop(index) if 0 <= index < len(self._items) else None

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
        shown = [item.sizeHint() for item in self._items if not item.isEmpty()]
        width = sum(size.width() for size in shown) + self.spacing() * max(0, len(shown) - 1)
        return QSize(width, max((size.height() for size in shown), default=0))

    def minimumSize(self) -> QSize:
        size = QSize()
        for item in self._items:
            if not item.isEmpty():
                size = size.expandedTo(item.minimumSize())
        return size

    def _arrange(self, rect: QRect, *, place: bool) -> int:
        lines: list[list[tuple[QLayoutItem, QSize]]] = [[]]
        x = 0
        for item in self._items:
            if item.isEmpty():
                continue
            size = item.sizeHint()
            size.setWidth(min(size.width(), max(rect.width(), item.minimumSize().width())))
            if item.hasHeightForWidth():
                size.setHeight(item.heightForWidth(size.width()))
            if lines[-1] and x + size.width() > rect.width():
                lines.append([])
                x = 0
            lines[-1].append((item, size))
            x += size.width() + self.spacing()
        y = rect.y()
        for line in lines:
            tallest = max((size.height() for _item, size in line), default=0)
            used = sum(size.width() for _item, size in line) + self.spacing() * max(0, len(line) - 1)
            left = rect.x() + (max(0, rect.width() - used) if self._align_right else 0)
            for item, size in line:
                if self._first_fills and item is self._items[0]:
                    size.setWidth(size.width() + rect.width() - used)
                if place:
                    item.setGeometry(QRect(QPoint(left, y + (tallest - size.height()) // 2), size))
                left += size.width() + self.spacing()
            y += tallest + self.spacing()
        return max(0, y - self.spacing() - rect.y())
