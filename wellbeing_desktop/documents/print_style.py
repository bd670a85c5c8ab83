"""Sizes, colours and spacing of paper. Sources: RNIB clear print (12 pt least, 14 recommended, 18 for large print,
left aligned, no italics or underline) and the NHS service manual's content style; sizes in points.
"""

from collections.abc import Collection
from typing import Final

import msgspec

MM: Final = 72 / 25.4


class PrintStyle(msgspec.Struct, frozen=True):
    name: str
    body: float
    table: float
    foot: float
    leading: float = 1.42
    """Line height over text size."""
    margin: float = 20 * MM
    separate_sentences: bool = False
    """Easy read: each sentence on its own row."""

    def heading(self, level: int) -> float:
        """Size of a heading: 1 the title, 2 and 3 sections."""
        return round(self.body * {1: 1.72, 2: 1.28}.get(level, 1.07), 1)


STANDARD: Final = PrintStyle("standard", 14, 12.5, 12)
LARGE_PRINT: Final = PrintStyle("large print", 18, 18, 14, leading=1.45)
SMALL: Final = PrintStyle("small", 12, 11, 10.5)
"""Only when asked for: 12 point is the least that RNIB accepts."""
EASY_READ: Final = PrintStyle("easy read", 16, 16, 14, leading=1.6, separate_sentences=True)
"""Short rows, one idea each. Words have to be made easy by the person who writes them."""

VERY_LARGE_PRINT: Final = PrintStyle("very large print", 24, 24, 16, leading=1.45)

STYLES: Final = {style.name: style for style in (STANDARD, LARGE_PRINT, VERY_LARGE_PRINT, SMALL, EASY_READ)}


def style_for(needs: Collection[str], letter_format: str = "") -> PrintStyle:
    """The style for what a person's record asks for.

    `needs` are codes of the list `communication_needs`, `letter_format` one of the list of that name. The largest print
    wins. Braille, audio and e-mail are no print styles: `operations.other_form` says so and offers the web page.
    """
    asked = {*needs, letter_format}
    for code, style in (
        ("very_large_print", VERY_LARGE_PRINT),
        ("large_print", LARGE_PRINT),
        ("easy_read", EASY_READ),
        ("small_print", SMALL),
    ):
        if code in asked:
            return style
    return STANDARD


INK: Final = "#14202B"
QUIET: Final = "#4A5B6A"
NAVY: Final = "#12344D"
ACCENT: Final = "#0B5C8A"
TINT: Final = "#EDF3F8"
RULE: Final = "#B9C6D1"
SERIES: Final = ("#0B5C8A", "#D98A00", "#1B6B3A", "#7A3E9D", "#A3162B", "#5B6B78")
"""Chart colours. A series is always also named in words and drawn with a mark of its own."""
