"""From request to support."""

import pytest

from tests.operations.made import NOW, TODAY, Made, made_id
from wellbeing_desktop.domain.contact import Note
from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.domain.person import Person
from wellbeing_desktop.domain.referral import Episode, Referral
from wellbeing_desktop.operations import referrals


def received(made: Made, **fields: object) -> str:
    values = {"received_on": TODAY, "source": "gp", **fields}
    changes = referrals.receive_referral(
        made.writer,
        Referral(subject=made.mary, **values),
        words="Lonely since June",
        at=NOW,
    )
    return made_id(changes, "referral")


@pytest.mark.capability("B1")
def test_a_referral_is_received_with_its_words(made: Made) -> None:
    id = received(made)
    assert made.one(Referral, id).state == "new"
    assert made.only(Note, about_id=id).text == "Lonely since June"


def test_accepting_opens_support_and_gives_the_person_a_coordinator(made: Made) -> None:
    id = received(made)
    referrals.accept_referral(made.writer, id, practitioner_id="bo", priority="soon", at=NOW)
    referral = made.one(Referral, id)
    assert (referral.state, referral.allocated_to, referral.priority) == ("accepted", "bo", "soon")
    assert referral.priority_signed_by == referral.decided_by
    episode = made.only(Episode, subject=made.mary)
    assert (episode.state, episode.referral_id, episode.opened_on) == ("open", id, TODAY)
    assert made.one(Person, made.mary).coordinator_id == "bo"


def test_a_second_referral_during_support_is_not_accepted_beside_it(made: Made) -> None:
    referrals.accept_referral(made.writer, received(made), practitioner_id="bo", at=NOW)
    with pytest.raises(Refused, match="supported already"):
        referrals.accept_referral(made.writer, received(made), practitioner_id="bo", at=NOW)


def test_declining_needs_a_reason_and_deciding_happens_once(made: Made) -> None:
    id = received(made)
    with pytest.raises(Refused):
        referrals.decline_referral(made.writer, id, reason="", at=NOW)
    referrals.decline_referral(made.writer, id, reason="02", at=NOW)
    assert made.one(Referral, id).decline_reason == "02"
    with pytest.raises(Refused):
        referrals.accept_referral(made.writer, id, practitioner_id="bo", at=NOW)


def test_an_incomplete_referral_is_completed_and_a_decision_is_not_slipped_in(made: Made) -> None:
    id = received(made, state="incomplete")
    with pytest.raises(Refused):
        referrals.complete_referral(made.writer, id, {"state": "accepted"}, at=NOW)
    referrals.complete_referral(made.writer, id, {"reason": "loneliness"}, at=NOW)
    assert made.one(Referral, id).state == "new"
    referrals.withdraw_referral(made.writer, id, at=NOW)
    assert made.one(Referral, id).state == "withdrawn"


def test_support_is_closed_with_a_reason_and_can_be_opened_again(made: Made) -> None:
    referrals.accept_referral(made.writer, received(made), practitioner_id="bo", at=NOW)
    id = made.only(Episode).id
    with pytest.raises(Refused):
        referrals.close_episode(made.writer, id, reason="", at=NOW)
    referrals.close_episode(made.writer, id, reason="goals_met", at=NOW)
    assert made.only(Episode).closed_on == TODAY
    referrals.reopen_episode(made.writer, id, at=NOW)
    episode = made.only(Episode)
    assert (episode.state, episode.closed_on, episode.close_reason) == ("open", None, "")
