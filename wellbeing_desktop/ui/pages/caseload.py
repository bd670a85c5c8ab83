"""Caseload: who needs me? Everybody I may see, found as I type, narrowed by a sentence."""

from collections.abc import Sequence
from concurrent.futures import Future

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QVBoxLayout, QWidget

from wellbeing_desktop.domain.changes import Changes
from wellbeing_desktop.storage.caseload import CaseloadFilter, CaseloadSort, caseload, caseload_found
from wellbeing_desktop.storage.connection import Reader
from wellbeing_desktop.ui.commands import Command, for_page
from wellbeing_desktop.ui.models.paged_table import PagedTable, PageOfRows
from wellbeing_desktop.ui.page import Page
from wellbeing_desktop.ui.pages.caseload_parts import rows, sentences
from wellbeing_desktop.ui.session import Session
from wellbeing_desktop.ui.tokens import SPACE_M, SPACE_XS
from wellbeing_desktop.ui.widgets import buttons, fields, labels
from wellbeing_desktop.ui.widgets.beside import Beside
from wellbeing_desktop.ui.widgets.empty_state import empty_state
from wellbeing_desktop.ui.widgets.flow import FlowLayout
from wellbeing_desktop.ui.widgets.short_table import ChipCells
from wellbeing_desktop.ui.widgets.table import Table

MOST_FOUND = 500
LEAST_ROWS = 6
HEAD_CHARACTERS = 110
"""Average characters of width in which the words of the field to find in can be read beside the two choices."""
_SHOWS = ("person", "address", "episode", "contact", "appointment", "care_plan", "plan_copy", "alert", "task", "alias")


class CaseloadPage(Page):
    title, nav_key = "Caseload", "caseload"

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self.search_field = fields.line(hint="Name, NHS number, postcode, telephone or date of birth")
        self.whose = fields.choice(sentences.WHOSE)
        self.which = fields.choice(sentences.WHICH)
        self.whose.set_value("mine")
        for field in (self.whose, self.which):
            field.setMinimumContentsLength(14)  # in letters as wide as X: room for the longest words of either
        self.all_button = buttons.secondary("Write to a&ll of these", self._letters_to_all)
        self.clear_button = buttons.link("&Clear filters", self.clear_filters)
        self._lay_out_head()
        self.count = labels.muted("")
        self.body.addWidget(self.count)
        self.model = PagedTable(rows.COLUMNS, self._ask, self)
        self.table = Table("People", self.model)
        self.table.setItemDelegateForColumn(rows.TO_KNOW, ChipCells(self.table, rows.tone_of))
        self.table.opened.connect(self._open)
        self.model.loaded.connect(self._loaded)
        self.table.show_at_least(LEAST_ROWS)  # at large text the page scrolls rather than the list be a slit
        self.body.addWidget(self.table, 1)
        self.nobody = empty_state(
            "Nobody to show here",
            "Clear the filters, or add a person.",
            buttons.secondary("Clear filters", self.clear_filters),
            "users",
        )
        self.nobody.hide()
        self.body.addWidget(self.nobody, 1)
        self._lay_out_actions()
        self._pause = QTimer(
            self, singleShot=True, interval=0
        )  # keys of one moment are one question; a newer one drops those that wait
        self._pause.timeout.connect(self.model.reload)
        self.search_field.textChanged.connect(lambda _text: self._pause.start())
        self.search_field.returnPressed.connect(self._into_list)
        self.whose.edited.connect(self._narrowed)
        self.which.edited.connect(self._narrowed)

    def narrowed(self) -> CaseloadFilter:
        """What the two sentences mean now."""
        return sentences.filter_of(self.whose.value(), self.which.value(), self.session.user_id, self.session.today())

    def on_shown(self, argument: str = "") -> None:
        """`argument` may be the word of a filter: "review" shows those whose review is due."""
        if argument in dict(sentences.WHICH) and argument:
            self.search_field.clear()
            self.which.set_value(argument)
        self.model.reload()

    def refresh(self, changes: Changes) -> None:
        if changes.touches(*_SHOWS):
            self.model.reload()

    def commands(self) -> Sequence[Command]:
        return (
            for_page("filter", self.search_field.setFocus, name="Find in the caseload", page=self.nav_key),
            Command("new_person", "Add a person", page=self.nav_key, run=lambda: self.go.emit("new_person", "")),
            for_page("new_referral", lambda: self._for_row("new_referral"), page=self.nav_key),
            for_page("new_task", lambda: self._for_row("new_task"), page=self.nav_key),
            for_page("new_contact", lambda: self._for_row("contact"), page=self.nav_key),
            for_page("new_letter", self._letters, page=self.nav_key),
            Command(
                "new_appointment",
                "Book an appointment",
                page=self.nav_key,
                run=lambda: self._for_row("new_appointment"),
            ),
        )

    def first_focus(self) -> QWidget | None:
        return self.search_field

    def clear_filters(self) -> None:
        self.search_field.clear()
        self.whose.set_value("everyone")
        self.which.set_value("")
        self.model.reload()
        self.search_field.setFocus()

    def _lay_out_head(self) -> None:
        self.body.addWidget(labels.heading("Caseload", 1))
        head = Beside(SPACE_M, least_characters=HEAD_CHARACTERS)
        head.add(_labelled("&Find", self.search_field), 4)
        narrowing = Beside(SPACE_M)
        narrowing.add(_labelled("&Show", self.whose), 2)
        narrowing.add(_labelled("Narro&wed to", self.which), 3)
        head.add(narrowing, 5)
        self.body.addWidget(head)

    def _lay_out_actions(self) -> None:
        holder = QWidget()
        flow = FlowLayout(holder)
        for made in (
            buttons.primary("Add a &person", lambda: self.go.emit("new_person", ""), icon="plus"),
            buttons.secondary("Add a &referral", lambda: self._for_row("new_referral")),
            buttons.secondary("&Book an appointment", lambda: self._for_row("new_appointment"), icon="calendar"),
            buttons.secondary("Add a &task", lambda: self._for_row("new_task")),
            buttons.secondary("Write a l&etter", self._letters, icon="mail"),
            self.all_button,
            self.clear_button,
        ):
            flow.addWidget(made)
        self.body.addWidget(holder)

    def _ask(self, first: int, count: int, sort: str, down: bool) -> "Future[PageOfRows]":
        typed, narrowed, today = self.search_field.value().strip(), self.narrowed(), self.session.today()

        def read(reader: Reader) -> PageOfRows:
            if typed:
                found = caseload_found(
                    reader, typed, today, most=MOST_FOUND, sort=_sort(sort), descending=down, limit=count, offset=first
                )
            else:
                found = caseload(reader, narrowed, today, sort=_sort(sort), descending=down, limit=count, offset=first)
            return PageOfRows(first, found.total, [rows.row_of(person, today) for person in found.rows])

        return self.session.store.submit_read(read)

    def _loaded(self, total: int) -> None:
        typed = self.search_field.value().strip()
        self.count.setText(sentences.count_in_words(total, self.whose.value(), self.which.value(), typed))
        self.table.setVisible(total > 0)
        self.all_button.setEnabled(total > 0 and not typed)
        self.nobody.setVisible(total == 0)
        self.nobody.words.setText(f"Nobody found for “{typed}”" if typed else "No one matches")
        self.nobody.hint.setText(
            "Try fewer letters, or a date of birth like 14/3/1943." if typed else "Clear the filters to see everybody."
        )
        if total and not self.table.currentIndex().isValid():
            self.table.choose_row(0)

    def _narrowed(self) -> None:
        self.search_field.clear()
        self.model.reload()

    def _into_list(self) -> None:
        self._pause.stop()
        if self.model.rowCount():
            self.table.choose_row(0)
            self.table.setFocus()
            if self.scroll_area is not None:
                self.scroll_area.ensureWidgetVisible(self.table)

    def _open(self, person_id: str) -> None:
        self.go.emit("person", person_id)

    def _for_row(self, nav_key: str) -> None:
        person_id = self.table.record_id()
        if person_id:
            self.go.emit(nav_key, person_id)

    def _letters(self) -> None:
        person_id = self.table.record_id()
        self.go.emit("letters", person_id)

    def _letters_to_all(self) -> None:
        """The same letter to everybody whom the two sentences find."""
        self.go.emit("letters", f"many/{self.whose.value()}/{self.which.value()}")


def _labelled(words: str, field: QWidget) -> QWidget:
    holder = QWidget()
    column = QVBoxLayout(holder)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(SPACE_XS)
    column.addWidget(labels.label_for(words, field))
    column.addWidget(field)
    return holder


def _sort(key: str) -> CaseloadSort:
    return CaseloadSort(key) if key else CaseloadSort.NAME
