"""Sync: is my work safe and sent?"""

import datetime as dt
from collections.abc import Sequence
from typing import Final

import msgspec
from PySide6.QtWidgets import QWidget

from wellbeing_desktop.domain.changes import Changes
from wellbeing_desktop.domain.registry import RECORD_TYPES
from wellbeing_desktop.storage import outbox
from wellbeing_desktop.storage.conflicts import Wanted, clash_count
from wellbeing_desktop.storage.connection import Reader
from wellbeing_desktop.storage.outbox import OutboxLine, State
from wellbeing_desktop.storage.refused import RefusedWork, refused_work
from wellbeing_desktop.sync.client.facts import last_sync_at
from wellbeing_desktop.sync.client.membership import membership_of
from wellbeing_desktop.ui import background
from wellbeing_desktop.ui.models.paged_table import Column, TableRow, rows_in_memory
from wellbeing_desktop.ui.page import Page
from wellbeing_desktop.ui.pages.today_parts.day import things
from wellbeing_desktop.ui.session import Session, staff_moment
from wellbeing_desktop.ui.widgets import buttons, cards, labels
from wellbeing_desktop.ui.widgets.empty_state import empty_state
from wellbeing_desktop.ui.widgets.table import Table

_STATE_WORDS: Final = {State.WAITING: "Waiting", State.HELD: "Held", State.SENT: "Sent, not confirmed yet"}
_MOST_LISTED: Final = 100


class Picture(msgspec.Struct, frozen=True, kw_only=True):
    """What the page shows, read in one go."""

    is_shared: bool
    waiting: Sequence[OutboxLine]
    count: int
    clashes: int
    refused: Sequence[RefusedWork]
    last_sync_at: dt.datetime | None


class SyncPage(Page):
    title, nav_key = "Sync", "sync"

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self.body.addWidget(labels.heading("Sync", 1))
        self.clashes = buttons.link("", lambda: self.go.emit("clashes", "all"))
        self._refused = cards.Card("Could not be applied")
        self._waiting = cards.Card("Waiting to be sent")
        self.body.addWidget(self.clashes)
        self.body.addWidget(self._refused)
        self.body.addWidget(self._waiting)
        self.body.addStretch(1)

    def on_shown(self, argument: str = "") -> None:
        background.query(self, self._session.store, _picture, self._show)

    def refresh(self, changes: Changes) -> None:
        self.on_shown()

    def _show(self, picture: Picture) -> None:
        self.clashes.set_words(f"{things(picture.clashes, 'clash of edits', 'clashes of edits')} to settle")
        self.clashes.setVisible(picture.clashes > 0)
        _empty(self._refused)
        self._refused.setVisible(bool(picture.refused))
        if picture.refused:
            self._refused.body.addWidget(self._refused_list(picture.refused))
        _empty(self._waiting)
        self._waiting.body.addWidget(self._waiting_list(picture))

    def _refused_list(self, refused: Sequence[RefusedWork]) -> QWidget:
        rows = [
            TableRow(work.person_id, (RECORD_TYPES[work.type].label, staff_moment(work.at), work.why))
            for work in refused
            if work.type in RECORD_TYPES
        ]
        columns = [Column("What", width=24), Column("Saved", width=18), Column("Why", width=60)]
        table = Table("Could not be applied", rows_in_memory(columns, rows, self))
        table.opened.connect(lambda person_id: self.go.emit("person", person_id))
        return table

    def _waiting_list(self, picture: Picture) -> QWidget:
        self._waiting.title.setText("Waiting to be sent")
        if not picture.is_shared:
            return empty_state(
                "This store is on this computer only",
                "Nothing needs to be sent. Back it up from Settings.",
                icon="lock",
            )
        if not picture.waiting:
            last = picture.last_sync_at
            hint = f"Last sync {staff_moment(last.isoformat())}." if last else "This laptop has not synced yet."
            return empty_state("Everything is sent", hint, icon="circle-check")
        rows = [
            TableRow(line.person_id, (line.sentence, staff_moment(line.at), _STATE_WORDS[line.state], line.why))
            for line in picture.waiting
        ]
        columns = [
            Column("What", width=44),
            Column("Saved", width=18),
            Column("State", width=22),
            Column("Why", width=24),
        ]
        table = Table("Waiting to be sent", rows_in_memory(columns, rows, self))
        table.opened.connect(lambda person_id: self.go.emit("person", person_id))
        table.setMinimumHeight(min(10, len(rows) + 2) * table.verticalHeader().defaultSectionSize())
        self._waiting.title.setText(f"Waiting to be sent: {picture.count:,}")
        return table


def _picture(reader: Reader) -> Picture:
    return Picture(
        is_shared=membership_of(reader) is not None,
        waiting=outbox.waiting(reader, _MOST_LISTED),
        count=outbox.waiting_count(reader),
        clashes=clash_count(reader, Wanted()),
        refused=refused_work(reader, _MOST_LISTED),
        last_sync_at=last_sync_at(reader),
    )


def _empty(card: cards.Card) -> None:
    while (item := card.body.takeAt(0)) is not None:
        widget = item.widget()
        if widget is not None:
            widget.deleteLater()
