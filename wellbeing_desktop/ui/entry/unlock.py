"""Unlock: which store, and its passphrase, or the quick PIN of today. Shows only the label that its owner chose."""

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from wellbeing_desktop.domain.errors import Refused, StoreProblem
from wellbeing_desktop.storage.places import StorePlace
from wellbeing_desktop.ui.entry.opening import Ways, in_background, look_in_keyring, open_by_pin, open_place, ways_of
from wellbeing_desktop.ui.entry.recovery_ways import ways_into
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
        if locked and not places[0].sealed:
            card.body.addWidget(labels.muted("What you typed is kept. Unlock to go on where you were."))
        self.sealed = labels.strong("")
        card.body.addWidget(self.sealed)
        self.form = Form()
        if len(places) == 1:
            card.body.addWidget(labels.body(places[0].label))
        else:
            self.form.add(
                "store", "&Case store", fields.choice([(key, place.label) for key, place in self._places.items()])
            )
        self.passphrase = self.form.add("passphrase", "&Passphrase", fields.secret(), required=True)
        self.pin = self.form.add("pin", "P&IN", fields.secret(), help_text="The quick PIN that you chose today.")
        self.new_pin = self.form.add(
            "new_pin",
            "Quick PI&N for the rest of today (optional)",
            fields.secret(),
            help_text="6 to 12 digits. Until midnight, or until you close the window, they unlock it quickly.",
        )
        self.new_pin.check = _check_pin
        self.button = buttons.primary("&Unlock", self.unlock)
        self.by_passphrase = buttons.link("Use the pa&ssphrase", self.use_passphrase)
        self.recovery = buttons.link("Use the &recovery kit", self._recover)
        self.form.add_actions(self.button, self.by_passphrase, self.recovery)
        if not locked:
            another = buttons.link("Set up &another store", self.another_asked.emit)
            restore = buttons.link("Restore from a &backup", lambda: self.restore_asked.emit(self.place()))
            self.form.add_actions(another, restore)
        card.body.addWidget(self.form)
        column.addWidget(card)
        self.setMinimumWidth(self.fontMetrics().averageCharWidth() * _WIDTH_IN_CHARACTERS)
        for line in (self.passphrase, self.pin, self.new_pin):
            if isinstance(line, fields.LineField):
                line.returnPressed.connect(self.unlock)
        self._has_keyring = False
        if "store" in self.form.rows:
            self.form.rows["store"].field.edited.connect(self._look)
        self._look()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Whoever gives the panel the keyboard means the secret. (A focus proxy would break the Tab ring.)"""
        super().focusInEvent(event)
        self._secret().setFocus()

    @property
    def takes_pin(self) -> bool:
        return not self.form.rows["pin"].holder.isHidden()

    def use_passphrase(self) -> None:
        """The passphrase always opens the store, whatever the PIN does."""
        self._take("passphrase")

    def _look(self) -> None:
        sealed = self.place().sealed
        self.recovery.set_words(
            "Use the &recovery kit" if ways_into(self.place().folder).kit else "Use &recovery sheets"
        )
        self.sealed.setText(sealed)
        self.sealed.setVisible(bool(sealed))
        self.button.setVisible(not sealed)
        if sealed:
            for name in ("passphrase", "pin", "new_pin"):
                self.form.rows[name].holder.hide()
            self.by_passphrase.hide()
            return
        self._take("passphrase")
        look_in_keyring(self, partial(ways_of, self.place()), self._found)

    def _found(self, ways: Ways) -> None:
        if ways.place != self.place() or self._busy or self.passphrase.value():
            return  # somebody has chosen another store, or is typing already
        self._has_keyring = ways.has_keyring
        self._take("pin" if ways.has_pin else "passphrase")

    def _take(self, way: str) -> None:
        had_focus = self.passphrase.hasFocus() or self.pin.hasFocus() or self.by_passphrase.hasFocus()
        by_pin = way == "pin"
        self.pin.set_value("")
        self.form.rows["passphrase"].holder.setVisible(not by_pin)
        self.form.rows["pin"].holder.setVisible(by_pin)
        self.form.rows["new_pin"].holder.setVisible(not by_pin and self._has_keyring)
        self.form.show_errors({})
        if had_focus:
            self._secret().setFocus()
        self.by_passphrase.setVisible(by_pin)

    def _secret(self) -> QWidget:
        if self.place().sealed:
            return self.recovery
        return self.pin if self.takes_pin else self.passphrase

    def place(self) -> StorePlace:
        """The store that is chosen."""
        chosen = self.form.values().get("store", "")
        return self._places[chosen] if chosen else next(iter(self._places.values()))

    def unlock(self, *, accept_shortened: bool = False) -> None:
        if self._busy or self.place().sealed:
            return
        if self.takes_pin:
            if not self.pin.value().strip():
                self.form.show_errors({"pin": "Enter your PIN"})
                return
            work = partial(open_by_pin, self.place(), self.pin.value())
        elif self.form.check():
            work = partial(open_place, self.place(), self.passphrase.value(), new_pin=self.new_pin.value())
        else:
            return
        self._set_busy(True)
        messages.clear(self)
        in_background(self, partial(work, accept_shortened=accept_shortened), self._opened, self._refused)

    def _opened(self, store: "Store") -> None:
        self._set_busy(False)
        for field in (self.passphrase, self.pin, self.new_pin):
            field.set_value("")
        self.opened.emit(store)

    def _refused(self, problem: BaseException) -> None:
        self._set_busy(False)
        if isinstance(problem, StoreProblem) and problem.kind in ("wrong_passphrase", "wait"):
            self.passphrase.set_value("")
            self.form.show_errors({"passphrase": f"{problem.message} {problem.advice}".strip()})
            self.passphrase.setFocus()
        elif isinstance(problem, StoreProblem) and problem.kind == "wrong_pin":
            self.pin.set_value("")
            self.form.show_errors({"pin": f"{problem.message} {problem.advice}"})
            self.pin.setFocus()
        elif isinstance(problem, StoreProblem) and problem.kind == "pin_gone":
            self.new_pin.set_value("")
            self.use_passphrase()
            self.form.show_errors({"passphrase": f"{problem.message} {problem.advice}"})
            self.passphrase.setFocus()
        elif isinstance(problem, Refused) or (isinstance(problem, StoreProblem) and problem.kind == "keyring_refused"):
            self.new_pin.set_value("")
            self.form.show_errors({"new_pin": f"{problem.message} Unlock with the passphrase alone."})
        else:
            messages.show(self, problem)

    def _set_busy(self, busy: bool) -> None:
        self._busy = busy
        self.button.set_words("Unlocking" if busy else "&Unlock")
        self.button.setEnabled(not busy)

    def _recover(self) -> None:
        self.recovery_asked.emit(self.place())


def _check_pin(pin: str) -> None:
    """Imported when it is needed: the unlock window is painted first."""
    from wellbeing_desktop.storage.quick_pin import check_pin

    check_pin(pin)
