"""The plan, its versions, and the copy that is owed."""

import datetime as dt

import pytest

from tests.operations.made import NOW, TODAY, Made, made_id
from wellbeing_desktop.domain.care_plan import Action, CarePlan, Goal, PlanCopy, PlanNarrative
from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.operations import care_plans, plan_contents, plan_copies
from wellbeing_desktop.storage.write_door import transaction

REVIEW = dt.date(2027, 2, 20)


def started(made: Made) -> str:
    return made_id(care_plans.start_plan(made.writer, made.mary, at=NOW), "care_plan")


def written(made: Made) -> str:
    plan_id = started(made)
    plan_contents.write_narrative(made.writer, plan_id, {"most_important": "My garden"}, {"most_important": ""}, at=NOW)
    for what in ("Walk to the shop", "Sleep through"):
        plan_contents.set_goal(made.writer, Goal(plan_id=plan_id, what=what), at=NOW)
    return plan_id


def agreed(made: Made) -> str:
    plan_id = written(made)
    care_plans.agree_plan(made.writer, plan_id, agreed_with="Mary Jones", review_on=REVIEW, at=NOW)
    return plan_id


def test_a_plan_is_written_goal_by_goal_in_order(made: Made) -> None:
    plan_id = written(made)
    first, second = care_plans.plan_parts(made.writer, plan_id).goals
    assert [first.what, second.what] == ["Walk to the shop", "Sleep through"]
    assert first.state == "not_started"
    plan_contents.set_action(
        made.writer, Action(plan_id=plan_id, goal_id=first.id, what="Order a frame", confidence=7), at=NOW
    )
    plan_contents.move_goal(made.writer, second.id, -1, at=NOW)
    parts = care_plans.plan_parts(made.writer, plan_id)
    assert [goal.id for goal in parts.goals] == [second.id, first.id]
    assert parts.actions[0].state == "to_do"


def test_goals_that_two_laptops_gave_one_place_are_moved_all_the_same_and_none_beyond_an_end(made: Made) -> None:
    plan_id = written(made)
    first, second = care_plans.plan_parts(made.writer, plan_id).goals
    with transaction(made.writer, "set_goal", at=NOW) as tx:
        tx.change(Goal, second.id, {"position": first.position})
    third = made_id(plan_contents.set_goal(made.writer, Goal(plan_id=plan_id, what="See the sea"), at=NOW), "goal")
    plan_contents.move_goal(made.writer, third, -1, at=NOW)
    moved = care_plans.plan_parts(made.writer, plan_id).goals
    assert [goal.id for goal in moved] == [first.id, third, second.id]
    assert len({goal.position for goal in moved}) == 3
    with pytest.raises(Refused, match="first already"):
        plan_contents.move_goal(made.writer, first.id, -1, at=NOW)
    with pytest.raises(Refused, match="last already"):
        plan_contents.move_goal(made.writer, second.id, 1, at=NOW)


def test_nothing_of_a_plan_that_has_ended_is_moved_or_removed(made: Made) -> None:
    plan_id = written(made)
    first, second = care_plans.plan_parts(made.writer, plan_id).goals
    action = made_id(plan_contents.set_action(made.writer, Action(plan_id=plan_id, what="x"), at=NOW), "action")
    care_plans.decline_plan(made.writer, made.mary, at=NOW)
    for attempt in (
        lambda: plan_contents.move_goal(made.writer, second.id, -1, at=NOW),
        lambda: plan_contents.remove_goal(made.writer, first.id, "Wrong", at=NOW),
        lambda: plan_contents.remove_action(made.writer, action, "Wrong", at=NOW),
    ):
        with pytest.raises(Refused, match="has ended"):
            attempt()


def test_changing_a_goal_keeps_its_place_and_its_state(made: Made) -> None:
    plan_id = written(made)
    goal = care_plans.plan_parts(made.writer, plan_id).goals[0]
    plan_contents.set_goal(
        made.writer, Goal(id=goal.id, plan_id=plan_id, what="Walk to church"), {"what": goal.what}, at=NOW
    )
    after = care_plans.plan_parts(made.writer, plan_id).goals[0]
    assert (after.id, after.what, after.position, after.state) == (
        goal.id,
        "Walk to church",
        goal.position,
        "not_started",
    )


def test_an_empty_goal_a_wrong_scale_and_another_plans_goal_are_refused(made: Made) -> None:
    plan_id = written(made)
    with pytest.raises(Refused):
        plan_contents.set_goal(made.writer, Goal(plan_id=plan_id, what=" "), at=NOW)
    with pytest.raises(Refused):
        plan_contents.set_goal(made.writer, Goal(plan_id=plan_id, what="x", importance=11), at=NOW)
    with pytest.raises(Refused):
        plan_contents.set_action(made.writer, Action(plan_id=plan_id, goal_id="elsewhere", what="x"), at=NOW)


def test_a_second_plan_is_not_started_beside_a_live_one(made: Made) -> None:
    plan_id = agreed(made)
    with pytest.raises(Refused, match="has a plan already"):
        started(made)
    care_plans.end_plan(made.writer, plan_id, at=NOW)
    assert made.one(CarePlan, started(made)).supersedes == plan_id


def test_w24_agreeing_makes_a_version_and_a_copy_owed(made: Made) -> None:
    plan_id = agreed(made)
    plan = made.one(CarePlan, plan_id)
    assert (plan.state, plan.version, plan.agreed_on, plan.review_on) == ("agreed", 1, TODAY, REVIEW)
    copy = made.only(PlanCopy, plan_id=plan_id)
    assert (copy.state, copy.version) == ("owed", 1)
    assert "goals" in copy.sections
    assert "staff_only" not in copy.sections
    assert len(copy.code) == 6
    plan_copies.settle_copy(made.writer, copy.id, "handed", at=NOW)
    settled = made.one(PlanCopy, copy.id)
    assert (settled.state, settled.settled_on) == ("handed", TODAY)
    assert settled.settled_by


def test_w24_staff_words_cannot_be_chosen_for_the_copy(made: Made) -> None:
    plan_id = written(made)
    with pytest.raises(Refused, match="staff only"):
        care_plans.agree_plan(
            made.writer, plan_id, agreed_with="Mary", review_on=REVIEW, sections=["staff_only"], at=NOW
        )
    assert made.one(CarePlan, plan_id).state == "draft"


def test_an_empty_plan_cannot_be_agreed(made: Made) -> None:
    plan_id = started(made)
    blockers = care_plans.agreeing_blockers(
        made.writer, plan_id, agreed_with="", agreed_on=TODAY, review_on=None, today=TODAY
    )
    assert {blocker.field for blocker in blockers} == {"agreed_with", "review_on", "most_important", "goals"}
    with pytest.raises(Refused):
        care_plans.agree_plan(made.writer, plan_id, agreed_with="Mary", review_on=REVIEW, at=NOW)


def test_a_plan_with_an_unsettled_clash_cannot_be_agreed(made: Made) -> None:
    plan_id = written(made)
    narrative = made.only(PlanNarrative, plan_id=plan_id)
    made.conflict(made.mary, "plan_narrative", narrative.id, "needs", '"a"', '"b"')
    with pytest.raises(Refused, match="not settled"):
        care_plans.agree_plan(made.writer, plan_id, agreed_with="Mary", review_on=REVIEW, at=NOW)


def test_a_review_with_changes_is_a_new_version_with_its_own_copy(made: Made) -> None:
    plan_id = agreed(made)
    later = NOW + dt.timedelta(days=60)
    care_plans.review_plan(made.writer, plan_id, review_on=dt.date(2027, 6, 1), changed=True, at=later)
    plan = made.one(CarePlan, plan_id)
    assert (plan.version, plan.reviewed_on, plan.agreed_on) == (2, dt.date(2027, 1, 19), dt.date(2027, 1, 19))
    assert sorted(copy.version or 0 for copy in made.all(PlanCopy, plan_id=plan_id)) == [1, 2]


def test_a_review_without_changes_leaves_version_and_copy(made: Made) -> None:
    plan_id = agreed(made)
    care_plans.review_plan(made.writer, plan_id, review_on=dt.date(2027, 6, 1), at=NOW + dt.timedelta(days=60))
    plan = made.one(CarePlan, plan_id)
    assert (plan.version, plan.reviewed_on, plan.agreed_on) == (1, dt.date(2027, 1, 19), TODAY)
    for day in (dt.date(2026, 1, 1), dt.date(2030, 1, 1)):
        with pytest.raises(Refused):
            care_plans.review_plan(made.writer, plan_id, reviewed_on=day, review_on=dt.date(2031, 1, 1), at=NOW)


def test_removing_a_goal_takes_its_actions_with_it(made: Made) -> None:
    plan_id = written(made)
    goal = care_plans.plan_parts(made.writer, plan_id).goals[0]
    action = plan_contents.set_action(made.writer, Action(plan_id=plan_id, goal_id=goal.id, what="x"), at=NOW)
    other = plan_contents.set_action(made.writer, Action(plan_id=plan_id, what="y"), at=NOW)
    plan_contents.remove_goal(made.writer, goal.id, "Not wanted any more", at=NOW)
    parts = care_plans.plan_parts(made.writer, plan_id)
    assert len(parts.goals) == 1
    assert [one.id for one in parts.actions] == [made_id(other, "action")]
    plan_contents.remove_action(made.writer, made_id(other, "action"), "Done elsewhere", at=NOW)
    assert made_id(action, "action") not in {one.id for one in made.all(Action)}


def test_an_ended_or_declined_plan_is_not_written_in(made: Made) -> None:
    plan_id = written(made)
    care_plans.decline_plan(made.writer, made.mary, at=NOW)
    with pytest.raises(Refused, match="has ended"):
        plan_contents.write_narrative(made.writer, plan_id, {"needs": "x"}, {}, at=NOW)


def test_a_plan_that_was_offered_and_not_wanted_is_recorded_with_its_day_and_another_can_follow(made: Made) -> None:
    care_plans.decline_plan(made.writer, made.mary, declined_on=TODAY - dt.timedelta(days=2), at=NOW)
    declined = made.only(CarePlan)
    assert (declined.state, declined.ended_on) == ("declined", TODAY - dt.timedelta(days=2))
    assert made.one(CarePlan, started(made)).supersedes == declined.id


def test_an_agreed_plan_is_ended_not_declined_and_not_on_a_day_to_come(made: Made) -> None:
    plan_id = agreed(made)
    with pytest.raises(Refused, match="End it instead"):
        care_plans.decline_plan(made.writer, made.mary, at=NOW)
    for day in (TODAY + dt.timedelta(days=1), TODAY - dt.timedelta(days=400)):
        with pytest.raises(Refused):
            care_plans.end_plan(made.writer, plan_id, ended_on=day, at=NOW)
    care_plans.end_plan(made.writer, plan_id, at=NOW)
    assert made.one(CarePlan, plan_id).ended_on == TODAY
    with pytest.raises(Refused, match="already"):
        care_plans.end_plan(made.writer, plan_id, at=NOW)
