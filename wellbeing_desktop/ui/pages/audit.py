"""Who did what, when: everything done in this store, or to one person's record, or on one day."""

import datetime as dt
from functools import partial
from typing import Final

from PySide6.QtWidgets import QWidget

from wellbeing_desktop.domain.changes import Changes
from wellbeing_desktop.domain.dates import kept_moment_words
from wellbeing_desktop.operations.audit_trail import Done, Trail, trail
from wellbeing_desktop.operations.person_record import PersonRecord, read_person
from wellbeing_desktop.storage.connection import Reader
from wellbeing_desktop.ui import background
from wellbeing_desktop.ui.models.paged_table import Column, TableRow
from wellbeing_desktop.ui.models.short_list import ShortList
from wellbeing_desktop.ui.page import Page
from wellbeing_desktop.ui.pages.person import who
from wellbeing_desktop.ui.pages.person.picker import PersonPicker
from wellbeing_desktop.ui.reading_order import tab_in_reading_order
from wellbeing_desktop.ui.session import Session
from wellbeing_desktop.ui.widgets import buttons, cards, fields, labels, messages
from wellbeing_desktop.ui.widgets.banner import PersonBanner
from wellbeing_desktop.ui.widgets.empty_state import empty_state
from wellbeing_desktop.ui.widgets.form import Form
from wellbeing_desktop.ui.widgets.short_table import ShortTable

LINES: Final = 100


class AuditPage(Page):
    """The argument is a person's id, or empty for everybody's records."""

    title, nav_key, section_key = "Who did what, when", "audit", "settings"

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._person_id = ""
        self._lines: list[Done] = []
        self._before: int | None = None
        self._asked = 0
        self.banner = PersonBanner()
        self.banner.hide()
        self.outer.insertWidget(0, self.banner)
        self.heading = labels.heading(self.title, 1)
        self.body.addWidget(self.heading)
        self.body.addWidget(
            labels.muted(
                "What was done with this store, on this laptop. Nothing in this list can be changed or taken out unseen."
            )
        )
        self.body.addWidget(self._filters())
        self.nothing = empty_state(
            "Nothing was done", "Choose another day, or look at all days.", icon="clipboard-list"
        )
        self.nothing.hide()
        self.body.addWidget(self.nothing)
        self.model = ShortList(
            [Column("What"), Column("When and who", width=17), Column("Whose record", width=15)], self
        )
        self.table = ShortTable("What was done", self.model, has_two_lines=True, has_header=True)
        self.table.opened.connect(self._open)
        self.body.addWidget(self.table)
        self.more = buttons.secondary("Show &older lines", self._ask_more)
        self.more.hide()
        self.body.addWidget(self.more)
        self.body.addStretch(1)

    def on_shown(self, argument: str = "") -> None:
        self.choose_person(argument)

    def refresh(self, changes: Changes) -> None:
        if changes.touched:
            self.ask()

    def first_focus(self) -> QWidget:
        return self.table if self._lines else self.form.rows["day"].field

    def choose_person(self, person_id: str) -> None:
        """Only what was done with this person's record; empty for everybody."""
        self._person_id = person_id
        self.heading.setText("Who has looked at or changed this record" if person_id else self.title)
        self.everybody.setVisible(bool(person_id))
        self.picker.setVisible(not person_id)
        self.banner.hide()
        if person_id:
            today = self._session.today()

            def read(reader: Reader) -> PersonRecord:
                return read_person(reader, person_id, today)

            background.query(self, self._session.store, read, partial(self._show_person, person_id))
        self.ask()

    def ask(self) -> None:
        """Begins again with the newest lines."""
        self._before = None
        self._ask_more(begin=True)

    def _filters(self) -> QWidget:
        self.form = Form()
        self.form.add("day", "Only on this &day", fields.day(self._session.today), help_text="Empty for every day.")
        self.form.left.connect(self.ask)
        day = self.form.rows["day"].field
        if isinstance(day, fields.DateField):
            day.line.returnPressed.connect(self.ask)
        self.picker = PersonPicker(self._session, "Only about this &person")
        self.picker.choice.hide()
        self.picker.chosen.connect(self.choose_person)
        self.everybody = buttons.secondary("Show &everybody's records", lambda: self.choose_person(""))
        self.form.add_widget(self.picker)
        self.form.add_actions(self.everybody)
        return cards.card("", self.form)

    def _day(self) -> dt.date | None:
        day = self.form.rows["day"].field
        return day.date() if isinstance(day, fields.DateField) else None

    def _ask_more(self, *, begin: bool = False) -> None:
        self._asked += 1
        person_id, day, before = self._person_id, self._day(), self._before

        def read(reader: Reader) -> Trail:
            return trail(reader, person_id=person_id, day=day, before=before, limit=LINES)

        background.query(self, self._session.store, read, partial(self._show, self._asked, begin))

    def _show(self, asked: int, begin: bool, found: Trail) -> None:
        if asked != self._asked:
            return  # an answer to an older question
        self._lines = [*([] if begin else self._lines), *found.lines]
        self._before = found.before
        self.model.show_rows([_row(line) for line in self._lines])
        self.table.setVisible(bool(self._lines))
        self.nothing.setVisible(not self._lines)
        self.more.setVisible(found.before is not None)
        if not begin:
            messages.announce(self.table, f"{len(self._lines):,} lines")
        tab_in_reading_order(self)

    def _show_person(self, asked: str, record: PersonRecord) -> None:
        if asked == self._person_id:
            who.show_in(self.banner, record, self._session.today())
            self.banner.show()

    def _open(self, number: str) -> None:
        line = next((line for line in self._lines if str(line.number) == number), None)
        if line is not None and line.person_id:
            self.go.emit("person", line.person_id)


def _row(line: Done) -> TableRow:
    whose = line.person or "Nobody's record"
    return TableRow(
        str(line.number), (f"{line.what}\n{line.touched}", f"{kept_moment_words(line.at)}\n{line.who}", whose)
    )
