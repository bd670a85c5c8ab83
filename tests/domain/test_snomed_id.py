"""SNOMED CT identifiers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.domain.snomed_id import parse_concept_id, parse_snomed_id


def test_kind_and_namespace_come_from_the_partition() -> None:
    assert parse_snomed_id("1053561000000108") == ("1053561000000108", "concept", "1000000")
    assert parse_snomed_id(" 73211009 ") == ("73211009", "concept", "")
    assert parse_concept_id("1108111000000107") == "1108111000000107"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("1.05356E+15", "rounded"),
        ("73211008", "check digit"),
        ("12345", "6 to 18"),
        ("0732110", "6 to 18"),
        ("diabetes", "digits only"),
        ("732110599", "kind of code"),
        ("", "digits only"),
    ],
)
def test_what_is_no_code_is_refused_in_words(text: str, words: str) -> None:
    with pytest.raises(Refused, match=words):
        parse_snomed_id(text)


def test_a_description_identifier_is_not_taken_for_a_code() -> None:
    # 754786011 style: partition 01; found by trying check digits on a made-up item number.
    description = next(f"754786{'01'}{last}" for last in range(10) if _reads(f"754786{'01'}{last}"))
    with pytest.raises(Refused, match="description identifier"):
        parse_concept_id(description)


@given(st.text(max_size=20))
def test_any_text_is_read_or_refused(text: str) -> None:
    _reads(text)


def _reads(text: str) -> bool:
    try:
        parse_snomed_id(text)
    except Refused:
        return False
    return True
