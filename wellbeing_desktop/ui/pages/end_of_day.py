"""The end of the day: one sentence that says what was written, what is left and whether it is safe (PRACTICE W28)."""

from collections.abc import Sequence

from PySide6.QtWidgets import QWidget

from wellbeing_desktop.domain.changes import Changes
from wellbeing_desktop.domain.code_lists import label_of
from wellbeing_desktop.domain.dates import long_date, staff_date
from wellbeing_desktop.domain.registry import RECORD_TYPES
from wellbeing_desktop.operations.contacts import set_gp_entry
from wellbeing_desktop.storage.connection import Writer
from wellbeing_desktop.storage.day_end import DayEnd, ToCopy, day_end
from wellbeing_desktop.ui import background
from wellbeing_desktop.ui.commands import Command
from wellbeing_desktop.ui.models.paged_table import Column, TableRow
from wellbeing_desktop.ui.models.short_list import ShortList
from wellbeing_desktop.ui.page import Page
from wellbeing_desktop.ui.pages.today_parts.day import things
from wellbeing_desktop.ui.saving import tell_saved
from wellbeing_desktop.ui.session import Session
from wellbeing_desktop.ui.shell import Shell
from wellbeing_desktop.ui.widgets import buttons, labels
from wellbeing_desktop.ui.widgets.cards import Card
from wellbeing_desktop.ui.widgets.flow import FlowLayout
from wellbeing_desktop.ui.widgets.short_table import RowAction, ShortTable


def in_one_sentence(end: DayEnd, *, shared: bool) -> str:
    """ "5 visits, 5 notes, 2 to copy to the GP system, 1 copy owed, all sent." """
    parts = [things(end.visits, "visit")]
    if end.calls:
        parts.append(things(end.calls, "call"))
    if end.other_contacts:
        parts.append(things(end.other_contacts, "other contact"))
    parts.append(things(end.notes, "note"))
    if end.not_attended:
        parts.append(f"{end.not_attended} did not attend")
    parts.append(
        f"{len(end.to_copy):,} to copy to the GP system" if end.to_copy else "nothing to copy to the GP system"
    )
    parts.append(things(end.copies_owed, "copy owed", "copies owed") if end.copies_owed else "no copies owed")
    if not shared:
        parts.append("all kept on this laptop")
    else:
        parts.append(things(end.unsent, "change") + " waiting to be sent" if end.unsent else "all sent")
    return ", ".join(parts) + "."


def _what(each: ToCopy) -> str:
    kind = RECORD_TYPES[each.kind].label if each.kind in RECORD_TYPES else each.kind
    return f"{kind}, {staff_date(each.on)}" if each.on else kind


class EndOfDayPage(Page):
    title, nav_key, section_key, help_key = "End of the day", "end_of_day", "today", "today"

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self._to_copy: Sequence[ToCopy] = ()
        self.body.addWidget(labels.muted(long_date(session.today())))
        self.sentence = labels.heading("", 1)
        self.body.addWidget(self.sentence)
        self.open_work = QWidget()
        self._open_work = FlowLayout(self.open_work)
        self.outcome_link = buttons.link("", lambda: self.go.emit("today", ""))
        self.draft_link = buttons.link("", lambda: self.go.emit("today", ""))
        self.owed_link = buttons.link("", lambda: self.go.emit("caseload", "copy"))
        for link in (self.outcome_link, self.draft_link, self.owed_link):
            self._open_work.addWidget(link)
        self.body.addWidget(self.open_work)
        self.model = ShortList([Column("Who"), Column("What", width=30)], self)
        self.table = ShortTable("To copy to the GP system", self.model)
        self.table.opened.connect(self._open)
        self.table.ticked.connect(self._entered)
        self.table.actions_of_row = self._row_actions
        self.card = Card(
            "To copy to the GP system",
            action=buttons.link("Mark as e&ntered", lambda: self._entered(self.table.record_id())),
        )
        self.card.body.addWidget(
            labels.muted("Enter opens the record, where “Copy for GP record” is. Space says that it has been entered.")
        )
        self.card.body.addWidget(self.table)
        self.body.addWidget(self.card)
        actions = QWidget()
        flow = FlowLayout(actions)
        self.lock_button = buttons.primary("&Lock and close the lid", self._lock, icon="lock")
        flow.addWidget(self.lock_button)
        flow.addWidget(buttons.secondary("&Sync now", self._sync))
        flow.addWidget(buttons.secondary("&Ready for the road", lambda: self.go.emit("road", "")))
        flow.addWidget(buttons.secondary("&Back to today", lambda: self.go.emit("today", "")))
        self.body.addWidget(actions)
        self.body.addStretch()

    def on_shown(self, argument: str = "") -> None:
        session = self.session
        background.query(
            self, session.store, lambda reader: day_end(reader, session.user_id, session.today()), self.show_end
        )

    def refresh(self, changes: Changes) -> None:
        if changes.touched:
            self.on_shown()

    def commands(self) -> Sequence[Command]:
        return (Command("lock_up", "Lock and close the lid", page=self.nav_key, run=self._lock),)

    def first_focus(self) -> QWidget | None:
        return self.lock_button

    def show_end(self, end: DayEnd) -> None:
        """The sentence, what is open, and what is to be copied."""
        self._to_copy = end.to_copy
        self.sentence.setText(in_one_sentence(end, shared=self.session.sync is not None))
        for link, count, words in (
            (self.outcome_link, end.without_outcome, things(end.without_outcome, "appointment") + " with no outcome"),
            (self.draft_link, end.drafts, things(end.drafts, "draft") + " to finish"),
            (self.owed_link, end.copies_owed, things(end.copies_owed, "copy of a plan owed", "copies of plans owed")),
        ):
            link.set_words(words)
            link.setVisible(count > 0)
        self.open_work.setVisible(bool(end.without_outcome or end.drafts or end.copies_owed))
        self.model.show_rows(
            [
                TableRow(
                    each.id,
                    (each.name or "Not on this laptop", _what(each)),
                )
                for each in end.to_copy
            ]
        )
        self.card.setVisible(bool(end.to_copy))

    def _open(self, entry_id: str) -> None:
        for each in self._to_copy:
            if each.id == entry_id:
                self.go.emit("person", each.person_id)

    def _entered(self, entry_id: str) -> None:
        self._set(entry_id, "entered")

    def _row_actions(self, _entry_id: str) -> Sequence[RowAction]:
        return (
            (label_of("gp_entry_states", "entered"), self._entered),
            (label_of("gp_entry_states", "not_needed"), lambda id: self._set(id, "not_needed")),
            ("Open the person's record", self._open),
        )

    def _set(self, entry_id: str, state: str) -> None:
        def do(writer: Writer) -> Changes:
            return set_gp_entry(writer, entry_id, state, at=self.session.now())

        background.operate(
            self,
            self.session.store,
            do,
            lambda changes: tell_saved(self, self.session, "GP record marked.", changes),
        )

    def _sync(self) -> None:
        if self.session.sync is not None:
            self.session.sync.nudge()
        self.on_shown()

    def _lock(self) -> None:
        window = self.window()
        if isinstance(window, Shell):
            window.lock()
