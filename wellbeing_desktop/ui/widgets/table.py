"""A table set up right: rows twice the font, figures of one width, keyboard, Tab leaves, names for screen readers."""

from PySide6.QtCore import QEvent, QItemSelectionModel, QModelIndex, QPersistentModelIndex, Qt, Signal, SignalInstance
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QStyledItemDelegate, QStyleOptionViewItem, QTableView

from wellbeing_desktop.ui.models.paged_table import PAGE_ROWS, RECORD_ID, PagedTable
from wellbeing_desktop.ui.theme import tabular


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
        self._share_width()

    def _fit(self) -> None:
        height = self.fontMetrics().height() * 2
        self.verticalHeader().setDefaultSectionSize(height)
        self.verticalHeader().setMinimumSectionSize(24)
        least = getattr(self, "_least_rows", 0)  # the first style change comes while the table is made
        if least:
            self.setMinimumHeight(self.horizontalHeader().sizeHint().height() + least * height + 2 * self.frameWidth())
        self._share_width()

    def _share_width(self) -> None:
        """Fixed columns get their characters, the rest share what is left, and none is narrower than its heading."""
        columns = self._paged.columns
        metrics = self.fontMetrics()
        widths = [
            max(column.width * metrics.averageCharWidth(), metrics.horizontalAdvance(column.heading) * 11 // 10) + 24
            for column in columns
        ]
        shares = [at for at, column in enumerate(columns) if not column.width]
        left = self.viewport().width() - sum(width for at, width in enumerate(widths) if at not in shares)
        for at in shares:
            widths[at] = max(widths[at], left // len(shares))
        if not shares and columns:
            widths[-1] = max(widths[-1], widths[-1] + left)
        for at, width in enumerate(widths):
            self.setColumnWidth(at, width)

    def _sort_by(self, column: int) -> None:
        if not self._paged.columns[column].sort_key:
            return
        at, order = self._sorted
        down = at == column and order is Qt.SortOrder.AscendingOrder
        self._sorted = (column, Qt.SortOrder.DescendingOrder if down else Qt.SortOrder.AscendingOrder)
        self.horizontalHeader().setSortIndicatorShown(True)
        self.horizontalHeader().setSortIndicator(*self._sorted)
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
