"""Caseload: who needs me? Everybody I may see, found as I type, narrowed by a sentence."""

from collections.abc import Sequence
from concurrent.futures import Future

import msgspec
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QVBoxLayout, QWidget

from wellbeing_desktop.domain.changes import Changes
from wellbeing_desktop.domain.saved_view import SavedView
from wellbeing_desktop.storage.caseload import CaseloadFilter, CaseloadSort, caseload, caseload_found, caseload_stages
from wellbeing_desktop.storage.connection import Reader
from wellbeing_desktop.ui import background
from wellbeing_desktop.ui.charts import ChartCard
from wellbeing_desktop.ui.commands import Command, for_page
from wellbeing_desktop.ui.models.paged_table import PagedTable, PageOfRows
from wellbeing_desktop.ui.page import Page
from wellbeing_desktop.ui.pages.caseload_parts import rows, sentences
from wellbeing_desktop.ui.pages.caseload_parts.order import ColumnsAndOrder
from wellbeing_desktop.ui.pages.caseload_parts.stage_chart import stage_at, stage_chart
from wellbeing_desktop.ui.pages.caseload_parts.views import SavedViews
from wellbeing_desktop.ui.pressable_bars import PressableBars
from wellbeing_desktop.ui.session import Session
from wellbeing_desktop.ui.tokens import SPACE_M, SPACE_XS
from wellbeing_desktop.ui.widgets import buttons, fields, labels
from wellbeing_desktop.ui.widgets.beside import Beside
from wellbeing_desktop.ui.widgets.empty_state import empty_state
from wellbeing_desktop.ui.widgets.flow import FlowLayout
from wellbeing_desktop.ui.widgets.short_table import ChipCells, WrappingCells
from wellbeing_desktop.ui.widgets.table import Table

MOST_FOUND = 500
LEAST_ROWS = 6
HEAD_CHARACTERS = 110
"""Average characters of width in which the words of the field to find in can be read beside the two choices."""
_SHOWS = (
    "person",
    "address",
    "episode",
    "referral",
    "contact",
    "appointment",
    "care_plan",
    "plan_copy",
    "alert",
    "task",
    "alias",
)


class CaseloadPage(Page):
    title, nav_key = "Caseload", "caseload"

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self.search_field = fields.line(hint="Name, NHS number, postcode, telephone or date of birth")
        self.whose = fields.choice(sentences.WHOSE)
        self.which = fields.choice(sentences.WHICH)
        self.stage = fields.choice(sentences.stage_choices())
        self.whose.set_value("mine")
        for field in (self.whose, self.which, self.stage):
            field.setMinimumContentsLength(14)  # in letters as wide as X: room for the longest words of either
        self.views = SavedViews(session, self.view, self)
        self.order = ColumnsAndOrder()
        self.order_button = buttons.secondary("C&olumns and order", self._turn_order)
        self.chart_button = buttons.secondary("Show c&hart", self._turn_chart, icon="chart-column")
        bars = PressableBars(stage_chart({}))
        self.chart = ChartCard(bars.data, bars)
        self.chart.hide()
        self.all_button = buttons.secondary("Write to a&ll of these", self._letters_to_all)
        self.clear_button = buttons.link("&Clear filters", self.clear_filters)
        self._lay_out_head()
        self.count = labels.muted("")
        self.body.addWidget(self.count)
        self.model = PagedTable(rows.COLUMNS, self._ask, self)
        self.table = Table("People", self.model)
        self.table.setItemDelegateForColumn(rows.TO_KNOW, ChipCells(self.table, rows.tone_of))
        self.table.fold_with(WrappingCells(self.table))
        self.table.leave_out(rows.left_out(rows.USUAL))
        self.table.horizontalHeader().sectionClicked.connect(self._sorted_by_heading)
        self.table.opened.connect(self._open)
        self.model.loaded.connect(self._loaded)
        self.table.show_at_least(LEAST_ROWS)  # at large text the page scrolls rather than the list be a slit
        self.body.addWidget(self.table, 1)
        self.nobody = empty_state(
            "Nobody to show here",
            "Clear the filters, or add a person.",
            buttons.secondary("Clear filters", self.clear_filters),
            "users",
        )
        self.nobody.hide()
        self.body.addWidget(self.nobody, 1)
        self._lay_out_actions()
        self._pause = QTimer(
            self, singleShot=True, interval=0
        )  # keys of one moment are one question; a newer one drops those that wait
        self._pause.timeout.connect(self.model.reload)
        self.search_field.textChanged.connect(lambda _text: self._pause.start())
        self.search_field.returnPressed.connect(self._into_list)
        self.whose.edited.connect(self._narrowed)
        self.which.edited.connect(self._narrowed)
        self.stage.edited.connect(self._narrowed)
        self.views.chosen.connect(self.show_view)
        self.order.edited.connect(self._reordered)
        bars.pressed.connect(self._show_stage)
        self.chart.row_opened.connect(self._show_stage)

    def narrowed(self) -> CaseloadFilter:
        """What the sentences mean now."""
        return sentences.filter_of(
            self.whose.value(), self.which.value(), self.session.user_id, self.session.today(), self.stage.value()
        )

    def view(self) -> SavedView:
        """What is on the screen, as a view without a name."""
        return SavedView(
            whose=self.whose.value(),
            which=self.which.value(),
            stage=self.stage.value(),
            sort=self.order.order.value(),
            descending=self.order.turned.isChecked() or None,
            columns=rows.columns_text(self.order.chosen()),
        )

    def show_view(self, view: SavedView) -> None:
        """The list as somebody saved it."""
        self.search_field.clear()
        self.whose.set_value(view.whose)
        self.which.set_value(view.which)
        self.stage.set_value(view.stage)
        self.order.show_columns(rows.chosen_columns(view))
        self.order.show_order(view.sort, descending=bool(view.descending))
        self._reordered()

    def on_shown(self, argument: str = "") -> None:
        """`argument` may be the word of a filter: "review" shows those whose review is due."""
        if argument in dict(sentences.WHICH) and argument:
            self.search_field.clear()
            self.stage.set_value("")
            self.which.set_value(argument)
        self.views.read()
        self._ask_again()

    def refresh(self, changes: Changes) -> None:
        if changes.touches("saved_view"):
            self.views.read()
        if changes.touches(*_SHOWS):
            self._ask_again()

    def commands(self) -> Sequence[Command]:
        return (
            for_page("filter", self.search_field.setFocus, name="Find in the caseload", page=self.nav_key),
            Command("save_view", "Save this view of the caseload", page=self.nav_key, run=self.views.begin_save),
            Command("rename_view", "Rename the view", page=self.nav_key, run=self.views.begin_rename),
            Command("delete_view", "Delete the view", page=self.nav_key, run=self.views.delete),
            Command("stage_chart", "Chart of the caseload by stage", page=self.nav_key, run=self._turn_chart),
            Command("new_person", "Add a person", page=self.nav_key, run=lambda: self.go.emit("new_person", "")),
            for_page("new_referral", lambda: self._for_row("new_referral"), page=self.nav_key),
            for_page("new_task", lambda: self._for_row("new_task"), page=self.nav_key),
            for_page("new_contact", lambda: self._for_row("contact"), page=self.nav_key),
            for_page("new_letter", self._letters, page=self.nav_key),
            Command(
                "new_appointment",
                "Book an appointment",
                page=self.nav_key,
                run=lambda: self._for_row("new_appointment"),
            ),
        )

    def first_focus(self) -> QWidget | None:
        return self.search_field

    def panes(self) -> Sequence[QWidget]:
        return (*self._parts_above, self.table, self._actions)

    def clear_filters(self) -> None:
        self.search_field.clear()
        self.whose.set_value("everyone")
        self.which.set_value("")
        self.stage.set_value("")
        self._ask_again()
        self.search_field.setFocus()

    def _lay_out_head(self) -> None:
        self.body.addWidget(labels.heading("Caseload", 1))
        head = Beside(SPACE_M, least_characters=HEAD_CHARACTERS)
        head.add(_labelled("&Find", self.search_field), 4)
        narrowing = Beside(SPACE_M)
        narrowing.add(_labelled("&Show", self.whose), 2)
        narrowing.add(_labelled("Narro&wed to", self.which), 3)
        head.add(narrowing, 5)
        self.body.addWidget(head)
        ways = Beside(SPACE_M, least_characters=HEAD_CHARACTERS)
        choices = Beside(SPACE_M)
        choices.add(_labelled("&View", self.views.choice))
        choices.add(_labelled("Sta&ge", self.stage))
        ways.add(choices, 5)
        beneath, holder = QWidget(), QWidget()
        lowered = QVBoxLayout(beneath)  # beside the choices the buttons stand in line with them, not with their labels
        lowered.setContentsMargins(0, 0, 0, 0)
        lowered.addStretch(1)
        lowered.addWidget(holder)
        flow = FlowLayout(holder)
        for button in (
            self.views.save_button,
            self.views.rename_button,
            self.views.delete_button,
            self.order_button,
            self.chart_button,
        ):
            flow.addWidget(button)
        ways.add(beneath, 6, top=False)
        self.body.addWidget(ways)
        for part in (self.views.panel, self.order, self.chart):
            self.body.addWidget(part)
        self._parts_above = (head, ways, self.views.panel, self.order, self.chart)

    def _lay_out_actions(self) -> None:
        self._actions = QWidget()
        flow = FlowLayout(self._actions)
        for made in (
            buttons.primary("Add a &person", lambda: self.go.emit("new_person", ""), icon="plus"),
            buttons.secondary("Add a &referral", lambda: self._for_row("new_referral")),
            buttons.secondary("&Book an appointment", lambda: self._for_row("new_appointment"), icon="calendar"),
            buttons.secondary("Add a &task", lambda: self._for_row("new_task")),
            buttons.secondary("Write a l&etter", self._letters, icon="mail"),
            self.all_button,
            self.clear_button,
        ):
            flow.addWidget(made)
        self.body.addWidget(self._actions)

    def _ask(self, first: int, count: int, sort: str, down: bool) -> "Future[PageOfRows]":
        typed, narrowed, today = self.search_field.value().strip(), self.narrowed(), self.session.today()

        def read(reader: Reader) -> PageOfRows:
            if typed:
                found = caseload_found(
                    reader, typed, today, most=MOST_FOUND, sort=_sort(sort), descending=down, limit=count, offset=first
                )
            else:
                found = caseload(reader, narrowed, today, sort=_sort(sort), descending=down, limit=count, offset=first)
            return PageOfRows(first, found.total, [rows.row_of(person, today) for person in found.rows])

        return self.session.store.submit_read(read)

    def _loaded(self, total: int) -> None:
        typed = self.search_field.value().strip()
        order = dict(rows.ORDERS)[self.order.order.value()] if self.order.order.value() else ""
        self.count.setText(
            sentences.count_in_words(
                total,
                self.whose.value(),
                self.which.value(),
                typed,
                self.stage.value(),
                order,
                self.order.turned.isChecked(),
            )
        )
        self.table.setVisible(total > 0)
        self.all_button.setEnabled(total > 0 and not typed)
        self.nobody.setVisible(total == 0)
        self.nobody.words.setText(f"Nobody found for “{typed}”" if typed else "No one matches")
        self.nobody.hint.setText(
            "Try fewer letters, or a date of birth like 14/3/1943." if typed else "Clear the filters to see everybody."
        )
        if total and not self.table.currentIndex().isValid():
            self.table.choose_row(0)

    def _narrowed(self) -> None:
        self.search_field.clear()
        self._ask_again()

    def _ask_again(self) -> None:
        """The list, the chart where it is shown, and which saved view this is."""
        self.model.reload()
        self.views.settle()
        if not self.chart.isHidden():
            self._count_stages()

    def _reordered(self) -> None:
        self.table.leave_out(rows.left_out(self.order.chosen()))
        self.table.sort_on(self.order.order.value(), descending=self.order.turned.isChecked())
        self._ask_again()

    def _sorted_by_heading(self, _column: int) -> None:
        self.order.show_order(self.model.sort_key, descending=self.model.descending)
        self.views.settle()

    def _turn_order(self) -> None:
        self.order.setVisible(self.order.isHidden())
        self.order_button.set_words("C&olumns and order" if self.order.isHidden() else "Hide c&olumns and order")

    def _turn_chart(self) -> None:
        self.chart.setVisible(self.chart.isHidden())
        self.chart_button.set_words("Show c&hart" if self.chart.isHidden() else "Hide c&hart")
        if not self.chart.isHidden():
            self._count_stages()

    def _count_stages(self) -> None:
        """Of everybody whom the other choices find: the bars say where they are."""
        narrowed = msgspec.structs.replace(self.narrowed(), stage="")
        background.query(
            self,
            self.session.store,
            lambda reader: caseload_stages(reader, narrowed),
            lambda counts: self.chart.show_data(stage_chart(counts)),
        )

    def _show_stage(self, number: int) -> None:
        self.stage.set_value(stage_at(number))
        self._narrowed()
        self._into_list()

    def _into_list(self) -> None:
        self._pause.stop()
        if self.model.rowCount():
            self.table.choose_row(0)
            self.table.setFocus()
            if self.scroll_area is not None:
                self.scroll_area.ensureWidgetVisible(self.table)

    def _open(self, person_id: str) -> None:
        self.go.emit("person", person_id)

    def _for_row(self, nav_key: str) -> None:
        person_id = self.table.record_id()
        if person_id:
            self.go.emit(nav_key, person_id)

    def _letters(self) -> None:
        person_id = self.table.record_id()
        self.go.emit("letters", person_id)

    def _letters_to_all(self) -> None:
        """The same letter to everybody whom the two sentences find."""
        self.go.emit("letters", f"many/{self.whose.value()}/{self.which.value()}/{self.stage.value()}")


def _labelled(words: str, field: QWidget) -> QWidget:
    holder = QWidget()
    column = QVBoxLayout(holder)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(SPACE_XS)
    column.addWidget(labels.label_for(words, field))
    column.addWidget(field)
    return holder


def _sort(key: str) -> CaseloadSort:
    return CaseloadSort(key) if key else CaseloadSort.NAME
