"""Services: who near here can help with this? The directory, found by name, need, area or who runs it."""

from collections.abc import Sequence
from functools import partial
from typing import Final

from PySide6.QtWidgets import QHBoxLayout, QWidget

from wellbeing_desktop.domain.changes import Changes
from wellbeing_desktop.domain.code_lists import label_of
from wellbeing_desktop.domain.freshness import checked_words, room_words
from wellbeing_desktop.storage.connection import Reader
from wellbeing_desktop.storage.service_finder import ServiceFound, search_services
from wellbeing_desktop.ui import background
from wellbeing_desktop.ui.commands import Command
from wellbeing_desktop.ui.models.paged_table import Column, TableRow
from wellbeing_desktop.ui.page import Page
from wellbeing_desktop.ui.reading_order import tab_in_reading_order
from wellbeing_desktop.ui.session import Session
from wellbeing_desktop.ui.widgets import buttons, fields, labels
from wellbeing_desktop.ui.widgets.empty_state import empty_state
from wellbeing_desktop.ui.widgets.list_card import ListCard

_MOST: Final = 100


class ServicesPage(Page):
    title, nav_key = "Services", "services"

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        head = QWidget()
        row = QHBoxLayout(head)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(labels.heading("Services", 1), 1)
        self.add_button = buttons.primary("&Add a service", self.add, icon="plus")
        row.addWidget(self.add_button)
        self.body.addWidget(head)
        self.find_field = fields.line(hint="Lunch club, loneliness, York")
        self.body.addWidget(labels.label_for("&Find a service by name, need, area or who runs it", self.find_field))
        self.body.addWidget(self.find_field)
        self.find_field.edited.connect(self._ask)
        columns = [Column("Checked", width=14), Column("Service"), Column("Room", width=18)]
        self.list = ListCard("Services", columns, 0, _tone)
        self.list.table.opened.connect(partial(self.go.emit, "service"))
        self.body.addWidget(self.list)
        self.nothing = empty_state("", "", None, "book-open")
        self.nothing.hide()
        self.body.addWidget(self.nothing)
        self.body.addStretch()

    def on_shown(self, argument: str = "") -> None:
        self._ask()

    def refresh(self, changes: Changes) -> None:
        if changes.touches("service", "organisation"):
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

        def ask(reader: Reader) -> tuple[list[ServiceFound], int]:
            return search_services(reader, typed, _MOST)

        background.query(self, self._session.store, ask, partial(self._show, typed))

    def _show(self, typed: str, found: tuple[list[ServiceFound], int]) -> None:
        if typed != self.find_field.value():
            return  # the answer to an older question
        services, total = found
        shown = f", the first {len(services)} shown" if total > len(services) else ""
        title = f"{total:,} {'service' if total == 1 else 'services'}{shown}"
        self.list.show_rows([self._row(service) for service in services], title)
        self.nothing.words.setText("No service fits" if typed.strip() else "No services yet")
        self.nothing.hint.setText(
            "Try fewer words, or another word for the same need."
            if typed.strip()
            else "Add one here, or bring in a directory with “wellbeing import directory”."
        )
        self.nothing.setVisible(not services)
        tab_in_reading_order(self)

    def _row(self, service: ServiceFound) -> TableRow:
        today = self._session.today()
        state = label_of("service_states", service.state) if service.state not in ("", "active") else ""
        known = (state, service.cost, service.organisation, ", ".join(service.topics), ", ".join(service.areas))
        about = ". ".join(each for each in known if each)
        room = room_words(label_of("capacity_states", service.capacity), service.capacity_on, today)
        checked = checked_words(service.checked_on, today)
        return TableRow(service.id, (checked, f"{service.name}\n{about}", room))


def _tone(words: str) -> labels.Tone:
    return "warning" if words.startswith("Check first") or words == "Never checked" else "plain"
