"""The plan in the person's words: headings of the PRSB Personalised Care and Support Plan v2.0 and About Me v2.01
(reference/03)."""

import datetime as dt
from typing import Annotated

from wellbeing_desktop.domain.definition import Compartment, Merge, Record, RecordType, Sensitivity, about

SPECIAL = Sensitivity.SPECIAL
NARRATIVE = Merge.NARRATIVE


class CarePlan(Record, frozen=True, kw_only=True, omit_defaults=True):
    """The dates and states of a plan; its words are in PlanNarrative, Goal and Action. One current plan each person:
    a newer one names what it `supersedes`."""

    episode_id: Annotated[str, about("Period of support", Merge.FIXED, refers_to="episode", counted=True)] = ""
    supersedes: Annotated[str, about("Replaces", Merge.FIXED, refers_to="care_plan")] = ""
    state: Annotated[str, about("State", Merge.STATE, code_list="care_plan_states", counted=True)] = ""
    started_on: Annotated[dt.date | None, about("Started on", counted=True)] = None
    agreed_on: Annotated[dt.date | None, about("Agreed on", counted=True)] = None
    agreed_with: Annotated[
        str, about("Agreed with", help="The person, or their legal representative by name and role.")
    ] = ""
    supported_by: Annotated[str, about("Supported to write this by")] = ""
    practitioner_id: Annotated[str, about("Written with", refers_to="practitioner", counted=True)] = ""
    review_on: Annotated[dt.date | None, about("Review planned for", counted=True)] = None
    reviewer: Annotated[str, about("Who reviews it")] = ""
    reviewed_on: Annotated[dt.date | None, about("Last reviewed on", counted=True)] = None
    version: Annotated[int | None, about("Version given to the person", counted=True)] = None
    ended_on: Annotated[dt.date | None, about("Ended or declined on", counted=True)] = None


class PlanNarrative(Record, frozen=True, kw_only=True, omit_defaults=True):
    """The words of one plan. Its id is not the plan's: `plan_id` is."""

    plan_id: Annotated[str, about("Plan", Merge.FIXED, refers_to="care_plan", required=True)] = ""
    most_important: Annotated[str, about("What is most important to me", NARRATIVE, search=1, sensitivity=SPECIAL)] = ""
    people_important: Annotated[str, about("People who are important to me", NARRATIVE, search=1)] = ""
    communicate: Annotated[str, about("How I communicate and how to communicate with me", NARRATIVE, search=1)] = ""
    wellness: Annotated[str, about("My wellness", NARRATIVE, search=1, sensitivity=SPECIAL)] = ""
    please_do: Annotated[str, about("Please do and please do not", NARRATIVE, search=1)] = ""
    support: Annotated[str, about("How and when to support me", NARRATIVE, search=1)] = ""
    also_know: Annotated[str, about("Also worth knowing about me", NARRATIVE, search=1)] = ""
    formulation: Annotated[str, about("Formulation", NARRATIVE, search=1, sensitivity=SPECIAL)] = ""
    strengths: Annotated[str, about("Strengths", NARRATIVE, search=1)] = ""
    needs: Annotated[str, about("Needs, concerns or problems", NARRATIVE, search=1, sensitivity=SPECIAL)] = ""
    triggers: Annotated[str, about("Trigger factors", NARRATIVE, search=1, sensitivity=SPECIAL)] = ""
    early_signs: Annotated[str, about("Early warning signs", NARRATIVE, search=1, sensitivity=SPECIAL)] = ""
    coping: Annotated[str, about("Coping strategies", NARRATIVE, search=1)] = ""
    what_should_happen: Annotated[str, about("What should happen", NARRATIVE, search=1)] = ""
    who_to_contact: Annotated[str, about("Who to contact", NARRATIVE, search=1)] = ""
    advance_statement: Annotated[
        str, about("Advance statement", Merge.SAFETY, search=1, sensitivity=SPECIAL, long=True)
    ] = ""
    other_plans: Annotated[str, about("Other planning documents", NARRATIVE, search=1)] = ""
    staff_only: Annotated[
        str, about("For staff only", NARRATIVE, search=1, sensitivity=SPECIAL, help="Never in the person's copy.")
    ] = ""


class Goal(Record, frozen=True, kw_only=True, omit_defaults=True):
    """What the person wants, in their words."""

    plan_id: Annotated[str, about("Plan", Merge.FIXED, refers_to="care_plan", required=True)] = ""
    position: Annotated[str, about("Place in the list", Merge.POSITION)] = ""
    what: Annotated[
        str, about("Goal, in the person's words", NARRATIVE, search=1, required=True, sensitivity=SPECIAL)
    ] = ""
    importance: Annotated[int | None, about("How important, 1 to 10")] = None
    state: Annotated[str, about("How it is going", Merge.STATE, code_list="goal_states")] = ""
    target_on: Annotated[dt.date | None, about("By when")] = None
    outcome: Annotated[str, about("What happened", NARRATIVE, search=1, sensitivity=SPECIAL)] = ""


class Action(Record, frozen=True, kw_only=True, omit_defaults=True):
    """Who does what by when."""

    plan_id: Annotated[str, about("Plan", Merge.FIXED, refers_to="care_plan", required=True)] = ""
    goal_id: Annotated[str, about("Goal", refers_to="goal")] = ""
    position: Annotated[str, about("Place in the list", Merge.POSITION)] = ""
    what: Annotated[str, about("What", NARRATIVE, search=1, required=True, sensitivity=SPECIAL)] = ""
    who: Annotated[str, about("Who")] = ""
    practitioner_id: Annotated[str, about("Member of staff", refers_to="practitioner")] = ""
    due_on: Annotated[dt.date | None, about("By when")] = None
    state: Annotated[str, about("State", Merge.STATE, code_list="action_states")] = ""
    confidence: Annotated[int | None, about("How confident, 1 to 10")] = None
    strategies: Annotated[str, about("Suggested strategies", NARRATIVE, search=1)] = ""
    review_on: Annotated[dt.date | None, about("Review on")] = None
    outcome: Annotated[str, about("Outcome", NARRATIVE, search=1, sensitivity=SPECIAL)] = ""


class PlanCopy(Record, frozen=True, kw_only=True, omit_defaults=True):
    """The person's own copy of one version: owed until handed, posted, e-mailed or declined (PRACTICE W24); a
    death stops it."""

    plan_id: Annotated[str, about("Plan", Merge.FIXED, refers_to="care_plan", required=True)] = ""
    version: Annotated[int | None, about("Version", Merge.FIXED)] = None
    sections: Annotated[tuple[str, ...], about("Sections in it", Merge.SET)] = ()
    state: Annotated[str, about("Copy", Merge.STATE, code_list="plan_copy_states")] = ""
    settled_on: Annotated[dt.date | None, about("On")] = None
    settled_by: Annotated[str, about("By", refers_to="practitioner")] = ""
    code: Annotated[str, about("Short code printed on it", Merge.FIXED)] = ""


CARE_PLAN = RecordType(
    struct=CarePlan,
    name="care_plan",
    label="Care plan",
    plural="Care plans",
    compartment=Compartment.CORE,
    transitions={
        "": frozenset({"draft"}),
        "draft": frozenset({"agreed", "declined", "ended"}),
        "agreed": frozenset({"ended", "draft"}),
        "declined": frozenset({"draft"}),
        "ended": frozenset({"agreed"}),
    },
    head_of=(),
    at="started_on",
)
PLAN_NARRATIVE = RecordType(
    struct=PlanNarrative,
    name="plan_narrative",
    label="Words of the plan",
    plural="Words of plans",
    compartment=Compartment.CLINICAL,
)
GOAL = RecordType(
    struct=Goal,
    name="goal",
    label="Goal",
    plural="Goals",
    compartment=Compartment.CLINICAL,
    transitions={
        "": frozenset({"not_started", "in_progress", "achieved", "stopped"}),
        "not_started": frozenset({"in_progress", "achieved", "stopped"}),
        "in_progress": frozenset({"not_started", "achieved", "stopped"}),
        "achieved": frozenset({"in_progress"}),
        "stopped": frozenset({"in_progress"}),
    },
)
ACTION = RecordType(
    struct=Action,
    name="action",
    label="Action",
    plural="Actions",
    compartment=Compartment.CLINICAL,
    transitions={
        "": frozenset({"to_do", "done", "not_done"}),
        "to_do": frozenset({"done", "not_done"}),
        "done": frozenset({"to_do"}),
        "not_done": frozenset({"to_do"}),
    },
)
PLAN_COPY = RecordType(
    struct=PlanCopy,
    name="plan_copy",
    label="Person's copy",
    plural="People's copies",
    compartment=Compartment.CORE,
    transitions={
        "": frozenset({"owed"}),
        "owed": frozenset({"handed", "posted", "emailed", "declined", "stopped"}),
        **{done: frozenset({"owed"}) for done in ("handed", "posted", "emailed", "declined", "stopped")},
    },
)
