"""UK postcodes: upper case, one space before the last three characters.

The shape is checked, not the existence: new postcodes appear every month and the app works offline.
"""

import re
import unicodedata
from typing import Final, NamedTuple

from wellbeing_desktop.domain.errors import Refused

FIELD: Final = "postcode"

# Loose on the area letters; C I K M O V never stand in the last two (GOV.UK Notify postal address rules).
_POSTCODE: Final = re.compile(r"[A-Z]{1,2}[0-9][0-9A-Z]?[0-9][ABD-HJLNP-UW-Z]{2}")
_NO_FIXED_ABODE: Final = frozenset({"nofixedabode", "nfa", "nofixedaddress", "homeless", "nonfixedabode"})


class CheckedPostcode(NamedTuple):
    """`postcode` is normalised when the shape is right, else as given in upper case with `message` saying what is odd.

    `no_fixed_abode` is True when words to that effect, or an ODS pseudo postcode (ZZ99), stood in its place; then
    `postcode` is empty.
    """

    postcode: str
    message: str = ""
    no_fixed_abode: bool = False


def check_postcode(text: str) -> CheckedPostcode:
    """Normalise what was typed or listed. Never raises; nothing typed is lost."""
    shown = " ".join(unicodedata.normalize("NFKC", text).upper().split())
    packed = re.sub(r"[^0-9A-Z]", "", shown)
    if not shown:
        return CheckedPostcode("")
    if packed.lower() in _NO_FIXED_ABODE:
        return CheckedPostcode("", "Recorded as no fixed abode.", no_fixed_abode=True)
    if packed.startswith("ZZ99"):
        return CheckedPostcode(
            "", "This is a pseudo postcode, not an address. Recorded as no fixed abode.", no_fixed_abode=True
        )
    if _POSTCODE.fullmatch(packed):
        return CheckedPostcode(f"{packed[:-3]} {packed[-3:]}")
    return CheckedPostcode(shown, _what_is_odd(packed))


def parse_postcode(text: str) -> str:
    """The normalised postcode, or Refused with what is odd about it; no fixed abode is a flag and is refused here."""
    checked = check_postcode(text)
    if checked.no_fixed_abode:
        raise Refused("No fixed abode is a tick box, not a postcode. Leave the postcode empty.", FIELD)
    if not checked.postcode:
        raise Refused("No postcode was given.", FIELD)
    if checked.message:
        raise Refused(checked.message, FIELD)
    return checked.postcode


def _what_is_odd(packed: str) -> str:
    # Swapping the look-alikes at the end of the outward part tells a typing slip from nonsense.
    if len(packed) >= 5:
        mended = packed[:-3] + packed[-3].replace("O", "0").replace("I", "1") + packed[-2:]
        if mended != packed and _POSTCODE.fullmatch(mended):
            return "This postcode has a letter where a digit belongs. Check for O in place of 0, or I in place of 1."
        if packed[-3:].isalnum() and packed[-3].isdigit() and re.search(r"[CIKMOV]", packed[-2:]):
            return "This postcode ends in a letter that postcodes do not end in (C, I, K, M, O or V)."
    if len(packed) < 5:
        return "This is only part of a postcode."
    return "This does not look like a UK postcode, for example LS11 7JJ."
