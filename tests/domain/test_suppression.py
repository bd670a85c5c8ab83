"""Small numbers are hidden, and cannot be worked out from the rest."""

from hypothesis import given
from hypothesis import strategies as st

from wellbeing_desktop.domain.suppression import HIDDEN, Rule, shown, shown_table

FIVE, EIGHT = Rule(5), Rule(8, 5)


def test_small_numbers_are_hidden_and_nought_is_shown() -> None:
    assert [shown(count, FIVE) for count in (0, 1, 4, 5, 12)] == ["0", "*", "*", "5", "12"]
    assert [shown(count, EIGHT) for count in (0, 1, 7, 8, 12, 13)] == ["0", "*", "*", "10", "10", "15"]


def test_one_hidden_cell_hides_the_next_smallest_too() -> None:
    assert shown_table([3, 9, 40], FIVE) == ["*", "*", "40"]
    assert shown_table([9, 40], FIVE) == ["9", "40"]
    assert shown_table([0, 0, 12], FIVE) == ["0", "0", "12"]


def test_two_hidden_cells_that_are_small_together_hide_a_third() -> None:
    assert shown_table([1, 1, 9, 40], FIVE) == ["*", "*", "*", "40"]


@given(st.lists(st.integers(0, 30), min_size=1, max_size=8), st.sampled_from([FIVE, EIGHT]))
def test_a_hidden_cell_cannot_be_worked_out_from_the_total(counts: list[int], rule: Rule) -> None:
    cells = shown_table(counts, rule)
    hidden = [count for count, cell in zip(counts, cells, strict=True) if cell == HIDDEN]
    assert all(cell == HIDDEN for count, cell in zip(counts, cells, strict=True) if 0 < count < rule.below)
    if hidden and shown(sum(counts), rule) != HIDDEN:
        assert len(hidden) >= 2
        assert sum(hidden) >= rule.below


def test_the_rule_says_itself_in_words() -> None:
    assert FIVE.sentence.startswith("Numbers from 1 to 4 are shown as *.")
    assert "nearest 5" in EIGHT.sentence
