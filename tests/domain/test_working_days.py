"""Working-day sums over a bank-holiday list."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wellbeing_desktop.domain.working_days import (
    BankHolidays,
    add_working_days,
    bank_holidays_from,
    coverage_warning,
    is_working_day,
    working_days_between,
)

PUBLISHED = {
    "england-and-wales": {
        "division": "england-and-wales",
        "events": [
            {"title": "Christmas Day", "date": "2026-12-25", "notes": "", "bunting": True},
            {"title": "Boxing Day", "date": "2026-12-28", "notes": "Substitute day", "bunting": True},
            {"title": "New Year's Day", "date": "2027-01-01", "notes": "", "bunting": True},
        ],
    }
}
HOLIDAYS = bank_holidays_from(PUBLISHED)


def test_the_substitute_day_is_the_holiday_and_not_the_saturday_itself() -> None:
    assert not is_working_day(date(2026, 12, 28), HOLIDAYS)
    assert not is_working_day(date(2026, 12, 26), HOLIDAYS)
    assert is_working_day(date(2026, 12, 29), HOLIDAYS)


def test_counting_starts_on_the_next_working_day() -> None:
    assert add_working_days(date(2026, 12, 24), 1, HOLIDAYS) == date(2026, 12, 29)
    assert add_working_days(date(2026, 12, 24), 4, HOLIDAYS) == date(2027, 1, 4)
    assert add_working_days(date(2026, 12, 29), -1, HOLIDAYS) == date(2026, 12, 24)
    assert add_working_days(date(2026, 12, 25), 0, HOLIDAYS) == date(2026, 12, 29)


def test_days_outside_the_published_years_are_known_to_be_uncovered() -> None:
    assert HOLIDAYS.covers(date(2027, 6, 1))
    assert not HOLIDAYS.covers(date(2028, 1, 1))
    assert "end of 2027" in coverage_warning(HOLIDAYS, date(2027, 1, 2))
    assert coverage_warning(HOLIDAYS, date(2026, 11, 21)) == ""


@pytest.mark.parametrize("published", [{}, {"england-and-wales": {"events": []}}])
def test_another_shape_is_not_taken_for_a_year_without_holidays(published: dict[str, object]) -> None:
    with pytest.raises((KeyError, ValueError)):
        bank_holidays_from(published)


@given(st.dates(date(2020, 1, 1), date(2030, 1, 1)), st.integers(-300, 300))
def test_adding_days_and_counting_them_agree(start: date, count: int) -> None:
    working_start = add_working_days(start, 0, HOLIDAYS)
    assert working_days_between(working_start, add_working_days(working_start, count, HOLIDAYS), HOLIDAYS) == count


@given(st.dates(date(2026, 1, 1), date(2027, 12, 1)), st.integers(0, 400))
def test_counting_equals_walking(start: date, days: int) -> None:
    walked = sum(is_working_day(start + timedelta(days=n), HOLIDAYS) for n in range(1, days + 1))
    assert working_days_between(start, start + timedelta(days=days), HOLIDAYS) == walked


def test_an_empty_list_of_one_division_is_plain_weekdays() -> None:
    assert add_working_days(date(2026, 11, 20), 1, BankHolidays({}, 2026, 2026)) == date(2026, 11, 23)
