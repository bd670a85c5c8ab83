"""How people's names are shown, written in letters, and compared. Nothing here changes what is stored."""

import re
import unicodedata

_STROKES = str.maketrans(
    {"ø": "o", "đ": "d", "ð": "d", "ł": "l", "ħ": "h", "ı": "i", "ŧ": "t", "æ": "ae", "œ": "oe", "þ": "th"}
)


def list_name(family: str, given: str, known_as: str = "") -> str:
    """For staff: `JONES, Bronwen` or `JONES, Bronwen (Bron)`; the family name in capitals tells the two apart."""
    shown = ", ".join(part for part in (family.strip().upper(), given.strip()) if part)
    if known_as.strip() and comparison_key(known_as) != comparison_key(given):
        shown = f"{shown} ({known_as.strip()})" if shown else known_as.strip()
    return shown


def spoken_name(family: str, given: str, known_as: str = "") -> str:
    """What one would say on the telephone: the known-as name in place of the given one."""
    return " ".join(part for part in ((known_as or given).strip(), _settled(family)) if part)


def letter_name(family: str, given: str, title: str = "") -> str:
    """For the address block: `Mrs Bronwen Jones`. A title only if the person uses one."""
    return " ".join(part for part in (_settled(title), _settled(given), _settled(family)) if part)


def salutation_name(family: str, given: str, title: str = "", known_as: str = "") -> str:
    """After "Dear": title and family name where there is a title, else the name that the person goes by."""
    if title.strip() and family.strip():
        return f"{_settled(title)} {_settled(family)}"
    return " ".join(part for part in (_settled(known_as or given), "" if known_as else _settled(family)) if part)


def initials(family: str, given: str) -> str:
    """`BJ`: given then family, for places that others may see."""
    return "".join(part.strip()[0].upper() for part in (given, family) if part.strip())


def comparison_key(name: str) -> str:
    """Equal for names that differ only in case, accents, apostrophes, hyphens, full stops or spaces.

    Letters of other scripts are kept, so that two names in Arabic or Bengali are told apart.
    """
    if name.isascii():
        lower = name.lower()
        return lower if lower.isalnum() else "".join(filter(str.isalnum, lower))
    # Twice, as Unicode's compatibility caseless match has it (section 3.13, D146): the letter that stands for a symbol
    # or superscript may itself be a capital.
    folded = _folded(_folded(name)).translate(_STROKES)
    # Marks of the Latin, Greek and Cyrillic alphabets are accents; those of other scripts are vowels and stay.
    without_accents = "".join(character for character in folded if not "\u0300" <= character <= "\u036f")
    return "".join(character for character in without_accents if unicodedata.category(character)[0] in "LMN")


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKD", text.casefold())


def _settled(part: str) -> str:
    """Names that a list gives in capitals read as shouting in a letter; mixed case is the person's own and is kept."""
    words = " ".join(part.split())
    if not words.isupper() or len(words) < 3:
        return words.capitalize() if words.isupper() and len(words) == 2 else words
    capitalised = re.sub(r"[^\W\d_]+", lambda word: word[0].capitalize(), words)
    # MCDONALD and O'BRIEN; MAC is left alone, because Mackie and MacKay cannot be told apart.
    return re.sub(r"\bMc([a-z])", lambda word: "Mc" + word[1].upper(), capitalised)
