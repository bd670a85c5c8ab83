"""The theme follows the system until the user chooses, and text has five sizes."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QFontInfo
from PySide6.QtWidgets import QApplication

from wellbeing_desktop.ui import tokens
from wellbeing_desktop.ui.stylesheet import stylesheet
from wellbeing_desktop.ui.theme import FOLLOW_SYSTEM, theme


def test_the_systems_dark_is_followed_and_the_users_choice_wins(qapp: QApplication, monkeypatch) -> None:
    look = theme()
    look.choose(FOLLOW_SYSTEM)
    assert look.tokens is tokens.LIGHT
    # the offscreen platform has no dark setting of its own; the signal is the one that a real platform sends
    monkeypatch.setattr(look, "_system_is_dark", lambda: True)
    qapp.styleHints().colorSchemeChanged.emit(Qt.ColorScheme.Dark)
    assert look.tokens is tokens.DARK
    look.choose("light")
    qapp.styleHints().colorSchemeChanged.emit(Qt.ColorScheme.Dark)
    assert look.tokens is tokens.LIGHT


def test_an_unknown_theme_is_refused() -> None:
    with pytest.raises(KeyError):
        theme().choose("neon")
    assert theme().choice == "light"


def test_what_is_so_already_is_not_put_on_every_widget_again() -> None:
    told: list[str] = []
    theme().changed.connect(lambda: told.append(theme().tokens.name))
    for choice in ("dark", "dark", "light"):
        theme().choose(choice)
        theme().set_percent(100)
    assert told == ["dark", "light"]


@pytest.mark.parametrize(("asked", "given"), [(10, 90), (101, 100), (130, 125), (160, 150), (999, 200)])
def test_text_takes_the_nearest_of_five_sizes(qapp: QApplication, asked: int, given: int) -> None:
    theme().set_percent(asked)
    assert theme().percent == given
    assert qapp.font().pointSizeF() == pytest.approx(10.5 * given / 100)


def test_the_shipped_inter_is_what_is_drawn(qapp: QApplication) -> None:
    assert QFontInfo(qapp.font()).family() == "Inter"


@pytest.mark.parametrize("look", list(tokens.THEMES.values()), ids=lambda t: t.name)
def test_the_style_sheet_holds_only_colours_of_its_theme(look: tokens.Tokens) -> None:
    import re

    own = {getattr(look, name) for name in look.__dataclass_fields__ if isinstance(getattr(look, name), str)}
    assert set(re.findall(r"#[0-9A-Fa-f]{6}", stylesheet(look, 10.5))) <= own
