"""The files that came with an e-mail, each to be opened as a document."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout

from wellbeing_desktop.domain.document import Attachment
from wellbeing_desktop.domain.file_kinds import size_words
from wellbeing_desktop.operations.files import kind_of
from wellbeing_desktop.ui.widgets import buttons
from wellbeing_desktop.ui.widgets.cards import Card


class FilesCard(Card):
    """`chosen` gives the argument of the document's page. Hidden where nothing came."""

    chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__("Files that came with it")
        self._lines = QVBoxLayout()
        self.body.addLayout(self._lines)
        self.hide()

    def show_files(self, files: Sequence[Attachment]) -> None:
        while (item := self._lines.takeAt(0)) is not None:
            gone = item.widget()
            if gone is not None:
                gone.hide()
                gone.deleteLater()
        for file in files:
            words = f"{file.title}, {kind_of(file).words}, {size_words(file.bytes or 0)}".replace("&", "&&")
            self._lines.addWidget(buttons.link(words, partial(self.chosen.emit, f"{file.subject}/{file.id}")))
        self.setVisible(bool(files))
