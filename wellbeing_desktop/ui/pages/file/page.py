"""One document: what it is and how large, and only then, when asked, its pages; or a copy outside the program."""

from collections.abc import Sequence
from functools import partial
from typing import Final

import msgspec
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QVBoxLayout, QWidget

from wellbeing_desktop.domain.changes import Changes
from wellbeing_desktop.domain.code_lists import label_of
from wellbeing_desktop.domain.dates import day_words
from wellbeing_desktop.domain.document import Attachment
from wellbeing_desktop.domain.errors import Refused, StoreProblem
from wellbeing_desktop.domain.file_kinds import copy_name, size_words
from wellbeing_desktop.domain.person import Person
from wellbeing_desktop.operations import files
from wellbeing_desktop.operations.looking import opened_record
from wellbeing_desktop.storage.attachments import read_file
from wellbeing_desktop.storage.connection import Reader
from wellbeing_desktop.storage.joined import ids_of, survivor_of
from wellbeing_desktop.storage.records import load
from wellbeing_desktop.storage.search import PersonRow
from wellbeing_desktop.storage.similar import row_of
from wellbeing_desktop.ui import background
from wellbeing_desktop.ui.commands import Command, for_page
from wellbeing_desktop.ui.file_pictures import FilePictures, read_pictures
from wellbeing_desktop.ui.page import Page
from wellbeing_desktop.ui.pages.file.state import Where, where_is
from wellbeing_desktop.ui.pages.forms.form_page import show_in_banner
from wellbeing_desktop.ui.pages.letters_parts.preview import PagePicture, image_of
from wellbeing_desktop.ui.pages.person.parts import row_of_buttons
from wellbeing_desktop.ui.reading_order import tab_in_reading_order
from wellbeing_desktop.ui.saving_files import ask_where, if_it_may_leave, write_private
from wellbeing_desktop.ui.session import Session
from wellbeing_desktop.ui.tokens import SPACE_M
from wellbeing_desktop.ui.waiting import run_waiting
from wellbeing_desktop.ui.widgets import buttons, cards, labels, messages
from wellbeing_desktop.ui.widgets.banner import PersonBanner
from wellbeing_desktop.ui.worker import Apart, WorkerFault, run_apart

_LOOK_AGAIN_MS: Final = 2_000
_NOT_SHOWN: Final = "A {kind} is not shown here. Save a copy to open it in another program."
_OUTSIDE: Final = (
    "A copy is outside the encrypted store: whoever can open its folder can read it. Delete it when it is no longer "
    "needed."
)
_CANNOT_SHOW: Final = (
    "This document could not be shown. It may be damaged, or made to do harm. Only save a copy if you trust whoever "
    "sent it."
)


class _Asked(msgspec.Struct, frozen=True):
    document: Attachment
    person: PersonRow | None
    """None while nobody knows yet whom it is about: it came with an e-mail."""


class FilePage(Page):
    """The argument is `<person id>/<document id>`."""

    title, nav_key, section_key, help_key = "Document", "file", "caseload", "documents"

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._argument = ""
        self.document: Attachment | None = None
        self._where: Where | None = None
        self._apart: Apart | None = None
        self._showing = 0
        self._is_drawing = False
        self.banner = PersonBanner()
        self.banner.hide()
        self.outer.insertWidget(0, self.banner)
        self.heading = labels.heading("", 1)
        self.facts = labels.body("")
        self.state = labels.chip("Looking", "plain", "clock")
        self.hint = labels.muted("")
        self.told = messages.notice("", "good", can_close=True)
        self.told.hide()
        self.show_button = buttons.primary("&Show this document", self.show_pages, icon="file-text")
        self.copy_button = buttons.secondary("Sa&ve a copy", self.save_copy)
        self.describe_button = buttons.secondary("Change the &title", partial(self._form, "describe_file"))
        self.replace_button = buttons.secondary("Add a &newer version", self._replace)
        self.remove_button = buttons.secondary("&Remove", partial(self._form, "remove_file"))
        self.action_row = row_of_buttons(
            self.show_button, self.copy_button, self.replace_button, self.describe_button, self.remove_button
        )
        self.body.addWidget(self.heading)
        self.body.addWidget(self.told)
        self.body.addWidget(cards.card("", self.facts, self.state, self.hint, labels.muted(_OUTSIDE), self.action_row))
        self._pages = QVBoxLayout()
        self._pages.setSpacing(SPACE_M)
        self.body.addLayout(self._pages)
        self.body.addStretch()
        self.pictures: list[QWidget] = []
        self._timer = QTimer(self, interval=_LOOK_AGAIN_MS)
        self._timer.timeout.connect(self._look)

    def on_shown(self, argument: str = "") -> None:
        if argument and argument != self._argument:
            self._argument, self.document = argument, None
            self._clear()
            self.told.hide()
        self._ask()

    def refresh(self, changes: Changes) -> None:
        if self.document is not None and changes.touches("attachment", "person"):
            self._ask()

    def commands(self) -> Sequence[Command]:
        page = self.nav_key
        return (
            Command("show_file", "Show this document", page=page, run=self.show_pages),
            Command("save_copy", "Save a copy of this document", page=page, run=self.save_copy),
            for_page("edit", partial(self._form, "describe_file"), name="Change the title", page=page),
        )

    def panes(self) -> Sequence[QWidget]:
        return (self.action_row,)

    def first_focus(self) -> QWidget | None:
        return self.show_button if self.show_button.isEnabled() else self.copy_button

    def can_leave(self) -> bool:
        self._clear()
        self._timer.stop()
        return True

    # What it is -----------------------------------------------------------------------------------------------

    def _ask(self) -> None:
        person_id, _, id = self._argument.partition("/")
        if not id:
            self._gone(Refused("No document is open here. Open one from the person's documents."))
            return

        def read(reader: Reader) -> _Asked:
            document, about = load(reader, Attachment, id), load(reader, Person, survivor_of(reader, person_id))
            if document is None or about is None or document.subject not in ids_of(reader, about.id):
                raise Refused("This document is not in the record any more.")
            return _Asked(document, None if about.unidentified else row_of(reader, about.id))

        background.query(self, self._session.store, read, partial(self._show, self._argument), self._gone)

    def _show(self, argument: str, asked: _Asked) -> None:
        if argument != self._argument:
            return
        document = asked.document
        self.document = document
        if asked.person is not None:
            show_in_banner(self.banner, asked.person, self._session.today())
        self.banner.setVisible(asked.person is not None)
        for button in (self.describe_button, self.replace_button, self.remove_button):
            button.setVisible(asked.person is not None)
        self.heading.setText(document.title)
        kind = files.kind_of(document)
        facts = [
            f"{kind.words}, {size_words(document.bytes or 0)}",
            label_of("attachment_kinds", document.kind),
            f"Received {day_words(document.received_on)}" if document.received_on else "",
            f"From {document.source}" if document.source else "",
            "" if asked.person is not None else "Nobody has said yet whom it is about",
        ]
        self.facts.setText(". ".join(filter(None, facts)) + ".")
        self._look()

    def _gone(self, problem: BaseException) -> None:
        self.document = None
        self._clear()
        self._timer.stop()
        self.banner.hide()
        self.heading.setText("Document")
        self.facts.setText("")
        self.hint.hide()
        self.state.set_status("Not found", "plain", "circle-alert")
        for button in (
            self.show_button,
            self.copy_button,
            self.replace_button,
            self.describe_button,
            self.remove_button,
        ):
            button.setEnabled(False)
        self._tell(messages.message_for(problem))

    def _look(self) -> None:
        document, store = self.document, self._session.store
        if document is not None:
            run_waiting(
                self,
                lambda: where_is(store, (document,))[document.id],
                partial(self._show_where, document),
                self._trouble,
            )

    def _show_where(self, document: Attachment, where: Where) -> None:
        if self.document is not document:
            return
        self._where = where
        self.state.set_status(where.words, where.tone, where.icon)
        kind = files.kind_of(document)
        had_focus = self.show_button.hasFocus()
        self.show_button.setEnabled(where.is_here and kind.is_shown)
        self.copy_button.setEnabled(where.is_here)
        for button in (self.replace_button, self.describe_button, self.remove_button):
            button.setEnabled(True)
        if had_focus and not self.show_button.isEnabled():
            self.copy_button.setFocus()
        hint = "" if kind.is_shown else _NOT_SHOWN.format(kind=kind.words)
        self.hint.setText(hint)
        self.hint.setVisible(bool(hint))
        if where.is_settled or not self.isVisible():
            self._timer.stop()
        else:
            self._timer.start()

    def _trouble(self, problem: BaseException) -> None:
        self._timer.stop()
        self.state.set_status("Cannot be opened", "bad", "circle-alert")
        self.show_button.setEnabled(False)
        self.copy_button.setEnabled(False)
        if not (isinstance(problem, StoreProblem) and problem.kind == "store_closed"):
            self._tell(messages.message_for(problem))

    # Looking --------------------------------------------------------------------------------------------------

    def show_pages(self) -> None:
        """Only on somebody's deliberate key, and noted in the audit before anything is drawn."""
        document, where = self.document, self._where
        if document is None or where is None or self._is_drawing or not self.show_button.isEnabled():
            return
        self._clear()
        self.told.hide()
        self._is_drawing = True
        question = self._showing
        self._place(labels.muted("Opening the document."))
        store = self._session.store

        def noted(_changes: Changes) -> None:
            self._apart = run_apart(
                self,
                "wellbeing_desktop.ui.file_pictures:pictures",
                lambda: (_bytes_of(self._session, document), document.media_type),
                partial(self._show_pictures, question),
                partial(self._not_shown, question),
            )

        background.operate(self, store, partial(opened_record, person_id=document.subject, what=files.OPENED), noted)

    def _show_pictures(self, question: int, answer: bytes) -> None:
        if question != self._showing:
            return
        found: FilePictures = read_pictures(answer)
        self._clear()
        count = "1 page" if found.pages == 1 else f"{found.pages} pages"
        shown = "" if len(found.images) == found.pages else f" The first {len(found.images)} are shown."
        said = labels.muted(f"{count}.{shown}")
        self._place(said)
        for number, page in enumerate(found.images, 1):
            self._place(PagePicture(image_of(page), f"Page {number} of {found.pages}"))
        messages.announce(said, said.text())
        tab_in_reading_order(self)

    def _not_shown(self, question: int, problem: BaseException) -> None:
        if question != self._showing:
            return
        self._clear()
        self._tell(
            messages.Message(_CANNOT_SHOW, "", "", "warning")
            if isinstance(problem, WorkerFault)
            else messages.message_for(problem)
        )

    # A copy ---------------------------------------------------------------------------------------------------

    def save_copy(self) -> None:
        """Under a name made here; where it goes is the person's choice."""
        if self.document is not None and self.copy_button.isEnabled():
            if_it_may_leave(self, self._session.store, self._save_copy)

    def _save_copy(self) -> None:
        document = self.document
        if document is None or not self.copy_button.isEnabled():
            return
        name = copy_name(files.kind_of(document), label_of("attachment_kinds", document.kind), document.received_on)
        path = ask_where(self, "Save a copy outside the program", name)
        if path is None:
            return
        store = self._session.store

        def work() -> str:
            # The audit first: what could not be noted is not done.
            store.write(partial(opened_record, person_id=document.subject, what=files.SAVED_A_COPY))
            write_private(path, _bytes_of(self._session, document))
            return path.name

        self.copy_button.setEnabled(False)
        run_waiting(self, work, lambda _name: self._copied(), self._not_copied)

    def _copied(self) -> None:
        self.copy_button.setEnabled(True)
        self._tell(messages.Message("A copy was saved.", _OUTSIDE, "", "good"))

    def _not_copied(self, problem: BaseException) -> None:
        self.copy_button.setEnabled(True)
        self._tell(messages.message_for(problem))

    # Within ---------------------------------------------------------------------------------------------------

    def _form(self, kind: str) -> None:
        if self.document is not None:
            self.go.emit("person_entry", f"{kind}/{self._argument}")

    def _replace(self) -> None:
        if self.document is not None:
            self.go.emit("add_file", self._argument)

    def _tell(self, message: messages.Message) -> None:
        self.told.show()
        self.told.show_message(message)

    def _place(self, widget: QWidget) -> None:
        self.pictures.append(widget)
        self._pages.addWidget(widget)

    def _clear(self) -> None:
        """The pages leave the screen and memory, and whatever was drawing them ends."""
        self._showing += 1
        self._is_drawing = False
        if self._apart is not None:
            self._apart.cancel()
            self._apart = None
        for picture in self.pictures:
            self._pages.removeWidget(picture)
            picture.hide()
            picture.deleteLater()
        self.pictures = []


def _bytes_of(session: Session, document: Attachment) -> bytes:
    """The bytes, proven by their hash. Waits: not for the window's thread."""
    content = read_file(session.store.files, document.sha256)
    if content is None:
        raise Refused("This document is not here yet. It comes with the next sync that has time for it.")
    return content
