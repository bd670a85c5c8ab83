"""Letters written about the person, and documents kept, with where each one's bytes are."""

from functools import partial
from typing import Final

from PySide6.QtCore import QTimer
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from wellbeing_desktop.domain.code_lists import label_of
from wellbeing_desktop.domain.dates import day_words
from wellbeing_desktop.domain.document import Attachment, Letter
from wellbeing_desktop.domain.errors import StoreProblem
from wellbeing_desktop.domain.file_kinds import size_words
from wellbeing_desktop.operations import files
from wellbeing_desktop.operations.person_record import PersonRecord
from wellbeing_desktop.ui.pages.file.state import Where, where_is
from wellbeing_desktop.ui.pages.person.parts import Around, entry, joined, row_of_buttons
from wellbeing_desktop.ui.session import Session
from wellbeing_desktop.ui.tokens import SPACE_M
from wellbeing_desktop.ui.waiting import run_waiting
from wellbeing_desktop.ui.widgets import buttons, labels, messages
from wellbeing_desktop.ui.widgets.empty_state import empty_state

_TONES: dict[str, labels.Tone] = {"sent": "good", "returned": "warning", "draft": "warning"}
_LOOK_AGAIN_MS: Final = 2_000
"""While something is on its way."""


class DocumentsPart(QWidget):
    """Newest first, letters before documents."""

    def __init__(self, session: Session, record: PersonRecord, around: Around) -> None:
        super().__init__()
        self._session, self._record, self._around = session, record, around
        self.chips: dict[str, labels.Chip] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE_M)
        person_id = record.person.id
        self.add_button = buttons.secondary("Add a doc&ument", partial(around.go, "add_file", person_id), icon="upload")
        write = buttons.secondary("Write a letter", partial(around.go, "letters", person_id), icon="mail")
        summary = buttons.secondary("Print a summary", partial(around.act, "print_summary", ""), icon="printer")
        self.trouble = messages.notice("", "bad")
        self.trouble.hide()
        self.begin_button = buttons.secondary("Begin a new file for documents", self._begin_new)
        self.begin_button.hide()
        parts: list[QWidget] = [row_of_buttons(self.add_button, write, summary), self.trouble, self.begin_button]
        parts += [_letter(letter, record, around) for letter in record.letters]
        parts += [self._document(document) for document in record.attachments]
        if not record.letters and not record.attachments:
            parts.append(
                empty_state(
                    "No letters or documents yet.",
                    "Letters you write about this person are kept here, and documents you add.",
                    icon="file-text",
                )
            )
        for part in parts:
            column.addWidget(part)
        self._timer = QTimer(self, interval=_LOOK_AGAIN_MS)
        self._timer.timeout.connect(self.look)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.look()

    def hideEvent(self, event: QHideEvent) -> None:
        self._timer.stop()
        super().hideEvent(event)

    def look(self) -> None:
        """Ask where each document's bytes are."""
        documents, store = self._record.attachments, self._session.store
        if documents:
            run_waiting(self, lambda: where_is(store, documents), self._show_where, self._show_trouble)

    def _document(self, document: Attachment) -> QWidget:
        open_it = buttons.link(
            "Open the document", partial(self._around.go, "file", f"{self._record.person.id}/{document.id}")
        )
        open_it.setAccessibleName(f"Open the document {document.title}")
        chip = labels.chip("Looking", "plain", "clock")
        self.chips[document.id] = chip
        meta = joined(
            day_words(document.received_on),
            document.source,
            label_of("attachment_kinds", document.kind),
            f"{files.kind_of(document).words}, {size_words(document.bytes or 0)}",
        )
        return entry(document.title, [], meta, chip, open_it)

    def _show_where(self, found: dict[str, Where]) -> None:
        self.trouble.hide()
        self.begin_button.hide()
        for id, where in found.items():
            if id in self.chips and self.chips[id].text() != where.words:
                self.chips[id].set_status(where.words, where.tone, where.icon)
        if any(not where.is_settled for where in found.values()) and self.isVisible():
            self._timer.start()
        else:
            self._timer.stop()

    def _show_trouble(self, problem: BaseException) -> None:
        self._timer.stop()
        if isinstance(problem, StoreProblem) and problem.kind == "store_closed":
            return
        for chip in self.chips.values():
            chip.set_status("Cannot be opened", "bad", "circle-alert")
        self.trouble.show()
        self.trouble.show_message(messages.message_for(problem))
        is_damaged = isinstance(problem, StoreProblem) and problem.kind in ("files_damaged", "files_missing")
        self.begin_button.setVisible(is_damaged)

    def _begin_new(self) -> None:
        store = self._session.store
        self.begin_button.setEnabled(False)
        run_waiting(self, store.begin_new_attachments_file, lambda _aside: self._began(), self._show_trouble)

    def _began(self) -> None:
        self.begin_button.setEnabled(True)
        if self._session.sync is not None:
            self._session.sync.nudge()
        self.look()


def _letter(letter: Letter, record: PersonRecord, around: Around) -> QWidget:
    open_it = buttons.link("Open the letter", partial(around.go, "letters", f"{record.person.id}/{letter.id}"))
    open_it.setAccessibleName(f"Open the letter of {day_words(letter.written_on)} to {letter.to_name}")
    state = labels.chip(label_of("letter_states", letter.state) or "Draft", _TONES.get(letter.state, "plain"))
    ends: list[QWidget] = [state, open_it]
    if letter.state == "sent":
        argument = f"letter_came_back/{record.person.id}/{letter.id}"
        back = buttons.link("The letter came back", partial(around.go, "person_entry", argument))
        back.setAccessibleName(f"The letter of {day_words(letter.written_on)} to {letter.to_name} came back")
        ends.append(back)
    return entry(
        letter.subject_line or f"Letter to {letter.to_name}",
        [],
        joined(day_words(letter.written_on), f"To {letter.to_name}", record.names.get(letter.author_id, "")),
        *ends,
    )
