"""How long a laptop may go on without its server, and by which clock (SECURITY 3.4, PRACTICE W25, threat 31)."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wellbeing_desktop.domain.lease import (
    MOST_DAYS,
    WHILE_ADDING,
    Days,
    Known,
    Lease,
    Leave,
    Standing,
    best_now,
    new_lease,
)
from wellbeing_desktop.operations.catalogue import ACTIONS

NOW = dt.datetime(2026, 11, 21, 9, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)


def lease(days: Days | None = None, *leaves: Leave) -> Lease:
    return new_lease("org", "dev", "ann", NOW, days or Days(), leaves)


@pytest.mark.parametrize(
    ("days", "standing"),
    [
        (0, Standing.FULL),
        (9.99, Standing.FULL),
        (10, Standing.WARNED),
        (13.99, Standing.WARNED),
        (14, Standing.ADDING),
        (29.99, Standing.ADDING),
        (30, Standing.LOCKED),
        (4000, Standing.LOCKED),
    ],
)
def test_warn_from_ten_add_only_from_fourteen_locked_at_thirty(days: float, standing: Standing) -> None:
    assert lease().standing(NOW + days * DAY) is standing


def test_an_organisation_has_its_own_days_and_impossible_ones_are_the_usual() -> None:
    assert lease(Days(2, 3, 4)).locks_at == NOW + 4 * DAY
    for impossible in (Days(0, 14, 30), Days(14, 10, 30), Days(10, 14, 13), Days(10, 14, MOST_DAYS + 1)):
        assert lease(impossible) == lease()


def test_days_of_a_known_leave_do_not_count() -> None:
    away = (NOW.date() + 5 * DAY, NOW.date() + 18 * DAY)  # a fortnight
    found = lease(None, away)
    assert found.warn_at == NOW + 24 * DAY
    assert found.adding_at == NOW + 28 * DAY
    assert found.locks_at == NOW + 44 * DAY
    assert lease(None, (NOW.date() - 9 * DAY, NOW.date() - DAY)) == lease()
    assert lease(None, (NOW.date(), NOW.date() + 300 * DAY)).locks_at == NOW + MOST_DAYS * DAY


def known(days: float = 0, ticks: int = 1_000_000, skew: int = 0) -> Known:
    return Known(at=NOW + days * DAY, ticks=ticks, skew_seconds=skew)


def test_a_clock_that_is_moved_back_gains_nothing() -> None:
    later = best_now(known(), NOW - 365 * DAY, 1_000_000 + 5 * 86_400_000)
    assert later == NOW + 5 * DAY
    assert best_now(known(), NOW - 365 * DAY, 60_000) == NOW + dt.timedelta(minutes=1)  # switched on again since


def test_a_clock_that_is_wrong_and_one_put_right_since_both_come_out_right() -> None:
    ahead, behind = 3 * 86_400, -3 * 86_400
    tick = 1_000_000
    two = NOW + 2 * DAY
    assert best_now(known(skew=ahead), two + 3 * DAY, tick) == two  # still ahead
    assert best_now(known(skew=ahead), two, tick) == two  # put right
    assert best_now(known(skew=behind), two - 3 * DAY, tick) == two  # still behind
    assert best_now(known(skew=behind), two, tick) == two  # put right


@given(
    st.lists(st.tuples(st.integers(-(10**9), 10**9), st.integers(0, 10**10), st.booleans()), min_size=1, max_size=20),
    st.integers(-(10**6), 10**6),
)
def test_time_never_runs_backwards(steps: list[tuple[int, int, bool]], skew: int) -> None:
    """Whatever the wall clock says, and however often the computer is switched off."""
    at, ticks = NOW, 0
    for wall, passed, restarted in steps:
        before = Known(at=at, ticks=ticks, skew_seconds=skew)
        ticks = passed if restarted else ticks + passed
        now = best_now(before, NOW + dt.timedelta(seconds=wall), ticks)
        assert now >= at
        at = now


@pytest.mark.capability("W25")
def test_what_may_be_done_while_adding_is_in_the_list_of_actions() -> None:
    assert set(ACTIONS) >= WHILE_ADDING
