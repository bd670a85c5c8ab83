"""Reads a PDF back as the standard says (PDF 32000-1, 9.10 and 14.9.4), for the completeness tests.

Content order; ActualText before glyphs; glyphs through ToUnicode; artifacts (foot, repeated headers) left out. pdftotext
honours the same rules but is not on every machine; pypdf alone ignores ActualText; pdfium loses joiners.
"""

import io
import re
import unicodedata

from pypdf import PdfReader
from pypdf.generic import ContentStream


def pages_text(data: bytes, artifacts: bool = False) -> list[str]:
    reader = PdfReader(io.BytesIO(data))
    return [_page(page, reader, artifacts) for page in reader.pages]


def _maps(page) -> dict[str, dict[int, str]]:
    found = {}
    for name, font in page["/Resources"].get("/Font", {}).items():
        stream = font.get_object().get("/ToUnicode")
        if stream is not None:
            cmap = stream.get_object().get_data().decode("ascii")
            found[name] = {
                int(code, 16): bytes.fromhex(text).decode("utf-16-be")
                for code, text in re.findall(r"<([0-9a-f]{4})> <([0-9a-f]+)>", cmap)
            }
    return found


def _page(page, reader, artifacts: bool) -> str:
    maps = _maps(page)
    out: list[str] = []
    font: dict[int, str] = {}
    spans: list[str] = []
    for operands, operator in ContentStream(page.get_contents(), reader).operations:
        if operator in (b"BMC", b"BDC"):
            kind = operands[0]
            if kind == "/Span" and operator == b"BDC" and "/ActualText" in operands[1]:
                if "quiet" not in spans:
                    actual = operands[1]["/ActualText"]
                    raw = getattr(actual, "original_bytes", b"")
                    out.append(raw.decode("utf-16") if raw.startswith(b"\xfe\xff") else str(actual))
                spans.append("quiet")
            else:
                spans.append("quiet" if kind == "/Artifact" and not artifacts else "open")
        elif operator == b"EMC":
            spans.pop()
        elif operator == b"Tf":
            font = maps.get(operands[0], {})
        elif operator == b"Tm":
            out.append("\n")
        elif operator == b"TJ" and "quiet" not in spans:
            for item in operands[0]:
                raw = getattr(item, "original_bytes", None)
                if raw is None:
                    continue
                for place in range(0, len(raw), 2):
                    out.append(font.get(int.from_bytes(raw[place : place + 2], "big"), "\N{REPLACEMENT CHARACTER}"))
    return "".join(out)


def document_text(data: bytes) -> str:
    return "\n".join(pages_text(data))


def bare(text: str) -> str:
    """Without whitespace: where a line breaks is the page's business."""
    return re.sub(r"\s+", "", text)


def bag(text: str) -> list[str]:
    """The characters in no order, for right-to-left text, whose glyphs stand in the order seen.

    A bracket in such text is drawn as its mirror, so both count as one; a joined form of an Arabic letter (an old
    character of its own) reads back as the letter.
    """
    mirror = str.maketrans(")]}>»›", "([{<«‹")
    return sorted(unicodedata.normalize("NFKD", bare(text).translate(mirror)))
