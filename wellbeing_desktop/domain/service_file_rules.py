"""The clocks of the service's own files, their numbers, and when one may be closed (PRACTICE W19).

Sources: 72 hours from awareness of a personal data breach (W19, reference/06). The days for acknowledging are from
memory (complaints regulations of 2009; Data (Use and Access) Act 2025): settings of the service, to be checked by it.
No number of days for the answer is known: it is agreed with whoever complained, or set by the service.
"""

import datetime as dt
from typing import Any, Final
from uuid import UUID

import msgspec

from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.domain.service_file import Complaint, Incident
from wellbeing_desktop.domain.working_days import BankHolidays, add_working_days

CLOCKS_SETTING: Final = "complaint.clocks"
BREACH_HOURS: Final = 72
MOST_DAYS: Final = 365

_ALPHABET: Final = "23456789BCDFGHJKLMNPQRSTVWXZ"
"""Without vowels, so that no number spells a word, and without 0, 1 and what looks like them."""
_DIGITS: Final = 8
_LETTERS: Final = {"complaint": "C", "compliment": "T", "data_protection": "D"}
INCIDENT_LETTER: Final = "I"


class FileClocks(msgspec.Struct, frozen=True, kw_only=True):
    """Days in which a file is acknowledged and answered; 0 for none. Those of a complaint are working days, those of a
    data-protection complaint are days of the calendar. `next_stop` is what people are told when they are not content.
    """

    acknowledge: int = 3
    answer: int = 0
    data_acknowledge: int = 30
    data_answer: int = 0
    next_stop: str = ""
    data_next_stop: str = "The Information Commissioner's Office"

    @property
    def is_sound(self) -> bool:
        """Days are from 0 to MOST_DAYS."""
        days = (self.acknowledge, self.answer, self.data_acknowledge, self.data_answer)
        return all(0 <= count <= MOST_DAYS for count in days)


def clocks_from(value: Any) -> FileClocks:
    """The service's clocks from its setting; the usual ones where it has none that can be used."""
    try:
        clocks = msgspec.convert(value, FileClocks)
    except msgspec.ValidationError:
        return FileClocks()
    return clocks if clocks.is_sound else FileClocks()


def file_number(letter: str, record_id: str, on: dt.date) -> str:
    """`C-2026-7KQ4-M9XT`. Its eight characters are drawn from what is random in the record's id, so that two laptops
    without a network do not give the same: no counter is shared, and the year is only for the eye."""
    rest, drawn = UUID(record_id).int & ((1 << 62) - 1), ""
    for _ in range(_DIGITS):
        rest, digit = divmod(rest, len(_ALPHABET))
        drawn += _ALPHABET[digit]
    return f"{letter}-{on.year}-{drawn[:4]}-{drawn[4:]}"


def letter_of(complaint: Complaint) -> str:
    """With which its number begins, by what kind of file it is."""
    return _LETTERS.get(complaint.kind, "C")


def with_clocks(complaint: Complaint, clocks: FileClocks, holidays: BankHolidays) -> Complaint:
    """When it is to be acknowledged and answered, and where they may go next; a compliment has no clock."""
    received = complaint.received_on
    if received is None or complaint.kind == "compliment":
        return complaint
    is_data = complaint.kind == "data_protection"

    def due(days: int) -> dt.date | None:
        if not days:
            return None
        return received + dt.timedelta(days=days) if is_data else add_working_days(received, days, holidays)

    return msgspec.structs.replace(
        complaint,
        acknowledge_by=complaint.acknowledge_by or due(clocks.data_acknowledge if is_data else clocks.acknowledge),
        answer_by=complaint.answer_by or due(clocks.data_answer if is_data else clocks.answer),
        next_stop=complaint.next_stop or (clocks.data_next_stop if is_data else clocks.next_stop),
    )


def breach_due(incident: Incident) -> dt.datetime | None:
    """When the Information Commissioner is to be told by; None where it is no breach, or decided already."""
    if incident.breach_aware_at is None or incident.breach_told_at or incident.breach_not_told.strip():
        return None
    return incident.breach_aware_at + dt.timedelta(hours=BREACH_HOURS)


def missing_of_incident(incident: Incident) -> tuple[tuple[str, str], ...]:
    """What is to be said before an incident is closed: field and sentence."""
    missing: list[tuple[str, str]] = []
    if not incident.harm.strip():
        missing.append(("harm", "Say in words what harm there was, or that there was none."))
    if not incident.immediate_action.strip():
        missing.append(("immediate_action", "Say what was done at once, or that nothing was."))
    if not incident.candour_applies:
        missing.append(("candour_applies", "Say whether the duty of candour applies."))
    if incident.candour_applies == "yes":
        if not incident.candour_told.strip() or incident.candour_told_on is None:
            missing.append(("candour_told", "Say who was told, and when."))
        if incident.apology_on is None:
            missing.append(("apology_on", "Say when the written apology was sent."))
    if incident.corrective_action.strip():
        if not incident.corrective_owner:
            missing.append(("corrective_owner", "Say who does the corrective action."))
        if incident.corrective_done_on is None:
            missing.append(("corrective_done_on", "Say when the corrective action was done."))
    if incident.kind == "data_breach" and incident.breach_aware_at is None:
        missing.append(("breach_aware_at", "Say since when the breach was known: 72 hours run from there."))
    if breach_due(incident) is not None:
        missing.append(("breach_told_at", "Say when the Information Commissioner was told, or why that is not needed."))
    if not incident.learning.strip():
        missing.append(("learning", "Say what was learnt."))
    return tuple(missing)


def missing_of_complaint(complaint: Complaint) -> tuple[tuple[str, str], ...]:
    """What is to be said before a complaint is closed; a compliment needs nothing more."""
    missing: list[tuple[str, str]] = []
    if complaint.kind == "compliment":
        return ()
    if complaint.acknowledged_on is None:
        missing.append(("acknowledged_on", "Say when it was acknowledged."))
    if not complaint.answer.strip():
        missing.append(("answer", "Write the answer."))
    if complaint.answered_on is None:
        missing.append(("answered_on", "Say when the answer was given."))
    if not complaint.learning.strip():
        missing.append(("learning", "Say what was learnt, or that there was nothing."))
    if not complaint.next_stop.strip():
        missing.append(("next_stop", "Say where they may go next if they are not content."))
    return tuple(missing)


def check_dates(complaint: Complaint, today: dt.date) -> None:
    """Refused where one day cannot be: an answer before the complaint, or tomorrow."""
    for field, words in (
        ("acknowledged_on", "acknowledged"),
        ("answered_on", "answered"),
        ("escalated_on", "escalated"),
    ):
        day = getattr(complaint, field)
        if day is None:
            continue
        if day > today:
            raise Refused(f"It cannot have been {words} on a day that has not come yet.", field)
        if complaint.received_on is not None and day < complaint.received_on:
            raise Refused(f"It cannot have been {words} before it was received.", field)
