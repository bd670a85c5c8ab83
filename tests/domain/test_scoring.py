"""Numbers of the shipped questionnaires (reference/04)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wellbeing_desktop.domain.scoring import SCALES, SCORERS, asks_for_safety, change_sentence, scale, score


def ons4(**answers: int) -> dict[str, object]:
    return {"satisfied": 6, "worthwhile": 7, "happy": 4, "anxious": 6, **answers}


def test_ons4_gives_four_scores_with_their_bands_and_never_a_total() -> None:
    found = score("ons4", ons4())
    assert [(one.scale, one.value, one.band) for one in found.scores] == [
        ("satisfied", 6, "medium"),
        ("worthwhile", 7, "high"),
        ("happy", 4, "low"),
        ("anxious", 6, "high"),
    ]
    assert found.is_complete


@pytest.mark.parametrize(
    ("value", "well", "anxious"),
    [
        (0, "low", "very low"),
        (1, "low", "very low"),
        (2, "low", "low"),
        (4, "low", "medium"),
        (5, "medium", "medium"),
        (6, "medium", "high"),
        (7, "high", "high"),
        (8, "high", "high"),
        (9, "very high", "high"),
        (10, "very high", "high"),
    ],
)
def test_ons4_bands_are_those_of_the_office_for_national_statistics(value: int, well: str, anxious: str) -> None:
    for scale_id in ("satisfied", "worthwhile", "happy"):
        assert scale("ons4", scale_id).band(value) == well
    assert scale("ons4", "anxious").band(value) == anxious


def test_ons4_scores_each_answer_that_was_given() -> None:
    found = score("ons4", {"satisfied": 0})
    assert [(one.scale, one.value) for one in found.scores] == [("satisfied", 0)]
    assert (found.answered, found.items) == (1, 4)


@pytest.mark.parametrize(
    ("answers", "total", "band"),
    [
        ((0,) * 7, 0, "none or minimal"),
        ((1, 1, 1, 1, 0, 0, 0), 4, "none or minimal"),
        ((1, 1, 1, 1, 1, 0, 0), 5, "mild"),
        ((2, 2, 2, 2, 1, 0, 0), 9, "mild"),
        ((2, 2, 2, 2, 2, 0, 0), 10, "moderate"),
        ((2,) * 7, 14, "moderate"),
        ((3, 2, 2, 2, 2, 2, 2), 15, "severe"),
        ((3,) * 7, 21, "severe"),
    ],
)
def test_gad7_total_and_band_at_every_edge(answers: tuple[int, ...], total: int, band: str) -> None:
    found = score("gad7", {str(number): value for number, value in enumerate(answers, 1)})
    assert [(one.scale, one.value, one.band) for one in found.scores] == [("total", total, band)]


def test_a_total_needs_every_item() -> None:
    found = score("gad7", {"1": 3, "2": 3, "5": 0})
    assert found.scores == ()
    assert (found.answered, found.items) == (3, 7)


@pytest.mark.parametrize("value", [-1, 11, "5", 5.0, True])
def test_an_answer_outside_the_scale_is_a_mistake_not_a_score(value: object) -> None:
    with pytest.raises(ValueError, match="whole number"):
        score("ons4", {"happy": value})


def test_a_change_names_its_threshold() -> None:
    assert change_sentence("gad7", "total", 15, 8) == "down 7, more than the 4 points counted as reliable"
    assert change_sentence("gad7", "total", 12, 8) == "down 4, just the 4 points counted as reliable"
    assert change_sentence("gad7", "total", 8, 11) == "up 3, within what can happen by chance"
    assert change_sentence("gad7", "total", 8, 8) == "no change, 8 both times"


def test_w27_a_change_in_ons4_is_called_neither_better_nor_worse() -> None:
    sentence = change_sentence("ons4", "anxious", 7, 3)
    assert sentence == "down 4, from 7 to 3; no threshold is published for this scale"


@pytest.mark.capability("W7")
def test_w7_no_band_and_no_sentence_speaks_of_risk() -> None:
    words = [word for scales in SCALES.values() for one in scales for _, _, word in one.bands]
    assert not any("risk" in word for word in words)


def test_every_shipped_questionnaire_has_a_scorer_and_scales() -> None:
    assert set(SCORERS) == set(SCALES) == {"ons4", "gad7", "phq9"}


@given(st.lists(st.integers(0, 3), min_size=9, max_size=9))
def test_phq9_total_is_the_sum_of_nine_and_the_difficulty_is_not_in_it(values: list[int]) -> None:
    given_answers: dict[str, object] = {str(number): value for number, value in enumerate(values, 1)}
    (total,) = score("phq9", {**given_answers, "difficulty": 3}).scores
    assert total.value == sum(values)
    assert score("phq9", {k: v for k, v in given_answers.items() if k != "4"}).scores == ()


@pytest.mark.parametrize(("total", "word"), [(0, "minimal"), (9, "mild"), (14, "moderate"), (15, "moderately severe")])
def test_phq9_bands_are_those_of_the_reference(total: int, word: str) -> None:
    assert scale("phq9", "total").band(total) == word


@pytest.mark.parametrize(
    ("tool", "answers", "asks"),
    [
        ("phq9", {"9": 1}, True),
        ("phq9", {"9": 0, "1": 3, "2": 3}, False),
        ("phq9", {"1": 3}, False),
        ("phq9", {"9": None}, False),
        ("phq9", {"9": "3"}, True),
        ("gad7", {"9": 3}, False),
    ],
)
def test_w6_question_9_above_0_asks_for_safety_whatever_the_total(
    tool: str, answers: dict[str, object], asks: bool
) -> None:
    assert asks_for_safety(tool, answers) is asks


def test_a_tool_added_by_a_service_is_kept_without_a_score() -> None:
    assert score("local-form", {"a": 1}).scores == ()


@given(st.lists(st.integers(0, 3), min_size=7, max_size=7))
def test_gad7_total_is_the_sum_and_has_a_band(values: list[int]) -> None:
    (total,) = score("gad7", {str(number): value for number, value in enumerate(values, 1)}).scores
    assert total.value == sum(values)
    assert total.band


def test_bands_cover_every_value_once() -> None:
    for scales in SCALES.values():
        for one in scales:
            covered = [value for low, high, _ in one.bands for value in range(low, high + 1)]
            assert covered == list(range(one.lowest, one.highest + 1))
