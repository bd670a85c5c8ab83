"""A directory of services in and out as Open Referral UK: looked at first, brought in as one piece, taken back as one."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Final

import msgspec
from PySide6.QtWidgets import QWidget

from wellbeing_desktop.domain.changes import Changes
from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.exchange.open_referral import RefusedItem, ServiceRow, read_services
from wellbeing_desktop.operations.directory import (
    SOURCE,
    DirectoryPlan,
    directory_bytes,
    import_directory,
    plan_directory,
)
from wellbeing_desktop.storage.connection import Writer
from wellbeing_desktop.ui import background
from wellbeing_desktop.ui.commands import Command, for_page
from wellbeing_desktop.ui.models.paged_table import Column, TableRow
from wellbeing_desktop.ui.page import Page
from wellbeing_desktop.ui.pages.person.parts import row_of_buttons
from wellbeing_desktop.ui.pages.today_parts.day import things
from wellbeing_desktop.ui.reading_order import tab_in_reading_order
from wellbeing_desktop.ui.saving import tell_saved
from wellbeing_desktop.ui.saving_files import ask_where, ask_which, if_it_may_leave, read_chosen, write_private
from wellbeing_desktop.ui.session import Session
from wellbeing_desktop.ui.waiting import run_waiting
from wellbeing_desktop.ui.widgets import buttons, cards, fields, labels, messages
from wellbeing_desktop.ui.widgets.list_card import ListCard

LARGEST: Final = 64 * 1024 * 1024
"""Bytes of a file: ten thousand services with all their words are a third of it."""


class Read(msgspec.Struct, frozen=True):
    """What a file says. Nothing of it has been brought in."""

    services: tuple[ServiceRow, ...]
    refused: tuple[RefusedItem, ...]
    not_understood: tuple[str, ...]
    pages_missing: int


class DirectoryPage(Page):
    title, nav_key, section_key, help_key = "Directory of services", "directory", "services", "services"

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._read: Read | None = None
        self.body.addWidget(labels.heading("Directory of services", 1))
        self.source = fields.line()
        self.source.set_value(SOURCE)
        self.choose_button = buttons.primary("&Choose a file", self.choose, icon="upload")
        self.body.addWidget(
            cards.card(
                "Bring in",
                labels.body(
                    "A file of Open Referral UK: a service, a page of services, or an organisation. You see first what "
                    "would change. What was changed here stays, and what the file leaves out takes nothing away."
                ),
                labels.label_for("Which &directory it is of", self.source),
                self.source,
                labels.muted(
                    "A directory comes with a licence of its publisher: check that it lets you keep and pass on what "
                    "it says, and name the publisher above."
                ),
                row_of_buttons(self.choose_button),
            )
        )
        self.said = labels.body("")
        self.bring_button = buttons.primary("&Bring this in", self.bring_in)
        self.drop_button = buttons.secondary("&Leave it", self.leave_it)
        self.preview = cards.card("What would change", self.said, row_of_buttons(self.bring_button, self.drop_button))
        self.preview.hide()
        self.body.addWidget(self.preview)
        columns = [Column("What", width=16), Column("Service or reason")]
        self.changes = ListCard("Services of the file", columns, 0, _tone, has_two_lines=False)
        self.body.addWidget(self.changes)
        self.save_button = buttons.secondary("&Save the directory as a file", self.save_file, icon="file-text")
        self.told = messages.notice("", "good", can_close=True)
        self.told.hide()
        self.body.addWidget(
            cards.card(
                "Save",
                labels.body(
                    "Every service of the directory as Open Referral UK. Nothing about any person is in it, and no "
                    "article. What others published is theirs: their licence says whether you may pass it on."
                ),
                self.told,
                row_of_buttons(self.save_button),
            )
        )
        self.body.addStretch()

    def commands(self) -> Sequence[Command]:
        return (for_page("save", self.bring_in, name="Bring in what is shown", page=self.nav_key),)

    def panes(self) -> Sequence[QWidget]:
        return (self.choose_button, self.changes) if not self.changes.isHidden() else (self.choose_button,)

    def first_focus(self) -> QWidget | None:
        return self.choose_button

    def choose(self) -> None:
        path = ask_which(self, "Bring in a directory")
        if path is not None:
            self.look_at(path)

    def look_at(self, path: Path) -> None:
        """Read a file and show what it would do."""
        messages.clear(self)

        def read() -> Read:
            content = read_chosen(path, LARGEST, lambda _done, _all: None)
            if len(content) > LARGEST:
                raise Refused("This file is larger than any directory that can be brought in. Ask for it in pages.")
            found = read_services(content)
            return Read(found.services, found.refused, found.not_understood, found.pages_missing)

        self.choose_button.setEnabled(False)
        run_waiting(self, read, self._plan, self._failed)

    def bring_in(self) -> None:
        """All of it or nothing."""
        read, source, now = self._read, self.source.value().strip() or SOURCE, self._session.now()
        if read is None:
            return

        def work(writer: Writer) -> Changes:
            return import_directory(writer, read.services, source=source, at=now)[0]

        self.bring_button.setEnabled(False)
        background.operate(self, self._session.store, work, self._brought_in, self._failed)

    def leave_it(self) -> None:
        """Forget the file; nothing of it was brought in."""
        self._read = None
        self.preview.hide()
        self.changes.show_rows((), "")
        self.choose_button.setFocus()

    def save_file(self) -> None:
        if_it_may_leave(self, self._session.store, self._ask_where)

    def write_file(self, path: Path) -> None:
        """Every service, into a file for the person signed in alone."""

        def made(found: tuple[bytes, int]) -> None:
            run_waiting(
                self, lambda: write_private(path, found[0]), lambda _nothing: self._file_saved(found[1]), self._failed
            )

        background.query(self, self._session.store, directory_bytes, made)

    def _ask_where(self) -> None:
        path = ask_where(self, "Save the directory", "directory.json")
        if path is not None:
            self.write_file(path)

    def _file_saved(self, count: int) -> None:
        self.told.show()
        self.told.show_message(messages.Message("Directory saved.", f"{things(count, 'service')}.", "", "good"))

    def _plan(self, read: Read) -> None:
        self.choose_button.setEnabled(True)
        source = self.source.value().strip() or SOURCE
        background.query(
            self,
            self._session.store,
            lambda reader: plan_directory(reader, read.services, source=source),
            partial(self._show, read),
            self._failed,
        )

    def _show(self, read: Read, plan: DirectoryPlan) -> None:
        self._read = read
        changed = len(plan.created) + len(plan.updated)
        refused = (*read.refused, *plan.refused)
        parts = [
            f"{things(len(plan.created), 'service')} new",
            f"{len(plan.updated)} changed",
            f"{plan.unchanged} as they are here",
            f"{things(len(plan.organisations), 'organisation')} new" if plan.organisations else "",
            f"{len(refused)} not used, with the reason below" if refused else "",
            f"The publisher has {things(read.pages_missing, 'more page')}" if read.pages_missing else "",
            f"Not kept, because there is no place for it here: {', '.join(read.not_understood)}"
            if read.not_understood
            else "",
        ]
        self.said.setText(". ".join(part for part in parts if part) + ".")
        self.bring_button.setEnabled(bool(changed))
        self.preview.show()
        names = {f"service {place}": row.name for place, row in enumerate(read.services, 1)}
        rows = [TableRow(f"n{at}", ("New", one.name)) for at, one in enumerate(plan.created)]
        rows += [
            TableRow(f"c{at}", ("Changed", f"{one.service.name}: {len(one.fields)} fields"))
            for at, one in enumerate(plan.updated)
        ]
        rows += [
            TableRow(f"k{at}", ("Stays", f"{names.get(one.item, one.item)}. {one.reason}"))
            for at, one in enumerate(plan.kept)
        ]
        rows += [
            TableRow(f"r{at}", ("Not used", f"{names.get(one.item, one.item)}. {one.reason}"))
            for at, one in enumerate(refused)
        ]
        self.changes.show_rows(rows, things(len(rows), "line"))
        tab_in_reading_order(self)
        (self.bring_button if changed else self.choose_button).setFocus()

    def _brought_in(self, changes: Changes) -> None:
        tell_saved(self, self._session, "Directory brought in.", changes)
        self.leave_it()
        self.go.emit("services", "")

    def _failed(self, problem: BaseException) -> None:
        self.choose_button.setEnabled(True)
        self.bring_button.setEnabled(True)
        messages.show(self, problem)


def _tone(words: str) -> labels.Tone:
    tones: dict[str, labels.Tone] = {"New": "good", "Not used": "warning"}
    return tones.get(words, "plain")
