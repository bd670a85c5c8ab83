"""The draft of the answer to a complaint, as it will be on paper."""

from collections.abc import Sequence

from wellbeing_desktop.documents.blocks import Document
from wellbeing_desktop.domain.changes import Changes
from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.operations.answer_letter import answer_letter
from wellbeing_desktop.operations.looking import noted
from wellbeing_desktop.storage.connection import Reader
from wellbeing_desktop.storage.service_files import may_read_files
from wellbeing_desktop.ui import background
from wellbeing_desktop.ui.commands import Command, for_page
from wellbeing_desktop.ui.page import Page
from wellbeing_desktop.ui.pages.plan_copy.paper import Paper
from wellbeing_desktop.ui.session import Session
from wellbeing_desktop.ui.widgets import buttons, labels


class AnswerLetterPage(Page):
    """The argument is the complaint's id."""

    title, nav_key, section_key, help_key = "Draft of the answer", "answer_letter", "inbox", "service_files"

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self._id = ""
        self.body.addWidget(labels.heading(self.title, 1))
        self.body.addWidget(labels.body("It says that it is a draft. The program sends nothing by itself."))
        self.problem = labels.strong()
        self.body.addWidget(self.problem)
        self.paper = Paper(session, "print_answer_letter", "answer.pdf")
        self.paper.on_paper = self._note_printed
        self.body.addWidget(self.paper)
        self.body.addWidget(buttons.secondary("&Back to the file", lambda: self.go.emit("complaint", self._id)))
        self.body.addStretch()

    def on_shown(self, argument: str = "") -> None:
        self._id = argument or self._id
        id, today = self._id, self.session.today()

        def ask(reader: Reader) -> Document:
            if not may_read_files(reader, today):
                raise Refused("You may not read this file.")
            return answer_letter(reader, id, today)

        background.query(self, self.session.store, ask, self._show, self._cannot)

    def refresh(self, changes: Changes) -> None:
        if self._id and changes.touches("complaint"):
            self.on_shown()

    def commands(self) -> Sequence[Command]:
        return (for_page("print", self.paper.print_it, name="Print the draft of the answer", page=self.nav_key),)

    def _show(self, document: Document) -> None:
        self.problem.hide()
        self.paper.show()
        self.paper.show_document("", document, "standard", "Standard letter, 14 point")

    def _cannot(self, problem: BaseException) -> None:
        self.paper.hide()
        self.problem.setText(getattr(problem, "message", "The letter could not be made."))
        self.problem.show()

    def _note_printed(self) -> None:
        at = self.session.now()
        background.operate(self, self.session.store, lambda writer: noted(writer, "print_answer_letter", at=at))
