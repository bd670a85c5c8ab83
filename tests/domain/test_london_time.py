"""The local date that a visit and a return count by."""

import datetime as dt
import zoneinfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wellbeing_desktop.domain.london_time import local_date, local_time, moment_of


@given(st.datetimes(dt.datetime(2002, 1, 1), dt.datetime(2037, 12, 31), timezones=st.just(dt.UTC)))
def test_agrees_with_the_time_zone_database(moment: dt.datetime) -> None:
    expected = moment.astimezone(zoneinfo.ZoneInfo("Europe/London"))
    assert local_time(moment).replace(tzinfo=None) == expected.replace(tzinfo=None)


def test_a_visit_after_midnight_in_summer_is_on_the_next_day() -> None:
    assert local_date(dt.datetime(2026, 6, 30, 23, 30, tzinfo=dt.UTC)) == dt.date(2026, 7, 1)
    assert local_date(dt.datetime(2026, 12, 31, 23, 30, tzinfo=dt.UTC)) == dt.date(2026, 12, 31)


@given(st.datetimes(dt.datetime(2002, 1, 1), dt.datetime(2037, 12, 31)))
def test_a_local_time_comes_back_from_its_moment(naive: dt.datetime) -> None:
    moment = moment_of(naive.date(), naive.time())
    back = local_time(moment).replace(tzinfo=None)
    spring_gap = naive.month == 3 and naive.hour == 1
    assert back == naive or (spring_gap and back == naive + dt.timedelta(hours=1))


def test_the_hour_that_comes_twice_is_the_first() -> None:
    assert moment_of(dt.date(2026, 10, 25), dt.time(1, 30)) == dt.datetime(2026, 10, 25, 0, 30, tzinfo=dt.UTC)


def test_a_moment_without_a_zone_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="time zone"):
        local_time(dt.datetime(2026, 1, 1))
