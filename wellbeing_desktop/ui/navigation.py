"""The navigation at the left: words with icons, folded to icons with tooltips when the window is narrow."""

from dataclasses import dataclass
from functools import partial
from typing import Final

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QPushButton, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from wellbeing_desktop.ui import icons
from wellbeing_desktop.ui.theme import theme
from wellbeing_desktop.ui.tokens import ICON_SIZE, SPACE_S, SPACE_XS
from wellbeing_desktop.ui.widgets import labels

FOLD_BELOW: Final = 1200
"""Window width in pixels at 100 % text; larger text folds earlier."""


@dataclass(frozen=True)
class Section:
    """A row of the navigation: the page it opens, its words and its Lucide icon."""

    nav_key: str
    words: str
    icon: str


class Navigation(QFrame):
    """Up and Down move between rows, Tab leaves, Ctrl+1 to Ctrl+9 go straight there."""

    chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("navigation")
        self.setAccessibleName("Sections")
        self._outer = outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._holder = QWidget()
        self._holder.setObjectName("navigationBody")
        self._column = QVBoxLayout(self._holder)
        self._column.setContentsMargins(SPACE_S, SPACE_S, SPACE_S, SPACE_S)
        self._column.setSpacing(SPACE_XS - 2)
        self._column.addStretch()
        area.setWidget(self._holder)
        self._holder.installEventFilter(self)
        outer.addWidget(area)
        self._area = area
        self.folded = False
        self.rows: dict[str, QPushButton] = {}
        self._pinned: list[tuple[QPushButton, Section, str]] = []
        self._sections: dict[str, Section] = {}
        theme().changed.connect(self._paint)

    def add_section(self, section: Section) -> None:
        """Adds a row below those there are."""
        row = QPushButton()
        row.setCheckable(True)
        row.setAutoExclusive(True)
        row.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        row.setAccessibleName(section.words)
        row.clicked.connect(partial(self._choose, section.nav_key))
        self.rows[section.nav_key] = row
        self._sections[section.nav_key] = section
        self._column.insertWidget(self._column.count() - 1, row)
        self._paint_row(row, section, _keys(len(self.rows)))
        self._fit_width()

    def pin(self, section: Section, keys: str) -> None:
        """Adds a row that stands under the others and is always in view. It is not a section: it is never lit."""
        row = QPushButton()
        row.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        row.setAccessibleName(section.words)
        row.clicked.connect(partial(self._choose, section.nav_key))
        self._pinned.append((row, section, keys))
        holder = QVBoxLayout()
        holder.setContentsMargins(SPACE_S, 0, SPACE_S, SPACE_S)
        holder.addWidget(row)
        self._outer.addLayout(holder)
        self._paint_row(row, section, keys)
        self._fit_width()

    def light(self, nav_key: str) -> None:
        """Shows which section the page in front belongs to; a page of none leaves the last one lit."""
        if nav_key not in self.rows:
            return
        self.rows[nav_key].setChecked(True)
        self._area.ensureWidgetVisible(self.rows[nav_key], 0, SPACE_S)
        for key, row in self.rows.items():
            # one stop for Tab, as in tabs: the lit row; arrows reach the others
            row.setFocusPolicy(Qt.FocusPolicy.StrongFocus if key == nav_key else Qt.FocusPolicy.ClickFocus)

    def fold_for(self, window_width: int) -> None:
        """Folds or unfolds for a window of this width in pixels and the text size now."""
        folded = window_width < FOLD_BELOW * max(1.0, theme().scale * 0.9)
        if folded != self.folded:
            self.folded = folded
            self.setProperty("folded", "true" if folded else "false")
            for widget in (self, *self.findChildren(QPushButton)):
                labels.repolish(widget)
            self._paint()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_width()

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.LayoutRequest:  # words have changed, for example to Welsh
            self._fit_width()
        return False

    def _choose(self, nav_key: str, _checked: bool = False) -> None:
        self.chosen.emit(nav_key)

    def _paint(self) -> None:
        for number, (key, row) in enumerate(self.rows.items(), 1):
            self._paint_row(row, self._sections[key], _keys(number))
        for row, section, keys in self._pinned:
            self._paint_row(row, section, keys)
        self._fit_width()

    def _paint_row(self, row: QPushButton, section: Section, keys: str) -> None:
        size = round(ICON_SIZE * min(1.5, max(1.0, theme().scale)))
        row.setText("" if self.folded else section.words)
        row.setToolTip(f"{section.words} ({keys})" if keys else section.words)
        gap = 0 if self.folded else SPACE_XS
        row.setIcon(icons.icon(section.icon, theme().tokens.navigation_text, size, gap))
        row.setIconSize(QSize(size + gap, size))

    def _fit_width(self) -> None:
        rows = (*self.rows.values(), *(row for row, _section, _keys in self._pinned))
        wanted = max((row.sizeHint().width() for row in rows), default=0)
        width = wanted + 2 * SPACE_S + (0 if self.folded else SPACE_S)
        if self._holder.sizeHint().height() > self._area.height():
            # at large text the rows scroll: their bar takes its room from beside them, not from them
            width += self._area.verticalScrollBar().sizeHint().width()
        if width != self.width() or width != self.minimumWidth():
            self.setFixedWidth(width)


def _keys(number: int) -> str:
    """The key of the row with this number, counted from 1."""
    return f"Ctrl+{number}" if number <= 9 else ""
