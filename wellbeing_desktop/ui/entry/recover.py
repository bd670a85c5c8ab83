"""Forgotten passphrase: the printed code opens the store and gives it a new passphrase."""

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.storage.places import StorePlace
from wellbeing_desktop.storage.recovery import key_from_code
from wellbeing_desktop.storage.store import Store
from wellbeing_desktop.ui.entry.opening import in_background
from wellbeing_desktop.ui.page import Page
from wellbeing_desktop.ui.widgets import buttons, fields, labels, messages
from wellbeing_desktop.ui.widgets.form import Form


class RecoverPage(Page):
    title, nav_key, help_key = "Use the recovery kit", "recover", "unlock"
    opened = Signal(object)
    given_up = Signal()

    def __init__(self, place: StorePlace) -> None:
        super().__init__()
        self._place = place
        self.body.addWidget(labels.heading("Use the recovery kit", 1))
        self.body.addWidget(labels.body(f"Store: {place.label}"))
        self.form = Form()
        self.form.add(
            "code",
            "&Recovery code",
            fields.note(lines=3),
            help_text="The groups of five from the printed kit, in order. Spaces, dashes and small letters do not matter.",
            required=True,
        )
        self.form.add("passphrase", "New &passphrase", fields.secret(), required=True)
        self.form.add("again", "New passphrase &again", fields.secret(), required=True)
        self.button = buttons.primary("Open with the &kit", self.recover)
        self.form.add_actions(self.button, buttons.link("&Back", self.given_up.emit))
        self.body.addWidget(self.form)
        self.body.addStretch(1)

    def first_focus(self) -> QWidget:
        return self.form.rows["code"].field

    def recover(self) -> None:
        messages.clear(self)
        if not self.form.check():
            return
        values = self.form.values()
        if values["again"] != values["passphrase"]:
            self.form.show_errors({"again": "The two passphrases are not the same. Type both again."})
            return
        try:
            key = key_from_code(values["code"])
        except Refused as refusal:
            self.form.show_errors({"code": refusal.message})
            return
        self.button.setEnabled(False)
        in_background(
            self, partial(Store.recover, self._place.folder, key, values["passphrase"]), self.opened.emit, self._refused
        )

    def _refused(self, problem: BaseException) -> None:
        self.button.setEnabled(True)
        self.form.show_refusal(problem)
