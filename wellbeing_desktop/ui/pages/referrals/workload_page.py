"""What a colleague has on now: the lists that the counts of an allocation are the lengths of."""

from functools import partial

import msgspec

from wellbeing_desktop.domain.changes import Changes
from wellbeing_desktop.domain.dates import day_words
from wellbeing_desktop.domain.organisation import Practitioner
from wellbeing_desktop.storage.connection import Reader
from wellbeing_desktop.storage.records import load
from wellbeing_desktop.storage.workload import Piece, supported, tasks_due
from wellbeing_desktop.ui import background
from wellbeing_desktop.ui.models.paged_table import Column, TableRow
from wellbeing_desktop.ui.page import Page
from wellbeing_desktop.ui.reading_order import tab_in_reading_order
from wellbeing_desktop.ui.session import Session
from wellbeing_desktop.ui.widgets import labels
from wellbeing_desktop.ui.widgets.empty_state import empty_state
from wellbeing_desktop.ui.widgets.list_card import ListCard


class Work(msgspec.Struct, frozen=True):
    colleague: str
    people: tuple[Piece, ...]
    tasks: tuple[Piece, ...]


class WorkloadPage(Page):
    """The argument is the colleague's id; empty for one's own."""

    title, nav_key, section_key, help_key = "What a colleague has on", "workload", "referrals", "referrals"

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self._who = session.user_id
        self._rows: dict[str, str] = {}
        self.body.addWidget(labels.heading(self.title, 1))
        self.colleague = labels.strong("")
        self.body.addWidget(self.colleague)
        self.nothing = empty_state(
            "Nothing, as far as this laptop knows", "Only what this laptop holds is counted.", None, "users"
        )
        self.body.addWidget(self.nothing)
        self.people = ListCard(
            "People", [Column("Who"), Column("Supported since", width=20)], -1, lambda _w: "plain", has_two_lines=False
        )
        self.tasks = ListCard(
            "Tasks due", [Column("Due", width=16), Column("What and for whom")], -1, lambda _w: "plain"
        )
        for card in (self.people, self.tasks):
            card.table.opened.connect(self._open)
            self.body.addWidget(card)
        self.body.addStretch()

    def on_shown(self, argument: str = "") -> None:
        self._who = argument or self._who
        who, today = self._who, self.session.today()

        def read(reader: Reader) -> Work:
            colleague = load(reader, Practitioner, who)
            return Work(colleague.name if colleague else "", supported(reader, who), tasks_due(reader, who, today))

        background.query(self, self.session.store, read, partial(self._show, who))

    def refresh(self, changes: Changes) -> None:
        if changes.touches("episode", "task", "practitioner"):
            self.on_shown()

    def _show(self, who: str, work: Work) -> None:
        if who != self._who:
            return
        self.colleague.setText(work.colleague or "A colleague who is not on this laptop")
        self._rows = {one.id: one.person_id for one in (*work.people, *work.tasks)}
        count = len(work.people)
        self.people.show_rows(
            [TableRow(one.id, (one.name, f"Since {day_words(one.on)}")) for one in work.people],
            "1 person supported" if count == 1 else f"{count:,} people supported",
        )
        due = len(work.tasks)
        self.tasks.show_rows(
            [TableRow(one.id, (day_words(one.on), f"{one.words}\n{one.name}")) for one in work.tasks],
            "1 task due" if due == 1 else f"{due:,} tasks due",
        )
        self.nothing.setVisible(not self._rows)
        tab_in_reading_order(self)

    def _open(self, id: str) -> None:
        if self._rows.get(id):
            self.go.emit("person", self._rows[id])
