"""The one display of problems: in the page, calm, with what is safe and what to do next.

    messages.show(owner, problem)     puts a notice at the top of the page that `owner` is in
    messages.clear(owner)             takes it away

A rule that said no (`Refused`), a store or sync problem is shown in its own words. Anything else is a bug of ours:
its own words are never shown, because they may hold personal data; a support code that names only the kind of
error and the place in our code is. Tests put their own function in with `replaced_by`.
"""

import hashlib
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from PySide6.QtCore import QObject
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLayout, QVBoxLayout, QWidget

from wellbeing_desktop.domain.errors import Refused, StoreProblem, SyncProblem, WellbeingError
from wellbeing_desktop.ui.tokens import SPACE_M, SPACE_S, SPACE_XS
from wellbeing_desktop.ui.widgets import buttons, labels

BUG_SENTENCE: Final = "Something went wrong in the program. What you typed is kept on this laptop."
BUG_ADVICE: Final = "Try again. If it happens again, tell support this code."


@dataclass(frozen=True)
class Message:
    """What is shown for one problem."""

    sentence: str
    advice: str
    code: str
    tone: labels.Tone


def message_for(problem: BaseException) -> Message:
    """The words for `problem`. Only our own errors are shown as written."""
    if isinstance(problem, Refused):
        return Message(problem.message, "", "", "warning")
    if isinstance(problem, StoreProblem):
        return Message(problem.message, problem.advice, f"store-{problem.kind}", "bad")
    if isinstance(problem, SyncProblem):
        return Message(problem.message, problem.advice, f"sync-{problem.kind}", "warning")
    if isinstance(problem, WellbeingError):
        return Message(problem.message, "", "", "warning")
    return Message(BUG_SENTENCE, BUG_ADVICE, support_code(problem), "bad")


def support_code(problem: BaseException) -> str:
    """The same eight characters for the same kind of error at the same place; made of no data."""
    frames = traceback.extract_tb(problem.__traceback__)
    place = [f"{Path(frame.filename).name}:{frame.lineno}" for frame in frames[-3:]]
    digest = hashlib.sha256("|".join([type(problem).__name__, *place]).encode()).hexdigest()
    return f"{digest[:4]}-{digest[4:8]}".upper()


class Notice(QFrame):
    """Words in a coloured frame in the page, announced to assistive technology when they change."""

    def __init__(self, sentence: str = "", tone: labels.Tone = "plain", *, can_close: bool = False) -> None:
        super().__init__()
        self.setProperty("kind", "notice")
        row = QHBoxLayout(self)
        row.setContentsMargins(SPACE_M, SPACE_S, SPACE_M, SPACE_S)
        row.setSpacing(SPACE_S)
        self._icon = labels.IconLabel(labels.TONE_ICONS[tone], tone)
        self.sentence = labels.strong()
        self.advice = labels.body()
        self.code = labels.body(selectable=True)
        words = QVBoxLayout()
        words.setSpacing(SPACE_XS)
        for label in (self.sentence, self.advice, self.code):
            words.addWidget(label)
        row.addWidget(self._icon)
        row.addLayout(words, 1)
        self.close_button = buttons.quiet("Hide this", self.hide)
        row.addWidget(self.close_button)  # before it is shown: a widget without a parent would be a window
        self.close_button.setVisible(can_close)
        self.show_message(Message(sentence, "", "", tone))

    def show_message(self, message: Message) -> None:
        labels.set_tone(self, message.tone)
        self._icon.set_icon(labels.TONE_ICONS[message.tone], message.tone)
        code = f"Support code {message.code}" if message.code else ""
        for label, text in ((self.sentence, message.sentence), (self.advice, message.advice), (self.code, code)):
            label.setText(text)
            label.setVisible(bool(text))
        self.setAccessibleName(" ".join(filter(None, (message.sentence, message.advice, code))))
        if message.sentence and self.isVisible():
            announce(self, self.accessibleName())


def notice(sentence: str, tone: labels.Tone = "plain", *, can_close: bool = False) -> Notice:
    """A notice that a page places itself: "Before you visit: key safe at side door."."""
    return Notice(sentence, tone, can_close=can_close)


def announce(widget: QWidget, words: str) -> None:
    """Has a screen reader say `words` now, politely: for status changes that are otherwise only painted."""
    QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(widget, words))


def show(owner: QObject, problem: BaseException) -> None:
    """Shows `problem` in the page that `owner` is in."""
    _display(owner, problem)


def clear(owner: QObject) -> None:
    """Takes away the notice of the page that `owner` is in, if there is one."""
    host = _host(owner)
    found = host.findChild(Notice, _NOTICE) if host is not None else None
    if isinstance(found, Notice):
        found.hide()


@contextmanager
def replaced_by(display: Callable[[QObject, BaseException], object]) -> Iterator[None]:
    """For tests: `display` gets every problem instead of the page."""
    global _display
    before, _display = _display, display
    try:
        yield
    finally:
        _display = before


_NOTICE: Final = "pageNotice"


def _show_in_page(owner: QObject, problem: BaseException) -> None:
    host = _host(owner)
    layout: QLayout | None = host.layout() if host is not None else None
    if host is None or not isinstance(layout, QVBoxLayout):
        return
    found = host.findChild(Notice, _NOTICE)
    if isinstance(found, Notice):
        shown = found
    else:
        shown = Notice(can_close=True)
        shown.setObjectName(_NOTICE)
        item = layout.itemAt(0)
        first = item.widget() if item is not None else None
        has_banner = first is not None and first.property("kind") == "banner"
        layout.insertWidget(1 if has_banner else 0, shown)  # whose record it is stays at the top
    shown.show()
    shown.show_message(message_for(problem))


def _host(owner: QObject) -> QWidget | None:
    """The nearest page above `owner`, else the outermost widget with a vertical layout."""
    front = getattr(owner, "page", None)
    if callable(front) and isinstance(front(), QWidget):
        owner = front()  # a window: its page in front
    step: QObject | None = owner
    best: QWidget | None = None
    while step is not None:
        if isinstance(step, QWidget) and isinstance(step.layout(), QVBoxLayout):
            best = step
            if step.property("shows_messages"):
                return step
        step = step.parent()
    return best


_display: Callable[[QObject, BaseException], object] = _show_in_page
