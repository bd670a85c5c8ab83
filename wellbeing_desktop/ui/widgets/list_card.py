"""A card with one list in it, which is not there while the list is empty."""

from collections.abc import Callable, Sequence

from wellbeing_desktop.ui.models.paged_table import Column, TableRow
from wellbeing_desktop.ui.models.short_list import ShortList
from wellbeing_desktop.ui.widgets import buttons
from wellbeing_desktop.ui.widgets.cards import Card
from wellbeing_desktop.ui.widgets.labels import Tone
from wellbeing_desktop.ui.widgets.short_table import ShortTable


class ListCard(Card):
    """`chip_column` is drawn as chips, -1 for none; `tone_of` says their colours."""

    def __init__(
        self,
        name: str,
        columns: Sequence[Column],
        chip_column: int,
        tone_of: Callable[[str], Tone],
        action: buttons.IconButton | None = None,
        *,
        has_two_lines: bool = True,
    ) -> None:
        super().__init__(name, action=action)
        self._name = name
        self.model = ShortList(columns, self)
        self.table = ShortTable(name, self.model, has_two_lines=has_two_lines)
        if chip_column >= 0:
            self.table.draw_as_chips(chip_column, tone_of)
        self.body.addWidget(self.table)
        self.hide()

    def show_rows(self, rows: Sequence[TableRow], title: str) -> None:
        self.model.show_rows(rows)
        self.title.setText(title)
        self.setAccessibleName(title)
        self.setVisible(bool(rows))
