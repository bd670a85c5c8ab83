"""Whether the person signed in may hold, see or change this: the store's half of the one check (PRACTICE W1).

The rules are `domain/grants.py`; the server makes the same check. A store that is on this computer only has one
person, who made it: everything in it is theirs.
"""

import datetime as dt
from typing import Final

from wellbeing_desktop.domain import grants as rules
from wellbeing_desktop.domain.definition import Compartment, RecordType, SubjectKind
from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.domain.organisation import Grant
from wellbeing_desktop.storage.connection import Reader
from wellbeing_desktop.storage.records import load_all
from wellbeing_desktop.storage.sync_state import has_organisation


def user_of(reader: Reader) -> str:
    """The id of the person whose store this is; it is the practitioner's id too."""
    return str(reader.value("SELECT user_id FROM identity"))


def organisation_of(reader: Reader) -> str:
    """The subject of records about the organisation itself: settings, practices, questionnaires."""
    return str(reader.value("SELECT organisation_id FROM identity"))


def grants_held(reader: Reader) -> tuple[Grant, ...]:
    """Every grant of the person signed in; on a store of this computer only, the owner's."""
    user = user_of(reader)
    if not has_organisation(reader):
        return (Grant(practitioner_id=user, kind=rules.OWNER, subjects=(rules.EVERYONE,), may_write=True),)
    return tuple(load_all(reader, Grant, practitioner_id=user))


def role_of(grants: tuple[Grant, ...], on: dt.date) -> str:
    """The kinds of grant in force, for the audit: `caseload front_desk`."""
    return " ".join(sorted({grant.kind for grant in grants if rules.is_in_force(grant, on)}))


def may_hold(reader: Reader, person_id: str, compartment: Compartment | str, on: dt.date | None = None) -> bool:
    """True if the person signed in may read this much about somebody."""
    return rules.may_hold(grants_held(reader), person_id, compartment, on or _today())


def require_hold(reader: Reader, person_id: str, compartment: Compartment | str, on: dt.date | None = None) -> None:
    """Raise Refused unless the person signed in may read this much about somebody."""
    if not may_hold(reader, person_id, compartment, on):
        what = _IN_WORDS[Compartment(compartment)]
        raise Refused(f"You have no access to {what} of this person's record. Your team lead can give it to you.")


def held_compartments(reader: Reader, person_id: str, on: dt.date | None = None) -> tuple[Compartment, ...]:
    """What the person signed in may read of somebody; Refused if that is nothing."""
    held, day = grants_held(reader), on or _today()
    found = tuple(one for one in Compartment if rules.may_hold(held, person_id, one, day))
    if not found:
        raise Refused("You have no access to this person's record. Your team lead can give it to you.")
    return found


def require_write(
    grants: tuple[Grant, ...], record_type: RecordType, subject: str, compartment: str, on: dt.date, *, adding: bool
) -> None:
    """Raise Refused unless these grants let a record of this type be changed, or made, in this bucket."""
    where, kind = Compartment(compartment), record_type.subject_kind
    if rules.may_write(grants, subject, where, on, record_type, kind):
        return
    if adding and rules.may_add(grants, subject, record_type, on):
        return
    if kind is not SubjectKind.PERSON:
        raise Refused(f"You may not change this: {record_type.label.lower()}. Your administrator can.")
    raise Refused(
        f"You may not change {_IN_WORDS[where]} of this person's record. Your team lead can give you access, "
        "or pass this on to the person's care coordinator."
    )


_IN_WORDS: Final = {
    Compartment.CARD: "the card",
    Compartment.CORE: "the dates, appointments and scores",
    Compartment.DOCUMENTS: "the letters and scans",
    Compartment.CLINICAL: "the notes and plans",
    Compartment.RESTRICTED: "the restricted part",
}


def _today() -> dt.date:
    return dt.datetime.now().astimezone().date()
