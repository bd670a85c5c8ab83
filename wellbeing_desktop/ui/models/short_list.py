"""A table of a few rows that the page has already: shown at once, sorted in memory, replaced as a whole."""

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from typing import Any

from PySide6.QtCore import QObject

from wellbeing_desktop.ui.models.paged_table import PAGE_ROWS, Column, PagedTable, PageOfRows, TableRow


class ShortList(PagedTable):
    """`show_rows` replaces what is shown; the keyboard stays on the same record (see widgets/table.py)."""

    def __init__(self, columns: Sequence[Column], parent: QObject | None = None) -> None:
        super().__init__(columns, self._answer, parent)
        self._all: Sequence[TableRow] = ()

    def show_rows(self, rows: Sequence[TableRow]) -> None:
        self._all = rows
        self._generation += 1
        self._take(self._generation, 0, self._page(0, PAGE_ROWS, self.sort_key, self.descending))

    def rows(self) -> Sequence[TableRow]:
        """What is shown, in the order it was given."""
        return self._all

    def _answer(self, first: int, count: int, sort_key: str, descending: bool) -> "Future[PageOfRows]":
        future: Future[PageOfRows] = Future()
        future.set_result(self._page(first, count, sort_key, descending))
        return future

    def _page(self, first: int, count: int, sort_key: str, descending: bool) -> PageOfRows:
        at = next((n for n, column in enumerate(self.columns) if sort_key and column.sort_key == sort_key), None)
        shown = list(self._all)
        if at is not None:
            shown.sort(key=_by(at), reverse=descending)
        return PageOfRows(first, len(shown), shown[first : first + count])


def _by(at: int) -> Callable[[TableRow], Any]:
    return lambda row: row.sort_values[at] if row.sort_values else row.cells[at].casefold()
