"""The shipped bank-holiday list against an independent calculation."""

import datetime as dt

import holidays
import pytest

from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.domain.resources import resource
from wellbeing_desktop.domain.working_days import coverage_warning
from wellbeing_desktop.exchange.bank_holidays import read_bank_holidays, shipped_bank_holidays

# Announced after GOV.UK's list was copied: the reason why a newer list can be loaded without a new version.
PROCLAIMED_LATER = {"scotland": {dt.date(2026, 6, 15)}}


@pytest.mark.parametrize(
    ("division", "subdivision"), [("england-and-wales", "ENG"), ("scotland", "SCT"), ("northern-ireland", "NIR")]
)
@pytest.mark.parametrize("year", range(2024, 2029))
def test_the_shipped_list_agrees_with_the_holidays_library(division: str, subdivision: str, year: int) -> None:
    shipped = {day for day in shipped_bank_holidays(division).names if day.year == year}
    # The library lists a holiday on its weekend day as well as its substitute; GOV.UK the substitute only.
    computed = {day for day in holidays.country_holidays("GB", subdiv=subdivision, years=year) if day.weekday() < 5}
    assert {day for day in shipped if day.weekday() < 5} == computed - PROCLAIMED_LATER.get(division, set())


def test_next_year_is_in_the_list_that_we_ship() -> None:
    assert coverage_warning(shipped_bank_holidays(), dt.date(2026, 11, 21)) == ""
    assert shipped_bank_holidays().covers(dt.date(2028, 12, 31))


def test_a_newer_file_is_read_with_all_divisions() -> None:
    found = read_bank_holidays(resource("reference/bank-holidays.json").read_bytes())
    assert set(found) == {"england-and-wales", "scotland", "northern-ireland"}


@pytest.mark.parametrize(
    "content",
    [b"", b"[]", b"{}", b'{"england-and-wales": 3}', b'{"england-and-wales": {"events": [{"date": "x"}]}}', b"\xff",
     b"[" * 100_000],
)  # fmt: skip
def test_any_other_file_is_refused(content: bytes) -> None:
    with pytest.raises(Refused, match=r"GOV\.UK"):
        read_bank_holidays(content)
