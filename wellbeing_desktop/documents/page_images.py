"""Pages of a PDF as pictures, made in the rendering process: the preview and what goes to the printer are the PDF itself."""

from collections.abc import Callable

import msgspec

from wellbeing_desktop.documents.blocks import Document
from wellbeing_desktop.documents.pdf import render_pdf
from wellbeing_desktop.documents.print_style import STYLES

Report = Callable[[int, int], None]
_POINTS_PER_INCH = 72


class PageImage(msgspec.Struct, frozen=True):
    """Rows of 4 bytes a point: blue, green, red, unused. `stride` is bytes a row."""

    width: int
    height: int
    stride: int
    data: bytes


class Preview(msgspec.Struct, frozen=True):
    """The PDF, how many pages it has, the characters it could not draw, and pictures of its first pages."""

    data: bytes
    pages: int
    missing: tuple[str, ...]
    images: tuple[PageImage, ...]


def preview(payload: tuple[Document, str, int, int], report: Report) -> bytes:
    """(document, style name, dots per inch, most pages). Raises Refused as `render_pdf` does."""
    document, style, dpi, most = payload
    rendered = render_pdf(document, STYLES[style])
    report(1, 2)
    images = tuple(images_of(rendered.data, range(min(most, rendered.pages)), dpi))
    return msgspec.msgpack.encode(Preview(rendered.data, rendered.pages, rendered.missing, images))


def pages(payload: tuple[bytes, int, int, int], report: Report) -> bytes:
    """(PDF, first page from 0, how many, dots per inch): pictures of these pages."""
    data, first, count, dpi = payload
    report(0, count)
    return msgspec.msgpack.encode(images_of(data, range(first, first + count), dpi))


def read_preview(answer: bytes) -> Preview:
    return msgspec.msgpack.decode(answer, type=Preview)


def read_pages(answer: bytes) -> list[PageImage]:
    return msgspec.msgpack.decode(answer, type=list[PageImage])


def images_of(data: bytes, numbers: range, dpi: int) -> list[PageImage]:
    """Pictures of these pages of a PDF."""
    import pypdfium2

    document = pypdfium2.PdfDocument(data)
    try:
        made = []
        for number in numbers:
            page = document[number]
            bitmap = page.render(scale=dpi / _POINTS_PER_INCH, prefer_bgrx=True)
            made.append(PageImage(bitmap.width, bitmap.height, bitmap.stride, bytes(bitmap.buffer)))
            bitmap.close()
            page.close()
        return made
    finally:
        document.close()
