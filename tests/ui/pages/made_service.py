"""A service as it is on a Wednesday morning: 19 people of a real list layout, with visits, tasks, plans and letters."""

import datetime as dt
from pathlib import Path
from typing import Any

from wellbeing_desktop.domain.care_plan import CarePlan, PlanCopy
from wellbeing_desktop.domain.contact import Appointment, Contact
from wellbeing_desktop.domain.ids import new_id
from wellbeing_desktop.domain.london_time import local_date, moment_of
from wellbeing_desktop.domain.organisation import Organisation, Practitioner
from wellbeing_desktop.domain.person import Address, ContactPoint, Person
from wellbeing_desktop.domain.referral import Episode, Referral
from wellbeing_desktop.domain.task import Task
from wellbeing_desktop.exchange.people_list import read_people_file
from wellbeing_desktop.exchange.people_rows import ImportedPerson
from wellbeing_desktop.operations.people import register_person
from wellbeing_desktop.storage.connection import Writer
from wellbeing_desktop.storage.grants import organisation_of, user_of
from wellbeing_desktop.storage.write_door import Transaction, transaction

NOW = dt.datetime(2026, 11, 18, 9, 10, tzinfo=dt.UTC)
TODAY = dt.date(2026, 11, 18)
LIST = Path(__file__).parents[2] / "data" / "gp-connect" / "emis-search-layout-derived.csv"


def fill(writer: Writer) -> list[str]:
    """The ids of the people, in the order of the list."""
    user = user_of(writer)
    listed = read_people_file(LIST.read_bytes(), LIST.name, TODAY).people.people
    ids = [_register(writer, person, user) for person in listed]
    with transaction(writer, "practice") as tx:
        tx.change(Organisation, organisation_of(writer), {"telephone": "01632 960 001"})
        tx.change(Practitioner, user, {"job_title": "Care coordinator"})
        for at, person_id in enumerate(ids):
            _history(tx, person_id, at, user)
        for person_id, hour, minute, medium, travel, place in (
            (ids[0], 9, 40, "home_visit", 15, ""),
            (ids[3], 11, 0, "home_visit", 20, ""),
            (ids[5], 14, 30, "02", None, ""),
            (ids[8], 16, 0, "01", 10, "Riverside Surgery, room 2"),
        ):
            tx.create(_booked(person_id, TODAY, hour, minute, medium, travel, place, user))
        tx.create(_booked(ids[2], TODAY - dt.timedelta(days=2), 10, 0, "home_visit", 10, "", user))
        for person_id, title, kind, days, urgent in (
            (ids[1], "Call back about the falls clinic", "call_back", 0, True),
            (ids[4], "Ring the housing officer", "follow_up", -3, None),
            (ids[6], "Ask the pharmacy about the blister pack", "request", -1, None),
            (ids[7], "Tell the practice about the new address", "tell_practice", 0, None),
            (ids[9], "See how the lunch club went", "follow_up", 5, None),
        ):
            tx.create(
                Task(
                    subject=person_id,
                    title=title,
                    kind=kind,
                    owner_id=user,
                    due_on=TODAY + dt.timedelta(days=days),
                    due_at=moment_of(TODAY, dt.time(14, 0)) if kind == "call_back" else None,
                    urgent=urgent,
                    state="open",
                )
            )
        tx.create(
            Referral(
                subject=ids[10],
                received_on=TODAY - dt.timedelta(days=1),
                received_at=NOW - dt.timedelta(days=1),
                source="gp",
                reason="",
                urgency="urgent",
                state="new",
                referrer_name="Dr Shah",
            )
        )
    return ids


def _register(writer: Writer, person: ImportedPerson, user: str) -> str:
    id = new_id()
    line1, line2, line3, line4, line5 = person.address
    register_person(
        writer,
        Person(
            id=id,
            family_name=person.family_name,
            given_name=person.given_name,
            known_as=person.known_as,
            title=person.title,
            born_on=person.born_on,
            nhs_number=person.nhs_number,
            coordinator_id=user,
            letter_format="large_print" if person.line % 4 == 0 else "",
        ),
        address=Address(
            line1=line1, line2=line2, line3=line3, line4=line4, line5=line5, postcode=person.postcode, use="1"
        ),
        contact_points=[ContactPoint(medium="telephone", value=phone.value) for phone in person.phones[:1]],
        at=NOW - dt.timedelta(days=200),
    )
    return id


def _history(tx: Transaction, person_id: str, at: int, user: str) -> None:
    opened = TODAY - dt.timedelta(days=150 - at)
    referral_id = tx.create(
        Referral(
            subject=person_id,
            received_on=opened - dt.timedelta(days=4),
            source="gp" if at % 3 else "self",
            state="new",
        )
    )
    tx.change(Referral, referral_id, {"state": "accepted", "decided_on": opened})
    if at % 7 == 6:
        return
    episode_id = tx.create(
        Episode(subject=person_id, referral_id=referral_id, opened_on=opened, practitioner_id=user, state="open")
    )
    seen = NOW - dt.timedelta(days=6 + at * 4)
    tx.create(
        Contact(
            subject=person_id,
            happened_at=seen,
            happened_on=local_date(seen),
            medium="home_visit" if at % 2 else "02",
            outcome="seen",
            practitioner_id=user,
            episode_id=episode_id,
            duration_minutes=40,
        )
    )
    if at % 3 == 0:
        plan_id = tx.create(
            CarePlan(
                subject=person_id,
                episode_id=episode_id,
                state="draft",
                started_on=opened,
                practitioner_id=user,
                review_on=TODAY + dt.timedelta(days=at - 6),
            )
        )
        tx.change(CarePlan, plan_id, {"state": "agreed", "agreed_on": opened + dt.timedelta(days=20), "version": 1})
        if at == 3:
            tx.create(PlanCopy(subject=person_id, plan_id=plan_id, version=1, state="owed"))


def _booked(
    person_id: str, day: dt.date, hour: int, minute: int, medium: str, travel: Any, place: str, user: str
) -> Appointment:
    return Appointment(
        subject=person_id,
        starts_at=moment_of(day, dt.time(hour, minute)),
        starts_on=day,
        duration_minutes=60,
        medium=medium,
        travel_minutes=travel,
        place=place,
        practitioner_id=user,
        state="booked",
    )
