"""The keys to this store: the passphrase, the recovery kit on paper, and this computer's keyring."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from wellbeing_desktop.domain.errors import Refused, StoreProblem
from wellbeing_desktop.storage.envelope import read_user_envelope
from wellbeing_desktop.storage.keyring_vault import KeyringVault
from wellbeing_desktop.storage.recovery import RecoveryKit
from wellbeing_desktop.storage.store import Store
from wellbeing_desktop.storage.words import check_own_choice
from wellbeing_desktop.ui.entry.generated_words import GeneratedWords
from wellbeing_desktop.ui.entry.opening import in_background
from wellbeing_desktop.ui.pages.settings_parts.quick_pin import QuickPinPart
from wellbeing_desktop.ui.pages.settings_parts.who_opens import WhoOpensPart
from wellbeing_desktop.ui.tokens import SPACE_M
from wellbeing_desktop.ui.widgets import buttons, cards, fields, labels, messages
from wellbeing_desktop.ui.widgets.buttons import IconButton
from wellbeing_desktop.ui.widgets.form import Form


class PassphrasePart(QWidget):
    """`kit_made` gives the new kit, to be shown once. Every change asks for the passphrase first."""

    kit_made = Signal(object)
    said = Signal(str)
    """A sentence to show when something is done."""

    def __init__(self, store: Store) -> None:
        super().__init__()
        self._store = store
        self.is_bound = False
        self._vault: KeyringVault | None = None
        column = QVBoxLayout(self)
        column.setContentsMargins(0, SPACE_M, 0, 0)
        column.setSpacing(SPACE_M)
        self.who = WhoOpensPart(store)
        self.who.said.connect(self.said)
        column.addWidget(self.who)
        self.pin = QuickPinPart(store)
        self.pin.said.connect(self.said)
        column.addWidget(self.pin)
        column.addWidget(self._change_card())
        column.addWidget(self._kit_card())
        column.addWidget(self._keyring_card())

    def show_keyring(self) -> None:
        """Asks, off the GUI thread, whether there is a keyring and whether it is in use."""
        folder = self._store.folder
        self.pin.show_state()
        self.who.show_state()

        def look() -> tuple[KeyringVault | None, bool]:
            return KeyringVault.find(), read_user_envelope(folder).needs_device_secret

        in_background(self, look, self._show_state)

    def forget(self) -> None:
        """Empties every field: what is typed here is never kept as a draft."""
        self.pin.forget()
        self.who.forget()
        for form in (self.change, self.kit, self.keyring):
            form.set_values(dict.fromkeys(form.rows, ""))
            form.show_errors({})

    # The passphrase --------------------------------------------------------------------------------------------

    def _change_card(self) -> cards.Card:
        card = cards.Card("Change the passphrase")
        self.generated = GeneratedWords()
        self.change = Form()
        self.change.add("old", "&Passphrase now", fields.secret(), required=True)
        self.change.add_widget(
            labels.body(
                "These four words were made for you by chance. Write them down until you know them, and type them "
                "below. You can choose your own instead, of 15 characters or more."
            )
        )
        self.change.add_widget(self.generated)
        self.change.add("new", "&New passphrase", fields.secret(), required=True)
        self.change.add("again", "New passphrase a&gain", fields.secret(), required=True)
        self.change_button = buttons.primary("Change the pa&ssphrase", self.change_passphrase)
        self.change.add_actions(self.change_button)
        card.body.addWidget(self.change)
        card.body.addWidget(
            labels.muted(
                "The recovery kit still opens this store afterwards. Backups made before still open with the passphrase "
                "of their time."
            )
        )
        return card

    def change_passphrase(self) -> None:
        messages.clear(self)
        if not self.change.check():
            return
        values = self.change.values()
        errors = {}
        if values["new"] != self.generated.words:
            try:
                check_own_choice(values["new"])
            except Refused as refusal:
                errors["new"] = refusal.message
        if values["again"] != values["new"]:
            errors["again"] = "The two passphrases are not the same. Type both again."
        self.change.show_errors(errors)
        if errors:
            return
        self._begin(
            self.change,
            self.change_button,
            partial(self._store.keys.change_passphrase, values["old"], values["new"]),
            lambda _nothing: self._changed(),
            field="old",
        )

    def _changed(self) -> None:
        self.generated.make_others()
        self.pin.show_state()
        self.said.emit("The passphrase is changed. Use the new one from now on.")

    # The kit ---------------------------------------------------------------------------------------------------

    def _kit_card(self) -> cards.Card:
        card = cards.Card("Recovery kit")
        card.body.addWidget(
            labels.body(
                "The kit is the paper that opens this store when the passphrase is forgotten. If it is lost, or somebody "
                "has seen it, make a new one. The old paper no longer opens this store then."
            )
        )
        self.kit = Form()
        self.kit.add("passphrase", "Your passphrase, for a n&ew kit", fields.secret(), required=True)
        self.kit_button = buttons.secondary("Make a new recovery &kit", self.make_kit)
        self.kit.add_actions(self.kit_button)
        card.body.addWidget(self.kit)
        return card

    def make_kit(self) -> None:
        messages.clear(self)
        if not self.kit.check():
            return
        store, typed = self._store, self.kit.values()["passphrase"]

        def make() -> RecoveryKit:
            store.keys.confirm_passphrase(typed)
            return store.keys.new_recovery_kit()

        self._begin(self.kit, self.kit_button, make, self.kit_made.emit)

    # The keyring -----------------------------------------------------------------------------------------------

    def _keyring_card(self) -> cards.Card:
        card = cards.Card("Bind this store to this computer")
        card.body.addWidget(
            labels.body(
                "The keyring of this computer can hold a second key. Then a copy of the store's files cannot be opened "
                "on another computer, even by somebody who knows the passphrase. Only the recovery kit opens it there, or your "
                "organisation's recovery key if it has one."
            )
        )
        self.keyring_state = labels.strong("Looking for the keyring.")
        card.body.addWidget(self.keyring_state)
        self.keyring = Form()
        self.keyring.add("passphrase", "Your passphrase, for the key&ring", fields.secret(), required=True)
        self.keyring_button = buttons.secondary("&Bind to this computer", self.turn_keyring)
        self.keyring.add_actions(self.keyring_button)
        self.keyring.hide()
        card.body.addWidget(self.keyring)
        return card

    def _show_state(self, state: tuple[KeyringVault | None, bool]) -> None:
        self._vault, self.is_bound = state
        if self.is_bound:
            self.keyring_state.setText("On: this store is bound to this computer.")
            self.keyring_button.set_words("Stop &binding to this computer")
        elif self._vault is None:
            self.keyring_state.setText(
                "Off. This computer has no keyring that this program trusts: the passphrase alone opens the store."
            )
        else:
            self.keyring_state.setText(f"Off. The keyring here is {self._vault.name}.")
            self.keyring_button.set_words("&Bind to this computer")
        self.keyring.setVisible(self.is_bound or self._vault is not None)

    def turn_keyring(self) -> None:
        """On when it is off, off when it is on."""
        messages.clear(self)
        if not self.keyring.check():
            return
        store, vault, typed = self._store, self._vault, self.keyring.values()["passphrase"]
        if self.is_bound:
            work, words = partial(store.keys.stop_using_keyring, typed), "The passphrase alone opens this store again."
        elif vault is not None:
            work, words = partial(store.keys.use_keyring, typed, vault), "This store is bound to this computer."
        else:
            return
        self._begin(self.keyring, self.keyring_button, work, lambda _nothing: self._turned(words))

    def _turned(self, words: str) -> None:
        self.show_keyring()
        self.said.emit(words)

    # ------------------------------------------------------------------------------------------------------------

    def _begin(
        self,
        form: Form,
        button: IconButton,
        work: Callable[[], object],
        done: Callable[..., object],
        *,
        field: str = "passphrase",
    ) -> None:
        """Deriving a key takes about a second on purpose: off the GUI thread, with the button waiting."""
        button.setEnabled(False)

        def finished(answer: object) -> None:
            button.setEnabled(True)
            form.set_values(dict.fromkeys(form.rows, ""))
            done(answer)

        def failed(problem: BaseException) -> None:
            button.setEnabled(True)
            if isinstance(problem, StoreProblem) and problem.kind in ("wrong_passphrase", "wait"):
                form.set_values({field: ""})
                form.show_errors({field: f"{problem.message} {problem.advice}".strip()})
                form.rows[field].field.setFocus()
            else:
                messages.show(self, problem)

        in_background(self, work, finished, failed)
