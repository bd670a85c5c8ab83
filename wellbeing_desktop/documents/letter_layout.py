"""Where things stand on a letter for a C5 window envelope, A4 folded once across, and which addresses may be printed.

Source: NHS Notify and GOV.UK Notify letter specifications (reference 8). Millimetres from the top left of the sheet.
A DL window has not been measured on real envelopes and is not offered.
"""

import re
from typing import Final

from wellbeing_desktop.documents.text_safety import normalise
from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.domain.postcode import check_postcode

ADDRESS_LEFT: Final = 24.6
ADDRESS_TOP: Final = 39.5
ADDRESS_WIDTH: Final = 95.4
ADDRESS_HEIGHT: Final = 26.8
SENDER_LEFT: Final = 125.0
SENDER_TOP: Final = 30.0
SENDER_WIDTH: Final = 65.0
BODY_TOP: Final = 98.0
"""Below both blocks and past the fold's shadow in the window."""
PAGES_MOST: Final = 10
BYTES_MOST: Final = 2_000_000

_BAD_STARTS: Final = tuple('@()=[]"\\/,<>~')
_HOMELESS: Final = re.compile(r"\s*(n\.?\s*f\.?\s*a\.?|no\s+fixed\s+(abode|address))\s*", re.IGNORECASE)


def address_lines(lines: tuple[str, ...], *, abroad: bool = False) -> tuple[str, ...]:
    """The lines of an address as they may be printed in the window, empty ones left out.

    Rules: 3 to 7 lines, the postcode last (the country when `abroad`), a letter or digit in the first two lines, none of
    `@ ( ) = [ ] " \\ / , < > ~` at the start of a line, and not "no fixed abode".
    Raises Refused with a sentence and the field "address"; the sentence never repeats the address.
    """
    kept = tuple(part for part in (" ".join(normalise(line).split()).rstrip(",") for line in lines) if part)
    if any(_HOMELESS.fullmatch(line) for line in kept):
        raise Refused("This person has no fixed address. Choose another way to reach them.", "address")
    if len(kept) < 3:
        raise Refused("An address needs at least 3 lines, with the postcode last.", "address")
    if len(kept) > 7:
        raise Refused("An address can have at most 7 lines in the window. Join two lines.", "address")
    for number, line in enumerate(kept, 1):
        if number <= 2 and not any(char.isalnum() for char in line):
            raise Refused(f"Line {number} of the address needs a letter or a number.", "address")
        if line.startswith(_BAD_STARTS):
            raise Refused(f"Line {number} of the address begins with a sign that the post refuses.", "address")
    if abroad:
        return kept
    checked = check_postcode(kept[-1])
    if checked.message or not checked.postcode:
        raise Refused("The last line of the address must be the postcode.", "address")
    return (*kept[:-1], checked.postcode)


def ends_with_postcode(lines: tuple[str, ...]) -> bool:
    """Whether the last line with words on it is a United Kingdom postcode."""
    kept = [line for line in lines if line.strip()]
    checked = check_postcode(normalise(kept[-1])) if kept else None
    return checked is not None and bool(checked.postcode) and not checked.message


def check_postable(pages: int, size: int) -> None:
    """Refuse a letter that no longer fits its envelope or a hybrid-mail service. `size` is in bytes."""
    if pages > PAGES_MOST:
        raise Refused(
            f"This letter has {pages} pages. A window envelope takes at most {PAGES_MOST}. Shorten it.", "body"
        )
    if size > BYTES_MOST:
        raise Refused("This letter is larger than 2 MB. Shorten it.", "body")
