"""Fields that read what is typed in any usual writing and show it back in ours: telephone, postcode, NHS number, e-mail,
time, moment. What cannot be read stays as it was typed, with a sentence beside it. A date does so too: `fields.day`.
"""

from collections.abc import Callable
from datetime import date
from enum import StrEnum

from wellbeing_desktop.domain.clock_time import parse_clock_time, parse_typed_moment
from wellbeing_desktop.domain.dates import staff_moment, staff_time
from wellbeing_desktop.domain.email_address import parse_email_address
from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.domain.nhs_number import format_nhs_number, parse_nhs_number
from wellbeing_desktop.domain.postcode import parse_postcode
from wellbeing_desktop.exchange.telephone import tidy_telephone, tidy_telephones
from wellbeing_desktop.ui.widgets.fields import LineField


class Reads(StrEnum):
    """What a field is for."""

    TELEPHONE = "telephone"
    TELEPHONES = "telephones"
    TELEPHONE_OR_EMAIL = "telephone or e-mail"
    POSTCODE = "postcode"
    NHS_NUMBER = "NHS number"
    EMAIL = "e-mail"
    TIME = "time"
    MOMENT = "moment"


class ReadBackField(LineField):
    """`read` gives the usual writing of a text or raises Refused. `value()` is that writing as soon as it can be read,
    also while the keyboard is still in the field; a text that cannot be read is the value as it stands.
    """

    def __init__(self, reads: Reads, read: Callable[[str], str], *, hint: str = "", holds_up: bool = True) -> None:
        """With `holds_up` off a text that cannot be read is told on leaving, and Save keeps it all the same."""
        super().__init__(hint=hint, check=read)
        self.reads = reads
        self.holds_up = holds_up
        self._read = read
        self.left.connect(self._show_back)

    def set_value(self, value: str) -> None:
        super().set_value(value)
        self._show_back()

    def value(self) -> str:
        return self.held(self.text())

    def held(self, text: str) -> str:
        """What the value is when this is typed."""
        if not text.strip():
            return text
        try:
            return self._read(text)
        except Refused:
            return text

    def _show_back(self) -> None:
        if self.value() != self.text():
            self.setText(self.value())


def nhs_number() -> ReadBackField:
    """An NHS number in any spacing, shown as `943 476 5919`; the check digit is checked."""
    # ordinary spaces: a hard space pasted elsewhere from this field would surprise
    return ReadBackField(
        Reads.NHS_NUMBER, lambda text: format_nhs_number(parse_nhs_number(text)).replace("\u00a0", " ")
    )


def postcode() -> ReadBackField:
    """A postcode in any spacing and case."""
    return ReadBackField(Reads.POSTCODE, parse_postcode)


def phone(*, hint: str = "", holds_up: bool = True) -> ReadBackField:
    """One telephone number: UK in any spacing, others with +, short ones of services, each perhaps with an extension."""
    return ReadBackField(Reads.TELEPHONE, tidy_telephone, hint=hint, holds_up=holds_up)


def phones() -> ReadBackField:
    """A service's telephone numbers, parted by commas."""
    return ReadBackField(Reads.TELEPHONES, tidy_telephones)


def email() -> ReadBackField:
    """One e-mail address."""
    return ReadBackField(Reads.EMAIL, parse_email_address)


def phone_or_email(is_email: Callable[[], bool]) -> ReadBackField:
    """A telephone number or an e-mail address, whichever another field says now."""
    return ReadBackField(
        Reads.TELEPHONE_OR_EMAIL, lambda text: parse_email_address(text) if is_email() else tidy_telephone(text)
    )


def clock_time(*, hint: str = "") -> ReadBackField:
    """A time of day, shown by the 24-hour clock."""
    return ReadBackField(Reads.TIME, lambda text: staff_time(parse_clock_time(text)), hint=hint)


def moment(today: Callable[[], date]) -> ReadBackField:
    """A day and a time, `today 2pm`, shown as `21-Nov-2026 14:00`."""
    return ReadBackField(
        Reads.MOMENT, lambda text: staff_moment(parse_typed_moment(text, today())), hint="21/11/2026 14:30, today 2pm"
    )
