"""Letters and leaflets: what goes out, to whom, in what format? Write one, write to many, print what is ready."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QVBoxLayout, QWidget

from wellbeing_desktop.domain.changes import Changes
from wellbeing_desktop.domain.dates import day_words
from wellbeing_desktop.operations.organisations import NO_ADDRESS
from wellbeing_desktop.storage.caseload import CaseloadFilter, caseload_count
from wellbeing_desktop.storage.connection import Reader
from wellbeing_desktop.storage.search import PersonRow, find_people
from wellbeing_desktop.ui import background
from wellbeing_desktop.ui.commands import Command, for_page
from wellbeing_desktop.ui.models.paged_table import Column, TableRow
from wellbeing_desktop.ui.models.short_list import ShortList
from wellbeing_desktop.ui.page import Page
from wellbeing_desktop.ui.pages.forms.form_page import show_in_banner
from wellbeing_desktop.ui.pages.letters_parts import making
from wellbeing_desktop.ui.pages.letters_parts.print_queue import PrintQueue
from wellbeing_desktop.ui.pages.letters_parts.to_many import ToMany
from wellbeing_desktop.ui.pages.letters_parts.write import WritePanel
from wellbeing_desktop.ui.session import Session
from wellbeing_desktop.ui.tokens import SPACE_M
from wellbeing_desktop.ui.widgets import buttons, fields, labels
from wellbeing_desktop.ui.widgets.banner import PersonBanner
from wellbeing_desktop.ui.widgets.cards import Card
from wellbeing_desktop.ui.widgets.short_table import ShortTable
from wellbeing_desktop.ui.widgets.tabs import tabs

WRITE, QUEUE, MANY = range(3)
TO_MANY = "many"


class LettersPage(Page):
    title, nav_key = "Letters and leaflets", "letters"

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self.person_id = ""
        self._has_person = self._goes_to_template = False
        self.banner = PersonBanner()
        self.banner.hide()
        self.outer.insertWidget(0, self.banner)
        self.body.addWidget(labels.heading("Letters and leaflets", 1))
        self.another = buttons.link("Write about somebody &else", self.choose_another)
        self.write = WritePanel(session, self.another)
        self.queue = PrintQueue(session, self)
        self.many = ToMany(session)
        self._make_find()
        writing = QWidget()
        column = QVBoxLayout(writing)
        column.setContentsMargins(0, SPACE_M, 0, 0)
        column.addWidget(self.find_card)
        column.addWidget(self.write)
        column.addStretch(1)
        batch = QWidget()
        batch_column = QVBoxLayout(batch)
        batch_column.setContentsMargins(0, SPACE_M, 0, 0)
        batch_column.addWidget(self.many)
        batch_column.addStretch(1)
        self.tabs = tabs(
            "Letters", [("Write a letter", writing), ("Print queue", self.queue), ("To many people", batch)]
        )
        self.body.addWidget(self.tabs)
        self.tabs.currentChanged.connect(lambda _at: self._show_banner())
        self.write.made_ready.connect(self.read_queue)
        self.write.service_asked.connect(lambda: self.go.emit("settings", "our_service"))
        self.write.practice_asked.connect(self._open_practice)
        self.many.practice_asked.connect(self._open_practice)
        self.queue.copies_asked.connect(lambda: self.go.emit("caseload", "copy"))
        self.many.made.connect(partial(self.tabs.setCurrentIndex, QUEUE))
        self._show_person(None)

    def on_shown(self, argument: str = "") -> None:
        """`argument` is a person's id, or that and a letter's id with a stroke between, or `many/<whose>/<which>/<stage>`
        for everybody whom a filter of the caseload finds.
        """
        person_id, _, letter_id = argument.partition("/")
        if person_id == TO_MANY:
            self.many.show_people(*letter_id.split("/"))
            self.tabs.setCurrentIndex(MANY)
        elif person_id:
            self.tabs.setCurrentIndex(WRITE)
            self.open_person(person_id, letter_id)
        self.read_queue()

    def refresh(self, changes: Changes) -> None:
        if changes.touches("letter", "address", "person", "conflict", "plan_copy", "organisation", "practitioner"):
            self.read_queue()
        if changes.touches("organisation", "practitioner"):
            self.write.service_changed()
            self.many.practices_changed()

    def commands(self) -> Sequence[Command]:
        return (
            for_page("save", self.write.save, name="Save this letter as draft", page=self.nav_key),
            for_page(
                "print", partial(self.tabs.setCurrentIndex, QUEUE), name="Go to the print queue", page=self.nav_key
            ),
            for_page("filter", self.choose_another, name="Choose a person for a letter", page=self.nav_key),
        )

    def first_focus(self) -> QWidget | None:
        if self.tabs.currentIndex() == MANY:
            return self.many.template
        return self.write.template if self.person_id else self.search_field

    def save_draft(self) -> None:
        self.write.save_draft()

    def open_person(self, person_id: str, letter_id: str = "") -> None:
        """Write a letter about this person."""
        self.write.save_draft()
        self.person_id = person_id
        self._goes_to_template = True
        self.write.open(person_id, letter_id)
        background.query(
            self, self.session.store, lambda reader: making.person_row(reader, person_id), self._show_person
        )

    def choose_another(self) -> None:
        """Back to finding a person; what was typed stays a draft."""
        self.write.save_draft()
        self.tabs.setCurrentIndex(WRITE)
        self.person_id = ""
        self._show_person(None)
        self.search_field.setFocus()

    def _open_practice(self, practice_id: str) -> None:
        """To write its address; Save there leads back here. Several are in a list."""
        if practice_id:
            self.go.emit("organisation", f"{practice_id}/{self.nav_key}/")
        else:
            self.go.emit("organisations", NO_ADDRESS)

    def read_queue(self) -> None:
        """Letters that are ready and letters that are printed."""
        today = self.session.today()

        def read(reader: Reader) -> tuple[list[making.Queued], list[making.Queued], int]:
            return (
                making.queue(reader, today, ("ready", "returned")),
                making.queue(reader, today, ("printed",)),
                caseload_count(reader, CaseloadFilter(copy_owed=True)),
            )

        background.query(self, self.session.store, read, self._show_queue)

    def _make_find(self) -> None:
        self.search_field = fields.line(hint="Name, NHS number, postcode or date of birth")
        self.found_model = ShortList(
            [Column("Name", width=30), Column("Born", width=14), Column("Postcode", width=12), Column("")], self
        )
        self.found = ShortTable("People found", self.found_model, most_rows=8)
        self.found.hide()
        self.found.opened.connect(self.open_person)
        self.find_card = Card("Who is the letter about?")
        self.find_card.body.addWidget(labels.label_for("&Find a person", self.search_field))
        self.find_card.body.addWidget(self.search_field)
        self.find_card.body.addWidget(self.found)
        self._pause = QTimer(self, singleShot=True, interval=80)
        self._pause.timeout.connect(self._find)
        self.search_field.textChanged.connect(lambda _text: self._pause.start())
        self.search_field.returnPressed.connect(self._into_found)

    def _find(self) -> None:
        typed = self.search_field.value().strip()
        background.query(self, self.session.store, lambda reader: find_people(reader, typed, 20), self._show_found)

    def _show_found(self, people: list[PersonRow]) -> None:
        self.found_model.show_rows(
            [
                TableRow(
                    row.id,
                    (
                        row.name,
                        day_words(row.born_on, "Not known"),
                        row.postcode or "Not known",
                        "Has died" if row.died else "Similar name" if row.similar_name else "",
                    ),
                )
                for row in people
            ]
        )
        self.found.setVisible(bool(people))

    def _into_found(self) -> None:
        if self.found_model.rows():
            self.found.setFocus()

    def _show_person(self, row: PersonRow | None) -> None:
        self._has_person = row is not None
        self._show_banner()
        self.write.setVisible(row is not None)
        self.find_card.setVisible(row is None)
        if row is not None:
            show_in_banner(self.banner, row, self.session.today())
            if self._goes_to_template:
                self.write.template.setFocus()
        self._goes_to_template = False

    def _show_banner(self) -> None:
        """Whose letter it is, only where one is being written: the queue is about many people."""
        self.banner.setVisible(self._has_person and self.tabs.currentIndex() == WRITE)

    def _show_queue(self, answer: tuple[list[making.Queued], list[making.Queued], int]) -> None:
        ready, printed, copies_owed = answer
        self.queue.show_queue(ready, printed, copies_owed)
        waiting = len(ready) + len(printed)
        self.tabs.setTabText(QUEUE, f"Print queue ({waiting})" if waiting else "Print queue")
