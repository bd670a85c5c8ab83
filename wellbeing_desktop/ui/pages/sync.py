"""Sync and clashes: is my work safe and sent?"""

import datetime as dt
from collections.abc import Sequence
from functools import partial
from typing import Final

import msgspec
from PySide6.QtWidgets import QWidget

from wellbeing_desktop.domain.changes import Changes
from wellbeing_desktop.domain.registry import RECORD_TYPES
from wellbeing_desktop.operations.conflicts import settle_conflict
from wellbeing_desktop.storage import outbox
from wellbeing_desktop.storage.conflicts import OpenConflict, open_conflicts
from wellbeing_desktop.storage.connection import Reader
from wellbeing_desktop.storage.outbox import OutboxLine, State
from wellbeing_desktop.storage.refused import RefusedWork, refused_work
from wellbeing_desktop.sync.client.facts import last_sync_at
from wellbeing_desktop.sync.client.membership import membership_of
from wellbeing_desktop.ui import background
from wellbeing_desktop.ui.models.paged_table import Column, TableRow, rows_in_memory
from wellbeing_desktop.ui.page import Page
from wellbeing_desktop.ui.pages.conflict_card import ConflictCard
from wellbeing_desktop.ui.session import Session, staff_moment
from wellbeing_desktop.ui.widgets import cards, labels
from wellbeing_desktop.ui.widgets.empty_state import empty_state
from wellbeing_desktop.ui.widgets.table import Table

_STATE_WORDS: Final = {State.WAITING: "Waiting", State.HELD: "Held", State.SENT: "Sent, not confirmed yet"}
_CLASHES_IN_WORDS: Final = "Two people changed the same thing. Both are kept until you choose; nothing is thrown away."
_MOST_LISTED: Final = 100


class Picture(msgspec.Struct, frozen=True, kw_only=True):
    """What the page shows, read in one go."""

    is_shared: bool
    waiting: Sequence[OutboxLine]
    count: int
    conflicts: Sequence[OpenConflict]
    refused: Sequence[RefusedWork]
    last_sync_at: dt.datetime | None


class SyncPage(Page):
    title, nav_key = "Sync and clashes", "sync"

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self.body.addWidget(labels.heading("Sync and clashes", 1))
        self._clashes = cards.Card("Clashes to settle")
        self._clash_words = labels.body()
        self._clashes.body.addWidget(self._clash_words)
        self._cards: dict[str, ConflictCard] = {}
        self._refused = cards.Card("Could not be applied")
        self._waiting = cards.Card("Waiting to be sent")
        self.body.addWidget(self._clashes)
        self.body.addWidget(self._refused)
        self.body.addWidget(self._waiting)
        self.body.addStretch(1)

    def on_shown(self, argument: str = "") -> None:
        background.query(self, self._session.store, partial(_picture, user_id=self._session.user_id), self._show)

    def refresh(self, changes: Changes) -> None:
        self.on_shown()

    def _show(self, picture: Picture) -> None:
        self._show_clashes(picture.conflicts)
        _empty(self._refused)
        self._refused.setVisible(bool(picture.refused))
        if picture.refused:
            self._refused.body.addWidget(self._refused_list(picture.refused))
        _empty(self._waiting)
        self._waiting.body.addWidget(self._waiting_list(picture))

    def _show_clashes(self, conflicts: Sequence[OpenConflict]) -> None:
        """A card for each; one that is there already stays, with what is being written in it."""
        self._clash_words.setText(_CLASHES_IN_WORDS if conflicts else "No clashes.")
        open_now = {conflict.id for conflict in conflicts}
        for id in [id for id in self._cards if id not in open_now]:
            self._take_away(id)
        for conflict in conflicts:
            known = self._cards.get(conflict.id)
            if known is None or (known.conflict != conflict and not known.is_being_written()):
                if known is not None:
                    self._take_away(conflict.id)
                card = ConflictCard(conflict)
                card.settled.connect(partial(self._settle, conflict.id))
                card.person_asked.connect(partial(self.go.emit, "person", conflict.person_id))
                self._cards[conflict.id] = card
                self._clashes.body.addWidget(card)

    def _take_away(self, conflict_id: str) -> None:
        gone = self._cards.pop(conflict_id)
        self._clashes.body.removeWidget(gone)
        gone.deleteLater()

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

    def _settle(self, conflict_id: str, choice: str, text: object) -> None:
        background.operate(
            self, self._session.store, lambda writer: settle_conflict(writer, conflict_id, choice, text), self._settled
        )

    def _settled(self, _changes: object) -> None:
        self.on_shown()


def _picture(reader: Reader, user_id: str) -> Picture:
    return Picture(
        is_shared=membership_of(reader) is not None,
        waiting=outbox.waiting(reader, _MOST_LISTED),
        count=outbox.waiting_count(reader),
        conflicts=open_conflicts(reader, user_id),
        refused=refused_work(reader, _MOST_LISTED),
        last_sync_at=last_sync_at(reader),
    )


def _empty(card: cards.Card) -> None:
    while (item := card.body.takeAt(0)) is not None:
        widget = item.widget()
        if widget is not None:
            widget.deleteLater()
