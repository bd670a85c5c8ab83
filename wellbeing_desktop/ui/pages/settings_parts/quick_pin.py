"""The quick PIN of today: chosen, changed and turned off (PRACTICE W5)."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from wellbeing_desktop.domain.errors import Refused, StoreProblem
from wellbeing_desktop.storage import quick_pin
from wellbeing_desktop.storage.places import StorePlace
from wellbeing_desktop.storage.store import Store
from wellbeing_desktop.ui.entry.opening import Ways, in_background, look_in_keyring, set_pin, ways_of
from wellbeing_desktop.ui.widgets import buttons, cards, fields, labels, messages
from wellbeing_desktop.ui.widgets.form import Form


class QuickPinPart(QWidget):
    """Shown only where this computer has an allowed keyring. `said` gives a sentence when something is done."""

    said = Signal(str)

    def __init__(self, store: Store) -> None:
        super().__init__()
        self._store = store
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        card = cards.Card("Quick PIN")
        card.body.addWidget(
            labels.body(
                "A PIN unlocks this store quickly for the rest of today. It ends at midnight, when you close the "
                "window, when the passphrase changes, and after 5 wrong tries. The passphrase always works."
            )
        )
        self.state = labels.strong("Looking for the keyring.")
        card.body.addWidget(self.state)
        self.form = Form()
        self.form.add("passphrase", "Your passphrase, for the P&IN", fields.secret(), required=True)
        self.form.add("pin", "Ne&w PIN, 6 to 12 digits", fields.secret(), required=True).check = quick_pin.check_pin
        self.form.add("again", "New PIN &once more", fields.secret(), required=True)
        self.end_button = buttons.secondary("Turn the PIN o&ff", self.end)
        self.set_button = buttons.secondary("Use this PIN &today", self.set)
        self.form.add_actions(self.end_button, self.set_button)
        card.body.addWidget(self.form)
        column.addWidget(card)
        self.hide()

    def show_state(self) -> None:
        """Asks, off the GUI thread, whether there is a keyring and a PIN."""
        look_in_keyring(self, partial(ways_of, StorePlace(self._store.folder, "")), self._show)

    def forget(self) -> None:
        self.form.set_values(dict.fromkeys(self.form.rows, ""))
        self.form.show_errors({})

    def set(self) -> None:
        messages.clear(self)
        if not self.form.check():
            return
        values, store = self.form.values(), self._store
        if values["pin"] != values["again"]:
            self.form.show_errors({"again": "The two PINs are not the same. Type both again."})
            return

        def confirm_and_set() -> None:
            store.keys.confirm_passphrase(values["passphrase"])
            set_pin(store, values["pin"])

        self._begin(confirm_and_set, "The PIN unlocks this store until midnight.")

    def end(self) -> None:
        messages.clear(self)
        self._begin(partial(quick_pin.forget, self._store.folder), "The PIN has ended. The passphrase unlocks.")

    def _show(self, ways: Ways) -> None:
        self.setVisible(ways.has_keyring)
        self.state.setText("On until midnight." if ways.has_pin else "Off.")
        self.end_button.setVisible(ways.has_pin)

    def _begin(self, work: Callable[[], None], words: str) -> None:
        self.set_button.setEnabled(False)

        def finished(_nothing: None) -> None:
            self.set_button.setEnabled(True)
            self.forget()
            self.show_state()
            self.said.emit(words)

        def failed(problem: BaseException) -> None:
            self.set_button.setEnabled(True)
            if isinstance(problem, StoreProblem) and problem.kind in ("wrong_passphrase", "wait"):
                self.form.set_values({"passphrase": ""})
                self.form.show_errors({"passphrase": f"{problem.message} {problem.advice}".strip()})
            elif isinstance(problem, Refused):
                self.form.show_refusal(problem)
            else:
                messages.show(self, problem)

        in_background(self, work, finished, failed)
