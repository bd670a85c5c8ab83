"""My calendar: when am I where, and what clashes? A day or a week of one's own appointments; files out and in (E1, R3)."""

import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from PySide6.QtWidgets import QWidget

from wellbeing_desktop.domain.changes import Changes
from wellbeing_desktop.domain.dates import DAYS, day_words, staff_date
from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.exchange.ics import Calendar, calendar_bytes, read_calendar
from wellbeing_desktop.operations.calendars import LEVELS, CalendarPlan, import_calendar, own_calendar, plan_calendar
from wellbeing_desktop.storage.connection import Reader, Writer
from wellbeing_desktop.storage.search import PersonRow, find_people
from wellbeing_desktop.storage.today import Visit, week
from wellbeing_desktop.ui import background
from wellbeing_desktop.ui.commands import Command, for_page
from wellbeing_desktop.ui.models.paged_table import Column
from wellbeing_desktop.ui.models.short_list import ShortList
from wellbeing_desktop.ui.page import Page
from wellbeing_desktop.ui.pages.calendar import words
from wellbeing_desktop.ui.pages.person.parts import row_of_buttons
from wellbeing_desktop.ui.pages.today_parts.day import things
from wellbeing_desktop.ui.reading_order import tab_in_reading_order
from wellbeing_desktop.ui.saving import tell_saved
from wellbeing_desktop.ui.saving_files import ask_where, ask_which, if_it_may_leave, read_chosen, write_private
from wellbeing_desktop.ui.session import Session
from wellbeing_desktop.ui.waiting import run_waiting
from wellbeing_desktop.ui.widgets import buttons, cards, fields, labels, messages
from wellbeing_desktop.ui.widgets.form import Form
from wellbeing_desktop.ui.widgets.short_table import ShortTable

LARGEST: Final = 10 * 1024 * 1024
LENGTHS: Final = (("7", "A week"), ("1", "A day"))
OURS_ONLY: Final = "Only what this program wrote into the calendar"


class CalendarPage(Page):
    """The argument may be a day, as 2026-11-28."""

    title, nav_key, section_key = "My calendar", "calendar", "today"

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self.first = self._asked = session.today()
        self.visits: tuple[Visit, ...] = ()
        self._read: Calendar | None = None
        self.body.addWidget(labels.heading("My calendar", 1))
        head = Form()
        head.begin_row()
        self.day = fields.day(session.today)
        self.days = fields.choice(LENGTHS)
        head.add("days", "Sho&w", self.days)
        head.add("day", "D&ay", self.day, help_text="today, mon, +1w or 21/11")
        head.end_row()
        self.day.left.connect(self._go_to_day)
        self.days.edited.connect(lambda: self.show_from(self._asked))
        self.body.addWidget(head)
        self.body.addWidget(
            row_of_buttons(
                buttons.secondary("&Earlier", lambda: self._step(-1)),
                buttons.secondary("&Today", lambda: self.show_from(session.today())),
                buttons.secondary("&Later", lambda: self._step(1)),
            )
        )
        self.count = labels.strong("")
        self.model = ShortList([Column("When", width=15), Column("Who"), Column("To know", width=24)], self)
        self.table = ShortTable("My appointments", self.model, has_two_lines=True, most_rows=12)
        self.table.draw_as_chips(2, words.tone_of)
        self.table.opened.connect(self._open)
        self.body.addWidget(cards.card("", self.count, self.table))
        self._lay_out_saving()
        self._lay_out_bringing_in()
        self.body.addStretch(1)
        tab_in_reading_order(self)

    def on_shown(self, argument: str = "") -> None:
        try:
            first = dt.date.fromisoformat(argument)
        except ValueError:
            first = self.session.today()
        self.show_from(first)

    def refresh(self, changes: Changes) -> None:
        if changes.touches("appointment", "person", "alert"):
            self.show_from(self.first)

    def commands(self) -> Sequence[Command]:
        return (for_page("save", self.save_file, name="Save my calendar as a file", page=self.nav_key),)

    def first_focus(self) -> QWidget | None:
        return self.table if self.visits else self.day

    def show_from(self, first: dt.date) -> None:
        """The day, or the week that it is in."""
        self._asked = first
        is_week = self.days.value() != "1"
        self.first = first - dt.timedelta(days=first.weekday()) if is_week else first
        self.day.set_value(staff_date(first))
        start, length, me = self.first, 7 if is_week else 1, self.session.user_id
        background.query(self, self.session.store, lambda reader: week(reader, me, start, length), self._show)

    def save_file(self) -> None:
        """One's own appointments, with no more of the people than was chosen."""
        if_it_may_leave(self, self.session.store, self._ask_where)

    def write_file(self, path: Path) -> None:
        level, now, today = self.level.value(), self.session.now(), self.session.today()

        def made(data: tuple[bytes, int]) -> None:
            run_waiting(self, lambda: write_private(path, data[0]), lambda _nothing: self._saved(data[1]), self._failed)

        def read(reader: Reader) -> tuple[bytes, int]:
            entries = own_calendar(reader, level=level, today=today)
            return calendar_bytes(entries, now), len(entries)

        background.query(self, self.session.store, read, made)

    def look_at(self, path: Path) -> None:
        """Read a calendar and show what it would do; nothing is written."""
        messages.clear(self)

        def read() -> Calendar:
            content = read_chosen(path, LARGEST, lambda _done, _all: None)
            if len(content) > LARGEST:
                raise Refused("This file is larger than any calendar that can be brought in.")
            return read_calendar(content)

        run_waiting(self, read, self._take, self._failed)

    def bring_in(self) -> None:
        """All of it or nothing; undone as one."""
        read, person_id, now = self._read, self.person.value(), self.session.now()
        if read is None:
            return

        def work(writer: Writer) -> Changes:
            return import_calendar(writer, read.entries, person_id=person_id, at=now)[0]

        self.bring_button.setEnabled(False)
        background.operate(self, self.session.store, work, self._brought_in, self._failed)

    def _lay_out_saving(self) -> None:
        form = Form()
        self.level = fields.choice(tuple(LEVELS.items()))
        form.add("level", "What others who see the calendar may &read", self.level)
        self.saved = messages.notice("", "good", can_close=True)
        self.saved.hide()
        self.body.addWidget(
            cards.card(
                "Save my calendar as a file",
                labels.body(
                    "Your booked and cancelled appointments from a week ago on, for another calendar program. Never a "
                    "name, an address or a reason. The file is not encrypted."
                ),
                form,
                self.saved,
                row_of_buttons(buttons.secondary("&Save my calendar", self.save_file, icon="calendar")),
            )
        )

    def _lay_out_bringing_in(self) -> None:
        form = Form()
        self.find_field = fields.line(hint="Name, NHS number or date of birth")
        self.person = fields.choice((), empty=OURS_ONLY)
        form.add(
            "find",
            "&Find whose appointments they are",
            self.find_field,
            help_text="A calendar does not say whose an event is, and a name in an event is never looked up.",
        )
        form.add("person", "W&hose", self.person)
        self.find_field.textChanged.connect(self._find)
        self.person.edited.connect(self._plan)
        self.bring_button = buttons.secondary("&Bring in what is shown", self.bring_in)
        self.bring_button.setEnabled(False)
        self.planned = labels.body("Nothing is written before you have seen what it would do.")
        self.plan_model = ShortList([Column("Event", width=30), Column("What happens")], self)
        self.plan_table = ShortTable("What the calendar would do", self.plan_model, most_rows=8)
        self.plan_table.hide()
        self.body.addWidget(
            cards.card(
                "Bring in a calendar file",
                form,
                self.planned,
                self.plan_table,
                row_of_buttons(
                    buttons.secondary("&Choose a calendar file", self._choose_file, icon="upload"), self.bring_button
                ),
            )
        )

    def _show(self, visits: tuple[Visit, ...]) -> None:
        self.visits = visits
        self.model.show_rows(words.calendar_rows(visits))
        self.table.setVisible(bool(visits))
        clashing = len(words.clashes(visits))
        when = (
            f"Week of {staff_date(self.first)}"
            if self.days.value() != "1"
            else f"{DAYS[self.first.weekday()]} {staff_date(self.first)}"
        )
        said = f"{when}: {things(len(visits), 'appointment') if visits else 'nothing booked'}."
        self.count.setText(said + (f" {clashing} of them at the same time as another." if clashing else ""))

    def _step(self, by: int) -> None:
        self.show_from(self.first + dt.timedelta(days=by * int(self.days.value())))

    def _go_to_day(self) -> None:
        try:
            wanted = dt.date.fromisoformat(self.day.value())
        except ValueError:
            return  # the field says what is wrong with it
        if wanted != self._asked:
            self.show_from(wanted)

    def _open(self, appointment_id: str) -> None:
        visit = next((each for each in self.visits if each.id == appointment_id), None)
        if visit is not None:
            self.go.emit("person", visit.person_id)

    def _ask_where(self) -> None:
        path = ask_where(self, "Save my calendar", "calendar.ics")
        if path is not None:
            self.write_file(path)

    def _saved(self, count: int) -> None:
        self.saved.show()
        self.saved.show_message(messages.Message("Calendar saved.", f"{things(count, 'appointment')}.", "", "good"))

    def _choose_file(self) -> None:
        path = ask_which(self, "Bring in a calendar")
        if path is not None:
            self.look_at(path)

    def _find(self, typed: str) -> None:
        background.query(self, self.session.store, lambda reader: find_people(reader, typed.strip(), 20), self._offer)

    def _offer(self, people: list[PersonRow]) -> None:
        self.person.set_value("")
        self.person.set_choices(
            [
                (row.id, f"{row.name}, born {day_words(row.born_on, 'not known')}, {row.postcode}")
                for row in people
                if not row.died
            ]
        )
        self._plan()

    def _take(self, read: Calendar) -> None:
        self._read = read
        self._plan()

    def _plan(self) -> None:
        read, person_id, now = self._read, self.person.value(), self.session.now()
        if read is None:
            return
        background.query(
            self,
            self.session.store,
            lambda reader: plan_calendar(reader, read.entries, person_id=person_id, at=now),
            self._show_plan,
            self._failed,
        )

    def _show_plan(self, plan: CalendarPlan) -> None:
        read = self._read
        if read is None:
            return
        wanted = len(plan.created) + len(plan.updated)
        refused = len(plan.refused) + len(read.refused)
        floating = sum(event.floating for event in read.entries)
        said = (
            f"{len(plan.created)} booked, {len(plan.updated)} moved, {plan.unchanged} as they are, {refused} not used."
        )
        if floating:
            said += f" {floating} give no time zone: read as UK time."
        self.planned.setText(said)
        rows = words.plan_rows(plan)
        self.plan_model.show_rows(rows)
        self.plan_table.setVisible(bool(rows))
        self.bring_button.setEnabled(wanted > 0)
        messages.announce(self.planned, said)

    def _brought_in(self, changes: Changes) -> None:
        self._read = None
        self.plan_model.show_rows([])
        self.plan_table.hide()
        self.planned.setText("The calendar was brought in.")
        tell_saved(self, self.session, "Calendar brought in.", changes)
        self.show_from(self.first)

    def _failed(self, problem: BaseException) -> None:
        self.bring_button.setEnabled(self._read is not None)
        messages.show(self, problem)
