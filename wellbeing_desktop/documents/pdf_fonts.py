"""Embeds the used glyphs of each shipped font in a PDF, so that what is read out of it is what was written.

reportlab gives shaped glyphs private codes, which come out of the PDF as nonsense; so fonts go in as composite fonts
with glyph numbers for codes (PDF 32000-1, 9.7) and a ToUnicode table, subset by HarfBuzz.
"""

import functools
import hashlib
from typing import Any

from wellbeing_desktop.documents.faces import Face, face
from wellbeing_desktop.documents.typeset import Line


@functools.cache
def page_name(face_name: str) -> str:
    """The name by which page content calls a font: always the same one, so that page code can be shared."""
    return "W" + "".join(char for char in face_name if char.isalnum())


class EmbeddedFonts:
    """The fonts of one PDF document: glyphs noted while pages are drawn, objects made when the document is saved."""

    def __init__(self) -> None:
        self._used: dict[str, set[int]] = {}

    def use(self, line: Line) -> None:
        """Note the glyphs of `line` for embedding."""
        if line.used is None:
            found: dict[str, set[int]] = {}
            for part in line.parts:
                found.setdefault(part.face, set()).update(part.glyphs)
            line.used = {name: frozenset(glyphs) for name, glyphs in found.items()}
        for name, glyphs in line.used.items():
            if name in self._used:
                self._used[name] |= glyphs
            else:
                self._used[name] = set(glyphs)

    def attach(self, canvas: Any) -> None:
        """Let the document ask for the objects when it is saved."""
        canvas._doc.delayedFonts.append(self)

    def addObjects(self, document: Any) -> None:
        """Called by reportlab once all pages are drawn."""
        fonts = document.idToObject["BasicFonts"].dict
        for face_name in sorted(self._used):
            fonts[page_name(face_name)] = _composite_font(document, face(face_name), sorted(self._used[face_name]))


def _stream(document: Any, content: bytes, label: str, **entries: object) -> Any:
    from reportlab.pdfbase import pdfdoc

    stream = pdfdoc.PDFStream()
    stream.content = content
    stream.filters = [pdfdoc.PDFZCompress]
    for key, value in entries.items():
        stream.dictionary[key] = value
    return document.Reference(stream, label)


def _composite_font(document: Any, used: Face, glyphs: list[int]) -> Any:
    from reportlab.pdfbase import pdfdoc

    name = pdfdoc.PDFName
    data = _subset(used.name, tuple(glyphs))
    tag = "".join(chr(65 + byte % 26) for byte in hashlib.sha256(data).digest()[:6])
    base = f"{tag}+{used.name}"
    descriptor = pdfdoc.PDFDictionary(
        {
            "Type": name("FontDescriptor"),
            "FontName": name(base),
            "Flags": 4,
            "FontBBox": pdfdoc.PDFArray([-1000, used.descent, 3000, used.ascent]),
            "ItalicAngle": 0,
            "Ascent": used.ascent,
            "Descent": used.descent,
            "CapHeight": 727,
            "StemV": 120 if "Bold" in used.name else 80,
            "FontFile2": _stream(document, data, f"file:{base}", Length1=len(data)),
        }
    )
    widths = []
    for glyph in glyphs:
        widths += [glyph, pdfdoc.PDFArray([used.advance(glyph)])]
    descendant = pdfdoc.PDFDictionary(
        {
            "Type": name("Font"),
            "Subtype": name("CIDFontType2"),
            "BaseFont": name(base),
            "CIDSystemInfo": pdfdoc.PDFDictionary(
                {"Registry": pdfdoc.PDFString("Adobe"), "Ordering": pdfdoc.PDFString("Identity"), "Supplement": 0}
            ),
            "FontDescriptor": document.Reference(descriptor, f"descriptor:{base}"),
            "W": pdfdoc.PDFArray(widths),
            "DW": 1000,
            "CIDToGIDMap": name("Identity"),
        }
    )
    return document.Reference(
        pdfdoc.PDFDictionary(
            {
                "Type": name("Font"),
                "Subtype": name("Type0"),
                "BaseFont": name(base),
                "Encoding": name("Identity-H"),
                "DescendantFonts": pdfdoc.PDFArray([document.Reference(descendant, f"descendant:{base}")]),
                "ToUnicode": _stream(document, _to_unicode(used, glyphs), f"unicode:{base}"),
            }
        ),
        f"font:{base}",
    )


@functools.lru_cache(maxsize=24)
def _subset(name: str, glyphs: tuple[int, ...]) -> bytes:
    """A font file with only these glyphs, numbers unchanged. Kept, because a preview is drawn again at each change."""
    import uharfbuzz as hb

    wanted = hb.SubsetInput()
    wanted.glyph_set.update(glyphs)
    wanted.flags = hb.SubsetFlags.RETAIN_GIDS | hb.SubsetFlags.NO_HINTING | hb.SubsetFlags.NO_LAYOUT_CLOSURE
    for tag in ("GSUB", "GPOS", "GDEF", "cmap", "name", "post", "OS/2", "STAT", "kern"):
        wanted.drop_table_tag_set.add(_tag(tag))
    return bytes(hb.subset(face(name).hb_face, wanted).blob.data)


def _tag(tag: str) -> int:
    return int.from_bytes(tag.ljust(4).encode("ascii"), "big")


def _to_unicode(used: Face, glyphs: list[int]) -> bytes:
    """The CMap by which a reader turns glyphs into characters (PDF 32000-1, 9.10.3)."""
    lines = [
        f"<{glyph:04x}> <{used.canonical[glyph].encode('utf-16-be').hex()}>"
        for glyph in glyphs
        if glyph in used.canonical
    ]
    blocks = []
    for start in range(0, len(lines), 100):
        part = lines[start : start + 100]
        blocks.append(f"{len(part)} beginbfchar\n" + "\n".join(part) + "\nendbfchar")
    return (
        "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n"
        "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n"
        "/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n"
        "1 begincodespacerange\n<0000> <ffff>\nendcodespacerange\n"
        + "\n".join(blocks)
        + "\nendcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n"
    ).encode("ascii")
