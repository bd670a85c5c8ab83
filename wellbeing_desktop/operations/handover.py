"""Handing a whole or part caseload to a colleague (B8, PRACTICE W4): the people go, and of what waits for them what
was chosen. Each person is a group of its own, so that one who cannot be sent does not hold up the rest; undo takes the
whole hand-over back."""

import datetime as dt
from collections.abc import Sequence

import msgspec

from wellbeing_desktop.domain.changes import Changes
from wellbeing_desktop.domain.contact import Appointment
from wellbeing_desktop.domain.enquiry import Enquiry, Request
from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.domain.london_time import local_date
from wellbeing_desktop.domain.organisation import Practitioner
from wellbeing_desktop.domain.person import Person
from wellbeing_desktop.domain.referral import Episode
from wellbeing_desktop.domain.task import Task
from wellbeing_desktop.operations import found
from wellbeing_desktop.operations.catalogue import doing
from wellbeing_desktop.storage.connection import Reader, Writer
from wellbeing_desktop.storage.joined import ids_of
from wellbeing_desktop.storage.records import load
from wellbeing_desktop.storage.recusals import who_stands_aside
from wellbeing_desktop.storage.write_door import Transaction

_FINISHED = frozenset({"done", "cancelled", "finished", "withdrawn"})


class Moving(msgspec.Struct, frozen=True, kw_only=True):
    """What goes along: open tasks, appointments to come, and promises (requests and calls that wait)."""

    tasks: bool = True
    appointments: bool = True
    promises: bool = True


class Waiting(msgspec.Struct, frozen=True):
    """What of one person waits with somebody."""

    tasks: int
    appointments: int
    promises: int


def hand_over(
    writer: Writer,
    person_ids: Sequence[str],
    from_id: str,
    to_id: str,
    moving: Moving,
    *,
    at: dt.datetime | None = None,
) -> Changes:
    """`to_id` becomes the coordinator of these people, and takes what was chosen of what `from_id` had. What somebody
    else looks after stays with them."""
    with doing(writer, "hand_over", at=at) as tx:
        if not person_ids:
            raise Refused("Tick at least one person.", "people")
        if not to_id:
            raise Refused("Choose who takes over.", "to")
        if to_id == from_id:
            raise Refused("Choose somebody else.", "to")
        found.found(tx.reader, Practitioner, to_id)
        for person_id in person_ids:
            tx.begin_group()
            _hand_over_one(tx, person_id, from_id, to_id, moving)
    return tx.changes


def waits_with(reader: Reader, person_id: str, practitioner_id: str, today: dt.date) -> Waiting:
    """How much of this person's would move with them."""
    return Waiting(
        len(_tasks(reader, person_id, practitioner_id)),
        len(_appointments(reader, person_id, practitioner_id, today)),
        len(_requests(reader, person_id, practitioner_id)) + len(_enquiries(reader, person_id, practitioner_id)),
    )


def _hand_over_one(tx: Transaction, person_id: str, from_id: str, to_id: str, moving: Moving) -> None:
    person = found.survivor(tx.reader, person_id)
    require_may_take(tx.reader, person.id, to_id)
    if person.coordinator_id != to_id:
        tx.change(Person, person.id, {"coordinator_id": to_id}, {"coordinator_id": person.coordinator_id})
    hand_on_work(tx, person_id, from_id, to_id, moving)


def require_may_take(reader: Reader, person_id: str, to_id: str, field: str = "to") -> None:
    """Raise Refused for somebody who stands aside from this person's record: nothing is given to them."""
    if to_id and to_id in who_stands_aside(reader, ids_of(reader, person_id)):
        colleague = load(reader, Practitioner, to_id)
        name = colleague.name if colleague is not None else "This colleague"
        raise Refused(f"{name} stands aside from this person's record. Choose somebody else.", field)


def hand_on_work(tx: Transaction, person_id: str, from_id: str, to_id: str, moving: Moving) -> None:
    """Support, and of what waits with `from_id` what was chosen; who coordinates the person is not touched."""
    for episode in found.every(tx.reader, Episode, person_id, state="open"):
        if episode.practitioner_id == from_id:
            tx.change(Episode, episode.id, {"practitioner_id": to_id})
    if moving.tasks:
        for task in _tasks(tx.reader, person_id, from_id):
            tx.change(Task, task.id, {"owner_id": to_id})
    if moving.appointments:
        for appointment in _appointments(tx.reader, person_id, from_id, local_date(tx.at)):
            tx.change(Appointment, appointment.id, {"practitioner_id": to_id})
    if moving.promises:
        for request in _requests(tx.reader, person_id, from_id):
            tx.change(Request, request.id, {"owner_id": to_id})
        for enquiry in _enquiries(tx.reader, person_id, from_id):
            tx.change(Enquiry, enquiry.id, {"claimed_by": to_id, "claimed_at": tx.at})


def _tasks(reader: Reader, person_id: str, owner_id: str) -> list[Task]:
    return found.every(reader, Task, person_id, state="open", owner_id=owner_id)


def _appointments(reader: Reader, person_id: str, owner_id: str, today: dt.date) -> list[Appointment]:
    """Those to come: of one that has been, the outcome is still to be said by whoever was there."""
    booked = found.every(reader, Appointment, person_id, state="booked", practitioner_id=owner_id)
    return [one for one in booked if one.starts_on is None or one.starts_on >= today]


def _requests(reader: Reader, person_id: str, owner_id: str) -> list[Request]:
    return [one for one in found.every(reader, Request, person_id, owner_id=owner_id) if one.state not in _FINISHED]


def _enquiries(reader: Reader, person_id: str, owner_id: str) -> list[Enquiry]:
    return found.every(reader, Enquiry, person_id, claimed_by=owner_id, state="claimed")
