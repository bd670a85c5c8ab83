"""Turns blocks into strips: pieces of page that are never cut, each with a height and what is drawn on it.

All lengths are in points; `x` counts from the left edge of the sheet and `down` from the top of the strip.
"""

import re
from dataclasses import dataclass, field

from wellbeing_desktop.documents import blocks as b
from wellbeing_desktop.documents import letter_layout as window
from wellbeing_desktop.documents.chart_paint import chart_marks
from wellbeing_desktop.documents.faces import BOLD, REGULAR, SEMIBOLD
from wellbeing_desktop.documents.marks import Fill, Mark, Rule, TextMark
from wellbeing_desktop.documents.print_style import ACCENT, INK, MM, NAVY, QUIET, RULE, TINT, PrintStyle
from wellbeing_desktop.documents.qr_paint import qr_squares
from wellbeing_desktop.documents.text import chart_rows
from wellbeing_desktop.documents.typeset import Line, lines, longest_word

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


class Typesetter:
    """Makes the strips of one document in one style."""

    def __init__(self, style: PrintStyle) -> None:
        self.style = style
        self.left = style.margin
        self.width = PAGE_WIDTH - 2 * style.margin

    def strips(self, blocks: tuple[b.Block, ...]) -> list[Strip]:
        made: list[Strip] = []
        for place, block in enumerate(blocks):
            strips = self._block(block)
            following = blocks[place + 1] if place + 1 < len(blocks) else None
            if _ends_a_letter(blocks[place + 1 : place + 3]) and isinstance(block, b.Paragraph):
                for strip in strips:  # "Yours sincerely" and a name are never all that a sheet holds
                    strip.keep_with_next = True
            if (
                isinstance(block, b.Table)
                and isinstance(following, b.Paragraph)
                and following.tone == "quiet"
                and strips
            ):
                strips[-1].keep_with_next = True  # what a table says about itself stays under it
            made += strips
        return made

    def _block(self, block: b.Block) -> list[Strip]:
        match block:
            case b.Heading():
                return self._heading(block)
            case b.Paragraph():
                return self._paragraph(block)
            case b.BulletList():
                return self._list(block.items, None)
            case b.NumberedList():
                return self._list(block.items, block.start)
            case b.Table():
                return self._table(block)
            case b.KeyValues():
                return self._key_values(block)
            case b.Chart():
                return self._chart(block)
            case b.QR():
                return self._qr(block)
            case b.AddressWindow():
                return self._address_window(block)
            case b.Signature():
                return self._signature(block)
            case b.WriteIn():
                return self._write_in(block)
            case b.PageBreak():
                return [Strip(0, new_page=True)]

    def _text_strips(
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
        made = [Strip(step, [_text(x, step, line, size, colour, width)]) for line in set_lines]
        made[0].before = before
        if len(made) > 1:
            made[0].keep_with_next = True
            made[-2].keep_with_next = True
        return made

    def _heading(self, block: b.Heading) -> list[Strip]:
        size = self.style.heading(block.level)
        made = self._text_strips(
            ((block.text, False),),
            size,
            weight=BOLD if block.level == 1 else SEMIBOLD,
            colour=NAVY,
            before=size * {1: 0.7, 2: 1.15}.get(block.level, 0.85),
        )
        step = size * 1.25
        for strip in made:
            strip.height, strip.keep_with_next = step, True
            for mark in strip.marks:
                if isinstance(mark, TextMark):
                    mark.down = _baseline(step, size)
        made[0].bookmark = (block.text, block.level)
        made[-1].height += size * (0.35 if block.level == 1 else 0.2)
        return made

    def _paragraph(self, block: b.Paragraph) -> list[Strip]:
        size = self.style.body
        gap = size * 0.55
        if block.tone == "notice":
            pad = size * 0.8
            made = self._text_strips(
                b.pieces(block.text), size, x=self.left + pad, width=self.width - 2 * pad, before=gap
            )
            top, bottom = Strip(pad * 0.6, before=gap, keep_with_next=True), Strip(pad * 0.7)
            made[0].before = 0
            made[-1].keep_with_next = True
            boxed = [top, *made, bottom]
            for strip in boxed:
                strip.shaded = TINT
            return boxed
        if self.style.separate_sentences and block.tone == "plain":
            made = []
            for sentence in _sentences(block.text):
                made += self._text_strips(b.pieces(sentence), size, before=gap)
            return made
        if block.tone == "lead":
            return self._text_strips(b.pieces(block.text), round(size * 1.12, 1), before=gap)
        return self._text_strips(b.pieces(block.text), size, before=gap, colour=QUIET if block.tone == "quiet" else INK)

    def _list(self, items: tuple[b.Text, ...], start: int | None) -> list[Strip]:
        size = self.style.body
        indent = size * (1.25 if start is None else 1.3 + 0.62 * (len(str((start or 0) + len(items))) - 1) + 0.3)
        made: list[Strip] = []
        for number, item in enumerate(items):
            one = self._text_strips(
                b.pieces(item), size, x=self.left + indent, width=self.width - indent, before=size * 0.35
            )
            label = "•" if start is None else f"{start + number}."
            label_line = lines(((label, False),), REGULAR, 1e9)[0]
            step = size * self.style.leading
            at = self.left + size * 0.2
            first = one[0].marks[0]
            if isinstance(first, TextMark) and first.line.right_to_left:  # the mark stands at the right, text before it
                at = self.left + self.width - size * 0.2 - label_line.width * size / 1000
                for strip in one:
                    for mark in strip.marks:
                        if isinstance(mark, TextMark):
                            mark.x -= indent
            one[0].marks.insert(0, _text(at, step, label_line, size, ACCENT, indent))
            made += one
        if made:
            made[0].before = size * 0.45
        return made

    def _table(self, block: b.Table) -> list[Strip]:
        columns = len(block.header)
        if not columns:
            return []
        size = self.style.table
        pad = size * 0.5
        widths = self._column_widths(block, size, pad)
        crowded = self.style.body >= 16 and columns > 3 and len(block.numeric) < columns - 1
        if widths is None or crowded:
            return self._stacked(block)
        made: list[Strip] = []
        if block.caption:
            made = self._text_strips(((block.caption, False),), size, weight=SEMIBOLD, before=size * 0.8)
            for strip in made:
                strip.keep_with_next = True
        header = self._row([((text, False),) for text in block.header], widths, size, pad, SEMIBOLD, block.numeric)[0]
        header.shaded, header.keep_with_next = TINT, True
        header.marks.append(Rule(self.left, header.height, self.left + self.width, header.height, ACCENT, 1.2))
        header.before = size * (0.3 if block.caption else 0.8)
        made.append(header)
        for row in block.rows:
            cells = [b.pieces(row[place]) if place < len(row) else (("", False),) for place in range(columns)]
            strips = self._row(cells, widths, size, pad, REGULAR, block.numeric)
            for strip in strips:
                strip.header = header
            bottom = strips[-1]
            bottom.marks.append(Rule(self.left, bottom.height, self.left + self.width, bottom.height, RULE, 0.6))
            made += strips
        _keep_together(made)
        return made

    def _column_widths(self, block: b.Table, size: float, pad: float) -> list[float] | None:
        """Widths in points, at least the longest word of each column; None when the columns do not fit the sheet."""
        columns = len(block.header)
        weights = block.weights if len(block.weights) == columns else (1.0,) * columns
        limit = self.width * 0.6
        least = []
        for place in range(columns):
            texts = [longest_word(((block.header[place], False),), SEMIBOLD)]
            texts += [longest_word(b.pieces(row[place]), REGULAR) for row in block.rows if place < len(row)]
            least.append(min(max(texts) * size / 1000, limit) + 2 * pad)
        if sum(least) > self.width:
            return None
        total = sum(weights)
        widths = [self.width * weight / total for weight in weights]
        for _ in range(columns):  # raise the narrow ones, take it from those with room
            short = [place for place in range(columns) if widths[place] < least[place] - 0.01]
            if not short:
                break
            for place in short:
                widths[place] = least[place]
            spare = [place for place in range(columns) if widths[place] > least[place] + 0.01]
            over = sum(widths) - self.width
            room = sum(widths[place] - least[place] for place in spare)
            for place in spare:
                widths[place] -= over * (widths[place] - least[place]) / room
        return widths

    def _row(
        self,
        cells: list[tuple[tuple[str, bool], ...]],
        widths: list[float],
        size: float,
        pad: float,
        weight: str,
        numeric: tuple[int, ...],
    ) -> list[Strip]:
        """One strip, or one for each line when the row is too tall to stay whole."""
        step = size * 1.34
        set_cells = [
            lines(cell, weight, max(widths[place] - 2 * pad, size) * 1000 / size, place in numeric)
            for place, cell in enumerate(cells)
        ]
        count = max(len(cell) for cell in set_cells)
        whole = count <= 14
        made = [Strip(0) for _ in range(1 if whole else count)]
        for number in range(count):
            strip = made[0 if whole else number]
            x = self.left
            first, last = (number == 0, number == count - 1)
            top = strip.height + (pad * 0.75 if first else 0)
            for place, cell in enumerate(set_cells):
                if number < len(cell) and cell[number].parts:
                    line = cell[number]
                    at = x + pad
                    if place in numeric:
                        at = x + widths[place] - pad - line.width * size / 1000
                    strip.marks.append(TextMark(at, top + _baseline(step, size), line, size, INK))
                x += widths[place]
            strip.height = top + step + (pad * 0.75 if last else 0)
        # marks come row by row within a line; readers want cell by cell
        if whole:
            made[0].marks.sort(key=lambda mark: _cell_of(mark, self.left, widths))
        return made

    def _stacked(self, block: b.Table) -> list[Strip]:
        """A table too wide for large print: each row becomes a group of named lines."""
        made: list[Strip] = []
        if block.caption:
            made = self._text_strips(((block.caption, False),), self.style.body, weight=SEMIBOLD, before=10)
            made[-1].keep_with_next = True
        for row in block.rows:
            cells = (*row, *[""] * (len(block.header) - len(row)))
            named = tuple(zip(block.header, cells, strict=False))
            if not block.header[0]:
                title = self._text_strips(b.pieces(cells[0]), self.style.body, weight=SEMIBOLD, before=self.style.body)
                for strip in title:
                    strip.keep_with_next = True
                made += title
                named = named[1:]
            made += self._key_values(b.KeyValues(named))
        return made

    def _key_values(self, block: b.KeyValues) -> list[Strip]:
        size = self.style.body if self.style.body >= 16 else self.style.table
        pad = size * 0.45
        named = [longest_word(((name, False),), SEMIBOLD) * size / 1000 for name, _ in block.rows]
        full = [
            sum(part.width for part in line.parts) * size / 1000
            for name, _ in block.rows
            for line in lines(((name, False),), SEMIBOLD, 1e9)
        ]
        first = min(
            max([*named, min(max(full, default=0), self.width * 0.32)], default=0) + 2 * pad + 1, self.width * 0.45
        )
        widths = [first, self.width - first]
        made: list[Strip] = []
        for name, value in block.rows:
            strips = self._row([((name, True),), b.pieces(value)], widths, size, pad, REGULAR, ())
            for mark in strips[0].marks:
                if isinstance(mark, TextMark) and mark.x < self.left + first:
                    mark.colour = NAVY
            bottom = strips[-1]
            bottom.marks.append(Rule(self.left, bottom.height, self.left + self.width, bottom.height, RULE, 0.6))
            made += strips
        _keep_together(made)
        if made:
            made[0].marks.append(Rule(self.left, 0, self.left + self.width, 0, RULE, 0.6))
            made[0].before = size * 0.7
        return made

    def _chart(self, block: b.Chart) -> list[Strip]:
        size = self.style.table
        title = self._text_strips(((block.title, False),), self.style.body, weight=SEMIBOLD, before=size)
        for strip in title:
            strip.keep_with_next = True
        height, marks = chart_marks(block, self.left, self.width, size)
        body = Strip(height, marks, before=size * 0.4, keep_with_next=True)
        words = self._text_strips(((block.description, False),), size, colour=QUIET, before=size * 0.3)
        if block.kind != "line" or len(block.series) == 1:
            return [*title, body, *words]
        # lines that cross cover each other's numbers, so the numbers also stand in a table
        header, rows = chart_rows(block)
        return [
            *title,
            body,
            *words,
            *self._table(b.Table(header, rows, (2,) + (1,) * len(block.series), tuple(range(1, len(header))))),
        ]

    def _qr(self, block: b.QR) -> list[Strip]:
        side = 30 * MM
        count, squares = qr_squares(block.content)
        cell = side / (count + 8)  # four quiet modules on each side, as the standard asks
        strip = Strip(side, before=self.style.body * 0.6)
        for column, row, run in squares:
            strip.marks.append(Fill(self.left + (column + 4) * cell, (row + 4) * cell, run * cell, cell, "#000000"))
        size = self.style.table
        words_left = self.left + side + size
        step = size * self.style.leading
        down = size * 0.6
        for line in lines(((block.caption, False),), REGULAR, (self.width - side - size) * 1000 / size):
            strip.marks.append(_text(words_left, step, line, size, INK, self.width - side - size, down))
            down += step
        strip.height = max(side, down)
        return [strip]

    def _address_window(self, block: b.AddressWindow) -> list[Strip]:
        address = window.address_lines(block.address, abroad=not window.ends_with_postcode(block.address))
        top_margin = self.style.margin * 0.8
        strip = Strip(window.BODY_TOP * MM - top_margin, keep_with_next=True)
        room = window.ADDRESS_HEIGHT * MM
        size = min(12.0 if self.style.body < 16 else 14.0, room / len(address) / 1.12)
        width = window.ADDRESS_WIDTH * MM
        widest = max(lines(((line, False),), REGULAR, 1e9)[0].width for line in address)
        size = min(size, width * 1000 / widest)
        if size < 7:
            from wellbeing_desktop.domain.errors import Refused

            raise Refused("A line of the address is too long for the envelope window. Shorten it.", "address")
        step = room / len(address) if len(address) > 5 else size * 1.25
        for number, text in enumerate(address):
            line = lines(((text, False),), REGULAR, 1e9)[0]
            down = window.ADDRESS_TOP * MM - top_margin + number * step + _baseline(step, size)
            strip.marks.append(TextMark(window.ADDRESS_LEFT * MM, down, line, size, INK))
        down = window.SENDER_TOP * MM - top_margin
        size = 11.0 if self.style.body < 16 else 13.0
        for number, text in enumerate(block.sender):
            for line in lines(((text, number == 0),), REGULAR, window.SENDER_WIDTH * MM * 1000 / size):
                strip.marks.append(
                    _text(
                        window.SENDER_LEFT * MM,
                        size * 1.3,
                        line,
                        size,
                        NAVY if number == 0 else INK,
                        window.SENDER_WIDTH * MM,
                        down,
                    )
                )
                down += size * 1.3
        return [strip]

    def _write_in(self, block: b.WriteIn) -> list[Strip]:
        made = self._text_strips(((block.label, True),), self.style.table, before=self.style.table)
        for strip in made:
            strip.keep_with_next = True
        room = 9 * MM  # between rules, for a hand that is not small
        for _ in range(block.lines):
            made.append(Strip(room, [Rule(self.left, room, self.left + self.width, room, RULE, 0.6)]))
        return made

    def _signature(self, block: b.Signature) -> list[Strip]:
        size = self.style.table
        step = size * self.style.leading
        room = size * 3
        strip = Strip(room + step, before=size)
        if not block.dated:
            # the foot of a letter: room for a hand, then the name and the role, no line
            words = self._text_strips(((block.name, True), (f"\n{block.label}", False)), self.style.body)
            for one in words[:-1]:
                one.keep_with_next = True
            return [Strip(self.style.body * 2.6, keep_with_next=True), *words]
        name_width = self.width * 0.62
        strip.marks.append(Rule(self.left, room, self.left + name_width, room, QUIET, 0.8))
        below = block.label if not block.name else f"{block.label}: {block.name}"
        down = room + size * 0.15
        for line in lines(((below, False),), REGULAR, name_width * 1000 / size):
            strip.marks.append(_text(self.left, step, line, size, INK, name_width, down))
            down += step
        strip.height = down
        x = self.left + name_width + 8 * MM
        strip.marks.append(Rule(x, room, self.left + self.width, room, QUIET, 0.8))
        line = lines((("Date", False),), REGULAR, 1e9)[0]
        strip.marks.append(_text(x, step, line, size, INK, 100, room + size * 0.15))
        return [strip]


def _ends_a_letter(following: tuple[b.Block, ...]) -> bool:
    """The name comes next, or after one more paragraph."""
    return any(isinstance(block, b.Signature) for block in following[:1]) or (
        len(following) == 2
        and isinstance(following[0], b.Paragraph)
        and isinstance(following[1], b.Signature)
        and not following[1].dated
    )


def _keep_together(strips: list[Strip]) -> None:
    """A short table is not cut between sheets."""
    if sum(strip.height for strip in strips) < PAGE_HEIGHT * 0.3:
        for strip in strips[:-1]:
            strip.keep_with_next = True


def _baseline(step: float, size: float) -> float:
    """How far below the top of a line box its letters stand: capitals centred in the box."""
    return (step + 0.72 * size) / 2


def _text(x: float, step: float, line: Line, size: float, colour: str, width: float, down: float = 0) -> TextMark:
    if line.right_to_left:  # a right-to-left paragraph begins at the right
        x += width - line.width * size / 1000
    return TextMark(x, down + _baseline(step, size), line, size, colour)


def _cell_of(mark: Mark, left: float, widths: list[float]) -> int:
    edge = left
    x = mark.x if isinstance(mark, TextMark) else left
    for place, width in enumerate(widths):
        edge += width
        if x < edge:
            return place
    return len(widths)


_SENTENCE_END = re.compile(r"(?<=[.?!])\s+(?=[A-Z0-9])")


def _sentences(text: b.Text) -> list[b.Text]:
    if isinstance(text, str):
        return list(_SENTENCE_END.split(text))
    return [text]
