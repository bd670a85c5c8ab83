"""Everything that the screens about one person show, read in one go, so that no two parts of a screen disagree."""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TypeVar

import msgspec

from wellbeing_desktop.domain.alerts import AlertInForce, in_force
from wellbeing_desktop.domain.assessment import Assessment, Score
from wellbeing_desktop.domain.care_plan import CarePlan, PlanCopy
from wellbeing_desktop.domain.consent import Consent
from wellbeing_desktop.domain.contact import Appointment, Contact, GpEntry, Note
from wellbeing_desktop.domain.correction import Conflict
from wellbeing_desktop.domain.dates import day_number
from wellbeing_desktop.domain.death import has_died
from wellbeing_desktop.domain.definition import Record
from wellbeing_desktop.domain.document import Attachment, Letter
from wellbeing_desktop.domain.enquiry import Request
from wellbeing_desktop.domain.onward import OnwardReferral
from wellbeing_desktop.domain.organisation import Organisation, Practitioner
from wellbeing_desktop.domain.person import Address, ContactPoint, Demographics, Person, RelatedPerson
from wellbeing_desktop.domain.plan_rules import current_plan
from wellbeing_desktop.domain.referral import Episode, Referral
from wellbeing_desktop.domain.referral_rules import is_undecided
from wellbeing_desktop.domain.registry import type_of
from wellbeing_desktop.domain.safety import AccessNote, Alert, SafetyFact, Stay
from wellbeing_desktop.domain.task import Task
from wellbeing_desktop.domain.wire import record_from
from wellbeing_desktop.operations import found
from wellbeing_desktop.operations.care_plans import PlanParts, plan_parts
from wellbeing_desktop.operations.recusals import StandsAside, closed_to
from wellbeing_desktop.storage import outbox
from wellbeing_desktop.storage.connection import Reader
from wellbeing_desktop.storage.effective import effective_of
from wellbeing_desktop.storage.joined import ids_of
from wellbeing_desktop.storage.records import load, load_all
from wellbeing_desktop.storage.similar import row_of
from wellbeing_desktop.storage.sync_state import has_organisation

R = TypeVar("R", bound=Record)


class Noted(msgspec.Struct, frozen=True, kw_only=True):
    """A contact as it reads now, with what was written about it. `amended` are fields that differ from the original."""

    contact: Contact
    notes: tuple[Note, ...] = ()
    gp_entry: GpEntry | None = None
    assessments: tuple[Assessment, ...] = ()
    amended: frozenset[str] = frozenset()
    clashes: frozenset[str] = frozenset()


class PersonRecord(msgspec.Struct, frozen=True, kw_only=True):
    """One person as the screens know them. Lists are newest first where they have a date."""

    person: Person
    """The record kept, where several were joined."""
    ids: tuple[str, ...]
    """Every id whose records are this person's: the record kept first."""
    similar_name: bool
    practice: str
    coordinator: str
    demographics: Demographics | None
    addresses: tuple[Address, ...]
    contact_points: tuple[ContactPoint, ...]
    related: tuple[RelatedPerson, ...]
    alerts: tuple[AlertInForce, ...]
    safety_facts: tuple[SafetyFact, ...]
    access_note: AccessNote | None
    stay: Stay | None
    consents: tuple[Consent, ...]
    episode: Episode | None
    """The period of support that is open."""
    closed_episode: Episode | None
    """The one closed last."""
    referrals_waiting: tuple[Referral, ...]
    """Those that nobody has decided, the oldest first."""
    plan: PlanParts | None
    plan_before: CarePlan | None
    """The plan that ended or was declined last."""
    contacts: tuple[Noted, ...]
    loose_notes: tuple[Note, ...]
    scores: tuple[Score, ...]
    appointments: tuple[Appointment, ...]
    tasks: tuple[Task, ...]
    requests: tuple[Request, ...]
    """What was asked for, the newest first."""
    onward: tuple[OnwardReferral, ...]
    """Where the person was sent on to, the newest first."""
    letters: tuple[Letter, ...]
    attachments: tuple[Attachment, ...]
    copies_owed: tuple[PlanCopy, ...]
    clashes: tuple[Conflict, ...]
    closed_to: tuple[StandsAside, ...]
    """Colleagues who know the person, and do not see this record."""
    names: Mapping[str, str]
    """Practitioner id to name."""
    unsent: frozenset[str]
    """Ids of the records that the server does not have as they are here; empty for a store of this computer only."""

    def address(self, on: dt.date) -> Address | None:
        """Where the person lives: the main address in use on a day, else any in use."""
        current = [a for a in self.addresses if a.ended_on is None or a.ended_on > on]
        current.sort(key=lambda a: (a.use not in ("1", ""), a.use, -day_number(a.started_on), a.id))
        return current[0] if current else None

    def next_appointment(self, on: dt.date) -> Appointment | None:
        """The next one booked, today's included."""
        return next(iter(self.coming_appointments(on)), None)

    def coming_appointments(self, on: dt.date) -> tuple[Appointment, ...]:
        """All that are booked for a day or later, the first first."""
        coming = [a for a in self.appointments if a.state == "booked" and a.starts_on is not None and a.starts_on >= on]
        return tuple(sorted(coming, key=lambda a: (a.starts_on or dt.date.max, str(a.starts_at))))

    def open_tasks(self) -> tuple[Task, ...]:
        """What was promised and is not done, the earliest day first."""
        waiting = [task for task in self.tasks if task.state == "open"]
        return tuple(sorted(waiting, key=lambda task: (task.due_on or dt.date.max, task.id)))

    def series(self, tool: str) -> tuple[tuple[dt.date, Mapping[str, int]], ...]:
        """The scores of a questionnaire by day, oldest first: scale to value."""
        days: dict[dt.date, dict[str, int]] = {}
        for score in sorted(self.scores, key=lambda one: one.id):
            if score.tool == tool and score.taken_on is not None and score.value is not None:
                days.setdefault(score.taken_on, {})[score.scale] = score.value
        return tuple(sorted(days.items()))


def read_person(reader: Reader, person_id: str, today: dt.date) -> PersonRecord:
    """Refused when the person is not on this laptop. What this person may not hold is not here and so is not shown."""
    person = found.survivor(reader, person_id)
    person_id = person.id
    ids = ids_of(reader, person_id)

    def every(struct: type[R]) -> list[R]:
        # what was written in a record that was joined to this one stays where it is and is read through it
        return [one for id in ids for one in load_all(reader, struct, subject=id)]

    names = {one.id: one.name for one in load_all(reader, Practitioner)}
    row = row_of(reader, person_id)
    practice = load(reader, Organisation, person.practice_id) if person.practice_id else None
    plans = current_plan(every(CarePlan))
    stays = [stay for stay in every(Stay) if stay.ended_on is None]
    support = every(Episode)
    episodes = [episode for episode in support if episode.state == "open"]
    closed = [episode for episode in support if episode.state == "closed"]
    waiting = [referral for referral in every(Referral) if is_undecided(referral)]
    notes = _effective(reader, every(Note))
    contacts = _contacts(reader, every(Contact), notes, every(GpEntry), every(Assessment))
    about_contacts = {noted.contact.id for noted in contacts}
    demographics = every(Demographics)
    access = every(AccessNote)
    return PersonRecord(
        person=person,
        ids=ids,
        similar_name=row is not None and row.similar_name,
        practice=practice.name if practice else "",
        coordinator=names.get(person.coordinator_id, ""),
        demographics=demographics[0] if demographics else None,
        addresses=tuple(every(Address)),
        contact_points=tuple(sorted(every(ContactPoint), key=lambda point: (not point.preferred, point.id))),
        related=tuple(every(RelatedPerson)),
        alerts=in_force(every(Alert), today),
        safety_facts=tuple(fact for fact in every(SafetyFact) if fact.ended_on is None or fact.ended_on > today),
        access_note=access[0] if access else None,
        stay=stays[-1] if stays else None,
        consents=tuple(every(Consent)),
        episode=episodes[-1] if episodes else None,
        closed_episode=max(closed, key=lambda one: (one.closed_on or dt.date.min, one.id), default=None),
        referrals_waiting=tuple(sorted(waiting, key=lambda one: (day_number(one.received_on), one.id))),
        plan=plan_parts(reader, plans[0].id) if plans else None,
        plan_before=_newest_ended(every(CarePlan)),
        contacts=contacts,
        loose_notes=tuple(note for note in reversed(notes) if note.about_id not in about_contacts),
        scores=tuple(every(Score)),
        appointments=tuple(every(Appointment)),
        tasks=tuple(every(Task)),
        requests=_newest(every(Request), lambda request: request.asked_on),
        onward=_newest(every(OnwardReferral), lambda onward: onward.sent_on),
        letters=_newest(every(Letter), lambda letter: letter.written_on),
        attachments=_newest(every(Attachment), lambda attachment: attachment.received_on),
        copies_owed=tuple(copy for copy in every(PlanCopy) if copy.state == "owed" and not has_died(person)),
        clashes=tuple(one for one in every(Conflict) if one.state == "open"),
        closed_to=closed_to(reader, person_id, today),
        names=names,
        unsent=outbox.unsent_about(reader, ids) if has_organisation(reader) else frozenset(),
    )


def _newest_ended(plans: Iterable[CarePlan]) -> CarePlan | None:
    over = [plan for plan in plans if plan.state in ("ended", "declined")]
    return max(over, key=lambda plan: (plan.ended_on or dt.date.min, plan.id), default=None)


def _contacts(
    reader: Reader,
    contacts: Sequence[Contact],
    notes: Iterable[Note],
    entries: Iterable[GpEntry],
    assessments: Iterable[Assessment],
) -> tuple[Noted, ...]:
    by_contact: dict[str, list[Note]] = {}
    for note in notes:
        by_contact.setdefault(note.about_id, []).append(note)
    taken: dict[str, list[Assessment]] = {}
    for assessment in assessments:
        taken.setdefault(assessment.contact_id, []).append(assessment)
    entered = {entry.target_id: entry for entry in entries}
    now = effective_of(reader, Contact, [contact.id for contact in contacts])
    made = []
    for contact in contacts:
        reads = now.get(contact.id)
        if reads is None:
            continue
        as_now = record_from(type_of(Contact), contact.id, contact.subject, reads.body)
        if isinstance(as_now, Contact):
            made.append(
                Noted(
                    contact=as_now,
                    notes=tuple(by_contact.get(contact.id, ())),
                    gp_entry=entered.get(contact.id),
                    assessments=tuple(taken.get(contact.id, ())),
                    amended=reads.amended,
                    clashes=frozenset(reads.clashes),
                )
            )
    made.sort(key=lambda noted: (str(noted.contact.happened_at or ""), noted.contact.id), reverse=True)
    return tuple(made)


def _effective(reader: Reader, notes: Sequence[Note]) -> list[Note]:
    now = effective_of(reader, Note, [note.id for note in notes])
    read: list[Note] = []
    for note in notes:
        if note.id in now:
            as_now = record_from(type_of(Note), note.id, note.subject, now[note.id].body)
            if isinstance(as_now, Note):
                read.append(as_now)
    return read


def _newest(items: Iterable[R], day: Callable[[R], dt.date | None]) -> tuple[R, ...]:
    return tuple(sorted(items, key=lambda one: (-day_number(day(one)), one.id)))
