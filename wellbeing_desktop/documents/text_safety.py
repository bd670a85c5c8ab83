"""The one way from what was written to what goes on a page: nothing a clinician wrote may be missing.

`normalise` may do two things only:
 1. fold whitespace: every run of spaces, tabs and other Unicode spaces becomes one space, line ends of every kind
    become "\\n", a run of empty lines becomes one line end, and the ends of lines lose their spaces;
 2. make characters that cannot be seen visible: controls, bidirectional marks, embeddings, overrides and isolates,
    soft hyphens, zero-width spaces, byte-order marks, tags, private-use, unassigned and surrogate codes are written
    as `[U+202E]`. Joiners (U+200C, U+200D) and variation selectors stay after a letter, mark or symbol, where scripts
    and emoji need them, and are made visible anywhere else.
No letter is changed, composed, decomposed, dropped or reordered.

`printable` goes one step further for paper: a character for which no shipped font has a glyph becomes `[U+XXXX]`
and is named, so that the window can say so before printing.
"""

import functools
import re
import unicodedata
from dataclasses import dataclass

from wellbeing_desktop.documents import faces

_LINE_ENDS = re.compile("\r\n|[\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029]")
_SPACES = re.compile("[ \t\x1f\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]+")
_PLAIN = re.compile("[ -~\u00a1-\u00ac\u00ae-\u02ff]*")
_BREAKS = re.compile(" *\n[ \n]*")


def normalise(text: str) -> str:
    """`text` with whitespace folded and unseen characters made visible; see the head of this file."""
    if not _PLAIN.fullmatch(text):
        text = _LINE_ENDS.sub("\n", text)
        text = _SPACES.sub(" ", text)
        if not text.isascii() or not text.isprintable():
            text = _reveal(text)
        text = _BREAKS.sub("\n", text)
    elif "  " in text:
        text = _SPACES.sub(" ", text)
    return text.strip(" \n")


def _reveal(text: str) -> str:
    shown: list[str] = []
    previous = ""
    for char in text:
        if char in "\n " or (char.isascii() and char.isprintable()):
            shown.append(char)
        elif faces.JOINING.match(char) and not "\U0001f3fb" <= char <= "\U0001f3ff":
            keeps = previous != "" and unicodedata.category(previous)[0] in "LMSNC" and previous not in "\n"
            shown.append(char if keeps else visible(char))
            char = char if keeps else "]"
        elif unicodedata.category(char) in ("Cc", "Cf", "Co", "Cn", "Cs"):
            shown.append(visible(char))
            char = "]"
        else:
            shown.append(char)
        previous = char
    return "".join(shown)


def visible(char: str) -> str:
    """How a character that cannot be drawn is written: `[U+202E]`."""
    return f"[U+{ord(char):04X}]"


@dataclass(frozen=True, slots=True)
class Printable:
    """Text that the shipped fonts can draw, and the characters for which they have no glyph."""

    text: str
    missing: tuple[str, ...] = ()


@functools.lru_cache(maxsize=20_000)
def printable(text: str) -> Printable:
    """`normalise(text)` with every character that has no glyph written as `[U+XXXX]` and listed."""
    text = normalise(text)
    if text.isascii():
        return Printable(text)
    drawn: list[str] = []
    missing: list[str] = []
    for cluster in faces.clusters(text):
        if cluster.isascii() or faces.has_glyph(cluster):
            drawn.append(cluster)
            continue
        for char in cluster:
            if char in "\n " or faces.has_glyph(char):
                drawn.append(char)
            else:
                drawn.append(visible(char))
                missing.append(char)
    return Printable("".join(drawn), tuple(dict.fromkeys(missing)))


def escape_html(text: str) -> str:
    """`normalise(text)` for the inside of an element or a quoted attribute."""
    text = normalise(text)
    if "&" in text or "<" in text or ">" in text or '"' in text or "'" in text:
        text = (text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")).replace(
            "'", "&#x27;"
        )
    return text


_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff\U00010800-\U00010fff\U0001e800-\U0001efff]")


def is_right_to_left(text: str) -> bool:
    """Whether any character is written from right to left."""
    return _RIGHT_TO_LEFT.search(text) is not None
