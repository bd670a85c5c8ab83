"""The shipped fonts, which characters each can draw, and the shape of a piece of text in one of them.

Shaping is HarfBuzz. Ligatures and contextual alternates are off for the plain alphabets: what a clinician typed
("->", "fi") is what is drawn. Widths are in thousandths of the text size, as PDF counts them.
"""

import functools
import re
import unicodedata
from dataclasses import dataclass, field
from typing import Any

from wellbeing_desktop.domain.resources import resource

REGULAR, SEMIBOLD, BOLD = "Regular", "SemiBold", "Bold"

# Tried in this order for each character. The files named here have a Regular and a Bold.
_SCRIPTS = (
    "NotoSans", "NotoSansArabic", "NotoSansHebrew", "NotoSansDevanagari", "NotoSansBengali", "NotoSansGurmukhi",
    "NotoSansGujarati", "NotoSansTamil", "NotoSansTelugu", "NotoSansKannada", "NotoSansMalayalam", "NotoSansSinhala",
    "NotoSansThai", "NotoSansGeorgian", "NotoSansArmenian",
)  # fmt: skip
# These have one weight; bold text in them is drawn in it.
_ONE_WEIGHT = (
    "NotoSansEthiopic-Regular", "NotoSansSymbols-Regular", "NotoSansSymbols2-Regular", "NotoSansMath-Regular",
    "NotoEmoji-Regular", "NotoSansCJKsc-Regular-common",
)  # fmt: skip

# Scripts in which features are part of correct writing and stay on.
_PLAIN_FEATURES = {"kern": True, "liga": False, "clig": False, "calt": False, "dlig": False}


@dataclass
class Face:
    """One font file, opened on first use and kept for the life of the process."""

    name: str
    hb_font: Any
    hb_face: Any
    upem: int
    coverage: frozenset[int]
    canonical: dict[int, str]
    """For a glyph, the one text that the document's glyph table says it stands for."""
    plain: bool
    """True for the alphabets that need no shaping features."""
    ascent: int = 0
    descent: int = 0
    tabular: dict[str, int] = field(default_factory=dict)

    @property
    def scale(self) -> float:
        """From font units to thousandths of the text size, in which widths are counted."""
        return 1000 / self.upem

    def advance(self, glyph: int) -> int:
        """Width of a glyph in thousandths of the text size."""
        return round(int(self.hb_font.get_glyph_h_advance(glyph)) * self.scale)


@functools.cache
def face(name: str) -> Face:
    """A shipped font by its file's name, read once."""
    import uharfbuzz as hb

    hb_face = hb.Face(hb.Blob.from_file_path(str(resource(f"fonts/{name}.ttf"))))
    hb_font = hb.Font(hb_face)
    coverage = frozenset(hb_face.unicodes)
    canonical: dict[int, str] = {}
    for code in sorted(coverage, reverse=True):  # the lowest code point of a shared glyph wins
        glyph = hb_font.get_nominal_glyph(code)
        if glyph:
            canonical[glyph] = chr(code)
    made = Face(name, hb_font, hb_face, hb_face.upem, coverage, canonical, name.startswith(("Inter", "NotoSans-")))
    extents = hb_font.get_font_extents("ltr")
    made.ascent, made.descent = round(extents.ascender * made.scale), round(extents.descender * made.scale)
    if "Arabic" in name:
        _name_arabic_forms(made)
    if name.startswith("Inter"):
        for digit, glyph in zip("0123456789", _glyphs(made, "0123456789", {"tnum": True}), strict=True):
            canonical.setdefault(glyph, digit)
    return made


def _name_arabic_forms(arabic: Face) -> None:
    """Give every joined form of a letter the letter itself as its text, as readers expect (not the old form codes)."""
    for glyph, text in arabic.canonical.items():
        letters = unicodedata.normalize("NFKC", text).strip()
        if text >= "\ufb50" and 0 < len(letters) <= 2:
            arabic.canonical[glyph] = letters
    joiner = "\u200d"
    for code in sorted(arabic.coverage):
        if 0x0620 <= code <= 0x06FF or 0x0750 <= code <= 0x077F:
            for around in (f"{chr(code)}{joiner}", f"{joiner}{chr(code)}", f"{joiner}{chr(code)}{joiner}"):
                for glyph in _glyphs(arabic, around, {}):
                    arabic.canonical.setdefault(glyph, chr(code))


def _glyphs(in_face: Face, text: str, features: dict[str, bool]) -> list[int]:
    import uharfbuzz as hb

    buffer = hb.Buffer()
    buffer.add_str(text)
    buffer.guess_segment_properties()
    hb.shape(in_face.hb_font, buffer, features)
    return [info.codepoint for info in buffer.glyph_infos]


@functools.cache
def stack(weight: str) -> tuple[str, ...]:
    """Font names in the order in which a character looks for its glyph."""
    other = "Regular" if weight == REGULAR else "Bold"
    return (f"Inter-{weight}", *(f"{script}-{other}" for script in _SCRIPTS), *_ONE_WEIGHT)


# Joiners and variation selectors: drawn by the font together with their neighbours, or not at all.
JOINING = re.compile("[\u200c\u200d\ufe00-\ufe0f\U000e0100-\U000e01ef\U0001f3fb-\U0001f3ff]")


@functools.lru_cache(maxsize=65536)
def _face_for(cluster: str, weight: str) -> str | None:
    codes = [ord(char) for char in cluster if not JOINING.match(char)] or [ord(char) for char in cluster]
    # an emoji asked for by its selector comes from the emoji font even where a text font has an outline
    names = stack(weight)
    if "\ufe0f" in cluster:
        names = ("NotoEmoji-Regular", *names)
    for name in names:
        if all(code in face(name).coverage for code in codes):
            return name
    return None


def has_glyph(cluster: str, weight: str = REGULAR) -> bool:
    """Whether one shipped font can draw the whole of `cluster` (a character with its marks)."""
    return _face_for(cluster, weight) is not None


def clusters(text: str) -> list[str]:
    """Characters with the marks and joiners that belong to them."""
    found: list[str] = []
    join_next = False
    for char in text:
        joins = JOINING.match(char) is not None or unicodedata.category(char) in ("Mn", "Mc", "Me")
        if found and (joins or join_next):
            found[-1] += char
        else:
            found.append(char)
        join_next = char == "\u200d"
    return found


def runs(text: str, weight: str) -> list[tuple[str, str]]:
    """`text` cut into (font name, piece). Every character must be drawable: see text_safety.printable."""
    first = f"Inter-{weight}"
    coverage = face(first).coverage
    if text.isascii() or all(ord(char) in coverage for char in text):
        return [(first, text)]
    cut: list[tuple[str, str]] = []
    for cluster in clusters(text):
        name = _face_for(cluster, weight)
        if name is None and len(cluster) > 1:
            for char in cluster:
                _append(cut, _face_for(char, weight) or first, char)
            continue
        _append(cut, name or first, cluster)
    return cut


def _append(cut: list[tuple[str, str]], name: str, piece: str) -> None:
    if cut and cut[-1][0] == name:
        cut[-1] = (name, cut[-1][1] + piece)
    else:
        cut.append((name, piece))


@dataclass(frozen=True, slots=True)
class Shaped:
    """A piece of text as it goes on the page: glyphs with their places, in the order drawn from left to right."""

    face: str
    text: str
    show: str
    """Body of a PDF TJ array: hexadecimal glyph numbers with adjustments between them."""
    width: int
    """Thousandths of the text size."""
    glyphs: tuple[int, ...]
    exact: bool
    """True when the glyph table alone gives `text` back, so that no ActualText is needed."""
    raised: bool = False
    """True when some glyph stands above or below the line, so that `show` holds whole operators, not an array."""


@functools.lru_cache(maxsize=50_000)
def shape(name: str, text: str, rtl: bool = False, tabular: bool = False) -> Shaped:
    """Shape `text` in one font. The result is kept, because letters repeat their words."""
    import uharfbuzz as hb

    in_face = face(name)
    buffer = hb.Buffer()
    buffer.add_str(text)
    buffer.guess_segment_properties()
    buffer.direction = "rtl" if rtl else "ltr"
    features = dict(_PLAIN_FEATURES) if in_face.plain else {}
    if tabular and in_face.plain:
        features["tnum"] = True
    hb.shape(in_face.hb_font, buffer, features)
    scale, canonical = in_face.scale, in_face.canonical
    parts: list[str] = []
    width = 0
    spelt: list[str] = []
    glyphs: list[int] = []
    raised = False
    pending = ""
    rise = 0
    for info, position in zip(buffer.glyph_infos, buffer.glyph_positions, strict=True):
        glyph = info.codepoint
        natural = in_face.advance(glyph)
        advance = round(position.x_advance * scale)
        shift = round(position.x_offset * scale)
        up = round(position.y_offset * scale)
        glyphs.append(glyph)
        spelt.append(canonical.get(glyph, "\0"))
        if up != rise or shift:
            parts.append(f"<{pending}>" if pending else "")
            pending = ""
        if up != rise:
            parts.append(f"|{up}|")  # the page writer turns this into a text rise
            raised, rise = True, up
        if shift:
            parts.append(f" {-shift} ")
        pending += f"{glyph:04x}"
        after = natural + shift - advance
        if after:
            parts.append(f"<{pending}> {after} ")
            pending = ""
        width += advance
    if pending:
        parts.append(f"<{pending}>")
    if rise:
        parts.append("|0|")
    if rtl:
        spelt.reverse()
    return Shaped(name, text, "".join(parts), width, tuple(glyphs), "".join(spelt) == text and not raised, raised)
