"""Any document as a web page, beside its PDF: the same words in one file, for a screen and for a screen reader.

self.web = WebPageOffer("Save as a web pa&ge", self.save_web_page)
column.addWidget(self.web)                        # at the top: seen when the record asks for it
row = row_of_buttons(..., self.web.button)        # among the others when it does not
make_web_page(self, document, "standard", self._take_page, self._failed)
"""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QVBoxLayout, QWidget

from wellbeing_desktop.documents.blocks import Document
from wellbeing_desktop.operations.other_form import Asked
from wellbeing_desktop.storage.connection import Writer
from wellbeing_desktop.storage.store import Store
from wellbeing_desktop.ui import background
from wellbeing_desktop.ui.saving_files import write_private
from wellbeing_desktop.ui.tokens import SPACE_S
from wellbeing_desktop.ui.waiting import run_waiting
from wellbeing_desktop.ui.widgets import buttons, messages
from wellbeing_desktop.ui.worker import Job, run_in_worker

NOT_ENCRYPTED = "The file is not encrypted: anyone who can open the folder can read it."


class WebPageOffer(QWidget):
    """What the record asks for that paper is not, with the web page before anything else."""

    def __init__(self, words: str, save: Callable[[], object]) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE_S)
        self.notice = messages.notice("", "warning")
        self.first = buttons.secondary(words, save, icon="file-text")
        column.addWidget(self.notice)
        column.addWidget(self.first)
        self.button = buttons.secondary(words, save)
        """The same where nothing is asked for; the page puts it among its other buttons."""
        self.hide()

    def show_asked(self, asked: Asked | None) -> None:
        self.setVisible(asked is not None)
        is_first = asked is not None and asked.is_web_page
        self.first.setVisible(is_first)
        self.button.setVisible(not is_first)
        if asked is not None:
            self.notice.show_message(messages.Message(asked.sentence, asked.advice, "", "warning"))

    def let(self, able: bool) -> None:
        self.first.setEnabled(able)
        self.button.setEnabled(able)


def make_web_page(
    owner: QWidget,
    document: Document,
    style: str,
    then: Callable[[bytes], object],
    failed: background.OnFailure,
) -> Job:
    """The bytes of the page, made in the process that makes the PDFs."""
    return run_in_worker(owner, "wellbeing_desktop.documents.jobs:web_page", (document, style), then, failed)


def write_noted(
    owner: QWidget,
    store: Store,
    path: Path,
    content: bytes,
    note: Callable[[Writer], object] | None,
    then: Callable[[], object],
    failed: background.OnFailure,
) -> None:
    """`content` to `path`, away from the window's thread. `note` is the line of the audit, written first: what could not
    be noted is not done. None where the page notes it by itself."""

    def work() -> None:
        if note is not None:
            store.write(note)
        write_private(path, content)

    run_waiting(owner, work, lambda _nothing: then(), failed)
