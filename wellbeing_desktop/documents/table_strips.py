"""Tables and named lines as strips; a table too wide for large print becomes a group of named lines for each row."""

from wellbeing_desktop.documents import blocks as b
from wellbeing_desktop.documents.faces import REGULAR, SEMIBOLD
from wellbeing_desktop.documents.marks import Mark, Rule, TextMark
from wellbeing_desktop.documents.print_style import ACCENT, INK, NAVY, RULE, TINT
from wellbeing_desktop.documents.strip import PAGE_HEIGHT, Measure, Strip, baseline
from wellbeing_desktop.documents.typeset import lines, longest_word


def table_strips(measure: Measure, block: b.Table) -> list[Strip]:
    """The header comes again where a page begins within the table; a short table is not cut between sheets."""
    columns = len(block.header)
    if not columns:
        return []
    size = measure.style.table
    pad = size * 0.5
    widths = _column_widths(measure, block, size, pad)
    crowded = measure.style.body >= 16 and columns > 3 and len(block.numeric) < columns - 1
    if widths is None or crowded:
        return _stacked(measure, block)
    made: list[Strip] = []
    if block.caption:
        made = measure.text_strips(((block.caption, False),), size, weight=SEMIBOLD, before=size * 0.8)
        for strip in made:
            strip.keep_with_next = True
    header = _row(measure, [((text, False),) for text in block.header], widths, size, pad, SEMIBOLD, block.numeric)[0]
    header.shaded, header.keep_with_next = TINT, True
    header.marks.append(Rule(measure.left, header.height, measure.left + measure.width, header.height, ACCENT, 1.2))
    header.before = size * (0.3 if block.caption else 0.8)
    made.append(header)
    for row in block.rows:
        cells = [b.pieces(row[place]) if place < len(row) else (("", False),) for place in range(columns)]
        strips = _row(measure, cells, widths, size, pad, REGULAR, block.numeric)
        for strip in strips:
            strip.header = header
        bottom = strips[-1]
        bottom.marks.append(Rule(measure.left, bottom.height, measure.left + measure.width, bottom.height, RULE, 0.6))
        made += strips
    _keep_together(made)
    return made


def _column_widths(measure: Measure, block: b.Table, size: float, pad: float) -> list[float] | None:
    """Widths in points, at least the longest word of each column; None when the columns do not fit the sheet."""
    columns = len(block.header)
    weights = block.weights if len(block.weights) == columns else (1.0,) * columns
    limit = measure.width * 0.6
    least = []
    for place in range(columns):
        texts = [longest_word(((block.header[place], False),), SEMIBOLD)]
        texts += [longest_word(b.pieces(row[place]), REGULAR) for row in block.rows if place < len(row)]
        least.append(min(max(texts) * size / 1000, limit) + 2 * pad)
    if sum(least) > measure.width:
        return None
    total = sum(weights)
    widths = [measure.width * weight / total for weight in weights]
    for _ in range(columns):  # raise the narrow ones, take it from those with room
        short = [place for place in range(columns) if widths[place] < least[place] - 0.01]
        if not short:
            break
        for place in short:
            widths[place] = least[place]
        spare = [place for place in range(columns) if widths[place] > least[place] + 0.01]
        over = sum(widths) - measure.width
        room = sum(widths[place] - least[place] for place in spare)
        for place in spare:
            widths[place] -= over * (widths[place] - least[place]) / room
    return widths


def _row(
    measure: Measure,
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
        x = measure.left
        first, last = (number == 0, number == count - 1)
        top = strip.height + (pad * 0.75 if first else 0)
        for place, cell in enumerate(set_cells):
            if number < len(cell) and cell[number].parts:
                line = cell[number]
                at = x + pad
                if place in numeric:
                    at = x + widths[place] - pad - line.width * size / 1000
                strip.marks.append(TextMark(at, top + baseline(step, size), line, size, INK))
            x += widths[place]
        strip.height = top + step + (pad * 0.75 if last else 0)
    # marks come row by row within a line; readers want cell by cell
    if whole:
        made[0].marks.sort(key=lambda mark: _cell_of(mark, measure.left, widths))
    return made


def _stacked(measure: Measure, block: b.Table) -> list[Strip]:
    """A table too wide for large print: each row becomes a group of named lines."""
    made: list[Strip] = []
    if block.caption:
        made = measure.text_strips(((block.caption, False),), measure.style.body, weight=SEMIBOLD, before=10)
        made[-1].keep_with_next = True
    for row in block.rows:
        cells = (*row, *[""] * (len(block.header) - len(row)))
        named = tuple(zip(block.header, cells, strict=False))
        if not block.header[0]:
            title = measure.text_strips(
                b.pieces(cells[0]), measure.style.body, weight=SEMIBOLD, before=measure.style.body
            )
            for strip in title:
                strip.keep_with_next = True
            made += title
            named = named[1:]
        made += key_value_strips(measure, b.KeyValues(named))
    return made


def key_value_strips(measure: Measure, block: b.KeyValues) -> list[Strip]:
    """A column of names no wider than it needs, at most 45 % of the measure, and what belongs to each."""
    size = measure.style.body if measure.style.body >= 16 else measure.style.table
    pad = size * 0.45
    named = [longest_word(((name, False),), SEMIBOLD) * size / 1000 for name, _ in block.rows]
    full = [
        sum(part.width for part in line.parts) * size / 1000
        for name, _ in block.rows
        for line in lines(((name, False),), SEMIBOLD, 1e9)
    ]
    first = min(
        max([*named, min(max(full, default=0), measure.width * 0.32)], default=0) + 2 * pad + 1, measure.width * 0.45
    )
    widths = [first, measure.width - first]
    made: list[Strip] = []
    for name, value in block.rows:
        strips = _row(measure, [((name, True),), b.pieces(value)], widths, size, pad, REGULAR, ())
        for mark in strips[0].marks:
            if isinstance(mark, TextMark) and mark.x < measure.left + first:
                mark.colour = NAVY
        bottom = strips[-1]
        bottom.marks.append(Rule(measure.left, bottom.height, measure.left + measure.width, bottom.height, RULE, 0.6))
        made += strips
    _keep_together(made)
    if made:
        made[0].marks.append(Rule(measure.left, 0, measure.left + measure.width, 0, RULE, 0.6))
        made[0].before = size * 0.7
    return made


def _keep_together(strips: list[Strip]) -> None:
    """A short table is not cut between sheets."""
    if sum(strip.height for strip in strips) < PAGE_HEIGHT * 0.3:
        for strip in strips[:-1]:
            strip.keep_with_next = True


def _cell_of(mark: Mark, left: float, widths: list[float]) -> int:
    edge = left
    x = mark.x if isinstance(mark, TextMark) else left
    for place, width in enumerate(widths):
        edge += width
        if x < edge:
            return place
    return len(widths)
