"""What makes made-up people whole: how to reach them, what to know before knocking, what is due and booked."""

import datetime as dt
from collections.abc import Sequence
from functools import partial
from typing import Final

import msgspec

from wellbeing_desktop.cli.demo.people import PRACTICES
from wellbeing_desktop.domain.consent import Consent
from wellbeing_desktop.domain.contact import Appointment
from wellbeing_desktop.domain.definition import Compartment
from wellbeing_desktop.domain.follow_up import shipped_rules
from wellbeing_desktop.domain.london_time import local_date, moment_of
from wellbeing_desktop.domain.organisation import Organisation
from wellbeing_desktop.domain.person import Address, RelatedPerson
from wellbeing_desktop.domain.safety import Alert, SafetyFact, Stay
from wellbeing_desktop.domain.task import Task
from wellbeing_desktop.operations import alerts, appointments, consent, people, stays, tasks
from wellbeing_desktop.operations.follow_ups import change_rule
from wellbeing_desktop.storage.connection import Writer
from wellbeing_desktop.storage.records import load_all
from wellbeing_desktop.storage.store import Store
from wellbeing_desktop.storage.write_door import transaction

SERVICE: Final = "Kington Wellbeing (made up)"
LARGE_PRINT: Final = 0
UNSAFE_ADDRESS: Final = 3
"""Places in the coordinator's list: who needs large print, and whose address is not safe to write to (W10)."""
BOOKED_PEOPLE: Final = 7
"""So many of the first people have an appointment, or would have but for their address."""
RULE: Final = "after_hospital"
"""The follow-up rule that is switched on."""
_LEFT_HOSPITAL: Final = 6
_BOOKED: Final = ((9, 30, 0), (11, 0, 1), (13, 30, 2), (15, 15, 4))
"""Hour, minute and place in the list of the day's visits."""


_SERVICE_DETAILS: Final[dict[str, str]] = {
    "address": "The Old Station, Station Road\nKington",
    "postcode": "HR5 9ZZ",
    "telephone": "01632 960100",
    "email": "hello@kington.example",
}


def introduce_service(store: Store) -> None:
    """Who writes the letters, and whom to call."""
    organisation_id = store.identity.organisation_id

    def work(writer: Writer) -> None:
        with transaction(writer, "set_up") as tx:
            tx.create(
                Organisation(
                    id=organisation_id,
                    subject=organisation_id,
                    name=SERVICE,
                    kind="service",
                    address=_SERVICE_DETAILS["address"],
                    postcode=_SERVICE_DETAILS["postcode"],
                    telephone=_SERVICE_DETAILS["telephone"],
                    email=_SERVICE_DETAILS["email"],
                )
            )

    store.write(work)


def complete_service(store: Store) -> None:
    """The same for a store on this computer only, whose organisation is there already; practices with it."""

    def work(writer: Writer) -> None:
        with transaction(writer, "set_up") as tx:
            tx.change(Organisation, store.identity.organisation_id, _SERVICE_DETAILS)

    store.write(work)
    give_practices_addresses(store)


def give_practices_addresses(store: Store) -> None:
    """What no list of people says, and a letter to the GP needs."""
    known = {practice.code: practice for practice in PRACTICES}

    def work(writer: Writer) -> None:
        with transaction(writer, "set_up") as tx:
            for practice in load_all(writer, Organisation, kind="practice"):
                if found := known.get(practice.ods_code):
                    address = {"address": "\n".join(found.address), "postcode": found.postcode}
                    tx.change(Organisation, practice.id, address)

    store.write(work)


def switch_on_a_rule(store: Store, now: dt.datetime) -> None:
    """One rule of the example set, so that a task which a rule made is there to be seen: `add_details` says who left
    hospital."""
    rule = next(rule for rule in shipped_rules() if rule.id == RULE)
    store.write(lambda writer: change_rule(writer, msgspec.structs.replace(rule, is_on=True), at=now))


def add_details(store: Store, person_ids: Sequence[str], now: dt.datetime) -> None:
    """Facts about the coordinator's first people, and the week's visits and promises."""
    store.write(partial(_facts, person_ids=person_ids, now=now))
    store.write(partial(_week, person_ids=person_ids, now=now))


def _facts(writer: Writer, person_ids: Sequence[str], now: dt.datetime) -> None:
    today = local_date(now)
    first = person_ids[LARGE_PRINT]
    people.change_person(
        writer,
        first,
        {
            "communication_needs": ("large_print", "hearing_aid"),
            "letter_format": "large_print",
            "communication_detail": "Speak slowly and sit close. Needs time to reach the door.",
        },
        at=now,
    )
    alerts.raise_alert(
        writer,
        Alert(
            subject=first,
            kind="falls",
            statement="Fell on the bathroom step in September and could not get up alone.",
            what_to_do="Knock and wait. If nobody answers in 10 minutes, ring the daughter, then use the key safe.",
            source="Daughter",
            stated_on=today - dt.timedelta(days=40),
            review_on=today + dt.timedelta(days=50),
            before_visit=True,
        ),
        Compartment.CLINICAL,
        at=now,
    )
    alerts.record_access_note(
        writer,
        first,
        {
            "instructions": "Side gate, then the back door. The bell does not work.",
            "key_safe": "By the water butt. Code with the office.",
            "animals": "One small dog, friendly",
            "checked_on": today - dt.timedelta(days=12),
        },
        at=now,
    )
    alerts.record_safety_fact(
        writer,
        SafetyFact(
            subject=first,
            kind="allergy",
            statement="Penicillin",
            reaction="Rash",
            presence="present",
            source="The person",
            stated_on=today - dt.timedelta(days=40),
        ),
        at=now,
    )
    people.add_related_person(
        writer,
        RelatedPerson(
            subject=first,
            name="Mair Prosser",
            relationship="Daughter",
            roles=("carer", "emergency_contact"),
            telephone="07700 900123",
            may_be_told="Visit times, equipment",
            not_to_be_told="Mental health",
        ),
        at=now,
    )
    consent.record_consent(
        writer,
        Consent(
            subject=first,
            purpose="share_family",
            decision="agreed",
            given_by="person",
            given_on=today - dt.timedelta(days=40),
        ),
        at=now,
    )
    unsafe = load_all(writer, Address, subject=person_ids[UNSAFE_ADDRESS])
    for address in unsafe:
        people.change_address(
            writer,
            address.id,
            {"safe_to_write": False, "safety_reason": "Asked us never to write here: others open the post."},
            at=now,
        )


def _week(writer: Writer, person_ids: Sequence[str], now: dt.datetime) -> None:
    today = local_date(now)
    morning = moment_of(today, dt.time(0, 1))
    for hour, minute, place in _BOOKED:
        appointments.book_appointment(
            writer,
            Appointment(
                subject=person_ids[place],
                starts_at=moment_of(today, dt.time(hour, minute)),
                duration_minutes=45,
                travel_minutes=20,
                medium="home_visit",
                place="At home",
                purpose="Review the plan" if place else "Plan and wellbeing scores",
            ),
            at=morning,
        )
    stays.record_stay(
        writer,
        Stay(
            subject=person_ids[_LEFT_HOSPITAL],
            place="County Hospital, ward 4",
            kind="ward",
            started_on=today - dt.timedelta(days=4),
            ended_on=today,
        ),
        at=now,
    )
    for days, place in ((3, 5), (4, UNSAFE_ADDRESS)):
        appointments.book_appointment(
            writer,
            Appointment(
                subject=person_ids[place],
                starts_at=moment_of(today + dt.timedelta(days=days), dt.time(10, 0)),
                duration_minutes=60,
                medium="home_visit",
                place="At home",
                purpose="First visit",
            ),
            at=now,
        )
    for days, place, kind, title, again in (
        (-2, 1, "call_back", "Ring back about the lunch club", ""),
        (0, 2, "follow_up", "Ask the council about the equipment assessment", "P2W"),
        (2, 4, "tell_practice", "Tell the practice that the telephone number changed", ""),
    ):
        tasks.add_task(
            writer,
            Task(
                subject=person_ids[place],
                title=title,
                kind=kind,
                due_on=today + dt.timedelta(days=days),
                repeats=again,
                owner_id=str(writer.value("SELECT user_id FROM identity")),
            ),
            at=now,
        )
