"""Telephone numbers: stored as E.164, shown with UK spacing, an extension held apart."""

import re
import unicodedata
from typing import Final, NamedTuple

from wellbeing_desktop.domain.errors import Refused

REGION: Final = "GB"
_EXTENSION: Final = re.compile(r"\s*(?:,|;)?\s*(?:extension|extn|ext|x)\.?\s*:?\s*([0-9]{1,8})\s*$", re.IGNORECASE)


class Telephone(NamedTuple):
    """`e164` such as `+447700900123`; `extension` is digits or empty."""

    e164: str
    extension: str = ""


def parse_telephone(text: str, field: str | None = None) -> Telephone:
    """A number as typed or listed, UK unless it begins with + or 00. Raises Refused.

    A ten-digit number without its leading 0, which is how spreadsheets leave it, is understood. The length and
    area are checked; whether anyone answers is not known.
    """
    import phonenumbers

    plain = unicodedata.normalize("NFKC", text).strip().lstrip("'")
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
    if not phonenumbers.is_possible_number(number):
        raise Refused("This telephone number is too short or too long.", field)
    if not _is_drama_number(number.national_number or 0) and not phonenumbers.is_valid_number(number):
        raise Refused("No telephone number begins like this. Check the digits.", field)
    return Telephone(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164), extension)


def format_telephone(e164: str, extension: str = "") -> str:
    """For people to read: UK numbers in national form with UK spacing, others in international form.

    What is not E.164 (kept as it was listed) comes back as it is.
    """
    import phonenumbers

    shown = e164
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


def is_mobile(e164: str) -> bool:
    """True for a UK mobile number, which can be sent a text."""
    import phonenumbers

    try:
        number = phonenumbers.parse(e164, None)
    except phonenumbers.NumberParseException:
        return False
    if _is_drama_number(number.national_number or 0):
        return str(number.national_number).startswith("7")
    return phonenumbers.number_type(number) == phonenumbers.PhoneNumberType.MOBILE


def _is_drama_number(national: int) -> bool:
    """Ofcom's numbers for fiction, which practice mode uses; some are not in the library's plan."""
    return 7_700_900_000 <= national <= 7_700_900_999 or 1_632_960_000 <= national <= 1_632_960_999
