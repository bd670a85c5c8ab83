"""What a contact must say before it is kept (PRACTICE W18).

Seed 003 asks for a progress note within 24 hours; the limit is a setting with that default. A contact in the future is
an appointment. Nothing about the clock is guessed: a doubtful clock is marked, never mended.
"""

import datetime as dt
from typing import Final

import msgspec

from wellbeing_desktop.domain.contact import Contact, Note
from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.domain.london_time import local_date

LATE_AFTER_HOURS: Final = 24
# A little grace, because the form's clock and the Save clock are not the same second.
_GRACE: Final = dt.timedelta(minutes=5)
LONGEST_MINUTES: Final = 24 * 60
OLDEST_YEARS: Final = 20

FACE_TO_FACE: Final = frozenset({"home_visit", "01", "visitor"})


def is_late(happened_at: dt.datetime, written_at: dt.datetime, late_after_hours: int = LATE_AFTER_HOURS) -> bool:
    """Was it written more than the limit after it happened?"""
    return written_at - happened_at > dt.timedelta(hours=late_after_hours)


def minutes_between(started_at: dt.datetime, ended_at: dt.datetime) -> int:
    """Whole minutes, rounded to the nearest."""
    return round((ended_at - started_at).total_seconds() / 60)


def check_contact(contact: Contact, now: dt.datetime, late_after_hours: int = LATE_AFTER_HOURS) -> None:
    """Refused, beside the field, unless the contact can be kept."""
    if contact.happened_at is None:
        raise Refused("Say when the contact happened.", "happened_at")
    if contact.happened_at > now + _GRACE:
        raise Refused("This is in the future. Book an appointment instead.", "happened_at")
    if now - contact.happened_at > dt.timedelta(days=366 * OLDEST_YEARS):
        raise Refused(f"This is more than {OLDEST_YEARS} years ago. Check the year.", "happened_at")
    if contact.ended_at is not None and contact.ended_at < contact.happened_at:
        raise Refused("The contact cannot end before it starts.", "ended_at")
    if contact.ended_at is not None and contact.ended_at > now + _GRACE:
        raise Refused("The contact cannot end in the future.", "ended_at")
    for field in ("duration_minutes", "travel_minutes", "admin_minutes"):
        minutes = getattr(contact, field)
        if minutes is not None and not 0 <= minutes <= LONGEST_MINUTES:
            raise Refused("Give minutes from 0 to 1,440.", field)
    if not contact.medium:
        raise Refused("Say how the contact was made.", "medium")
    if not contact.outcome:
        raise Refused("Say what came of it.", "outcome")
    if not contact.practitioner_id:
        raise Refused("Say who made the contact.", "practitioner_id")
    if contact.seen_alone is False and contact.medium in FACE_TO_FACE and not contact.not_alone_reason.strip():
        raise Refused("Say why the person was not seen alone.", "not_alone_reason")
    if is_late(contact.happened_at, contact.written_at or now, late_after_hours) and not contact.late_reason.strip():
        raise Refused(f"This is more than {late_after_hours} hours ago. Say why it is written now.", "late_reason")


def completed(contact: Contact, now: dt.datetime) -> Contact:
    """The contact with what follows from the rest: its local date, when it was written, its minutes."""
    if contact.happened_at is None:
        return contact
    minutes = contact.duration_minutes
    if minutes is None and contact.ended_at is not None:
        minutes = minutes_between(contact.happened_at, contact.ended_at)
    return msgspec.structs.replace(
        contact,
        happened_on=local_date(contact.happened_at),
        written_at=contact.written_at or now,
        duration_minutes=minutes,
    )


def check_note(note: Note) -> None:
    """Refused unless somebody wrote something, and what others told says who."""
    if not any(
        text.strip() for text in (note.text, note.said_by_person, note.observed, note.told_by_others, note.agreed)
    ):
        raise Refused("Write something before keeping the note.", "text")
    if note.told_by_others.strip() and not note.told_by.strip():
        raise Refused("Say who told you this.", "told_by")
    if note.in_confidence and not note.told_by_others.strip():
        raise Refused("Only what others told can be in confidence.", "in_confidence")
