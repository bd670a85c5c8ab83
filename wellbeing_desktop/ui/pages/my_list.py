"""My list: everything due to me, in one place, with counts that are the lengths of what is shown (H5)."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Final

import msgspec
from PySide6.QtWidgets import QMenu, QWidget

from wellbeing_desktop.domain.changes import Changes
from wellbeing_desktop.domain.dates import staff_date
from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.operations.overdue import wanted
from wellbeing_desktop.operations.tasks import accept_task, finish_task, hand_on_task, postpone_task
from wellbeing_desktop.storage.conflicts import colleagues
from wellbeing_desktop.storage.connection import Reader, Writer
from wellbeing_desktop.storage.worklist import KINDS, Item, Worklist, worklist
from wellbeing_desktop.ui import background
from wellbeing_desktop.ui.commands import Command, for_page
from wellbeing_desktop.ui.models.paged_table import Column, TableRow
from wellbeing_desktop.ui.models.short_list import ShortList
from wellbeing_desktop.ui.page import Page
from wellbeing_desktop.ui.pages.today_parts.day import things, when, when_tone
from wellbeing_desktop.ui.reading_order import tab_in_reading_order
from wellbeing_desktop.ui.saving import tell_saved
from wellbeing_desktop.ui.session import Session
from wellbeing_desktop.ui.widgets import buttons, cards, fields, labels, messages
from wellbeing_desktop.ui.widgets.empty_state import empty_state
from wellbeing_desktop.ui.widgets.flow import FlowLayout
from wellbeing_desktop.ui.widgets.form import Form
from wellbeing_desktop.ui.widgets.short_table import RowAction, ShortTable

WEEK: Final = 7
_MOST_ROWS: Final = 8
_PAGES: Final = {
    "task": "task",
    "request": "request",
    "message": "message",
    "enquiry": "enquiry",
    "onward_referral": "onward",
}
"""Pages whose argument is the record; what has none opens in the person's record."""


class Found(msgspec.Struct, frozen=True):
    list: Worklist
    colleagues: Sequence[tuple[str, str]]
    on: dt.date
    now: dt.datetime


class MyListPage(Page):
    """The argument, if there is one, is the kind to show."""

    title, nav_key = "My list", "my_list"

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self.found: Found | None = None
        self.body.addWidget(labels.heading("My list", 1))
        self.summary = labels.body()
        self.body.addWidget(self.summary)
        self.form = Form()
        self.form.add("kind", "&Show", fields.choice((("", "Everything"),)))
        self.form.add("week", "", fields.tick("Also the next 7 da&ys"))
        self.kind = self.form.rows["kind"].field
        self.week = self.form.rows["week"].field
        self.model = ShortList([Column("When", width=14), Column("What"), Column("Kind", width=22)], self)
        self.table = ShortTable("Everything due to you", self.model, most_rows=_MOST_ROWS, has_two_lines=True)
        self.table.draw_as_chips(0, when_tone)
        self.table.opened.connect(self._open)
        self.table.ticked.connect(self._done)
        self.table.actions_of_row = self._actions
        self.done_button = buttons.secondary("Mark as &done", lambda: self._done(self.table.record_id()), icon="check")
        self.tomorrow_button = buttons.secondary("To&morrow", lambda: self._later(1, self.table.record_id()))
        self.next_week_button = buttons.secondary("Next &week", lambda: self._later(WEEK, self.table.record_id()))
        self.hand_on_button = buttons.secondary("&Hand on", self._choose_colleague, icon="users")
        self.row_buttons = QWidget()
        row = FlowLayout(self.row_buttons)
        for button in (self.done_button, self.tomorrow_button, self.next_week_button, self.hand_on_button):
            row.addWidget(button)
        self.more = labels.muted("")
        self.card = cards.card("", self.form, self.table, self.row_buttons, self.more)
        self.body.addWidget(self.card)
        self.nothing = empty_state(
            "Nothing is due", "What you promised, and what waits for you, shows here.", icon="sun"
        )
        self.body.addWidget(self.nothing)
        self.body.addStretch()
        self.kind.edited.connect(self._ask)
        self.week.edited.connect(self._ask)
        self.table.selectionModel().currentChanged.connect(lambda *_: self._fit_buttons())
        self.model.modelReset.connect(self._fit_buttons)
        self.card.hide()
        self.nothing.hide()

    def on_shown(self, argument: str = "") -> None:
        if argument in KINDS:
            self._offer_kinds({argument: 0, **(self.found.list.counts if self.found else {})})
            self.kind.set_value(argument)
        self._ask()

    def refresh(self, changes: Changes) -> None:
        if changes.touched or changes.everything:
            self._ask()

    def commands(self) -> Sequence[Command]:
        return (
            for_page("filter", lambda: self.kind.setFocus(), name="Choose what My list shows", page=self.nav_key),
            for_page("new_task", self._new_task, page=self.nav_key),
            Command("my_list_week", "My list: also the next 7 days", page=self.nav_key, run=self._turn_week),
        )

    def panes(self) -> Sequence[QWidget]:
        return (self.card,)

    def first_focus(self) -> QWidget | None:
        return self.table if not self.card.isHidden() else None

    def show_found(self, found: Found) -> None:
        """Everything on the screen, from one answer of the store."""
        self.found = found
        chosen = self.kind.value()
        self._offer_kinds(found.list.counts)
        total, everything = found.list.total, sum(found.list.counts.values())
        late = f", {found.list.late:,} late" if found.list.late else ""
        said = things(total, *KINDS[chosen]) if chosen else things(total, "thing to do", "things to do")
        self.summary.setText(f"{said}{late}.")
        self.model.show_rows([self._row(item, found) for item in found.list.items])
        left = total - len(found.list.items)
        self.more.setText(f"{left:,} more are due after these.")
        self.more.setVisible(left > 0)
        is_empty = everything == 0 and not self.week.value()
        self.card.setVisible(not is_empty)
        self.summary.setVisible(not is_empty)
        self.nothing.setVisible(is_empty)
        self.table.setVisible(bool(found.list.items))
        self.row_buttons.setVisible(bool(found.list.items))
        tab_in_reading_order(self)

    def _offer_kinds(self, known: Mapping[str, int]) -> None:
        chosen = self.kind.value()
        offered = [("", f"Everything ({sum(known.values()):,})")]
        offered += [
            (kind, f"{many[:1].upper()}{many[1:]} ({known.get(kind, 0):,})")
            for kind, (_one, many) in KINDS.items()
            if known.get(kind) or kind == chosen
        ]
        if isinstance(self.kind, fields.ChoiceField):
            self.kind.set_choices(offered)
            self.kind.set_value(chosen)

    def _ask(self) -> None:
        session, kind = self.session, self.kind.value()
        days = WEEK if self.week.value() else 0

        def read(reader: Reader) -> Found:
            now = session.now()
            asked = wanted(reader, session.user_id, now, days=days, kind=kind)
            return Found(worklist(reader, asked), colleagues(reader), asked.on, now)

        background.query(self, session.store, read, self.show_found)

    def _row(self, item: Item, found: Found) -> TableRow:
        may_be_late = item.is_late(found.on, found.now)
        due = when(item.due_on, found.on, urgent=item.urgent, at=item.due_at, now=found.now if may_be_late else None)
        born = f", born {staff_date(item.born_on)}" if item.born_on else ""
        whom = f"{item.name}{born}" if item.name else ("" if not item.person_id else "Not known yet")
        one = KINDS[item.kind][0]
        whose = dict(found.colleagues).get(item.owner_id, "")
        has = f"\n{whose}" if whose and item.kind in ("raised", "to_look_at", "message") else ""
        what = _first_line(item.what) or one[:1].upper() + one[1:]
        return TableRow(f"{item.type}/{item.id}", (due, f"{what}\n{whom}", f"{one[:1].upper()}{one[1:]}{has}"))

    def _item(self, row_id: str) -> Item | None:
        id = row_id.rpartition("/")[2]
        items = self.found.list.items if self.found is not None else ()
        return next((item for item in items if item.id == id), None)

    def _fit_buttons(self) -> None:
        item = self._item(self.table.record_id() or "")
        is_task = item is not None and item.type == "task"
        is_open = is_task and item is not None and item.kind != "to_look_at"
        self.done_button.setEnabled(is_task)
        self.done_button.set_words("The outcome is goo&d" if is_task and not is_open else "Mark as &done")
        for button in (self.tomorrow_button, self.next_week_button, self.hand_on_button):
            button.setEnabled(is_open)

    def _actions(self, row_id: str) -> Sequence[RowAction]:
        item = self._item(row_id)
        if item is None:
            return ()
        actions: list[RowAction] = [("Open it", self._open)]
        if item.type == "task" and item.kind == "to_look_at":
            actions.append(("The outcome is good", self._done))
        elif item.type == "task":
            actions += [
                ("Mark as done", self._done),
                ("Tomorrow", partial(self._later, 1)),
                ("Next week", partial(self._later, WEEK)),
                *self._colleagues_for(item),
            ]
        if item.person_id:
            actions.append(("Open the person's record", lambda _id: self.go.emit("person", item.person_id)))
        return actions

    def _colleagues_for(self, item: Item) -> list[RowAction]:
        found = self.found.colleagues if self.found is not None else ()
        return [
            (f"Hand on to {name}" if id != self.session.user_id else "Take it", partial(self._hand_on, id))
            for id, name in found
            if id != item.owner_id
        ]

    def _choose_colleague(self) -> None:
        item = self._item(self.table.record_id() or "")
        if item is None:
            return
        row_id = self.table.record_id() or ""
        menu = QMenu(self)
        for words, run in self._colleagues_for(item):
            menu.addAction(words).triggered.connect(lambda _on=False, run=run: run(row_id))
        if menu.isEmpty():
            menu.addAction("No colleague is known on this laptop").setEnabled(False)
        menu.popup(self.hand_on_button.mapToGlobal(self.hand_on_button.rect().bottomLeft()))

    def _open(self, row_id: str) -> None:
        item = self._item(row_id)
        if item is None:
            return
        page = _PAGES.get(item.type, "")
        self.go.emit(page or "person", item.id if page else item.person_id)

    def _done(self, row_id: str | None) -> None:
        item = self._item(row_id or "")
        if item is None:
            return
        if item.type != "task":
            self._open(row_id or "")  # it is finished where its words are
        elif item.kind == "to_look_at":
            self._do(lambda writer: accept_task(writer, item.id, at=self.session.now()), "Outcome looked at.")
        else:
            self._do(
                lambda writer: finish_task(writer, item.id, at=self.session.now()),
                "Task done.",
                lambda: self.go.emit("task", item.id),
            )

    def _later(self, days: int, row_id: str | None) -> None:
        item = self._item(row_id or "")
        if item is not None and item.type == "task":
            day = self.session.today() + dt.timedelta(days=days)
            said = f"Postponed to {staff_date(day)}."
            self._do(lambda writer: postpone_task(writer, item.id, day, at=self.session.now()), said)

    def _hand_on(self, to_id: str, row_id: str) -> None:
        item = self._item(row_id)
        if item is not None:
            self._do(lambda writer: hand_on_task(writer, item.id, to_id, at=self.session.now()), "Handed on.")

    def _do(
        self, operation: Callable[[Writer], Changes], done: str, needs_words: Callable[[], object] | None = None
    ) -> None:
        def refused(problem: BaseException) -> None:
            if needs_words is not None and isinstance(problem, Refused) and problem.field == "outcome":
                needs_words()  # a colleague looks at the outcome: it is said on the task's own page
            else:
                messages.show(self, problem)

        background.operate(
            self, self.session.store, operation, lambda changes: tell_saved(self, self.session, done, changes), refused
        )

    def _turn_week(self) -> None:
        self.week.set_value("" if self.week.value() else "yes")
        self._ask()

    def _new_task(self) -> None:
        item = self._item(self.table.record_id() or "")
        self.go.emit("new_task" if item is not None and item.person_id else "caseload", item.person_id if item else "")


def _first_line(text: str) -> str:
    """A message or a request on one line of the list."""
    line = " ".join(text.split())
    return line if len(line) <= 120 else line[:117].rstrip() + "..."
