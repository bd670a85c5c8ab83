"""First set-up: three ways to begin."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from wellbeing_desktop.ui.page import Page
from wellbeing_desktop.ui.widgets import buttons, cards, labels, messages


class WelcomePage(Page):
    """Practice mode, this computer only, or join an organisation."""

    title, nav_key, help_key = "Setting up", "welcome", "first_run"

    practice_asked = Signal()
    alone_asked = Signal()
    join_asked = Signal()
    restore_asked = Signal()

    def __init__(self, *, with_practice: bool = True) -> None:
        super().__init__()
        self.body.addWidget(labels.heading("Welcome to Wellbeing Desktop", 1))
        self.body.addWidget(
            labels.body(
                "Everything you write is encrypted and kept on this computer, whether or not there is a network."
            )
        )
        self.practice = buttons.primary("Open &practice mode", self.practice_asked.emit)
        if with_practice:
            self._add("Practice mode", "Made-up people, to learn with. Nothing leaves this computer.", self.practice)
        self._add(
            "This computer only",
            "Your own encrypted store. You can bring in a list of people and begin at once.",
            buttons.secondary("&Make a store on this computer", self.alone_asked.emit),
        )
        self._add(
            "Join an organisation",
            "Share work with your team. You need the server's address and the one-time code from your administrator.",
            buttons.secondary("&Join an organisation", self.join_asked.emit),
        )
        self._add(
            "Restore a backup",
            "The store of another computer, or of one that was lost, from its backup file.",
            buttons.secondary("&Restore a backup", self.restore_asked.emit),
        )
        self.body.addStretch(1)

    def set_busy(self, busy: bool) -> None:
        for button in self.findChildren(buttons.IconButton):
            button.setEnabled(not busy)
        self.practice.set_words("Making practice people" if busy else "Open &practice mode")

    def practice_failed(self, problem: BaseException) -> None:
        self.set_busy(False)
        self.practice.setFocus()
        messages.show(self, problem)

    def first_focus(self) -> QWidget:
        return self.practice

    def _add(self, title: str, words: str, button: buttons.IconButton) -> None:
        card = cards.Card(title)
        card.add_row(words, button)
        self.body.addWidget(card)
