"""People and how to reach them: registering, changing, restricting, and recording a death (W2, W9, W10, W20)."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any, Final

import msgspec

from wellbeing_desktop.domain.care_plan import PlanCopy
from wellbeing_desktop.domain.changes import Changes
from wellbeing_desktop.domain.contact import Appointment, Note
from wellbeing_desktop.domain.death import CLOSED_BECAUSE, WhatStops, check_death, has_died, what_stops
from wellbeing_desktop.domain.document import Letter
from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.domain.ids import new_id
from wellbeing_desktop.domain.london_time import local_date
from wellbeing_desktop.domain.nhs_number import parse_nhs_number
from wellbeing_desktop.domain.person import (
    Address,
    ContactPoint,
    Demographics,
    Person,
    Registration,
    RelatedPerson,
)
from wellbeing_desktop.domain.practice_list import ADDED_HERE
from wellbeing_desktop.domain.task import Task
from wellbeing_desktop.operations import found
from wellbeing_desktop.operations.catalogue import doing
from wellbeing_desktop.operations.handover import require_may_take
from wellbeing_desktop.storage.connection import Reader, Writer
from wellbeing_desktop.storage.records import load_all
from wellbeing_desktop.storage.write_door import Transaction

# Recorded through `record_death` and `import_people` only: they have consequences of their own.
_NOT_HERE: Final = frozenset({"died_on", "death_known_by", "death_verified_by"})


def register_person(
    writer: Writer,
    person: Person,
    *,
    address: Address | None = None,
    contact_points: Sequence[ContactPoint] = (),
    demographics: Demographics | None = None,
    at: dt.datetime | None = None,
) -> Changes:
    """A new person with what is known of them. `person.id` may be given, so that the caller knows it."""
    with doing(writer, "register_person", at=at) as tx:
        add_person(tx, person, address=address, contact_points=contact_points, demographics=demographics)
    return tx.changes


def add_person(
    tx: Transaction,
    person: Person,
    *,
    address: Address | None = None,
    contact_points: Sequence[ContactPoint] = (),
    demographics: Demographics | None = None,
) -> str:
    """Within a transaction: the person, their practice registration, and the rest. Answers the person's id."""
    today = local_date(tx.at)
    if not person.family_name.strip() and person.given_name.strip():
        # some people have one name; the record needs it where lists and letters look first
        person = msgspec.structs.replace(person, family_name=person.given_name, given_name="")
    if person.born_on is not None and person.born_on > today:
        raise Refused("The date of birth is in the future.", "born_on")
    if person.nhs_number:
        person = msgspec.structs.replace(person, nhs_number=parse_nhs_number(person.nhs_number))
    if not person.list_state:
        person = msgspec.structs.replace(person, list_state=ADDED_HERE)
    person_id = person.id or new_id()
    tx.create(msgspec.structs.replace(person, id=person_id, subject=person_id))
    if person.practice_id:
        tx.create(
            Registration(
                subject=person_id,
                practice_id=person.practice_id,
                status=person.registration or "registered",
                started_on=today,
            )
        )
    if address is not None:
        tx.create(msgspec.structs.replace(address, subject=person_id))
    for point in contact_points:
        tx.create(msgspec.structs.replace(point, subject=person_id))
    if demographics is not None:
        tx.create(msgspec.structs.replace(demographics, subject=person_id))
    return person_id


def change_person(
    writer: Writer,
    person_id: str,
    fields: Mapping[str, Any],
    seen: Mapping[str, Any] | None = None,
    *,
    at: dt.datetime | None = None,
) -> Changes:
    """New values of fields; `seen` is what the form showed, so that a colleague's later value is not overwritten."""
    with doing(writer, "change_person", at=at) as tx:
        edit_person(tx, person_id, fields, seen)
    return tx.changes


def edit_person(
    tx: Transaction, person_id: str, fields: Mapping[str, Any], seen: Mapping[str, Any] | None = None
) -> bool:
    """Within a transaction: the fields, and the practice registration that follows a change of practice."""
    for name in _NOT_HERE & set(fields):
        raise Refused("Record a death on its own: it stops letters and visits.", name)
    person = found.person(tx.reader, person_id)
    fields = dict(fields)
    today = local_date(tx.at)
    if fields.get("nhs_number"):
        fields["nhs_number"] = parse_nhs_number(str(fields["nhs_number"]))
    born_on = fields.get("born_on")
    if isinstance(born_on, dt.date) and born_on > today:
        raise Refused("The date of birth is in the future.", "born_on")
    require_may_take(tx.reader, person_id, str(fields.get("coordinator_id") or ""), "coordinator_id")
    changed = tx.change(Person, person_id, fields, seen)
    practice_id = fields.get("practice_id", person.practice_id)
    if practice_id != person.practice_id:
        _move_practice(tx, person, str(practice_id), str(fields.get("registration", "")), today)
    return changed


def change_demographics(
    writer: Writer,
    person_id: str,
    fields: Mapping[str, Any],
    seen: Mapping[str, Any] | None = None,
    *,
    at: dt.datetime | None = None,
) -> Changes:
    """Equality details; the one record of them is made if the person has none yet."""
    with doing(writer, "change_demographics", at=at) as tx:
        set_demographics(tx, person_id, fields, seen)
    return tx.changes


def set_demographics(
    tx: Transaction, person_id: str, fields: Mapping[str, Any], seen: Mapping[str, Any] | None = None
) -> None:
    """Within a transaction: a person has one such record, made when it is first needed. `seen` is what the form showed."""
    known = load_all(tx.reader, Demographics, subject=person_id)
    if known:
        tx.change(Demographics, known[0].id, fields, seen)
    else:
        tx.create(Demographics(subject=person_id, **fields))


def add_address(writer: Writer, address: Address, *, at: dt.datetime | None = None) -> Changes:
    """Another address. A new main address ends the one before it on the day that it begins."""
    with doing(writer, "add_address", at=at) as tx:
        put_address(tx, address)
    return tx.changes


def put_address(tx: Transaction, address: Address) -> str:
    """Within a transaction: a new address, from today unless it says when. It ends the one of the same use that stood, where
    only one can: uses 1, 3 and 4. Answers its id."""
    started_on = address.started_on or local_date(tx.at)
    for known in load_all(tx.reader, Address, subject=address.subject):
        if known.use == address.use and known.ended_on is None and known.use in ("1", "3", "4"):
            tx.change(Address, known.id, {"ended_on": started_on})
    return tx.create(msgspec.structs.replace(address, started_on=started_on))


def change_address(
    writer: Writer,
    address_id: str,
    fields: Mapping[str, Any],
    seen: Mapping[str, Any] | None = None,
    *,
    at: dt.datetime | None = None,
) -> Changes:
    """Correct an address, say whether it is safe, or from which day nobody lives there. Moving house is `add_address`: letters go by the dates."""
    with doing(writer, "change_address", at=at) as tx:
        known = found.found(tx.reader, Address, address_id)
        after = msgspec.structs.replace(known, **fields)
        if fields.get("safe_to_write") is False and not (after.safety_reason or known.safety_reason).strip():
            raise Refused("Say why it is not safe, for whoever comes next.", "safety_reason")
        if after.ended_on is not None and after.started_on is not None and after.ended_on < after.started_on:
            raise Refused("The address cannot end before it begins.", "ended_on")
        tx.change(Address, address_id, fields, seen)
    return tx.changes


def add_contact_point(writer: Writer, point: ContactPoint, *, at: dt.datetime | None = None) -> Changes:
    """A number or address to reach somebody. One that is preferred takes that from the others."""
    with doing(writer, "add_contact_point", at=at) as tx:
        tx.create(point)
        if point.preferred:
            _prefer_only(tx, point.subject, point.value)
    return tx.changes


def change_contact_point(
    writer: Writer,
    point_id: str,
    fields: Mapping[str, Any],
    seen: Mapping[str, Any] | None = None,
    *,
    at: dt.datetime | None = None,
) -> Changes:
    """New values, and what is safe on it. At most one is used first."""
    with doing(writer, "change_contact_point", at=at) as tx:
        tx.change(ContactPoint, point_id, fields, seen)
        if fields.get("preferred"):
            point = found.found(tx.reader, ContactPoint, point_id)
            _prefer_only(tx, point.subject, point.value)
    return tx.changes


def remove_contact_point(writer: Writer, point_id: str, reason: str, *, at: dt.datetime | None = None) -> Changes:
    """It leaves the record, with a reason, and stays in history."""
    with doing(writer, "remove_contact_point", at=at) as tx:
        tx.remove(ContactPoint, point_id, reason)
    return tx.changes


def add_related_person(writer: Writer, related: RelatedPerson, *, at: dt.datetime | None = None) -> Changes:
    with doing(writer, "add_related_person", at=at) as tx:
        tx.create(related)
    return tx.changes


def change_related_person(
    writer: Writer,
    related_id: str,
    fields: Mapping[str, Any],
    seen: Mapping[str, Any] | None = None,
    *,
    at: dt.datetime | None = None,
) -> Changes:
    with doing(writer, "change_related_person", at=at) as tx:
        tx.change(RelatedPerson, related_id, fields, seen)
    return tx.changes


def restrict_person(
    writer: Writer,
    person_id: str,
    restricted: bool,
    *,
    reason: str = "",
    told_by: str = "",
    at: dt.datetime | None = None,
) -> Changes:
    """Protect the person's whereabouts, or stop protecting them. The reason is kept as a note told in confidence."""
    with doing(writer, "restrict_person", at=at) as tx:
        if reason.strip():
            tx.create(
                Note(
                    subject=person_id,
                    about_id=person_id,
                    written_on=local_date(tx.at),
                    told_by_others=f"{'Record restricted' if restricted else 'Restriction lifted'}: {reason.strip()}",
                    told_by=told_by,
                    in_confidence=True,
                    author_id=tx.author,
                )
            )
        tx.change(Person, person_id, {"restricted": True if restricted else None})
    return tx.changes


def stopped_by_death(reader: Reader, person_id: str, today: dt.date) -> WhatStops:
    """What recording a death would stop, and the visits to ask about: shown before it is saved."""
    return what_stops(
        found.every(reader, Letter, person_id),
        found.every(reader, Appointment, person_id),
        found.every(reader, Task, person_id),
        found.every(reader, PlanCopy, person_id),
        today,
    )


def record_death(
    writer: Writer,
    person_id: str,
    *,
    died_on: dt.date | None,
    known_by: str,
    verified_by: str = "",
    cancel_appointments: Sequence[str] = (),
    at: dt.datetime | None = None,
) -> Changes:
    """PRACTICE W9: letters not yet sent, follow-ups and copies owed stop with that reason; only the visits named are
    cancelled."""
    with doing(writer, "record_death", at=at) as tx:
        person = found.person(tx.reader, person_id)
        today = local_date(tx.at)
        check_death(person, died_on, known_by, today)
        tx.change(
            Person,
            person_id,
            {"died_on": died_on, "death_known_by": known_by, "death_verified_by": verified_by},
            {"died_on": person.died_on, "death_known_by": person.death_known_by},
        )
        stop_for_death(tx, person_id, today)
        booked = {entry.id for entry in found.every(tx.reader, Appointment, person_id) if entry.state == "booked"}
        for appointment_id in cancel_appointments:
            if appointment_id in booked:
                tx.change(Appointment, appointment_id, {"state": "cancelled", "cancel_reason": CLOSED_BECAUSE})
    return tx.changes


def stop_for_death(tx: Transaction, person_id: str, today: dt.date) -> WhatStops:
    """Within a transaction: cancel what a death stops. Appointments are only named."""
    stops = stopped_by_death(tx.reader, person_id, today)
    for letter_id in stops.letters:
        tx.change(Letter, letter_id, {"state": "cancelled", "cancel_reason": CLOSED_BECAUSE})
    for task_id in stops.tasks:
        tx.change(Task, task_id, {"state": "cancelled", "outcome": CLOSED_BECAUSE})
    for copy_id in stops.copies:
        tx.change(PlanCopy, copy_id, {"state": "stopped", "settled_on": today, "settled_by": tx.author})
    return stops


def undo_death(writer: Writer, person_id: str, *, at: dt.datetime | None = None) -> Changes:
    """The record of death was wrong: it is cleared, the follow-ups that it stopped are open again, and copies owed.

    Letters that it stopped become drafts, to be looked at before they go; those that somebody cancelled stay so.
    Appointments are for somebody to book.
    """
    with doing(writer, "undo_death", at=at) as tx:
        person = found.person(tx.reader, person_id)
        if not has_died(person):
            raise Refused("No death is recorded.", "died_on")
        tx.change(Person, person_id, {"died_on": None, "death_known_by": "", "death_verified_by": ""})
        for task in found.every(tx.reader, Task, person_id):
            if task.state == "cancelled" and task.outcome == CLOSED_BECAUSE:
                tx.change(Task, task.id, {"state": "open", "outcome": ""})
        for letter in found.every(tx.reader, Letter, person_id):
            if letter.state == "cancelled" and letter.cancel_reason == CLOSED_BECAUSE:
                tx.change(Letter, letter.id, {"state": "draft", "cancel_reason": ""})
        for copy in found.every(tx.reader, PlanCopy, person_id):
            if copy.state == "stopped":
                tx.change(PlanCopy, copy.id, {"state": "owed", "settled_on": None, "settled_by": ""})
    return tx.changes


def _prefer_only(tx: Transaction, person_id: str, value: str) -> None:
    for other in load_all(tx.reader, ContactPoint, subject=person_id, preferred=True):
        if other.value != value:
            tx.change(ContactPoint, other.id, {"preferred": None})


def _move_practice(tx: Transaction, person: Person, practice_id: str, status: str, today: dt.date) -> None:
    """PRACTICE W20: the old registration ends, the new one begins; history says who was responsible when."""
    for entry in load_all(tx.reader, Registration, subject=person.id):
        if entry.ended_on is None:
            tx.change(Registration, entry.id, {"ended_on": today})
    if practice_id:
        tx.create(
            Registration(subject=person.id, practice_id=practice_id, status=status or "registered", started_on=today)
        )
