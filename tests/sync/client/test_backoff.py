from hypothesis import given
from hypothesis import strategies as st

from wellbeing_desktop.sync.client.backoff import LONGEST_SECONDS, wait_after


@given(st.integers(1, 10_000), st.floats(0, 1, exclude_max=True))
def test_a_wait_is_never_under_half_a_second_nor_over_five_minutes(failures: int, chance: float) -> None:
    assert 0.5 <= wait_after(failures, chance) <= LONGEST_SECONDS


def test_each_failure_doubles_the_wait_up_to_five_minutes() -> None:
    assert [wait_after(failures, 0.0) for failures in (1, 2, 3, 9, 10, 50)] == [0.5, 1, 2, 128, 150, 150]


def test_laptops_that_are_told_the_same_wait_do_not_come_back_together() -> None:
    waits = {wait_after(1, chance / 200, asked_for=60) for chance in range(200)}
    assert len(waits) == 200
    assert all(60 <= wait < 75 for wait in waits)
