"""What changed between two versions of a plan: everything, nothing twice, in words."""

import datetime as dt

import pytest

from tests.operations.made import NOW, TODAY, Made, made_id
from wellbeing_desktop.domain.care_plan import Action, Goal
from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.operations import care_plans, plan_contents
from wellbeing_desktop.operations.plan_versions import NOW as AS_IT_STANDS
from wellbeing_desktop.operations.plan_versions import agreed_versions, compare_versions

LATER = NOW + dt.timedelta(days=7)
REVIEW = TODAY + dt.timedelta(days=90)


@pytest.fixture
def plan_id(made: Made) -> str:
    """Agreed; then words, a goal and an action changed, one taken out, one added; agreed again a week later."""
    writer = made.writer
    plan_id = made_id(care_plans.start_plan(writer, made.mary, at=NOW), "care_plan")
    words = {"most_important": "My garden.", "needs": "Company."}
    plan_contents.write_narrative(writer, plan_id, words, {}, at=NOW)
    walk = made_id(plan_contents.set_goal(writer, Goal(plan_id=plan_id, what="Walk", importance=8), at=NOW), "goal")
    swim = made_id(plan_contents.set_goal(writer, Goal(plan_id=plan_id, what="Swim"), at=NOW), "goal")
    bus = Action(plan_id=plan_id, goal_id=walk, what="Find the bus", due_on=TODAY)
    bus_id = made_id(plan_contents.set_action(writer, bus, at=NOW), "action")
    care_plans.agree_plan(writer, plan_id, agreed_with="Mary", review_on=REVIEW, at=NOW)
    later = LATER - dt.timedelta(hours=1)
    plan_contents.write_narrative(writer, plan_id, {"most_important": "My garden and Mair."}, {}, at=later)
    plan_contents.set_goal(writer, Goal(id=walk, plan_id=plan_id, what="Walk", importance=10), at=later)
    plan_contents.remove_goal(writer, swim, "Not any more", at=later)
    plan_contents.set_goal(writer, Goal(plan_id=plan_id, what="Sing"), at=later)
    done = Action(id=bus_id, plan_id=plan_id, goal_id=walk, what="Find the bus", due_on=TODAY, state="done")
    plan_contents.set_action(writer, done, at=later)
    care_plans.review_plan(writer, plan_id, review_on=REVIEW, changed=True, at=LATER)
    plan_contents.write_narrative(writer, plan_id, {"needs": "A choir."}, {}, at=LATER + dt.timedelta(hours=1))
    return plan_id


def test_each_version_is_listed_with_its_day(made: Made, plan_id: str) -> None:
    versions = agreed_versions(made.writer, plan_id)
    assert [(each.number, each.agreed_on) for each in versions] == [(1, TODAY), (2, LATER.date())]
    assert versions[0].agreed_with == "Mary"


def test_what_changed_is_said_in_words_and_nothing_else_is(made: Made, plan_id: str) -> None:
    found = {
        (each.sentence, each.heading): (each.before, each.after)
        for each in compare_versions(made.writer, plan_id, 1, 2)
    }
    assert found == {
        ("Words changed", "What is most important to me"): ("My garden.", "My garden and Mair."),
        ("Goal changed", "Walk"): ("How important, 1 to 10: 8", "How important, 1 to 10: 10"),
        ("Goal taken out", "Swim"): (found[("Goal taken out", "Swim")][0], ""),
        ("Goal added", "Sing"): ("", found[("Goal added", "Sing")][1]),
        ("Action changed", "Find the bus"): ("State: To do", "State: Done"),
    }
    assert "Swim" in found[("Goal taken out", "Swim")][0]


def test_what_was_written_since_is_compared_with_the_plan_as_it_stands(made: Made, plan_id: str) -> None:
    (only,) = compare_versions(made.writer, plan_id, 2, AS_IT_STANDS)
    assert (only.before, only.after) == ("Company.", "A choir.")
    assert compare_versions(made.writer, plan_id, 2, 2) == ()


def test_a_version_that_was_never_agreed_is_refused(made: Made, plan_id: str) -> None:
    with pytest.raises(Refused, match="Version 3"):
        compare_versions(made.writer, plan_id, 1, 3)
