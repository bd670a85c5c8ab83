"""Names shown, spoken, written and compared."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wellbeing_desktop.domain.names import (
    comparison_key,
    initials,
    letter_name,
    list_name,
    salutation_name,
    spoken_name,
)


def test_staff_see_the_family_name_in_capitals_and_the_known_as_name() -> None:
    assert list_name("Jones", "Bronwen") == "JONES, Bronwen"
    assert list_name("Jones", "Bronwen", "Bron") == "JONES, Bronwen (Bron)"
    assert list_name("Jones", "Bronwen", "bronwen") == "JONES, Bronwen"
    assert list_name("", "Madonna") == "Madonna"
    assert list_name("Ørsted", "") == "ØRSTED"


def test_letters_use_the_words_that_the_person_uses() -> None:
    assert letter_name("JONES", "Bronwen", "MRS") == "Mrs Bronwen Jones"
    assert letter_name("O'BRIEN", "MARY-ANN") == "Mary-Ann O'Brien"
    assert letter_name("MCDONALD", "Flora") == "Flora McDonald"
    assert letter_name("van der Berg", "Jo") == "Jo van der Berg"
    assert salutation_name("Jones", "Bronwen", "Mrs", "Bron") == "Mrs Jones"
    assert salutation_name("Jones", "Bronwen", "", "Bron") == "Bron"
    assert salutation_name("Jones", "Bronwen") == "Bronwen Jones"
    assert spoken_name("Jones", "Bronwen", "Bron") == "Bron Jones"
    assert initials("Jones", "bronwen") == "BJ"
    assert initials("Jones", "") == "J"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("O'Brien", "OBRIEN"),
        ("O’Brien", "o brien"),
        ("Smith-Jones", "Smith Jones"),
        ("Zoë", "Zoe"),
        ("Siân", "Sian"),
        ("Łukasz", "Lukasz"),
        ("Strauß", "STRAUSS"),
        ("St. John", "St John"),
        ("Dᴹitri", "Dmitri"),
        ("ℂarys", "Carys"),
    ],
)
def test_names_that_differ_in_marks_only_have_one_key(one: str, other: str) -> None:
    assert comparison_key(one) == comparison_key(other)


def test_names_in_other_scripts_are_told_apart() -> None:
    assert comparison_key("محمد") != comparison_key("فاطمة")
    assert comparison_key("রহিম") != comparison_key("রাহিম")


@given(st.text(max_size=30))
def test_any_name_is_shown_and_compared_without_a_crash(name: str) -> None:
    key = comparison_key(name)
    assert comparison_key(key) == key
    letter_name(name, name, name)
    list_name(name, name, name)
    initials(name, name)
