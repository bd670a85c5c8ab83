"""A visit, finished: the contact, its note, the questionnaires and what changed in the plan, as one piece of work.

One transaction, so that a visit is never half there, and one undo takes it all back.
"""

import datetime as dt
from collections.abc import Mapping

import msgspec

from wellbeing_desktop.domain.care_plan import Action, CarePlan, Goal
from wellbeing_desktop.domain.changes import Changes
from wellbeing_desktop.domain.contact import Contact, Note
from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.domain.ids import new_id
from wellbeing_desktop.domain.plan_rules import current_plan
from wellbeing_desktop.operations import found
from wellbeing_desktop.operations.assessments import add_assessment
from wellbeing_desktop.operations.care_plans import begin_plan
from wellbeing_desktop.operations.catalogue import doing
from wellbeing_desktop.operations.contacts import add_contact
from wellbeing_desktop.operations.plan_contents import put_action, put_goal
from wellbeing_desktop.storage.connection import Writer
from wellbeing_desktop.storage.write_door import Transaction


class NewGoal(msgspec.Struct, frozen=True, kw_only=True):
    """A goal agreed at the visit, with at most one action: more are written in the plan itself."""

    what: str
    action: str = ""
    who: str = ""
    due_on: dt.date | None = None


class StateChange(msgspec.Struct, frozen=True, kw_only=True):
    """A goal or action whose state is another than the screen showed."""

    id: str
    state: str
    seen: str


class Visit(msgspec.Struct, frozen=True, kw_only=True):
    """What was written down. `answers` is questionnaire to its answers, left out when nothing was answered;
    `concern_id` is that of the page that a safety question opened."""

    contact: Contact
    note: Note | None = None
    gp_record: str = "to_enter"
    answers: Mapping[str, Mapping[str, int]] = {}
    concern_id: str = ""
    goal_states: tuple[StateChange, ...] = ()
    action_states: tuple[StateChange, ...] = ()
    new_goals: tuple[NewGoal, ...] = ()


def finish_visit(writer: Writer, visit: Visit, *, at: dt.datetime | None = None) -> Changes:
    """Keep the visit. Raises Refused beside the field; then nothing of it is kept but the draft."""
    with doing(writer, "finish_visit", at=at) as tx:
        person_id = visit.contact.subject
        contact_id = add_contact(tx, visit.contact, visit.note, gp_record=visit.gp_record)
        for tool, answers in visit.answers.items():
            add_assessment(
                tx,
                person_id,
                tool,
                answers,
                contact_id=contact_id,
                episode_id=visit.contact.episode_id,
                taken_at=visit.contact.happened_at,
                concern_id=visit.concern_id,
            )
        for change in visit.goal_states:
            tx.change(Goal, change.id, {"state": change.state}, {"state": change.seen})
        for change in visit.action_states:
            tx.change(Action, change.id, {"state": change.state}, {"state": change.seen})
        if visit.new_goals:
            _add_goals(tx, person_id, visit)
    return tx.changes


def _add_goals(tx: Transaction, person_id: str, visit: Visit) -> None:
    plans = current_plan(found.every(tx.reader, CarePlan, person_id))
    plan_id = plans[0].id if plans else begin_plan(tx, person_id, episode_id=visit.contact.episode_id)
    for number, goal in enumerate(visit.new_goals, 1):
        if not goal.what.strip():
            raise Refused("Write the goal in the person's words first.", f"goal_{number}_what")
        goal_id = new_id()
        put_goal(tx, Goal(id=goal_id, subject=person_id, plan_id=plan_id, what=goal.what))
        if goal.action.strip():
            put_action(
                tx,
                Action(
                    subject=person_id,
                    plan_id=plan_id,
                    goal_id=goal_id,
                    what=goal.action,
                    who=goal.who,
                    due_on=goal.due_on,
                ),
            )
