"""Parked contacts of the front door (PRACTICE W3): told apart by initials, or by the time they began."""

import datetime as dt
from typing import Final

from wellbeing_desktop.domain.dates import recent_words
from wellbeing_desktop.domain.enquiry import Enquiry
from wellbeing_desktop.domain.names import initials
from wellbeing_desktop.domain.person import Person
from wellbeing_desktop.storage.connection import Reader
from wellbeing_desktop.storage.drafts import Draft, drafts
from wellbeing_desktop.storage.joined import survivor_of
from wellbeing_desktop.storage.records import load
from wellbeing_desktop.ui.pages.contact.parked import Parked

PREFIX: Final = "enquiry/"


def read_parked_enquiries(reader: Reader, now: dt.datetime) -> tuple[Parked, ...]:
    """Every draft of a contact at the front door, the one left longest ago first."""
    waiting = [draft for draft in drafts(reader) if draft.key.startswith(PREFIX)]
    return tuple(Parked(draft.key.removeprefix(PREFIX), _words(reader, draft, now)) for draft in reversed(waiting))


def _words(reader: Reader, draft: Draft, now: dt.datetime) -> str:
    saved = load(reader, Enquiry, draft.key.removeprefix(PREFIX))
    about = draft.person_id or (saved.subject if saved is not None else "")
    person = load(reader, Person, survivor_of(reader, about)) if about else None
    family, given = str(draft.body.get("family_name", "")), str(draft.body.get("given_name", ""))
    if person is not None and not person.unidentified:
        family, given = person.family_name, person.given_name
    began = dt.datetime.fromisoformat(str(draft.body.get("_began") or draft.saved_at.isoformat()))
    return f"{initials(family, given) or 'Not known yet'}, {recent_words(began, now)}"
