"""A strip is a piece of page that is never cut, with a height and what is drawn on it; text becomes strips by lines.

All lengths are in points; `x` counts from the left edge of the sheet and `down` from the top of the strip.
"""

from dataclasses import dataclass, field

from wellbeing_desktop.documents.faces import REGULAR
from wellbeing_desktop.documents.marks import Mark, TextMark
from wellbeing_desktop.documents.print_style import INK, MM, PrintStyle
from wellbeing_desktop.documents.typeset import Line, lines

PAGE_WIDTH = 210 * MM
PAGE_HEIGHT = 297 * MM


@dataclass(slots=True)
class Strip:
    height: float
    marks: list[Mark] = field(default_factory=list)
    before: float = 0
    """Space above, left out at the top of a page."""
    keep_with_next: bool = False
    header: "Strip | None" = None
    """Drawn again above this strip when it begins a page: the header of its table."""
    bookmark: tuple[str, int] | None = None
    new_page: bool = False
    shaded: str = ""
    """A colour behind the strip over the whole measure."""


class Measure:
    """The measure of a sheet: the width between its margins, and the style of what is set in it."""

    def __init__(self, style: PrintStyle) -> None:
        self.style = style
        self.left = style.margin
        self.width = PAGE_WIDTH - 2 * style.margin

    def text_strips(
        self,
        pieces: tuple[tuple[str, bool], ...],
        size: float,
        *,
        weight: str = REGULAR,
        colour: str = INK,
        x: float | None = None,
        width: float | None = None,
        before: float = 0,
    ) -> list[Strip]:
        """One strip for each line, never leaving one line of a paragraph alone on a page."""
        x = self.left if x is None else x
        width = self.width if width is None else width
        step = size * self.style.leading
        set_lines = lines(pieces, weight, width * 1000 / size)
        made = [Strip(step, [text_mark(x, step, line, size, colour, width)]) for line in set_lines]
        made[0].before = before
        if len(made) > 1:
            made[0].keep_with_next = True
            made[-2].keep_with_next = True
        return made


def baseline(step: float, size: float) -> float:
    """How far below the top of a line box its letters stand: capitals centred in the box."""
    return (step + 0.72 * size) / 2


def text_mark(x: float, step: float, line: Line, size: float, colour: str, width: float, down: float = 0) -> TextMark:
    """A line of text in a box `step` high whose top is `down`."""
    if line.right_to_left:  # a right-to-left paragraph begins at the right
        x += width - line.width * size / 1000
    return TextMark(x, down + baseline(step, size), line, size, colour)
