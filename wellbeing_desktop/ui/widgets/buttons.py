"""Buttons: verb + thing, in sentence case, with an Alt letter marked by `&` ("&Save contact")."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy

from wellbeing_desktop.ui import icons
from wellbeing_desktop.ui.theme import theme
from wellbeing_desktop.ui.tokens import ICON_SIZE, SPACE_XS, Tokens
from wellbeing_desktop.ui.widgets.labels import without_mnemonic

_KEYPAD = Qt.KeyboardModifier.KeypadModifier


def primary(text: str, on_click: Callable[[], object] | None = None, *, icon: str | None = None) -> IconButton:
    """The main action of a page; one on a page."""
    return _button(text, "primary", on_click, icon)


def secondary(text: str, on_click: Callable[[], object] | None = None, *, icon: str | None = None) -> IconButton:
    """Any other action."""
    return _button(text, "secondary", on_click, icon)


def danger(text: str, on_click: Callable[[], object] | None = None, *, icon: str | None = None) -> IconButton:
    """An action that cannot be undone, after its confirmation ("Close this record")."""
    return _button(text, "danger", on_click, icon)


def link(text: str, on_click: Callable[[], object] | None = None, *, icon: str | None = None) -> IconButton:
    """An action that looks like a link: going somewhere, showing more."""
    button = _button(text, "link", on_click, icon)
    button.setCursor(Qt.CursorShape.PointingHandCursor)
    return button


def quiet(text: str, on_click: Callable[[], object] | None = None, *, icon: str | None = None) -> IconButton:
    """An action that stays in the background of its row."""
    return _button(text, "quiet", on_click, icon)


class IconButton(QPushButton):
    """A button whose icon follows the theme."""

    def __init__(self, text: str, kind: str, icon: str | None) -> None:
        super().__init__(text)
        self.setProperty("kind", kind)
        self.setAccessibleName(without_mnemonic(text))
        self.setAutoDefault(False)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self._kind = kind
        self._icon = icon
        if icon is not None:
            theme().changed.connect(self.repaint_icon)
            self.repaint_icon()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter presses the button that the keyboard is on, as Space does."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers() & ~_KEYPAD:
            self.click()
            return
        super().keyPressEvent(event)

    def set_icon(self, name: str) -> None:
        if self._icon is None:
            theme().changed.connect(self.repaint_icon)
        self._icon = name
        self.repaint_icon()

    def icon_colour(self, t: Tokens) -> str:
        return {"primary": t.on_accent, "danger": t.bad, "link": t.accent, "quiet": t.muted}.get(self._kind, t.text)

    def repaint_icon(self) -> None:
        if self._icon is None:
            return
        size = round(ICON_SIZE * min(1.5, max(1.0, theme().scale)))
        t = theme().tokens
        self.setIcon(icons.icon(self._icon, self.icon_colour(t), size, SPACE_XS, disabled=t.muted))
        self.setIconSize(QSize(size + SPACE_XS, size))

    def set_words(self, text: str) -> None:
        """New text and the same accessible name."""
        self.setText(text)
        self.setAccessibleName(without_mnemonic(text))


def _button(text: str, kind: str, on_click: Callable[[], object] | None, icon: str | None) -> IconButton:
    button = IconButton(text, kind, icon)
    if on_click is not None:
        # clicked carries a bool that our plain functions do not take
        button.clicked.connect(lambda _checked=False: on_click())
    return button
