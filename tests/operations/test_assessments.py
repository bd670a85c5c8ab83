"""Questionnaires taken."""

import datetime as dt

import pytest

from tests.operations.made import NOW, TODAY, Made
from wellbeing_desktop.domain.assessment import Assessment, Score
from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.operations import assessments


def test_ons4_is_kept_as_answers_and_four_numbers(made: Made) -> None:
    given = {"satisfied": 6, "worthwhile": 7, "happy": 0, "anxious": 3}
    assessments.take_assessment(made.writer, made.mary, "ons4", given, how="Read out", at=NOW)
    kept = made.only(Assessment, subject=made.mary)
    assert assessments.answers_of(kept) == given
    assert (kept.tool_version, kept.taken_on) == ("1", TODAY)
    scores = {one.scale: one.value for one in made.all(Score, assessment_id=kept.id)}
    assert scores == given


def test_a_total_is_not_made_up_from_part_of_the_answers(made: Made) -> None:
    assessments.take_assessment(made.writer, made.mary, "gad7", {"1": 2, "2": 3, "3": None}, at=NOW)
    assert made.all(Score) == []
    assert assessments.answers_of(made.only(Assessment)) == {"1": 2, "2": 3}


@pytest.mark.parametrize(
    ("tool", "answers"),
    [
        ("gad7", {"1": 4}),
        ("gad7", {"8": 1}),
        ("ons4", {}),
        ("ons4", {"happy": "10"}),
        ("phq9", {"1": 1}),
        ("../x", {"a": 1}),
    ],
)
def test_answers_that_cannot_be_are_refused(made: Made, tool: str, answers: dict[str, object]) -> None:
    with pytest.raises(Refused):
        assessments.take_assessment(made.writer, made.mary, tool, answers, at=NOW)
    assert made.all(Assessment) == []


def test_the_date_is_that_of_the_moment_it_was_taken(made: Made) -> None:
    taken = dt.datetime(2026, 6, 30, 23, 30, tzinfo=dt.UTC)
    assessments.take_assessment(made.writer, made.mary, "ons4", {"happy": 5}, taken_at=taken, at=NOW)
    assert made.only(Score).taken_on == dt.date(2026, 7, 1)
    with pytest.raises(Refused):
        assessments.take_assessment(
            made.writer, made.mary, "ons4", {"happy": 5}, taken_at=NOW + dt.timedelta(hours=1), at=NOW
        )


def test_old_answers_need_the_version_that_they_were_given_to(made: Made) -> None:
    assert assessments.questionnaire_of(made.writer, "ons4", "1").title
    with pytest.raises(Refused, match="version"):
        assessments.questionnaire_of(made.writer, "ons4", "0")


def test_answers_that_cannot_be_read_are_empty() -> None:
    assert assessments.answers_of(Assessment(answers="{")) == {}
    assert assessments.answers_of(Assessment(answers="[1]")) == {}
