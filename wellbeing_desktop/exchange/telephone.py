"""Telephone numbers: stored as E.164, shown with UK spacing, an extension held apart.

The one reader of telephone numbers, of what is typed and of what is listed. It is in this room and not in the domain
because the numbering plans come from a library (phonenumbers), and the domain knows none.
"""

import re
import unicodedata
from typing import Final, NamedTuple

from wellbeing_desktop.domain.errors import Refused

REGION: Final = "GB"
_EXTENSION: Final = re.compile(r"\s*(?:,|;)?\s*(?:extension|extn|ext|x)\.?\s*:?\s*([0-9]{1,8})\s*$", re.IGNORECASE)


_SAID: Final = re.compile(r"^(?:tel|telephone|phone|mobile|mob)\b[.:]?\s*", re.IGNORECASE)
"""What stands before a number that was copied from a letter or a link."""
_EXTENSION_MARK: Final = re.compile(r"\s*[,;]\s*((?:extension|extn|ext|x)\b|x(?=[0-9]))", re.IGNORECASE)
"""A comma before an extension parts no numbers."""
_PARTED: Final = re.compile(r"\s*(?:[,;\n]|\bor\b|\band\b)\s*", re.IGNORECASE)


class Telephone(NamedTuple):
    """`e164` such as `+447700900123`, or a short number of services as it is dialled, `111`; `extension` is digits or
    empty."""

    e164: str
    extension: str = ""


def parse_telephone(text: str, field: str | None = None) -> Telephone:
    """A number as typed or listed, UK unless it begins with + or 00. Raises Refused.

    A ten-digit number without its leading 0, which is how spreadsheets leave it, is understood, and so are the short
    numbers of the UK's plan (999, 111, 101, 116 123). Length and area are checked; whether anyone answers is not known.
    """
    import phonenumbers

    plain = _SAID.sub("", unicodedata.normalize("NFKC", text).strip().lstrip("'"))
    if re.fullmatch(r"[0-9](?:\.[0-9]+)?[eE]\+?[0-9]+", plain):
        raise Refused("A spreadsheet has rounded this telephone number (it contains E+), so digits are lost.", field)
    extension = ""
    if found := _EXTENSION.search(plain):
        plain, extension = plain[: found.start()], found[1]
    # `+44 (0)1632 ...`: the bracketed zero is not dialled after +44.
    plain = re.sub(r"^(\+|00)\s*44\s*\(0\)", "+44", plain)
    packed = re.sub(r"[\s().\-‐‑‒–/]", "", plain)
    if not packed:
        raise Refused("No telephone number was given.", field)
    if not re.fullmatch(r"\+?[0-9]+", packed):
        raise Refused("A telephone number has digits, spaces, brackets, dashes and a leading + only.", field)
    try:
        number = phonenumbers.parse(re.sub(r"^00", "+", packed), REGION)
    except phonenumbers.NumberParseException:
        raise Refused("This is not a telephone number.", field) from None
    if not packed.startswith(("+", "0")) and phonenumbers.is_valid_short_number_for_region(number, REGION):
        return Telephone(packed, extension)
    if not phonenumbers.is_possible_number(number):
        raise Refused("This telephone number is too short or too long.", field)
    if not _is_drama_number(number.national_number or 0) and not phonenumbers.is_valid_number(number):
        raise Refused("No telephone number begins like this and has so many digits. Check them.", field)
    return Telephone(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164), extension)


def format_telephone(e164: str, extension: str = "") -> str:
    """For people to read: UK numbers in national form with UK spacing, others in international form.

    What is not E.164 (a short number, or kept as it was listed) comes back as it is.
    """
    import phonenumbers

    shown = f"{e164[:3]} {e164[3:]}" if re.fullmatch(r"116[0-9]{3}", e164) else e164
    try:
        number = phonenumbers.parse(e164, None)
    except phonenumbers.NumberParseException:
        pass
    else:
        style = (
            phonenumbers.PhoneNumberFormat.NATIONAL
            if number.country_code == 44
            else phonenumbers.PhoneNumberFormat.INTERNATIONAL
        )
        shown = phonenumbers.format_number(number, style)
    return f"{shown} ext. {extension}" if extension else shown


def tidy_telephone(text: str, field: str | None = None) -> str:
    """A number however it is typed, as it is shown; empty for nothing. Raises Refused."""
    return format_telephone(*parse_telephone(text, field)) if text.strip() else ""


def tidy_telephones(text: str, field: str | None = None) -> str:
    """One number or several, parted by commas, `or` or lines, as they are shown; empty for nothing. Raises Refused."""
    parts = [part for part in _PARTED.split(_EXTENSION_MARK.sub(r" \1", text)) if part.strip()]
    return ", ".join(tidy_telephone(part, field) for part in parts)


def _is_drama_number(national: int) -> bool:
    """Ofcom's numbers for fiction, which practice mode uses; some are not in the library's plan."""
    return 7_700_900_000 <= national <= 7_700_900_999 or 1_632_960_000 <= national <= 1_632_960_999
