"""GP practices and organisations: which do we know, can letters reach them, and how many people have them?"""

from collections import Counter
from collections.abc import Sequence
from concurrent.futures import Future
from functools import partial
from typing import Any, Final

from PySide6.QtWidgets import QWidget

from wellbeing_desktop.domain.changes import Changes
from wellbeing_desktop.operations.organisations import (
    CLOSED,
    IN_USE,
    NO_ADDRESS,
    PRACTICES,
    address_gap,
    find_organisations,
    may_change_organisations,
)
from wellbeing_desktop.storage.connection import Reader
from wellbeing_desktop.storage.organisation_list import OrganisationRow
from wellbeing_desktop.ui import background
from wellbeing_desktop.ui.commands import Command
from wellbeing_desktop.ui.models.paged_table import Column, TableRow
from wellbeing_desktop.ui.page import Page
from wellbeing_desktop.ui.pages.organisations.words import closed_words, kind_words, people_words
from wellbeing_desktop.ui.reading_order import tab_in_reading_order
from wellbeing_desktop.ui.session import Session
from wellbeing_desktop.ui.widgets import buttons, fields, labels
from wellbeing_desktop.ui.widgets.empty_state import empty_state
from wellbeing_desktop.ui.widgets.form import Form
from wellbeing_desktop.ui.widgets.head import head_row
from wellbeing_desktop.ui.widgets.list_card import ListCard

TITLE: Final = "GP practices and organisations"
NO_ADDRESS_WORDS: Final = "No address"
NO_POSTCODE_WORDS: Final = "No postcode"
_MOST: Final = 200
_SHOWN: Final = (
    (IN_USE, "All that are in use"),
    (PRACTICES, "GP practices"),
    (NO_ADDRESS, "Without an address or postcode"),
    (CLOSED, "No longer in use"),
)


class OrganisationsPage(Page):
    """The argument is which are shown: `no_address` for those that no letter can reach."""

    title, nav_key, section_key, help_key = TITLE, "organisations", "settings", "organisations"

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self.add_button = buttons.primary("&Add a practice or organisation", self.add, icon="plus")
        self.body.addWidget(head_row(TITLE, self.add_button))
        self.body.addWidget(
            labels.body("Letters and batches take the name and address from here. They go to every laptop.")
        )
        self.who_may = labels.muted("Your administrator adds and changes them.")
        self.who_may.hide()
        self.body.addWidget(self.who_may)
        self.find_field = fields.line(hint="Hill Surgery, B81001, DN18")
        self.show_field = fields.choice(_SHOWN)
        form = Form()
        form.begin_row()
        form.add("find", "&Find by name, ODS code or postcode", self.find_field, stretch=2)
        form.add("show", "S&how", self.show_field)
        form.end_row()
        form.edited.connect(self._ask)
        self.body.addWidget(form)
        columns = [
            Column("Name and kind"),
            Column("ODS code", width=12),
            Column("Where", width=16),
            Column("People here", width=14),
        ]
        self.list = ListCard(TITLE, columns, 2, _tone)
        self.list.table.opened.connect(partial(self.go.emit, "organisation"))
        self.body.addWidget(self.list)
        self.nothing = empty_state("", "", None, "map-pin")
        self.nothing.hide()
        self.body.addWidget(self.nothing)
        self.body.addStretch()
        self._asked: Future[Any] | None = None

    def on_shown(self, argument: str = "") -> None:
        if argument in (PRACTICES, NO_ADDRESS, CLOSED):
            self.show_field.set_value(argument)
        self._ask()

    def refresh(self, changes: Changes) -> None:
        if changes.touches("organisation", "person", "alias", "grant"):
            self._ask()

    def commands(self) -> Sequence[Command]:
        return (Command("add_organisation", "Add a GP practice or organisation", page=self.nav_key, run=self.add),)

    def panes(self) -> Sequence[QWidget]:
        return (self.find_field, self.list) if not self.list.isHidden() else (self.find_field,)

    def first_focus(self) -> QWidget | None:
        return self.find_field

    def add(self) -> None:
        self.go.emit("organisation", "new")

    def _ask(self) -> None:
        asked, today = (self.find_field.value(), self.show_field.value()), self._session.today()

        def ask(reader: Reader) -> tuple[list[OrganisationRow], bool]:
            return find_organisations(reader, *asked, today), may_change_organisations(reader, today)

        if self._asked is not None:
            self._asked.cancel()  # the answer to fewer letters is not waited for
        self._asked = background.query(self, self._session.store, ask, partial(self._show, asked))

    def _show(self, asked: tuple[str, str], answer: tuple[list[OrganisationRow], bool]) -> None:
        if asked != (self.find_field.value(), self.show_field.value()):
            return  # the answer to an older question
        rows, may_change = answer
        self.add_button.setVisible(may_change)
        self.who_may.setVisible(not may_change)
        codes = Counter(row.ods_code for row in rows if row.ods_code)
        shown = f", the first {_MOST} shown" if len(rows) > _MOST else ""
        self.list.show_rows([self._row(row, codes) for row in rows[:_MOST]], f"{len(rows):,} found{shown}")
        self.nothing.setVisible(not rows)
        if asked == ("", IN_USE):
            self.nothing.say("None yet", "Add the GP practices that your people are registered with.")
        elif asked == ("", NO_ADDRESS):
            self.nothing.say("Every one has an address and postcode", "Letters can be made to all that are in use.")
        else:
            self.nothing.say("Nothing fits", "Try fewer words, or show all that are in use.")
        tab_in_reading_order(self)

    def _row(self, row: OrganisationRow, codes: Counter[str]) -> TableRow:
        twice = "Another has this ODS code" if codes[row.ods_code] > 1 else ""
        closed = closed_words(row.closed_on, self._session.today())
        about = ". ".join(filter(None, (kind_words(row.kind), closed, twice)))
        gap = address_gap(row.address, row.postcode)
        lacking = {"address": NO_ADDRESS_WORDS, "postcode": NO_POSTCODE_WORDS}.get(gap, "")
        where = lacking or row.postcode or "In the address"
        return TableRow(row.id, (f"{row.name}\n{about}", row.ods_code, where, people_words(row.people)))


def _tone(words: str) -> labels.Tone:
    return "warning" if words in (NO_ADDRESS_WORDS, NO_POSTCODE_WORDS) else "plain"
