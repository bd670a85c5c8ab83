"""Working time: service hours, weekends, bank holidays and both changes of the clock."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wellbeing_desktop.domain.response_clock import (
    Periods,
    ServiceHours,
    clock_words,
    due_after,
    hours_from,
    minutes_between,
    periods_from,
)
from wellbeing_desktop.domain.working_days import BankHolidays

CHRISTMAS = BankHolidays({dt.date(2026, 12, 25): "Christmas Day", dt.date(2026, 12, 28): "Boxing Day"}, 2026, 2027)
HOURS = ServiceHours()


def utc(*parts: int) -> dt.datetime:
    return dt.datetime(*parts, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("start", "minutes", "due"),
    [
        (utc(2026, 11, 26, 10, 0), 60, utc(2026, 11, 26, 11, 0)),
        (utc(2026, 11, 26, 16, 30), 60, utc(2026, 11, 27, 9, 30)),  # over night
        (utc(2026, 11, 27, 16, 30), 60, utc(2026, 11, 30, 9, 30)),  # over a weekend
        (utc(2026, 11, 28, 3, 0), 60, utc(2026, 11, 30, 10, 0)),  # begun on a Saturday night
        (utc(2026, 12, 24, 16, 30), 60, utc(2026, 12, 29, 9, 30)),  # over Christmas
        (utc(2026, 10, 23, 15, 30), 60, utc(2026, 10, 26, 9, 30)),  # 16:30 in summer, 09:30 in winter
        (utc(2026, 11, 26, 7, 0), 480, utc(2026, 11, 26, 17, 0)),  # a whole day ends when the service closes
    ],
)
def test_an_answer_is_due_after_so_many_minutes_of_service_time(
    start: dt.datetime, minutes: int, due: dt.datetime
) -> None:
    assert due_after(start, minutes, HOURS, CHRISTMAS) == due


@given(
    st.integers(1, 20_000), st.datetimes(dt.datetime(2026, 1, 1), dt.datetime(2027, 11, 1), timezones=st.just(dt.UTC))
)
def test_the_minutes_until_it_is_due_are_the_minutes_asked_for(minutes: int, start: dt.datetime) -> None:
    start = start.replace(second=0, microsecond=0)
    due = due_after(start, minutes, HOURS, CHRISTMAS)
    assert minutes_between(start, due, HOURS, CHRISTMAS) == minutes
    assert minutes_between(due, start, HOURS, CHRISTMAS) == -minutes


def test_a_setting_that_cannot_be_used_leaves_the_usual_hours() -> None:
    assert hours_from({"opens": "08:00", "closes": "18:30", "days": [0, 5]}) == ServiceHours(
        dt.time(8), dt.time(18, 30), (0, 5)
    )
    for wrong in (None, "nine to five", {"opens": "18:00", "closes": "09:00"}, {"days": []}, {"days": [9]}):
        assert hours_from(wrong) == ServiceHours()
    assert periods_from({"urgent": 0}) == Periods()
    assert periods_from({"urgent": 30}).urgent == 30


@pytest.mark.parametrize(
    ("now", "words"),
    [
        (utc(2026, 11, 26, 9, 35), "25 minutes left"),
        (utc(2026, 11, 25, 16, 0), "2 hours left"),
        (utc(2026, 11, 26, 11, 30), "1 hour late"),
        (utc(2026, 11, 26, 10, 1), "1 minute late"),
        (utc(2026, 11, 26, 10, 0), "Due now"),
    ],
)
def test_what_is_left_is_said_in_words(now: dt.datetime, words: str) -> None:
    assert clock_words(utc(2026, 11, 26, 10, 0), now, HOURS, CHRISTMAS) == words
