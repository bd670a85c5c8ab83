"""Documents as PDF: one, or many in one file with each on a sheet of its own.

The same document and style give the same bytes. No author and no time of making is written: both would tell who works
with whom and when.
"""

import io
from collections.abc import Callable, Sequence
from typing import Any, Final

import msgspec

from wellbeing_desktop.documents import blocks as b
from wellbeing_desktop.documents.faces import REGULAR
from wellbeing_desktop.documents.marks import Fill, Mark, Rule, TextMark
from wellbeing_desktop.documents.page_code import PageWriter
from wellbeing_desktop.documents.pdf_fonts import EmbeddedFonts
from wellbeing_desktop.documents.print_style import QUIET, RULE, STANDARD, PrintStyle
from wellbeing_desktop.documents.strip import PAGE_HEIGHT, PAGE_WIDTH, Strip
from wellbeing_desktop.documents.strips import Typesetter
from wellbeing_desktop.documents.text_safety import printable
from wellbeing_desktop.documents.typeset import lines
from wellbeing_desktop.domain.errors import Refused

CLOSER: Final = ((1.36, 0.8), (1.3, 0.55))
"""Line height over text size, and gaps over the usual ones, tried in turn where that saves a sheet. Below 1.3 lines are
hard to follow; large print and easy read keep their room."""
_FEW: Final = 0.35
"""A last sheet that is filled to less than this is worth saving."""


class Rendered(msgspec.Struct, frozen=True):
    data: bytes
    pages: int
    missing: tuple[str, ...] = ()
    """Characters without a glyph, printed as `[U+XXXX]`: the window names them before printing."""


class Failure(msgspec.Struct, frozen=True):
    index: int
    """Which of the documents, from 0."""
    sentence: str


class Batch(msgspec.Struct, frozen=True):
    data: bytes
    """Empty when no document could be made."""
    letters: int
    pages: int
    """Pages in the file, blank backs included."""
    first_pages: tuple[int | None, ...]
    """For each document its first page in the file from 0; None when it failed or was not reached."""
    failures: tuple[Failure, ...] = ()
    missing: tuple[str, ...] = ()
    cancelled: bool = False


class _Page(msgspec.Struct):
    placed: list[tuple[float, Strip, bool]]
    """(points from the top of the sheet, strip, whether it repeats a table header)."""


def render_pdf(document: b.Document, style: PrintStyle = STANDARD) -> Rendered:
    """One document as a PDF. Raises Refused when its address or a code in it cannot be printed."""
    pages = _paginate(document, style)
    buffer = io.BytesIO()
    canvas, fonts = _canvas(buffer, document.title, document.language)
    _draw(canvas, fonts, document, style, pages, depth=0)
    canvas.save()
    return Rendered(buffer.getvalue(), len(pages), missing_characters(document))


def render_batch(
    documents: Sequence[b.Document],
    styles: Sequence[PrintStyle],
    *,
    title: str = "Letters to print",
    duplex: bool = True,
    progress: Callable[[int], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Batch:
    """Many documents in one file, each beginning on a new sheet; with `duplex` an odd one gets a blank back.

    Pages are numbered within each document. A document that cannot be made is listed and the others go on.
    `progress` is told how many are done; when `cancelled` answers True the file holds those done so far.
    """
    if len(styles) != len(documents):
        raise ValueError("one style for each document")
    buffer = io.BytesIO()
    language = documents[0].language if documents else "en-GB"
    canvas, fonts = _canvas(buffer, title, language)
    firsts: list[int | None] = [None] * len(documents)
    failures: list[Failure] = []
    missing: dict[str, None] = {}
    count = made = 0
    stopped = False
    for index, (document, style) in enumerate(zip(documents, styles, strict=True)):
        if cancelled is not None and cancelled():
            stopped = True
            break
        try:
            pages = _paginate(document, style)
        except Refused as refused:
            failures.append(Failure(index, refused.message))
        else:
            firsts[index] = count
            _draw(canvas, fonts, document, style, pages, depth=1, prefix=f"d{index}")
            count += len(pages)
            if duplex and len(pages) % 2:
                canvas.showPage()
                count += 1
            made += 1
            missing.update(dict.fromkeys(missing_characters(document)))
        if progress is not None:
            progress(index + 1)
    if made:
        canvas.save()
    return Batch(
        buffer.getvalue() if made else b"", made, count, tuple(firsts), tuple(failures), tuple(missing), stopped
    )


def missing_characters(document: b.Document) -> tuple[str, ...]:
    """Every character of `document` that no shipped font can draw."""
    from wellbeing_desktop.documents.expected import texts

    found: dict[str, None] = {}
    for text in (document.title, document.reference, document.purpose, *texts(document)):
        if not text.isascii():
            found.update(dict.fromkeys(printable(text).missing))
    return tuple(found)


def _canvas(buffer: io.BytesIO, title: str, language: str) -> tuple[Any, EmbeddedFonts]:
    from reportlab.pdfgen.canvas import Canvas

    canvas = Canvas(
        buffer, pagesize=(PAGE_WIDTH, PAGE_HEIGHT), pageCompression=1, invariant=1, lang=language, pdfVersion=(1, 7)
    )
    canvas.setTitle(_one_line(title))
    for unset in (canvas.setAuthor, canvas.setSubject):
        unset("")
    canvas.setCreator("Wellbeing Desktop")
    canvas.setProducer("Wellbeing Desktop")
    canvas.setViewerPreference("DisplayDocTitle", "true")
    fonts = EmbeddedFonts()
    fonts.attach(canvas)
    return canvas, fonts


def _one_line(text: str) -> str:
    return printable(text).text.replace("\n", " ")


def _paginate(document: b.Document, style: PrintStyle) -> list[_Page]:
    pages = _placed(document, style, 1.0)
    if not document.spares_a_sheet or len(pages) == 1 or style.body > STANDARD.body:
        return pages
    end = max((at + strip.height for at, strip, _repeated in pages[-1].placed), default=0)
    if end > PAGE_HEIGHT * _FEW:
        return pages
    for leading, gaps in CLOSER:
        closer = _placed(document, msgspec.structs.replace(style, leading=leading), gaps)
        if len(closer) < len(pages):
            return closer
    return pages


def _placed(document: b.Document, style: PrintStyle, gaps: float) -> list[_Page]:
    top, bottom = style.margin * 0.8, PAGE_HEIGHT - style.margin * 0.55 - style.foot * 2.6
    strips = Typesetter(style).strips(document.blocks)
    for each in strips:
        each.before *= gaps
    pages = [_Page([])]
    down = top
    place = 0
    while place < len(strips):
        strip = strips[place]
        if strip.new_page:
            if pages[-1].placed:
                pages.append(_Page([]))
                down = top
            place += 1
            continue
        stop = place
        while strips[stop].keep_with_next and stop + 1 < len(strips) and not strips[stop + 1].new_page:
            stop += 1
        need = sum(
            one.height + (one.before if number or down > top else 0)
            for number, one in enumerate(strips[place : stop + 1])
        )
        header_height = strip.header.height if strip.header is not None else 0
        if need > bottom - top - header_height:
            # too tall for any page: let it flow, line by line
            stop = place
            need = strip.height + (strip.before if down > top else 0)
        if down + need > bottom and pages[-1].placed:
            pages.append(_Page([]))
            down = top
            if strip.header is not None:
                pages[-1].placed.append((down, strip.header, True))
                down += strip.header.height
        for one in strips[place : stop + 1]:
            if down > top:
                down += one.before
            pages[-1].placed.append((down, one, False))
            down += one.height
        place = stop + 1
    return pages


def _draw(
    canvas: Any,
    fonts: EmbeddedFonts,
    document: b.Document,
    style: PrintStyle,
    pages: list[_Page],
    *,
    depth: int,
    prefix: str = "d",
) -> None:
    """Draw the pages of one document. `depth` 1 puts its bookmarks below one for the document itself."""
    previous = depth - 1
    if depth:
        canvas.bookmarkPage(prefix)
        canvas.addOutlineEntry(_one_line(document.reference or document.title), prefix, 0, True)
    for number, page in enumerate(pages):
        writer = PageWriter(fonts, PAGE_HEIGHT)
        shaded = [(at, strip) for at, strip, _ in page.placed if strip.shaded]
        for at, strip in shaded:
            fill: list[Mark] = [Fill(style.margin, 0, PAGE_WIDTH - 2 * style.margin, strip.height + 0.2, strip.shaded)]
            writer.draw(fill, at)
        for place, (at, strip, repeated) in enumerate(page.placed):
            if repeated:
                writer.furniture(strip.marks, at)
            else:
                writer.draw(strip.marks, at)
            if strip.bookmark is not None and not repeated:
                text, level = strip.bookmark
                key = f"{prefix}-{number}-{place}"
                canvas.bookmarkPage(key, fit="XYZ", left=0, top=PAGE_HEIGHT - at + 6, zoom=0)
                level = min(level - 1 + depth, previous + 1)
                canvas.addOutlineEntry(_one_line(text), key, level, False)
                previous = level
        writer.furniture(_foot(document, style, number + 1, len(pages)), PAGE_HEIGHT)
        canvas._code.append(writer.finish())
        canvas.showPage()


def _foot(document: b.Document, style: PrintStyle, page: int, pages: int) -> list[Mark]:
    """Page x of y and the recipient's reference; `down` is negative because it is placed from the sheet's foot."""
    size = style.foot
    rule = -(style.margin * 0.55 + size * 1.75)
    base = -(style.margin * 0.55 + size * 0.3)
    left, right = style.margin, PAGE_WIDTH - style.margin
    count = lines(((f"Page {page} of {pages}", False),), REGULAR, 1e9)[0]
    marks: list[Mark] = [Rule(left, rule, right, rule, RULE, 0.6)]
    marks.append(TextMark(left, base, count, size, QUIET))
    words = "  ·  ".join(part for part in (document.reference, document.purpose) if part)
    if words:
        room = right - left - count.width * size / 1000 - size * 2
        small = size
        while len(set_lines := lines(((words, False),), REGULAR, room * 1000 / small)) * small > size * 2.5:
            small *= 0.9  # a long reference is set smaller over more lines, never cut
        for number, line in enumerate(set_lines):
            down = base + number * small * 1.2
            marks.append(TextMark(right - line.width * small / 1000, down, line, small, QUIET))
    return marks
