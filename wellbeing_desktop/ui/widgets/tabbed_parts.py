"""The parts of one large page: tabs above it, or a list at its side where not all the tabs would be seen."""

from collections.abc import Callable, Iterable, Sequence

from PySide6.QtCore import QEvent, QSize, Qt, QTimer
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QListWidget, QScrollArea, QStyle, QTabBar, QVBoxLayout, QWidget

from wellbeing_desktop.ui.tokens import SPACE_M, SPACE_S


class PartList(QListWidget):
    """The same parts as a list at the side, for where the tabs would not all be seen: Up and Down move."""

    def __init__(self, name: str, words: Iterable[str]) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.addItems(list(words))
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTabKeyNavigation(False)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._fit()

    def _fit(self) -> None:
        """As wide as its longest words and as high as its rows, reckoned here: the view's own hints lay it out anew,
        which asks for its hints again."""
        metrics = self.fontMetrics()
        row = QSize(0, max(32, round(metrics.height() * 1.7)))
        items = [self.item(at) for at in range(self.count())]
        for item in items:
            if item.sizeHint() != row:
                item.setSizeHint(row)
        widest = max((metrics.horizontalAdvance(item.text()) for item in items), default=0)
        size = QSize(widest + 4 * SPACE_M, row.height() * len(items) + 2 * SPACE_S)
        if size != self.minimumSize():
            self.setFixedSize(size)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            event.ignore()
            return
        super().keyPressEvent(event)


class TabbedParts(QWidget):
    """Tabs whose parts are made when they are first looked at, and take only the height of the one in front.

    Where there is no room for all the tabs they stand as a list at the side: none is behind an arrow.
    """

    def __init__(self, name: str, parts: Sequence[tuple[str, Callable[[], QWidget]]]) -> None:
        super().__init__()
        self._box = QBoxLayout(QBoxLayout.Direction.TopToBottom, self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(SPACE_M)
        self.bar = QTabBar()
        self.bar.setAccessibleName(name)
        self.bar.setDocumentMode(True)
        self.bar.setExpanding(False)
        self.bar.setUsesScrollButtons(True)
        self.bar.setElideMode(Qt.TextElideMode.ElideNone)
        self._make = [make for _words, make in parts]
        self._made: list[QWidget | None] = [None] * len(parts)
        for words, _make in parts:
            self.bar.addTab(words)
        self._box.addWidget(self.bar)
        self.list = PartList(name, (words for words, _make in parts))
        self.list.hide()
        self._box.addWidget(self.list, 0, Qt.AlignmentFlag.AlignTop)
        self._area = QVBoxLayout()
        self._area.setContentsMargins(0, 0, 0, 0)
        self._area.addStretch(0)  # beside a list that is higher, a part keeps its own height
        self._box.addLayout(self._area, 1)
        self.list.currentRowChanged.connect(self.bar.setCurrentIndex)
        # one turn later: the part that comes to the front may be higher than the one before
        self.list.currentRowChanged.connect(lambda _row: QTimer.singleShot(0, self, self._bring_row_into_view))
        self.bar.currentChanged.connect(self.list.setCurrentRow)
        self.bar.currentChanged.connect(self._show)
        self.list.setCurrentRow(0)
        self._show(0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._turn()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._turn()

    def _turn(self) -> None:
        """Tabs above where all of them can be read, else the list at the side; the keyboard goes along."""
        if not hasattr(self, "list"):
            return  # the first style change comes while it is made
        # back only with room for a scroll bar to spare: the page may need one for the tabs and none for the list, and
        # would go to and fro for ever
        spare = 0 if self.list.isHidden() else 2 * self.style().pixelMetric(QStyle.PixelMetric.PM_ScrollBarExtent)
        at_side = self.bar.sizeHint().width() + spare > self.width()
        if at_side is not self.list.isHidden():
            return
        had_keyboard = self.bar.hasFocus() or self.list.hasFocus()
        across, down = QBoxLayout.Direction.LeftToRight, QBoxLayout.Direction.TopToBottom
        self._box.setDirection(across if at_side else down)
        self.list.setVisible(at_side)
        self.bar.setVisible(not at_side)
        if had_keyboard:
            (self.list if at_side else self.bar).setFocus()

    def _bring_row_into_view(self) -> None:
        """At large text the list reaches below the window: the page scrolls to the row that somebody goes to by
        keyboard. A part that was opened from elsewhere scrolls nothing away that is to be read first."""
        area = self.parentWidget()
        while area is not None and not isinstance(area, QScrollArea):
            area = area.parentWidget()
        inside = area.widget() if area is not None else None
        if area is None or inside is None or not self.list.hasFocus():
            return
        row = self.list.visualItemRect(self.list.currentItem())
        middle = self.list.viewport().mapTo(inside, row.center())
        area.ensureVisible(middle.x(), middle.y(), 0, row.height())

    def refill(self) -> None:
        """Makes every part anew; the tab in front stays in front."""
        for at, part in enumerate(self._made):
            if part is not None:
                part.hide()
                self._area.removeWidget(part)
                part.deleteLater()
                self._made[at] = None
        self._show(self.bar.currentIndex())

    def part(self, at: int) -> QWidget | None:
        """The part of a tab if it was made."""
        return self._made[at]

    def _show(self, at: int) -> None:
        if at < 0:
            return
        found = self._made[at]
        if found is None:
            found = self._make[at]()
            self._made[at] = found
            self._area.insertWidget(0, found)
        for other in self._made:
            if other is not None:
                other.setVisible(other is found)
