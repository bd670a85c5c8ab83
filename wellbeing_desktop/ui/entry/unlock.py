"""Unlock: which store, and its passphrase. Shows only the label that its owner chose."""

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from wellbeing_desktop.domain.errors import StoreProblem
from wellbeing_desktop.storage.places import StorePlace
from wellbeing_desktop.ui.entry.opening import in_background, open_place
from wellbeing_desktop.ui.tokens import SPACE_M
from wellbeing_desktop.ui.widgets import buttons, cards, fields, labels, messages
from wellbeing_desktop.ui.widgets.form import Form

if TYPE_CHECKING:
    from wellbeing_desktop.storage.store import Store

_WIDTH_IN_CHARACTERS = 46


class UnlockPanel(QWidget):
    """`opened` gives the open store. A wrong passphrase says so and waits longer each time; nothing is wiped."""

    opened = Signal(object)
    recovery_asked = Signal(object)
    another_asked = Signal()
    restore_asked = Signal(object)

    def __init__(self, places: Sequence[StorePlace], *, locked: bool = False) -> None:
        """`locked` is True when the window was open a moment ago: only the same store can be opened then."""
        super().__init__()
        self.setProperty("shows_messages", True)
        self._places = {str(place.folder): place for place in places}
        self._busy = False
        column = QVBoxLayout(self)
        column.setSpacing(SPACE_M)
        card = cards.Card()
        card.body.addWidget(labels.heading("Locked" if locked else "Wellbeing Desktop", 1))
        if locked:
            card.body.addWidget(labels.muted("What you typed is kept. Unlock to go on where you were."))
        self.form = Form()
        if len(places) == 1:
            card.body.addWidget(labels.body(places[0].label))
        else:
            self.form.add(
                "store", "&Case store", fields.choice([(key, place.label) for key, place in self._places.items()])
            )
        self.passphrase = self.form.add("passphrase", "&Passphrase", fields.secret(), required=True)
        self.button = buttons.primary("&Unlock", self.unlock)
        recover = buttons.link("Use the &recovery kit", self._recover)
        self.form.add_actions(self.button, recover)
        if not locked:
            another = buttons.link("Set up &another store", self.another_asked.emit)
            restore = buttons.link("Restore from a &backup", lambda: self.restore_asked.emit(self.place()))
            self.form.add_actions(another, restore)
        card.body.addWidget(self.form)
        column.addWidget(card)
        self.setMinimumWidth(self.fontMetrics().averageCharWidth() * _WIDTH_IN_CHARACTERS)
        line = self.passphrase
        if isinstance(line, fields.LineField):
            line.returnPressed.connect(self.unlock)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Whoever gives the panel the keyboard means the passphrase. (A focus proxy would break the Tab ring.)"""
        super().focusInEvent(event)
        self.passphrase.setFocus()

    def place(self) -> StorePlace:
        """The store that is chosen."""
        chosen = self.form.values().get("store", "")
        return self._places[chosen] if chosen else next(iter(self._places.values()))

    def unlock(self, *, accept_shortened: bool = False) -> None:
        if self._busy or not self.form.check():
            return
        self._set_busy(True)
        messages.clear(self)
        in_background(
            self,
            partial(open_place, self.place(), self.passphrase.value(), accept_shortened=accept_shortened),
            self._opened,
            self._refused,
        )

    def _opened(self, store: "Store") -> None:
        self._set_busy(False)
        self.passphrase.set_value("")
        self.opened.emit(store)

    def _refused(self, problem: BaseException) -> None:
        self._set_busy(False)
        if isinstance(problem, StoreProblem) and problem.kind in ("wrong_passphrase", "wait"):
            self.passphrase.set_value("")
            self.form.show_errors({"passphrase": f"{problem.message} {problem.advice}".strip()})
            self.passphrase.setFocus()
        else:
            messages.show(self, problem)

    def _set_busy(self, busy: bool) -> None:
        self._busy = busy
        self.button.set_words("Unlocking" if busy else "&Unlock")
        self.button.setEnabled(not busy)

    def _recover(self) -> None:
        self.recovery_asked.emit(self.place())
