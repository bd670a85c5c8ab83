"""Fields: what people type into. Every one keeps what was typed, and says what is wrong in words beside it."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Final, Protocol

from PySide6.QtCore import QEvent, QPoint, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QPainter, QPaintEvent, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QSizePolicy,
    QStyle,
    QStyleOptionButton,
    QVBoxLayout,
    QWidget,
)

from wellbeing_desktop.domain.dates import long_date, parse_birth_date, parse_typed_date, staff_date
from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.ui import icons
from wellbeing_desktop.ui.theme import theme
from wellbeing_desktop.ui.tokens import SPACE_XS
from wellbeing_desktop.ui.widgets import labels

DateParser = Callable[[str, date], date]
_OURS: Final = {Qt.Key.Key_K, Qt.Key.Key_L, Qt.Key.Key_N, Qt.Key.Key_T, Qt.Key.Key_F, Qt.Key.Key_P}
"""Keys that editors would eat with Ctrl (Ctrl+K deletes to the end of the line on some systems)."""
_BESIDE_TEXT: Final = 12
"""Pixels on each side of a line: border, padding and Qt's own margin."""


class Field(Protocol):
    """What a form and the draft keeper know of a field."""

    edited: Signal
    left: Signal

    def value(self) -> str: ...

    def set_value(self, value: str) -> None: ...


def _is_ours(event: QEvent) -> bool:
    return (
        event.type() is QEvent.Type.ShortcutOverride
        and isinstance(event, QKeyEvent)
        and bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        and event.key() in _OURS
    )


class LineField(QLineEdit):
    """One line of text. `check` is asked on leaving the field and raises Refused with the sentence to show."""

    edited = Signal()
    left = Signal()

    def __init__(self, *, hint: str = "", check: Callable[[str], object] | None = None, secret: bool = False) -> None:
        super().__init__()
        self.check = check
        self._hint = hint
        self.setPlaceholderText(hint)
        self.setMinimumWidth(96)
        if secret:
            self.setEchoMode(QLineEdit.EchoMode.Password)
        self.textEdited.connect(lambda _text: self.edited.emit())

    def value(self) -> str:
        return self.text()

    def set_value(self, value: str) -> None:
        self.setText(value)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_hint()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._fit_hint()

    def _fit_hint(self) -> None:
        """Of a hint with several examples only so many as there is room for: one that is cut off is no example."""
        hint = getattr(self, "_hint", "")  # the first style change comes while the field is made
        while ", " in hint and self.fontMetrics().horizontalAdvance(hint) > self.width() - 2 * _BESIDE_TEXT:
            hint = hint.rpartition(", ")[0]
        if hint != self.placeholderText() and self._hint:
            self.setPlaceholderText(hint)

    def event(self, event: QEvent) -> bool:
        if _is_ours(event):
            event.ignore()
            return False
        return super().event(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.left.emit()


class NoteField(QPlainTextEdit):
    """Several lines of plain text. Tab goes on to the next control; it grows from `lines` to `most_lines`."""

    edited = Signal()
    left = Signal()

    def __init__(self, *, lines: int = 3, most_lines: int = 12, hint: str = "") -> None:
        super().__init__()
        self.check: Callable[[str], object] | None = None
        self._lines, self._most = lines, max(lines, most_lines)
        self.setPlaceholderText(hint)
        self.setTabChangesFocus(True)
        # its height follows its words: without this a card with a note takes up spare room around it
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.textChanged.connect(self._text_changed)
        self._setting = False
        self._fit()

    def value(self) -> str:
        return self.toPlainText()

    def set_value(self, value: str) -> None:
        self._setting = True
        try:
            self.setPlainText(value)
        finally:
            self._setting = False

    def event(self, event: QEvent) -> bool:
        if _is_ours(event):
            event.ignore()
            return False
        return super().event(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.left.emit()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._fit()

    def _text_changed(self) -> None:
        self._fit()
        if not self._setting:
            self.edited.emit()

    def _fit(self) -> None:
        shown = max(self._lines, min(self._most, round(self.document().size().height())))
        height = shown * self.fontMetrics().lineSpacing() + 24
        if height != self.height():
            self.setFixedHeight(height)


class ChoiceField(QComboBox):
    """A choice from a list of (code, words). An empty first row means "not chosen"."""

    edited = Signal()
    left = Signal()

    def __init__(self, choices: Sequence[tuple[str, str]] = (), *, empty: str | None = None) -> None:
        super().__init__()
        self.check: Callable[[str], object] | None = None
        self._empty = empty
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(12)
        self.set_choices(choices)
        self.activated.connect(lambda _index: self.edited.emit())

    def set_choices(self, choices: Sequence[tuple[str, str]]) -> None:
        """New choices; the value stays when it is still among them."""
        kept = self.value()
        self.clear()
        if self._empty is not None:
            self.addItem(self._empty, "")
        for code, words in choices:
            self.addItem(words, code)
        self.set_value(kept)
        longest = max((len(words) for _code, words in choices), default=12)
        self.setMinimumContentsLength(min(22, max(8, longest)))

    def value(self) -> str:
        return str(self.currentData() or "")

    def set_value(self, value: str) -> None:
        """Shows the choice with this code; an unknown code is kept and shown as it is, never dropped."""
        at = self.findData(value)
        if at < 0 and value:
            self.addItem(value, value)
            at = self.count() - 1
        self.setCurrentIndex(max(at, 0) if self.count() else -1)

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()  # scrolling the page must not change an answer

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.left.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        size = round(16 * max(1.0, theme().scale))
        arrow = icons.pixmap("chevron-down", theme().tokens.text if self.isEnabled() else theme().tokens.muted, size)
        painter.drawPixmap(QPoint(self.width() - size - 8, (self.height() - size) // 2), arrow)


class TickField(QCheckBox):
    """A yes or no with its words beside it. The value is "yes" or ""."""

    edited = Signal()
    left = Signal()

    def __init__(self, words: str) -> None:
        super().__init__(words)
        self.check: Callable[[str], object] | None = None
        self.setAccessibleName(labels.without_mnemonic(words))
        self.clicked.connect(lambda _on: self.edited.emit())

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self.isChecked():
            return
        option = QStyleOptionButton()
        self.initStyleOption(option)
        box = self.style().subElementRect(QStyle.SubElement.SE_CheckBoxIndicator, option, self)
        size = min(box.width(), box.height()) - 4
        tick = icons.pixmap("check", theme().tokens.on_accent, size)
        QPainter(self).drawPixmap(box.center() - QPoint(size // 2 - 1, size // 2 - 1), tick)

    def value(self) -> str:
        return "yes" if self.isChecked() else ""

    def set_value(self, value: str) -> None:
        self.setChecked(value == "yes")

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.left.emit()


class DateField(QWidget):
    """A date typed as people type it (`21/11`, `21 nov`, `today`, `+2w`, `mon`), read back at once in words.

    `value()` is the ISO date, or what was typed when it is not a date yet, so that a draft loses nothing.
    """

    edited = Signal()
    left = Signal()

    def __init__(self, today: Callable[[], date], *, parse: DateParser | None = None, hint: str = "") -> None:
        super().__init__()
        self._today = today
        self._parse = parse or parse_typed_date
        self.is_birth_date = self._parse is parse_birth_date
        self.check: Callable[[str], object] | None = self._refuse_unreadable
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE_XS)
        self.line = LineField(hint=hint or "21/11, 21 nov, today, +2w, mon")
        self.words = labels.muted()
        column.addWidget(self.line)
        column.addWidget(self.words)
        self.words.hide()
        self.setFocusProxy(self.line)
        self.line.edited.connect(self._typed)
        self.line.left.connect(self._left)

    def setAccessibleName(self, name: str) -> None:
        super().setAccessibleName(name)
        self.line.setAccessibleName(name)

    def date(self) -> date | None:
        """The date typed, or None for an empty or unreadable field."""
        try:
            return self._parse(self.line.text(), self._today()) if self.line.text().strip() else None
        except Refused:
            return None

    def value(self) -> str:
        day = self.date()
        return day.isoformat() if day is not None else self.line.text()

    def set_value(self, value: str) -> None:
        """An ISO date is shown as 21-Nov-2026; anything else as it is."""
        try:
            self.line.setText(staff_date(date.fromisoformat(value)))
        except ValueError:
            self.line.setText(value)
        self._show_words()

    def _typed(self) -> None:
        self._show_words()
        self.edited.emit()

    def _left(self) -> None:
        self._show_words()
        self.left.emit()

    def _show_words(self) -> None:
        day = self.date()
        self.words.setText(long_date(day) if day is not None else "")
        self.words.setVisible(day is not None)
        self.line.setAccessibleDescription(self.words.text())

    def _refuse_unreadable(self, _value: str) -> None:
        if self.line.text().strip():
            self._parse(self.line.text(), self._today())


def line(*, hint: str = "", check: Callable[[str], object] | None = None) -> LineField:
    """One line of text."""
    return LineField(hint=hint, check=check)


def secret(*, hint: str = "") -> LineField:
    """A passphrase: shown as dots, not copied."""
    return LineField(hint=hint, secret=True)


def note(*, lines: int = 3, hint: str = "") -> NoteField:
    """Several lines of plain text that lets Tab out."""
    return NoteField(lines=lines, hint=hint)


def choice(choices: Sequence[tuple[str, str]], *, empty: str | None = None) -> ChoiceField:
    """A choice of (code, words); `empty` is the words of the row that means not chosen."""
    return ChoiceField(choices, empty=empty)


def tick(words: str) -> TickField:
    """A tick box with its words, `&` marking the Alt letter."""
    return TickField(words)


def birth_date(today: Callable[[], date]) -> DateField:
    """A date of birth: with its year, and in the past."""
    return DateField(today, parse=parse_birth_date, hint="14/3/1943, 14 mar 1943")


def day(today: Callable[[], date], *, parse: DateParser | None = None) -> DateField:
    """A date in people's own typing; `today` gives the day that `+2w` counts from."""
    return DateField(today, parse=parse)
