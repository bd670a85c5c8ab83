"""From request to support."""

import datetime as dt

import pytest

from wellbeing_desktop.domain import referral_rules as rules
from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.domain.referral import Episode, Referral
from wellbeing_desktop.domain.working_days import BankHolidays

TODAY = dt.date(2026, 11, 20)  # a Friday
CAME = dt.date(2026, 11, 13)
NEW = Referral(id="r", state="new", received_on=CAME, source="gp")
NO_HOLIDAYS = BankHolidays({}, 2026, 2026)


@pytest.mark.parametrize(
    ("referral", "field"),
    [
        (Referral(source="gp"), "received_on"),
        (Referral(source="gp", received_on=TODAY + dt.timedelta(days=1)), "received_on"),
        (Referral(received_on=TODAY), "source"),
    ],
)
def test_a_referral_says_when_it_came_and_from_where(referral: Referral, field: str) -> None:
    with pytest.raises(Refused) as refusal:
        rules.check_received(referral, TODAY)
    assert refusal.value.field == field


def test_accepting_needs_a_complete_waiting_referral_and_no_open_support() -> None:
    rules.check_accept(NEW, TODAY, TODAY, [Episode(state="closed")])
    for referral, on, episodes in (
        (Referral(state="accepted", received_on=CAME), TODAY, []),
        (NEW, TODAY + dt.timedelta(days=1), []),
        (NEW, CAME - dt.timedelta(days=1), []),
        (NEW, TODAY, [Episode(state="open")]),
    ):
        with pytest.raises(Refused):
            rules.check_accept(referral, on, TODAY, episodes)


def test_a_referral_without_the_minimum_data_set_says_what_is_missing_and_is_not_accepted() -> None:
    with pytest.raises(Refused, match=r"incomplete\. Missing: the reason; an answer"):
        rules.check_accept(NEW, TODAY, TODAY, [], ("the reason", "an answer to “When?”"))


def test_declining_and_closing_need_a_reason() -> None:
    rules.check_decline(NEW, TODAY, "02", TODAY)
    with pytest.raises(Refused) as refusal:
        rules.check_decline(NEW, TODAY, "", TODAY)
    assert refusal.value.field == "decline_reason"
    support = Episode(state="open", opened_on=CAME)
    rules.check_close(support, TODAY, "completed", TODAY)
    for on, reason in ((TODAY, ""), (CAME - dt.timedelta(days=1), "completed"), (TODAY + dt.timedelta(1), "completed")):
        with pytest.raises(Refused):
            rules.check_close(support, on, reason, TODAY)
    with pytest.raises(Refused):
        rules.check_close(Episode(state="closed"), TODAY, "completed", TODAY)


def test_w14_an_unanswered_or_unknown_answer_never_lowers_the_suggestion() -> None:
    assert rules.suggested_priority(["routine", "urgent", "", "unknown"]) == "urgent"
    assert rules.suggested_priority([]) == ""
