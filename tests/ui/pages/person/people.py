"""A store of made-up people on the day of a visit, for the tests of screens: everything a record can hold."""

import datetime as dt
from pathlib import Path
from typing import Final

from wellbeing_desktop.domain.care_plan import Action, Goal
from wellbeing_desktop.domain.consent import Consent
from wellbeing_desktop.domain.contact import Appointment, Contact, Note
from wellbeing_desktop.domain.ids import new_id
from wellbeing_desktop.domain.organisation import Organisation
from wellbeing_desktop.domain.person import Address, ContactPoint, Person, RelatedPerson
from wellbeing_desktop.domain.safety import Alert, SafetyFact
from wellbeing_desktop.domain.task import Task
from wellbeing_desktop.operations import (
    alerts,
    appointments,
    assessments,
    care_plans,
    consent,
    contacts,
    people,
    plan_contents,
    tasks,
)
from wellbeing_desktop.operations.setting_up import set_up_alone
from wellbeing_desktop.storage.connection import Writer
from wellbeing_desktop.storage.kdf import FAST_FOR_TESTS
from wellbeing_desktop.storage.store import Store
from wellbeing_desktop.storage.write_door import transaction
from wellbeing_desktop.ui.session import Session

NOW: Final = dt.datetime(2026, 11, 21, 10, 42, tzinfo=dt.UTC)
BRONWEN: Final = "01932f00-0000-7000-8000-000000000001"
TWIN: Final = "01932f00-0000-7000-8000-000000000002"
EMPTY: Final = "01932f00-0000-7000-8000-000000000003"
PLAN: Final = "01932f00-0000-7000-8000-000000000010"
CONTACT: Final = "01932f00-0000-7000-8000-000000000020"
PRACTICE: Final = "01932f00-0000-7000-8000-000000000030"


def make_session(folder: Path) -> Session:
    """A store on this computer only with its people; close it with `session.store.close()`."""
    store, _kit = set_up_alone(
        folder, "Tests", "granite pelican umbrella seventeen", user_name="Sam Okafor", argon=FAST_FOR_TESTS
    )
    store.write(_fill)
    return session_on(store)


def session_on(store: Store) -> Session:
    identity = store.identity
    return Session(
        store=store,
        user_id=identity.user_id,
        user_name="Sam Okafor",
        organisation_id=identity.organisation_id,
        clock=lambda: NOW,
    )


def _day(days: int) -> dt.date:
    return NOW.date() + dt.timedelta(days=days)


def _at(days: int, hour: int = 10) -> dt.datetime:
    return NOW.replace(hour=hour, minute=0) + dt.timedelta(days=days)


def _fill(writer: Writer) -> None:
    user = str(writer.value("SELECT user_id FROM identity"))
    with transaction(writer, "add_organisation", at=_at(-300)) as tx:
        tx.create(Organisation(id=PRACTICE, subject=PRACTICE, name="Mill Lane Surgery", ods_code="A12345"))
    people.register_person(
        writer,
        Person(
            id=BRONWEN,
            family_name="Jones",
            given_name="Bronwen",
            known_as="Bron",
            title="Mrs",
            pronouns="she/her",
            born_on=dt.date(1943, 3, 14),
            nhs_number="9000000009",
            practice_id=PRACTICE,
            coordinator_id=user,
            language="Welsh",
            communication_needs=("large_print", "hearing_aid"),
            communication_detail="Speak slowly and face her",
        ),
        address=Address(line1="12 Mill Lane", line4="Llandrillo", postcode="LL21 0TG", use="1"),
        contact_points=(
            ContactPoint(
                medium="telephone",
                value="+441632960123",
                preferred=True,
                safe_to_leave_message=True,
                safe_times="mornings",
            ),
            ContactPoint(
                medium="mobile", value="+447700900123", safe_to_call=False, safety_reason="Her son answers this phone"
            ),
        ),
        at=_at(-270),
    )
    people.register_person(
        writer,
        Person(
            id=TWIN, family_name="Jones", given_name="Bronwen", born_on=dt.date(1961, 7, 2), nhs_number="9000000017"
        ),
        at=_at(-200),
    )
    people.register_person(writer, Person(id=EMPTY, family_name="Ahmed", given_name="Dilip"), at=_at(-100))
    _safety(writer)
    _plan(writer, user)
    _contacts(writer)
    for purpose, decision in (("share_professionals", "agreed"), ("photograph", "objected")):
        consent.record_consent(
            writer,
            Consent(
                subject=BRONWEN,
                purpose=purpose,
                decision=decision,
                given_by="person",
                how="In words",
                given_on=_day(-250),
            ),
            at=_at(-250),
        )
    tasks.add_task(
        writer, Task(subject=BRONWEN, title="Ring about the hearing aid clinic", due_on=_day(-2)), at=_at(-9)
    )
    appointments.book_appointment(
        writer,
        Appointment(
            subject=BRONWEN,
            starts_at=_at(0, 15),
            medium="home_visit",
            purpose="Review of the plan",
            duration_minutes=60,
        ),
        at=_at(-9),
    )


def _safety(writer: Writer) -> None:
    alerts.raise_alert(
        writer,
        Alert(
            subject=BRONWEN,
            kind="visiting",
            statement="The dog in the kitchen bites strangers",
            what_to_do="Ring first and ask for the dog to be shut away",
            source="District nurse",
            stated_on=_day(-40),
            review_on=_day(60),
            before_visit=True,
        ),
        "card",
        at=_at(-40),
    )
    alerts.record_safety_fact(
        writer,
        SafetyFact(
            subject=BRONWEN,
            kind="allergy",
            statement="Penicillin",
            reaction="Rash",
            presence="present",
            source="GP record",
        ),
        at=_at(-40),
    )
    alerts.record_access_note(
        writer,
        BRONWEN,
        {"instructions": "Side door. She is slow to the door, wait.", "key_safe": "4711", "animals": "One dog"},
        at=_at(-40),
    )
    people.add_related_person(
        writer,
        RelatedPerson(
            subject=BRONWEN,
            name="Sian Jones",
            relationship="Daughter",
            roles=("next_of_kin", "carer"),
            telephone="01632 960 456",
            may_be_told="visit times, equipment",
            not_to_be_told="mental health",
        ),
        at=_at(-260),
    )


def _plan(writer: Writer, user: str) -> None:
    care_plans.start_plan(writer, BRONWEN, plan_id=PLAN, at=_at(-180))
    plan_contents.write_narrative(
        writer,
        PLAN,
        {
            "most_important": "Staying in my own home and getting back to chapel on Sundays.",
            "people_important": "Sian, and Mair next door.",
            "strengths": "I have always been good with people.",
            "triggers": "When I stop going out for a week.",
        },
        {},
        at=_at(-180),
    )
    walk, bath = new_id(), new_id()
    for id, what, state, importance in (
        (walk, "I want to walk to chapel on my own", "in_progress", 9),
        (bath, "I want to feel safe in the bath", "not_started", 7),
    ):
        plan_contents.set_goal(
            writer, Goal(id=id, subject=BRONWEN, plan_id=PLAN, what=what, importance=importance), at=_at(-180)
        )
        if state != "not_started":
            plan_contents.set_goal(
                writer,
                Goal(id=id, subject=BRONWEN, plan_id=PLAN, what=what, importance=importance, state=state),
                at=_at(-120),
            )
    for goal, what, who, due in (
        (walk, "Ask the physiotherapist for a stick", "Sam Okafor", -2),
        (walk, "Walk to the gate each day", "Bron", 13),
        (bath, "Fit a grab rail", "Housing association", 40),
    ):
        plan_contents.set_action(
            writer,
            Action(subject=BRONWEN, plan_id=PLAN, goal_id=goal, what=what, who=who, due_on=_day(due), confidence=8),
            at=_at(-170),
        )
    care_plans.agree_plan(
        writer, PLAN, agreed_with="Bronwen Jones", review_on=_day(9), reviewer="Sam Okafor", at=_at(-160)
    )


def _contacts(writer: Writer) -> None:
    for days, medium, text, agreed in (
        (-170, "home_visit", "First visit. Talked about what matters to her.", "Start a plan together"),
        (-90, "02", "She is walking to the gate most days.", ""),
        (
            -30,
            "home_visit",
            "Stairs are easier with the second rail. Chest clear, no cough.",
            "Ask about hearing aid clinic",
        ),
    ):
        id = CONTACT if days == -30 else new_id()
        contacts.record_contact(
            writer,
            Contact(
                id=id,
                subject=BRONWEN,
                happened_at=_at(days),
                ended_at=_at(days) + dt.timedelta(minutes=45),
                medium=medium,
                direction="out",
                outcome="5" if medium == "home_visit" else "spoke",
                place="home" if medium == "home_visit" else "online",
            ),
            Note(
                subject=BRONWEN,
                text=text,
                said_by_person="I can manage the stairs now." if days == -30 else "",
                told_by_others="She did not sleep last week." if days == -30 else "",
                told_by="Sian Jones" if days == -30 else "",
                in_confidence=True if days == -30 else None,
                agreed=agreed,
                agreed_by="Bron" if agreed else "",
            ),
            at=_at(days, 12),
        )
    for days, answers in (
        (-170, (3, 4, 5, 7)),
        (-90, (4, 4, 6, 6)),
        (-30, (6, 7, 7, 3)),
    ):
        assessments.take_assessment(
            writer,
            BRONWEN,
            "ons4",
            dict(zip(("satisfied", "worthwhile", "happy", "anxious"), answers, strict=True)),
            contact_id=CONTACT if days == -30 else "",
            taken_at=_at(days),
            at=_at(days, 12),
        )
