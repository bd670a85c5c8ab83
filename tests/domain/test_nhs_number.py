"""NHS numbers as they are typed, listed and damaged."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.domain.nhs_number import format_nhs_number, has_valid_check_digit, parse_nhs_number


@pytest.mark.parametrize(
    "text",
    [
        "9434765919",
        "943 476 5919",
        "943-476-5919",
        " 943\u00a0476\u00a05919 ",
        "943\u2011476\u20115919",
        "\ufeff9434765919",
        "９４３４７６５９１９",
        "'9434765919",
    ],
)
def test_separators_and_marks_around_the_digits_are_ignored(text: str) -> None:
    assert parse_nhs_number(text) == "9434765919"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "No NHS number"),
        ("   ", "No NHS number"),
        ("94347659", "this one has 8"),
        ("943476591", "leading zero"),
        ("94347659190", "this one has 11"),
        ("9434765918", "check digit"),
        ("999 123 4567", "check digit"),
        ("9.43E+09", "rounded"),
        ("9.434765919e9", "rounded"),
        ("943476591.0", "decimal"),
        ("9434765919.00", "decimal"),
        ("0000000000", "placeholder"),
        ("9999999999", "placeholder"),
        ("1234567890", "placeholder"),
        ("123 456 7890", "placeholder"),
        ("943O765919", "letters"),
        ("not known", "letters"),
        ("943#476#5919", "other characters"),
    ],
)
def test_each_way_of_going_wrong_has_its_own_sentence(text: str, words: str) -> None:
    with pytest.raises(Refused, match=re.escape(words)) as caught:
        parse_nhs_number(text)
    assert caught.value.field == "nhs_number"


@pytest.mark.parametrize("text", ["943O765919", "9434765918", "123 456 7890", "943476591.0"])
def test_a_refusal_never_repeats_the_number(text: str) -> None:
    with pytest.raises(Refused) as caught:
        parse_nhs_number(text)
    assert text not in caught.value.message


@given(st.text(alphabet="0123456789", min_size=9, max_size=9))
def test_a_check_value_of_ten_is_never_valid_and_at_most_one_last_digit_is(nine: str) -> None:
    remainder = sum(int(digit) * weight for digit, weight in zip(nine, range(10, 1, -1), strict=True)) % 11
    valid = [last for last in "0123456789" if has_valid_check_digit(nine + last)]
    assert len(valid) == (0 if remainder == 1 else 1)


@given(st.text(max_size=40))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        digits = parse_nhs_number(text)
    except Refused:
        return
    assert re.fullmatch("[0-9]{10}", digits)
    assert parse_nhs_number(format_nhs_number(digits)) == digits


def test_every_official_test_number_passes_and_none_does_with_its_last_digit_changed() -> None:
    folder = Path(__file__).parents[1] / "data" / "nhs-numbers"
    listed = [line.split(",")[0] for line in (folder / "official-test-patients.csv").read_text().splitlines()[1:]]
    listed += (folder / "testdata-9-valid-nhs-numbers.csv").read_text(encoding="utf-8").split()
    assert len(listed) == 51
    for text in listed:
        digits = parse_nhs_number(text)
        assert not has_valid_check_digit(f"{digits[:9]}{(int(digits[9]) + 1) % 10}")


def test_it_is_shown_in_groups_that_do_not_break_over_lines() -> None:
    assert format_nhs_number("9434765919") == "943\u00a0476\u00a05919"
