"""What a list says when it is empty: what it is for, and the first step."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from wellbeing_desktop.ui.tokens import SPACE_S, SPACE_XL
from wellbeing_desktop.ui.widgets import labels


class EmptyState(QWidget):
    """Words, a hint and at most one action, in the middle of where the list would be."""

    def __init__(self, words: str, hint: str = "", action: QPushButton | None = None, icon: str = "inbox") -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE_XL, SPACE_XL, SPACE_XL, SPACE_XL)
        column.setSpacing(SPACE_S)
        column.addStretch()
        column.addWidget(labels.IconLabel(icon, "plain", 32), 0, Qt.AlignmentFlag.AlignHCenter)
        self.words = labels.heading(words, 2)
        self.hint = labels.muted(hint)
        for label in (self.words, self.hint):
            label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            column.addWidget(label)
        self.hint.setVisible(bool(hint))
        if action is not None:
            column.addWidget(action, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch()

    def say(self, words: str, hint: str) -> None:
        """Other words, for a list that is empty for another reason now."""
        self.words.setText(words)
        self.hint.setText(hint)
        self.hint.setVisible(bool(hint))


def empty_state(words: str, hint: str = "", action: QPushButton | None = None, icon: str = "inbox") -> EmptyState:
    """ "Nothing due today." with "See this week" as its action."""
    return EmptyState(words, hint, action, icon)
