"""Import people: choose a file, see how it is read, see what it would do, decide, import. Nothing is written before."""

import contextlib
import itertools
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import msgspec
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QVBoxLayout, QWidget

from wellbeing_desktop.domain.changes import Changes
from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.domain.organisation import Setting
from wellbeing_desktop.exchange.jobs import ReadList, unpack
from wellbeing_desktop.exchange.people_list import PeopleFile
from wellbeing_desktop.operations.import_undo import UndoneImport, undo_import
from wellbeing_desktop.operations.imports import ImportResult, import_people
from wellbeing_desktop.operations.settings import change_setting
from wellbeing_desktop.storage.connection import Reader, Writer
from wellbeing_desktop.storage.records import load_all
from wellbeing_desktop.ui import background
from wellbeing_desktop.ui.commands import Command
from wellbeing_desktop.ui.page import Page
from wellbeing_desktop.ui.pages.import_parts import found
from wellbeing_desktop.ui.pages.import_parts.columns import ColumnsCard, GenderCard
from wellbeing_desktop.ui.pages.import_parts.preview_card import PreviewCard
from wellbeing_desktop.ui.pages.today_parts.day import things
from wellbeing_desktop.ui.session import Session
from wellbeing_desktop.ui.tokens import SPACE_S, SPACE_XL
from wellbeing_desktop.ui.widgets import buttons, labels, messages
from wellbeing_desktop.ui.widgets.cards import Card
from wellbeing_desktop.ui.widgets.flow import FlowLayout
from wellbeing_desktop.ui.widgets.progress import Progress
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
        self.file = None
        self.preview_card.forget()
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

    def start(self) -> None:
        """Import what the preview says, with the decisions."""
        preview, decisions = self.preview_card.preview, self.preview_card.decisions()
        if preview is None or not self.importing.isHidden():
            return
        plan = preview.plan
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
        self.preview_card = PreviewCard()
        self.preview_card.changed.connect(self._count)
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
            self.preview_card.preview = None
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
        self._show_step("Step 2 of 3: check what it would do. Nothing is written yet", self.columns, self.preview_card)
        people = self.file.people if self.file is not None else None
        self.genders.setVisible(bool(people and people.gender_words))
        self.preview_card.show_preview(preview, people.notices if people is not None else ())
        messages.announce(self.preview_card.what, self.preview_card.what.text())
        self.import_button.setFocus(Qt.FocusReason.OtherFocusReason)

    def _count(self) -> None:
        total = self.preview_card.how_many()
        self.import_button.set_words(f"&Import {things(total, 'person', 'people')}" if total else "&Import people")
        self.import_button.setEnabled(bool(total))

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
        if self.preview_card.preview is None and self.file is None:
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
