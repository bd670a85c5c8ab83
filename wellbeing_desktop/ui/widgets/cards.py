"""Cards: a white area with a heading, for one matter."""

from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from wellbeing_desktop.ui.tokens import SPACE_L, SPACE_M, SPACE_S
from wellbeing_desktop.ui.widgets import labels


class Card(QFrame):
    """Put widgets into `self.body`."""

    def __init__(self, title: str = "", *, action: QPushButton | None = None) -> None:
        super().__init__()
        self.setProperty("kind", "card")
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE_L, SPACE_M, SPACE_L, SPACE_L)
        column.setSpacing(SPACE_S)
        self.title = labels.heading(title, 2)
        if title or action is not None:
            head = QHBoxLayout()
            head.addWidget(self.title, 1)
            if action is not None:
                head.addWidget(action)
            column.addLayout(head)
        self.body = QVBoxLayout()
        self.body.setSpacing(SPACE_S)
        column.addLayout(self.body)
        if title:
            self.setAccessibleName(title)

    def add_row(self, words: str, end: QWidget | None = None) -> None:
        """A line of words with a chip or button at its end."""
        row = QHBoxLayout()
        row.setSpacing(SPACE_M)
        row.addWidget(labels.body(words), 1)
        if end is not None:
            row.addWidget(end)
        self.body.addLayout(row)


def card(title: str = "", *widgets: QWidget, action: QPushButton | None = None) -> Card:
    """A card with `widgets` one under another."""
    made = Card(title, action=action)
    for widget in widgets:
        made.body.addWidget(widget)
    return made


def rule() -> QFrame:
    """A thin line between groups."""
    line = QFrame()
    line.setProperty("kind", "rule")
    return line
