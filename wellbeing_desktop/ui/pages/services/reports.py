"""What was reported as missing or wrong, each with its answer, and a field to report something more (J3)."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from PySide6.QtWidgets import QVBoxLayout, QWidget

from wellbeing_desktop.domain.changes import Changes
from wellbeing_desktop.domain.dates import staff_date
from wellbeing_desktop.domain.knowledge import KnowledgeReport
from wellbeing_desktop.operations import knowledge
from wellbeing_desktop.ui import background
from wellbeing_desktop.ui.pages.person.parts import column_of
from wellbeing_desktop.ui.reading_order import tab_in_reading_order
from wellbeing_desktop.ui.saving import tell_saved
from wellbeing_desktop.ui.session import Session
from wellbeing_desktop.ui.widgets import buttons, cards, fields, labels, layouts


class Reports(QWidget):
    """`target_id` is the service or article; set it, then `show_reports` whenever they were read."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self.target_id = ""
        self.answers: dict[str, fields.NoteField] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        self.open_card = cards.card("Reported")
        self._open = QVBoxLayout()
        self.open_card.body.addLayout(self._open)
        self.open_card.hide()
        column.addWidget(self.open_card)
        self.wrong = fields.note(lines=2)
        words = labels.label_for("What is missing or wron&g", self.wrong)
        self.report_button = buttons.secondary("Re&port it", self.report)
        column.addWidget(cards.card("Something missing or wrong", words, self.wrong, self.report_button))

    def show_reports(self, reports: Sequence[KnowledgeReport], names: Mapping[str, str]) -> None:
        """Those open, the oldest first; what is being typed as an answer stays."""
        waiting = [one for one in reports if one.state == "open"]
        kept = {id: field.value() for id, field in self.answers.items()}
        if [one.id for one in waiting] != list(self.answers):
            layouts.empty(self._open)
            self.answers = {}
            for number, report in enumerate(waiting, 1):
                self._open.addWidget(self._answering(number, report, names, kept.get(report.id, "")))
        self.open_card.setVisible(bool(waiting))
        self.open_card.title.setText("1 report is open" if len(waiting) == 1 else f"{len(waiting)} reports are open")
        tab_in_reading_order(self.window())

    def report(self) -> None:
        """Whoever keeps it sees it on Today."""
        target, words, now = self.target_id, self.wrong.value(), self._session.now()

        def work(writer: Any) -> Changes:
            return knowledge.report_missing_or_wrong(writer, words, target, at=now)

        background.operate(self, self._session.store, work, partial(self._saved, "Reported.", self.wrong))

    def answer(self, report_id: str) -> None:
        """What was done about it."""
        field, now = self.answers[report_id], self._session.now()
        words = field.value()

        def work(writer: Any) -> Changes:
            return knowledge.answer_report(writer, report_id, words, at=now)

        background.operate(self, self._session.store, work, partial(self._saved, "Answered.", None))

    def _answering(self, number: int, report: KnowledgeReport, names: Mapping[str, str], kept: str) -> QWidget:
        field = fields.note(lines=2)
        field.set_value(kept)
        self.answers[report.id] = field
        by = names.get(report.reported_by, "a colleague")
        on = f", {staff_date(report.reported_on)}" if report.reported_on else ""
        words = labels.label_for(f"What was done about report {number}", field)
        save = buttons.secondary("Save the answer", partial(self.answer, report.id))
        save.setAccessibleName(f"Save the answer to report {number}")
        return column_of(labels.body(report.words), labels.muted(f"By {by}{on}"), words, field, save)

    def _saved(self, said: str, field: fields.NoteField | None, changes: Changes) -> None:
        if field is not None:
            field.set_value("")
        tell_saved(self, self._session, said, changes)
