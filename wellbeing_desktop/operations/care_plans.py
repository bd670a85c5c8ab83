"""A care plan from its start to its end: agreed, with a copy owed to the person, and reviewed (W24)."""

import datetime as dt
import secrets
from collections.abc import Sequence
from typing import Any, Final

import msgspec

from wellbeing_desktop.domain.care_plan import Action, CarePlan, Goal, PlanCopy, PlanNarrative
from wellbeing_desktop.domain.changes import Changes
from wellbeing_desktop.domain.correction import Conflict
from wellbeing_desktop.domain.errors import Refused
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
from wellbeing_desktop.operations.plan_contents import in_order
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
        goals=tuple(in_order(load_all(reader, Goal, plan_id=plan_id))),
        actions=tuple(in_order(load_all(reader, Action, plan_id=plan_id))),
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
