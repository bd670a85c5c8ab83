"""Ctrl+K: find a person or a command. People come from a provider given by the application. A page may have it choose
among rows of its own (`choose`), found by what is typed in the same way."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from wellbeing_desktop.ui.commands import CommandList
from wellbeing_desktop.ui.tokens import SPACE_M, SPACE_S
from wellbeing_desktop.ui.widgets import fields, labels

_ASKS: Final = "Find a person or a command"


@dataclass(frozen=True)
class Found:
    """A row of the palette: what it says, a second part (birth date and postcode, or keys), and what it does."""

    words: str
    detail: str
    run: Callable[[], object]


Deliver = Callable[[Sequence[Found]], None]
Provider = Callable[[str, Deliver], None]
"""(text typed, deliver): asks off the GUI thread and calls `deliver` with at most 20 rows, at once or later."""


class Palette(QFrame):
    """Lies over the page; Esc or going elsewhere closes it, and the keyboard goes back to where it was."""

    def __init__(self, window: QWidget, commands: CommandList) -> None:
        super().__init__(window)
        self.setObjectName("palette")
        self._commands = commands
        self._offered: Sequence[Found] | None = None
        self._providers: list[Provider] = []
        self._before: QWidget | None = None
        self._question = 0
        self._found: dict[int, Sequence[Found]] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE_M, SPACE_M, SPACE_M, SPACE_M)
        column.setSpacing(SPACE_S)
        self.field = fields.line(hint="Name, NHS number, postcode or command")
        self.asks = labels.label_for(_ASKS, self.field)
        column.addWidget(self.asks)
        column.addWidget(self.field)
        self.list = QListWidget()
        self.list.setAccessibleName("What was found")
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setTextElideMode(Qt.TextElideMode.ElideRight)
        column.addWidget(self.list, 1)
        self.words = labels.muted("Up and Down choose, Enter opens, Esc closes")
        column.addWidget(self.words)
        self.field.textChanged.connect(self._ask)
        self.field.installEventFilter(self)
        self.list.itemClicked.connect(self._run)
        self.list.itemActivated.connect(self._run)
        self._rows: list[Found] = []
        self.hide()

    def add_provider(self, provider: Provider) -> None:
        """Adds a source of rows, shown above the commands, in the order they were added."""
        self._providers.append(provider)

    def open(self) -> None:
        """Shows the palette with an empty question."""
        self._open(_ASKS, "Name, NHS number, postcode or command")

    def choose(self, asks: str, hint: str, rows: Sequence[Found]) -> None:
        """Shows these rows alone, the words of both parts found; Enter runs one and the keyboard goes back first."""
        self._offered = rows
        self._open(asks, hint)

    def _open(self, asks: str, hint: str) -> None:
        self.asks.setText(asks)
        self.setAccessibleName(asks)
        self.field.setAccessibleName(asks)
        self.field.setPlaceholderText(hint)
        self._before = self.window().focusWidget()
        self.place()
        self.show()
        self.raise_()
        self.field.clear()
        self._ask("")
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def close_palette(self) -> None:
        """Hides it and gives the keyboard back."""
        self._question += 1
        self._offered = None
        self.hide()
        self.list.clear()
        self.field.clear()
        if self._before is not None and self._before.isVisible():
            self._before.setFocus()
        self._before = None

    def place(self) -> None:
        """In the middle, a quarter down, at most 640 px at 100 % text and never past the window."""
        window = self.window().rect()
        width = min(window.width() - 2 * SPACE_M, max(640, self.fontMetrics().averageCharWidth() * 72))
        height = min(window.height() - 2 * SPACE_M, max(420, self.fontMetrics().height() * 20))
        self.setGeometry((window.width() - width) // 2, max(SPACE_M, (window.height() - height) // 4), width, height)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.field and event.type() is QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            if event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
                step = 1 if event.key() == Qt.Key.Key_Down else -1
                self.list.setCurrentRow(max(0, min(self.list.currentRow() + step, self.list.count() - 1)))
                return True
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                item = self.list.currentItem()
                if item is not None:
                    self._run(item)
                return True
        return False

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.close_palette()
        else:
            super().keyPressEvent(event)

    def _ask(self, text: str) -> None:
        if not self.isVisible():
            return
        self._question += 1
        question = self._question
        self._found = {}
        for number, provider in enumerate(self._providers):
            if text.strip() and self._offered is None:
                provider(text, partial(self._take, question, number))
        self._show(text)

    def _take(self, question: int, number: int, rows: Sequence[Found]) -> None:
        if question == self._question:
            self._found[number] = rows
            self._show(self.field.text())

    def _show(self, text: str) -> None:
        if self._offered is None:
            self._rows = self._people_and_commands(text)
        else:
            words = text.casefold().split()
            said = [(row, f"{row.words} {row.detail}".casefold()) for row in self._offered]
            self._rows = [row for row, what in said if all(word in what for word in words)]
        self._list_rows()

    def _people_and_commands(self, text: str) -> list[Found]:
        people = [row for number in sorted(self._found) for row in self._found[number]]
        commands = [
            Found(each.name, each.keys_in_words(), each.run)
            for each in self._commands.matching(text)
            if each.run is not None and each.key not in ("palette", "close")
        ]
        return [*people, *commands]

    def _list_rows(self) -> None:
        self.list.clear()
        for row in self._rows:
            item = QListWidgetItem(f"{row.words}    {row.detail}" if row.detail else row.words)
            item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{row.words}, {row.detail}" if row.detail else row.words)
            self.list.addItem(item)
        self.list.setCurrentRow(0)
        self.words.setText(
            "Up and Down choose, Enter opens, Esc closes" if self._rows else "Nothing found. Try fewer letters"
        )

    def _run(self, item: QListWidgetItem) -> None:
        row = self._rows[self.list.row(item)]
        self.close_palette()
        # after this event: the row may open a page that takes the keyboard
        QTimer.singleShot(0, self, row.run)
