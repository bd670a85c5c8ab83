"""The person's own copy of a plan, as data for the page: the sections that they chose and nothing else (W24).

Alerts, concerns, third-party words and staff-only notes are not read here at all.
"""

import datetime as dt
from collections.abc import Collection

import msgspec

from wellbeing_desktop.documents.care_plan import (
    Contingency,
    Helper,
    PersonsPlan,
    PlanAction,
    PlanGoal,
    ScoreHistory,
    ScoreLine,
)
from wellbeing_desktop.documents.print_style import PrintStyle, style_for
from wellbeing_desktop.domain.assessment import Score
from wellbeing_desktop.domain.care_plan import Action, Goal, PlanCopy, PlanNarrative
from wellbeing_desktop.domain.code_lists import label_of
from wellbeing_desktop.domain.names import comparison_key, letter_name
from wellbeing_desktop.domain.organisation import Organisation
from wellbeing_desktop.domain.person import Person
from wellbeing_desktop.domain.plan_rules import (
    ABOUT_ME,
    ANYONE_AT_HOME,
    CONTINGENCY,
    SECTION_LABELS,
    copy_sections,
)
from wellbeing_desktop.domain.scoring import SCALES
from wellbeing_desktop.operations import found
from wellbeing_desktop.operations.care_plans import PlanParts, plan_parts
from wellbeing_desktop.operations.other_form import Asked, asked_of
from wellbeing_desktop.operations.service import sender
from wellbeing_desktop.storage.connection import Reader
from wellbeing_desktop.storage.effective import effective_of
from wellbeing_desktop.storage.records import load

_TOOL = "ons4"


class PlanPage(msgspec.Struct, frozen=True):
    """A plan ready to be set, in the style that the person's record asks for."""

    plan: PersonsPlan
    style: PrintStyle
    asked: Asked | None = None
    """What the person's record asks for that paper is not."""
    warning: str = ANYONE_AT_HOME


def plan_page(reader: Reader, plan_id: str, copy_id: str = "", *, chosen: Collection[str] | None = None) -> PlanPage:
    """One version of the plan with the sections of its copy; without a copy, all the usual sections. `chosen` are
    sections to show instead, before they are kept."""
    parts = plan_parts(reader, plan_id)
    person = found.survivor(reader, parts.plan.subject)
    copy = found.found(reader, PlanCopy, copy_id) if copy_id else None
    sections = frozenset(copy_sections(chosen if chosen is not None else copy.sections if copy else None))
    return PlanPage(
        plan=_persons_plan(reader, parts, person, copy, sections),
        style=style_for(person.communication_needs, person.letter_format),
        asked=asked_of(reader, person),
    )


def _persons_plan(
    reader: Reader, parts: PlanParts, person: Person, copy: PlanCopy | None, sections: frozenset[str]
) -> PersonsPlan:
    plan = parts.plan
    narrative = parts.narrative or PlanNarrative()
    words = {name: getattr(narrative, name).strip() for name in SECTION_LABELS if hasattr(narrative, name)}
    said = {name: text for name, text in words.items() if text and name in sections}
    practice = load(reader, Organisation, person.practice_id) if person.practice_id else None
    who = sender(reader, plan.practitioner_id)
    name = letter_name(person.family_name, person.given_name, person.title)
    headings = (*ABOUT_ME[1:], "needs", "formulation", "advance_statement", "other_plans")
    own_word = comparison_key(plan.agreed_with) in (
        comparison_key(name),
        comparison_key(f"{person.given_name} {person.family_name}"),
    )
    return PersonsPlan(
        name=name,
        plan_code=copy.code if copy else "",
        version=(copy.version if copy else plan.version) or 1,
        agreed_on=plan.agreed_on,
        review_on=plan.review_on,
        known_as=person.known_as,
        born_on=person.born_on,
        nhs_number=person.nhs_number,
        practice=practice.name if practice else "",
        about_me=tuple((SECTION_LABELS[heading], said[heading]) for heading in headings if heading in said),
        matters=said.get("most_important", ""),
        strengths=said.get("strengths", ""),
        goals=_goals(parts) if "goals" in sections else (),
        scores=_scores(reader, person.id) if "scores" in sections else None,
        contingencies=_contingencies(said),
        coordinator=Helper(who.name, who.role, who.telephone) if who.name else None,
        service_telephone=who.telephone,
        service_hours=who.hours,
        agreed_by="" if own_word else plan.agreed_with,
        coordinator_word=who.words.worker,
    )


def _goals(parts: PlanParts) -> tuple[PlanGoal, ...]:
    made = [_goal(goal, [one for one in parts.actions if one.goal_id == goal.id]) for goal in parts.goals]
    known = {goal.id for goal in parts.goals}
    rest = [one for one in parts.actions if one.goal_id not in known]
    if rest:
        made.append(PlanGoal("Other things to do", actions=tuple(map(_action, rest))))
    return tuple(made)


def _goal(goal: Goal, actions: list[Action]) -> PlanGoal:
    return PlanGoal(
        title=goal.what,
        why=f"What happened: {goal.outcome}" if goal.outcome.strip() else "",
        importance=goal.importance,
        actions=tuple(map(_action, actions)),
        status=label_of("goal_states", goal.state),
    )


def _action(action: Action) -> PlanAction:
    what = "\n".join(part for part in (action.what, action.strategies, action.outcome) if part.strip())
    return PlanAction(
        what=what,
        who=action.who,
        by_when=action.due_on,
        confidence=action.confidence,
        status=label_of("action_states", action.state),
    )


def _contingencies(said: dict[str, str]) -> tuple[Contingency, ...]:
    if not any(name in said for name in CONTINGENCY):
        return ()
    return (
        Contingency(
            triggers=said.get("triggers", ""),
            what_to_do=said.get("what_should_happen", ""),
            who_to_contact=said.get("who_to_contact", ""),
            coping=said.get("coping", ""),
            warning_signs=said.get("early_signs", ""),
        ),
    )


def _scores(reader: Reader, person_id: str) -> ScoreHistory | None:
    """ONS4 over time, from two dates on: what moved, with numbers and no claim of why."""
    ids = [score.id for score in found.every(reader, Score, person_id, tool=_TOOL)]
    values: dict[str, dict[str, int]] = {}
    for score in effective_of(reader, Score, ids).values():
        taken_on, scale_id, value = (score.body.get(name) for name in ("taken_on", "scale", "value"))
        if isinstance(taken_on, str) and isinstance(scale_id, str) and isinstance(value, int):
            values.setdefault(taken_on, {})[scale_id] = value
    if len(values) < 2:
        return None
    days = sorted(values)
    lines = tuple(
        ScoreLine(scale.label, tuple(values[day].get(scale.id) for day in days))
        for scale in SCALES[_TOOL]
        if any(scale.id in values[day] for day in days)
    )
    moved = []
    for line in lines:
        given = [value for value in line.values if value is not None]
        if len(given) > 1:
            moved.append(f"{line.name}: {given[0]:g} then {given[-1]:g}")
    return ScoreHistory(
        finding="; ".join(moved) or "My answers over time",
        description="My answers to four questions about how I have been, from 0 to 10, on each day that I was asked.",
        taken_on=tuple(dt.date.fromisoformat(day) for day in days),
        lines=lines,
    )
