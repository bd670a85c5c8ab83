"""Writes marks as PDF page content (PDF 32000-1, clauses 8 and 9)."""

import functools

from wellbeing_desktop.documents.faces import Shaped
from wellbeing_desktop.documents.marks import Dot, Fill, Mark, Rule, TextMark
from wellbeing_desktop.documents.pdf_fonts import EmbeddedFonts, page_name
from wellbeing_desktop.documents.text_safety import is_right_to_left
from wellbeing_desktop.documents.typeset import Line

BEGIN_FURNITURE = "/Artifact BMC"
"""What belongs to the sheet, not to the text: readers skip it (PDF 32000-1, 14.8.2.2)."""
END_FURNITURE = "EMC"


@functools.cache
def _rgb(colour: str) -> str:
    return " ".join(f"{int(colour[place : place + 2], 16) / 255:.3f}" for place in (1, 3, 5))


def _show(shaped: Shaped, size: float) -> str:
    """The operators that draw one shaped piece, with its own words beside it where glyphs alone would not say them."""
    if shaped.raised:
        code = "".join(
            (f"[{piece}]TJ\n" if place % 2 == 0 else f"{int(piece) * size / 1000:.2f} Ts\n")
            for place, piece in enumerate(shaped.show.split("|"))
            if piece
        )
    else:
        code = f"[{shaped.show}]TJ\n"
    # Readers turn right-to-left glyphs round by themselves, and would turn ActualText round as well.
    if shaped.exact or is_right_to_left(shaped.text):
        return code
    return f"/Span<</ActualText<feff{shaped.text.encode('utf-16-be').hex()}>>>BDC\n{code}EMC\n"


def line_code(line: Line, size: float) -> str:
    """Operators for a line at the current place. Kept with the line."""
    code = line.code.get(size)
    if code is not None:
        return code
    out: list[str] = []
    joined: list[str] = []
    font = ""
    for part in line.parts:
        simple = part.exact and not part.raised
        if part.face != font or not simple:
            if joined:
                out.append(f"[{''.join(joined)}]TJ\n")
                joined = []
            if part.face != font:
                font = part.face
                out.append(f"/{page_name(font)} {size:g} Tf\n")
        if simple:
            joined.append(part.show)
        else:
            out.append(_show(part, size))
    if joined:
        out.append(f"[{''.join(joined)}]TJ\n")
    code = "".join(out)
    line.code[size] = code
    return code


class PageWriter:
    """Collects the content of one page."""

    def __init__(self, fonts: EmbeddedFonts, height: float) -> None:
        self.fonts = fonts
        self.height = height
        self.code: list[str] = []
        self._colour = ""
        self._in_text = False

    def draw(self, marks: list[Mark], top: float) -> None:
        """Draw marks whose strip begins `top` points below the top of the sheet."""
        base = self.height - top
        for mark in marks:
            match mark:
                case TextMark():
                    if not mark.line.parts:
                        continue
                    if not self._in_text:
                        self.code.append("BT\n")
                        self._in_text = True
                    self._fill(mark.colour)
                    self.fonts.use(mark.line)
                    self.code.append(
                        f"1 0 0 1 {mark.x:.2f} {base - mark.down:.2f} Tm\n{line_code(mark.line, mark.size)}"
                    )
                case Fill():
                    self._leave_text()
                    self._fill(mark.colour)
                    self.code.append(
                        f"{mark.x:.2f} {base - mark.down - mark.height:.2f} {mark.width:.2f} {mark.height:.2f} re f\n"
                    )
                case Rule():
                    self._leave_text()
                    self.code.append(
                        f"q {_rgb(mark.colour)} RG {mark.thickness:g} w [{mark.dashes}] 0 d "
                        f"{mark.x:.2f} {base - mark.down:.2f} m {mark.to_x:.2f} {base - mark.to_down:.2f} l S Q\n"
                    )
                case Dot():
                    self._leave_text()
                    self._fill(mark.colour)
                    self.code.append(_dot(mark, base))

    def furniture(self, marks: list[Mark], top: float) -> None:
        """Draw marks that are not part of the text: the foot of the sheet, a repeated header."""
        self._leave_text()
        self.code.append(BEGIN_FURNITURE + "\n")
        self.draw(marks, top)
        self._leave_text()
        self.code.append(END_FURNITURE + "\n")

    def finish(self) -> str:
        """The whole stream; text that is still open is ended."""
        self._leave_text()
        return "".join(self.code)

    def _fill(self, colour: str) -> None:
        if colour != self._colour:
            self._colour = colour
            self.code.append(f"{_rgb(colour)} rg\n")

    def _leave_text(self) -> None:
        if self._in_text:
            self.code.append("ET\n")
            self._in_text = False


def _dot(mark: Dot, base: float) -> str:
    x, y, r = mark.x, base - mark.down, mark.radius
    if mark.shape == "square":
        return f"{x - r:.2f} {y - r:.2f} {2 * r:.2f} {2 * r:.2f} re f\n"
    if mark.shape == "diamond":
        d = r * 1.3
        return f"{x - d:.2f} {y:.2f} m {x:.2f} {y + d:.2f} l {x + d:.2f} {y:.2f} l {x:.2f} {y - d:.2f} l f\n"
    if mark.shape == "triangle":
        d = r * 1.3
        return f"{x - d:.2f} {y - r:.2f} m {x:.2f} {y + d:.2f} l {x + d:.2f} {y - r:.2f} l f\n"
    k = r * 0.5523  # four curves that make a circle
    return (
        f"{x - r:.2f} {y:.2f} m {x - r:.2f} {y + k:.2f} {x - k:.2f} {y + r:.2f} {x:.2f} {y + r:.2f} c "
        f"{x + k:.2f} {y + r:.2f} {x + r:.2f} {y + k:.2f} {x + r:.2f} {y:.2f} c "
        f"{x + r:.2f} {y - k:.2f} {x + k:.2f} {y - r:.2f} {x:.2f} {y - r:.2f} c "
        f"{x - k:.2f} {y - r:.2f} {x - r:.2f} {y - k:.2f} {x - r:.2f} {y:.2f} c f\n"
    )
