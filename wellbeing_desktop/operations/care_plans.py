"""The plan in the person's words: writing, agreeing, reviewing, and the copy that is owed (W24)."""

import datetime as dt
import secrets
from collections.abc import Mapping, Sequence
from typing import Any, Final

import msgspec

from wellbeing_desktop.domain.care_plan import Action, CarePlan, Goal, PlanCopy, PlanNarrative
from wellbeing_desktop.domain.changes import Changes
from wellbeing_desktop.domain.correction import Conflict
from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.domain.fractional import position_between
from wellbeing_desktop.domain.ids import new_id
from wellbeing_desktop.domain.london_time import local_date
from wellbeing_desktop.domain.plan_rules import (
    Blocker,
    check_can_agree,
    copy_sections,
    current_plan,
    next_version,
    what_stops_agreeing,
)
from wellbeing_desktop.operations import found
from wellbeing_desktop.operations.catalogue import doing
from wellbeing_desktop.operations.follow_ups import keep_follow_ups
from wellbeing_desktop.storage.connection import Reader, Writer
from wellbeing_desktop.storage.records import load_all
from wellbeing_desktop.storage.write_door import Transaction

# Letters and digits that are not mistaken for each other when read out from paper.
_CODE_LETTERS: Final = "ABCDEFGHJKLMNPQRTUVWXY346789"
_CODE_LENGTH: Final = 6


class PlanParts(msgspec.Struct, frozen=True):
    """A whole plan as it stands: goals and actions in the order of the list."""

    plan: CarePlan
    narrative: PlanNarrative | None
    goals: tuple[Goal, ...]
    actions: tuple[Action, ...]
    copies: tuple[PlanCopy, ...]


def plan_parts(reader: Reader, plan_id: str) -> PlanParts:
    """Everything of one plan; what was removed is not in it."""
    narratives = load_all(reader, PlanNarrative, plan_id=plan_id)
    return PlanParts(
        plan=found.found(reader, CarePlan, plan_id),
        narrative=narratives[0] if narratives else None,
        goals=tuple(sorted(load_all(reader, Goal, plan_id=plan_id), key=lambda goal: (goal.position, goal.id))),
        actions=tuple(sorted(load_all(reader, Action, plan_id=plan_id), key=lambda one: (one.position, one.id))),
        copies=tuple(load_all(reader, PlanCopy, plan_id=plan_id)),
    )


def start_plan(
    writer: Writer,
    person_id: str,
    *,
    episode_id: str = "",
    plan_id: str = "",
    at: dt.datetime | None = None,
) -> Changes:
    """A new plan, empty. One that is being worked to already is replaced by it only when the new one is agreed by a
    person who saw both: so starting is refused while one is live."""
    with doing(writer, "start_plan", at=at) as tx:
        begin_plan(tx, person_id, episode_id=episode_id, plan_id=plan_id)
    return tx.changes


def begin_plan(
    tx: Transaction, person_id: str, *, episode_id: str = "", plan_id: str = "", started_on: dt.date | None = None
) -> str:
    """Within a transaction; answers the plan's id."""
    found.person(tx.reader, person_id)
    plans = found.every(tx.reader, CarePlan, person_id)
    if current_plan(plans):
        raise Refused("This person has a plan already. Review it, or end it first.", "state")
    earlier = [plan for plan in plans if plan.state in ("ended", "declined")]
    made = tx.create(
        CarePlan(
            id=plan_id or new_id(),
            subject=person_id,
            episode_id=episode_id,
            supersedes=_last_unreplaced(tx.reader, person_id, earlier),
            state="draft",
            started_on=started_on or local_date(tx.at),
            practitioner_id=tx.author,
        )
    )
    tx.create(PlanNarrative(subject=person_id, plan_id=made))
    return made


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


def move_goal(
    writer: Writer, goal_id: str, *, after: str = "", before: str = "", at: dt.datetime | None = None
) -> Changes:
    """Another place in the list: between the goals with these ids, or at an end."""
    with doing(writer, "set_goal", at=at) as tx:
        places = [found.found(tx.reader, Goal, id).position if id else "" for id in (after, before)]
        tx.change(Goal, goal_id, {"position": position_between(*places)})
    return tx.changes


def remove_goal(writer: Writer, goal_id: str, reason: str, *, at: dt.datetime | None = None) -> Changes:
    """Out of the plan, with its actions; both stay in history."""
    with doing(writer, "remove_goal", at=at) as tx:
        for action in load_all(tx.reader, Action, goal_id=goal_id):
            tx.remove(Action, action.id, reason)
        tx.remove(Goal, goal_id, reason)
    return tx.changes


def remove_action(writer: Writer, action_id: str, reason: str, *, at: dt.datetime | None = None) -> Changes:
    """Entered in error: it leaves the plan and stays in history. One that is no longer wanted is ended instead."""
    with doing(writer, "remove_action", at=at) as tx:
        tx.remove(Action, action_id, reason)
    return tx.changes


def agreeing_blockers(
    reader: Reader,
    plan_id: str,
    *,
    agreed_with: str,
    agreed_on: dt.date,
    review_on: dt.date | None,
    today: dt.date,
) -> list[Blocker]:
    """What stops this plan from being agreed, for the screen before the button."""
    parts = plan_parts(reader, plan_id)
    return what_stops_agreeing(
        parts.plan,
        parts.narrative,
        parts.goals,
        parts.actions,
        agreed_with,
        agreed_on,
        review_on,
        today,
        has_open_clash=_has_open_clash(reader, parts),
    )


def agree_plan(
    writer: Writer,
    plan_id: str,
    *,
    agreed_with: str,
    review_on: dt.date,
    reviewer: str = "",
    agreed_on: dt.date | None = None,
    sections: Sequence[str] | None = None,
    copy_id: str = "",
    at: dt.datetime | None = None,
) -> Changes:
    """Agreed with the person: a new version, and a copy owed of the sections they chose (all the usual, if None)."""
    with doing(writer, "agree_plan", at=at) as tx:
        today = local_date(tx.at)
        on = agreed_on or today
        check_can_agree(
            agreeing_blockers(
                tx.reader, plan_id, agreed_with=agreed_with, agreed_on=on, review_on=review_on, today=today
            )
        )
        plan = found.found(tx.reader, CarePlan, plan_id)
        _agree(tx, plan, agreed_with, on, review_on, reviewer, sections, copy_id)
    return tx.changes


def review_plan(
    writer: Writer,
    plan_id: str,
    *,
    reviewed_on: dt.date | None = None,
    review_on: dt.date,
    agreed_with: str = "",
    changed: bool = False,
    sections: Sequence[str] | None = None,
    copy_id: str = "",
    at: dt.datetime | None = None,
) -> Changes:
    """Looked at together again. When it `changed`, it is agreed anew: another version and another copy owed."""
    with doing(writer, "review_plan", at=at) as tx:
        plan = found.found(tx.reader, CarePlan, plan_id)
        today = local_date(tx.at)
        on = reviewed_on or today
        if plan.state != "agreed":
            raise Refused("Only an agreed plan is reviewed.", "state")
        if on > today:
            raise Refused("A review cannot be dated in the future.", "reviewed_on")
        if plan.agreed_on is not None and on < plan.agreed_on:
            raise Refused("The review cannot be before the plan was agreed.", "reviewed_on")
        if review_on <= on:
            raise Refused("The next review comes after this one.", "review_on")
        tx.change(CarePlan, plan_id, {"reviewed_on": on, "review_on": review_on})
        if changed:
            check_can_agree(
                agreeing_blockers(
                    tx.reader,
                    plan_id,
                    agreed_with=agreed_with or plan.agreed_with,
                    agreed_on=on,
                    review_on=review_on,
                    today=today,
                )
            )
            _agree(tx, plan, agreed_with or plan.agreed_with, on, review_on, plan.reviewer, sections, copy_id)
    return tx.changes


def end_plan(
    writer: Writer, plan_id: str, *, ended_on: dt.date | None = None, at: dt.datetime | None = None
) -> Changes:
    """The plan is no longer worked to. A copy still owed of it stays owed until somebody settles it."""
    with doing(writer, "end_plan", at=at) as tx:
        plan = found.found(tx.reader, CarePlan, plan_id)
        if plan.state not in ("draft", "agreed"):
            raise Refused("This plan has ended already.", "ended_on")
        _end(tx, plan, "ended", ended_on)
    return tx.changes


def decline_plan(
    writer: Writer,
    person_id: str,
    *,
    declined_on: dt.date | None = None,
    plan_id: str = "",
    at: dt.datetime | None = None,
) -> Changes:
    """A plan was offered, and the person does not want one. One that was begun is kept as declined; where none was,
    the offer is recorded as one without words. A plan that was agreed is ended instead."""
    with doing(writer, "decline_plan", at=at) as tx:
        live = current_plan(found.every(tx.reader, CarePlan, person_id))
        if live and live[0].state == "agreed":
            raise Refused("This plan was agreed. End it instead.", "declined_on")
        if live:
            plan = live[0]
        else:
            on = declined_on or local_date(tx.at)
            plan = found.found(tx.reader, CarePlan, begin_plan(tx, person_id, plan_id=plan_id, started_on=on))
        _end(tx, plan, "declined", declined_on, "declined_on")
    return tx.changes


def _end(tx: Transaction, plan: CarePlan, state: str, on: dt.date | None, field: str = "ended_on") -> None:
    today = local_date(tx.at)
    day = on or today
    if day > today:
        raise Refused("This cannot be in the future.", field)
    if plan.started_on is not None and day < plan.started_on:
        raise Refused("This cannot be before the plan was started.", field)
    tx.change(CarePlan, plan.id, {"state": state, "ended_on": day})


def choose_copy_sections(
    writer: Writer, copy_id: str, sections: Sequence[str], *, at: dt.datetime | None = None
) -> Changes:
    """What is in a copy that was not given yet (W24)."""
    with doing(writer, "choose_copy_sections", at=at) as tx:
        copy = found.found(tx.reader, PlanCopy, copy_id)
        if copy.state != "owed":
            raise Refused("This copy was given already. Agree the plan again for a new one.", "sections")
        tx.change(PlanCopy, copy_id, {"sections": tuple(sorted(copy_sections(sections)))})
    return tx.changes


def settle_copy(
    writer: Writer, copy_id: str, how: str, *, settled_on: dt.date | None = None, at: dt.datetime | None = None
) -> Changes:
    """The person's copy was handed, posted, emailed or declined: who settled it, when, which version (W24)."""
    with doing(writer, "settle_copy", at=at) as tx:
        if how == "owed":
            raise Refused("Say how the copy was settled.", "state")
        on = settled_on or local_date(tx.at)
        if on > local_date(tx.at):
            raise Refused("This cannot be in the future.", "settled_on")
        tx.change(PlanCopy, copy_id, {"state": how, "settled_on": on, "settled_by": tx.author})
    return tx.changes


def _agree(
    tx: Transaction,
    plan: CarePlan,
    agreed_with: str,
    on: dt.date,
    review_on: dt.date,
    reviewer: str,
    sections: Sequence[str] | None,
    copy_id: str,
) -> None:
    version = next_version(plan)
    fields: dict[str, Any] = {
        "agreed_on": on,
        "agreed_with": agreed_with,
        "review_on": review_on,
        "version": version,
        "state": "agreed",
    }
    if reviewer:
        fields["reviewer"] = reviewer
    tx.change(CarePlan, plan.id, fields)
    tx.create(
        PlanCopy(
            id=copy_id or new_id(),
            subject=plan.subject,
            plan_id=plan.id,
            version=version,
            sections=tuple(sorted(copy_sections(sections))),
            state="owed",
            code="".join(secrets.choice(_CODE_LETTERS) for _ in range(_CODE_LENGTH)),
        )
    )
    keep_follow_ups(tx, plan.subject)


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


def _has_open_clash(reader: Reader, parts: PlanParts) -> bool:
    ids = {parts.plan.id, *(goal.id for goal in parts.goals), *(action.id for action in parts.actions)}
    if parts.narrative is not None:
        ids.add(parts.narrative.id)
    return any(
        conflict.target_id in ids for conflict in found.every(reader, Conflict, parts.plan.subject, state="open")
    )


def _last_unreplaced(reader: Reader, person_id: str, ended: Sequence[CarePlan]) -> str:
    replaced = {plan.supersedes for plan in found.every(reader, CarePlan, person_id)}
    return next((plan.id for plan in reversed(ended) if plan.id not in replaced), "")


def _check_one_to_ten(value: int | None, field: str, label: str) -> None:
    if value is not None and not 1 <= value <= 10:
        raise Refused(f"{label}: give a whole number from 1 to 10.", field)
