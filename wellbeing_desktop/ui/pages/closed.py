"""What is shown while a laptop has been away from its server too long: why, that nothing is lost, and what opens it."""

from typing import Final

from PySide6.QtWidgets import QWidget

from wellbeing_desktop.storage import lease
from wellbeing_desktop.storage.outbox import waiting_count
from wellbeing_desktop.ui import background
from wellbeing_desktop.ui.page import Page
from wellbeing_desktop.ui.session import Session
from wellbeing_desktop.ui.tokens import SPACE_M
from wellbeing_desktop.ui.widgets import buttons, cards, labels

NAV_KEY: Final = "closed"


class ClosedPage(Page):
    """Holds nobody's data. A sync that reaches the server opens everything (app.py)."""

    title, nav_key = "Records are closed", NAV_KEY

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self.words = labels.body()
        self.waiting = labels.strong()
        self.button = buttons.primary("&Connect and send now", self._connect)
        card = cards.Card()
        card.body.setSpacing(SPACE_M)
        card.body.addWidget(labels.heading("Records are closed", 1))
        for part in (self.words, self.waiting, self.button):
            card.body.addWidget(part)
        self.body.addWidget(card)
        self.body.addStretch(1)

    def on_shown(self, argument: str = "") -> None:
        store = self._session.store
        background.query(self, store, lambda reader: lease.banner_words(lease.terms(reader)), self.words.setText)
        background.query(self, store, waiting_count, self._show_waiting)

    def first_focus(self) -> QWidget | None:
        return self.button

    def _show_waiting(self, count: int) -> None:
        changes = "1 change is" if count == 1 else f"{count:,} changes are"
        self.waiting.setText(f"{changes} kept here and waiting to be sent." if count else "Nothing waits to be sent.")

    def _connect(self) -> None:
        if self._session.sync is not None:
            self._session.sync.sync_now()
