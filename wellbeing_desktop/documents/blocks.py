"""What a document is made of, before anyone decides how it looks.

Everything is plain data that crosses to the rendering process unchanged. Text is plain text: `<b>` is three characters.
Bold inside a paragraph, list item or cell is a `Strong` among plain pieces, so no markup language passes through.
"""

import re
from typing import Final, Literal

import msgspec

from wellbeing_desktop.domain.errors import Refused

_SENTENCE_END: Final = re.compile(r"(?<=[.?!])\s+(?=[A-Z0-9])")


class Strong(msgspec.Struct, frozen=True, tag=True):
    """A piece of text in bold."""

    text: str


Text = str | tuple[str | Strong, ...]


class Heading(msgspec.Struct, frozen=True, tag=True):
    text: str
    level: int = 1
    """1 is the document's title; 2 and 3 are the sections below it."""


class Paragraph(msgspec.Struct, frozen=True, tag=True):
    text: Text
    tone: Literal["plain", "lead", "quiet", "notice"] = "plain"
    """lead: a size larger; quiet: muted; notice: in a tinted box, for what must not be missed."""


class BulletList(msgspec.Struct, frozen=True, tag=True):
    items: tuple[Text, ...]


class NumberedList(msgspec.Struct, frozen=True, tag=True):
    items: tuple[Text, ...]
    start: int = 1


class Table(msgspec.Struct, frozen=True, tag=True):
    """Rows under a header that repeats on each page."""

    header: tuple[str, ...]
    rows: tuple[tuple[Text, ...], ...]
    weights: tuple[float, ...] = ()
    """Relative column widths; empty means equal."""
    numeric: tuple[int, ...] = ()
    """Columns (from 0) set to the right with digits of one width."""
    caption: str = ""


class KeyValues(msgspec.Struct, frozen=True, tag=True):
    """Names on the left, values on the right."""

    rows: tuple[tuple[str, Text], ...]


class Series(msgspec.Struct, frozen=True, tag=True):
    name: str
    values: tuple[float | None, ...]
    """One per category; None where nothing was recorded, which is a gap and never a zero."""


class Chart(msgspec.Struct, frozen=True, tag=True):
    """A small chart with its values printed on it, and the same numbers as a table in every form."""

    kind: Literal["line", "bar", "stacked"]
    title: str
    """States the finding, not the subject."""
    description: str
    categories: tuple[str, ...]
    series: tuple[Series, ...]
    low: float = 0
    high: float | None = None
    """The ends of the scale; high None means the largest value."""
    gap: str = "not recorded"
    """What is said where a value is None: "hidden" where small numbers are suppressed."""


class QR(msgspec.Struct, frozen=True, tag=True):
    """A square code for a camera, with the same thing in words beside it."""

    content: str
    caption: str


class AddressWindow(msgspec.Struct, frozen=True, tag=True):
    """The address in the window of a C5 envelope and the sender's block beside it. First in a letter.

    Positions: resources of NHS Notify and GOV.UK Notify letters, see `letter_layout`.
    """

    address: tuple[str, ...]
    sender: tuple[str, ...] = ()


class Signature(msgspec.Struct, frozen=True, tag=True):
    """Room to sign: a line with the role and name below it and a place for the date; without `dated`, the foot of a letter."""

    label: str
    name: str = ""
    dated: bool = True


class WriteIn(msgspec.Struct, frozen=True, tag=True):
    """Ruled lines for a hand, under a label."""

    label: str
    lines: int = 3


class PageBreak(msgspec.Struct, frozen=True, tag=True):
    pass


Block = (
    Heading
    | Paragraph
    | BulletList
    | NumberedList
    | Table
    | KeyValues
    | Chart
    | QR
    | AddressWindow
    | Signature
    | WriteIn
    | PageBreak
)


class Document(msgspec.Struct, frozen=True):
    """One thing to read, print or hand over."""

    title: str
    blocks: tuple[Block, ...]
    language: str = "en-GB"
    reference: str = ""
    """The recipient's reference, at the foot of every sheet. Never a name or NHS number."""
    purpose: str = ""
    """What this copy is for, in the foot after the reference, for example "Copy for you"."""
    spares_a_sheet: bool = False
    """Its lines stand a little closer where that saves a last sheet of a few lines; letters are never smaller."""

    def __post_init__(self) -> None:
        if not self.title.strip():
            raise Refused("A document needs a title.", "title")


def pieces(text: Text) -> tuple[tuple[str, bool], ...]:
    """The pieces of `text` as (characters, bold)."""
    if isinstance(text, str):
        return ((text, False),)
    return tuple((piece.text, True) if isinstance(piece, Strong) else (piece, False) for piece in text)


def plain(text: Text) -> str:
    """The characters of `text` without its bold."""
    if isinstance(text, str):
        return text
    return "".join(piece.text if isinstance(piece, Strong) else piece for piece in text)


def sentences(text: Text) -> list[Text]:
    """The sentences of plain `text`, for a style that gives each a row of its own; text with bold in it stays whole."""
    return list(_SENTENCE_END.split(text)) if isinstance(text, str) else [text]
