"""The window before a store is open. It places the entry pages and gives the store that was opened."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QWidget

from wellbeing_desktop.storage.places import StorePlace, new_place, place_of, stores_on_this_computer
from wellbeing_desktop.ui.entry.opening import in_background
from wellbeing_desktop.ui.entry.unlock import UnlockPanel
from wellbeing_desktop.ui.lock import LOCKED_TITLE, middle
from wellbeing_desktop.ui.page import Page
from wellbeing_desktop.ui.session import local_today
from wellbeing_desktop.ui.widgets import labels

# A page is imported when it is shown: the launch waits for the one page that it opens on.
if TYPE_CHECKING:
    from wellbeing_desktop.storage.recovery import RecoveryKit
    from wellbeing_desktop.storage.store import Store
    from wellbeing_desktop.ui.entry import making
    from wellbeing_desktop.ui.entry.new_store import NewStorePage
    from wellbeing_desktop.ui.entry.welcome import WelcomePage

_READABLE_WIDTH: Final = 900
"""Pixels: a line of text much longer than this is hard to read."""


class EntryWindow(QWidget):
    """`opened` gives the open store."""

    opened = Signal(object)

    def __init__(
        self, home: Path, only: Path | None = None, make_practice: "Callable[[Path], Store] | None" = None
    ) -> None:
        """`home` is where this computer's stores are; `only` names one store, wherever it is. `make_practice` makes
        practice mode's store in a new folder."""
        super().__init__()
        self._home, self._only, self._make_practice = home, only, make_practice
        self.setObjectName("window")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setWindowTitle(LOCKED_TITLE)
        self.stack = QStackedWidget()
        outer = QHBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self.stack)
        self.setMinimumSize(1024, 600)
        self.resize(1366, 728)

    def begin(self) -> None:
        """Unlock where there is a store, set-up where there is none."""
        places = [place_of(self._only)] if self._only is not None else stores_on_this_computer(self._home)
        if places:
            self._show_unlock(places)
        else:
            self.show_welcome()

    def show_welcome(self) -> None:
        from wellbeing_desktop.ui.entry.welcome import WelcomePage

        page = WelcomePage(with_practice=self._make_practice is not None)
        page.practice_asked.connect(partial(self._practise, page))
        page.alone_asked.connect(partial(self._show_new_store, joining=False))
        page.join_asked.connect(partial(self._show_new_store, joining=True))
        page.restore_asked.connect(partial(self._show_restore, None))
        self._show(page)

    def _show_unlock(self, places: list[StorePlace]) -> None:
        holder = Page()
        holder.body.addStretch(1)
        panel = UnlockPanel(places)
        panel.opened.connect(self.opened)
        panel.recovery_asked.connect(self.show_recovery)
        panel.another_asked.connect(self.show_welcome)
        panel.restore_asked.connect(self._show_restore)
        row = middle()
        row.insertWidget(1, panel, 1)
        holder.body.addLayout(row)
        holder.body.addStretch(2)
        self._show(holder)
        panel.setFocus()

    def show_recovery(self, place: StorePlace) -> None:
        from wellbeing_desktop.ui.entry.recover import RecoverPage

        page = RecoverPage(place)
        page.made.connect(self._made)
        page.given_up.connect(self.begin)
        self._show(page)

    def _show_restore(self, place: StorePlace | None) -> None:
        from wellbeing_desktop.ui.entry.restore import RestorePage

        page = RestorePage(place.folder if place is not None else new_place(self._home), place)
        page.opened.connect(self.opened)
        page.made.connect(self._made)
        page.given_up.connect(self.begin)
        self._show(page)

    def _show_new_store(self, *, joining: bool) -> None:
        from wellbeing_desktop.ui.entry.new_store import NewStorePage

        page = NewStorePage(joining=joining)
        page.made.connect(partial(self._make, page))
        page.given_up.connect(self.begin)
        self._show(page)

    def _practise(self, page: "WelcomePage") -> None:
        if self._make_practice is not None:
            page.set_busy(True)
            in_background(
                page, partial(self._make_practice, new_place(self._home)), self.opened.emit, page.practice_failed
            )

    def _make(self, page: "NewStorePage", values: dict[str, str]) -> None:
        from wellbeing_desktop.ui.entry import making

        work = making.join_organisation if page.joining else making.make_alone
        in_background(page, partial(work, new_place(self._home), values), self._made, page.failed)

    def _made(self, made: "making.Made") -> None:
        if made.kit is None:
            self.opened.emit(made.store)
        else:
            self._show_kit(made.store, made.kit, made.to_read_out)

    def _show_kit(self, store: "Store", kit: "RecoveryKit", to_read_out: str) -> None:
        from wellbeing_desktop.ui.entry.kit import KitPage

        page = KitPage(kit, local_today())
        if to_read_out:
            page.body.insertWidget(
                1,
                labels.strong(f"Read these letters out to your administrator, who approves this laptop: {to_read_out}"),
            )
        page.done.connect(partial(self.opened.emit, store))
        self._show(page)

    def _show(self, page: Page) -> None:
        while (old := self.stack.currentWidget()) is not None:
            self.stack.removeWidget(old)
            old.deleteLater()
        body = page.scroll_area.widget() if page.scroll_area is not None else None
        if page.scroll_area is not None and body is not None:
            body.setMaximumWidth(_READABLE_WIDTH)  # in the middle, its scroll bar at the edge of the window
            page.scroll_area.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.stack.addWidget(page)
        self.stack.setCurrentWidget(page)
        first = page.first_focus()
        if first is not None:
            first.setFocus()
