"""Answers to press: several ticks at once, and one of a row of large buttons, as questionnaires are asked."""

import textwrap
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Final

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QFont, QFontMetrics, QKeyEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from wellbeing_desktop.ui.tokens import SPACE_L, SPACE_S
from wellbeing_desktop.ui.widgets import buttons, fields
from wellbeing_desktop.ui.widgets.flow import FlowLayout

_LONGEST: Final = 48
"""Characters of a tick's words on one line."""


class TickSetField(QWidget):
    """Any number of (code, words). The value is the codes ticked, one on a line, in the order offered.

    A code that is not offered is kept and comes back with the value, never dropped.
    """

    edited = Signal()
    left = Signal()

    def __init__(self, choices: Iterable[tuple[str, str]], *, upright: bool = False) -> None:
        super().__init__()
        self.check: Callable[[str], object] | None = None
        flow: FlowLayout | QVBoxLayout
        if upright:
            flow = QVBoxLayout(self)
            flow.setContentsMargins(0, 0, 0, 0)
            flow.setSpacing(0)
        else:
            flow = FlowLayout(self, spacing=SPACE_L)
        self._flow = flow
        self._unknown: list[str] = []
        self.ticks: dict[str, fields.TickField] = {}
        self._add(choices)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)

    def offer(self, choices: Iterable[tuple[str, str]]) -> None:
        """Other choices in their place; what is ticked and offered again stays ticked, the rest of it is dropped."""
        ticked = self.value().split("\n")
        for tick in self.ticks.values():
            tick.hide()
            self._flow.removeWidget(tick)
            tick.deleteLater()
        self.ticks = {}
        self._add(choices)
        self.set_value("\n".join(code for code in ticked if code in self.ticks))

    def _add(self, choices: Iterable[tuple[str, str]]) -> None:
        for code, words in choices:
            tick = fields.tick(words)
            tick.setText(textwrap.fill(words.replace("&", "&&"), _LONGEST))  # a tick box does not wrap by itself
            tick.edited.connect(self.edited)
            tick.left.connect(self.left)
            self.ticks[code] = tick
            self._flow.addWidget(tick)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Hands the keyboard on. A focus proxy would do, but Qt's Tab then leaves out what stands before it."""
        first = next(iter(self.ticks.values()), None)
        if first is not None:
            first.setFocus(event.reason())

    def value(self) -> str:
        return "\n".join([*(code for code, tick in self.ticks.items() if tick.isChecked()), *self._unknown])

    def set_value(self, value: str) -> None:
        wanted = value.split("\n") if value else []
        for code, tick in self.ticks.items():
            tick.setChecked(code in wanted)
        self._unknown = [code for code in wanted if code not in self.ticks]


class AnswerField(QWidget):
    """One of a row of buttons, each with its exact words. Pressing the chosen one again takes the answer back.

    Tab comes once to the row; arrows move in it, Space or Enter answers, and a digit answers at once where the values
    are digits. The value is the chosen value as text, "" when nothing is answered.
    """

    edited = Signal()
    left = Signal()

    def __init__(self, options: Sequence[tuple[str, str]], *, upright: bool = False) -> None:
        super().__init__()
        self.check: Callable[[str], object] | None = None
        self._chosen = ""
        self.options: dict[str, AnswerButton] = {}
        layout: FlowLayout | QVBoxLayout
        if upright:
            layout = QVBoxLayout(self)
            layout.setContentsMargins(0, 0, 0, 0)
            layout.setSpacing(SPACE_S)
        else:
            layout = FlowLayout(self, spacing=SPACE_S)
        for value, words in options:
            button = AnswerButton(words, partial(self._press, value), partial(self._move, value))
            button.typed.connect(self._typed)
            self.options[value] = button
            layout.addWidget(button)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self._settle_tab()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Hands the keyboard on to the chosen answer, or to the first."""
        stop = self._stop()
        if stop is not None:
            stop.setFocus(event.reason())

    def value(self) -> str:
        return self._chosen

    def set_value(self, value: str) -> None:
        self._chosen = value
        for each, button in self.options.items():
            button.setChecked(each == value)
        self._settle_tab()

    def setAccessibleName(self, name: str) -> None:
        super().setAccessibleName(name)
        for button in self.options.values():
            button.setAccessibleName(f"{button.text()}. {name}")

    def _press(self, value: str) -> None:
        self.set_value("" if self._chosen == value else value)
        self.edited.emit()
        self.left.emit()

    def _move(self, value: str, step: int) -> None:
        values = list(self.options)
        at = values.index(value) + step
        if 0 <= at < len(values):
            self.options[values[at]].setFocus(Qt.FocusReason.TabFocusReason)

    def _typed(self, text: str) -> None:
        if text in self.options and text != self._chosen:
            self._press(text)
            self.options[text].setFocus(Qt.FocusReason.OtherFocusReason)

    def _stop(self) -> "AnswerButton | None":
        return self.options.get(self._chosen) or next(iter(self.options.values()), None)

    def _settle_tab(self) -> None:
        stop = self._stop()
        for button in self.options.values():
            policy = Qt.FocusPolicy.StrongFocus if button is stop else Qt.FocusPolicy.ClickFocus
            button.setFocusPolicy(policy)


class AnswerButton(buttons.IconButton):
    """One answer."""

    typed = Signal(str)

    def __init__(self, words: str, on_press: Callable[[], object], on_move: Callable[[int], object]) -> None:
        super().__init__(words.replace("&", "&&"), "answer", None)
        self.setCheckable(True)
        self._on_move = on_move
        self.clicked.connect(lambda _on: on_press())

    def sizeHint(self) -> QSize:
        """With room for its words when they are chosen, which makes them bold: the row does not move then."""
        bold = QFont(self.font())
        bold.setBold(True)
        plain = super().sizeHint()
        more = QFontMetrics(bold).horizontalAdvance(self.text()) - self.fontMetrics().horizontalAdvance(self.text())
        return QSize(plain.width() + max(0, more), plain.height())

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Left: -1, Qt.Key.Key_Up: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Down: 1}
        key = Qt.Key(event.key())
        if key in steps:
            self._on_move(steps[key])
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers():
            self.click()
        elif event.text().isdigit() and not event.modifiers():
            self.typed.emit(event.text())
        else:
            super().keyPressEvent(event)
