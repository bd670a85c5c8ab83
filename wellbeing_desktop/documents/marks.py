"""What can be drawn on a page. Points; `down` counts from the top of the strip that holds the mark."""

from dataclasses import dataclass

from wellbeing_desktop.documents.typeset import Line


@dataclass(slots=True)
class TextMark:
    x: float
    down: float
    """To the foot of the letters."""
    line: Line
    size: float
    colour: str


@dataclass(slots=True)
class Rule:
    x: float
    down: float
    to_x: float
    to_down: float
    colour: str
    thickness: float
    dashes: str = ""


@dataclass(slots=True)
class Fill:
    x: float
    down: float
    width: float
    height: float
    colour: str


@dataclass(slots=True)
class Dot:
    """A chart's mark on a point, filled; the shape tells series apart without colour."""

    x: float
    down: float
    radius: float
    colour: str
    shape: str = "round"


Mark = TextMark | Rule | Fill | Dot
