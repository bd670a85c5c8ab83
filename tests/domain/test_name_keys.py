"""A family name is found under its keys whenever comparing would take it for the one that is looked for."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from wellbeing_desktop.domain.name_keys import begins_with, ends_with, kept_under, looked_for_under, name_sound
from wellbeing_desktop.operations.name_likeness import spelled_alike

LETTERS = "abeilnrst"
NAMES = st.text(LETTERS, min_size=1, max_size=14)


@st.composite
def slipped(draw: st.DrawFn) -> tuple[str, str]:
    """A name, and the same with one slip or two."""
    name = other = draw(NAMES)
    for _ in range(draw(st.integers(1, 2))):
        at = draw(st.integers(0, len(other)))
        letter = draw(st.sampled_from(LETTERS))
        left, right = other[:at], other[at:]
        other = draw(
            st.sampled_from(
                [left + right[1:], left + letter + right, left + letter + right[1:], left + right[1::-1] + right[2:]]
            )
        )
    return name, other


@settings(max_examples=300, deadline=None)
@given(slipped())
@example(("wilberforce", "iwlberofrce"))
@example(("abernethy", "abrnthy"))
@example(("robertson", "robetrosn"))
@example(("macdonal", "macdnl"))
def test_whoever_is_alike_stands_under_a_key_that_is_looked_for(pair: tuple[str, str]) -> None:
    for one, other in (pair, pair[::-1]):
        if other and spelled_alike(one, [other]):
            assert kept_under(other) & looked_for_under(one), (one, other)


@given(NAMES, NAMES)
def test_a_name_of_two_parts_stands_where_its_beginning_and_its_end_are_looked_for(one: str, other: str) -> None:
    keys = kept_under(one + other)
    for first, past in (begins_with(one), ends_with(other)):
        assert any(first <= key < past for key in keys)


def test_few_keys_are_kept_and_a_quite_different_name_shares_none() -> None:
    assert len(kept_under("abcdefghijklmn")) == 19
    assert not kept_under("williams") & looked_for_under("davies")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("clark", "klark"), ("vaughan", "vaughn"), ("jones", "johns"), ("smith", "smyth"), ("knight", "night"),
        ("wright", "rite"), ("philips", "fillips"), ("lloyd", "loyd"), ("mohammed", "muhammad"),
    ],
)  # fmt: skip
def test_names_that_sound_alike_have_one_sound_and_are_looked_for_under_it(one: str, other: str) -> None:
    assert name_sound(one) == name_sound(other)
    assert kept_under(one) & looked_for_under(other)


def test_names_that_are_not_latin_are_their_own_sound() -> None:
    assert name_sound("") == ""
    assert name_sound("محمد") == "محمد"
