"""Documents as plain text: for e-mail, for a screen reader that wants nothing else, and for "Copy for GP record"."""

from wellbeing_desktop.documents import blocks as b
from wellbeing_desktop.documents.chart_paint import number_text
from wellbeing_desktop.documents.text_safety import normalise


def render_text(document: b.Document) -> str:
    """The document as lines of text ending in one line end. No line is wrapped: the reader's window does that."""
    parts = [lines for block in document.blocks if (lines := _lines(block))]
    return "\n\n".join("\n".join(lines) for lines in parts) + "\n"


def _lines(block: b.Block) -> list[str]:
    match block:
        case b.Heading():
            title = normalise(block.text)
            return [title, "=" * len(title)] if block.level == 1 else [title]
        case b.Paragraph():
            return normalise(b.plain(block.text)).split("\n")
        case b.BulletList():
            return [f"- {_one_line(item)}" for item in block.items]
        case b.NumberedList():
            return [f"{number}. {_one_line(item)}" for number, item in enumerate(block.items, block.start)]
        case b.Table():
            found = [normalise(block.caption)] if block.caption else []
            for row in block.rows:
                named = (f"{normalise(name)}: {_one_line(cell)}" for name, cell in zip(block.header, row, strict=False))
                found.append("- " + "; ".join(named))
            return found
        case b.KeyValues():
            return [f"{normalise(name)}: {_one_line(value)}" for name, value in block.rows]
        case b.Chart():
            return [normalise(block.title), normalise(block.description), *_chart_lines(block)]
        case b.QR():
            return [normalise(block.caption)]
        case b.AddressWindow():
            return [normalise(line) for line in (*block.sender, "", *block.address)]
        case b.Signature():
            if not block.dated:
                return [normalise(block.name), normalise(block.label)]
            label = normalise(f"{block.label}: {block.name}" if block.name else block.label)
            return [f"{label} ______________________  Date __________"]
        case b.WriteIn():
            return [f"{normalise(block.label)}: ", *["______________________________"] * block.lines]
        case b.PageBreak():
            return []


def _one_line(text: b.Text) -> str:
    return normalise(b.plain(text)).replace("\n", " ")


def chart_rows(chart: b.Chart) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    """Header and rows of a chart's numbers, for every form that shows it as a table."""
    header = ("", *(series.name for series in chart.series))
    rows = tuple(
        (
            category,
            *(
                chart.gap
                if place >= len(series.values) or (value := series.values[place]) is None
                else number_text(value)
                for series in chart.series
            ),
        )
        for place, category in enumerate(chart.categories)
    )
    return header, rows


def _chart_lines(chart: b.Chart) -> list[str]:
    header, rows = chart_rows(chart)
    return [
        f"- {normalise(row[0])}: "
        + "; ".join(f"{normalise(name)} {value}" for name, value in zip(header[1:], row[1:], strict=True))
        for row in rows
    ]
