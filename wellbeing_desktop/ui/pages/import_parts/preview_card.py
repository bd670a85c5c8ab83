"""What a list would do, in tabs, and what somebody decides about it before anything is written."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QTabWidget, QVBoxLayout, QWidget

from wellbeing_desktop.operations.import_plan import OfferedDuplicate
from wellbeing_desktop.operations.imports import ImportDecisions
from wellbeing_desktop.ui.models.paged_table import Column, TableRow
from wellbeing_desktop.ui.models.short_list import ShortList
from wellbeing_desktop.ui.pages.import_parts import found
from wellbeing_desktop.ui.pages.today_parts.day import things
from wellbeing_desktop.ui.widgets import fields, labels
from wellbeing_desktop.ui.widgets.cards import Card
from wellbeing_desktop.ui.widgets.table import Table
from wellbeing_desktop.ui.widgets.tabs import tabs


class PreviewCard(Card):
    """`changed` says that something was decided, so that another number of people would be imported."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__("What this list would do")
        self.preview: found.Preview | None = None
        self._decided: dict[int, str] = {}
        self.what = labels.strong()
        self.body.addWidget(self.what)
        self.notices = labels.muted()
        self.body.addWidget(self.notices)
        self.new, new_table = self._list("New people", found.NEW_COLUMNS)
        self.updated, updated_table = self._list("People who change", found.CHANGED_COLUMNS)
        self.duplicates, self.duplicate_table = self._list("Possible duplicates", found.DUPLICATE_COLUMNS)
        self.refused, refused_table = self._list("Lines not used", found.REFUSED_COLUMNS)
        self.gone, gone_table = self._list("Not on the list", found.GONE_COLUMNS)
        self.kept, kept_table = self._list("Kept as it is here", found.KEPT_COLUMNS)
        self.tabs: QTabWidget = tabs(
            "What this list would do",
            [
                ("New", new_table),
                ("Changed", updated_table),
                ("Possible duplicates", self._duplicates_and_choice()),
                ("Not used", refused_table),
                ("Not on the list", gone_table),
                ("Kept", kept_table),
            ],
        )
        self.body.addWidget(self.tabs)
        self.move_gone = fields.tick("Move people who are missing to “not on list” and &make a task for each")
        self.move_gone.edited.connect(self._say_what_happens)
        self.body.addWidget(self.move_gone)

    def forget(self) -> None:
        """Another list begins: nothing is shown, and nothing decided."""
        self.preview = None
        self._decided = {}

    def show_preview(self, preview: found.Preview, of_the_list: Sequence[str]) -> None:
        """`of_the_list` are the notices of reading it, before those of comparing it with the store."""
        self.preview = preview
        plan = preview.plan
        rows: list[tuple[ShortList, str, list[TableRow], int]] = [
            (self.new, "New", found.new_rows(preview), len(plan.new)),
            (self.updated, "Changed", found.changed_rows(preview), len(plan.updated)),
            (
                self.duplicates,
                "Possible duplicates",
                found.duplicate_rows(preview, self._decided),
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
        lines = tuple(dict.fromkeys((*of_the_list, *plan.notices)))
        self.notices.setText("\n".join(lines[:6]) + ("\nand more" if len(lines) > 6 else ""))
        self.notices.setVisible(bool(lines))
        self.move_gone.setVisible(bool(plan.not_on_list))
        self.move_gone.set_value("" if plan.short_list else "yes")
        if plan.possible_duplicates and not self.duplicate_table.currentIndex().isValid():
            self.duplicate_table.choose_row(0)
        self._say_what_happens()

    def decide(self, line: int, decision: str) -> None:
        """What somebody decided about a possible duplicate; empty takes it back."""
        if decision:
            self._decided[line] = decision
        else:
            self._decided.pop(line, None)
        if self.preview is not None:
            self.duplicates.show_rows(found.duplicate_rows(self.preview, self._decided))
        self._say_what_happens()

    def decisions(self) -> ImportDecisions:
        return ImportDecisions(dict(self._decided), bool(self.move_gone.value()))

    def how_many(self) -> int:
        """The people that an import would add, change or move, as it is decided now."""
        if self.preview is None:
            return 0
        plan = self.preview.plan
        added = len(plan.new) + sum(1 for offer in plan.possible_duplicates if self._is_added(offer))
        moved = len(plan.not_on_list) if self.move_gone.value() else 0
        return added + len(plan.updated) + moved + sum(each.startswith("same:") for each in self._decided.values())

    def _list(self, name: str, columns: Sequence[Column]) -> tuple[ShortList, Table]:
        model = ShortList(columns, self)
        table = Table(name, model)
        table.setMinimumHeight(150)
        return model, table

    def _duplicates_and_choice(self) -> QWidget:
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.duplicate_table, 1)
        self.choice = fields.choice([], empty="Not decided")
        self.choice.setMinimumContentsLength(16)
        self.choice_words = labels.label_for("&Decide about the chosen line", self.choice)
        self.choice.edited.connect(self._chosen)
        self.duplicate_table.moved.connect(self._show_choice)
        self.duplicate_table.opened.connect(lambda _line: self.choice.setFocus())
        column.addWidget(self.choice_words)
        column.addWidget(self.choice)
        return holder

    def _say_what_happens(self) -> None:
        if self.preview is None:
            return
        plan = self.preview.plan
        open_lines = [offer for offer in plan.possible_duplicates if offer.line not in self._decided]
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
        self.changed.emit()

    def _is_added(self, offer: OfferedDuplicate) -> bool:
        decision = self._decided.get(offer.line, "")
        return decision == "new" or (not decision and not offer.same_number)

    def _show_choice(self, line: str) -> None:
        if self.preview is None:
            return
        for offer in self.preview.plan.possible_duplicates:
            if str(offer.line) == line:
                self.choice.set_choices(found.choices_for(self.preview, offer))
                self.choice.set_value(self._decided.get(offer.line, ""))
                self.choice_words.setText(f"&Decide about line {offer.line}")
                self.choice.setAccessibleName(f"Decide about line {offer.line}: {found.described(offer.row)}")

    def _chosen(self) -> None:
        line = self.duplicate_table.record_id()
        if line:
            self.decide(int(line), self.choice.value())
