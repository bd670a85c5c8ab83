"""Import people: choose a file, see how it is read, see what it would do, decide, import. Nothing is written before."""

import contextlib
import itertools
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import msgspec
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QTabWidget, QVBoxLayout, QWidget

from wellbeing_desktop.domain.changes import Changes
from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.domain.organisation import Setting
from wellbeing_desktop.exchange.jobs import ReadList, unpack
from wellbeing_desktop.exchange.people_list import PeopleFile
from wellbeing_desktop.operations.import_plan import OfferedDuplicate
from wellbeing_desktop.operations.import_undo import UndoneImport, undo_import
from wellbeing_desktop.operations.imports import ImportDecisions, ImportResult, import_people
from wellbeing_desktop.operations.settings import change_setting
from wellbeing_desktop.storage.connection import Reader, Writer
from wellbeing_desktop.storage.records import load_all
from wellbeing_desktop.ui import background
from wellbeing_desktop.ui.commands import Command
from wellbeing_desktop.ui.models.paged_table import Column, TableRow
from wellbeing_desktop.ui.models.short_list import ShortList
from wellbeing_desktop.ui.page import Page
from wellbeing_desktop.ui.pages.import_parts import found
from wellbeing_desktop.ui.pages.import_parts.columns import ColumnsCard, GenderCard
from wellbeing_desktop.ui.pages.today_parts.day import things
from wellbeing_desktop.ui.session import Session
from wellbeing_desktop.ui.tokens import SPACE_S, SPACE_XL
from wellbeing_desktop.ui.widgets import buttons, fields, labels, messages
from wellbeing_desktop.ui.widgets.cards import Card
from wellbeing_desktop.ui.widgets.flow import FlowLayout
from wellbeing_desktop.ui.widgets.progress import Progress
from wellbeing_desktop.ui.widgets.table import Table
from wellbeing_desktop.ui.widgets.tabs import tabs
from wellbeing_desktop.ui.worker import Job, run_in_worker

MOST_BYTES: Final = 64 * 1024 * 1024


MAPPING: Final = "import_mapping:"
"""A setting for each layout that somebody put right: the same headings are read the same way next time."""


def remembered_mappings(reader: Reader) -> dict[str, tuple[str, ...]]:
    """The layouts that were put right before, by the fingerprint of their headings."""
    found = {}
    for setting in load_all(reader, Setting):
        if setting.key.startswith(MAPPING):
            found[setting.key.removeprefix(MAPPING)] = tuple(msgspec.json.decode(setting.value, type=list[str]))
    return found


class Imported(msgspec.Struct, frozen=True):
    """An import or its undoing, as the window's bridge wants it: `changes` tells every open view."""

    changes: Changes
    result: ImportResult | UndoneImport


class ImportPage(Page):
    title, nav_key, help_key = "Import people", "import", "import"

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self.file: PeopleFile | None = None
        self.preview: found.Preview | None = None
        self.decisions: dict[int, str] = {}
        self.result: ImportResult | None = None
        self._data, self._filename = b"", ""
        self._job: Job | None = None
        self._mappings: dict[str, tuple[str, ...]] = {}
        self._was_mended = False
        self.body.addWidget(labels.heading("Import people", 1))
        self.step = labels.muted()
        self.body.addWidget(self.step)
        self.problem = messages.notice("", "bad")
        self.body.addWidget(self.problem)
        self.reading = Progress("Reading the list", self.cancel)
        self.body.addWidget(self.reading)
        self.importing = Progress("Importing people. Nothing is written unless all of it is")
        self.body.addWidget(self.importing)
        self._make_choose()
        self.columns = ColumnsCard()
        self.columns.changed.connect(self._read_with)
        self.body.addWidget(self.columns)
        self.genders = GenderCard()
        self.genders.changed.connect(self._look)
        self.body.addWidget(self.genders)
        self._make_preview()
        self._make_result()
        self.body.addStretch()
        self.begin_again()

    def commands(self) -> Sequence[Command]:
        return (Command("choose_file", "Choose a list to import", page=self.nav_key, run=self.choose_file),)

    def first_focus(self) -> QWidget | None:
        return self.choose_button if not self.choose_card.isHidden() else None

    def can_leave(self) -> bool:
        """Not while a list is being written: its progress is in front."""
        return self.importing.isHidden()

    def begin_again(self) -> None:
        """The first step, with nothing chosen."""
        self.file = self.preview = None
        self.decisions = {}
        self._was_mended = False
        self._data, self._filename = b"", ""
        self._show_step("Step 1 of 3: choose the list", self.choose_card)

    def choose_file(self) -> None:
        """The system's own dialog, which every keyboard and screen reader user of this system knows."""
        chosen, _kind = QFileDialog.getOpenFileName(
            self, "Choose a list of people", "", "Lists (*.csv *.tsv *.txt *.xlsx);;All files (*)"
        )
        if chosen:
            self.read(Path(chosen))

    def read(self, path: Path) -> None:
        """Read a file from disk, then in the worker process."""
        self.begin_again()
        try:
            if path.stat().st_size > MOST_BYTES:
                raise Refused("This file is larger than 64 MB. Export a smaller list.")
            self._data, self._filename = path.read_bytes(), path.name
        except OSError:
            self._refused(Refused("The file cannot be read. Check that it is still there and not open elsewhere."))
            return
        except Refused as refusal:
            self._refused(refusal)
            return
        self.reading.show()
        self.choose_card.hide()
        background.query(self, self.session.store, remembered_mappings, self._read_remembering, self._refused)

    def cancel(self) -> None:
        """Stop reading and go back to the first step."""
        if self._job is not None:
            self._job.cancel()
            self._job = None
        self.begin_again()

    def decide(self, line: int, decision: str) -> None:
        """What somebody decided about a possible duplicate; empty takes it back."""
        if decision:
            self.decisions[line] = decision
        else:
            self.decisions.pop(line, None)
        if self.preview is not None:
            self.duplicates.show_rows(found.duplicate_rows(self.preview, self.decisions))
        self._say_what_happens()

    def start(self) -> None:
        """Import what the preview says, with the decisions."""
        if self.preview is None or not self.importing.isHidden():
            return
        plan, decisions = self.preview.plan, self._decisions()
        self.importing.show()
        self.preview_card.setEnabled(False)
        self.foot.setEnabled(False)
        self.columns.setEnabled(False)

        mapping = self.file.mapping if self.file is not None and self._was_mended else None
        at = self.session.now()

        def do(writer: Writer) -> Imported:
            imported = Imported(*import_people(writer, plan, decisions, at=at))
            if mapping is not None:
                with contextlib.suppress(Refused):  # the list is in; only an administrator's mapping is remembered
                    change_setting(writer, f"{MAPPING}{mapping.fingerprint}", mapping.fields, at=at)
            return imported

        background.operate(self, self.session.store, do, self._done, self._not_done)

    def undo(self) -> None:
        """Take the whole list back. People who were changed since stay, and are counted."""
        if self.result is None:
            return
        import_id = self.result.import_id
        self.undo_button.setEnabled(False)

        def do(writer: Writer) -> Imported:
            return Imported(*undo_import(writer, import_id, at=self.session.now()))

        background.operate(self, self.session.store, do, self._undone, self._refused)

    def _make_choose(self) -> None:
        self.choose_card = Card("Choose the list")
        self.choose_card.body.addWidget(
            labels.body(
                "A CSV or XLSX file from EMIS, SystmOne or anywhere else, with one heading row. "
                "You see what it would do before anything is written."
            )
        )
        self.choose_button = buttons.primary("&Choose a file", self.choose_file, icon="upload")
        self.choose_card.body.addWidget(self.choose_button)
        self.body.addWidget(self.choose_card)

    def _make_preview(self) -> None:
        self.preview_card = Card("What this list would do")
        self.what = labels.strong()
        self.preview_card.body.addWidget(self.what)
        self.notices = labels.muted()
        self.preview_card.body.addWidget(self.notices)
        self.new, new_table = self._list("New people", found.NEW_COLUMNS)
        self.changed, changed_table = self._list("People who change", found.CHANGED_COLUMNS)
        self.duplicates, self.duplicate_table = self._list("Possible duplicates", found.DUPLICATE_COLUMNS)
        self.refused, refused_table = self._list("Lines not used", found.REFUSED_COLUMNS)
        self.gone, gone_table = self._list("Not on the list", found.GONE_COLUMNS)
        self.kept, kept_table = self._list("Kept as it is here", found.KEPT_COLUMNS)
        self.duplicate_table.moved.connect(self._show_choice)
        duplicates = QWidget()
        column = QVBoxLayout(duplicates)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.duplicate_table, 1)
        self.choice = fields.choice([], empty="Not decided")
        self.choice.setMinimumContentsLength(16)
        self.choice_words = labels.label_for("&Decide about the chosen line", self.choice)
        self.choice.edited.connect(self._chosen)
        self.duplicate_table.opened.connect(lambda _line: self.choice.setFocus())
        column.addWidget(self.choice_words)
        column.addWidget(self.choice)
        self.tabs: QTabWidget = tabs(
            "What this list would do",
            [
                ("New", new_table),
                ("Changed", changed_table),
                ("Possible duplicates", duplicates),
                ("Not used", refused_table),
                ("Not on the list", gone_table),
                ("Kept", kept_table),
            ],
        )
        self.preview_card.body.addWidget(self.tabs)
        self.move_gone = fields.tick("Move people who are missing to “not on list” and &make a task for each")
        self.move_gone.edited.connect(self._say_what_happens)
        self.preview_card.body.addWidget(self.move_gone)
        self.body.addWidget(self.preview_card)
        self.foot = QWidget()
        self.foot.setObjectName("scrollBody")
        row = QVBoxLayout(self.foot)
        row.setContentsMargins(SPACE_XL, SPACE_S, SPACE_XL, SPACE_S)
        holder = QWidget()
        flow = FlowLayout(holder)
        self.import_button = buttons.primary("&Import people", self.start, icon="check")
        flow.addWidget(self.import_button)
        flow.addWidget(buttons.secondary("C&hoose another list", self.begin_again))
        row.addWidget(holder)
        self.outer.addWidget(self.foot)

    def _list(self, name: str, columns: Sequence[Column]) -> tuple[ShortList, Table]:
        model = ShortList(columns, self)
        table = Table(name, model)
        table.setMinimumHeight(150)
        return model, table

    def _make_result(self) -> None:
        self.result_card = Card("The list is in")
        self.done_words = labels.body()
        self.result_card.body.addWidget(self.done_words)
        actions = QWidget()
        flow = FlowLayout(actions)
        self.caseload_button = buttons.primary("See the case&load", lambda: self.go.emit("caseload", ""))
        self.undo_button = buttons.secondary("&Undo this import", self.undo, icon="undo-2")
        for made in (
            self.caseload_button,
            self.undo_button,
            buttons.secondary("Import an&other list", self.begin_again),
        ):
            flow.addWidget(made)
        self.result_card.body.addWidget(actions)
        self.body.addWidget(self.result_card)

    def _read_remembering(self, mappings: dict[str, tuple[str, ...]]) -> None:
        self._mappings = mappings
        self._read_with(())

    def _read_with(self, mapping: tuple[str, ...]) -> None:
        self.problem.hide()
        self.reading.show()
        self.choose_card.hide()
        asked = ReadList(
            data=self._data,
            filename=self._filename,
            today=self.session.today(),
            fingerprint=self.file.mapping.fingerprint if self.file is not None and mapping else "",
            fields=mapping,
            remembered=self._mappings,
        )
        self._was_mended = self._was_mended or bool(mapping)
        self._job = run_in_worker(
            self,
            "wellbeing_desktop.exchange.jobs:read_list",
            msgspec.to_builtins(asked, builtin_types=(bytes,)),
            self._read,
            self._refused,
        )

    def _read(self, packed: bytes) -> None:
        self._job = None
        read = unpack(packed)
        self.file = read.file
        self.columns.show_file(self.file)
        self.genders.show_words(self.file.people.gender_words)
        for one, other in itertools.pairwise((self.columns.toggle, *self.columns.choices, *self.genders.fields())):
            self.setTabOrder(one, other)
        if read.problem:
            self.preview = None
            self._show_step("Step 2 of 3: put the columns right", self.columns, self.choose_card)
            self._refused(Refused(read.problem))
            return
        self._look()

    def _look(self) -> None:
        file, genders, today = self.file, self.genders.confirmed(), self.session.today()
        if file is None:
            return
        background.query(
            self,
            self.session.store,
            lambda reader: found.preview_of(reader, file, genders, today),
            self._show_preview,
            self._refused,
        )

    def _show_preview(self, preview: found.Preview) -> None:
        self.preview = preview
        plan = preview.plan
        self._show_step("Step 2 of 3: check what it would do. Nothing is written yet", self.columns, self.preview_card)
        self.genders.setVisible(bool(self.file is not None and self.file.people.gender_words))
        rows: list[tuple[ShortList, str, list[TableRow], int]] = [
            (self.new, "New", found.new_rows(preview), len(plan.new)),
            (self.changed, "Changed", found.changed_rows(preview), len(plan.updated)),
            (
                self.duplicates,
                "Possible duplicates",
                found.duplicate_rows(preview, self.decisions),
                len(plan.possible_duplicates),
            ),
            (self.refused, "Not used", found.refused_rows(preview), len(plan.refused)),
            (self.gone, "Not on the list", found.gone_rows(preview), len(plan.not_on_list)),
            (self.kept, "Kept as here", found.kept_rows(preview), len(plan.differing)),
        ]
        for at, (model, words, shown, count) in enumerate(rows):
            model.show_rows(shown)
            self.tabs.setTabText(at, f"{words} ({count:,})")
        self.tabs.setCurrentIndex(next((at for at, each in enumerate(rows) if each[3]), 0))
        lines = tuple(dict.fromkeys((*(self.file.people.notices if self.file is not None else ()), *plan.notices)))
        self.notices.setText("\n".join(lines[:6]) + ("\nand more" if len(lines) > 6 else ""))
        self.notices.setVisible(bool(lines))
        self.move_gone.setVisible(bool(plan.not_on_list))
        self.move_gone.set_value("" if plan.short_list else "yes")
        if plan.possible_duplicates and not self.duplicate_table.currentIndex().isValid():
            self.duplicate_table.choose_row(0)
        self._say_what_happens()
        messages.announce(self.what, self.what.text())
        self.import_button.setFocus(Qt.FocusReason.OtherFocusReason)

    def _say_what_happens(self) -> None:
        if self.preview is None:
            return
        plan = self.preview.plan
        open_lines = [o for o in plan.possible_duplicates if o.line not in self.decisions]
        waiting = [offer for offer in open_lines if offer.same_number]
        parts = [
            f"{things(len(plan.new), 'new person', 'new people')}",
            f"{len(plan.updated):,} changed",
            f"{len(plan.unchanged):,} unchanged",
        ]
        if plan.possible_duplicates:
            parts.append(things(len(plan.possible_duplicates), "possible duplicate"))
        if plan.refused:
            parts.append(things(len(plan.refused), "line") + " not used")
        if plan.not_on_list:
            parts.append(f"{len(plan.not_on_list):,} not on the list any more")
        words = ", ".join(parts) + "."
        if waiting:
            words += f" {things(len(waiting), 'line')} with somebody else's NHS number will wait until you decide."
        elif open_lines:
            words += f" {things(len(open_lines), 'possible duplicate')} not decided will be added with a task to look at both."
        if plan.short_list:
            words += " So many people are missing that the list may be cut short. Check it first."
        self.what.setText(words)
        added = len(plan.new) + sum(1 for o in plan.possible_duplicates if self._is_added(o))
        moved = len(plan.not_on_list) if self.move_gone.value() else 0
        total = added + len(plan.updated) + moved + sum(d.startswith("same:") for d in self.decisions.values())
        self.import_button.set_words(f"&Import {things(total, 'person', 'people')}" if total else "&Import people")
        self.import_button.setEnabled(bool(total))

    def _is_added(self, offer: OfferedDuplicate) -> bool:
        decision = self.decisions.get(offer.line, "")
        return decision == "new" or (not decision and not offer.same_number)

    def _decisions(self) -> ImportDecisions:
        return ImportDecisions(dict(self.decisions), bool(self.move_gone.value()))

    def _show_choice(self, line: str) -> None:
        if self.preview is None:
            return
        for offer in self.preview.plan.possible_duplicates:
            if str(offer.line) == line:
                self.choice.set_choices(found.choices_for(self.preview, offer))
                self.choice.set_value(self.decisions.get(offer.line, ""))
                self.choice_words.setText(f"&Decide about line {offer.line}")
                self.choice.setAccessibleName(f"Decide about line {offer.line}: {found.described(offer.row)}")

    def _chosen(self) -> None:
        line = self.duplicate_table.record_id()
        if line:
            self.decide(int(line), self.choice.value())

    def _done(self, imported: Imported) -> None:
        self._let_go()
        result = imported.result
        if not isinstance(result, ImportResult):
            return
        self.result = result
        words = [
            f"{things(result.new, 'person', 'people')} added, {result.updated:,} brought up to date, "
            f"{result.unchanged:,} unchanged."
        ]
        if result.left:
            words.append(f"{things(len(result.left), 'line')} left for a decision.")
        if result.refused:
            words.append(f"{things(result.refused, 'line')} not used.")
        if result.not_on_list:
            words.append(
                f"{things(result.not_on_list, 'person', 'people')} moved to “not on list”, with a task for each."
            )
        if result.differing:
            words.append(f"{things(result.differing, 'difference')} kept as here, with a task to tell the practice.")
        self.done_words.setText(" ".join(words))
        self.undo_button.setEnabled(True)
        self.undo_button.show()
        self._show_step("Step 3 of 3: done", self.result_card)
        self.caseload_button.setFocus(Qt.FocusReason.OtherFocusReason)
        messages.announce(self.done_words, self.done_words.text())
        if self.session.sync is not None:
            self.session.sync.nudge()

    def _undone(self, imported: Imported) -> None:
        result = imported.result
        if not isinstance(result, UndoneImport):
            return
        words = f"The import was taken back: {things(result.removed, 'person', 'people')} removed, {result.put_back:,} put back."
        if result.changed_since:
            words += f" {things(len(result.changed_since), 'person was', 'people were')} changed since, and left as they are."
        self.done_words.setText(words)
        self.undo_button.hide()
        messages.announce(self.done_words, words)

    def _not_done(self, problem: BaseException) -> None:
        self._let_go()
        self._refused(problem)

    def _let_go(self) -> None:
        self.importing.hide()
        self.preview_card.setEnabled(True)
        self.foot.setEnabled(True)
        self.columns.setEnabled(True)

    def _refused(self, problem: BaseException) -> None:
        self._job = None
        self.reading.hide()
        self.undo_button.setEnabled(True)
        if self.preview is None and self.file is None:
            self.choose_card.show()
        self.problem.show_message(messages.message_for(problem))
        self.problem.show()
        messages.announce(self.problem, self.problem.accessibleName())
        if self.file is not None:
            self.columns.open_columns()

    def _show_step(self, words: str, *shown: QWidget) -> None:
        self.step.setText(words)
        parts = (
            self.problem,
            self.reading,
            self.importing,
            self.choose_card,
            self.columns,
            self.genders,
            self.preview_card,
            self.result_card,
        )
        for part in parts:
            part.setVisible(part in shown)
        self.foot.setVisible(self.preview_card in shown)
