"""Add a document to somebody's record, or a newer version of one: chosen, pasted or dropped, looked at, then kept."""

import datetime as dt
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Final

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMimeData
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication, QImage, QImageWriter
from PySide6.QtWidgets import QWidget

from wellbeing_desktop.domain.changes import Changes
from wellbeing_desktop.domain.document import Attachment
from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.domain.file_kinds import LARGEST_BYTES, Sniffed, size_words, sniff, title_from
from wellbeing_desktop.operations import files
from wellbeing_desktop.storage.attachments import keep_file
from wellbeing_desktop.storage.connection import Writer
from wellbeing_desktop.ui import background
from wellbeing_desktop.ui.commands import Command
from wellbeing_desktop.ui.pages.forms.form_page import FormPage, choices_of
from wellbeing_desktop.ui.saving import discarding
from wellbeing_desktop.ui.saving_files import ask_which, read_chosen
from wellbeing_desktop.ui.session import Session
from wellbeing_desktop.ui.waiting import Stopped, Watch, run_waiting
from wellbeing_desktop.ui.widgets import buttons, cards, fields, labels, messages
from wellbeing_desktop.ui.widgets.flow import FlowLayout
from wellbeing_desktop.ui.widgets.form import Form
from wellbeing_desktop.ui.widgets.progress import Progress

_ALLOWED: Final = (
    f"PDF, pictures, Word, Excel, OpenDocument and plain text, up to {LARGEST_BYTES >> 20} MB. "
    "You can also drop a file here."
)


class AddFilePage(FormPage):
    """The argument is `<person id>` or `<person id>/<id of the document that this one replaces>`."""

    title, nav_key, section_key, help_key = "Add a document", "add_file", "caseload", "documents"
    draft_name, record = "document", Attachment
    save_words, saved_words = "&Save document", "Document saved."

    def __init__(self, session: Session) -> None:
        self._content: bytes | None = None
        self._sniffed: Sniffed | None = None
        self._replaces = ""
        self._watch: Watch | None = None
        super().__init__(session)
        self.setAcceptDrops(True)

    def build(self, form: Form) -> None:
        form.add("title", "&Title", fields.line(), required=True, help_text="What you will look for it by.")
        form.begin_row()
        form.add("kind", "&Kind", fields.choice(choices_of("attachment_kinds"), empty="Not chosen"))
        form.add("received_on", "&Received on", fields.day(self.session.today))
        form.end_row()
        form.add("source", "Fro&m", fields.line(), help_text="Who sent it: a hospital, the person, a relative.")

    def before_form(self, body: Any) -> None:
        self.choose_button = buttons.secondary("Choose a &file", self.choose, icon="upload")
        self.paste_button = buttons.secondary("&Paste a file", self.paste, icon="clipboard-list")
        self.chosen = labels.strong("No file chosen yet.")
        self.problem = messages.notice("", "warning")
        self.problem.hide()
        self.progress = Progress("Reading the file", self.stop, cancel="Stop")
        self.progress.hide()
        row = QWidget()
        flow = FlowLayout(row)
        flow.addWidget(self.choose_button)
        flow.addWidget(self.paste_button)
        body.addWidget(cards.card("The file", self.chosen, self.problem, row, self.progress, labels.muted(_ALLOWED)))

    def starting_values(self) -> Mapping[str, str]:
        return {"received_on": self.session.today().isoformat()}

    def where_next(self) -> tuple[str, str]:
        return ("person", f"{self.person_id}/documents" if self.person_id else "")

    def on_shown(self, argument: str = "") -> None:
        person_id, _, replaces = argument.partition("/")
        if (person_id, replaces) != (self.person_id, self._replaces):
            self._forget_file()
        self._replaces = replaces
        super().on_shown(person_id)

    def commands(self) -> Sequence[Command]:
        return (
            *super().commands(),
            Command("choose_file", "Choose a file", page=self.nav_key, run=self.choose),
            Command("paste_file", "Paste a file", page=self.nav_key, run=self.paste),
        )

    def first_focus(self) -> QWidget | None:
        return self.choose_button

    # Choosing -------------------------------------------------------------------------------------------------

    def choose(self) -> None:
        path = ask_which(self, "Add a document")
        if path is not None:
            self.take_path(path)

    def paste(self) -> None:
        self._take_mime(QGuiApplication.clipboard().mimeData())

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasUrls() or event.mimeData().hasImage():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        self._take_mime(event.mimeData())
        event.acceptProposedAction()

    def take_path(self, path: Path) -> None:
        """Read a file and say what it is. Its name gives a title to begin with, and nothing else."""
        if self._watch is not None:
            return
        watch = self._begin("Reading the file")
        self._look(path.name, lambda: read_chosen(path, LARGEST_BYTES, watch.report))

    def stop(self) -> None:
        if self._watch is not None:
            self._watch.cancel()

    def _take_mime(self, mime: QMimeData) -> None:
        if self._watch is not None:
            return
        paths = [url.toLocalFile() for url in mime.urls() if url.isLocalFile()]
        if len(paths) > 1:
            self._show_problem(Refused("Add files one by one, so that each has its own title."))
        elif paths:
            self.take_path(Path(paths[0]))
        elif mime.hasImage():
            image: QImage = mime.imageData()
            self._begin("Taking the picture")
            self._look("", lambda: _png_of(image))
        else:
            self._show_problem(Refused("There is no file or picture to paste."))

    def _look(self, name: str, read: Any) -> None:
        def work() -> tuple[bytes, Sniffed]:
            content: bytes = read()
            return content, sniff(content, name)

        run_waiting(self, work, partial(self._show_file, name), self._show_problem)

    def _show_file(self, name: str, found: tuple[bytes, Sniffed]) -> None:
        self._end_progress()
        self._content, self._sniffed = found
        self.chosen.setText(f"{self._sniffed.kind.words}, {size_words(len(self._content))}")
        self.chosen.setAccessibleName(f"Chosen: {self.chosen.text()}")
        messages.announce(self.chosen, self.chosen.accessibleName())
        self.problem.setVisible(bool(self._sniffed.mismatch))
        if self._sniffed.mismatch:
            self.problem.show_message(
                messages.Message(self._sniffed.mismatch, "It is kept as what it is.", "", "warning")
            )
        if not self.form.rows["title"].field.value().strip():
            self.form.set_values({"title": title_from(name)})
        self.form.rows["title"].field.setFocus()

    def _show_problem(self, problem: BaseException) -> None:
        self._end_progress()
        self._saving = False
        self.save_button.setEnabled(True)
        if isinstance(problem, Stopped):
            self.chosen.setText("Stopped. Nothing was added." if self._content is None else self.chosen.text())
            return
        self.problem.show()
        self.problem.show_message(messages.message_for(problem))

    # Saving ---------------------------------------------------------------------------------------------------

    def save(self) -> None:
        """The bytes first, then the record that names them: a crash between the two leaves nothing half there."""
        if self._saving or self._watch is not None:
            return
        if self._content is None:
            self._show_problem(Refused("Choose the file first."))
            self.choose_button.setFocus()
            return
        if not self.form.check():
            return
        self._saving = True
        self.save_button.setEnabled(False)
        self.keeper.finish()
        watch = self._begin("Encrypting the file")
        content, store, now = self._content, self.session.store, self.session.now()
        run_waiting(
            self, lambda: keep_file(store.files, content, now=now, report=watch.report), self._name_it, self._not_saved
        )

    def operation(self, writer: Writer, values: Mapping[str, str]) -> Changes:
        raise NotImplementedError  # the bytes come first: see `save`

    def _name_it(self, sha: str) -> None:
        self._end_progress()
        values, sniffed, content = self.form.values(), self._sniffed, self._content
        if sniffed is None or content is None:
            return
        document = Attachment(
            id=self.record_id,
            subject=self.person_id,
            sha256=sha,
            bytes=len(content),
            media_type=sniffed.kind.media_type,
            title=values["title"].strip(),
            kind=values["kind"],
            received_on=dt.date.fromisoformat(values["received_on"]) if values["received_on"] else None,
            source=values["source"].strip(),
        )
        replaces, at = self._replaces, self.session.now()

        def save(writer: Writer) -> Changes:
            if replaces:
                return files.replace_file(writer, replaces, document, at=at)
            return files.add_file(writer, document, at=at)

        background.operate(self, self.session.store, discarding(self.draft_key, save), self._saved, self._not_saved)

    def _saved(self, changes: Changes) -> None:
        self._forget_file()
        super()._saved(changes)

    def _not_saved(self, problem: BaseException) -> None:
        self.keeper.begin_again()
        if isinstance(problem, Refused) and problem.field in self.form.rows:
            self._saving = False
            self.save_button.setEnabled(True)
            self.form.show_refusal(problem)
        else:
            self._show_problem(problem)

    def cancel(self) -> None:
        self.stop()
        self._forget_file()
        super().cancel()

    def _begin(self, doing: str) -> Watch:
        self.problem.hide()
        watch = Watch(self)
        self._watch = watch
        self.progress.words.setText(doing)
        self.progress.bar.setAccessibleName(doing)
        self.progress.bar.setRange(0, 0)
        self.progress.show()
        watch.progress.connect(partial(self._count, doing))
        return watch

    def _count(self, doing: str, done: int, total: int) -> None:
        self.progress.bar.setRange(0, max(1, total) // 1024 or 1)
        self.progress.bar.setValue(done // 1024)
        self.progress.words.setText(f"{doing}: {size_words(done)} of {size_words(total)}" if done else doing)

    def _end_progress(self) -> None:
        if self._watch is not None:
            self._watch.deleteLater()
        self._watch = None
        self.progress.hide()

    def _forget_file(self) -> None:
        """The bytes leave memory; the page begins with no file."""
        self._content, self._sniffed, self._replaces = None, None, ""
        self.chosen.setText("No file chosen yet.")
        self.problem.hide()


def _png_of(image: QImage) -> bytes:
    held = QByteArray()
    device = QBuffer(held)
    device.open(QIODevice.OpenModeFlag.WriteOnly)
    if not QImageWriter(device, QByteArray(b"PNG")).write(image):
        raise Refused("The picture could not be taken from the clipboard.")
    return bytes(held.data())
