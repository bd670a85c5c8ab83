"""The head of a page: its heading with the page's own actions at the other end, under it where there is no room."""

from PySide6.QtWidgets import QPushButton, QWidget

from wellbeing_desktop.ui.tokens import SPACE_S
from wellbeing_desktop.ui.widgets import labels
from wellbeing_desktop.ui.widgets.flow import FlowLayout


def head_row(words: str, *actions: QPushButton) -> QWidget:
    """A heading of level 1, in one line: give it a short one."""
    head, ways = QWidget(), QWidget()
    row = FlowLayout(head, spacing=SPACE_S, first_fills=True)
    title = labels.heading(words, 1)
    title.setWordWrap(False)  # its whole length decides whether the buttons find room beside it
    row.addWidget(title)
    beside = FlowLayout(ways, spacing=SPACE_S)
    for action in actions:
        beside.addWidget(action)
    row.addWidget(ways)
    return head
