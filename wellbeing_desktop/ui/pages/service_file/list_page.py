"""The service's own files: what is open, what is due, and any of them found again by number, name or words."""

from collections.abc import Mapping, Sequence

import msgspec
from PySide6.QtWidgets import QWidget

from wellbeing_desktop.domain.changes import Changes
from wellbeing_desktop.storage.connection import Reader
from wellbeing_desktop.storage.service_files import LIMIT, FileRow, service_files
from wellbeing_desktop.ui import background
from wellbeing_desktop.ui.commands import Command, for_page
from wellbeing_desktop.ui.models.paged_table import Column
from wellbeing_desktop.ui.page import Page
from wellbeing_desktop.ui.pages.person.parts import row_of_buttons
from wellbeing_desktop.ui.pages.service_file import words
from wellbeing_desktop.ui.reading_order import tab_in_reading_order
from wellbeing_desktop.ui.session import Session
from wellbeing_desktop.ui.widgets import buttons, fields, labels
from wellbeing_desktop.ui.widgets.empty_state import empty_state
from wellbeing_desktop.ui.widgets.form import Form
from wellbeing_desktop.ui.widgets.list_card import ListCard


class Found(msgspec.Struct, frozen=True):
    rows: Sequence[FileRow]
    names: Mapping[str, str]


class ServiceFilesPage(Page):
    title, nav_key, section_key, help_key = "Incidents and complaints", "service_files", "inbox", "service_files"

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self.body.addWidget(labels.heading(self.title, 1))
        self.body.addWidget(
            labels.body(
                "Files of the service, apart from anybody's record. They are in no letter, return or copy of it."
            )
        )
        self.body.addWidget(
            row_of_buttons(
                buttons.secondary("Report an &incident", lambda: self.go.emit("incident", "new"), icon="plus"),
                buttons.secondary(
                    "Write down a &complaint or compliment", lambda: self.go.emit("complaint", "new"), icon="plus"
                ),
            )
        )
        self.form = Form()
        self.form.begin_row()
        self.form.add("wanted", "&Find", fields.line(hint="Number, name or words"))
        self.form.add("closed", "", fields.tick("C&losed ones too"))
        self.form.end_row()
        self.form.edited.connect(self._ask)
        self.body.addWidget(self.form)
        self.nothing = empty_state("No file is open", "Report an incident or write down a complaint.", icon="file-text")
        self.body.addWidget(self.nothing)
        columns = [Column("Due", width=34), Column("What"), Column("With", width=24)]
        self.list = ListCard("Files", columns, 0, words.due_tone)
        self.list.table.opened.connect(self._open)
        self.body.addWidget(self.list)
        self.body.addStretch()

    def on_shown(self, argument: str = "") -> None:
        self._ask()

    def refresh(self, changes: Changes) -> None:
        if changes.touches("incident", "complaint", "practitioner"):
            self._ask()

    def commands(self) -> Sequence[Command]:
        page = self.nav_key
        return (for_page("filter", lambda: self.form.rows["wanted"].field.setFocus(), name="Find a file", page=page),)

    def panes(self) -> Sequence[QWidget]:
        return (self.form, self.list)

    def first_focus(self) -> QWidget | None:
        return self.form.rows["wanted"].field

    def _ask(self) -> None:
        values, today = self.form.values(), self.session.today()
        wanted, closed = values["wanted"], bool(values["closed"])

        def ask(reader: Reader) -> Found:
            found = service_files(reader, today, wanted=wanted, closed=closed)
            return Found(found, dict(reader.rows("SELECT id, name FROM live_practitioner")))

        background.query(self, self.session.store, ask, self._show)

    def _show(self, found: Found) -> None:
        count = len(found.rows)
        title = f"{count:,} files" if count != 1 else "1 file"
        if count >= LIMIT:
            title += ": the newest of them"
        self.list.show_rows(words.file_rows(found.rows, found.names, self.session.now()), title)
        self.nothing.setVisible(not count)
        tab_in_reading_order(self)

    def _open(self, row_id: str) -> None:
        kind, _, id = row_id.partition("/")
        self.go.emit(kind, id)
