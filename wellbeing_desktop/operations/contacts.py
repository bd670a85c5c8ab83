"""Contacts that happened, their notes, and putting an entry right that was written in the wrong record (W8, W18, W22)."""

import datetime as dt
from typing import Any, Final

import msgspec

from wellbeing_desktop.domain.assessment import Assessment, Score
from wellbeing_desktop.domain.changes import Changes
from wellbeing_desktop.domain.contact import Appointment, Contact, GpEntry, Note
from wellbeing_desktop.domain.contact_rules import LATE_AFTER_HOURS, check_contact, check_note, completed
from wellbeing_desktop.domain.correction import Misfiling
from wellbeing_desktop.domain.definition import Record
from wellbeing_desktop.domain.document import Letter
from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.domain.ids import new_id
from wellbeing_desktop.domain.london_time import local_date
from wellbeing_desktop.domain.registry import RECORD_TYPES
from wellbeing_desktop.domain.task import Task
from wellbeing_desktop.domain.wire import record_from
from wellbeing_desktop.operations import found
from wellbeing_desktop.operations.catalogue import doing
from wellbeing_desktop.operations.follow_ups import keep_follow_ups
from wellbeing_desktop.storage.clock_guard import clock_doubt
from wellbeing_desktop.storage.connection import Reader, Writer
from wellbeing_desktop.storage.effective import effective
from wellbeing_desktop.storage.records import envelope_of, load, load_all
from wellbeing_desktop.storage.write_door import Transaction

# What can be written in the wrong record, and the records that go with it to the right person.
_MOVABLE: Final = frozenset({"contact", "note", "assessment", "score", "letter"})
_ATTENDED: Final = {"5": "attended", "6": "attended", "7": "not_attended", "3": "not_attended"}


class RecallItem(msgspec.Struct, frozen=True):
    """Something that was printed or sent from a misfiled entry, to be got back."""

    letter_id: str
    to_name: str
    sent_on: dt.date | None
    state: str


def record_contact(
    writer: Writer,
    contact: Contact,
    note: Note | None = None,
    *,
    sign: bool = True,
    gp_record: str = "to_enter",
    late_after_hours: int = LATE_AFTER_HOURS,
    at: dt.datetime | None = None,
) -> Changes:
    """A contact, its note, and what is to be entered in the GP record, as one.

    `gp_record` is not_needed, to_enter or entered, or empty for saying nothing. A linked appointment gets its outcome.
    The note is signed unless `sign` is False or it needs countersigning.
    """
    with doing(writer, "record_contact", at=at) as tx:
        add_contact(tx, contact, note, sign=sign, gp_record=gp_record, late_after_hours=late_after_hours)
    return tx.changes


def add_contact(
    tx: Transaction,
    contact: Contact,
    note: Note | None = None,
    *,
    sign: bool = True,
    gp_record: str = "to_enter",
    late_after_hours: int = LATE_AFTER_HOURS,
) -> str:
    """Within a transaction; answers the contact's id."""
    now = tx.at
    contact = msgspec.structs.replace(
        completed(contact, now),
        id=contact.id or new_id(),
        practitioner_id=contact.practitioner_id or tx.author,
        clock_doubtful=True if clock_doubt(tx.reader) else None,
    )
    check_contact(contact, now, late_after_hours)
    contact_id = tx.create(contact)
    if note is not None:
        check_note(note)
        signed = sign and not note.countersign_needed
        tx.create(
            msgspec.structs.replace(
                note,
                subject=contact.subject,
                about_id=contact_id,
                written_on=note.written_on or local_date(now),
                author_id=note.author_id or tx.author,
                signed_at=now if signed else None,
                signed_by=tx.author if signed else "",
            )
        )
    if gp_record:
        tx.create(_gp_entry(tx, contact.subject, contact_id, "contact", gp_record))
    if contact.appointment_id:
        appointment = found.found(tx.reader, Appointment, contact.appointment_id)
        state = _ATTENDED.get(contact.outcome, "")
        if appointment.subject != contact.subject:
            raise Refused("That appointment is another person's.", "appointment_id")
        if appointment.state == "booked" and state:
            tx.change(Appointment, contact.appointment_id, {"state": state, "outcome": contact.outcome})
    keep_follow_ups(tx, contact.subject)
    return contact_id


def amend_contact(
    writer: Writer,
    contact_id: str,
    field: str,
    value: Any,
    reason: str,
    *,
    at: dt.datetime | None = None,
) -> Changes:
    """A field of a saved contact should read otherwise. The original stays; a new start moves the local date with it."""
    with doing(writer, "amend_contact", at=at) as tx:
        changed = effective(tx.reader, Contact, contact_id)
        if changed is None:
            raise Refused("Contact: this record is not on this laptop any more.")
        contact = record_from(RECORD_TYPES["contact"], contact_id, "", changed.body)
        if field == "happened_on" or not isinstance(contact, Contact):
            raise Refused("The date follows from when the contact started.", "happened_at")
        after = msgspec.structs.replace(contact, **{field: value})
        # a late entry was judged when it was written; amending it does not make it late
        check_contact(after, tx.at, late_after_hours=24 * 366 * 20)
        tx.amend(Contact, contact_id, field, value, reason)
        if field == "happened_at" and isinstance(value, dt.datetime) and local_date(value) != contact.happened_on:
            tx.amend(Contact, contact_id, "happened_on", local_date(value), reason)
    return tx.changes


def set_gp_entry(
    writer: Writer,
    target_id: str,
    state: str,
    *,
    entered_on: dt.date | None = None,
    at: dt.datetime | None = None,
) -> Changes:
    """Not needed, to enter, or entered, by whom and when (W22)."""
    with doing(writer, "set_gp_entry", at=at) as tx:
        envelope = envelope_of(tx.reader, target_id)
        if envelope is None:
            raise Refused("This record is not on this laptop any more.")
        entered = {"entered_by": tx.author, "entered_on": entered_on or local_date(tx.at)} if state == "entered" else {}
        known = load_all(tx.reader, GpEntry, target_id=target_id)
        if known:
            cleared = {} if entered else {"entered_by": "", "entered_on": None}
            tx.change(GpEntry, known[0].id, {"state": state, **entered, **cleared})
        else:
            tx.create(_gp_entry(tx, envelope.subject, target_id, envelope.type, state))
    return tx.changes


def recall_list(reader: Reader, target_id: str) -> tuple[RecallItem, ...]:
    """Letters printed or sent that were made from a contact, or the letter itself: to be got back when it proves
    misfiled (W8)."""
    letters = load_all(reader, Letter, contact_id=target_id, also_gone=True)
    itself = load(reader, Letter, target_id, also_gone=True)
    return tuple(
        RecallItem(letter.id, letter.to_name, letter.sent_on, letter.state)
        for letter in (*letters, *((itself,) if itself else ()))
        if letter.state in ("printed", "sent", "returned")
    )


def mark_written_in_wrong_record(
    writer: Writer,
    target_id: str,
    *,
    right_person_id: str,
    reason: str,
    lead_id: str = "",
    at: dt.datetime | None = None,
) -> Changes:
    """PRACTICE W8: the entry, its notes and numbers leave this person and are copied to the right one.

    The copies keep the original author and times. The lead gets a task, and one more if anything was printed or sent.
    `right_person_id` is empty when nobody knows yet whose it is: then it is only marked.
    """
    with doing(writer, "mark_written_in_wrong_record", at=at) as tx:
        envelope = envelope_of(tx.reader, target_id)
        if envelope is None or envelope.type not in _MOVABLE:
            raise Refused("This kind of record cannot be marked as written in the wrong record.")
        if envelope.gone:
            raise Refused("This has left the record already.")
        if not reason.strip():
            raise Refused("Say how you know that it belongs to somebody else.", "reason")
        if right_person_id == envelope.subject:
            raise Refused("This is the person whose record it is in.", "right_person_id")
        if right_person_id:
            found.person(tx.reader, right_person_id)
        recall = recall_list(tx.reader, target_id)
        copies: dict[str, str] = {}
        for id, type_name in _with_companions(tx.reader, target_id, envelope.type):
            copy_id = _copy_to(tx, id, type_name, right_person_id, copies) if right_person_id else ""
            copies[id] = copy_id
            tx.create(
                Misfiling(
                    subject=envelope.subject,
                    target_type=type_name,
                    target_id=id,
                    copy_id=copy_id,
                    right_person_id=right_person_id,
                    reason=reason,
                    marked_by=tx.author,
                    marked_at=tx.at,
                )
            )
        today = local_date(tx.at)
        tx.create(
            Task(
                subject=envelope.subject,
                title="An entry was marked as written in the wrong record: look at it",
                kind="tell_lead",
                about_id=target_id,
                owner_id=lead_id,
                due_on=today,
                state="open",
            )
        )
        if recall:
            count = len(recall)
            tx.create(
                Task(
                    subject=envelope.subject,
                    title=f"Get back {count} letter{'' if count == 1 else 's'} made from an entry in the wrong record",
                    kind="recall",
                    about_id=target_id,
                    owner_id=lead_id,
                    due_on=today,
                    urgent=True,
                    state="open",
                )
            )
    return tx.changes


def _gp_entry(tx: Transaction, person_id: str, target_id: str, target_type: str, state: str) -> GpEntry:
    entered = state == "entered"
    return GpEntry(
        subject=person_id,
        target_id=target_id,
        target_type=target_type,
        state=state,
        entered_by=tx.author if entered else "",
        entered_on=local_date(tx.at) if entered else None,
    )


def _with_companions(reader: Reader, target_id: str, type_name: str) -> list[tuple[str, str]]:
    """The record and what was written with it, the record first: notes of a contact, scores of an assessment."""
    together = [(target_id, type_name)]
    if type_name == "contact":
        together += [(note.id, "note") for note in load_all(reader, Note, about_id=target_id)]
        for assessment in load_all(reader, Assessment, contact_id=target_id):
            together += _with_companions(reader, assessment.id, "assessment")
    if type_name == "assessment":
        together += [(score.id, "score") for score in load_all(reader, Score, assessment_id=target_id)]
    return together


def _copy_to(tx: Transaction, id: str, type_name: str, person_id: str, copies: dict[str, str]) -> str:
    """The record as it reads now, under the right person, pointing at the copies of what it pointed at.

    Support and appointment stay behind: they are the wrong person's.
    """
    record_type = RECORD_TYPES[type_name]
    now = effective(tx.reader, record_type.struct, id)
    if now is None:
        raise Refused("This record is not on this laptop any more.")
    body = dict(now.body)
    for name in ("episode_id", "appointment_id", "address_id"):
        body.pop(name, None)
    for name in ("about_id", "contact_id", "assessment_id"):
        if body.get(name) in copies:
            body[name] = copies[body[name]]
    if type_name == "letter":
        # its address was the wrong person's: nothing of it may be posted again unread
        body = {**body, "state": "draft", "to_address": ""}
        body.pop("sent_on", None)
    record: Record = record_from(record_type, new_id(), person_id, body)
    return tx.create(record)
