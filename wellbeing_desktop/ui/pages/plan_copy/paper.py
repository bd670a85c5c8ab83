"""A document shown as it will be on paper, with Print and Save, as PDF or as a web page: the preview is the PDF itself."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import QVBoxLayout, QWidget

from wellbeing_desktop.documents.blocks import Document
from wellbeing_desktop.operations.looking import opened_record
from wellbeing_desktop.operations.other_form import Asked
from wellbeing_desktop.ui import background
from wellbeing_desktop.ui.pages.letters_parts.preview import PreviewPanel
from wellbeing_desktop.ui.pages.letters_parts.print_run import PrintRun
from wellbeing_desktop.ui.pages.person.parts import row_of_buttons
from wellbeing_desktop.ui.saving_files import ask_where, if_it_may_leave
from wellbeing_desktop.ui.session import Session
from wellbeing_desktop.ui.tokens import SPACE_M
from wellbeing_desktop.ui.web_page import NOT_ENCRYPTED, WebPageOffer, make_web_page, write_noted
from wellbeing_desktop.ui.widgets import buttons, messages
from wellbeing_desktop.ui.widgets.progress import Progress


class Paper(QWidget):
    """The pages of one document. `what` names it in the audit of the person it is about (`print_plan_copy`); of one
    about nobody in particular, whoever shows it notes what it must through `on_paper`."""

    def __init__(self, session: Session, what: str, file_name: str) -> None:
        super().__init__()
        self._session, self._what, self._file_name = session, what, file_name
        self._person_id = ""
        self._shown: tuple[Document, str] | None = None
        self._run: PrintRun | None = None
        self.on_paper: Callable[[], object] | None = None
        """Called when every page reached the printer or the file was written."""
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE_M)
        self.print_button = buttons.primary("&Print", self.print_it, icon="printer")
        self.save_button = buttons.secondary("Save as PD&F", self.save_it, icon="file-text")
        self.web = WebPageOffer("Save as a web pa&ge", self.save_web_page)
        column.addWidget(self.web)
        column.addWidget(row_of_buttons(self.print_button, self.save_button, self.web.button))
        self.told = messages.notice("", "good", can_close=True)
        self.told.hide()
        column.addWidget(self.told)
        self._progress_place = QVBoxLayout()
        column.addLayout(self._progress_place)
        self._progress: Progress | None = None
        self.preview = PreviewPanel()
        column.addWidget(self.preview)
        self._let(False)

    def show_document(
        self, person_id: str, document: Document, style: str, format_words: str, asked: Asked | None = None
    ) -> None:
        """Asks for the pages; Print and Save wait until they are there. `asked` is what the reader's record asks for
        that paper is not."""
        self._person_id, self._shown = person_id, (document, style)
        self.web.show_asked(asked)
        self._let(False)
        self.preview.show_document(document, style, format_words, partial(self._let, True))

    def choose_file(self, ending: str = ".pdf") -> str:
        """Where the file is to go, asked of the person; the name offered says nothing about anybody."""
        words = "Save as PDF" if ending == ".pdf" else "Save as a web page"
        path = ask_where(self, words, str(Path(self._file_name).with_suffix(ending)))
        return str(path) if path is not None else ""

    def choose_printer(self) -> QPrinter | None:
        """The printer, asked of the person; None when they changed their mind."""
        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        dialog = QPrintDialog(printer, self)
        return printer if dialog.exec() else None

    def save_it(self) -> None:
        """Writes the PDF that is shown."""
        if_it_may_leave(self, self._session.store, self._save)

    def _save(self) -> None:
        answer = self.preview.answer
        name = self.choose_file() if answer is not None else ""
        if answer is None or not name:
            return
        self._write(name, self._what, "Saved as PDF.", answer.data)

    def save_web_page(self) -> None:
        """Writes the document that is shown as one HTML file."""
        if_it_may_leave(self, self._session.store, self._save_web_page)

    def _save_web_page(self) -> None:
        shown = self._shown
        name = self.choose_file(".html") if shown is not None and self.preview.answer is not None else ""
        if shown is None or not name:
            return
        take = partial(self._write, name, "save_web_page", "Saved as a web page.")
        make_web_page(self, *shown, take, partial(messages.show, self))

    def _write(self, name: str, what: str, words: str, content: bytes) -> None:
        note = partial(opened_record, person_id=self._person_id, what=what) if self._person_id else None
        then = partial(self._told_saved, f"{words} {NOT_ENCRYPTED}")
        write_noted(self, self._session.store, Path(name), content, note, then, partial(messages.show, self))

    def _told_saved(self, words: str) -> None:
        self._say(words)
        if self.on_paper is not None:
            self.on_paper()

    def print_it(self) -> None:
        """Every page of the PDF that is shown."""
        if_it_may_leave(self, self._session.store, self._print)

    def _print(self) -> None:
        answer = self.preview.answer
        printer = self.choose_printer() if answer is not None else None
        if answer is None or printer is None:
            return
        self._let(False)
        pages = answer.pages

        def ended(done: int) -> None:
            self._end_progress()
            self._let(True)
            if done == pages:
                sheets = "1 page" if pages == 1 else f"{pages} pages"
                self._done(f"{sheets} went to the printer.")

        self._run = PrintRun(self, printer, answer.data, pages, self._count, ended, partial(messages.show, self))
        self._progress = Progress("Printing", self._run.cancel)
        self._progress_place.addWidget(self._progress)
        self._run.begin()

    def _count(self, done: int, total: int) -> None:
        if self._progress is not None:
            self._progress.show_count(done, total)

    def _end_progress(self) -> None:
        if self._progress is not None:
            self._progress_place.removeWidget(self._progress)
            self._progress.hide()
            self._progress.deleteLater()
            self._progress = None

    def _say(self, words: str) -> None:
        self.told.show()
        self.told.show_message(messages.Message(words, "", "", "good"))

    def _done(self, words: str) -> None:
        self._say(words)
        person_id, what = self._person_id, self._what
        if person_id:
            background.operate(self, self._session.store, partial(opened_record, person_id=person_id, what=what))
        if self.on_paper is not None:
            self.on_paper()

    def _let(self, able: bool) -> None:
        self.print_button.setEnabled(able)
        self.save_button.setEnabled(able)
        self.web.let(able)
