"""The keys of birth dates: whoever may be born on one day is found by another."""

import datetime as dt

from hypothesis import example, given
from hypothesis import strategies as st

from wellbeing_desktop.domain.birth_keys import kept_under, looked_for_under
from wellbeing_desktop.operations.duplicate_candidates import births_to_look_for
from wellbeing_desktop.operations.likeness import is_placeholder_date, may_be_born

DAYS = st.dates(dt.date(1902, 1, 1), dt.date(2031, 12, 31)).filter(lambda day: not is_placeholder_date(day))


@st.composite
def near(draw: st.DrawFn) -> tuple[dt.date, dt.date]:
    """Two days, the second made of the first by a slip as often as not."""
    day = draw(DAYS)
    digits = list(day.strftime("%Y%m%d"))
    at = draw(st.integers(0, 7))
    if draw(st.booleans()):
        digits[at] = draw(st.sampled_from("0123456789"))
    else:
        digits[at - 1], digits[at] = digits[at], digits[at - 1]
    try:
        other = dt.datetime.strptime("".join(digits), "%Y%m%d").replace(tzinfo=dt.UTC).date()
    except ValueError:
        other = draw(DAYS)
    return day, other if not is_placeholder_date(other) else day


def is_found(day: dt.date, other: dt.date) -> bool:
    return other in births_to_look_for(day) or bool(set(looked_for_under(day)) & set(kept_under(other)))


@given(near())
@example((dt.date(1940, 5, 1), dt.date(1940, 1, 5)))
@example((dt.date(1940, 1, 1), dt.date(1940, 7, 23)))
@example((dt.date(1940, 7, 23), dt.date(1940, 1, 1)))
@example((dt.date(1926, 3, 4), dt.date(2026, 3, 4)))
@example((dt.date(1939, 12, 31), dt.date(1940, 12, 31)))
@example((dt.date(1944, 2, 29), dt.date(1945, 2, 28)))
def test_two_dates_that_may_be_one_share_a_key(pair: tuple[dt.date, dt.date]) -> None:
    day, other = pair
    if may_be_born(day, other):
        assert is_found(day, other)
        assert is_found(other, day)


def test_most_other_dates_share_none() -> None:
    days = [dt.date(1940, 1, 2) + dt.timedelta(days=37 * step) for step in range(400)]
    found = sum(is_found(days[0], other) for other in days[1:])
    assert found < 20
