"""What is in a plan: the words under its headings, its goals and its actions (PRACTICE W24)."""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

import msgspec

from wellbeing_desktop.domain.care_plan import Action, CarePlan, Goal, PlanNarrative
from wellbeing_desktop.domain.changes import Changes
from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.domain.fractional import position_between
from wellbeing_desktop.domain.ids import new_id
from wellbeing_desktop.operations import found
from wellbeing_desktop.operations.catalogue import doing
from wellbeing_desktop.storage.connection import Reader, Writer
from wellbeing_desktop.storage.records import load_all
from wellbeing_desktop.storage.write_door import Transaction

Item = TypeVar("Item", Goal, Action)


def write_narrative(
    writer: Writer,
    plan_id: str,
    words: Mapping[str, str],
    seen: Mapping[str, str],
    *,
    at: dt.datetime | None = None,
) -> Changes:
    """Words under the plan's headings. `seen` is what the screen showed under each."""
    with doing(writer, "write_narrative", at=at) as tx:
        plan = _open_plan(tx.reader, plan_id)
        narratives = load_all(tx.reader, PlanNarrative, plan_id=plan_id)
        if "plan_id" in words:
            raise Refused("Words belong to one plan.", "plan_id")
        if narratives:
            tx.change(PlanNarrative, narratives[0].id, words, seen)
        else:
            tx.create(PlanNarrative(subject=plan.subject, plan_id=plan_id, **words))
    return tx.changes


def set_goal(
    writer: Writer,
    goal: Goal,
    seen: Mapping[str, Any] | None = None,
    *,
    at: dt.datetime | None = None,
) -> Changes:
    """A new goal at the end of the list, or, with the id of one that is there, its new values."""
    with doing(writer, "set_goal", at=at) as tx:
        put_goal(tx, goal, seen)
    return tx.changes


def put_goal(tx: Transaction, goal: Goal, seen: Mapping[str, Any] | None = None) -> None:
    """Within a transaction."""
    plan = _open_plan(tx.reader, goal.plan_id)
    _check_one_to_ten(goal.importance, "importance", "How important")
    _put(tx, goal, plan, "not_started", seen)


def set_action(
    writer: Writer,
    action: Action,
    seen: Mapping[str, Any] | None = None,
    *,
    at: dt.datetime | None = None,
) -> Changes:
    """A new action at the end of the list, or, with the id of one that is there, its new values."""
    with doing(writer, "set_action", at=at) as tx:
        put_action(tx, action, seen)
    return tx.changes


def put_action(tx: Transaction, action: Action, seen: Mapping[str, Any] | None = None) -> None:
    """Within a transaction."""
    plan = _open_plan(tx.reader, action.plan_id)
    _check_one_to_ten(action.confidence, "confidence", "How confident")
    if action.goal_id and found.found(tx.reader, Goal, action.goal_id).plan_id != action.plan_id:
        raise Refused("That goal is in another plan.", "goal_id")
    _put(tx, action, plan, "to_do", seen)


def move_goal(writer: Writer, goal_id: str, by: int, *, at: dt.datetime | None = None) -> Changes:
    """Another place in the list: so many places down, or up where `by` is negative. Refused beyond an end."""
    with doing(writer, "move_goal", at=at) as tx:
        plan = _open_plan(tx.reader, found.found(tx.reader, Goal, goal_id).plan_id)
        goals = in_order(load_all(tx.reader, Goal, plan_id=plan.id))
        was = [goal.id for goal in goals].index(goal_id)
        now = was + by
        if not 0 <= now < len(goals):
            raise Refused(f"This goal is the {'first' if by < 0 else 'last'} already.")
        goals.insert(now, goals.pop(was))
        before = goals[now - 1].position if now else ""
        after = goals[now + 1].position if now + 1 < len(goals) else ""
        if all(goal.position for goal in goals) and (not after or before < after):
            tx.change(Goal, goal_id, {"position": position_between(before, after)})
        else:  # two laptops gave one place to two goals: there is nothing between them
            place = ""
            for goal in goals:
                place = position_between(place)
                tx.change(Goal, goal.id, {"position": place})
    return tx.changes


def in_order(items: Iterable[Item]) -> list[Item]:
    """Goals, or actions, in the order of the list; the same on every laptop, also where two have one place."""
    return sorted(items, key=lambda item: (item.position, item.id))


def remove_goal(writer: Writer, goal_id: str, reason: str, *, at: dt.datetime | None = None) -> Changes:
    """Out of the plan, with its actions; both stay in history."""
    with doing(writer, "remove_goal", at=at) as tx:
        _open_plan(tx.reader, found.found(tx.reader, Goal, goal_id).plan_id)
        for action in load_all(tx.reader, Action, goal_id=goal_id):
            tx.remove(Action, action.id, reason)
        tx.remove(Goal, goal_id, reason)
    return tx.changes


def remove_action(writer: Writer, action_id: str, reason: str, *, at: dt.datetime | None = None) -> Changes:
    """Entered in error: it leaves the plan and stays in history. One that is no longer wanted is ended instead."""
    with doing(writer, "remove_action", at=at) as tx:
        _open_plan(tx.reader, found.found(tx.reader, Action, action_id).plan_id)
        tx.remove(Action, action_id, reason)
    return tx.changes


def _open_plan(reader: Reader, plan_id: str) -> CarePlan:
    plan = found.found(reader, CarePlan, plan_id)
    if plan.state not in ("draft", "agreed"):
        raise Refused("This plan has ended, so it is not changed any more.", "state")
    return plan


def _put(
    tx: Transaction, item: Goal | Action, plan: CarePlan, first_state: str, seen: Mapping[str, Any] | None
) -> None:
    struct = type(item)
    if not item.what.strip():
        raise Refused("Write it down in a few words.", "what")
    known = [one for one in load_all(tx.reader, struct, plan_id=plan.id) if one.id == item.id]
    if known:
        fields = {
            name: getattr(item, name)
            for name in struct.__struct_fields__
            if name not in ("id", "subject", "plan_id", "position")
            and getattr(item, name) != getattr(known[0], name)
            # an item made by a form that knows no state leaves the state alone
            and not (name == "state" and not item.state)
        }
        tx.change(struct, item.id, fields, seen)
        return
    last = max((one.position for one in load_all(tx.reader, struct, plan_id=plan.id)), default="")
    tx.create(
        msgspec.structs.replace(
            item,
            id=item.id or new_id(),
            subject=plan.subject,
            position=item.position or position_between(last),
            state=item.state or first_state,
        )
    )


def _check_one_to_ten(value: int | None, field: str, label: str) -> None:
    if value is not None and not 1 <= value <= 10:
        raise Refused(f"{label}: give a whole number from 1 to 10.", field)
