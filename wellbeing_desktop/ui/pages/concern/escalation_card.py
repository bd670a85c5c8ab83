"""Who to call next about somebody's safety, and each attempt timed as it is pressed."""

import datetime as dt

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from wellbeing_desktop.domain.concern_rules import Escalation, Link
from wellbeing_desktop.ui.pages.concern.words import following_words, step_line
from wellbeing_desktop.ui.widgets import buttons, labels
from wellbeing_desktop.ui.widgets.cards import Card
from wellbeing_desktop.ui.widgets.flow import FlowLayout


class EscalationCard(Card):
    """`tried` gives who was called and whether they answered."""

    tried = Signal(object, bool)

    def __init__(self) -> None:
        super().__init__("Who to call next")
        self.next_line = labels.strong()
        self.body.addWidget(self.next_line)
        row = QWidget()
        flow = FlowLayout(row)
        self.answered_button = buttons.secondary("Ans&wered", lambda: self._press(True), icon="check")
        self.silent_button = buttons.secondary("No answe&r", lambda: self._press(False), icon="x")
        flow.addWidget(self.answered_button)
        flow.addWidget(self.silent_button)
        row.setProperty("visit", "true")
        self._row = row
        self.body.addWidget(row)
        self.attempts = labels.body()
        self.body.addWidget(self.attempts)
        self.link: Link | None = None

    def show_standing(self, standing: Escalation, now: dt.datetime) -> None:
        """Who was tried, who is next and when."""
        self.link = standing.following
        self.next_line.setText(following_words(standing, now))
        for button, words in ((self.answered_button, "answered"), (self.silent_button, "did not answer")):
            button.setAccessibleDescription(f"{self.link.name} {words}" if self.link else "")
        self._row.setVisible(self.link is not None)
        self.attempts.setText("\n".join(step_line(step, now) for step in standing.tried))
        self.attempts.setVisible(bool(standing.tried))

    def _press(self, answered: bool) -> None:
        if self.link is not None:
            self.tried.emit(self.link, answered)
