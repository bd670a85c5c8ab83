"""A table set up right: rows twice the font, figures of one width, keyboard, Tab leaves, names for screen readers."""

from collections.abc import Collection

from PySide6.QtCore import QEvent, QItemSelectionModel, QModelIndex, QPersistentModelIndex, Qt, Signal, SignalInstance
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QStyledItemDelegate, QStyleOptionViewItem, QTableView

from wellbeing_desktop.ui.models.paged_table import PAGE_ROWS, RECORD_ID, PagedTable
from wellbeing_desktop.ui.theme import tabular

_ON_ONE_LINE = 2
"""Folded columns that a second line has room for; more of them take a third."""


class _Figures(QStyledItemDelegate):
    """Draws a column of numbers in figures of one width. Only number columns: it is a call into Python for each cell,
    and in dates Inter's tabular hyphen stands too far apart.
    """

    def initStyleOption(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> None:
        super().initStyleOption(option, index)
        option.font = tabular(option.font)


class Table(QTableView):
    """Enter or a click on the chosen row opens it (`opened`), moving tells `moved`; both carry the record id."""

    opened = Signal(str)
    moved = Signal(str)

    def __init__(self, name: str, model: PagedTable) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setModel(model)
        self._paged = model
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setTabKeyNavigation(False)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self.setCornerButtonEnabled(False)
        self.verticalHeader().hide()
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setSortIndicatorClearable(True)
        header.setSectionsClickable(any(column.sort_key for column in model.columns))
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setMinimumSectionSize(48)
        header.setSortIndicatorShown(False)
        header.sectionClicked.connect(self._sort_by)
        self._sorted = (-1, Qt.SortOrder.AscendingOrder)
        self.clicked.connect(lambda index: self._tell(self.opened, index.row()))
        self.selectionModel().currentRowChanged.connect(lambda now, _before: self._tell(self.moved, now.row()))
        model.modelAboutToBeReset.connect(self._remember)
        model.modelReset.connect(self._restore)
        self._kept = ""
        self._least_rows = 0
        self._left_out: frozenset[int] = frozenset()
        self._two_lines: QStyledItemDelegate | None = None
        self._folded: tuple[int, ...] = ()
        figures = _Figures(self)
        for at, column in enumerate(model.columns):
            if column.is_number:
                self.setItemDelegateForColumn(at, figures)
        self._fit()

    def record_id(self) -> str:
        """The id of the row that the keyboard is on, or ""."""
        return str(self.currentIndex().data(RECORD_ID) or "") if self.currentIndex().isValid() else ""

    def choose_row(self, row: int) -> None:
        """Puts the keyboard on a row without opening it."""
        index = self.model().index(row, 0)
        flags = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
        self.selectionModel().setCurrentIndex(index, flags)

    def show_at_least(self, rows: int) -> None:
        """Never lower than its heading and so many rows, at any size of text."""
        self._least_rows = rows
        self._fit()

    def fold_with(self, two_lines: QStyledItemDelegate) -> None:
        """Where the columns need more width than there is, the lesser ones (`Column.folds`) are said in a second line
        under the first, drawn by this; the list never scrolls sideways while there is something left to fold."""
        self._two_lines = two_lines
        self._fit()

    def leave_out(self, columns: Collection[int]) -> None:
        """Does not show these columns; the others are shown."""
        self._left_out = frozenset(columns)
        self._fit()

    def sort_on(self, sort_key: str, *, descending: bool = False) -> None:
        """Puts the list in another order and asks anew; "" is the order in which it came."""
        order = Qt.SortOrder.DescendingOrder if descending else Qt.SortOrder.AscendingOrder
        at = next((n for n, column in enumerate(self._paged.columns) if sort_key and column.sort_key == sort_key), -1)
        self._show_order(at, order)
        self._paged.sort_key, self._paged.descending = sort_key, descending
        self._paged.reload()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers():
            self._tell(self.opened, self.currentIndex().row())
            return
        if event.key() == Qt.Key.Key_Escape:
            event.ignore()
            return
        super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if getattr(self, "_two_lines", None) is None:
            self._share_width()
        else:
            self._fit()

    def _fit(self) -> None:
        height = self.fontMetrics().height() * 2
        if getattr(self, "_two_lines", None) is not None:  # the first style change comes while the table is made
            self._fold()
        if getattr(self, "_folded", ()):
            lines = 2 if len(self._folded) <= _ON_ONE_LINE else 3
            height = round(self.fontMetrics().height() * (lines + 0.9))
        self.verticalHeader().setDefaultSectionSize(height)
        self.verticalHeader().setMinimumSectionSize(24)
        least = getattr(self, "_least_rows", 0)
        if least:
            self.setMinimumHeight(self.horizontalHeader().sizeHint().height() + least * height + 2 * self.frameWidth())
        self._share_width()

    def _share_width(self) -> None:
        """Fixed columns get their characters, the rest share what is left, and none is narrower than its heading."""
        columns = self._paged.columns
        shown = [at for at in range(len(columns)) if not self.isColumnHidden(at)]
        widths = self._wanted_widths()
        shares = [at for at in shown if not columns[at].width]
        if getattr(self, "_folded", ()):
            shares = [0]  # its second line needs the room; what shares otherwise has its least
        left = self.viewport().width() - sum(widths[at] for at in shown if at not in shares)
        for at in shares:
            widths[at] = max(widths[at], left // len(shares))
        if not shares and shown:
            widths[shown[-1]] = max(widths[shown[-1]], widths[shown[-1]] + left)
        for at in shown:
            self.setColumnWidth(at, widths[at])

    def _wanted_widths(self) -> list[int]:
        metrics = self.fontMetrics()
        return [
            max(
                (column.width or column.least) * metrics.averageCharWidth(),
                metrics.horizontalAdvance(column.heading) * 11 // 10,
            )
            + 24
            for column in self._paged.columns
        ]

    def _fold(self) -> None:
        """Which columns are not beside the first one at this width, and its delegate then."""
        columns, widths = self._paged.columns, self._wanted_widths()
        shown = [at for at in range(len(columns)) if at not in self._left_out]
        folded: list[int] = []
        for at in sorted((at for at in shown if columns[at].folds), key=lambda at: columns[at].folds):
            if sum(widths[each] for each in shown if each not in folded) <= self.viewport().width():
                break
            folded.append(at)
        for at in range(len(columns)):
            self.setColumnHidden(at, at in folded or at not in shown)
        if tuple(folded) != self._folded:
            self._folded = tuple(folded)
            self._paged.fold(folded)
            self.setItemDelegateForColumn(0, self._two_lines if folded and self._two_lines else self.itemDelegate())

    def _show_order(self, column: int, order: Qt.SortOrder) -> None:
        self._sorted = (column, order)
        self.horizontalHeader().setSortIndicatorShown(column >= 0)
        self.horizontalHeader().setSortIndicator(column, order)

    def _sort_by(self, column: int) -> None:
        if not self._paged.columns[column].sort_key:
            return
        at, order = self._sorted
        down = at == column and order is Qt.SortOrder.AscendingOrder
        self._show_order(column, Qt.SortOrder.DescendingOrder if down else Qt.SortOrder.AscendingOrder)
        self._paged.sort(*self._sorted)

    def _tell(self, signal: SignalInstance, row: int) -> None:
        found = self._paged.row_at(row) if row >= 0 else None
        if found is not None:
            signal.emit(found.record_id)

    def _remember(self) -> None:
        self._kept = self.record_id()

    def _restore(self) -> None:
        """After a reload the keyboard stays on the same person where they are still on the first page."""
        for row in range(min(self._paged.rowCount(), PAGE_ROWS)):
            found = self._paged.row_at(row)
            if self._kept and found is not None and found.record_id == self._kept:
                self.selectionModel().blockSignals(True)
                self.choose_row(row)
                self.selectionModel().blockSignals(False)
                return
