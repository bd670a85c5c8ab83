"""Receipts of syncs: one row for each, opened to be read or printed."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from wellbeing_desktop.domain.dates import kept_moment_words
from wellbeing_desktop.operations.outbox import PrintedReceipt
from wellbeing_desktop.ui.models.paged_table import Column, TableRow
from wellbeing_desktop.ui.models.short_list import ShortList
from wellbeing_desktop.ui.pages.today_parts.day import things
from wellbeing_desktop.ui.tokens import SPACE_M
from wellbeing_desktop.ui.widgets.empty_state import empty_state
from wellbeing_desktop.ui.widgets.labels import Tone
from wellbeing_desktop.ui.widgets.short_table import ShortTable

WHOLE, PARTLY = "Whole", "Broken off"


class ReceiptsPart(QWidget):
    opened = Signal(str)
    """The number of the receipt to show."""

    def __init__(self) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, SPACE_M, 0, 0)
        self.model = ShortList([Column("When", width=20), Column("What"), Column("Ended", width=14)], self)
        self.table = ShortTable("Receipts of syncs", self.model, has_header=True, has_two_lines=True)
        self.table.draw_as_chips(2, _tone)
        self.table.opened.connect(self.opened)
        column.addWidget(self.table)
        self.nothing = empty_state(
            "No receipts yet",
            "After each sync that sends something, its receipt is kept here to read or print.",
            icon="inbox",
        )
        column.addWidget(self.nothing)
        column.addStretch(1)

    def show_receipts(self, receipts: Sequence[PrintedReceipt]) -> None:
        rows = [
            TableRow(
                str(one.number),
                (
                    kept_moment_words(one.begun_at),
                    f"{_sent(one)}\n{things(one.received, 'record')} received, {things(one.waiting, 'change')} still waiting",
                    WHOLE if one.is_complete else PARTLY,
                ),
            )
            for one in receipts
        ]
        self.model.show_rows(rows)
        self.table.setVisible(bool(rows))
        self.nothing.setVisible(not rows)


def _tone(words: str) -> Tone:
    return "good" if words == WHOLE else "warning"


def _sent(receipt: PrintedReceipt) -> str:
    if not receipt.sent_count:
        return "Nothing waited to be sent"
    people = len({line.person for line in receipt.sent})
    return f"{things(receipt.sent_count, 'change')} sent about {things(people, 'person', 'people')}"
