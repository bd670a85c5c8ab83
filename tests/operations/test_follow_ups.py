"""Follow-ups by rule: made once for what happened, ended with their reason (H2)."""

import datetime as dt

import msgspec

from tests.operations.made import NOW, TODAY, Made, made_id
from wellbeing_desktop.domain.contact import Contact
from wellbeing_desktop.domain.death import CLOSED_BECAUSE
from wellbeing_desktop.domain.follow_up import FollowUpRule
from wellbeing_desktop.domain.referral import Episode, Referral
from wellbeing_desktop.domain.safety import Stay
from wellbeing_desktop.domain.task import Task
from wellbeing_desktop.operations import follow_ups, people, referrals, stays
from wellbeing_desktop.operations.contacts import record_contact
from wellbeing_desktop.operations.follow_ups import SUPPORT_CLOSED, change_rule, follow_up_rules, look_after_follow_ups
from wellbeing_desktop.storage.undo import undo
from wellbeing_desktop.storage.write_door import transaction

DAY = dt.timedelta(days=1)


def switch_on(made: Made, *ids: str) -> None:
    for rule in follow_up_rules(made.writer):
        if rule.id in ids:
            change_rule(made.writer, msgspec.structs.replace(rule, is_on=True), at=NOW)


def supported(made: Made, person_id: str, at: dt.datetime = NOW, **how: str) -> str:
    came = referrals.receive_referral(
        made.writer, Referral(subject=person_id, received_on=at.date(), source="gp", reason="01"), at=at
    )
    began = referrals.accept_referral(
        made.writer, made_id(came, "referral"), practitioner_id=how.get("coordinator", "ann"), at=at
    )
    return made_id(began, "episode")


def test_nothing_is_made_until_the_service_switches_a_rule_on(made: Made) -> None:
    supported(made, made.mary)
    assert made.all(Task) == []
    switch_on(made, "six_weeks")
    look_after_follow_ups(made.writer, at=NOW + DAY)
    assert len(made.all(Task)) == 1  # support began on the day it was switched on


def test_the_start_of_support_makes_its_follow_up_in_the_same_piece_of_work(made: Made) -> None:
    switch_on(made, "six_weeks")
    episode_id = supported(made, made.mary)
    task = made.only(Task)
    assert (task.owner_id, task.due_on, task.rule, task.about_id) == (
        "ann",
        dt.date(2027, 1, 4),
        "six_weeks",
        episode_id,
    )
    changes = look_after_follow_ups(made.writer, at=NOW + DAY)
    assert changes.touched == frozenset()
    rule = next(one for one in follow_up_rules(made.writer) if one.id == "six_weeks")
    change_rule(made.writer, msgspec.structs.replace(rule, words="Ask", after=8), at=NOW)
    look_after_follow_ups(made.writer, at=NOW + DAY)
    assert made.only(Task) == task  # a changed rule makes no second one, and leaves what it made


def test_what_happened_before_a_rule_was_switched_on_makes_nothing(made: Made) -> None:
    supported(made, made.mary)
    for rule in follow_up_rules(made.writer):
        if rule.id == "six_weeks":
            change_rule(made.writer, msgspec.structs.replace(rule, is_on=True), at=NOW + DAY)
    look_after_follow_ups(made.writer, at=NOW + 2 * DAY)
    assert made.all(Task) == []


def test_a_removed_follow_up_is_not_made_again(made: Made) -> None:
    switch_on(made, "six_weeks")
    supported(made, made.mary)
    with transaction(made.writer, "add_task", at=NOW) as tx:
        tx.remove(Task, made.only(Task).id, "Not wanted")
    look_after_follow_ups(made.writer, at=NOW + DAY)
    assert made.all(Task) == []


def test_undoing_the_start_takes_its_follow_up_back(made: Made) -> None:
    switch_on(made, "six_weeks")
    came = referrals.receive_referral(
        made.writer, Referral(subject=made.mary, received_on=TODAY, source="gp", reason="01"), at=NOW
    )
    began = referrals.accept_referral(made.writer, made_id(came, "referral"), practitioner_id="ann", at=NOW)
    undo(made.writer, began.undo_id, at=NOW)
    look_after_follow_ups(made.writer, at=NOW)
    assert made.all(Task, state="open") == []


def test_the_end_of_support_closes_what_ends_with_it_and_begins_what_follows(made: Made) -> None:
    switch_on(made, "six_weeks", "three_months")
    episode_id = supported(made, made.mary)
    referrals.close_episode(made.writer, episode_id, reason="goals_met", at=NOW)
    (closed,) = made.all(Task, rule="six_weeks")
    assert (closed.state, closed.outcome) == ("cancelled", SUPPORT_CLOSED)
    (later,) = made.all(Task, rule="three_months")
    assert (later.state, later.due_on) == ("open", dt.date(2027, 2, 22))  # the 20th is a Saturday
    referrals.reopen_episode(made.writer, episode_id, at=NOW)
    assert made.one(Task, closed.id).state == "open"
    assert made.one(Task, later.id).state == "cancelled"


def test_support_that_ended_otherwise_makes_no_follow_up_of_a_planned_end(made: Made) -> None:
    switch_on(made, "three_months")
    referrals.close_episode(made.writer, supported(made, made.mary), reason="moved", at=NOW)
    assert made.all(Task) == []


def test_death_closes_follow_ups_with_that_reason_and_makes_no_more(made: Made) -> None:
    switch_on(made, "six_weeks", "after_hospital", "three_months")
    episode_id = supported(made, made.mary)
    people.record_death(made.writer, made.mary, died_on=TODAY, known_by="The practice", at=NOW)
    (task,) = made.all(Task)
    assert (task.state, task.outcome) == ("cancelled", CLOSED_BECAUSE)
    stay = stays.record_stay(
        made.writer, Stay(subject=made.mary, place="Ward 3", kind="ward", started_on=TODAY), at=NOW
    )
    stays.end_stay(made.writer, made_id(stay, "stay"), TODAY, at=NOW)
    referrals.close_episode(made.writer, episode_id, reason="died", at=NOW)
    look_after_follow_ups(made.writer, at=NOW + DAY)
    assert len(made.all(Task)) == 1


def test_leaving_hospital_asks_for_a_call_which_a_contact_answers(made: Made) -> None:
    switch_on(made, "after_hospital")
    supported(made, made.mary)
    stays.record_stay(made.writer, Stay(subject=made.mary, place="Ward 3", kind="ward", started_on=TODAY), at=NOW)
    stays.record_stay(made.writer, Stay(subject=made.mary, place="Home", kind="home", started_on=TODAY), at=NOW)
    task = made.only(Task)
    assert (task.kind, task.state, task.due_on) == ("call_back", "open", dt.date(2026, 11, 24))
    for outcome, state in (("no_answer", "open"), ("spoke", "done")):
        record_contact(
            made.writer,
            Contact(subject=made.mary, happened_at=NOW, medium="02", direction="out", outcome=outcome),
            at=NOW,
        )
        assert made.one(Task, task.id).state == state
    assert made.one(Task, task.id).outcome == "Contact on 20-Nov-2026"


def test_a_rule_may_name_a_colleague_or_the_team(made: Made) -> None:
    for rule in (
        FollowUpRule(id="lead", words="Look", trigger="support_started", to="named", named_id="sam", is_on=True),
        FollowUpRule(id="team", words="Ring", trigger="support_started", to="team", is_on=True),
    ):
        change_rule(made.writer, rule, at=NOW)
    came = referrals.receive_referral(
        made.writer, Referral(subject=made.mary, received_on=TODAY, source="gp", reason="01"), at=NOW
    )
    referrals.accept_referral(made.writer, made_id(came, "referral"), practitioner_id="ann", team_id="north", at=NOW)
    assert made.only(Task, rule="lead").owner_id == "sam"
    assert (made.only(Task, rule="team").owner_id, made.only(Task, rule="team").team_id) == ("", "north")


def test_a_file_of_rules_replaces_those_with_its_ids_and_a_rule_that_is_off_still_ends_what_it_made(made: Made) -> None:
    switch_on(made, "six_weeks")
    episode_id = supported(made, made.mary)
    follow_ups.import_rules(
        made.writer,
        b'{"rules": [{"id": "six_weeks", "words": "Ask", "trigger": "support_started", "after": 4, "unit": "weeks"},'
        b' {"id": "ours", "words": "Ours", "trigger": "referral_received", "is_on": true}]}',
        at=NOW,
    )
    rules = {rule.id: rule for rule in follow_up_rules(made.writer)}
    assert (rules["six_weeks"].is_on, rules["six_weeks"].after, rules["ours"].since) == (False, 4, TODAY)
    referrals.close_episode(made.writer, episode_id, reason="moved", at=NOW)
    assert made.only(Task, rule="six_weeks").state == "cancelled"


def test_imported_support_gets_its_follow_up_when_the_rules_are_next_asked(made: Made) -> None:
    switch_on(made, "six_weeks")
    with transaction(made.writer, "import_people", at=NOW) as tx:
        tx.create(Episode(subject=made.mary, opened_on=TODAY, practitioner_id="ann", state="open"))
    assert made.all(Task) == []
    look_after_follow_ups(made.writer, at=NOW)
    assert made.only(Task).rule == "six_weeks"
