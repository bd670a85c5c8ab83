"""Telephone numbers in and out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.exchange.telephone import (
    Telephone,
    format_telephone,
    parse_telephone,
    tidy_telephones,
)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("07700 900123", Telephone("+447700900123")),
        ("7700900123", Telephone("+447700900123")),
        ("+44 (0)7700 900123", Telephone("+447700900123")),
        ("0044 7700 900 123", Telephone("+447700900123")),
        ("01632 960123 ext. 45", Telephone("+441632960123", "45")),
        ("(01568) 612229 x7", Telephone("+441568612229", "7")),
        ("+33 1 42 68 53 00", Telephone("+33142685300")),
        ("020 7946 0018", Telephone("+442079460018")),
        ("tel: 01632 960123, ext 4", Telephone("+441632960123", "4")),
        ("00353 1 679 1977", Telephone("+35316791977")),
        ("111", Telephone("111")),
        ("999", Telephone("999")),
        ("116 123", Telephone("116123")),
    ],
)
def test_numbers_are_stored_one_way_however_they_are_typed(text: str, number: Telephone) -> None:
    assert parse_telephone(text) == number


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "No telephone number"),
        ("ask daughter", "digits, spaces"),
        ("12", "too short"),
        ("077009001234567", "too short or too long"),
        ("02123636563", "begins like this"),
        ("7.7E+09", "rounded"),
    ],
)
def test_what_is_no_number_is_refused_in_words(text: str, words: str) -> None:
    with pytest.raises(Refused, match=words):
        parse_telephone(text)


def test_numbers_are_shown_with_uk_spacing_and_their_extension() -> None:
    assert format_telephone("+447700900123") == "07700 900123"
    assert format_telephone("+441568612229", "7") == "01568 612229 ext. 7"
    assert format_telephone("+33142685300") == "+33 1 42 68 53 00"
    assert format_telephone("ask at number 4") == "ask at number 4"


def test_a_service_may_have_several_numbers_and_short_ones() -> None:
    assert format_telephone("116123") == "116 123"
    assert tidy_telephones("01632960123 x4 or 07700 900123; 111") == "01632 960123 ext. 4, 07700 900123, 111"
    with pytest.raises(Refused, match="too short"):
        tidy_telephones("01632 960123, 12")


@given(st.text(max_size=40))
def test_any_text_is_a_number_or_is_refused(text: str) -> None:
    try:
        number = parse_telephone(text)
    except Refused:
        return
    assert parse_telephone(format_telephone(number.e164)).e164 == number.e164
