"""Returns: what do I report, and is it right? How complete it is comes first, then each number with its definition."""

import itertools
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Final

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from wellbeing_desktop.documents.jobs import read_rendered
from wellbeing_desktop.documents.return_report import return_report_document
from wellbeing_desktop.domain.changes import Changes
from wellbeing_desktop.domain.dates import day_words, moment_words, staff_date
from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.domain.organisation import Organisation, ReturnRun
from wellbeing_desktop.domain.return_definition import Month, shipped_definition
from wellbeing_desktop.exchange.bank_holidays import shipped_bank_holidays
from wellbeing_desktop.operations.return_document import (
    month_in_words,
    return_csv,
    return_report,
    return_xlsx,
    suppression_rule,
)
from wellbeing_desktop.operations.return_results import PersonBehind, Recounted, ReturnResult
from wellbeing_desktop.operations.returns import (
    close_return,
    keep_return,
    people_behind,
    people_behind_run,
    recount,
    run_return,
)
from wellbeing_desktop.storage.clock_guard import DoubtfulContact, doubtful_contacts
from wellbeing_desktop.storage.connection import Reader
from wellbeing_desktop.storage.records import load, load_all
from wellbeing_desktop.ui import background
from wellbeing_desktop.ui.commands import Command, for_page
from wellbeing_desktop.ui.models.paged_table import Column, TableRow
from wellbeing_desktop.ui.models.short_list import ShortList
from wellbeing_desktop.ui.page import Page
from wellbeing_desktop.ui.pages.returns_parts.measure_card import MeasureCard
from wellbeing_desktop.ui.saving import tell_saved
from wellbeing_desktop.ui.saving_files import ask_where, if_it_may_leave, write_private
from wellbeing_desktop.ui.session import Session
from wellbeing_desktop.ui.tokens import SPACE_M, SPACE_XS
from wellbeing_desktop.ui.web_page import make_web_page
from wellbeing_desktop.ui.widgets import buttons, fields, labels, messages
from wellbeing_desktop.ui.widgets.cards import Card
from wellbeing_desktop.ui.widgets.columns import TwoColumns
from wellbeing_desktop.ui.widgets.flow import FlowLayout
from wellbeing_desktop.ui.widgets.progress import Progress
from wellbeing_desktop.ui.widgets.short_table import ShortTable
from wellbeing_desktop.ui.worker import run_in_worker

MONTHS_BACK: Final = 24
_COUNTED: Final = ("referral", "episode", "contact", "care_plan", "score", "appointment", "return_run", "registration")


class ReturnsPage(Page):
    title, nav_key = "Returns", "returns"

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self.result: ReturnResult | None = None
        self.organisation = ""
        self._runs: Sequence[ReturnRun] = ()
        self._lay_out_head()
        self.counting = Progress("Counting the month")
        self.counting.hide()
        self.body.addWidget(self.counting)
        self.saved = messages.notice("", "good", can_close=True)
        self.saved.hide()
        self.body.addWidget(self.saved)
        self._make_completeness()
        self.columns = TwoColumns(2, 3)
        self.measures = ShortList([Column("Number of"), Column("", is_number=True, width=7)], self)
        self.table = ShortTable("Numbers of this return", self.measures, most_rows=30)
        self.table.moved.connect(self._show_measure)
        self.table.opened.connect(self._into_measure)
        numbers = Card("Numbers")
        numbers.body.addWidget(self.table)
        self.columns.left.addWidget(numbers)
        self._make_late_and_kept()
        self.columns.left.addStretch()
        self.measure = MeasureCard()
        self.measure.people_asked.connect(self.show_people)
        self.measure.person_asked.connect(lambda person_id: self.go.emit("person", person_id))
        self.columns.right.addWidget(self.measure)
        self.columns.right.addStretch()
        self.body.addWidget(self.columns)
        self.body.addStretch()

    def on_shown(self, argument: str = "") -> None:
        if self.result is None:
            self.count()

    def refresh(self, changes: Changes) -> None:
        if changes.touches(*_COUNTED) and self.isVisible():
            self.count()
        elif changes.touched:
            self.result = None

    def commands(self) -> Sequence[Command]:
        return (
            for_page("save", self.keep, name="Keep this return", page=self.nav_key),
            for_page("print", partial(self.save_file, "pdf"), name="Save this return as PDF", page=self.nav_key),
            Command(
                "save_xlsx", "Save this return as a spreadsheet", page=self.nav_key, run=partial(self.save_file, "xlsx")
            ),
            Command(
                "save_web_page",
                "Save this return as a web page",
                page=self.nav_key,
                run=partial(self.save_file, "html"),
            ),
            Command("save_csv", "Save this return as CSV", page=self.nav_key, run=partial(self.save_file, "csv")),
        )

    def first_focus(self) -> QWidget | None:
        return self.month

    def chosen_month(self) -> Month:
        """The month that the field says."""
        year, number = self.month.value().split("-")
        return Month(int(year), int(number))

    def count(self) -> None:
        """Count the chosen month as it stands on this laptop."""
        month, now, organisation_id = self.chosen_month(), self.session.now(), self.session.organisation_id
        definition, holidays = shipped_definition(), shipped_bank_holidays()
        self.counting.show()

        def read(reader: Reader) -> tuple[ReturnResult, str, list[ReturnRun]]:
            result = run_return(reader, definition, month, holidays=holidays, at=now)
            organisation = load(reader, Organisation, organisation_id)
            runs = [run for run in load_all(reader, ReturnRun) if run.month == str(month)]
            return result, organisation.name if organisation is not None else "", runs

        background.query(self, self.session.store, read, self._show, self._failed)

    def keep(self) -> None:
        """Freeze the numbers with the records behind them."""
        result = self.result
        if result is None:
            return
        background.operate(
            self,
            self.session.store,
            lambda writer: keep_return(writer, result, at=self.session.now()),
            self._kept,
        )

    def close_kept(self) -> None:
        """Close the newest kept return of the month; what is missing must have been looked at."""
        run_id = self.kept_table.record_id()
        seen = bool(self.seen.value())
        background.operate(
            self,
            self.session.store,
            lambda writer: close_return(writer, run_id, completeness_seen=seen, at=self.session.now()),
            lambda changes: tell_saved(self, self.session, "Return closed.", changes),
        )

    def show_people(self, cell_id: str) -> None:
        """The people behind one number, for those whose grant lets them see."""
        result = self.result
        if result is None:
            return
        label = next(
            (
                f"{measure.title}, {cell.label}"
                for measure in result.measures
                for split in measure.splits
                for cell in split.cells
                if cell.id == cell_id
            ),
            "",
        )

        def show(people: Sequence[PersonBehind]) -> None:
            self.measure.show_people(label, people)

        background.query(self, self.session.store, lambda reader: people_behind(reader, result, cell_id), show)

    def check_kept(self) -> None:
        """The chosen return, counted again from the records kept with it: do its numbers still follow?"""
        run_id = self.kept_table.record_id()

        def show(found: Recounted) -> None:
            if found.agrees:
                self._tell("Counted again from the records kept with it: every number is the same.")
            else:
                messages.show(self, Refused(f"The kept numbers do not follow. {'; '.join(found.differences)}"))

        background.query(self, self.session.store, lambda reader: recount(reader, run_id), show)

    def show_people_of_kept(self, run_id: str) -> None:
        """The people behind the chosen number as it was kept, whatever has arrived since."""
        measure_id = self.table.record_id()
        if self.result is None or not measure_id:
            return
        label = f"{self.result.measure(measure_id).title}, as kept"
        background.query(
            self,
            self.session.store,
            lambda reader: people_behind_run(reader, run_id, measure_id),
            partial(self.measure.show_people, label),
        )

    def save_file(self, kind: str) -> None:
        """Ask where, then make the file away from the window's thread."""
        if self.result is not None:
            if_it_may_leave(self, self.session.store, partial(self._ask_where, kind))

    def _ask_where(self, kind: str) -> None:
        if self.result is None:
            return
        path = ask_where(self, "Save this return", f"return-{self.result.month}.{kind}")
        if path is not None:
            self.write_file(kind, path)

    def write_file(self, kind: str, path: Path) -> None:
        """Make the file of `kind` (xlsx, csv, pdf or html) at `path`."""
        result = self.result
        if result is None:
            return
        rule = suppression_rule(result.definition) if self.hide_small.value() else None
        if kind in ("pdf", "html"):
            document = return_report_document(return_report(result, self.organisation, rule=rule))
            if kind == "html":
                make_web_page(self, document, "small", partial(self._write, path), self._failed)
                return
            run_in_worker(
                self,
                "wellbeing_desktop.documents.jobs:render",
                (document, "small"),
                lambda answer: self._write(path, read_rendered(answer).data),
                self._failed,
            )
            return
        make: Callable[[], bytes] = partial(return_xlsx if kind == "xlsx" else return_csv, result, rule=rule)
        background.query(self, self.session.store, lambda _reader: make(), partial(self._write, path), self._failed)

    def _lay_out_head(self) -> None:
        self.body.addWidget(labels.heading("Returns", 1))
        self.month = fields.choice(self._months())
        self.month.setMinimumContentsLength(14)
        self.month.edited.connect(self.count)
        self.hide_small = fields.tick("&Hide small numbers in files, to share them outside the team")
        self.hide_small.set_value("yes")
        head = QWidget()
        row = QHBoxLayout(head)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACE_M)
        column = QVBoxLayout()
        column.setSpacing(SPACE_XS)
        column.addWidget(labels.label_for("&Month", self.month))
        column.addWidget(self.month)
        row.addLayout(column, 1)
        row.addStretch(2)
        self.state = messages.notice("Not counted yet")
        self.body.addWidget(head)
        holder = QWidget()
        flow = FlowLayout(holder)
        for made in (
            buttons.primary("&Keep this return", self.keep),
            buttons.secondary("Save &XLSX", partial(self.save_file, "xlsx"), icon="table"),
            buttons.secondary("Save &CSV", partial(self.save_file, "csv")),
            buttons.secondary("Save &PDF", partial(self.save_file, "pdf"), icon="file-text"),
            buttons.secondary("Save &web page", partial(self.save_file, "html")),
            self.hide_small,
        ):
            flow.addWidget(made)
        self.body.addWidget(holder)

    def _make_completeness(self) -> None:
        self.completeness = Card("How complete it is")
        self.completeness.body.addWidget(self.state)
        self.complete_rows = QWidget()
        self._complete_flow = FlowLayout(self.complete_rows)
        self.complete_chips = [labels.chip("", "plain") for _ in range(6)]
        for chip in self.complete_chips:
            self._complete_flow.addWidget(chip)
        self.completeness.body.addWidget(self.complete_rows)
        self.doubtful_model = ShortList([Column("Who"), Column("Date", width=14)], self)
        self.doubtful = ShortTable(
            "Contacts whose date is in doubt", self.doubtful_model, has_two_lines=True, most_rows=5
        )
        self.doubtful.opened.connect(self._open_doubtful)
        self.doubtful.hide()
        self.completeness.body.addWidget(self.doubtful)
        self.body.addWidget(self.completeness)

    def _open_doubtful(self, record_id: str) -> None:
        self.go.emit("person", record_id.partition("/")[2])

    def _show_doubtful(self, found: list[DoubtfulContact]) -> None:
        """Before a return takes them: whose contact it is, its date, and why it is doubted."""
        self.doubtful_model.show_rows(
            [
                TableRow(
                    f"{one.id}/{one.person_id}",
                    (
                        f"{one.name or 'Not on this laptop'}\n{one.why}",
                        day_words(one.happened_on),
                    ),
                )
                for one in found
            ]
        )
        self.doubtful.setVisible(bool(found))

    def _make_late_and_kept(self) -> None:
        self.late_model = ShortList(
            [
                Column("Number of"),
                Column("Added", is_number=True, width=7),
                Column("Taken out", is_number=True, width=9),
            ],
            self,
        )
        self.late = Card("Arrived late for months already kept")
        self.late.body.addWidget(ShortTable("Late arrivals", self.late_model, has_header=True))
        self.late.hide()
        self.columns.left.addWidget(self.late)
        self.kept_model = ShortList([Column("Counted"), Column("State", width=22)], self)
        self.kept_table = ShortTable("Kept returns of this month", self.kept_model, has_header=True)
        self.kept = Card("Kept returns of this month")
        self.kept.body.addWidget(self.kept_table)
        self.seen = fields.tick("I have looked at how complete it &is")
        self.kept.body.addWidget(self.seen)
        self.kept.body.addWidget(
            labels.muted("Enter on a kept return shows the people behind the number chosen above.")
        )
        self.kept_table.opened.connect(self.show_people_of_kept)
        self.check_button = buttons.secondary("Count the chosen return a&gain", self.check_kept)
        self.kept.body.addWidget(self.check_button)
        self.close_button = buttons.secondary("C&lose the chosen return", self.close_kept)
        self.kept.body.addWidget(self.close_button)
        self.kept.hide()
        self.columns.left.addWidget(self.kept)

    def _months(self) -> list[tuple[str, str]]:
        today = self.session.today()
        found = []
        for back in range(1, MONTHS_BACK + 1):
            year, month = divmod(today.year * 12 + today.month - 1 - back, 12)
            found.append(Month(year, month + 1))
        this = Month(today.year, today.month)
        return [(str(month), month_in_words(month)) for month in (found[0], this, *found[1:])]

    def _show(self, answer: tuple[ReturnResult, str, list[ReturnRun]]) -> None:
        self.counting.hide()
        result, self.organisation, self._runs = answer
        if result.month != self.chosen_month():
            return  # the answer to an older question
        is_same = self.result is not None and self.result.hash == result.hash and self.result.month == result.month
        self.result = result
        report = return_report(result, self.organisation, rule=None)
        state = report.state.split(". These")[0].rstrip(".")
        self.state.show_message(messages.Message(f"{state}.", "", "", "warning" if result.provisional else "good"))
        for chip, (what, count) in zip(self.complete_chips, result.completeness.lines(), strict=True):
            clean = count in ("0", "none")
            chip.set_status(f"{what}: {count}", "good" if clean else "warning")
        month, today = result.month, self.session.today()
        background.query(
            self,
            self.session.store,
            lambda reader: doubtful_contacts(reader, month.first, month.last, today),
            self._show_doubtful,
        )
        self.measures.show_rows(
            [TableRow(measure.id, (measure.title, f"{measure.count:,}")) for measure in result.measures]
        )
        self.late_model.show_rows(
            [
                TableRow(
                    f"{late.month}/{late.measure}",
                    (f"{late.title}, {late.month}", f"{late.added:,}", f"{late.taken_out:,}"),
                )
                for late in result.late
            ]
        )
        self.late.setVisible(bool(result.late))
        self.kept_model.show_rows(
            [TableRow(run.id, (moment_words(run.computed_at, "Not known"), _run_state(run))) for run in self._runs]
        )
        self.kept.setVisible(bool(self._runs))
        if not is_same:  # the same numbers again: whoever reads the people behind one keeps their place
            self._show_measure(self.table.record_id())
        messages.announce(self.state, f"{month_in_words(result.month)}. {state}")

    def _show_measure(self, measure_id: str) -> None:
        if self.result is not None and measure_id:
            self.measure.show_measure(self.result.measure(measure_id))
            for one, other in itertools.pairwise(
                (self.close_button, *self.measure.in_order, self.measure.people_table)
            ):
                self.setTabOrder(one, other)

    def _into_measure(self, _measure_id: str) -> None:
        if self.measure.split_tables:
            self.measure.split_tables[0].setFocus()

    def _kept(self, changes: Changes) -> None:
        tell_saved(self, self.session, "Return kept.", changes)
        self._tell("This return is kept with the records behind every number.")

    def _write(self, path: Path, content: bytes) -> None:
        try:
            write_private(path, content)
        except Refused as refusal:
            self._failed(refusal)
            return
        self._tell("Saved. Only you can read the file on this computer.")

    def _tell(self, words: str) -> None:
        self.saved.show()
        self.saved.show_message(messages.Message(words, "", "", "good"))

    def _failed(self, problem: BaseException) -> None:
        self.counting.hide()
        messages.show(self, problem)


def _run_state(run: ReturnRun) -> str:
    if run.closed_on is not None:
        return f"Closed {staff_date(run.closed_on)}"
    return "Provisional" if run.provisional else "Final, not closed"
