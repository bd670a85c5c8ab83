"""A place between two others, always."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wellbeing_desktop.domain.fractional import position_between


def test_the_ends_of_a_list() -> None:
    middle = position_between()
    assert position_between("", middle) < middle < position_between(middle, "")


def test_a_hundred_items_stay_in_order_and_short() -> None:
    positions = [position_between()]
    for _ in range(99):
        positions.append(position_between(positions[-1]))
    assert positions == sorted(positions)
    assert len(set(positions)) == 100
    assert max(map(len, positions)) <= 6


@given(st.lists(st.integers(0, 1000), min_size=1, max_size=60))
def test_any_order_of_inserting_keeps_the_list_in_order(places: list[int]) -> None:
    positions: list[str] = []
    for place in places:
        at = place % (len(positions) + 1)
        before = positions[at - 1] if at else ""
        after = positions[at] if at < len(positions) else ""
        made = position_between(before, after)
        assert not before or before < made
        assert not after or made < after
        positions.insert(at, made)
    assert positions == sorted(positions)


def test_always_in_front_and_always_between_the_same_two() -> None:
    first = position_between()
    for _ in range(200):
        earlier = position_between("", first)
        assert earlier < first
        first = earlier
    low, high = "a", "b"
    for _ in range(200):
        high = position_between(low, high)
        assert low < high


@pytest.mark.parametrize(("before", "after"), [("b", "a"), ("a", "a"), ("A", ""), ("a0", ""), ("", "é")])
def test_what_is_not_a_position_or_not_in_order_is_a_mistake(before: str, after: str) -> None:
    with pytest.raises(ValueError, match="position"):
        position_between(before, after)
