"""A table that asks for a screenful at a time, off the GUI thread, and holds ready display strings."""

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any, Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from wellbeing_desktop.ui import background

PAGE_ROWS: Final = 32
"""A screenful: finding asks for one page at each key, and what is not looked at is time lost."""
PAGES_KEPT: Final = 128
"""Pages in memory: 4,096 rows; the longest unused go first."""
RECORD_ID: Final = int(Qt.ItemDataRole.UserRole) + 1
SORT_VALUE: Final = int(Qt.ItemDataRole.UserRole) + 2
_DISPLAY: Final = int(Qt.ItemDataRole.DisplayRole)
_ALIGNMENT: Final = int(Qt.ItemDataRole.TextAlignmentRole)
_ANSWERED: Final = frozenset((_DISPLAY, _ALIGNMENT, int(Qt.ItemDataRole.AccessibleTextRole), RECORD_ID, SORT_VALUE))
"""Plain numbers, because a paint asks 700 times and most of it for roles that nothing is said to."""
NOT_YET: Final = "…"
NONE: Final = "–"
"""In a cell: there is none."""
Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True)
class Column:
    """A column: its heading, its stable word for sorting (empty when it cannot be sorted), and its alignment."""

    heading: str
    sort_key: str = ""
    is_number: bool = False
    width: int = 0
    """Wanted width in average characters; 0 shares what is left."""
    least: int = 0
    """Of a column that shares: the characters below which it is not narrowed while others can be folded."""
    folds: int = 0
    """Where there is no room the lowest of these is said first in the second line of the first column; 0 never is."""
    folded_as: str = "{}"
    """How its cell is said there: "born {}"."""


@dataclass(frozen=True)
class TableRow:
    """One row: the record it opens, the strings to show, and words for a screen reader when they differ."""

    record_id: str
    cells: tuple[str, ...]
    sort_values: tuple[Any, ...] = ()


@dataclass(frozen=True)
class PageOfRows:
    """Rows from `first`, and how many there are in all, counted by the same query."""

    first: int
    total: int
    rows: Sequence[TableRow]


Ask = Callable[[int, int, str, bool], "Future[PageOfRows]"]
"""(first row, how many, sort key, descending) to a future, for example
`lambda first, count, sort, down: store.submit_read(lambda s: people.page(s, first, count, sort, down))`."""


class PagedTable(QAbstractTableModel):
    """`reload` begins again from the first page; rows not here yet show an ellipsis and are asked for."""

    loaded = Signal(int)
    """The number of rows in all, after every answer."""

    def __init__(self, columns: Sequence[Column], ask: Ask, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.columns = tuple(columns)
        self._alignments = [
            int(
                (Qt.AlignmentFlag.AlignRight if column.is_number else Qt.AlignmentFlag.AlignLeft)
                | Qt.AlignmentFlag.AlignVCenter
            )
            for column in self.columns
        ]
        self._ask = ask
        self._total = 0
        self._pages: dict[int, Sequence[TableRow]] = {}
        self._asked: dict[int, Future[PageOfRows]] = {}
        self._generation = 0
        self.sort_key = ""
        self.descending = False
        self._folded: tuple[int, ...] = ()

    def fold(self, columns: Sequence[int]) -> None:
        """Says the cells of these columns in the second line of the first one, in this order; nothing is asked anew."""
        if tuple(columns) != self._folded:
            self._folded = tuple(columns)
            if self._total:
                self.dataChanged.emit(self.index(0, 0), self.index(self._total - 1, 0))

    def reload(self) -> None:
        """Asks again; rows on screen stay until the answer is there, so a list never blinks."""
        self._generation += 1
        for future in self._asked.values():
            future.cancel()
        self._asked = {}
        self._fetch(0)

    def row_at(self, row: int) -> TableRow | None:
        """The row if it is here, else None (and it is asked for)."""
        page = self._pages.get(row // PAGE_ROWS)
        if page is None:
            if 0 <= row < self._total:
                self._fetch(row // PAGE_ROWS)
            return None
        at = row % PAGE_ROWS
        return page[at] if at < len(page) else None

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else self._total

    def columnCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.columns)

    def data(self, index: Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> Any:
        if role not in _ANSWERED or not index.isValid():
            return None
        if role == _ALIGNMENT:
            return self._alignments[index.column()]
        row = self.row_at(index.row())
        if row is None:
            return NOT_YET if role == _DISPLAY else None
        if role == RECORD_ID:
            return row.record_id
        if role == SORT_VALUE:
            return row.sort_values[index.column()] if row.sort_values else row.cells[index.column()]
        if self._folded and index.column() == 0:
            return f"{row.cells[0]}\n{self._folded_words(row)}"
        return row.cells[index.column()]

    def _folded_words(self, row: TableRow) -> str:
        """ "born 3-Mar-1943 (83y), LN11 9AB, review 4-Dec-2026": a dash says nothing here, the heading is not there."""
        said = [(self.columns[at].folded_as, row.cells[at]) for at in self._folded]
        words = ", ".join(form.format(cell) for form, cell in said if cell not in ("", NONE))
        return words[:1].upper() + words[1:]

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = int(Qt.ItemDataRole.DisplayRole)
    ) -> Any:
        if orientation is not Qt.Orientation.Horizontal or not 0 <= section < len(self.columns):
            return None
        if role == _DISPLAY:
            return self.columns[section].heading
        return self._alignments[section] if role == _ALIGNMENT else None

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        if 0 <= column < len(self.columns) and self.columns[column].sort_key:
            self.sort_key = self.columns[column].sort_key
            self.descending = order is Qt.SortOrder.DescendingOrder
            self.reload()

    def _fetch(self, page: int) -> None:
        if page in self._asked:
            return
        generation = self._generation
        future = self._ask(page * PAGE_ROWS, PAGE_ROWS, self.sort_key, self.descending)
        self._asked[page] = future
        background.deliver(self, future, lambda answer: self._take(generation, page, answer))

    def _take(self, generation: int, page: int, answer: PageOfRows) -> None:
        if generation != self._generation:
            return  # the answer to an older question
        self._asked.pop(page, None)
        if page == 0 or answer.total != self._total:
            self.beginResetModel()
            self._pages = {page: answer.rows}
            self._total = answer.total
            self.endResetModel()
        else:
            self._pages.pop(page, None)
            self._pages[page] = answer.rows
            while len(self._pages) > PAGES_KEPT:
                self._pages.pop(next(iter(self._pages)))
            last = min(page * PAGE_ROWS + len(answer.rows), self._total) - 1
            self.dataChanged.emit(self.index(page * PAGE_ROWS, 0), self.index(last, len(self.columns) - 1))
        self.loaded.emit(self._total)


def rows_in_memory(columns: Sequence[Column], rows: Sequence[TableRow], parent: QObject | None = None) -> PagedTable:
    """A table of rows that are already here (a short list, a chart shown as a table)."""

    def ask(first: int, count: int, sort_key: str, descending: bool) -> "Future[PageOfRows]":
        at = next((n for n, column in enumerate(columns) if sort_key and column.sort_key == sort_key), None)
        shown = list(rows)
        if at is not None:
            column_at = at
            shown.sort(
                key=lambda row: row.sort_values[column_at] if row.sort_values else row.cells[column_at].casefold(),
                reverse=descending,
            )
        future: Future[PageOfRows] = Future()
        future.set_result(PageOfRows(first, len(rows), shown[first : first + count]))
        return future

    model = PagedTable(columns, ask, parent)
    model._take(0, 0, ask(0, PAGE_ROWS, "", False).result())
    return model
