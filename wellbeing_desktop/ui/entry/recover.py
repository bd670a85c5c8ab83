"""Forgotten passphrase, or a store that was sealed: the printed kit, or two sheets of the organisation's key, open the
store and give it a new passphrase."""

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from wellbeing_desktop.domain.errors import Refused, StoreProblem
from wellbeing_desktop.storage.places import StorePlace
from wellbeing_desktop.ui.entry import recovery_ways
from wellbeing_desktop.ui.entry.making import Made, recover
from wellbeing_desktop.ui.entry.opening import in_background
from wellbeing_desktop.ui.entry.recovery_ways import KIT, SHEETS
from wellbeing_desktop.ui.page import Page
from wellbeing_desktop.ui.widgets import buttons, fields, labels, messages
from wellbeing_desktop.ui.widgets.form import Form


class RecoverPage(Page):
    """`made` gives the open store, and the new kit where the organisation's key opened it."""

    title, nav_key, help_key = "Use the recovery kit", "recover", "unlock"
    made = Signal(object)
    given_up = Signal()

    def __init__(self, place: StorePlace) -> None:
        super().__init__()
        self._place = place
        self.ways = recovery_ways.ways_into(place.folder)
        self.body.addWidget(labels.heading("Use the recovery kit" if self.ways.kit else "Use two recovery sheets", 1))
        self.body.addWidget(labels.body(f"Store: {place.label}"))
        if not self.ways.kit:
            self.body.addWidget(
                labels.body(
                    "This store was sealed by your organisation: the printed recovery kit opens it no more. Two sheets of "
                    f"the organisation's key {self.ways.groups} do. It is noted in the store that they were used."
                )
            )
        self.form = Form()
        if self.ways.kit and self.ways.sheets:
            self.form.add(
                "way",
                "&Open it with",
                fields.choice(((KIT, "The recovery kit"), (SHEETS, "Two sheets of the organisation's key"))),
                help_text=f"On the sheets that open it stands: {self.ways.groups}.",
            )
            self.form.rows["way"].field.edited.connect(self._show_way)
        recovery_ways.add_fields(self.form)
        self.form.add("passphrase", "New &passphrase", fields.secret(), required=True)
        self.form.add("again", "New passphrase &again", fields.secret(), required=True)
        self.button = buttons.primary("Open with the &kit", self.recover)
        self.form.add_actions(self.button, buttons.link("&Back", self.given_up.emit))
        self.body.addWidget(self.form)
        self.body.addStretch(1)
        self._show_way()

    @property
    def way(self) -> str:
        if "way" in self.form.rows:
            return self.form.values()["way"]
        return KIT if self.ways.kit else SHEETS

    def first_focus(self) -> QWidget:
        first = "way" if "way" in self.form.rows else recovery_ways.fields_of(self.way)[0]
        return self.form.rows[first].field

    def _show_way(self) -> None:
        recovery_ways.show_fields(self.form, self.way)
        self.form.show_errors({})
        self.button.set_words("Open with the &kit" if self.way == KIT else "Open with two shee&ts")

    def recover(self) -> None:
        messages.clear(self)
        values = self.form.values()
        try:
            key = recovery_ways.key_of(values, self.way, self.ways.organisation)
        except Refused as refusal:
            self.form.show_errors({refusal.field or "passphrase": refusal.message})
            return
        if not self.form.check():
            return
        if values["again"] != values["passphrase"]:
            self.form.show_errors({"again": "The two passphrases are not the same. Type both again."})
            return
        self.button.setEnabled(False)
        in_background(
            self, partial(recover, self._place.folder, key, values["passphrase"]), self._recovered, self._refused
        )

    def _recovered(self, made: Made) -> None:
        self.form.set_values(dict.fromkeys(("code", "sheet_one", "sheet_two", "passphrase", "again"), ""))
        self.made.emit(made)

    def _refused(self, problem: BaseException) -> None:
        self.button.setEnabled(True)
        if isinstance(problem, StoreProblem) and problem.kind == "wrong_recovery_key":
            name = recovery_ways.fields_of(self.way)[-1]
            self.form.show_errors({name: f"{problem.message} {problem.advice}"})
        else:
            self.form.show_refusal(problem)
