"""The only place that makes text on screen. Every label is plain text: typed words are never read as markup."""

import re
from typing import Final, Literal

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QWidget

from wellbeing_desktop.ui import icons
from wellbeing_desktop.ui.theme import theme
from wellbeing_desktop.ui.tokens import BASE_POINTS, SPACE_S, SPACE_XS, Tokens

Tone = Literal["plain", "good", "warning", "bad"]

TONE_ICONS: Final[dict[Tone, str]] = {
    "plain": "info",
    "good": "circle-check",
    "warning": "triangle-alert",
    "bad": "circle-alert",
}
_BREAKS: Final = re.compile(
    r"(?<=\b\d\d)-(?=[A-Z][a-z]{2}-\d{4}\b)|(?<=\b\d\d-[A-Z][a-z]{2})-(?=\d{4}\b)"  # 21-Nov-2026
    r"|(?<=:) (?=\d)"  # a count after its colon
    r"|(?<=[A-Z]\d) (?=\d[A-Z]{2}\b)|(?<=\d[A-Z\d]) (?=\d[A-Z]{2}\b)"  # HR5 3GQ, DN15 9SD
    r"|(?<=\d{3}) (?=\d{3,6}\b)"  # telephone and NHS numbers
    r"|(?<=\d) (?=(?:days?|weeks?|months?|years?|hours?|minutes?|seconds?|h|min|people|person|times?|pages?|miles?)\b)"
    r"|(?<=\d) (?=working (?:days?|hours?)\b)"  # 30 days, 20 min, 2 people: a number and its unit
)
"""Where a line is never broken."""


def tone_colour(t: Tokens, tone: Tone) -> str:
    """The text colour of a tone in theme `t`."""
    return {"plain": t.muted, "good": t.good, "warning": t.warning, "bad": t.bad}[tone]


def body(text: str = "", *, wrap: bool = True, selectable: bool = False) -> QLabel:
    """Ordinary text; wraps by default so that large text and Welsh never cut it off."""
    return _label(text, "body", wrap, selectable)


def strong(text: str = "", *, wrap: bool = True) -> QLabel:
    """Ordinary text that carries the weight of its line."""
    return _label(text, "strong", wrap)


def muted(text: str = "", *, wrap: bool = True) -> QLabel:
    """Text of second rank: when, who, where."""
    return _label(text, "muted", wrap)


def heading(text: str = "", level: int = 2) -> QLabel:
    """A heading of level 1 (the page), 2 (a card) or 3 (a group)."""
    label = _label(text, f"h{level}", wrap=True)
    label.setAccessibleDescription("Heading")
    return label


def error(text: str = "") -> QLabel:
    """The words beside a field that say what to put right."""
    return _label(text, "error", wrap=True)


def label_for(text: str, field: QWidget) -> QLabel:
    """The label above `field`, with it as buddy. An `&` before a letter makes Alt with it go to the field."""
    label = _label(text, "label", wrap=True)
    label.setBuddy(field)
    if not field.accessibleName():
        field.setAccessibleName(without_mnemonic(text))
    return label


def set_tone(widget: QWidget, tone: Tone) -> None:
    """Changes the colours of a chip, notice or label; the words must say the same."""
    widget.setProperty("tone", tone)
    repolish(widget)


def repolish(widget: QWidget) -> None:
    """Makes the style sheet look again at a changed property."""
    widget.style().unpolish(widget)
    widget.style().polish(widget)
    widget.update()


def without_mnemonic(text: str) -> str:
    """`text` as it is read aloud: `&Save contact` is `Save contact`, `Fish && chips` is `Fish & chips`."""
    return text.replace("&&", "\0").replace("&", "").replace("\0", "&")


def unbroken(text: str) -> str:
    """The text as it is wrapped: never within a date, a number or a postcode, nor between a number and its unit."""
    return _BREAKS.sub(lambda found: "\u2011" if found[0] == "-" else "\u00a0", text)


class Words(QLabel):
    """Text that wraps, but never within a date, a number with its unit or a postcode. `text` and what a screen reader says are the
    words as they were given."""

    def __init__(self) -> None:
        self._given, self._is_bound = "", False
        super().__init__()

    def setText(self, text: str) -> None:
        shown = unbroken(text)
        if self._is_bound or shown != text:
            self._is_bound = shown != text
            self.setAccessibleName(text if self._is_bound else "")
        self._given = text
        super().setText(shown)

    def text(self) -> str:
        return self._given


class IconLabel(QLabel):
    """An icon beside words, repainted when the theme changes. It has no accessible name: the words have."""

    def __init__(self, name: str, tone: Tone = "plain", size: int = 16) -> None:
        self._drawn = 0
        super().__init__()
        self.setTextFormat(Qt.TextFormat.PlainText)
        self._name, self._tone, self._size = name, tone, size
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        theme().changed.connect(self._paint)
        self._paint()

    def set_icon(self, name: str, tone: Tone) -> None:
        self._name, self._tone = name, tone
        self._paint()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() is QEvent.Type.FontChange and self._drawn and self._drawn != self._wanted():
            self._paint()  # Visit mode has larger words

    def _wanted(self) -> int:
        return round(self._size * max(1.0, theme().scale, self.font().pointSizeF() / BASE_POINTS))

    def _paint(self) -> None:
        self._drawn = size = self._wanted()
        self.setPixmap(icons.pixmap(self._name, tone_colour(theme().tokens, self._tone), size))


class Chip(QFrame):
    """A status in words with an icon: "2 days late". Never colour alone."""

    def __init__(self, text: str, tone: Tone = "plain", icon: str | None = None) -> None:
        super().__init__()
        self.setProperty("kind", "chip")
        row = QHBoxLayout(self)
        row.setContentsMargins(SPACE_S, SPACE_XS - 1, SPACE_S, SPACE_XS - 1)
        row.setSpacing(SPACE_XS + 2)
        self._icon = IconLabel(icon or TONE_ICONS[tone], tone, 14)
        self.words = _label(text, "chipWords", wrap=False)
        row.addWidget(self._icon)
        row.addWidget(self.words)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Maximum)
        self._restyle(tone)

    def set_status(self, text: str, tone: Tone, icon: str | None = None) -> None:
        """New words, colours and icon together."""
        self.words.setText(text)
        self._icon.set_icon(icon or TONE_ICONS[tone], tone)
        self._restyle(tone)

    def text(self) -> str:
        return self.words.text()

    def _restyle(self, tone: Tone) -> None:
        set_tone(self, tone)
        set_tone(self.words, tone)


def chip(text: str, tone: Tone = "plain", icon: str | None = None) -> Chip:
    """A status chip; `tone` colours it, the words say it."""
    return Chip(text, tone, icon)


def _label(text: str, kind: str, wrap: bool, selectable: bool = False) -> QLabel:
    label = Words() if wrap and not selectable else QLabel()  # what is copied has its plain hyphens
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setText(text)
    label.setProperty("kind", kind)
    label.setWordWrap(wrap)
    if wrap:
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        label.setSizePolicy(policy)
    if selectable:
        label.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
    return label
