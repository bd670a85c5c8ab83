"""Dates as typed, dates of birth, and how both are shown."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wellbeing_desktop.domain.dates import (
    age_on,
    day_words,
    kept_moment_words,
    letter_time,
    long_date,
    moment_words,
    parse_birth_date,
    parse_listed_date,
    parse_typed_date,
    plain_date,
    recent_words,
    staff_clock,
    staff_date,
    staff_moment,
    staff_time,
)
from wellbeing_desktop.domain.errors import Refused

TODAY = date(2026, 11, 21)  # a Saturday


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("21/11", date(2026, 11, 21)),
        ("3/1", date(2027, 1, 3)),
        ("21/11/2026", date(2026, 11, 21)),
        ("21.11.26", date(2026, 11, 21)),
        ("21 nov", date(2026, 11, 21)),
        ("21st November 2026", date(2026, 11, 21)),
        ("21-Nov-2026", date(2026, 11, 21)),
        ("21nov2026", date(2026, 11, 21)),
        ("Saturday 21 November 2026", date(2026, 11, 21)),
        ("2026-11-21", date(2026, 11, 21)),
        ("20261121", date(2026, 11, 21)),
        ("today", TODAY),
        (" Tomorrow ", date(2026, 11, 22)),
        ("yesterday", date(2026, 11, 20)),
        ("+2w", date(2026, 12, 5)),
        ("+3d", date(2026, 11, 24)),
        ("-1 week", date(2026, 11, 14)),
        ("+3m", date(2027, 2, 21)),
        ("+1y", date(2027, 11, 21)),
        ("mon", date(2026, 11, 23)),
        ("tues", date(2026, 11, 24)),
        ("sat", date(2026, 11, 28)),
        ("29 feb", date(2028, 2, 29)),
    ],
)
def test_what_staff_type_is_understood(text: str, meant: date) -> None:
    assert parse_typed_date(text, TODAY) == meant


def test_leaning_chooses_the_year_and_the_week() -> None:
    assert parse_typed_date("1 oct", TODAY, leaning="future") == date(2027, 10, 1)
    assert parse_typed_date("1 dec", TODAY, leaning="past") == date(2025, 12, 1)
    assert parse_typed_date("mon", TODAY, leaning="past") == date(2026, 11, 16)
    assert parse_typed_date("sat", TODAY, leaning="past") == date(2026, 11, 14)


def test_a_month_later_is_never_past_the_end_of_a_month() -> None:
    assert parse_typed_date("+3m", date(2026, 11, 30)) == date(2027, 2, 28)
    assert parse_typed_date("+1y", date(2028, 2, 29)) == date(2029, 2, 28)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "No date"),
        ("soon", "not a date"),
        ("31/02/2026", "no day 31 in February 2026"),
        ("11/21/2026", "other way round"),
        ("2026-13-01", "no month 13"),
        ("+9999y", "too far"),
        ("21/11/999", "not a date"),
    ],
)
def test_what_cannot_be_a_date_is_refused_in_words(text: str, words: str) -> None:
    with pytest.raises(Refused, match=words):
        parse_typed_date(text, TODAY, field="due_on")


@pytest.mark.parametrize(
    "text", ["14/11/1933", "14-Nov-1933", "1933-11-14", "19331114", "14 November 1933", "1933-11-14 00:00:00"]
)
def test_dates_of_birth_are_read_in_every_listed_form(text: str) -> None:
    assert parse_birth_date(text, TODAY) == date(1933, 11, 14)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("14/11/33", "two digits"),
        ("14-Nov-33", "two digits"),
        ("141133", "two digits"),
        ("14/11", "needs its year"),
        ("1933", "year alone"),
        ("12372", "day number"),
        ("12372.0", "day number"),
        ("22/11/2026", "in the future"),
        ("20/11/1895", "more than 130"),
        ("31/02/1950", "no day 31 in February 1950"),
        ("11/21/1950", "other way round"),
        ("unknown", "not a date"),
        ("today", "not a date"),
        ("", "No date"),
    ],
)
def test_a_doubtful_date_of_birth_is_refused_in_words(text: str, words: str) -> None:
    with pytest.raises(Refused, match=words) as caught:
        parse_birth_date(text, TODAY)
    assert caught.value.field == "born_on"


def test_someone_of_exactly_130_years_is_still_possible() -> None:
    assert parse_birth_date("21/11/1896", TODAY) == date(1896, 11, 21)


def test_a_listed_date_has_all_four_digits_of_its_year() -> None:
    assert parse_listed_date("20240514") == date(2024, 5, 14)
    with pytest.raises(Refused, match="four-digit year"):
        parse_listed_date("14/05/24")


def test_dates_and_times_are_shown_as_staff_and_as_letters_need() -> None:
    assert long_date(date(2026, 11, 21)) == "Saturday 21 November 2026"
    assert plain_date(date(2026, 11, 1)) == "1 November 2026"
    assert staff_date(date(2026, 11, 1)) == "01-Nov-2026"
    assert staff_time(time(9, 40)) == "09:40"
    shown = [letter_time(time(*clock)) for clock in [(10, 30), (17, 5), (17, 0), (12, 0), (0, 0), (12, 15), (0, 5)]]
    assert shown == ["10:30am", "5:05pm", "5pm", "midday", "midnight", "12:15pm", "12:05am"]


def test_a_moment_is_shown_by_the_clock_in_London() -> None:
    summer, winter = datetime(2026, 6, 30, 23, 15, tzinfo=UTC), datetime(2026, 11, 21, 9, 40, tzinfo=UTC)
    assert (staff_moment(summer), staff_clock(summer)) == ("01-Jul-2026 00:15", "00:15")
    assert recent_words(winter, winter + timedelta(hours=14)) == "09:40"
    assert recent_words(winter, winter + timedelta(hours=15)) == "21-Nov-2026 09:40"
    assert recent_words(summer, summer + timedelta(hours=22)) == "00:15"
    assert kept_moment_words("2026-11-21T09:40:00Z") == "21-Nov-2026 09:40"


def test_a_day_or_moment_that_is_not_known_is_said_to_be_so() -> None:
    assert (day_words(None), day_words(None, "No date"), moment_words(None, "Not known")) == (
        "",
        "No date",
        "Not known",
    )
    assert recent_words(None, datetime(2026, 11, 21, tzinfo=UTC)) == "at an unknown time"
    for text in ("", "soon", "2026-11-21T09:40"):
        assert kept_moment_words(text) == "at an unknown time"


def test_age_goes_up_on_the_birthday_and_after_29_february_on_1_march() -> None:
    assert age_on(date(1936, 11, 22), TODAY) == 89
    assert age_on(date(1936, 11, 21), TODAY) == 90
    leap = date(1940, 2, 29)
    assert [age_on(leap, date(2027, 2, 28)), age_on(leap, date(2027, 3, 1))] == [86, 87]
    assert age_on(TODAY, date(2026, 11, 20)) == -1


@given(st.text(max_size=40))
def test_any_text_is_a_date_or_is_refused(text: str) -> None:
    for read in (
        lambda: parse_typed_date(text, TODAY),
        lambda: parse_birth_date(text, TODAY),
        lambda: parse_listed_date(text),
    ):
        try:
            found = read()
        except Refused:
            continue
        assert isinstance(found, date)


@given(st.dates())
def test_every_shown_date_reads_back_as_itself(day: date) -> None:
    for shown in (staff_date(day), day.isoformat(), f"{day.day:02d}/{day.month:02d}/{day.year:04d}"):
        assert parse_typed_date(shown, TODAY) == day
    if day.year > 999:
        assert parse_typed_date(long_date(day), TODAY) == day
