"""What the demo's coordinators did last month: referrals, contacts, plans and scores for the return to count.

Every record goes through the same operations as the window's, with the moment it happened.
"""

import datetime as dt
import random
from collections.abc import Sequence
from functools import partial
from typing import Final

from wellbeing_desktop.domain.care_plan import Action, Goal, PlanCopy
from wellbeing_desktop.domain.contact import Contact, Note
from wellbeing_desktop.domain.ids import new_id
from wellbeing_desktop.domain.london_time import moment_of
from wellbeing_desktop.domain.person import Person
from wellbeing_desktop.domain.referral import Referral
from wellbeing_desktop.operations import assessments, care_plans, contacts, plan_contents, plan_copies, referrals
from wellbeing_desktop.storage.connection import Reader, Writer
from wellbeing_desktop.storage.records import load, load_all
from wellbeing_desktop.storage.store import Store

_SOURCES: Final = ("gp", "gp", "gp", "self", "hospital", "social_care", "voluntary")
_REASONS: Final = ("loneliness", "low_mood", "frailty", "carer", "long_term_condition", "hospital_discharge")
_NOTES: Final = (
    "Settling after the move. Would like to get out more in the mornings.",
    "Talked about the garden. Knee is better; walks to the shop again.",
    "Worried about the winter bill. Looked at the warm homes scheme together.",
    "Enjoyed the lunch club last week and wants to go again.",
)
_GOALS: Final = (
    "I want to get to the lunch club on Thursdays",
    "I would like to feel steady on the stairs",
    "I want to see my sister once a month",
)


def first_of_last_month(today: dt.date) -> dt.date:
    return (today.replace(day=1) - dt.timedelta(days=1)).replace(day=1)


def live_last_month(store: Store, person_ids: Sequence[str], today: dt.date, *, seed: int = 7) -> int:
    """Write last month's work for these people; answers how many contacts there were."""
    chance = random.Random(seed)  # made-up work, not secrets
    begin = first_of_last_month(today)
    written = 0
    for place, person_id in enumerate(person_ids):
        day = begin + dt.timedelta(days=chance.randrange(0, 18))
        written += store.write(partial(_one_person, person_id=person_id, day=day, place=place, chance=chance))
    return written


def _one_person(writer: Writer, person_id: str, day: dt.date, place: int, chance: random.Random) -> int:
    referral_id, episode_id = new_id(), new_id()
    received = _moment(day, 9, 15)
    referrals.receive_referral(
        writer,
        Referral(
            id=referral_id,
            subject=person_id,
            received_on=day,
            source=chance.choice(_SOURCES),
            reason=chance.choice(_REASONS),
            urgency="routine",
        ),
        words="Asked for company and help with getting about.",
        at=received,
    )
    if place % 9 == 8:
        referrals.decline_referral(writer, referral_id, reason="out_of_area", at=_moment(day, 15, 0))
        return 0
    author = writer.value("SELECT user_id FROM identity")
    referrals.accept_referral(
        writer,
        referral_id,
        practitioner_id=author,
        episode_id=episode_id,
        at=_moment(day + dt.timedelta(days=1), 10, 0),
    )
    first = day + dt.timedelta(days=chance.randrange(2, 8))
    count = 1
    if place % 5 == 4:
        _contact(writer, person_id, episode_id, first, "home_visit", "3", "", chance)
        first += dt.timedelta(days=3)
        count += 1
    contact_id = _contact(writer, person_id, episode_id, first, "home_visit", "5", chance.choice(_NOTES), chance)
    before = {
        "satisfied": chance.randrange(2, 6),
        "worthwhile": chance.randrange(3, 7),
        "happy": chance.randrange(2, 7),
    }
    _ons4(writer, person_id, episode_id, contact_id, {**before, "anxious": chance.randrange(4, 9)}, first)
    if place % 3 != 2:
        _plan(writer, person_id, episode_id, first, chance)
    second = first + dt.timedelta(days=6)
    _contact(writer, person_id, episode_id, second, "02", "spoke", "Telephone call. All well.", chance)
    count += 1
    if place % 2 == 0:
        after = {scale: min(10, value + chance.randrange(-1, 4)) for scale, value in before.items()}
        _ons4(writer, person_id, episode_id, "", {**after, "anxious": chance.randrange(1, 7)}, second)
    return count


def _contact(
    writer: Writer,
    person_id: str,
    episode_id: str,
    day: dt.date,
    medium: str,
    outcome: str,
    words: str,
    chance: random.Random,
) -> str:
    contact_id = new_id()
    start = _moment(day, chance.randrange(9, 16), chance.choice((0, 15, 30)))
    contacts.record_contact(
        writer,
        Contact(
            id=contact_id,
            subject=person_id,
            happened_at=start,
            medium=medium,
            direction="out",
            outcome=outcome,
            planned=True,
            duration_minutes=45 if medium == "home_visit" else 10,
            travel_minutes=20 if medium == "home_visit" else None,
            place="home" if medium == "home_visit" else "",
            episode_id=episode_id,
        ),
        Note(text=words) if words else None,
        at=start + dt.timedelta(hours=1),
    )
    return contact_id


def _ons4(
    writer: Writer, person_id: str, episode_id: str, contact_id: str, answers: dict[str, int], day: dt.date
) -> None:
    taken = _moment(day, 16, 40)
    assessments.take_assessment(
        writer, person_id, "ons4", answers, contact_id=contact_id, episode_id=episode_id, taken_at=taken, at=taken
    )


def _plan(writer: Writer, person_id: str, episode_id: str, day: dt.date, chance: random.Random) -> None:
    plan_id, goal_id = new_id(), new_id()
    at = _moment(day, 17, 5)
    care_plans.start_plan(writer, person_id, episode_id=episode_id, plan_id=plan_id, at=at)
    plan_contents.write_narrative(
        writer,
        plan_id,
        {
            "most_important": "My independence, and seeing my family.",
            "please_do": "Please ring before you come. Please do not move my chair.",
            "strengths": "Good neighbours. Knows everybody in the street.",
        },
        {},
        at=at,
    )
    goal = chance.choice(_GOALS)
    plan_contents.set_goal(writer, Goal(id=goal_id, subject=person_id, plan_id=plan_id, what=goal, importance=8), at=at)
    plan_contents.set_action(
        writer,
        Action(
            subject=person_id,
            plan_id=plan_id,
            goal_id=goal_id,
            what="Ring the community car and book the first trip",
            who="The person, with Priya's help",
            due_on=day + dt.timedelta(days=14),
            confidence=7,
        ),
        at=at,
    )
    care_plans.agree_plan(
        writer,
        plan_id,
        agreed_with=own_name(writer, person_id),
        review_on=day + dt.timedelta(days=42),
        reviewer="Care coordinator",
        at=at,
    )
    for copy in load_all(writer, PlanCopy, plan_id=plan_id, state="owed"):
        plan_copies.settle_copy(writer, copy.id, "handed", settled_on=day, at=at)


def own_name(reader: Reader, person_id: str) -> str:
    """The person's name as they would sign: they agreed the plan themselves."""
    person = load(reader, Person, person_id)
    return f"{person.given_name} {person.family_name.title()}" if person else ""


def _moment(day: dt.date, hour: int, minute: int) -> dt.datetime:
    return moment_of(day, dt.time(hour, minute))
