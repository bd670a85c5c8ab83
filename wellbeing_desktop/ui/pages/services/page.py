"""Services and articles: what is there for this need, near here? One search over both, forgiving of spelling."""

from collections.abc import Sequence
from concurrent.futures import Future
from functools import partial
from typing import Any, Final

from PySide6.QtWidgets import QWidget

from wellbeing_desktop.domain.changes import Changes
from wellbeing_desktop.domain.code_lists import label_of
from wellbeing_desktop.domain.freshness import approved_words, checked_words, room_words
from wellbeing_desktop.operations.knowledge_rules import KnowledgeRules, knowledge_rules
from wellbeing_desktop.storage.connection import Reader
from wellbeing_desktop.storage.directory_search import ARTICLE, Found, search_directory
from wellbeing_desktop.ui import background
from wellbeing_desktop.ui.commands import Command
from wellbeing_desktop.ui.models.paged_table import Column, TableRow
from wellbeing_desktop.ui.page import Page
from wellbeing_desktop.ui.pages.person.parts import row_of_buttons
from wellbeing_desktop.ui.reading_order import tab_in_reading_order
from wellbeing_desktop.ui.session import Session
from wellbeing_desktop.ui.widgets import buttons, fields, labels
from wellbeing_desktop.ui.widgets.empty_state import empty_state
from wellbeing_desktop.ui.widgets.head import head_row
from wellbeing_desktop.ui.widgets.list_card import ListCard

_MOST: Final = 100


class ServicesPage(Page):
    title, nav_key = "Services and articles", "services"

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self.add_button = buttons.primary("&Add a service", self.add, icon="plus")
        self.body.addWidget(head_row("Services and articles", self.add_button))
        self.body.addWidget(
            row_of_buttons(
                buttons.secondary("&Write an article", partial(self.go.emit, "write_article", ""), icon="pencil"),
                buttons.secondary("A&rticles to look at", partial(self.go.emit, "articles", ""), icon="clipboard-list"),
                buttons.secondary("Di&gital content", partial(self.go.emit, "modules", ""), icon="book-open"),
                buttons.secondary("&Bring in a directory", partial(self.go.emit, "directory", ""), icon="upload"),
                buttons.secondary("Re&port what is missing", partial(self.go.emit, "report_gap", ""), icon="info"),
            )
        )
        self.find_field = fields.line(hint="Lunch club, loneliness, York")
        self.body.addWidget(
            labels.label_for("&Find by name, need, area, who runs it or a word of an article", self.find_field)
        )
        self.body.addWidget(self.find_field)
        self.find_field.edited.connect(self._ask)
        columns = [Column("Checked", width=26), Column("Service or article"), Column("Room", width=18)]
        self.list = ListCard("Services and articles", columns, 0, _tone)
        self.list.table.opened.connect(self._open)
        self._kinds: dict[str, str] = {}
        self._asked: Future[Any] | None = None
        self.body.addWidget(self.list)
        self.nothing = empty_state("", "", None, "book-open")
        self.nothing.hide()
        self.body.addWidget(self.nothing)
        self.body.addStretch()

    def on_shown(self, argument: str = "") -> None:
        self._ask()

    def refresh(self, changes: Changes) -> None:
        if changes.touches("service", "organisation", "article_edition", "setting"):
            self._ask()

    def commands(self) -> Sequence[Command]:
        return (Command("add_service", "Add a service to the directory", page=self.nav_key, run=self.add),)

    def panes(self) -> Sequence[QWidget]:
        return (self.find_field, self.list) if not self.list.isHidden() else (self.find_field,)

    def first_focus(self) -> QWidget | None:
        return self.find_field

    def add(self) -> None:
        self.go.emit("service", "")

    def _ask(self) -> None:
        typed = self.find_field.value()

        def ask(reader: Reader) -> tuple[list[Found], int, KnowledgeRules]:
            return *search_directory(reader, typed, _MOST), knowledge_rules(reader)

        if self._asked is not None:
            self._asked.cancel()  # the answer to fewer letters is not waited for
        self._asked = background.query(self, self._session.store, ask, partial(self._show, typed))

    def _open(self, id: str) -> None:
        self.go.emit("article" if self._kinds.get(id) == ARTICLE else "service", id)

    def _show(self, typed: str, found: tuple[list[Found], int, KnowledgeRules]) -> None:
        if typed != self.find_field.value():
            return  # the answer to an older question
        services, total, rules = found
        self._kinds = {one.id: one.kind for one in services}
        shown = f", the first {len(services)} shown" if total > len(services) else ""
        title = f"{total:,} found{shown}" if typed.strip() else f"{total:,} services and articles{shown}"
        self.list.show_rows([self._row(service, rules) for service in services], title)
        if typed.strip():
            hint = "Try fewer words, or another word for the same need, or report what is missing."
            self.nothing.say("Nothing fits", hint)
        else:
            hint = "Add a service, write an article, or bring in a directory."
            self.nothing.say("No services and articles yet", hint)
        self.nothing.setVisible(not services)
        tab_in_reading_order(self)

    def _row(self, service: Found, rules: KnowledgeRules) -> TableRow:
        today = self._session.today()
        if service.kind == ARTICLE:
            about = ". ".join(each for each in ("Article", ", ".join(service.topics), ", ".join(service.areas)) if each)
            approved = approved_words(service.checked_on, service.review_on, today)
            return TableRow(service.id, (approved, f"{service.name}\n{about}", ""))
        state = label_of("service_states", service.state) if service.state not in ("", "active") else ""
        known = (state, service.cost, service.organisation, ", ".join(service.topics), ", ".join(service.areas))
        about = ". ".join(each for each in known if each)
        room = room_words(
            label_of("capacity_states", service.capacity), service.capacity_on, today, rules.room_fades_days
        )
        checked = checked_words(service.checked_on, today, rules.check_after_days)
        return TableRow(service.id, (checked, f"{service.name}\n{about}", room))


def _tone(words: str) -> labels.Tone:
    return "warning" if words.startswith("Check first") or words == "Never checked" else "plain"
