"""A referral on two laptops without a network: what two people decide apart is a clash for a person, never one in silence."""

import datetime as dt
from typing import Any

import pytest

from tests.sync.client.practice import Laptop, Practice
from tests.sync.scenarios.people import same_everywhere
from wellbeing_desktop.domain.changes import Changes
from wellbeing_desktop.domain.correction import REMOVED
from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.domain.person import Person
from wellbeing_desktop.domain.referral import Episode, Referral
from wellbeing_desktop.domain.screening import Screening
from wellbeing_desktop.operations import allocation, referrals, triage
from wellbeing_desktop.operations.conflicts import MINE, settle_conflict
from wellbeing_desktop.operations.people import register_person
from wellbeing_desktop.storage.undo import undo
from wellbeing_desktop.sync.client.session import utc_now

WHY = "Spoke with the surgery today"
WHOLE = {"danger": "no", "knows": "yes"}


def both(practice: Practice) -> tuple[Laptop, Laptop, Referral]:
    """Two laptops that hold one new referral, and ask the example form."""
    ann, bob = (practice.laptop(practice.member(name, kind="team")) for name in ("Ann", "Bob"))
    ann.synced()
    mary = ann.store.write(lambda w: register_person(w, Person(family_name="Jones", given_name="Mary")))
    (person_id,) = {change.id for change in mary.touched if change.type == "person"}
    referral = Referral(subject=person_id, received_on=dt.datetime.now(dt.UTC).date(), source="gp")
    ann.store.write(lambda w: referrals.receive_referral(w, referral))
    for laptop in (ann, bob):
        laptop.synced()
    (found,) = bob.all(Referral)
    return ann, bob, found


def settled(*laptops: Laptop) -> None:
    for laptop in (*laptops, *laptops):
        laptop.synced()


@pytest.mark.capability("B3")
def test_two_who_allocate_one_referral_offline_are_a_clash_and_the_support_follows_what_is_settled(
    practice: Practice,
) -> None:
    ann, bob, referral = both(practice)
    ann.store.write(lambda w: referrals.accept_referral(w, referral.id))
    settled(ann, bob)
    for laptop in (ann, bob):
        mine = laptop.store.identity.user_id
        laptop.store.write(lambda w, mine=mine: allocation.allocate_referral(w, referral.id, practitioner_id=mine))
    settled(ann, bob)
    for laptop in (ann, bob):
        (clash,) = laptop.conflicts()
        assert (clash.field, clash.target_id) == ("allocated_to", referral.id)
    (clash,) = bob.conflicts()
    bob.store.write(lambda w: settle_conflict(w, clash.id, MINE))
    settled(bob, ann)
    owner = bob.store.identity.user_id
    for laptop in (ann, bob):
        assert laptop.load(Referral, referral.id).allocated_to == owner
        (episode,) = laptop.all(Episode)
        assert episode.practitioner_id == owner
        assert laptop.load(Person, referral.subject).coordinator_id == owner


@pytest.mark.capability("B2")
def test_two_priorities_signed_apart_and_two_forms_filled_in_apart_wait_for_a_person(practice: Practice) -> None:
    ann, bob, referral = both(practice)
    lead = practice.laptop(practice.member("Lead", kind="owner"))
    lead.synced()
    lead.store.write(lambda w: triage.use_form(w, "example", "1"))
    settled(lead, ann, bob)
    for laptop, priority, within in ((ann, "same_day", "today"), (bob, "routine", "month")):
        answers = {**WHOLE, "within": within}
        laptop.store.write(lambda w, answers=answers: triage.take_screening(w, referral.id, answers, at=utc_now()))
        laptop.store.write(lambda w, priority=priority: triage.sign_priority(w, referral.id, priority, WHY))
    settled(ann, bob)
    for laptop in (ann, bob):
        assert len(laptop.all(Screening)) == 2
        shown = laptop.load(Referral, referral.id)
        standing = laptop.store.read(lambda r, shown=shown: triage.triage_of(r, shown))
        assert standing.priority == "same_day", "the more pressing of two that stand"
        assert {clash.field for clash in laptop.conflicts()} >= {"priority", "supersedes"}


def accepted(laptop: Laptop, referral: Referral, owner: str = "", **how: Any) -> Changes:
    return laptop.store.write(lambda w: referrals.accept_referral(w, referral.id, practitioner_id=owner, **how))


@pytest.mark.capability("B3")
def test_two_who_accept_one_referral_offline_open_one_support_and_who_has_it_is_asked_once(
    file_practice: Practice,
) -> None:
    ann, bob, referral = both(file_practice)
    for laptop in (ann, bob):
        accepted(laptop, referral, laptop.store.identity.user_id)
    settled(ann, bob)
    for laptop in (ann, bob):
        assert len(laptop.all(Episode)) == 1
        (clash,) = laptop.conflicts()
        assert (clash.field, clash.target_id) == ("allocated_to", referral.id)
    bob.store.write(lambda w: settle_conflict(w, clash.id, MINE))
    settled(bob, ann)
    for laptop in (ann, bob):
        (episode,) = laptop.all(Episode)
        person = laptop.load(Person, referral.subject)
        assert episode.practitioner_id == person.coordinator_id == bob.store.identity.user_id
        assert laptop.conflicts() == []
    same_everywhere(ann, bob)


def test_accepted_apart_for_one_colleague_what_each_said_of_the_support_is_in_it_and_nobody_undoes_both(
    file_practice: Practice,
) -> None:
    ann, bob, referral = both(file_practice)
    owner = ann.store.identity.user_id
    accepted(ann, referral, owner)
    done = accepted(bob, referral, owner, waits=True)
    settled(ann, bob)
    for laptop in (ann, bob):
        (episode,) = laptop.all(Episode)
        assert (episode.practitioner_id, episode.waiting_since is not None) == (owner, True)
        assert laptop.conflicts() == []
    with pytest.raises(Refused, match="A colleague has worked on this too"):
        bob.store.write(lambda w: undo(w, done.undo_id))
    same_everywhere(ann, bob)


def test_accepted_apart_for_two_teams_is_a_clash_and_the_support_follows_it(file_practice: Practice) -> None:
    ann, bob, referral = both(file_practice)
    for laptop, team in ((ann, "north"), (bob, "south")):
        accepted(laptop, referral, team_id=team)
    settled(ann, bob)
    (clash,) = bob.conflicts()
    assert clash.field == "allocated_team"
    bob.store.write(lambda w: settle_conflict(w, clash.id, MINE))
    settled(bob, ann)
    (episode,) = ann.all(Episode)
    assert episode.team_id == ann.load(Referral, referral.id).allocated_team == "south"


def test_support_that_was_closed_before_the_other_acceptance_arrives_is_asked_about(file_practice: Practice) -> None:
    ann, bob, referral = both(file_practice)
    accepted(bob, referral)
    accepted(ann, referral)
    (episode,) = ann.all(Episode)
    ann.store.write(lambda w: referrals.close_episode(w, episode.id, reason="goals_met"))
    settled(ann, bob)
    for laptop in (ann, bob):
        (clash,) = laptop.conflicts()
        assert (clash.field, clash.target_id) == ("state", episode.id)


def test_an_acceptance_taken_back_while_another_arrives_leaves_the_support_open_and_asks(
    file_practice: Practice,
) -> None:
    ann, bob, referral = both(file_practice)
    accepted(bob, referral)
    done = accepted(ann, referral)
    ann.synced()
    ann.store.write(lambda w: undo(w, done.undo_id))
    settled(ann, bob)
    for laptop in (ann, bob):
        assert laptop.load(Referral, referral.id).state == "accepted"
        (episode,) = laptop.all(Episode)
        assert episode.state == "open"
        assert [(clash.field, clash.target_id) for clash in laptop.conflicts()] == [(REMOVED, episode.id)]
    same_everywhere(ann, bob)


def test_a_referral_accepted_again_after_it_was_taken_back_has_the_same_support(file_practice: Practice) -> None:
    ann, bob, referral = both(file_practice)
    done = accepted(ann, referral, bob.store.identity.user_id, waits=True)
    (first,) = ann.all(Episode)
    ann.synced()
    ann.store.write(lambda w: undo(w, done.undo_id))
    assert ann.all(Episode) == []
    accepted(ann, referral, ann.store.identity.user_id)
    settled(ann, bob)
    (episode,) = bob.all(Episode)
    assert (episode.id, episode.practitioner_id) == (first.id, ann.store.identity.user_id)
    assert (episode.waiting_since, episode.check_in_due_on) == (None, None)
