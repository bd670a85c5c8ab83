"""When a care plan can be agreed, when its review is due, and when the person's copy is owed (PRACTICE W24).

Headings and what is mandatory: PRSB Personalised Care and Support Plan v2.0 (reference/03): trigger factors, once a
contingency plan is begun.
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

import msgspec

from wellbeing_desktop.domain.care_plan import Action, CarePlan, Goal, PlanNarrative
from wellbeing_desktop.domain.definition import fields_of
from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.domain.standing import current_heads

ABOUT_ME: Final = (
    "most_important",
    "people_important",
    "communicate",
    "wellness",
    "please_do",
    "support",
    "also_know",
)
CONTINGENCY: Final = ("triggers", "early_signs", "coping", "what_should_happen", "who_to_contact")
# In the person's copy unless they choose otherwise, in the order of the standard. `staff_only` can never be chosen.
COPY_SECTIONS: Final = (
    *ABOUT_ME,
    "strengths",
    "needs",
    "goals",
    *CONTINGENCY,
    "advance_statement",
    "other_plans",
)
# May be chosen, but are not there by themselves: professionals' words, and numbers.
OPTIONAL_SECTIONS: Final = ("formulation", "scores")
NEVER_COPIED: Final = frozenset({"staff_only"})
ANYONE_AT_HOME: Final = "Anyone in the home may read this."

SECTION_LABELS: Final[Mapping[str, str]] = {
    **{field.name: field.label for field in fields_of(PlanNarrative)},
    "goals": "Goals and actions",
    "scores": "Wellbeing scores",
}


class Blocker(msgspec.Struct, frozen=True):
    """Something to put right before agreeing, beside its field."""

    field: str
    sentence: str


def what_stops_agreeing(
    plan: CarePlan,
    narrative: PlanNarrative | None,
    goals: Sequence[Goal],
    actions: Sequence[Action],
    agreed_with: str,
    agreed_on: dt.date,
    review_on: dt.date | None,
    today: dt.date,
    has_open_clash: bool = False,
) -> list[Blocker]:
    """Everything that stops the plan from being agreed; empty when nothing does."""
    found: list[Blocker] = []
    if plan.state not in ("draft", "agreed"):
        found.append(Blocker("state", "Only a plan that is being written or reviewed can be agreed."))
    if not agreed_with.strip():
        found.append(Blocker("agreed_with", "Say who agreed it: the person, or their representative by name and role."))
    if agreed_on > today:
        found.append(Blocker("agreed_on", "A plan cannot be agreed in the future."))
    if plan.started_on is not None and agreed_on < plan.started_on:
        found.append(Blocker("agreed_on", "A plan cannot be agreed before it was started."))
    if review_on is None:
        found.append(Blocker("review_on", "Say when the plan will be reviewed."))
    elif review_on <= agreed_on:
        found.append(Blocker("review_on", "The review comes after the day of agreement."))
    said = narrative is not None and any(getattr(narrative, heading).strip() for heading in (*ABOUT_ME, "needs"))
    if not said:
        found.append(Blocker("most_important", "Write down what matters to the person before agreeing the plan."))
    if not any(goal.what.strip() for goal in goals):
        found.append(Blocker("goals", "Write at least one goal in the person's words."))
    goal_ids = {goal.id for goal in goals}
    if any(action.goal_id and action.goal_id not in goal_ids for action in actions):
        found.append(Blocker("goals", "An action belongs to a goal that is not in this plan."))
    if narrative is not None:
        begun = any(getattr(narrative, heading).strip() for heading in CONTINGENCY[1:])
        if begun and not narrative.triggers.strip():
            found.append(Blocker("triggers", "A plan for when things get worse needs its trigger factors."))
    if has_open_clash:
        found.append(Blocker("state", "Two people's words in this plan are not settled yet."))
    return found


def check_can_agree(blockers: Iterable[Blocker]) -> None:
    """Refused with the first blocker."""
    for blocker in blockers:
        raise Refused(blocker.sentence, blocker.field)


def next_version(plan: CarePlan) -> int:
    """The version that the next copy carries: 1, 2, 3."""
    return (plan.version or 0) + 1


def copy_sections(chosen: Iterable[str] | None) -> tuple[str, ...]:
    """The sections of the person's copy, in the order of the standard. None means all the usual ones.

    Refused for a section that is never copied or does not exist: a mistake here would put staff words in a home.
    """
    if chosen is None:
        return COPY_SECTIONS
    wanted = set(chosen)
    if wanted & NEVER_COPIED:
        raise Refused("Words for staff only are never in the person's copy.", "sections")
    allowed = (*COPY_SECTIONS, *OPTIONAL_SECTIONS)
    if wanted - set(allowed):
        raise Refused("This section is not part of the person's copy.", "sections")
    if not wanted:
        raise Refused("Choose at least one section.", "sections")
    return tuple(section for section in allowed if section in wanted)


def days_to_review(plan: CarePlan, today: dt.date) -> int | None:
    """Days until the review, negative when it is overdue; None when no review is planned or the plan is not agreed."""
    if plan.state != "agreed" or plan.review_on is None:
        return None
    return (plan.review_on - today).days


def review_sentence(plan: CarePlan, today: dt.date) -> str:
    """`Review due in 3 days`, `Review was due 2 days ago`, or empty."""
    days = days_to_review(plan, today)
    if days is None:
        return ""
    if days == 0:
        return "Review due today"
    counted = f"{abs(days)} day{'' if abs(days) == 1 else 's'}"
    return f"Review due in {counted}" if days > 0 else f"Review was due {counted} ago"


def current_plan(plans: Iterable[CarePlan]) -> tuple[CarePlan, ...]:
    """The live plan; more than one when two people each started one, which somebody has to settle."""
    live = [plan for plan in current_heads(plans) if plan.state in ("draft", "agreed")]
    # the agreed one first: until the clash is settled it is what everybody works to
    return tuple(sorted(live, key=lambda plan: (plan.state != "agreed", plan.id)))
