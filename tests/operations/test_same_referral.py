"""A person who was asked for already (B7)."""

import datetime as dt

import pytest

from tests.operations.made import NOW, TODAY, Made, made_id
from wellbeing_desktop.domain.contact import Note
from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.domain.referral import Referral
from wellbeing_desktop.domain.work_rules import SAME_REQUEST_SETTING
from wellbeing_desktop.operations import referrals
from wellbeing_desktop.operations.aliases import join_people
from wellbeing_desktop.operations.same_referral import (
    add_to_referral,
    earlier_requests,
    receive_again,
)
from wellbeing_desktop.operations.settings import change_setting

pytestmark = pytest.mark.capability("B7")


def received(made: Made, days_ago: int = 10, *, person: str = "", **fields: str) -> str:
    referral = Referral(
        subject=person or made.mary,
        received_on=TODAY - dt.timedelta(days=days_ago),
        **{"source": "gp", "reason": "loneliness", **fields},
    )
    return made_id(referrals.receive_referral(made.writer, referral, words="Lonely since June", at=NOW), "referral")


def asked(made: Made, **fields: str) -> list[tuple[str, bool, tuple[str, ...]]]:
    new = Referral(
        id="new",
        subject=made.mary,
        received_on=TODAY,
        **{"source": "gp", "reason": "loneliness", **fields},
    )
    return [(one.referral.id, one.is_open, one.why) for one in earlier_requests(made.writer, new, TODAY)]


@pytest.mark.capability("B7")
def test_one_that_waits_is_found_whatever_its_reason_and_says_what_is_known(made: Made) -> None:
    id = received(made, 200, source="self", reason="mobility")
    assert asked(made) == [(id, True, ("waiting for a decision",))]
    new = Referral(id="new", subject=made.mary, received_on=TODAY, source="gp")
    assert earlier_requests(made.writer, new, TODAY)[0].words == "Lonely since June"


def test_one_that_is_closed_is_found_within_the_period_by_reason_or_source(made: Made) -> None:
    id = received(made, 89)
    referrals.withdraw_referral(made.writer, id, at=NOW)
    assert asked(made) == [(id, False, ("same reason", "same source"))]
    assert asked(made, reason="mobility") == [(id, False, ("same source",))]
    assert asked(made, reason="mobility", source="self") == []
    change_setting(made.writer, SAME_REQUEST_SETTING, 30, at=NOW)
    assert asked(made) == []


def test_support_that_goes_on_counts_as_open_and_open_ones_come_first(made: Made) -> None:
    supported = received(made, 300, source="self", reason="mobility")
    referrals.accept_referral(made.writer, supported, practitioner_id="bo", at=NOW)
    closed = received(made, 5)
    referrals.withdraw_referral(made.writer, closed, at=NOW)
    assert [(id, is_open) for id, is_open, _ in asked(made)] == [(supported, True), (closed, False)]


def test_a_referral_of_a_joined_record_is_the_persons(made: Made) -> None:
    other = made.person("Jones", "Marie")
    id = received(made, person=other)
    assert asked(made) == []
    join_people(made.writer, made.mary, other, "same", at=NOW)
    assert [found[0] for found in asked(made)] == [id]


@pytest.mark.capability("B7")
def test_what_was_said_again_is_kept_with_the_open_one_and_there_is_no_second_referral(made: Made) -> None:
    id = received(made)
    again = Referral(subject=made.mary, received_on=TODAY, source="self", urgency="urgent", referrer_name="Her son")
    add_to_referral(made.writer, id, again, words="Worse this week", at=NOW)
    assert len(made.all(Referral, subject=made.mary)) == 1
    text = made.all(Note, about_id=id)[-1].text
    assert text.startswith("Asked for again on 20")
    assert "Referred by: Her son" in text
    assert text.endswith("Worse this week")
    assert made.one(Referral, id).urgency == ""


def test_one_that_is_closed_is_not_added_to(made: Made) -> None:
    id = received(made)
    referrals.withdraw_referral(made.writer, id, at=NOW)
    with pytest.raises(Refused, match="closed"):
        add_to_referral(made.writer, id, Referral(subject=made.mary), at=NOW)


def test_a_new_one_all_the_same_says_why_and_which_it_repeats(made: Made) -> None:
    id = received(made)
    again = Referral(subject=made.mary, received_on=TODAY, source="gp")
    with pytest.raises(Refused, match="why"):
        receive_again(made.writer, again, id, " ", at=NOW)
    new_id = made_id(receive_again(made.writer, again, id, "Another need", words="Falls", at=NOW), "referral")
    assert made.one(Referral, new_id).repeats_id == id
    assert made.only(Note, about_id=new_id).text == "Falls\n\nA new referral although one was there: Another need"
