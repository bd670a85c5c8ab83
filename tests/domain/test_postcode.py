"""Postcodes as typed and as listed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.domain.postcode import check_postcode, parse_postcode


@pytest.mark.parametrize(
    ("text", "normalised"),
    [
        ("sw1a1aa", "SW1A 1AA"),
        ("SW1A  1AA", "SW1A 1AA"),
        (" m1 1ae ", "M1 1AE"),
        ("ls11\u00a07jj", "LS11 7JJ"),
        ("EC1A-1BB", "EC1A 1BB"),
        ("B33 8TH.", "B33 8TH"),
    ],
)
def test_a_good_shape_is_normalised(text: str, normalised: str) -> None:
    assert check_postcode(text) == (normalised, "", False)
    assert parse_postcode(text) == normalised


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("st1 oqs", "O in place of 0"),
        ("LS11", "only part"),
        ("LS11 7JI", "do not end in"),
        ("90210-1234", "does not look like"),
        ("none given", "does not look like"),
    ],
)
def test_an_odd_one_is_kept_and_what_is_odd_is_said(text: str, words: str) -> None:
    checked = check_postcode(text)
    assert checked.postcode == text.upper()
    assert words in checked.message
    with pytest.raises(Refused, match=words):
        parse_postcode(text)


@pytest.mark.parametrize("text", ["No fixed abode", "NFA", "n.f.a.", "ZZ99 3VZ"])
def test_no_fixed_abode_is_a_flag_and_not_a_postcode(text: str) -> None:
    checked = check_postcode(text)
    assert checked.no_fixed_abode
    assert checked.postcode == ""
    with pytest.raises(Refused, match="tick box"):
        parse_postcode(text)


@given(st.text(max_size=30))
def test_any_text_is_checked_without_a_crash_and_checking_twice_changes_nothing(text: str) -> None:
    once = check_postcode(text)
    assert check_postcode(once.postcode).postcode == once.postcode
