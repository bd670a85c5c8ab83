"""Contacts at the front door: begun at once, taken by somebody, given their person, finished (A1 to A3, W3)."""

import datetime as dt
from collections.abc import Mapping
from typing import Any, Final

import msgspec

from wellbeing_desktop.domain.changes import Changes
from wellbeing_desktop.domain.contact import Contact, Note
from wellbeing_desktop.domain.dates import staff_date
from wellbeing_desktop.domain.enquiry import Enquiry
from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.domain.ids import new_id
from wellbeing_desktop.domain.london_time import local_date, local_time
from wellbeing_desktop.domain.person import Person
from wellbeing_desktop.exchange.telephone import parse_telephone
from wellbeing_desktop.operations import found
from wellbeing_desktop.operations.aliases import join
from wellbeing_desktop.operations.catalogue import doing
from wellbeing_desktop.operations.clocks import answer_due
from wellbeing_desktop.operations.contacts import add_contact
from wellbeing_desktop.operations.people import add_person, edit_person
from wellbeing_desktop.storage.connection import Writer
from wellbeing_desktop.storage.records import load
from wellbeing_desktop.storage.write_door import Transaction

NOT_KNOWN_YET: Final = "Not known yet"
_BY_OTHER_DOORS: Final = frozenset({"state", "claimed_by", "claimed_at", "contact_id", "closed_on"})


class Ending(msgspec.Struct, frozen=True):
    """What came of an enquiry, and what is kept of it in the person's record."""

    outcome: str
    contact: Contact | None = None
    note: Note | None = None
    gp_record: str = ""


def begin_enquiry(
    writer: Writer,
    enquiry: Enquiry,
    *,
    person: Person | None = None,
    ending: Ending | None = None,
    at: dt.datetime | None = None,
) -> Changes:
    """A contact that has just begun, or that is over already with `ending`. Without a subject it is about `person`, who
    is new here, or about somebody who is not known yet: a record is begun for them, to be named or joined later, so
    that nothing is written twice. `claimed_by` says who has it; without it the enquiry waits in the queue."""
    with doing(writer, "begin_enquiry", at=at) as tx:
        if person is not None and not enquiry.subject:
            enquiry = msgspec.structs.replace(enquiry, subject=add_person(tx, person))
        enquiry_id = add_enquiry(tx, enquiry)
        if ending is not None:
            end_enquiry(tx, enquiry_id, ending)
    return tx.changes


def add_enquiry(tx: Transaction, enquiry: Enquiry) -> str:
    """Within a transaction; answers the enquiry's id."""
    if not enquiry.medium:
        raise Refused("Say how the contact was made.", "medium")
    received_at = enquiry.received_at or tx.at
    if received_at > tx.at + dt.timedelta(minutes=5):
        raise Refused("A contact cannot have come in the future.", "received_at")
    person_id = enquiry.subject or _somebody_not_known(tx, received_at)
    taken = enquiry.claimed_by
    return tx.create(
        msgspec.structs.replace(
            enquiry,
            id=enquiry.id or new_id(),
            subject=person_id,
            received_at=received_at,
            received_on=local_date(received_at),
            direction=enquiry.direction or "in",
            caller_number=tidy_number(enquiry.caller_number),
            respond_by=enquiry.respond_by or answer_due(tx.reader, received_at, urgent=enquiry.urgent is True),
            state="claimed" if taken else "new",
            claimed_at=tx.at if taken else None,
        )
    )


def change_enquiry(
    writer: Writer,
    enquiry_id: str,
    fields: Mapping[str, Any],
    seen: Mapping[str, Any] | None = None,
    *,
    at: dt.datetime | None = None,
) -> Changes:
    """What was asked, by whom, how they were checked. An enquiry that becomes urgent is due sooner, never later."""
    with doing(writer, "change_enquiry", at=at) as tx:
        _change(tx, enquiry_id, fields, seen)
    return tx.changes


def _change(tx: Transaction, enquiry_id: str, fields: Mapping[str, Any], seen: Mapping[str, Any] | None = None) -> None:
    if _BY_OTHER_DOORS & set(fields):
        raise Refused("Take the enquiry, pass it on or finish it instead.", "state")
    enquiry = found.found(tx.reader, Enquiry, enquiry_id)
    fields = dict(fields)
    if "caller_number" in fields:
        fields["caller_number"] = tidy_number(str(fields["caller_number"]))
    if fields.get("urgent") and not enquiry.urgent and enquiry.received_at is not None:
        due = answer_due(tx.reader, enquiry.received_at, urgent=True)
        fields["respond_by"] = min(due, enquiry.respond_by or due)
    tx.change(Enquiry, enquiry_id, fields, seen)


def claim_enquiry(writer: Writer, enquiry_id: str, *, at: dt.datetime | None = None) -> Changes:
    """I take this. Two people who take it on two laptops are a clash for the desk, never two owners in silence."""
    with doing(writer, "claim_enquiry", at=at) as tx:
        enquiry = found.found(tx.reader, Enquiry, enquiry_id)
        if enquiry.state != "new":
            raise Refused("Somebody has taken this enquiry already.", "state")
        tx.change(Enquiry, enquiry_id, {"state": "claimed", "claimed_by": tx.author, "claimed_at": tx.at})
    return tx.changes


def pass_enquiry(
    writer: Writer, enquiry_id: str, practitioner_id: str = "", *, at: dt.datetime | None = None
) -> Changes:
    """To a colleague by name, or back to the queue."""
    with doing(writer, "pass_enquiry", at=at) as tx:
        enquiry = found.found(tx.reader, Enquiry, enquiry_id)
        if enquiry.state == "finished":
            raise Refused("This enquiry is finished. Open it again first.", "state")
        if practitioner_id:
            tx.change(Enquiry, enquiry_id, {"state": "claimed", "claimed_by": practitioner_id, "claimed_at": tx.at})
        else:
            tx.change(Enquiry, enquiry_id, {"state": "new", "claimed_by": "", "claimed_at": None})
    return tx.changes


def name_person(
    writer: Writer, enquiry_id: str, fields: Mapping[str, Any], *, at: dt.datetime | None = None
) -> Changes:
    """Now we know who it is, and they are new here: the record that was begun becomes theirs."""
    with doing(writer, "name_person", at=at) as tx:
        enquiry = found.found(tx.reader, Enquiry, enquiry_id)
        if not str(fields.get("family_name", "")).strip() and not str(fields.get("given_name", "")).strip():
            raise Refused("Say at least one name.", "family_name")
        if not found.person(tx.reader, enquiry.subject).unidentified:
            raise Refused("It is known already whom this is about.", "family_name")
        edit_person(tx, enquiry.subject, {"given_name": "", **fields, "unidentified": None})
    return tx.changes


def join_to_person(
    writer: Writer, enquiry_id: str, person_id: str, reason: str, *, at: dt.datetime | None = None
) -> Changes:
    """Now we know who it is, and they have a record: the one begun is joined to it, and can be taken apart again."""
    with doing(writer, "join_to_person", at=at) as tx:
        enquiry = found.found(tx.reader, Enquiry, enquiry_id)
        begun = load(tx.reader, Person, enquiry.subject)
        if begun is None or not begun.unidentified:
            raise Refused("It is known already whom this is about.", "person_id")
        join(tx, person_id, enquiry.subject, reason)
    return tx.changes


def finish_enquiry(
    writer: Writer,
    enquiry_id: str,
    ending: Ending,
    *,
    fields: Mapping[str, Any] | None = None,
    seen: Mapping[str, Any] | None = None,
    at: dt.datetime | None = None,
) -> Changes:
    """Done, with its outcome; the contact and its note are kept in the person's record with it. `fields` are what was
    written in the form until then."""
    with doing(writer, "finish_enquiry", at=at) as tx:
        if fields:
            _change(tx, enquiry_id, fields, seen)
        end_enquiry(tx, enquiry_id, ending)
    return tx.changes


def end_enquiry(tx: Transaction, enquiry_id: str, ending: Ending) -> None:
    """Within a transaction."""
    enquiry = found.found(tx.reader, Enquiry, enquiry_id)
    if enquiry.state == "finished":
        raise Refused("This enquiry is finished already.", "state")
    if not ending.outcome:
        raise Refused("Say what came of it.", "outcome")
    fields: dict[str, Any] = {"state": "finished", "outcome": ending.outcome, "closed_on": local_date(tx.at)}
    if not enquiry.claimed_by:
        fields |= {"claimed_by": tx.author, "claimed_at": tx.at}
    if ending.contact is not None:
        if enquiry.contact_id:
            raise Refused("Its contact is in the person's record already.", "keep")
        person = found.survivor(tx.reader, enquiry.subject)
        if person.unidentified:
            raise Refused("Say who it is before keeping this as a contact, or finish it without one.", "contact")
        kept = msgspec.structs.replace(ending.contact, subject=person.id)
        fields["contact_id"] = add_contact(tx, kept, ending.note, gp_record=ending.gp_record)
    tx.change(Enquiry, enquiry_id, fields)


def reopen_enquiry(writer: Writer, enquiry_id: str, *, at: dt.datetime | None = None) -> Changes:
    """It was not finished after all. Whoever opens it again has it. Refused unless it is finished."""
    with doing(writer, "reopen_enquiry", at=at) as tx:
        if found.found(tx.reader, Enquiry, enquiry_id).state != "finished":
            raise Refused("This enquiry is not finished.", "state")
        tx.change(
            Enquiry,
            enquiry_id,
            {"state": "claimed", "claimed_by": tx.author, "claimed_at": tx.at, "outcome": "", "closed_on": None},
        )
    return tx.changes


def _somebody_not_known(tx: Transaction, received_at: dt.datetime) -> str:
    """A record for whoever this is about. Its first name is the moment, so that two of them do not look alike."""
    when = local_time(received_at)
    id = new_id()
    return tx.create(
        Person(
            id=id,
            subject=id,
            family_name=NOT_KNOWN_YET,
            given_name=f"{staff_date(when.date())} {when:%H:%M:%S}",
            unidentified=True,
        )
    )


def tidy_number(text: str) -> str:
    """In international form where it can be read, so that it is found again; else as it was written down."""
    if not text.strip():
        return ""
    try:
        number = parse_telephone(text)
    except Refused:
        return text.strip()
    return f"{number.e164} ext. {number.extension}" if number.extension else number.e164
