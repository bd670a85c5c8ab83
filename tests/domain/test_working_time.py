"""Working time against the slow way: minute by minute, in every nation, across clock changes, half days and closures."""

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wellbeing_desktop.domain.london_time import local_time, moment_of
from wellbeing_desktop.domain.response_clock import (
    NATIONS,
    Closure,
    ServiceHours,
    division_of,
    due_after,
    hours_from,
    minutes_between,
    worked_back,
)
from wellbeing_desktop.domain.working_days import BankHolidays
from wellbeing_desktop.exchange.bank_holidays import shipped_bank_holidays

MINUTE = dt.timedelta(minutes=1)
# Days about which working time is hard: clock changes, Christmas, Easter, a day that one nation keeps and another not.
HARD_DAYS = (
    dt.date(2026, 3, 28),
    dt.date(2026, 10, 24),
    dt.date(2026, 12, 23),
    dt.date(2026, 3, 16),
    dt.date(2026, 4, 2),
    dt.date(2026, 11, 27),
    dt.date(2026, 7, 10),
    dt.date(2026, 7, 31),
)

# Nobody opens or closes in the hour that happens twice in October or not at all in March.
times = (
    st.integers(0, 23 * 60 + 59)
    .filter(lambda minute: minute // 60 != 1)
    .map(lambda minute: dt.time(minute // 60, minute % 60))
)


@st.composite
def hours_of(draw: st.DrawFn, day: dt.date) -> ServiceHours:
    opens, closes = sorted((draw(times), draw(times)))
    if opens == closes:
        opens, closes = dt.time(9), dt.time(17)
    days = tuple(sorted(draw(st.sets(st.integers(0, 6), min_size=3))))
    half_days = draw(st.dictionaries(st.integers(0, 6), times, max_size=2))
    closures = []
    for _ in range(draw(st.integers(0, 2))):
        begins = dt.datetime.combine(day + dt.timedelta(days=draw(st.integers(-1, 3))), draw(times))
        closures.append(
            Closure(
                begins, dt.datetime.combine(begins.date() + dt.timedelta(days=draw(st.integers(1, 2))), draw(times))
            )
        )
    return ServiceHours(opens, closes, days, half_days, tuple(closures))


@st.composite
def cases(draw: st.DrawFn) -> tuple[ServiceHours, BankHolidays, dt.datetime, dt.datetime]:
    day = draw(st.sampled_from(HARD_DAYS)) + dt.timedelta(days=draw(st.integers(0, 2)))
    hours = draw(hours_of(day))
    holidays = shipped_bank_holidays(division_of(draw(st.sampled_from(tuple(NATIONS)))))
    start = moment_of(day, draw(times))
    return hours, holidays, start, start + draw(st.integers(0, 3 * 24 * 60)) * MINUTE


def is_open(moment: dt.datetime, hours: ServiceHours, holidays: BankHolidays) -> bool:
    """Said as the rule is said, of one minute, without any sum."""
    local = local_time(moment)
    clock, day = local.time(), local.date()
    if day in holidays.names or day.weekday() not in hours.days:
        return False
    if not hours.opens <= clock < min(hours.closes, hours.half_days.get(day.weekday(), hours.closes)):
        return False
    return not any(
        moment_of(closure.begins.date(), closure.begins.time())
        <= moment
        < moment_of(closure.ends.date(), closure.ends.time())
        for closure in hours.closures
    )


def slow(start: dt.datetime, end: dt.datetime, hours: ServiceHours, holidays: BankHolidays) -> int:
    count = 0
    while start < end:
        count += is_open(start, hours, holidays)
        start += MINUTE
    return count


@given(cases())
@settings(max_examples=120, deadline=None)
def test_working_minutes_are_those_counted_one_by_one(
    case: tuple[ServiceHours, BankHolidays, dt.datetime, dt.datetime],
) -> None:
    hours, holidays, start, end = case
    counted = slow(start, end, hours, holidays)
    assert minutes_between(start, end, hours, holidays) == counted
    assert minutes_between(end, start, hours, holidays) == -counted


@given(cases(), st.integers(1, 3 * 24 * 60))
@settings(max_examples=150, deadline=None)
def test_what_is_due_after_so_many_minutes_is_due_when_they_have_passed(
    case: tuple[ServiceHours, BankHolidays, dt.datetime, dt.datetime], minutes: int
) -> None:
    hours, holidays, start, _end = case
    try:
        due = due_after(start, minutes, hours, holidays)
    except ValueError:
        assert not any(hours.spans(start.date() + dt.timedelta(days=ahead), holidays) for ahead in range(400))
        return
    assert minutes_between(start, due, hours, holidays) == minutes
    assert minutes_between(start, due - MINUTE, hours, holidays) == minutes - 1  # the earliest such moment
    back = worked_back(due, minutes, hours, holidays)
    assert start <= back
    assert minutes_between(back, due, hours, holidays) == minutes
    assert minutes_between(back + MINUTE, due, hours, holidays) == minutes - 1  # the latest such moment


@pytest.mark.parametrize(
    ("nation", "holiday", "elsewhere"),
    [
        ("england", dt.date(2026, 4, 6), "scotland"),  # Easter Monday
        ("wales", dt.date(2026, 8, 31), "scotland"),
        ("scotland", dt.date(2026, 1, 2), "england"),
        ("scotland", dt.date(2026, 11, 30), "wales"),  # St Andrew's Day
        ("northern_ireland", dt.date(2026, 3, 17), "england"),  # St Patrick's Day
        ("northern_ireland", dt.date(2026, 7, 13), "scotland"),
    ],
)
def test_each_nation_keeps_its_own_bank_holidays(nation: str, holiday: dt.date, elsewhere: str) -> None:
    hours = ServiceHours()
    assert not hours.is_open_on(holiday, shipped_bank_holidays(division_of(nation)))
    assert hours.is_open_on(holiday, shipped_bank_holidays(division_of(elsewhere)))


def test_a_nation_that_is_not_named_is_england_and_a_closure_may_run_over_midnight() -> None:
    assert division_of(None) == division_of("mars") == "england-and-wales"
    hours = hours_from(
        {"half_days": {"2": "12:30"}, "closures": [["2026-11-26T15:00", "2026-11-27T10:00"]], "days": [0, 1, 2, 3, 4]}
    )
    holidays = shipped_bank_holidays()
    thursday = moment_of(dt.date(2026, 11, 26), dt.time(14))
    assert due_after(thursday, 120, hours, holidays) == moment_of(dt.date(2026, 11, 27), dt.time(11))
    wednesday = moment_of(dt.date(2026, 11, 25), dt.time(12))
    assert due_after(wednesday, 60, hours, holidays) == moment_of(dt.date(2026, 11, 26), dt.time(9, 30))


@pytest.mark.parametrize(
    "value",
    [
        {"half_days": {"monday": "12:00"}},
        {"half_days": {"1": "noon"}},
        {"closures": [["2026-11-27T10:00", "2026-11-26T15:00"]]},
        {"closures": [["tomorrow", "later"]]},
        {"closures": [["2026-11-27T10:00+00:00", "2026-11-26T15:00"]]},
    ],
)
def test_hours_that_cannot_be_used_are_the_usual_ones(value: object) -> None:
    assert hours_from(value) == ServiceHours()
