"""A referral on two laptops without a network: what two people decide apart is a clash for a person, never one in silence."""

import datetime as dt

import pytest

from tests.sync.client.practice import Laptop, Practice
from wellbeing_desktop.domain.person import Person
from wellbeing_desktop.domain.referral import Episode, Referral
from wellbeing_desktop.domain.screening import Screening
from wellbeing_desktop.operations import allocation, referrals, triage
from wellbeing_desktop.operations.conflicts import MINE, settle_conflict
from wellbeing_desktop.operations.people import register_person
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
