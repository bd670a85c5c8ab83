"""A text with what was added and taken out marked in words, and in colour beside them; long ones scroll."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtGui import QColor, QTextCharFormat

from wellbeing_desktop.domain.word_diff import Change, Piece
from wellbeing_desktop.ui.theme import theme
from wellbeing_desktop.ui.widgets.fields import NoteField

_SAID: Final = {Change.ADDED: "[added: ", Change.TAKEN_OUT: "[taken out: "}


def marked_words(pieces: Sequence[Piece], said: dict[Change, str] | None = None) -> list[tuple[Change, str]]:
    """The runs as they are shown: what changed is put in square brackets that say what became of it."""
    shown: list[tuple[Change, str]] = []
    for piece in pieces:
        words = (said or _SAID).get(piece.change)
        text = piece.text
        if words is not None:
            inside = text.rstrip()
            text = f"{words}{inside or 'space'}]{text[len(inside) :]}"
            if shown and shown[-1][1].endswith("]"):
                text = f" {text}"
        shown.append((piece.change, text))
    return shown


class ComparedText(NoteField):
    """Read, copied and scrolled by keyboard; never typed into. Tab goes on."""

    def __init__(self, *, lines: int = 2) -> None:
        super().__init__(lines=lines, most_lines=10)
        self.setReadOnly(True)
        self._runs: list[tuple[Change, str]] = []
        theme().changed.connect(self._paint)

    def show_pieces(self, pieces: Sequence[Piece], said: dict[Change, str] | None = None) -> None:
        self._runs = marked_words(pieces, said)
        self._paint()

    def show_words(self, words: str) -> None:
        """A text with nothing marked."""
        self._runs = [(Change.SAME, words)]
        self._paint()

    def _paint(self) -> None:
        self._setting = True
        self.clear()
        cursor = self.textCursor()
        cursor.beginEditBlock()
        for change, text in self._runs:
            cursor.insertText(text, _format(change))
        cursor.endEditBlock()
        cursor.setPosition(0)
        self.setTextCursor(cursor)
        self._setting = False
        self._fit()


def _format(change: Change) -> QTextCharFormat:
    t = theme().tokens
    made = QTextCharFormat()
    made.setForeground(QColor({Change.ADDED: t.good, Change.TAKEN_OUT: t.bad}.get(change, t.text)))
    if change is Change.ADDED:
        made.setBackground(QColor(t.good_fill))
        made.setFontUnderline(True)
    elif change is Change.TAKEN_OUT:
        made.setBackground(QColor(t.bad_fill))  # not struck through: it is to be read
    return made
