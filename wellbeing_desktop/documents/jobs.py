"""What the rendering process runs: plain data in, bytes out, so that the window never waits for a page.

The name of a job is `wellbeing_desktop.documents.jobs:render`, `:render_many` or `:web_page`. The answers of the first two
are read back with `read_rendered` and `read_batch`; the last answers with the bytes of the file.
"""

from collections.abc import Callable, Sequence

import msgspec

from wellbeing_desktop.documents.blocks import Document
from wellbeing_desktop.documents.html import render_html
from wellbeing_desktop.documents.pdf import Batch, Rendered, render_batch, render_pdf
from wellbeing_desktop.documents.print_style import STYLES

Report = Callable[[int, int], None]
"""Told (done, of how many). May raise to stop the job."""


def render(payload: tuple[Document, str], report: Report) -> bytes:
    """One document in the style of that name. Raises Refused as `render_pdf` does."""
    document, style = payload
    rendered = render_pdf(document, STYLES[style])
    report(1, 1)
    return msgspec.msgpack.encode(rendered)


def render_many(payload: tuple[Sequence[Document], Sequence[str], bool], report: Report) -> bytes:
    """Documents, the name of a style for each, and whether both sides of the sheet are printed."""
    documents, styles, duplex = payload
    batch = render_batch(
        documents,
        [STYLES[style] for style in styles],
        duplex=duplex,
        progress=lambda done: report(done, len(documents)),
    )
    return msgspec.msgpack.encode(batch)


def web_page(payload: tuple[Document, str], report: Report) -> bytes:
    """One document as a web page in the text size of the style of that name: one file in UTF-8."""
    document, style = payload
    page = render_html(document, STYLES[style]).encode()
    report(1, 1)
    return page


def read_rendered(answer: bytes) -> Rendered:
    return msgspec.msgpack.decode(answer, type=Rendered)


def read_batch(answer: bytes) -> Batch:
    return msgspec.msgpack.decode(answer, type=Batch)
