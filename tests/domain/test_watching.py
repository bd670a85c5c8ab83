"""Which records have a clock, when it has run out, and whom the service has named to be told (PRACTICE W13)."""

import datetime as dt
from typing import Any

import pytest

from wellbeing_desktop.domain.concern_rules import Link
from wellbeing_desktop.domain.watching import (
    CoverFor,
    cover_in,
    is_due,
    owner_in,
    to_tell,
    visit_grace_in,
    watched_at,
    with_cover,
)

AT = "2026-11-21T09:30:00Z"
NINE_THIRTY = dt.datetime(2026, 11, 21, 9, 30, tzinfo=dt.UTC)
DAY = dt.date(2026, 11, 21)


@pytest.mark.parametrize(
    ("type_name", "body", "minutes"),
    [
        ("referral", {"state": "new", "respond_by": AT}, 0),
        ("referral", {"state": "accepted", "respond_by": AT}, None),
        ("enquiry", {"state": "new", "urgent": True, "respond_by": AT}, 0),
        ("enquiry", {"state": "new", "respond_by": AT}, None),
        ("enquiry", {"state": "claimed", "urgent": True, "respond_by": AT}, None),
        ("request", {"state": "with_clinician", "due_at": AT}, 0),
        ("request", {"state": "done", "due_at": AT}, None),
        ("concern", {"state": "open", "respond_by": AT}, 0),
        ("concern", {"state": "with_lead", "respond_by": AT}, None),
        ("appointment", {"state": "booked", "medium": "home_visit", "starts_at": AT, "duration_minutes": 45}, 45),
        ("appointment", {"state": "booked", "medium": "home_visit", "starts_at": AT, "duration_minutes": "x"}, 60),
        ("appointment", {"state": "booked", "medium": "telephone", "starts_at": AT}, None),
        ("concern", {"state": "open", "respond_by": "soon"}, None),
        ("concern", {"state": "open", "respond_by": "2026-11-21T09:30:00"}, None),
        ("concern", {"state": ["open"], "respond_by": 7}, None),
        ("note", {"state": "open", "respond_by": AT}, None),
    ],
)
def test_a_record_has_a_clock_while_somebody_must_act_on_it(
    type_name: str, body: dict[str, Any], minutes: int | None
) -> None:
    found = watched_at(type_name, body)
    assert found == (None if minutes is None else NINE_THIRTY + dt.timedelta(minutes=minutes))


def test_a_visit_is_given_its_grace_and_let_go_of_after_a_day() -> None:
    after = [dt.timedelta(minutes=minutes) for minutes in (59, 60, 60 + 24 * 60 - 1, 60 + 24 * 60)]
    assert [is_due("appointment", NINE_THIRTY, NINE_THIRTY + by, 60) for by in after] == [False, True, True, False]
    assert is_due("concern", NINE_THIRTY, NINE_THIRTY, 60)
    assert [visit_grace_in(value) for value in (30, 0, "30", None)] == [30, 60, 60, 60]


def test_the_deputies_and_whoever_is_on_call_are_told_and_everybody_where_nobody_is_called_so() -> None:
    lead, deputy = Link("Named lead", "Ann", "", "a"), Link("Deputy", "Ben", "", "b")
    on_call = Link("On call", "Cy", "", "c")
    assert to_tell((lead, deputy, on_call)) == (deputy, on_call)
    assert to_tell((lead,)) == (lead,)


def test_cover_counts_on_its_days_and_until_it_is_ended() -> None:
    cover = {"cover_id": "b", "since_on": "2026-11-21", "until_on": "2026-11-22"}
    found = cover_in("a", cover)
    assert found == CoverFor("a", "b", DAY, DAY + dt.timedelta(days=1))
    days = [DAY + dt.timedelta(days=by) for by in (-1, 0, 1, 2)]
    assert [with_cover(["a", ""], [found], on) == {"a", "b"} for on in days] == [False, True, True, False]
    assert cover_in("a", cover | {"ended": True}) is None
    assert cover_in("a", {"cover_id": "b", "since_on": "soon"}) is None


def test_who_has_it_is_said_and_nobody_where_nobody_does() -> None:
    assert owner_in("concern", {"raised_by": "a", "words": "x"}) == "a"
    assert owner_in("enquiry", {}) == ""
