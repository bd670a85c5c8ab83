"""Parts side by side that stand one under another where there is no room beside: large text, Welsh, a small window."""

from PySide6.QtCore import QEvent, QObject, QRect, QSize, Qt
from PySide6.QtWidgets import QLayout, QLayoutItem, QSizePolicy, QWidget


class BesideLayout(QLayout):
    """Shares the width among its items, or gives each the whole of it in turn. Which, follows from the width alone."""

    def __init__(self, parent: QWidget, spacing: int, least_characters: int) -> None:
        super().__init__(parent)
        self._items: list[tuple[QLayoutItem, int, bool]] = []
        self._least = least_characters
        self._next = (1, True)
        self.setSpacing(spacing)
        self.setContentsMargins(0, 0, 0, 0)

    def add_part(self, part: QWidget, share: int, top: bool) -> None:
        self._next = (share, top)
        self.addWidget(part)

    def addItem(self, item: QLayoutItem) -> None:
        self._items.append((item, *self._next))

    def count(self) -> int:
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        return self._items[index][0] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        return self._items.pop(index)[0] if 0 <= index < len(self._items) else None

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
        hints = [item.sizeHint() for item, _share, _top in self._items if not item.isEmpty()]
        width = sum(hint.width() for hint in hints) + self.spacing() * max(0, len(hints) - 1)
        return QSize(width, max((hint.height() for hint in hints), default=0))

    def minimumSize(self) -> QSize:
        size = QSize()
        for item, _share, _top in self._items:
            if not item.isEmpty():
                size = size.expandedTo(item.minimumSize())
        return size

    def _arrange(self, rect: QRect, *, place: bool) -> int:
        shown = [each for each in self._items if not each[0].isEmpty()]
        if not shown:
            return 0
        return self._across(shown, rect, place) if self._fits(shown, rect.width()) else self._down(shown, rect, place)

    def _fits(self, shown: list[tuple[QLayoutItem, int, bool]], width: int) -> bool:
        shares = sum(share for _item, share, _top in shown)
        room = width - self.spacing() * (len(shown) - 1)
        parent = self.parentWidget()
        least = parent.fontMetrics().averageCharWidth() * self._least if parent is not None else 0
        return width >= least and all(item.minimumSize().width() <= room * share // shares for item, share, _ in shown)

    def _across(self, shown: list[tuple[QLayoutItem, int, bool]], rect: QRect, place: bool) -> int:
        shares = sum(share for _item, share, _top in shown)
        room = rect.width() - self.spacing() * (len(shown) - 1)
        widths = [room * share // shares for _item, share, _top in shown]
        heights = [_height(item, width) for (item, _s, _t), width in zip(shown, widths, strict=True)]
        tallest = max(heights)
        left = rect.x()
        for (item, _share, top), width, height in zip(shown, widths, heights, strict=True):
            if place:
                item.setGeometry(QRect(left, rect.y(), width, height if top else max(tallest, rect.height())))
            left += width + self.spacing()
        return tallest

    def _down(self, shown: list[tuple[QLayoutItem, int, bool]], rect: QRect, place: bool) -> int:
        y = rect.y()
        for item, _share, _top in shown:
            height = _height(item, rect.width())
            if place:
                item.setGeometry(QRect(rect.x(), y, rect.width(), height))
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

    def add(self, part: QWidget, share: int = 1, *, top: bool = True) -> None:
        """Adds a part; `top` keeps its own height at the top of the row. With every part hidden the row is too."""
        part.installEventFilter(self)
        self._parts.add_part(part, share, top)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.ShowToParent, QEvent.Type.HideToParent):
            items = [self._parts.itemAt(at) for at in range(self._parts.count())]
            parts = [item.widget() for item in items if item is not None]
            self.setVisible(any(part is not None and not part.isHidden() for part in parts))
        return super().eventFilter(watched, event)


def _height(item: QLayoutItem, width: int) -> int:
    return item.heightForWidth(width) if item.hasHeightForWidth() else item.sizeHint().height()
