"""The contrast rules of UX section 7, computed."""

import pytest

from wellbeing_desktop.ui import tokens

THEMES = list(tokens.THEMES.values())
LEAST_TEXT = {"light": 4.5, "dark": 4.5, "high contrast": 7.0}


@pytest.mark.parametrize("theme", THEMES, ids=lambda t: t.name)
def test_every_text_reaches_its_contrast(theme: tokens.Tokens) -> None:
    low = {name: round(tokens.contrast(a, b), 2) for name, a, b in tokens.text_pairs(theme)}
    assert {k: v for k, v in low.items() if v < LEAST_TEXT[theme.name]} == {}


@pytest.mark.parametrize("theme", THEMES, ids=lambda t: t.name)
def test_every_border_reaches_three_to_one(theme: tokens.Tokens) -> None:
    low = {name: round(tokens.contrast(a, b), 2) for name, a, b in tokens.border_pairs(theme)}
    assert {k: v for k, v in low.items() if v < 3.0} == {}


def test_contrast_agrees_with_the_known_ends() -> None:
    assert tokens.contrast("#000000", "#FFFFFF") == pytest.approx(21.0)
    assert tokens.contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.01)
    assert tokens.contrast(tokens.FOCUS_INNER, "#FFFFFF") < 3.0, "why the ring has two tones"
