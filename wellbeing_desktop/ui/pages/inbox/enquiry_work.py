"""What saving and finishing a contact at the front door do in the store."""

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from wellbeing_desktop.domain.changes import Changes
from wellbeing_desktop.domain.enquiry import Enquiry
from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.domain.person import Person
from wellbeing_desktop.operations import enquiries
from wellbeing_desktop.storage.connection import Writer
from wellbeing_desktop.ui.pages.inbox import fields as enquiry_fields

Work = Callable[[Writer], Changes]


class Typed(msgspec.Struct, frozen=True, kw_only=True):
    """What stands on the form: `enquiry` is what was saved before, `person` somebody new who is named with it."""

    id: str
    person_id: str
    began: dt.datetime
    values: Mapping[str, str]
    enquiry: Enquiry | None
    person: Person | None


def saving(typed: Typed, user_id: str, now: dt.datetime, *, keep: bool) -> Work:
    """Saved with whoever saves it, or for whoever takes it. What is saved already keeps its owner unless it is taken."""
    enquiry = typed.enquiry
    if enquiry is None:
        fresh = _fresh(typed, claimed_by=user_id if keep else "")
        return lambda writer: enquiries.begin_enquiry(writer, fresh, person=typed.person, at=now)
    changed, seen = _changed(typed, enquiry)

    def work(writer: Writer) -> Changes:
        changes = enquiries.change_enquiry(writer, enquiry.id, changed, seen, at=now)
        if keep and enquiry.state == "new":
            changes = changes.joined_with(enquiries.claim_enquiry(writer, enquiry.id, at=now))
        if not keep and enquiry.state == "claimed":
            changes = changes.joined_with(enquiries.pass_enquiry(writer, enquiry.id, at=now))
        return changes

    return work


def finishing(typed: Typed, user_id: str, now: dt.datetime) -> Work:
    """Done, with its outcome, kept in the person's record where it is known who it is. Raises Refused beside a field."""
    enquiry = typed.enquiry
    known = bool(typed.person_id) or typed.person is not None
    # one that was opened again has its contact in the record: a second would be a second call
    is_kept = enquiry is not None and bool(enquiry.contact_id)
    if is_kept and typed.values["note"].strip():
        raise Refused("Its contact is in their record already. Add what is new there as a contact.", "note")
    keep = known and bool(typed.values["keep"]) and not is_kept
    ending = enquiry_fields.ending_of(typed.values, typed.began, now, keep=keep)
    if enquiry is None:
        minutes = max(1, round((now - typed.began).total_seconds() / 60))
        fresh = _fresh(typed, claimed_by=user_id, duration_minutes=minutes)
        return lambda writer: enquiries.begin_enquiry(writer, fresh, person=typed.person, ending=ending, at=now)
    changed, seen = _changed(typed, enquiry)
    return lambda writer: enquiries.finish_enquiry(writer, enquiry.id, ending, fields=changed, seen=seen, at=now)


def _fresh(typed: Typed, **more: Any) -> Enquiry:
    made = enquiry_fields.enquiry_values(typed.values)
    return Enquiry(id=typed.id, subject=typed.person_id, received_at=typed.began, **more, **made)


def _changed(typed: Typed, enquiry: Enquiry) -> tuple[dict[str, object], dict[str, object]]:
    """What is written otherwise than it is saved, and what was seen in every field."""
    made = enquiry_fields.enquiry_values(typed.values)
    seen = {name: getattr(enquiry, name) for name in made}
    return {name: value for name, value in made.items() if value != seen[name]}, seen
