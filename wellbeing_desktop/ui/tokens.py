"""The look in numbers: three themes, sizes and spaces. Every colour of the window comes from here (UX section 7)."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Tokens:
    """The colours of one theme, as `#RRGGBB`. `edge` is the border of a field: 3:1 or more on every ground."""

    name: str
    background: str
    surface: str
    sunken: str
    text: str
    muted: str
    hint: str
    """Of an example in an empty field: never the colour of what somebody typed."""
    line: str
    edge: str
    accent: str
    on_accent: str
    accent_pressed: str
    selected: str
    calm: str
    """Behind the chosen row of a list while the keyboard is elsewhere."""
    good: str
    warning: str
    bad: str
    good_fill: str
    warning_fill: str
    bad_fill: str
    navigation: str
    navigation_text: str
    navigation_selected: str
    series: tuple[str, ...]
    """Colours of chart series, each 3:1 or more on `surface`; charts never tell series apart by these alone."""
    fill_border_width: int = 0
    """Pixels of border round a chip or notice; high contrast has 2 because its fills are white."""


LIGHT: Final = Tokens(
    name="light",
    background="#F4F6F8",
    surface="#FFFFFF",
    sunken="#E9EEF2",
    text="#14202B",
    muted="#4A5B6A",
    hint="#4A5B6A",
    line="#C3CDD6",
    edge="#5A6B7A",
    accent="#0B5C8A",
    on_accent="#FFFFFF",
    accent_pressed="#08466A",
    selected="#D6E8F3",
    calm="#E9EEF2",
    good="#1B6B3A",
    warning="#7A4A00",
    bad="#A3162B",
    good_fill="#DDF1E4",
    warning_fill="#FFEFCC",
    bad_fill="#FBE1E4",
    navigation="#12344D",
    navigation_text="#E8F0F6",
    navigation_selected="#1F5376",
    series=("#0B5C8A", "#B35900", "#5B3A8C", "#1B6B3A", "#A3162B", "#4A5B6A"),
)

DARK: Final = Tokens(
    name="dark",
    background="#12181E",
    surface="#1B232B",
    sunken="#232D37",
    text="#ECF1F5",
    muted="#A9B7C3",
    hint="#A9B7C3",
    line="#3A4854",
    edge="#8496A5",
    accent="#6CC0EE",
    on_accent="#06202F",
    accent_pressed="#93D2F5",
    selected="#21465E",
    calm="#232D37",
    good="#7FD6A0",
    warning="#FFCB6B",
    bad="#FF9AA6",
    good_fill="#16352A",
    warning_fill="#3A2D10",
    bad_fill="#42191F",
    navigation="#0C1116",
    navigation_text="#D7E1E9",
    navigation_selected="#23455B",
    series=("#6CC0EE", "#FFB45E", "#C3A6F0", "#7FD6A0", "#FF9AA6", "#A9B7C3"),
)

HIGH_CONTRAST: Final = Tokens(
    name="high contrast",
    background="#FFFFFF",
    surface="#FFFFFF",
    sunken="#FFFFFF",
    text="#000000",
    muted="#000000",
    hint="#555555",
    line="#000000",
    edge="#000000",
    accent="#00306E",
    on_accent="#FFFFFF",
    accent_pressed="#001B40",
    selected="#FFE08A",
    calm="#FFF4D1",
    good="#00461E",
    warning="#5A3000",
    bad="#8A0010",
    good_fill="#FFFFFF",
    warning_fill="#FFFFFF",
    bad_fill="#FFFFFF",
    navigation="#000000",
    navigation_text="#FFFFFF",
    navigation_selected="#00306E",
    series=("#00306E", "#5A3000", "#4B0082", "#00461E", "#8A0010", "#000000"),
    fill_border_width=2,
)

THEMES: Final = {theme.name: theme for theme in (LIGHT, DARK, HIGH_CONTRAST)}

FOCUS_INNER: Final = "#FFB000"
"""The inner tone of the focus ring. Alone it is 1.7:1 on white, so the outer tone is always the text colour."""

BASE_POINTS: Final = 10.5
"""Body text at 100 %, in points."""
HEADING_RATIO: Final = {1: 1.55, 2: 1.18, 3: 1.0}
TEXT_PERCENTS: Final = (90, 100, 125, 150, 200)
VISIT_POINTS: Final = 16.5
"""The least body text of Visit mode, in points: 22 pixels whole, so that rounding never brings it under 16."""

SPACE_XS: Final = 4
SPACE_S: Final = 8
SPACE_M: Final = 12
SPACE_L: Final = 16
SPACE_XL: Final = 24
RADIUS_CONTROL: Final = 6
VISIT_CONTROL_HEIGHT: Final = 44
ICON_SIZE: Final = 20


def luminance(colour: str) -> float:
    """Relative luminance of `#RRGGBB`, 0 to 1 (WCAG 2.2, relative luminance)."""
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours, 1 to 21 (WCAG 2.2, contrast ratio)."""
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def text_pairs(theme: Tokens) -> tuple[tuple[str, str, str], ...]:
    """Every (name, text colour, ground colour) that the window draws; each must reach 4.5:1."""
    grounds = {"background": theme.background, "surface": theme.surface, "sunken": theme.sunken}
    plain = {"text": theme.text, "muted": theme.muted}
    pairs = [(f"{t} on {g}", tc, gc) for t, tc in plain.items() for g, gc in grounds.items()]
    pairs += [(f"accent on {g}", theme.accent, gc) for g, gc in grounds.items()]
    pairs += [(f"bad on {g}", theme.bad, gc) for g, gc in grounds.items()]
    pairs += [
        ("on accent", theme.on_accent, theme.accent),
        ("on accent, pressed", theme.on_accent, theme.accent_pressed),
        ("hint in a field", theme.hint, theme.surface),
        ("selected row", theme.text, theme.selected),
        ("row chosen a moment ago", theme.text, theme.calm),
        ("muted on that row", theme.muted, theme.calm),
        ("muted on selected row", theme.muted, theme.selected),
        ("good chip", theme.good, theme.good_fill),
        ("warning chip", theme.warning, theme.warning_fill),
        ("bad chip", theme.bad, theme.bad_fill),
        ("text on warning", theme.text, theme.warning_fill),
        ("text on bad", theme.text, theme.bad_fill),
        ("text on good", theme.text, theme.good_fill),
        ("navigation", theme.navigation_text, theme.navigation),
        ("navigation, selected", theme.navigation_text, theme.navigation_selected),
    ]
    return tuple(pairs)


def border_pairs(theme: Tokens) -> tuple[tuple[str, str, str], ...]:
    """Every (name, line colour, ground colour) that must reach 3:1: field borders, focus ring, chart series."""
    grounds = {"background": theme.background, "surface": theme.surface, "sunken": theme.sunken}
    pairs = [(f"field border on {g}", theme.edge, gc) for g, gc in grounds.items()]
    pairs += [(f"focus ring on {g}", theme.text, gc) for g, gc in grounds.items()]
    pairs += [
        ("focus ring in navigation", theme.navigation_text, theme.navigation),
        ("bad border", theme.bad, theme.surface),
    ]
    pairs += [(f"chart series {n}", colour, theme.surface) for n, colour in enumerate(theme.series, 1)]
    return tuple(pairs)
