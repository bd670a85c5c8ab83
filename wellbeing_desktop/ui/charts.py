"""Charts on their cards: each with its values in words and "Show as table".

A chart's title states the finding ("Life satisfaction rose from 3 to 6").
"""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QStackedLayout, QVBoxLayout, QWidget

from wellbeing_desktop.ui.chart_area import ChartArea
from wellbeing_desktop.ui.chart_data import ChartData, shown
from wellbeing_desktop.ui.models.paged_table import Column, PagedTable, TableRow, rows_in_memory
from wellbeing_desktop.ui.tokens import SPACE_L, SPACE_M, SPACE_S
from wellbeing_desktop.ui.widgets import buttons, labels, messages
from wellbeing_desktop.ui.widgets.table import Table


class ChartCard(QFrame):
    """A card with the finding as its title, the chart, and "Show as table" in its place. `row_opened` tells the number
    of the row that was opened in the table: of a chart whose bars can be pressed, its rows can be too."""

    row_opened = Signal(int)

    def __init__(self, data: ChartData, area: ChartArea | None = None) -> None:
        super().__init__()
        self.setProperty("kind", "card")
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE_L, SPACE_M, SPACE_L, SPACE_M)
        column.setSpacing(SPACE_S)
        head = QHBoxLayout()
        self.title = labels.heading(data.title, 2)
        head.addWidget(self.title, 1)
        self.toggle = buttons.link("Show as table", self._toggle)
        head.addWidget(self.toggle, 0, Qt.AlignmentFlag.AlignTop)
        column.addLayout(head)
        self.nothing = labels.muted("Nothing recorded yet.")
        column.addWidget(self.nothing)
        self.area = area or ChartArea(data)
        holder = QWidget()
        self._stack = QStackedLayout(holder)
        self._stack.addWidget(self.area)
        self._table: Table | None = None
        self._holder = holder
        column.addWidget(holder, 1)
        self.show_data(data)

    def show_data(self, data: ChartData) -> None:
        """New values, in the chart and in the table."""
        self.title.setText(data.title)
        self.setAccessibleName(data.title)
        self.area.show_data(data)
        is_empty = not any(value is not None for series in data.series for value in series.values)
        self.nothing.setVisible(is_empty)
        self._holder.setHidden(is_empty)
        self.toggle.setHidden(is_empty)
        was_table = self.shows_table
        if self._table is not None:
            self._stack.removeWidget(self._table)
            self._table.deleteLater()
            self._table = None
        if was_table:
            self._show_table()

    @property
    def shows_table(self) -> bool:
        return self._table is not None and self._stack.currentWidget() is self._table

    def _toggle(self) -> None:
        if self.shows_table:
            self._stack.setCurrentWidget(self.area)
            self.toggle.set_words("Show as table")
            messages.announce(self, "Shown as a chart")
        else:
            self._show_table()
            messages.announce(self, "Shown as a table")

    def _show_table(self) -> None:
        if self._table is None:
            self._table = Table(f"Table: {self.area.data.title}", table_of(self.area.data, self))
            self._table.opened.connect(lambda words: self.row_opened.emit(self.area.data.labels.index(words)))
            self._stack.addWidget(self._table)
        self._stack.setCurrentWidget(self._table)
        self.toggle.set_words("Show as chart")


def table_of(data: ChartData, parent: QWidget) -> PagedTable:
    """The same figures as a table model."""
    return rows_in_memory(
        [Column(data.label_heading), *(Column(series.name, is_number=True) for series in data.series)],
        [
            TableRow(words, (words, *(shown(series.values[at]) for series in data.series)))
            for at, words in enumerate(data.labels)
        ],
        parent,
    )
