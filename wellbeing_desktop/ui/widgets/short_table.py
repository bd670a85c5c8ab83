"""A list inside a card: as high as its rows, so that the page scrolls and not the list; Space ticks, Shift+F10 has more."""

from collections.abc import Callable, Sequence
from typing import Final

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, QPoint, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QContextMenuEvent, QFontMetrics, QKeyEvent, QPainter, QPen, QResizeEvent
from PySide6.QtWidgets import QMenu, QSizePolicy, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from wellbeing_desktop.ui.models.paged_table import PagedTable
from wellbeing_desktop.ui.theme import tabular, theme
from wellbeing_desktop.ui.tokens import SPACE_S
from wellbeing_desktop.ui.widgets.labels import Tone, tone_colour, unbroken
from wellbeing_desktop.ui.widgets.table import Table

_MOST_FITTED: Final = 300
"""Rows whose height is worked out one by one."""
_LEAST_SHARE: Final = 0.4
"""Of the width, for the columns that say what a row is."""
RowAction = tuple[str, Callable[[str], object]]
"""Words and what they do to the record id of the row."""


class CalmCells(QStyledItemDelegate):
    """Keeps the chosen row faint while the keyboard is elsewhere: a page with six lists has one bright row, not six."""

    def initStyleOption(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> None:
        super().initStyleOption(option, index)
        view = option.widget
        if isinstance(view, ShortTable) and not view.hasFocus() and option.state & QStyle.StateFlag.State_Selected:
            option.state &= ~QStyle.StateFlag.State_Selected

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        view = option.widget
        if isinstance(view, ShortTable) and not view.hasFocus() and view.currentIndex().row() == index.row():
            painter.fillRect(option.rect, QColor(theme().tokens.calm))
        super().paint(painter, option, index)


class CalmFigures(CalmCells):
    """The same in figures of one width."""

    def initStyleOption(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> None:
        super().initStyleOption(option, index)
        option.font = tabular(option.font)


def most_lines() -> int:
    """How many lines one text may take in a cell: one more where the letters are large and a line holds few words."""
    return 3 if theme().scale >= 1.5 else 2


def wrapped(words: str, metrics: QFontMetrics, width: int, most: int = 2) -> list[str]:
    """`words` in lines no wider than `width` pixels, at most so many; only what does not fit even then is elided. A
    number keeps its unit as long as there is room for both."""
    lines = _in_lines(unbroken(words), metrics, width, most)
    if lines and lines[-1].endswith("\u2026"):
        return _in_lines(words, metrics, width, most)
    return [line.replace("\u00a0", " ").replace("\u2011", "-") for line in lines]


def _in_lines(words: str, metrics: QFontMetrics, width: int, most: int) -> list[str]:
    lines: list[str] = []
    rest = words
    is_wide = metrics.horizontalAdvance(rest) > width
    while is_wide and len(lines) < most - 1:
        fits = ""
        for word in rest.split(" "):
            longer = f"{fits} {word}" if fits else word
            if metrics.horizontalAdvance(longer) > width:
                break
            fits = longer
        if not fits:
            break  # one word wider than the cell
        comma = fits.rfind(", ") + 1
        if comma > len(fits) // 2 and metrics.horizontalAdvance(rest[comma + 1 :]) <= width:
            fits = rest[:comma]  # "1 h 45 min free," and "20 min away" read better than a last word alone
        lines.append(fits)
        rest = rest[len(fits) :].lstrip(" ")
        is_wide = metrics.horizontalAdvance(rest) > width
    if is_wide:  # asked only then: at the very width Qt elides what fits
        rest = metrics.elidedText(rest, Qt.TextElideMode.ElideRight, width)
    return [*lines, rest] if rest else lines


class WrappingCells(CalmCells):
    """Draws "first line\nsecond line": what it is, and under it, muted, what belongs to it. Each wraps."""

    @staticmethod
    def lines(words: str, metrics: QFontMetrics, width: int) -> list[tuple[str, bool]]:
        """The lines as drawn in a cell so wide, each with whether it is muted."""
        first, _, second = words.partition("\n")
        room = width - 2 * SPACE_S - 3
        return [
            *((line, False) for line in wrapped(first, metrics, room, most_lines()) or [""]),
            *((line, True) for line in wrapped(second, metrics, room, most_lines())),
        ]

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        self.initStyleOption(option, index)
        view = option.widget
        if isinstance(view, ShortTable) and not view.hasFocus() and view.currentIndex().row() == index.row():
            painter.fillRect(option.rect, QColor(theme().tokens.calm))
        option.text = ""
        view.style().drawControl(QStyle.ControlElement.CE_ItemViewItem, option, painter, view)
        t, metrics = theme().tokens, option.fontMetrics
        room = option.rect.adjusted(SPACE_S + 3, 0, -SPACE_S, 0)
        height = metrics.height()
        lines = self.lines(str(index.data() or ""), metrics, option.rect.width())
        top = room.top() + (room.height() - len(lines) * (height + 2) + 2) // 2
        painter.save()
        painter.setFont(option.font)
        for at, (words, is_muted) in enumerate(lines):
            painter.setPen(QColor(t.muted if is_muted else t.text))
            line = QRectF(room.left(), top + at * (height + 2), room.width(), height)
            painter.drawText(line, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, words)
        painter.restore()


class ChipCells(CalmCells):
    """Draws the words of a column as a chip; `tone_of` says its colours, the words say the same."""

    def __init__(self, table: Table, tone_of: Callable[[str], Tone]) -> None:
        super().__init__(table)
        self._tone_of = tone_of

    @staticmethod
    def lines(words: str, metrics: QFontMetrics, width: int, most: int) -> list[str]:
        """The lines of a chip in a cell so wide."""
        return wrapped(words, metrics, width - 4 * SPACE_S, max(1, most))

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        self.initStyleOption(option, index)
        text, option.text = option.text, ""
        view, style = option.widget, option.widget.style()
        if isinstance(view, ShortTable) and not view.hasFocus() and view.currentIndex().row() == index.row():
            painter.fillRect(option.rect, QColor(theme().tokens.calm))
        style.drawControl(QStyle.ControlElement.CE_ItemViewItem, option, painter, option.widget)
        if not text:
            return
        t, tone = theme().tokens, self._tone_of(text)
        # the row that the keyboard is on has the plain chip's own colour as its ground
        is_current = isinstance(view, ShortTable) and view.currentIndex().row() == index.row()
        plain_fill = t.surface if is_current else t.sunken
        fill = {"good": t.good_fill, "warning": t.warning_fill, "bad": t.bad_fill}.get(tone, plain_fill)
        metrics = option.fontMetrics
        lines = self.lines(text, metrics, option.rect.width(), (option.rect.height() - 8) // metrics.height())
        width = max(metrics.horizontalAdvance(line) for line in lines) + 2 * SPACE_S
        height = len(lines) * metrics.height() + 6
        chip = QRectF(
            option.rect.left() + SPACE_S, option.rect.top() + (option.rect.height() - height) / 2, width, height
        )
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        border = QPen(QColor(tone_colour(t, tone)), t.fill_border_width) if t.fill_border_width else Qt.PenStyle.NoPen
        painter.setPen(border)
        painter.setBrush(QColor(fill))
        painter.drawRoundedRect(chip, 6, 6)
        painter.setPen(QColor(t.text if tone == "plain" else tone_colour(t, tone)))
        painter.setFont(option.font)
        words = chip.adjusted(SPACE_S, 0, 0, 0)  # under one another, not each in the middle
        painter.drawText(words, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, "\n".join(lines))
        painter.restore()


class ShortTable(Table):
    """`ticked` tells of Space on a row. `actions` are offered by Shift+F10, the Menu key or a right click."""

    ticked = Signal(str)
    _most, _has_two_lines = 10, False  # a first style change comes while the table is made
    _counted_for: tuple[object, ...] = ()
    _rest: QTimer | None = None

    def __init__(
        self,
        name: str,
        model: PagedTable,
        *,
        most_rows: int = 10,
        has_header: bool = False,
        has_two_lines: bool = False,
    ) -> None:
        self._lines_of_row: dict[int, int] = {}
        super().__init__(name, model)
        self._rest = QTimer(self, singleShot=True, interval=0)
        self._rest.timeout.connect(self._fit_the_rest)
        self._most = most_rows
        self._has_two_lines = has_two_lines
        self.setItemDelegate(WrappingCells(self))
        for at, column in enumerate(model.columns):
            if column.is_number:
                self.setItemDelegateForColumn(at, CalmFigures(self))
        self.actions_of_row: Callable[[str], Sequence[RowAction]] = lambda _record_id: ()
        self.horizontalHeader().setVisible(has_header)
        self.setProperty("kind", "plain")
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        # a list that could grow would make its card take the empty rest of the page
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        model.dataChanged.connect(self._forget_lines)
        model.modelReset.connect(self._forget_lines)
        model.modelReset.connect(self.fit_rows)
        self.fit_rows()

    def draw_as_chips(self, column: int, tone_of: Callable[[str], Tone]) -> None:
        self.setItemDelegateForColumn(column, ChipCells(self, tone_of))
        self._forget_lines()

    def fit_rows(self) -> None:
        """As high as its rows, up to the most; more of them scroll."""
        if self._has_two_lines:
            self.verticalHeader().setDefaultSectionSize(round(self.fontMetrics().height() * 2.9))
        rows = self.model().rowCount() if self.model() is not None else 0
        most = max(1, min(rows, self._most))
        if rows:
            self._fit_lines(range(most))
            if rows > most and self._rest is not None:
                self._rest.start()  # what must be scrolled to can wait until the page is painted
            height = sum(self.rowHeight(row) for row in range(most))
        else:
            height = self.verticalHeader().defaultSectionSize()
        height += 2 * self.frameWidth() + 2
        if self.horizontalHeader().isVisibleTo(self):
            height += self.horizontalHeader().sizeHint().height()
        if height != self.minimumHeight():
            self.setFixedHeight(height)
        if rows and not self.currentIndex().isValid():
            self.choose_row(0)

    def _fit_the_rest(self) -> None:
        """Of a very long list the first are enough."""
        model = self.model()
        if model is not None:
            self._fit_lines(range(min(model.rowCount(), _MOST_FITTED)))

    def _fit_lines(self, rows: range) -> None:
        """Rows whose words wrap at this width are higher by what they wrap."""
        usual, usual_lines = self.verticalHeader().defaultSectionSize(), 2 if self._has_two_lines else 1
        line = self.fontMetrics().height() + 2
        for row, lines in zip(rows, self._lines_of_rows(rows), strict=True):
            height = usual + max(0, lines - usual_lines) * line
            if height != self.rowHeight(row):
                self.setRowHeight(row, height)

    def _lines_of_rows(self, rows: range) -> Sequence[int]:
        """How many lines each row takes; counted again when words, widths or letters are others, because a page that is
        being laid out asks many times."""
        metrics, model = self.fontMetrics(), self.model()
        columns = range(model.columnCount())
        asked = (self.font().key(), most_lines(), *(self.columnWidth(column) for column in columns))
        if asked != self._counted_for:
            self._counted_for = asked
            self._lines_of_row.clear()
        for row in rows:
            if row not in self._lines_of_row:
                self._lines_of_row[row] = max(
                    self._lines_of(str(model.index(row, at).data() or ""), at, metrics) for at in columns
                )
        return [self._lines_of_row[row] for row in rows]

    def _forget_lines(self, *_what: object) -> None:
        self._counted_for = ()

    def _lines_of(self, words: str, column: int, metrics: QFontMetrics) -> int:
        cells = self.itemDelegateForColumn(column) or self.itemDelegate()
        if isinstance(cells, WrappingCells):
            return len(cells.lines(words, metrics, self.columnWidth(column)))
        if isinstance(cells, ChipCells):
            return len(cells.lines(words, metrics, self.columnWidth(column), most_lines()))
        return 1

    def _share_width(self) -> None:
        """Where large letters leave the sharing columns too little, the others, which wrap, give way."""
        super()._share_width()
        columns = self._paged.columns
        shares = [at for at, column in enumerate(columns) if not column.width]
        room, sharing = self.viewport().width(), sum(self.columnWidth(at) for at in shares)
        if not shares or sharing >= room * _LEAST_SHARE or len(shares) == len(columns):
            return
        fixed = [at for at in range(len(columns)) if at not in shares]
        given = sum(self.columnWidth(at) for at in fixed)
        for at in fixed:
            self.setColumnWidth(at, round(self.columnWidth(at) * room * (1 - _LEAST_SHARE) / given))
        for at in shares:
            self.setColumnWidth(at, round(room * _LEAST_SHARE) // len(shares))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.fit_rows()

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), self.minimumHeight())

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self.fit_rows()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Space and not event.modifiers():
            record_id = self.record_id()
            if record_id:
                self.ticked.emit(record_id)
            return
        is_menu = event.key() == Qt.Key.Key_Menu or (
            event.key() == Qt.Key.Key_F10 and event.modifiers() == Qt.KeyboardModifier.ShiftModifier
        )
        if is_menu:
            self.show_actions()
            return
        super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if event.reason() is QContextMenuEvent.Reason.Mouse:
            self._pop_up(event.globalPos())

    def show_actions(self) -> None:
        """What can be done with the row that the keyboard is on."""
        self._pop_up(self.viewport().mapToGlobal(self.visualRect(self.currentIndex()).bottomLeft()))

    def _pop_up(self, where: QPoint) -> None:
        record_id = self.record_id()
        actions = self.actions_of_row(record_id) if record_id else ()
        if not actions:
            return
        menu = QMenu(self)
        for words, run in actions:
            action = menu.addAction(words)
            action.triggered.connect(lambda _on=False, run=run: run(record_id))
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(where)
