"""The service's quick phrases: seen, added, changed, and no longer offered. F3 puts one in where text is written."""

from collections.abc import Mapping, Sequence

import msgspec
from PySide6.QtWidgets import QWidget

from wellbeing_desktop.domain.changes import Changes
from wellbeing_desktop.domain.code_lists import label_of
from wellbeing_desktop.domain.ids import new_id
from wellbeing_desktop.domain.phrase import Phrase
from wellbeing_desktop.operations.phrases import every_phrase, keep_phrase
from wellbeing_desktop.ui import background
from wellbeing_desktop.ui.commands import Command, for_page
from wellbeing_desktop.ui.models.paged_table import Column, TableRow
from wellbeing_desktop.ui.models.short_list import ShortList
from wellbeing_desktop.ui.page import Page
from wellbeing_desktop.ui.pages.forms.form_page import choices_of
from wellbeing_desktop.ui.reading_order import tab_in_reading_order
from wellbeing_desktop.ui.saving import tell_saved
from wellbeing_desktop.ui.session import Session
from wellbeing_desktop.ui.widgets import buttons, cards, fields, labels
from wellbeing_desktop.ui.widgets.choices import TickSetField
from wellbeing_desktop.ui.widgets.form import Form
from wellbeing_desktop.ui.widgets.short_table import RowAction, ShortTable


class PhrasesPage(Page):
    title, nav_key, section_key, help_key = "Quick phrases", "phrases", "settings", "settings"

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self.phrases: tuple[Phrase, ...] = ()
        self._id = ""
        self.body.addWidget(labels.heading("Quick phrases", 1))
        self.body.addWidget(
            labels.body(
                "Sentences that are written often. Press F3 in a text field and choose one: it stands where the cursor "
                "is. They go to every laptop. Never write about a person here."
            )
        )
        self.model = ShortList([Column("Offered", width=14), Column("The phrase"), Column("Where", width=26)], self)
        self.table = ShortTable("Quick phrases", self.model, most_rows=10, has_two_lines=True)
        self.table.opened.connect(self._edit)
        self.table.ticked.connect(self._switch)
        self.table.actions_of_row = self._actions
        self.list_form = Form()
        self.list_form.add_actions(
            buttons.secondary("Offer it or &not", lambda: self._switch(self.table.record_id())),
            buttons.secondary("&Change it", lambda: self._edit(self.table.record_id()), icon="pencil"),
            buttons.secondary("N&ew phrase", self._new, icon="plus"),
        )
        self.card = cards.card("", self.table, self.list_form)
        self.body.addWidget(self.card)
        self.form = Form()
        self.form.add("name", "Short na&me", fields.line(), required=True, help_text="Its letters find it.")
        self.form.add("words", "The &phrase", fields.note(lines=3), required=True)
        self.form.add("places", "&Where it is offered", TickSetField(choices_of("phrase_places")))
        self.form.add_actions(buttons.primary("&Save phrase", self.save), buttons.secondary("Cance&l", self._close))
        self.form_card = cards.card("A phrase", self.form)
        self.form_card.hide()
        self.body.addWidget(self.form_card)
        self.body.addStretch()
        self._empty = self.form.values()

    def on_shown(self, argument: str = "") -> None:
        background.query(self, self.session.store, every_phrase, self._show)

    def refresh(self, changes: Changes) -> None:
        if changes.touches("phrase"):
            self.on_shown()

    def commands(self) -> Sequence[Command]:
        return (for_page("save", self.save, name="Save phrase", page=self.nav_key),)

    def panes(self) -> Sequence[QWidget]:
        return (self.card, self.form_card) if not self.form_card.isHidden() else (self.card,)

    def first_focus(self) -> QWidget | None:
        return self.table

    def save(self) -> None:
        if self.form_card.isHidden() or not self.form.check():
            return
        values = self.form.values()
        known = self._phrase(self._id)
        phrase = Phrase(
            id=self._id or new_id(),
            name=values["name"],
            words=values["words"],
            places=tuple(filter(None, values["places"].split("\n"))),
            retired=known.retired if known is not None else None,
        )
        self._keep(phrase, "Phrase saved.", close=True)

    def _show(self, phrases: tuple[Phrase, ...]) -> None:
        self.phrases = phrases
        self.model.show_rows(
            [
                TableRow(
                    one.id,
                    (
                        "Not offered" if one.retired else "Offered",
                        f"{one.name}\n{' '.join(one.words.split())}",
                        "\n".join(label_of("phrase_places", place) for place in one.places),
                    ),
                )
                for one in phrases
            ]
        )
        tab_in_reading_order(self)

    def _phrase(self, id: str) -> Phrase | None:
        return next((one for one in self.phrases if one.id == id), None)

    def _actions(self, id: str) -> Sequence[RowAction]:
        phrase = self._phrase(id)
        words = "Offer it again" if phrase is not None and phrase.retired else "Do not offer it any more"
        return ((words, self._switch), ("Change it", self._edit))

    def _switch(self, id: str) -> None:
        phrase = self._phrase(id)
        if phrase is not None:
            said = "The phrase is offered." if phrase.retired else "The phrase is not offered any more."
            self._keep(msgspec.structs.replace(phrase, retired=not phrase.retired), said)

    def _edit(self, id: str) -> None:
        phrase = self._phrase(id)
        if phrase is not None:
            self._id = phrase.id
            self._open_form({"name": phrase.name, "words": phrase.words, "places": "\n".join(phrase.places)})

    def _new(self) -> None:
        self._id = ""
        self._open_form(self._empty)

    def _open_form(self, values: Mapping[str, str]) -> None:
        self.form.set_values(values)
        self.form.show_errors({})
        self.form_card.show()
        tab_in_reading_order(self)
        self.form.rows["name"].field.setFocus()

    def _close(self) -> None:
        self.form_card.hide()
        self.table.setFocus()

    def _keep(self, phrase: Phrase, said: str, *, close: bool = False) -> None:
        now = self.session.now()

        def done(changes: Changes) -> None:
            if close:
                self._close()
            tell_saved(self, self.session, said, changes)

        background.operate(
            self,
            self.session.store,
            lambda writer: keep_phrase(writer, phrase, at=now),
            done,
            self.form.show_refusal if close else None,
        )
