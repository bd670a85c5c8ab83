"""The call sheet, to print before it is needed: whom to ring when there is no laptop and no network."""

from collections.abc import Sequence

from wellbeing_desktop.documents.call_sheet import CallSheet, call_sheet_document
from wellbeing_desktop.domain.changes import Changes
from wellbeing_desktop.operations.call_sheet import call_sheet
from wellbeing_desktop.operations.looking import noted
from wellbeing_desktop.ui import background
from wellbeing_desktop.ui.commands import Command, for_page
from wellbeing_desktop.ui.page import Page
from wellbeing_desktop.ui.pages.plan_copy.paper import Paper
from wellbeing_desktop.ui.session import Session
from wellbeing_desktop.ui.widgets import labels


class CallSheetPage(Page):
    title, nav_key, section_key, help_key = "Call sheet", "call_sheet", "inbox", "at_risk"

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self.body.addWidget(labels.heading(self.title, 1))
        self.body.addWidget(
            labels.body(
                "Whom to ring when somebody is at risk and there is no laptop. Print it again when numbers change."
            )
        )
        self.paper = Paper(session, "print_call_sheet", "call-sheet.pdf")
        self.paper.on_paper = self._note_printed
        self.body.addWidget(self.paper)
        self.body.addStretch()

    def on_shown(self, argument: str = "") -> None:
        today = self.session.today()
        background.query(self, self.session.store, lambda reader: call_sheet(reader, today), self._show)

    def refresh(self, changes: Changes) -> None:
        if changes.touches("setting"):
            self.on_shown()

    def commands(self) -> Sequence[Command]:
        return (for_page("print", self.paper.print_it, name="Print the call sheet", page=self.nav_key),)

    def _show(self, sheet: CallSheet) -> None:
        self.paper.show_document("", call_sheet_document(sheet), "small", "For staff, 12 point")

    def _note_printed(self) -> None:
        at = self.session.now()
        background.operate(self, self.session.store, lambda writer: noted(writer, "print_call_sheet", at=at))
