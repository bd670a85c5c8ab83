"""What a person's record asks for that paper is not: the Accessible Information Standard asks that it is met each time.

The codes are those of the lists `letter_format` and `communication_needs`; the program makes paper and web pages alone.
"""

from typing import Final

import msgspec

from wellbeing_desktop.domain.code_lists import label_of
from wellbeing_desktop.domain.person import ContactPoint, Person
from wellbeing_desktop.domain.safe_to_reach import may_email
from wellbeing_desktop.operations import found
from wellbeing_desktop.operations.letters import clashing_fields
from wellbeing_desktop.storage.connection import Reader

_ON_SCREEN: Final = frozenset({"electronic", "email", "electronic_text", "email_only"})
_BY_EMAIL: Final = frozenset({"email", "email_only"})
_NOT_MADE_HERE: Final = frozenset({"braille", "audio"})
SENDS_NOTHING: Final = "A screen reader reads a web page, and its text grows. The program sends nothing by itself."


class Asked(msgspec.Struct, frozen=True):
    """One form that the record asks for, in words."""

    form: str
    is_web_page: bool
    """False where somebody else has to make it: Braille, audio."""
    advice: str

    @property
    def sentence(self) -> str:
        if self.is_web_page:
            return f"This person's record asks for {self.form}: save this as a web page."
        return f"This person's record asks for {self.form}, which this program does not make."


def asked_of(reader: Reader, person: Person, letter_format: str = "") -> Asked | None:
    """What paper does not meet, or None. `letter_format` is the format of one letter, where it has its own."""
    wanted = letter_format or person.letter_format
    codes = [("letter_format", wanted), *(("communication_needs", need) for need in person.communication_needs)]
    for codes_met, is_web_page in ((_NOT_MADE_HERE, False), (_ON_SCREEN, True)):
        for code_list, code in codes:
            if code in codes_met:
                advice = SENDS_NOTHING if is_web_page else "Have it made. It can be made from the web page."
                if code in _BY_EMAIL and (trouble := _email_trouble(reader, person)):
                    advice = f"{trouble} {advice}"
                return Asked(label_of(code_list, code).lower(), is_web_page, advice)
    return None


def _email_trouble(reader: Reader, person: Person) -> str:
    """Why no e-mail may be written to them now; empty when one may."""
    clashes = clashing_fields(reader, person.id)
    points = found.every(reader, ContactPoint, person.id, medium="email")
    stops = [may_email(person, point, clashes.get(point.id, frozenset())) for point in points]
    if not stops:
        return "No e-mail address is recorded."
    return stops[0].sentence if stops[0] is not None and all(stops) else ""
