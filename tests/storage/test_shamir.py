import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wellbeing_desktop.storage.shamir import SHARES, combine, inverse, split, times


@settings(max_examples=25, deadline=None)
@given(st.binary(min_size=1, max_size=40))
def test_any_two_of_the_three_shares_give_the_secret_whichever_comes_first(secret: bytes) -> None:
    shares = dict(zip(SHARES, split(secret), strict=True))
    for one, two in itertools.permutations(SHARES, 2):
        assert combine(one, shares[one], two, shares[two]) == secret


def test_one_share_is_any_byte_as_often_whatever_the_secret_is() -> None:
    """Over all slopes each share of a given byte takes every value exactly once: so it tells nothing of the byte."""
    for secret in (0x00, 0x01, 0x5A, 0x80, 0xFF):
        made = [split(bytes([secret]), lambda _size, slope=slope: bytes([slope])) for slope in range(256)]
        for place in range(3):
            assert {shares[place][0] for shares in made} == set(range(256))


def test_the_field_is_a_field() -> None:
    assert times(0x57, 0x83) == 0xC1  # the example of FIPS 197, 4.2
    for number in range(1, 256):
        assert times(number, inverse(number)) == 1


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 255), st.integers(0, 255), st.integers(0, 255))
def test_products_can_be_taken_in_any_order_and_spread_over_sums(one: int, two: int, three: int) -> None:
    assert times(one, two) == times(two, one)
    assert times(one, times(two, three)) == times(times(one, two), three)
    assert times(one, two ^ three) == times(one, two) ^ times(one, three)


@pytest.mark.parametrize(("one", "two"), [(1, 1), (0, 2), (3, 4)])
def test_what_is_not_two_of_the_three_is_refused(one: int, two: int) -> None:
    with pytest.raises(ValueError, match="two of the three"):
        combine(one, b"a", two, b"b")
