"""Days, working days, weeks and months after a day; what comes again."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.domain.periods import Period, after, next_occurrence, read_period, written
from wellbeing_desktop.domain.working_days import add_working_days, is_working_day
from wellbeing_desktop.exchange.bank_holidays import shipped_bank_holidays

HOLIDAYS = shipped_bank_holidays()
DAY = dt.date


def works(day: dt.date) -> bool:
    return is_working_day(day, HOLIDAYS)


def every_day(_day: dt.date) -> bool:
    return True


@pytest.mark.parametrize(
    ("start", "period", "due"),
    [
        (DAY(2026, 11, 20), Period(0, "days"), DAY(2026, 11, 20)),
        (DAY(2026, 11, 20), Period(1, "days"), DAY(2026, 11, 23)),  # Saturday moves to Monday
        (DAY(2026, 11, 20), Period(6, "weeks"), DAY(2027, 1, 4)),  # New Year's Day is a Friday, and a bank holiday
        (DAY(2026, 12, 23), Period(2, "working_days"), DAY(2026, 12, 29)),  # Boxing Day's substitute is the 28th
        (DAY(2026, 11, 30), Period(3, "months"), DAY(2027, 3, 1)),  # 28 February is a Sunday
    ],
)
def test_a_period_after_a_day_falls_on_a_day_on_which_the_service_is_open(
    start: dt.date, period: Period, due: dt.date
) -> None:
    assert after(start, period, works) == due


def test_the_end_of_a_month_stays_the_end_of_the_month() -> None:
    first, found = DAY(2027, 1, 31), [DAY(2027, 1, 31)]
    for _ in range(4):
        found.append(next_occurrence(first, found[-1], Period(1, "months"), every_day))
    assert found[1:] == [DAY(2027, 2, 28), DAY(2027, 3, 31), DAY(2027, 4, 30), DAY(2027, 5, 31)]


@given(st.dates(DAY(2025, 1, 1), DAY(2027, 6, 30)), st.integers(0, 40))
def test_working_days_are_counted_as_the_working_day_sums_count_them(start: dt.date, count: int) -> None:
    assert after(start, Period(count, "working_days"), works) == add_working_days(start, count, HOLIDAYS)


@given(
    st.dates(DAY(2025, 1, 1), DAY(2027, 6, 30)),
    st.sampled_from(
        [Period(1, "days"), Period(10, "days"), Period(2, "weeks"), Period(1, "months"), Period(5, "months")]
    ),
)
def test_what_comes_again_always_moves_on_and_never_drifts(first: dt.date, period: Period) -> None:
    due = first
    for number in range(1, 8):
        following = next_occurrence(first, due, period, works)
        assert following > due
        assert works(following)
        due = following
        if period.unit != "days":  # weeks and months: the distance to the day meant is the closed days alone
            months = first.month - 1 + period.count * number if period.unit == "months" else 0
            if period.unit == "weeks":
                meant = first + dt.timedelta(weeks=period.count * number)
                assert 0 <= (due - meant).days <= 5
            else:
                assert (due.year * 12 + due.month - 1) - (first.year * 12 + months) in (0, 1)


@pytest.mark.parametrize("text", ["", "P0D", "2 weeks", "P1Y", "P99999D", "PT1H", "-P1D"])
def test_how_often_that_cannot_be_read_gets_a_sentence(text: str) -> None:
    with pytest.raises(Refused, match="how often"):
        read_period(text)


def test_how_often_is_read_as_it_is_written() -> None:
    for period in (Period(3, "days"), Period(2, "weeks"), Period(1, "months")):
        assert read_period(written(period)) == period
    assert (Period(1, "weeks").words(), Period(6, "weeks").words()) == ("1 week", "6 weeks")
    with pytest.raises(Refused):
        written(Period(2, "working_days"))
