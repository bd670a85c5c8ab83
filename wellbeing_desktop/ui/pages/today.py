"""Today: what must I do next? Visits in order, what is late, what is due, what is owed, what is half written."""

import datetime as dt
from collections.abc import Sequence

from PySide6.QtWidgets import QWidget

from wellbeing_desktop.domain.changes import Changes
from wellbeing_desktop.domain.dates import long_date, recent_words
from wellbeing_desktop.operations.digital import look_after_releases
from wellbeing_desktop.storage import lease, organisation_key
from wellbeing_desktop.storage.connection import Reader
from wellbeing_desktop.storage.knowledge_work import KnowledgeWork, knowledge_work
from wellbeing_desktop.ui import background
from wellbeing_desktop.ui.commands import Command, for_page
from wellbeing_desktop.ui.models.paged_table import Column, TableRow
from wellbeing_desktop.ui.page import Page
from wellbeing_desktop.ui.pages.concern.words import not_seen_to, without_outcome
from wellbeing_desktop.ui.pages.today_parts import day as words
from wellbeing_desktop.ui.pages.today_parts.clocks import clock_rows, clock_tone, clocks_title
from wellbeing_desktop.ui.pages.today_parts.day import Day
from wellbeing_desktop.ui.pages.today_parts.kept_drafts import belongs_to
from wellbeing_desktop.ui.pages.today_parts.row_actions import RowActions
from wellbeing_desktop.ui.session import Session
from wellbeing_desktop.ui.widgets import buttons, cards, labels, messages
from wellbeing_desktop.ui.widgets.columns import TwoColumns
from wellbeing_desktop.ui.widgets.empty_state import empty_state
from wellbeing_desktop.ui.widgets.flow import FlowLayout
from wellbeing_desktop.ui.widgets.head import head_row
from wellbeing_desktop.ui.widgets.list_card import ListCard


class TodayPage(Page):
    title, nav_key = "Today", "today"

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self.day: Day | None = None
        self.row_actions = RowActions(self, session)
        self.shows_week = False
        self._just_shown = True
        self._ask()  # the store reads while the page is built
        self._has_just_asked = True
        self._lay_out_head()
        self.notes = QWidget()
        self._notes = FlowLayout(self.notes)
        self.at_risk = buttons.danger("", lambda: self.go.emit("concerns", ""), icon="shield-alert")
        self.answers = buttons.danger("", lambda: self.go.emit("concerns", ""), icon="shield-alert")
        self.clashes = buttons.link("", lambda: self.go.emit("clashes", "mine"))
        self.to_copy = buttons.link("", lambda: self.go.emit("end_of_day", ""))
        self.not_applied = buttons.link("", lambda: self.go.emit("sync", "refused"))
        self.held = buttons.link("", lambda: self.go.emit("sync", ""))
        self.knowledge = buttons.link("", lambda: self.go.emit("articles", ""))
        self.knowledge.hide()
        self.found_by_sync = buttons.link("", lambda: self.go.emit("sync", ""))
        self.found_by_sync.hide()
        for link in (
            self.at_risk,
            self.answers,
            self.clashes,
            self.not_applied,
            self.held,
            self.found_by_sync,
            self.to_copy,
        ):
            self._notes.addWidget(link)
        self.body.addWidget(self.notes)
        self.lease = messages.notice("", "warning")
        self.lease.hide()
        self.body.addWidget(self.lease)
        self.nobody_named = messages.notice("", "warning")
        self.nobody_named.hide()
        self.body.addWidget(self.nobody_named)
        self.nothing = empty_state(
            "Nothing due today",
            "Visits, calls and tasks for today show here.",
            buttons.secondary("See this week", self.see_week),
            "sun",
        )
        self.nothing.hide()
        self.body.addWidget(self.nothing)
        self.columns = TwoColumns(3, 2)
        self.no_visits = cards.card(
            "No visits today",
            labels.muted("Visits and calls that are booked show here."),
            buttons.link("See this week", self.see_week),
        )
        self.columns.left.addWidget(self.no_visits)
        self._make_cards()
        self.body.addWidget(self.columns)
        self.body.addStretch()

    def on_shown(self, argument: str = "") -> None:
        self._just_shown = not self.isVisible() or self.day is None
        now = self.session.now()
        background.operate(self, self.session.store, lambda writer: look_after_releases(writer, at=now))
        if not self._has_just_asked:
            self._ask()
        self._has_just_asked = False

    def _show_lease(self, said: str) -> None:
        """How long this laptop has been away from its server, from the day that it matters; and what the server says
        that is not followed."""
        self.lease.show_message(messages.Message(said, "", "", "warning"))
        self.lease.setVisible(bool(said))

    def _ask(self) -> None:
        session = self.session
        background.query(
            self,
            session.store,
            lambda reader: words.read_day(reader, session.user_id, session.today(), session.now()),
            self.show_day,
        )
        background.query(
            self,
            session.store,
            lambda reader: _told_of_server(reader, session.now()),
            self._show_lease,
        )
        background.query(
            self, session.store, lambda reader: knowledge_work(reader, session.today()), self._show_knowledge
        )

    def _fit_notes(self) -> None:
        notes = (
            self.at_risk,
            self.answers,
            self.clashes,
            self.not_applied,
            self.held,
            self.found_by_sync,
            self.to_copy,
            self.knowledge,
        )
        self.notes.setVisible(any(not link.isHidden() for link in notes))

    def _show_knowledge(self, work: KnowledgeWork) -> None:
        """Articles and reports that wait for the person signed in."""
        mine, others = work.waiting_for(self.session.user_id), work.to_approve_by(self.session.user_id)
        parts = [
            words.things(mine, "article or report to look at", "articles and reports to look at") if mine else "",
            f"{words.things(others, 'article')} for approval" if others else "",
        ]
        said = ", ".join(part for part in parts if part)
        self.knowledge.set_words(said)
        self.knowledge.setVisible(bool(said))
        self._fit_notes()

    def refresh(self, changes: Changes) -> None:
        if changes.touched:
            self._ask()

    def commands(self) -> Sequence[Command]:
        return (
            Command("end_of_day", "End of the day", page=self.nav_key, run=lambda: self.go.emit("end_of_day", "")),
            Command("see_week", "See this week", page=self.nav_key, run=self.see_week),
            for_page("filter", lambda: self.go.emit("caseload", ""), name="Find a person in the caseload"),
            for_page("visit_mode", self._visit, name="Open this visit in Visit mode", page=self.nav_key),
            for_page("new_contact", lambda: self._with_person("contact"), page=self.nav_key),
            for_page("new_task", lambda: self._with_person("new_task"), page=self.nav_key),
            for_page("new_referral", lambda: self._with_person("new_referral"), page=self.nav_key),
        )

    def panes(self) -> Sequence[QWidget]:
        return (self.columns,)

    def first_focus(self) -> QWidget | None:
        return next((card.table for card in self._cards if not card.isHidden()), self.week_button)

    def see_week(self) -> None:
        """Show seven days instead of one, and back."""
        self.shows_week = not self.shows_week
        self.week_button.set_words("See &today only" if self.shows_week else "See this &week")
        if self.day is not None:
            self.show_day(self.day)

    def show_day(self, day: Day) -> None:
        """Everything on the screen, from one answer of the store."""
        self.day = self.row_actions.day = day
        t = day.today
        self.summary.setText(words.summary(day))
        self.summary.setVisible(bool(words.summary(day)))
        visits = day.week if self.shows_week else t.visits
        self.visits.show_rows(
            words.visit_rows(visits, day, with_day=self.shows_week),
            f"The next 7 days: {words.things(len(visits), 'appointment')}"
            if self.shows_week
            else f"{words.things(len(visits), 'appointment')} today",
        )
        late = len(t.late(day.on, day.now))
        to_do = (*t.tasks, *t.actions)
        self.clocks.show_rows(clock_rows(day.clocks, self.session.now()), clocks_title(day.clocks))
        self.nobody_named.show_message(messages.Message(day.clocks.nobody_named, "", "", "warning"))
        self.nobody_named.setVisible(bool(day.clocks.nobody_named))
        self.to_do.show_rows(
            words.due_rows(to_do, day),
            words.things(len(to_do), "thing to do", "things to do") + (f", {late} late" if late else ""),
        )
        self.no_outcome.show_rows(
            words.visit_rows(t.without_outcome, day, with_day=True),
            words.things(len(t.without_outcome), "appointment with no outcome", "appointments with no outcome"),
        )
        self.reviews.show_rows(
            words.review_rows(day),
            words.things(len(t.reviews), "plan review") + " due within 2 weeks",
        )
        self.copies.show_rows(
            words.copy_rows(day), words.things(len(t.copies_owed), "copy of a plan owed", "copies of plans owed")
        )
        self.referrals.show_rows(words.referral_rows(day), words.things(len(day.referrals), "new referral"))
        self.check_ins.show_rows(
            words.check_in_rows(day), words.things(len(day.check_ins), "check-in") + " with people who wait"
        )
        self.drafts.show_rows(self._draft_rows(day), words.things(len(t.drafts), "draft") + " to finish")
        self.clashes.set_words(f"{words.things(t.conflicts, 'clash of edits', 'clashes of edits')} to settle")
        self.clashes.setVisible(t.conflicts > 0)
        self.not_applied.set_words(f"{words.things(t.not_applied, 'change')} of yours could not be applied")
        self.not_applied.setVisible(t.not_applied > 0)
        self.held.set_words(f"{words.things(t.held, 'piece')} of work held, not sent")
        self.held.setVisible(t.held > 0)
        self.found_by_sync.set_words(f"{words.things(t.found_by_sync, 'thing', 'things')} to know from syncing")
        self.found_by_sync.setVisible(t.found_by_sync > 0)
        self.to_copy.set_words(f"{words.things(t.gp_entries, 'entry', 'entries')} to copy to the GP system")
        self.to_copy.setVisible(t.gp_entries > 0)
        self.at_risk.set_words(without_outcome(day.at_risk))
        self.at_risk.setVisible(day.at_risk > 0)
        self.answers.set_words(not_seen_to(day.answers))
        self.answers.setVisible(day.answers > 0)
        self._fit_notes()
        shown = any(not card.isHidden() for card in self._cards)
        self.nothing.setVisible(not shown and words.is_empty(day))
        self.no_visits.setVisible(self.visits.isHidden() and not self.shows_week)
        self.columns.setVisible(shown)
        self.columns.right_side.setVisible(any(not card.isHidden() for card in self._right))
        if self._just_shown and self.week_button.hasFocus():
            first = self.first_focus()
            if first is not None:
                first.setFocus()
        self._just_shown = False

    def _lay_out_head(self) -> None:
        self.week_button = buttons.secondary("See this &week", self.see_week, icon="calendar")
        ways = (
            self.week_button,
            buttons.link("My calendar", lambda: self.go.emit("calendar", "")),
            buttons.secondary("&Ready for the road", self._road),
            buttons.secondary("&End of the day", lambda: self.go.emit("end_of_day", "")),
        )
        self.body.addWidget(head_row(long_date(self.session.today()), *ways))
        self.summary = labels.body()
        self.body.addWidget(self.summary)

    def _make_cards(self) -> None:
        self.done_button = buttons.link("Mark as &done", lambda: self.row_actions.tick(self.to_do.table.record_id()))
        self.outcome_button = buttons.link("Say what &came of it", lambda: self.no_outcome.table.show_actions())
        self.copy_button = buttons.link("Say it was &given", lambda: self.copies.table.show_actions())
        self.decide_button = buttons.link("Dec&ide", lambda: self.referrals.table.show_actions())
        self.visits = ListCard(
            "Appointments",
            [Column("When", width=14), Column("Who"), Column("Before it", width=20)],
            2,
            words.visit_tone,
        )
        self.clocks = ListCard("Clocks", [Column("State", width=24), Column("What and whom to ring")], 0, clock_tone)
        self.to_do = ListCard("To do", [Column("When", width=14), Column("What")], 0, words.when_tone, self.done_button)
        self.no_outcome = ListCard(
            "Appointments with no outcome",
            [Column("When", width=14), Column("Who")],
            -1,
            words.visit_tone,
            self.outcome_button,
        )
        self.reviews = ListCard(
            "Reviews", [Column("When", width=12), Column("Who")], 0, words.when_tone, has_two_lines=False
        )
        self.copies = ListCard("Copies owed", [Column("Who")], -1, words.when_tone, self.copy_button)
        self.referrals = ListCard(
            "New referrals",
            [Column("Urgency", width=12), Column("Who")],
            0,
            words.urgency_tone,
            self.decide_button,
        )
        self.check_in_button = buttons.link("Look i&n", lambda: self.check_ins.table.show_actions())
        self.check_ins = ListCard(
            "Check-ins with people who wait",
            [Column("When", width=14), Column("Who")],
            0,
            words.when_tone,
            self.check_in_button,
        )
        self.drafts = ListCard("Drafts", [Column("What")], -1, words.when_tone)
        self._right = (self.reviews, self.copies, self.referrals, self.drafts)
        left = (self.clocks, self.visits, self.no_outcome, self.to_do, self.check_ins)
        self._cards = (*left, *self._right)
        for card in left:
            self.columns.left.addWidget(card)
        for card in self._right:
            self.columns.right.addWidget(card)
        self.columns.left.addStretch()
        self.columns.right.addStretch()
        for card in self._cards:
            if card is not self.drafts:
                card.table.opened.connect(self.row_actions.open_person)
        self.drafts.table.opened.connect(self._open_draft)
        self.to_do.table.ticked.connect(self.row_actions.tick)
        self.to_do.table.actions_of_row = self.row_actions.of_task
        self.no_outcome.table.actions_of_row = self.row_actions.of_outcome
        self.no_outcome.table.ticked.connect(lambda _id: self.no_outcome.table.show_actions())
        self.visits.table.actions_of_row = self.row_actions.of_visit
        self.referrals.table.actions_of_row = self.row_actions.of_referral
        self.referrals.table.ticked.connect(lambda _id: self.referrals.table.show_actions())
        self.check_ins.table.actions_of_row = self.row_actions.of_check_in
        self.check_ins.table.ticked.connect(lambda _id: self.check_ins.table.show_actions())
        self.copies.table.actions_of_row = self.row_actions.of_copy
        self.copies.table.ticked.connect(lambda _id: self.copies.table.show_actions())

    def _road(self) -> None:
        self.go.emit("road", "")

    def _visit(self) -> None:
        """F9 on an appointment: the one that the keyboard is on, else the first of the day."""
        record_id = self.visits.table.record_id()
        person_id = words.person_of(record_id, self.day) if self.day is not None and record_id else ""
        if person_id:
            self.go.emit("visit", person_id)

    def _with_person(self, nav_key: str) -> None:
        focused = next((card for card in self._cards if card.table.hasFocus()), None)
        person_id = words.person_of(focused.table.record_id(), self.day) if focused and self.day else ""
        if person_id:
            self.go.emit(nav_key, person_id)
        else:
            self.go.emit("caseload", "")

    def _draft_rows(self, day: Day) -> list[TableRow]:
        rows = []
        for draft in day.today.drafts:
            name = day.people[draft.person_id].name if draft.person_id in day.people else ""
            rows.append(
                TableRow(
                    draft.key,
                    (
                        f"{belongs_to(draft)[0]}, kept {recent_words(draft.saved_at, self.session.now())}\n"
                        + (words.who(name, draft.person_id, day) if draft.person_id else "Nobody yet"),
                    ),
                )
            )
        return rows

    def _open_draft(self, key: str) -> None:
        drafts = self.day.today.drafts if self.day is not None else ()
        for draft in drafts:
            if draft.key == key:
                _words, nav_key, argument = belongs_to(draft)
                self.go.emit(nav_key, argument)
                return


def _told_of_server(reader: Reader, now: dt.datetime) -> str:
    away = lease.banner_words(lease.terms(reader, now))
    return " ".join(said for said in (away, organisation_key.banner_words(organisation_key.belief(reader))) if said)
