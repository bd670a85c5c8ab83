"""Today's home visits, with no network: note, scores, plan, the person's copy and the letter to the GP."""

import datetime as dt
from collections.abc import Sequence
from functools import partial
from typing import Final

from wellbeing_desktop.cli.demo.past import own_name
from wellbeing_desktop.domain.care_plan import Action, CarePlan, Goal, PlanNarrative
from wellbeing_desktop.domain.contact import Contact, Note
from wellbeing_desktop.domain.ids import new_id
from wellbeing_desktop.operations import assessments, care_plans, contacts, plan_contents
from wellbeing_desktop.storage.connection import Reader, Writer
from wellbeing_desktop.storage.records import load_all
from wellbeing_desktop.storage.store import Store

WHAT_MATTERS: Final = "My garden, my sister Mair, and not being a burden."
_VISITS: Final = (
    ("The rail on the stairs has helped. Slept better this week.", "Ring the lunch club on Monday."),
    ("Fell in the bathroom on Tuesday, no injury. Would like the mat moved.", "Ask for the equipment assessment."),
    ("Daughter was there. Both pleased with the new tablets box.", "Send the plan to the daughter as agreed."),
)


def visit(store: Store, person_ids: Sequence[str], now: dt.datetime) -> list[str]:
    """Visit each person in turn; answers the ids of the plans agreed."""
    return [
        store.write(partial(_one_visit, person_id=person_id, place=place, at=now + dt.timedelta(minutes=place)))
        for place, person_id in enumerate(person_ids)
    ]


def current_plan(reader: Reader, person_id: str) -> CarePlan | None:
    """The person's plan that is a draft or agreed, the newest if there are several."""
    plans = [plan for plan in load_all(reader, CarePlan, subject=person_id) if plan.state in ("draft", "agreed")]
    return plans[-1] if plans else None


def words_of(reader: Reader, plan_id: str) -> PlanNarrative:
    """Every plan has its one narrative from its start."""
    return load_all(reader, PlanNarrative, plan_id=plan_id)[0]


def rewrite_what_matters(store: Store, person_id: str, words: str, at: dt.datetime) -> None:
    """Change the first heading of the person's plan, from what is seen there now."""

    def work(writer: Writer) -> None:
        plan = current_plan(writer, person_id)
        if plan is None:
            raise LookupError("the demo's person has no plan to change")
        seen = words_of(writer, plan.id).most_important
        plan_contents.write_narrative(writer, plan.id, {"most_important": words}, {"most_important": seen}, at=at)

    store.write(work)


def _one_visit(writer: Writer, person_id: str, place: int, at: dt.datetime) -> str:
    said, agreed = _VISITS[place % len(_VISITS)]
    contact_id = new_id()
    contacts.record_contact(
        writer,
        Contact(
            id=contact_id,
            subject=person_id,
            happened_at=at - dt.timedelta(minutes=50),
            medium="home_visit",
            direction="out",
            outcome="5",
            planned=True,
            duration_minutes=45,
            travel_minutes=25,
            place="home",
            seen_alone=True,
        ),
        Note(text=said, said_by_person="I am managing, thank you.", agreed=agreed, agreed_by="The person"),
        at=at,
    )
    assessments.take_assessment(
        writer,
        person_id,
        "ons4",
        {"satisfied": 6, "worthwhile": 7, "happy": 6, "anxious": 3},
        contact_id=contact_id,
        taken_at=at,
        at=at,
    )
    plan = current_plan(writer, person_id)
    plan_id = plan.id if plan is not None else new_id()
    if plan is None:
        care_plans.start_plan(writer, person_id, plan_id=plan_id, at=at)
    seen = words_of(writer, plan_id).most_important if plan is not None else ""
    plan_contents.write_narrative(writer, plan_id, {"most_important": WHAT_MATTERS}, {"most_important": seen}, at=at)
    for number, goal in enumerate(("I want to walk to the shop on my own", "I want to see Mair once a month")):
        goal_id = new_id()
        plan_contents.set_goal(
            writer, Goal(id=goal_id, subject=person_id, plan_id=plan_id, what=goal, importance=9 - number), at=at
        )
        plan_contents.set_action(
            writer,
            Action(
                subject=person_id,
                plan_id=plan_id,
                goal_id=goal_id,
                what="Practise the walk on Tuesdays" if number == 0 else "Book the community car",
                who="The person and Priya",
                due_on=at.date() + dt.timedelta(days=21),
                confidence=7,
            ),
            at=at,
        )
    review_on = at.date() + dt.timedelta(days=42)
    if plan is not None and plan.state == "agreed":
        care_plans.review_plan(
            writer, plan_id, review_on=review_on, agreed_with=own_name(writer, person_id), changed=True, at=at
        )
    else:
        care_plans.agree_plan(writer, plan_id, agreed_with=own_name(writer, person_id), review_on=review_on, at=at)
    return plan_id
