"""Agreeing a plan, its review, and the person's copy (PRACTICE W24)."""

import datetime as dt

import pytest

from wellbeing_desktop.domain import plan_rules
from wellbeing_desktop.domain.care_plan import Action, CarePlan, Goal, PlanNarrative
from wellbeing_desktop.domain.definition import fields_of
from wellbeing_desktop.domain.errors import Refused

TODAY = dt.date(2026, 11, 20)
PLAN = CarePlan(id="plan", state="draft", started_on=dt.date(2026, 11, 1))
WORDS = PlanNarrative(id="n", plan_id="plan", most_important="My garden")
GOALS = [Goal(id="g", plan_id="plan", what="Walk to the shop")]
REVIEW = dt.date(2027, 2, 20)


def blockers(**changes: object) -> list[str]:
    values = {
        "plan": PLAN,
        "narrative": WORDS,
        "goals": GOALS,
        "actions": [Action(id="a", goal_id="g", what="Order a frame")],
        "agreed_with": "Mary Jones",
        "agreed_on": TODAY,
        "review_on": REVIEW,
        "today": TODAY,
        **changes,
    }
    return [blocker.field for blocker in plan_rules.what_stops_agreeing(**values)]


def test_a_plan_with_words_a_goal_a_review_and_who_agreed_can_be_agreed() -> None:
    assert blockers() == []
    plan_rules.check_can_agree([])


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"agreed_with": " "}, "agreed_with"),
        ({"agreed_on": TODAY + dt.timedelta(days=1)}, "agreed_on"),
        ({"agreed_on": dt.date(2026, 10, 1)}, "agreed_on"),
        ({"review_on": None}, "review_on"),
        ({"review_on": TODAY}, "review_on"),
        ({"narrative": None}, "most_important"),
        ({"narrative": PlanNarrative(most_important="x", coping="music")}, "triggers"),
        ({"goals": [], "actions": []}, "goals"),
        ({"actions": [Action(goal_id="elsewhere")]}, "goals"),
        ({"plan": CarePlan(state="ended")}, "state"),
        ({"has_open_clash": True}, "state"),
    ],
)
def test_what_stops_agreeing_is_named_beside_its_field(changes: dict[str, object], field: str) -> None:
    assert blockers(**changes) == [field]


def test_the_first_blocker_is_the_refusal() -> None:
    with pytest.raises(Refused) as refusal:
        plan_rules.check_can_agree([plan_rules.Blocker("review_on", "Say when.")])
    assert refusal.value.field == "review_on"


def test_w24_staff_words_are_never_a_section_of_the_copy() -> None:
    with pytest.raises(Refused):
        plan_rules.copy_sections(["most_important", "staff_only"])
    assert "staff_only" not in plan_rules.copy_sections(None)
    known = {*plan_rules.COPY_SECTIONS, *plan_rules.OPTIONAL_SECTIONS, *plan_rules.NEVER_COPIED}
    headings = {field.name for field in fields_of(PlanNarrative)} - {"plan_id"}
    assert headings <= known, "a new heading must be decided about before it reaches paper"


def test_chosen_sections_come_in_the_order_of_the_standard() -> None:
    assert plan_rules.copy_sections(["goals", "formulation", "most_important"]) == (
        "most_important",
        "goals",
        "formulation",
    )
    for bad in ([], ["alerts"]):
        with pytest.raises(Refused):
            plan_rules.copy_sections(bad)


@pytest.mark.parametrize(
    ("review_on", "sentence"),
    [
        (TODAY, "Review due today"),
        (TODAY + dt.timedelta(days=1), "Review due in 1 day"),
        (TODAY - dt.timedelta(days=2), "Review was due 2 days ago"),
        (None, ""),
    ],
)
def test_when_the_review_is_due(review_on: dt.date | None, sentence: str) -> None:
    assert plan_rules.review_sentence(CarePlan(state="agreed", review_on=review_on), TODAY) == sentence
    assert plan_rules.review_sentence(CarePlan(state="draft", review_on=review_on), TODAY) == ""


def test_two_live_plans_are_both_current_and_the_agreed_one_is_first() -> None:
    old = CarePlan(id="1", state="agreed")
    agreed = CarePlan(id="2", state="agreed", supersedes="1")
    other = CarePlan(id="0", state="draft", supersedes="1")
    assert [plan.id for plan in plan_rules.current_plan([old, other, agreed])] == ["2", "0"]


def test_versions_count_from_one() -> None:
    assert plan_rules.next_version(PLAN) == 1
    assert plan_rules.next_version(CarePlan(version=1)) == 2
