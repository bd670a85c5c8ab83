"""A calm line at the top of the window while this laptop's clock is in doubt: both times, and what to do."""

import datetime as dt
from collections.abc import Callable
from functools import partial
from typing import Final

from PySide6.QtCore import QTimer

from wellbeing_desktop.domain.dates import staff_moment
from wellbeing_desktop.storage.clock_guard import ClockDoubt, clock_doubt
from wellbeing_desktop.storage.connection import Reader
from wellbeing_desktop.storage.store import Store
from wellbeing_desktop.ui import background
from wellbeing_desktop.ui.widgets.messages import Message, Notice

EVERY_MS: Final = 60_000


class ClockNotice(Notice):
    """`watch` while a store is open. Hidden by hand, it comes back only when the clock was right in between."""

    def __init__(self) -> None:
        super().__init__("", "warning", can_close=True)
        self._store: Store | None = None
        self._now: Callable[[], dt.datetime] | None = None
        self._dismissed = False
        self._timer = QTimer(self, interval=EVERY_MS)
        self._timer.timeout.connect(self.look)
        self.close_button.clicked.connect(self._dismiss)
        self.hide()

    def watch(self, store: Store, now: Callable[[], dt.datetime]) -> None:
        self._store, self._now, self._dismissed = store, now, False
        self._timer.start()
        self.look()

    def stop(self) -> None:
        self._timer.stop()
        self._store = None
        self.hide()

    def look(self) -> None:
        """Ask now: at unlocking, after a sync, and each minute."""
        if self._store is None or self._now is None or not self._store.is_open:
            return
        ask: Callable[[Reader], ClockDoubt | None] = partial(clock_doubt, wall=self._now())
        background.query(self, self._store, ask, self.show_doubt, lambda _problem: None)

    def show_doubt(self, doubt: ClockDoubt | None) -> None:
        if doubt is None or self._store is None:
            self._dismissed = False
            self.hide()
            return
        if self._dismissed:
            return
        said = Message(
            f"This laptop's clock says {staff_moment(doubt.laptop_at)}. By the server it is about {staff_moment(doubt.likely_at)}.",
            "Set date, time and time zone in the settings of this computer. Contacts written meanwhile are marked, and "
            "listed before a return counts them.",
            "",
            "warning",
        )
        self.show()
        self.show_message(said)

    def _dismiss(self) -> None:
        self._dismissed = True
