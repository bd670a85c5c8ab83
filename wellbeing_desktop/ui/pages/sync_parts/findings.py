"""What syncs found that somebody should know, with one button to say that it was read."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout

from wellbeing_desktop.domain.dates import staff_moment
from wellbeing_desktop.storage.sync_findings import Finding, forget_findings
from wellbeing_desktop.ui import background
from wellbeing_desktop.ui.session import Session
from wellbeing_desktop.ui.widgets import buttons, labels
from wellbeing_desktop.ui.widgets.cards import Card
from wellbeing_desktop.ui.widgets.layouts import empty


class FindingsCard(Card):
    """`read` tells that they were read. Hidden where there is nothing to know."""

    read = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__("What syncs found")
        self._session = session
        self._findings: tuple[Finding, ...] = ()
        self._lines = QVBoxLayout()
        self.body.addLayout(self._lines)
        self.read_button = buttons.secondary("I have r&ead this", self._have_read, icon="check")
        self.body.addWidget(self.read_button)
        self.hide()

    def show_findings(self, findings: Sequence[Finding]) -> None:
        if tuple(findings) == self._findings:
            return
        self._findings = tuple(findings)
        empty(self._lines)
        for found in self._findings:
            self._lines.addWidget(labels.body(f"{staff_moment(found.at)}: {found.words}"))
        self.setVisible(bool(self._findings))

    def _have_read(self) -> None:
        shown = self._findings
        background.operate(
            self, self._session.store, lambda writer: forget_findings(writer, shown), lambda _nothing: self.read.emit()
        )
