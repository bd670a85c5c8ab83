"""Who is at the keyboard, asked again before papers about several people leave together (PRACTICE W5, SECURITY 3)."""

import datetime as dt
from collections.abc import Callable
from functools import partial
from typing import Final

from PySide6.QtWidgets import QScrollArea

from wellbeing_desktop.domain.errors import Refused, StoreProblem
from wellbeing_desktop.storage.places import StorePlace
from wellbeing_desktop.ui.entry.opening import Ways, confirm_pin, in_background, look_in_keyring, ways_of
from wellbeing_desktop.ui.session import Session
from wellbeing_desktop.ui.widgets import buttons, fields, labels, messages
from wellbeing_desktop.ui.widgets.cards import Card
from wellbeing_desktop.ui.widgets.form import Form

ASK_AGAIN: Final = dt.timedelta(minutes=30)


class ConfirmCard(Card):
    """Stands in the page, hidden until `ask`. The quick PIN of today is taken where there is one, else the passphrase;
    for half an hour after a right answer nothing is asked."""

    def __init__(self, session: Session) -> None:
        super().__init__("Is it you?")
        self._session = session
        self._then: Callable[[], object] | None = None
        self._confirmed_at: dt.datetime | None = None
        self.words = labels.body("")
        self.body.addWidget(self.words)
        self.form = Form()
        self.pin = self.form.add("pin", "P&IN", fields.secret(), help_text="The quick PIN that you chose today.")
        self.passphrase = self.form.add("passphrase", "P&assphrase", fields.secret())
        self.by_passphrase = buttons.link("Use the passphrase", lambda: self._take(pin=False))
        self.go_button = buttons.primary("Go on", self.confirm)
        self.form.add_actions(self.by_passphrase, buttons.link("Do not print", self.give_up), self.go_button)
        self.body.addWidget(self.form)
        for field in (self.pin, self.passphrase):
            if isinstance(field, fields.LineField):
                field.returnPressed.connect(self.confirm)
        self.hide()

    def ask(self, words: str, then: Callable[[], object]) -> None:
        """Does `then`, at once or after the right answer. `words` say what is about to leave."""
        now = self._session.now()
        if self._confirmed_at is not None and now - self._confirmed_at < ASK_AGAIN:
            then()
            return
        self._then = then
        self.words.setText(f"{words} Say that it is you; you are not asked again for 30 minutes.")
        self.form.show_errors({})
        self._take(pin=False)
        self.show()
        self.passphrase.setFocus()
        self._into_view()
        messages.announce(self, self.words.text())
        look_in_keyring(self, partial(ways_of, StorePlace(self._session.store.folder, "")), self._show_ways)

    def confirm(self) -> None:
        """Tries what was typed and forgets it."""
        name = "pin" if self._takes_pin else "passphrase"
        typed = self.form.values()[name]
        if not typed.strip():
            self.form.show_errors({name: "Enter your PIN" if name == "pin" else "Enter your passphrase"})
            return
        store = self._session.store
        self._forget()
        self.go_button.setEnabled(False)
        work = partial(confirm_pin, store, typed) if name == "pin" else partial(store.keys.confirm_passphrase, typed)
        in_background(self, work, self._confirmed, partial(self._not_confirmed, name))

    def give_up(self) -> None:
        """Nothing leaves."""
        self._forget()
        self._then = None
        self.hide()

    @property
    def _takes_pin(self) -> bool:
        return not self.form.rows["pin"].holder.isHidden()

    def _show_ways(self, ways: Ways) -> None:
        if ways.has_pin and not self.form.values()["passphrase"]:
            self._take(pin=True)

    def _take(self, *, pin: bool) -> None:
        had_keyboard = self.passphrase.hasFocus() or self.pin.hasFocus() or self.by_passphrase.hasFocus()
        self.form.rows["pin"].holder.setVisible(pin)
        self.form.rows["passphrase"].holder.setVisible(not pin)
        self.by_passphrase.setVisible(pin)
        if had_keyboard:
            (self.pin if pin else self.passphrase).setFocus()

    def _confirmed(self, _nothing: object) -> None:
        self._confirmed_at = self._session.now()
        self.go_button.setEnabled(True)
        then, self._then = self._then, None
        self.hide()
        if then is not None:
            then()

    def _not_confirmed(self, name: str, problem: BaseException) -> None:
        self.go_button.setEnabled(True)
        message = messages.message_for(problem)
        if isinstance(problem, StoreProblem) and problem.kind == "pin_gone":
            name = "passphrase"
            self._take(pin=False)
        if not isinstance(problem, StoreProblem | Refused):
            messages.show(self, problem)
            return
        self.form.show_errors({name: f"{message.sentence} {message.advice}".strip()})
        (self.pin if name == "pin" else self.passphrase).setFocus()

    def _into_view(self) -> None:
        """The button pressed may be far below: a page does not scroll to what is given the keyboard."""
        above = self.parentWidget()
        while above is not None and not isinstance(above, QScrollArea):
            above = above.parentWidget()
        if above is not None:
            above.ensureWidgetVisible(self)

    def _forget(self) -> None:
        self.form.set_values({"pin": "", "passphrase": ""})
