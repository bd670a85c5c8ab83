"""Turns the blocks of a document into strips (strip.py)."""

from wellbeing_desktop.documents import blocks as b
from wellbeing_desktop.documents import letter_layout as window
from wellbeing_desktop.documents.chart_paint import chart_marks
from wellbeing_desktop.documents.faces import BOLD, REGULAR, SEMIBOLD
from wellbeing_desktop.documents.marks import Fill, Rule, TextMark
from wellbeing_desktop.documents.print_style import ACCENT, INK, MM, NAVY, QUIET, RULE, TINT
from wellbeing_desktop.documents.qr_paint import qr_squares
from wellbeing_desktop.documents.strip import Measure, Strip, baseline, text_mark
from wellbeing_desktop.documents.table_strips import key_value_strips, table_strips
from wellbeing_desktop.documents.text import chart_rows
from wellbeing_desktop.documents.typeset import lines
from wellbeing_desktop.domain.errors import Refused


class Typesetter(Measure):
    """Makes the strips of one document in one style."""

    def strips(self, blocks: tuple[b.Block, ...]) -> list[Strip]:
        made: list[Strip] = []
        for place, block in enumerate(blocks):
            strips = self._block(block)
            following = blocks[place + 1] if place + 1 < len(blocks) else None
            if _ends_a_letter(blocks[place + 1 : place + 3]) and isinstance(block, b.Paragraph):
                for strip in strips:  # "Yours sincerely" and a name are never all that a sheet holds
                    strip.keep_with_next = True
            if isinstance(block, b.Signature) and not block.dated and isinstance(following, b.Heading) and strips:
                strips[-1].keep_with_next = True  # nor are its enclosures and copies, without the name
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
                return table_strips(self, block)
            case b.KeyValues():
                return key_value_strips(self, block)
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

    def _heading(self, block: b.Heading) -> list[Strip]:
        size = self.style.heading(block.level)
        made = self.text_strips(
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
                    mark.down = baseline(step, size)
        made[0].bookmark = (block.text, block.level)
        made[-1].height += size * (0.35 if block.level == 1 else 0.2)
        return made

    def _paragraph(self, block: b.Paragraph) -> list[Strip]:
        size = self.style.body
        gap = size * 0.55
        if block.tone == "notice":
            pad = size * 0.8
            made = self.text_strips(
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
            for sentence in b.sentences(block.text):
                made += self.text_strips(b.pieces(sentence), size, before=gap)
            return made
        if block.tone == "lead":
            return self.text_strips(b.pieces(block.text), round(size * 1.12, 1), before=gap)
        return self.text_strips(b.pieces(block.text), size, before=gap, colour=QUIET if block.tone == "quiet" else INK)

    def _list(self, items: tuple[b.Text, ...], start: int | None) -> list[Strip]:
        size = self.style.body
        indent = size * (1.25 if start is None else 1.3 + 0.62 * (len(str((start or 0) + len(items))) - 1) + 0.3)
        made: list[Strip] = []
        for number, item in enumerate(items):
            one = self.text_strips(
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
            one[0].marks.insert(0, text_mark(at, step, label_line, size, ACCENT, indent))
            made += one
        if made:
            made[0].before = size * 0.45
        return made

    def _chart(self, block: b.Chart) -> list[Strip]:
        size = self.style.table
        title = self.text_strips(((block.title, False),), self.style.body, weight=SEMIBOLD, before=size)
        for strip in title:
            strip.keep_with_next = True
        height, marks = chart_marks(block, self.left, self.width, size)
        body = Strip(height, marks, before=size * 0.4, keep_with_next=True)
        words = self.text_strips(((block.description, False),), size, colour=QUIET, before=size * 0.3)
        if block.kind != "line" or len(block.series) == 1:
            return [*title, body, *words]
        # lines that cross cover each other's numbers, so the numbers also stand in a table
        header, rows = chart_rows(block)
        return [
            *title,
            body,
            *words,
            *table_strips(self, b.Table(header, rows, (2,) + (1,) * len(block.series), tuple(range(1, len(header))))),
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
            strip.marks.append(text_mark(words_left, step, line, size, INK, self.width - side - size, down))
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
            raise Refused("A line of the address is too long for the envelope window. Shorten it.", "address")
        step = room / len(address) if len(address) > 5 else size * 1.25
        for number, text in enumerate(address):
            line = lines(((text, False),), REGULAR, 1e9)[0]
            down = window.ADDRESS_TOP * MM - top_margin + number * step + baseline(step, size)
            strip.marks.append(TextMark(window.ADDRESS_LEFT * MM, down, line, size, INK))
        down = window.SENDER_TOP * MM - top_margin
        size = 11.0 if self.style.body < 16 else 13.0
        for number, text in enumerate(block.sender):
            for line in lines(((text, number == 0),), REGULAR, window.SENDER_WIDTH * MM * 1000 / size):
                strip.marks.append(
                    text_mark(
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
        made = self.text_strips(((block.label, True),), self.style.table, before=self.style.table)
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
            words = self.text_strips(((block.name, True), (f"\n{block.label}", False)), self.style.body)
            for one in words[:-1]:
                one.keep_with_next = True
            return [Strip(self.style.body * 2.6, keep_with_next=True), *words]
        name_width = self.width * 0.62
        strip.marks.append(Rule(self.left, room, self.left + name_width, room, QUIET, 0.8))
        below = block.label if not block.name else f"{block.label}: {block.name}"
        down = room + size * 0.15
        for line in lines(((below, False),), REGULAR, name_width * 1000 / size):
            strip.marks.append(text_mark(self.left, step, line, size, INK, name_width, down))
            down += step
        strip.height = down
        x = self.left + name_width + 8 * MM
        strip.marks.append(Rule(x, room, self.left + self.width, room, QUIET, 0.8))
        line = lines((("Date", False),), REGULAR, 1e9)[0]
        strip.marks.append(text_mark(x, step, line, size, INK, 100, room + size * 0.15))
        return [strip]


def _ends_a_letter(following: tuple[b.Block, ...]) -> bool:
    """The name comes next, or after one more paragraph."""
    return any(isinstance(block, b.Signature) for block in following[:1]) or (
        len(following) == 2
        and isinstance(following[0], b.Paragraph)
        and isinstance(following[1], b.Signature)
        and not following[1].dated
    )
