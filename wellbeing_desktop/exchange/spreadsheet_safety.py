"""Text that a spreadsheet would take for a formula is written so that it stays text (ASVS 1.2.10)."""

import re
import unicodedata
from typing import Final

# The characters that begin a formula or split a cell; full-width forms too, because Excel in some languages
# turns them into the plain ones.
_STARTS: Final = ("=", "+", "-", "@", "\t", "\r", "\n")
# A number or an international telephone number is what it says, and is no formula.
_HARMLESS: Final = re.compile(r"[+-]?[0-9]+(?:\.[0-9]+)?", re.ASCII)


def is_dangerous(text: str) -> bool:
    """True if a spreadsheet could run this text, white space and invisible characters before it included."""
    if text.startswith(("\t", "\r", "\n")):
        return True
    visible = text.lstrip()
    while visible and unicodedata.category(visible[0]) in ("Cf", "Cc", "Zs"):
        visible = visible[1:]
    return unicodedata.normalize("NFKC", visible[:1]).startswith(_STARTS) and not _HARMLESS.fullmatch(visible)


def safe_text(text: str) -> str:
    """The text, with an apostrophe before it when a spreadsheet could take it for a formula."""
    return f"'{text}" if is_dangerous(text) else text
