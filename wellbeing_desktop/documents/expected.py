"""The words a document must show, in reading order. Tests compare them with what is read back from the PDF."""

from collections.abc import Iterator

from wellbeing_desktop.documents import blocks as b
from wellbeing_desktop.documents.chart_paint import number_text
from wellbeing_desktop.documents.letter_layout import address_lines, ends_with_postcode
from wellbeing_desktop.documents.text import chart_rows
from wellbeing_desktop.documents.text_safety import printable


def texts(document: b.Document) -> Iterator[str]:
    """Every text of the document as written, block by block."""
    for block in document.blocks:
        yield from _block(block)


def _block(block: b.Block) -> Iterator[str]:
    match block:
        case b.Heading():
            yield block.text
        case b.Paragraph():
            yield b.plain(block.text)
        case b.BulletList():
            for item in block.items:
                yield "• "
                yield b.plain(item)
        case b.NumberedList():
            for number, item in enumerate(block.items, block.start):
                yield f"{number}. "
                yield b.plain(item)
        case b.Table():
            yield block.caption
            yield from block.header
            for row in block.rows:
                for place in range(len(block.header)):
                    yield b.plain(row[place]) if place < len(row) else ""
        case b.KeyValues():
            for name, value in block.rows:
                yield name
                yield b.plain(value)
        case b.Chart():
            yield block.title
            yield from _chart(block)
            yield block.description
        case b.QR():
            yield block.caption
        case b.AddressWindow():
            yield from address_lines(block.address, abroad=not ends_with_postcode(block.address))
            yield from block.sender
        case b.Signature():
            if not block.dated:
                yield f"{block.name}\n{block.label}"
            else:
                yield block.label if not block.name else f"{block.label}: {block.name}"
                yield "Date"
        case b.WriteIn():
            yield block.label
        case b.PageBreak():
            pass


def _chart(chart: b.Chart) -> Iterator[str]:
    yield from (series.name for series in chart.series if len(chart.series) > 1)
    yield from chart.categories
    crowded = (
        chart.kind == "line" and len(chart.series) > 1
    )  # its values are in the table; on points where there is room
    for series in chart.series if not crowded else ():
        gap = "" if chart.kind == "line" else chart.gap
        yield from (gap if value is None else number_text(value) for value in series.values)
    if crowded:
        header, rows = chart_rows(chart)
        yield from header
        for row in rows:
            yield from row


def expected_text(document: b.Document) -> str:
    """What a reader must get back from the PDF, leaving page numbers and repeated headers aside.

    Compare with all whitespace removed: where lines break is the page's business. Documents with charts or
    right-to-left text are compared as bags of characters, because a picture has no one reading order and readers
    differ in the order in which they give back glyphs that run from right to left.
    """
    return "\n".join(printable(text).text for text in texts(document) if text)
