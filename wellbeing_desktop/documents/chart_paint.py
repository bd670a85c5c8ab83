"""Paints a chart with its values on it. The scale starts where the data says, a gap stays a gap."""

from wellbeing_desktop.documents.blocks import Chart
from wellbeing_desktop.documents.faces import REGULAR, SEMIBOLD
from wellbeing_desktop.documents.marks import Dot, Fill, Mark, Rule, TextMark
from wellbeing_desktop.documents.print_style import INK, QUIET, RULE, SERIES
from wellbeing_desktop.documents.typeset import Line, lines

SHAPES = ("round", "square", "diamond", "triangle")
_DASHES = ("", "6 3", "2 2", "8 3 2 3")


def number_text(value: float) -> str:
    """A value as printed: no needless decimals, commas over 999."""
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:,.1f}"


def top_of_scale(chart: Chart) -> float:
    """The high end of the scale: as given, or the largest value or stack."""
    if chart.high is not None:
        return max(chart.high, chart.low + 1)
    if chart.kind == "stacked":
        sums = [
            sum(series.values[place] or 0 for series in chart.series if place < len(series.values))
            for place in range(len(chart.categories))
        ]
        return max([*sums, chart.low + 1])
    return max([value for series in chart.series for value in series.values if value is not None] + [chart.low + 1])


def _line_of(text: str, weight: str = REGULAR) -> Line:
    return lines(((text, False),), weight, 1e9)[0]


def _centred(text: str, x: float, down: float, size: float, colour: str, weight: str = REGULAR) -> TextMark:
    line = _line_of(text, weight)
    return TextMark(x - line.width * size / 2000, down, line, size, colour)


def chart_marks(chart: Chart, left: float, width: float, size: float) -> tuple[float, list[Mark]]:
    """Height and marks of the chart's picture (its title and description are set as text around it)."""
    marks: list[Mark] = []
    down = 0.0
    if len(chart.series) > 1:
        down = _legend(chart, left, width, size, marks)
    if chart.kind == "line":
        return _line_chart(chart, left, width, size, down, marks), marks
    return _bar_chart(chart, left, width, size, down, marks), marks


def _legend(chart: Chart, left: float, width: float, size: float, marks: list[Mark]) -> float:
    x, down = left, 0.0
    for number, series in enumerate(chart.series):
        line = _line_of(series.name)
        room = size * 1.5 + line.width * size / 1000
        if x > left and x + room > left + width:
            x, down = left, down + size * 1.5
        colour = SERIES[number % len(SERIES)]
        if chart.kind == "line":
            marks.append(Dot(x + size * 0.5, down + size * 0.75, size * 0.34, colour, SHAPES[number % len(SHAPES)]))
        else:
            marks.append(Fill(x + size * 0.1, down + size * 0.35, size * 0.8, size * 0.8, colour))
        marks.append(TextMark(x + size * 1.3, down + size * 1.1, line, size, INK))
        x += room + size * 1.6
    return down + size * 1.9


def _line_chart(chart: Chart, left: float, width: float, size: float, top: float, marks: list[Mark]) -> float:
    """Each series over time. Values stand above their points, or below when another series would cover them."""
    plot_top = top + size * 1.8
    plot_height = size * (9 if len(chart.series) == 1 else 12)
    high, low = top_of_scale(chart), chart.low
    bottom = plot_top + plot_height
    inset = size * 2.2
    step = (width - 2 * inset) / max(len(chart.categories) - 1, 1)

    def at(place: int, value: float) -> tuple[float, float]:
        middle = left + width / 2 if len(chart.categories) == 1 else left + inset + place * step
        return middle, bottom - (min(max(value, low), high) - low) / (high - low) * plot_height

    for part in (0.0, 0.5, 1.0):
        level = bottom - part * plot_height
        marks.append(Rule(left, level, left + width, level, RULE, 0.5 if part else 1.0))
        label = _line_of(number_text(low + part * (high - low)))
        marks.append(TextMark(left, level - size * 0.25, label, size * 0.8, QUIET))
    points: list[tuple[float, float, float]] = []
    for number, series in enumerate(chart.series):
        colour = SERIES[number % len(SERIES)]
        before: tuple[float, float] | None = None
        dots: list[Mark] = []
        for place, value in enumerate(series.values[: len(chart.categories)]):
            if value is None:
                before = None  # a gap stays a gap
                continue
            here = at(place, value)
            if before is not None:
                marks.append(Rule(*before, *here, colour, 1.8, _DASHES[number % len(_DASHES)]))
            before = here
            dots.append(Dot(*here, size * 0.34, colour, SHAPES[number % len(SHAPES)]))
            points.append((*here, value))
        marks += dots
    marks += _point_labels(points, size)
    return bottom + _categories(chart, left, width, size, bottom, inset, step, marks)


def _point_labels(points: list[tuple[float, float, float]], size: float) -> list[Mark]:
    """Each value once beside its point, where no other point or value stands; a crowded one is left to the table."""
    made: list[Mark] = []
    taken = [(x, y + size * 0.35) for x, y, _ in points]
    said: set[tuple[float, float]] = set()
    for x, y, value in points:
        if (x, value) in said:
            continue
        for label_y in (y - size * 0.65, y + size * 1.35):
            others = [spot for spot in taken if spot != (x, y + size * 0.35)]
            if all(abs(label_y - other_y) > size * 0.9 or abs(x - other_x) > size for other_x, other_y in others):
                made.append(_centred(number_text(value), x, label_y, size, INK, SEMIBOLD))
                taken.append((x, label_y))
                said.add((x, value))
                break
    return made


def _categories(
    chart: Chart, left: float, width: float, size: float, bottom: float, inset: float, step: float, marks: list[Mark]
) -> float:
    """Labels below a line chart, each in its own column, broken over lines when long."""
    room = max(min(step, width / max(len(chart.categories), 1)) - size * 0.4, size * 2)
    deepest = 0
    for place, label in enumerate(chart.categories):
        x = left + width / 2 if len(chart.categories) == 1 else left + inset + place * step
        for number, line in enumerate(lines(((label, False),), REGULAR, room * 1000 / size)):
            text_width = line.width * size / 1000
            at = min(max(x - text_width / 2, left), left + width - text_width)
            marks.append(TextMark(at, bottom + size * (1.4 + 1.2 * number), line, size, INK))
            deepest = max(deepest, number)
    return size * (2.0 + 1.2 * deepest)


def _bar_chart(chart: Chart, left: float, width: float, size: float, top: float, marks: list[Mark]) -> float:
    """Bars lie down, so that every label has a line of its own and nothing is turned on its side."""
    high, low = top_of_scale(chart), chart.low
    label_room = min(max((_line_of(text).width * size / 1000 for text in chart.categories), default=0), width * 0.36)
    label_room += size * 0.8
    value_room = size * 3.2
    plot = width - label_room - value_room
    thick = size * (1.15 if len(chart.series) == 1 or chart.kind == "stacked" else 0.95)
    down = top + size * 0.2
    for place, category in enumerate(chart.categories):
        label_lines = lines(((category, False),), REGULAR, (label_room - size * 0.8) * 1000 / size)
        for number, line in enumerate(label_lines):
            marks.append(TextMark(left, down + size * (0.95 + 1.15 * number), line, size, INK))
        row_height = len(label_lines) * size * 1.15
        x = left + label_room
        if chart.kind == "stacked":
            total = 0.0
            for number, series in enumerate(chart.series):
                value = series.values[place] if place < len(series.values) else None
                if not value:
                    continue
                span = value / (high - low) * plot
                marks.append(Fill(x, down, max(span - 0.8, 0.4), thick, SERIES[number % len(SERIES)]))
                text = _line_of(number_text(value), SEMIBOLD)
                if text.width * size / 1000 + 4 < span:
                    shade = INK if number % len(SERIES) == 1 else "#FFFFFF"
                    marks.append(_centred(number_text(value), x + span / 2, down + size * 0.93, size * 0.9, shade))
                x += span
                total += value
            marks.append(
                TextMark(x + size * 0.4, down + size * 0.95, _line_of(number_text(total), SEMIBOLD), size, INK)
            )
            bars = thick
        else:
            bars = 0.0
            for number, series in enumerate(chart.series):
                value = series.values[place] if place < len(series.values) else None
                said = chart.gap if value is None else number_text(value)
                span = 0 if value is None else (min(max(value, low), high) - low) / (high - low) * plot
                if span > 0:
                    marks.append(Fill(x, down + bars, span, thick, SERIES[number % len(SERIES)]))
                at = x + span + size * 0.4
                marks.append(TextMark(at, down + bars + size * 0.95, _line_of(said, SEMIBOLD), size, INK))
                bars += thick + size * 0.15
        down += max(row_height, bars) + size * 0.55
    marks.append(Rule(left + label_room, top, left + label_room, down - size * 0.3, QUIET, 0.8))
    return down
