"""Puts a theme and a text size on the whole program, and follows the system until the user chooses."""

import shiboken6
from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase, QPalette
from PySide6.QtWidgets import QApplication, QStyleFactory

from wellbeing_desktop.domain.resources import resource
from wellbeing_desktop.ui.focus_ring import FocusRing
from wellbeing_desktop.ui.stylesheet import stylesheet
from wellbeing_desktop.ui.tokens import BASE_POINTS, DARK, LIGHT, TEXT_PERCENTS, THEMES, Tokens

FOLLOW_SYSTEM = "system"
"""The choice of someone who has not chosen: light or dark as the system is."""


class Theme(QObject):
    """The one theme of the running program; `theme()` gives it. Painted widgets read `tokens` when they paint."""

    changed = Signal()

    def __init__(self, app: QApplication) -> None:
        super().__init__(app)
        self._app = app
        self._choice = FOLLOW_SYSTEM
        self._percent = 100
        self.tokens: Tokens = LIGHT
        self._applied: tuple[Tokens, int] | None = None
        self._family = load_fonts()
        app.setStyle(QStyleFactory.create("Fusion"))
        self._ring = FocusRing(app, lambda: self.tokens)
        app.styleHints().colorSchemeChanged.connect(self._follow_system)
        self._apply()

    @property
    def choice(self) -> str:
        return self._choice

    @property
    def percent(self) -> int:
        return self._percent

    @property
    def points(self) -> float:
        """Body text now, in points."""
        return BASE_POINTS * self._percent / 100

    @property
    def scale(self) -> float:
        """Text size as a factor, 0.9 to 2."""
        return self._percent / 100

    def choose(self, choice: str) -> None:
        """`choice` is `system` or the name of a theme. Raises KeyError for any other word."""
        if choice != FOLLOW_SYSTEM:
            THEMES[choice]
        self._choice = choice
        self._apply()

    def set_percent(self, percent: int) -> None:
        """Text size: the nearest of 90, 100, 125, 150, 200."""
        self._percent = min(TEXT_PERCENTS, key=lambda size: abs(size - percent))
        self._apply()

    def step_percent(self, steps: int) -> None:
        """Larger (+1) or smaller (-1) by one size; stays at the ends."""
        at = TEXT_PERCENTS.index(self._percent) + steps
        self.set_percent(TEXT_PERCENTS[max(0, min(at, len(TEXT_PERCENTS) - 1))])

    def _follow_system(self) -> None:
        if self._choice == FOLLOW_SYSTEM:
            self._apply()

    def _system_is_dark(self) -> bool:
        return self._app.styleHints().colorScheme() is Qt.ColorScheme.Dark

    def _apply(self) -> None:
        if self._choice == FOLLOW_SYSTEM:
            self.tokens = DARK if self._system_is_dark() else LIGHT
        else:
            self.tokens = THEMES[self._choice]
        if self._applied == (self.tokens, self._percent):
            return  # a style sheet is looked at by every widget there is
        self._applied = (self.tokens, self._percent)
        font = QFont(self._family) if self._family else QFont(self._app.font())
        font.setPointSizeF(self.points)
        sheet = stylesheet(self.tokens, self.points)
        if sheet == self._app.styleSheet():
            return
        self._app.setStyleSheet("")  # a sheet put over another costs each widget twice as much as one put over none
        self._app.setFont(font)
        self._app.setPalette(palette(self.tokens))
        self._app.setStyleSheet(sheet)
        self.changed.emit()


def theme() -> Theme:
    """The theme of the running application, made on first use. A QApplication must exist."""
    global _made
    if _made is None or not shiboken6.isValid(_made):
        app = QApplication.instance()
        if not isinstance(app, QApplication):
            raise RuntimeError("a theme needs a QApplication")
        _made = Theme(app)
    return _made


_made: Theme | None = None
"""Asked for at every cell that is painted; it dies with its application."""


def load_fonts() -> str:
    """Loads the shipped Inter files; gives the family's name, or "" when they are not there."""
    try:
        folder = resource("fonts")
    except FileNotFoundError:
        return ""
    family = ""
    for file in sorted(folder.glob("Inter-*.ttf")):
        names = QFontDatabase.applicationFontFamilies(QFontDatabase.addApplicationFont(str(file)))
        family = family or (names[0] if names else "")
    return family


def tabular(font: QFont) -> QFont:
    """A copy of `font` whose figures are all of one width, for tables and numbers."""
    copy = QFont(font)
    copy.setFeature(QFont.Tag("tnum"), 1)
    return copy


def palette(t: Tokens) -> QPalette:
    """A QPalette of the theme, for what the style paints without QSS (menus, check marks, native parts)."""
    made = QPalette()
    role = QPalette.ColorRole
    for each, colour in (
        (role.Window, t.background),
        (role.WindowText, t.text),
        (role.Base, t.surface),
        (role.AlternateBase, t.sunken),
        (role.Text, t.text),
        (role.PlaceholderText, t.hint),
        (role.Button, t.surface),
        (role.ButtonText, t.text),
        (role.BrightText, t.bad),
        (role.Highlight, t.accent),
        (role.HighlightedText, t.on_accent),
        (role.Accent, t.accent),
        (role.Link, t.accent),
        (role.LinkVisited, t.accent),
        (role.ToolTipBase, t.surface),
        (role.ToolTipText, t.text),
        (role.Light, t.surface),
        (role.Midlight, t.sunken),
        (role.Mid, t.line),
        (role.Dark, t.edge),
        (role.Shadow, t.line),
    ):
        made.setColor(each, QColor(colour))
    for each in (role.WindowText, role.Text, role.ButtonText):
        made.setColor(QPalette.ColorGroup.Disabled, each, QColor(t.muted))
    return made
