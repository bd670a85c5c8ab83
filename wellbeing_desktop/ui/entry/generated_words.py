"""Four words made by chance, offered as a passphrase, with a button for others."""

from PySide6.QtWidgets import QVBoxLayout, QWidget

from wellbeing_desktop.storage.words import generate_passphrase
from wellbeing_desktop.ui.tokens import SPACE_S
from wellbeing_desktop.ui.widgets import buttons, labels, messages
from wellbeing_desktop.ui.widgets.flow import FlowLayout


class GeneratedWords(QWidget):
    """`words` are those shown now."""

    def __init__(self) -> None:
        super().__init__()
        self.words = generate_passphrase()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE_S)
        self.shown = labels.heading(self.words, 2)
        self.shown.setAccessibleName(f"Generated passphrase: {self.words}")
        column.addWidget(self.shown)
        holder = QWidget()
        flow = FlowLayout(holder, spacing=SPACE_S)
        self.other_button = buttons.secondary("Make &different words", self.make_others)
        flow.addWidget(self.other_button)
        column.addWidget(holder)

    def make_others(self) -> None:
        self.words = generate_passphrase()
        self.shown.setText(self.words)
        self.shown.setAccessibleName(f"Generated passphrase: {self.words}")
        messages.announce(self.shown, self.words)
