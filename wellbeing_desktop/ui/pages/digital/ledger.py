"""The ledger of digital content: which module, to whom, why, by whom, opened or not, taken back; and as CSV."""

import datetime as dt
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Final

from PySide6.QtWidgets import QSizePolicy, QWidget

from wellbeing_desktop.domain.changes import Changes
from wellbeing_desktop.domain.code_lists import label_of
from wellbeing_desktop.domain.dates import day_words
from wellbeing_desktop.exchange.csv_out import csv_bytes
from wellbeing_desktop.operations.looking import noted
from wellbeing_desktop.storage.connection import Reader
from wellbeing_desktop.storage.joined import ids_of
from wellbeing_desktop.storage.module_ledger import Released, module_ledger
from wellbeing_desktop.ui import background
from wellbeing_desktop.ui.models.paged_table import Column, TableRow
from wellbeing_desktop.ui.page import Page
from wellbeing_desktop.ui.pages.person.parts import row_of_buttons
from wellbeing_desktop.ui.pages.today_parts.day import things
from wellbeing_desktop.ui.reading_order import tab_in_reading_order
from wellbeing_desktop.ui.saving_files import ask_where, if_it_may_leave, write_private
from wellbeing_desktop.ui.session import Session
from wellbeing_desktop.ui.waiting import run_waiting
from wellbeing_desktop.ui.widgets import buttons, labels, messages
from wellbeing_desktop.ui.widgets.empty_state import empty_state
from wellbeing_desktop.ui.widgets.list_card import ListCard

_HEADERS: Final = (
    "Module", "Person", "Released on", "Released by", "Criteria met", "Why", "Open until", "Opened", "Last used on",
    "Sessions finished", "State", "Why taken back", "Ended on",
)  # fmt: skip


class LedgerPage(Page):
    """The argument is a person's id, or empty for everybody."""

    title, nav_key, section_key, help_key = "Ledger of digital content", "ledger", "services", "digital"

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._person_id = ""
        self._rows: list[Released] = []
        self.body.addWidget(labels.heading("Ledger of digital content", 1))
        self.everybody = buttons.secondary("Show &everybody", partial(self.on_shown, ""), icon="users")
        self.csv_button = buttons.secondary("Save it as &CSV", self.save_csv, icon="table")
        self.body.addWidget(row_of_buttons(self.everybody, self.csv_button))
        self.saved = messages.notice("", "good", can_close=True)
        self.saved.hide()
        self.body.addWidget(self.saved)
        columns = [Column("State", width=14), Column("Module, to whom and why"), Column("Released, and use", width=26)]
        self.list = ListCard("Released", columns, 0, lambda _words: "plain")
        self.list.table.opened.connect(partial(self.go.emit, "released"))
        self.list.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self.body.addWidget(self.list)
        self.nothing = empty_state(
            "Nothing was released", "Content is released from a person’s record, under More.", None, "book-open"
        )
        self.nothing.hide()
        self.body.addWidget(self.nothing)
        self.body.addStretch()

    def on_shown(self, argument: str = "") -> None:
        self._person_id = argument

        def ask(reader: Reader) -> list[Released]:
            return module_ledger(reader, person_ids=tuple(ids_of(reader, argument)) if argument else ())

        background.query(self, self._session.store, ask, self._show)

    def refresh(self, changes: Changes) -> None:
        if changes.touches("module_release", "digital_module", "person"):
            self.on_shown(self._person_id)

    def panes(self) -> Sequence[QWidget]:
        return (self.list,) if not self.list.isHidden() else (self,)

    def save_csv(self) -> None:
        """Names leave the laptop with it, so the lease must allow it and the audit says so."""
        if_it_may_leave(self, self._session.store, self._ask_where)

    def _ask_where(self) -> None:
        path = ask_where(self, "Save the ledger", "digital-content.csv")
        if path is not None:
            self.write_csv(path)

    def write_csv(self, path: Path) -> None:
        """One row for each release that is listed."""
        content = csv_bytes(_HEADERS, [_cells(row) for row in self._rows])
        people = tuple(sorted({row.person_id for row in self._rows}))

        def written(_nothing: object) -> None:
            background.operate(self, self._session.store, lambda writer: noted(writer, "export_ledger", people=people))
            self.saved.show()
            words = (
                f"{things(len(self._rows), 'row')} saved. The file names people: keep it where only you can read it."
            )
            self.saved.show_message(messages.Message("Ledger saved.", words, "", "good"))

        run_waiting(self, lambda: write_private(path, content), written, partial(messages.show, self))

    def _show(self, rows: list[Released]) -> None:
        self._rows = rows
        self.everybody.setVisible(bool(self._person_id))
        self.csv_button.setEnabled(bool(rows))
        self.list.show_rows([_row(one) for one in rows], f"{things(len(rows), 'release')} of digital content")
        self.nothing.setVisible(not rows)
        tab_in_reading_order(self)


def _row(one: Released) -> TableRow:
    why = "; ".join(one.criteria_met) or one.reason
    by = f"{day_words(one.released_on)} by {one.released_by or 'a colleague'}"
    used = (
        f"Used {day_words(one.last_used_on)}, {things(one.sessions_done, 'session')}"
        if one.last_used_on
        else "Not opened"
    )
    about = ". ".join(part for part in (one.name, why, one.end_reason) if part)
    return TableRow(one.id, (label_of("release_states", one.state), f"{one.module}\n{about}", f"{by}\n{used}"))


def _cells(one: Released) -> tuple[str | int | bool | dt.date | None, ...]:
    return (
        one.module,
        one.name,
        one.released_on,
        one.released_by,
        "; ".join(one.criteria_met),
        one.reason,
        one.expires_on,
        one.last_used_on is not None,
        one.last_used_on,
        one.sessions_done,
        label_of("release_states", one.state),
        one.end_reason,
        one.ended_on,
    )
