"""Progress of something that takes over a second: what, how many of how many, and Cancel."""

from collections.abc import Callable

from PySide6.QtWidgets import QFrame, QHBoxLayout, QProgressBar, QVBoxLayout

from wellbeing_desktop.ui.tokens import SPACE_M, SPACE_S
from wellbeing_desktop.ui.widgets import buttons, labels


class Progress(QFrame):
    """ "Printing 34 of 120". Without a total it shows that work goes on, without a false share."""

    def __init__(self, doing: str, on_cancel: Callable[[], object] | None = None, *, cancel: str = "Cancel") -> None:
        super().__init__()
        self.setProperty("kind", "card")
        self._doing = doing
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE_M, SPACE_S, SPACE_M, SPACE_M)
        row = QHBoxLayout()
        self.words = labels.body(doing)
        row.addWidget(self.words, 1)
        self.cancel_button = buttons.secondary(cancel, on_cancel)
        row.addWidget(self.cancel_button)
        column.addLayout(row)
        self.cancel_button.setVisible(on_cancel is not None)
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(doing)
        self.bar.setRange(0, 0)
        column.addWidget(self.bar)

    def show_count(self, done: int, total: int) -> None:
        """`done` of `total`; 0 for a total that is not known."""
        self.bar.setRange(0, total)
        self.bar.setValue(done)
        self.words.setText(f"{self._doing} {done:,} of {total:,}" if total else self._doing)
        self.bar.setAccessibleDescription(self.words.text())
