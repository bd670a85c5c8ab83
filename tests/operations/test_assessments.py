"""Questionnaires taken."""

import datetime as dt

import msgspec
import pytest

from tests.operations.made import NOW, TODAY, Made
from wellbeing_desktop.domain.assessment import Assessment, Score
from wellbeing_desktop.domain.concern import Concern, ConcernStep
from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.domain.ids import new_id
from wellbeing_desktop.domain.task import Task
from wellbeing_desktop.operations import assessments, concerns
from wellbeing_desktop.storage.concerns import answers_waiting, without_outcome
from wellbeing_desktop.storage.grants import user_of
from wellbeing_desktop.storage.write_door import transaction


@pytest.mark.capability("F2")
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
        ("phq9", {"9": 4}),
        ("../x", {"a": 1}),
    ],
)
def test_answers_that_cannot_be_are_refused(made: Made, tool: str, answers: dict[str, object]) -> None:
    with pytest.raises(Refused):
        assessments.take_assessment(made.writer, made.mary, tool, answers, at=NOW)
    assert made.all(Assessment) == []


def test_question_9_above_0_leads_to_a_concern_whoever_saved_it_and_by_whatever_door(made: Made) -> None:
    assessments.take_assessment(made.writer, made.mary, "phq9", {"1": 3, "9": 0}, at=NOW)
    assert made.all(Concern) == []
    assessments.take_assessment(made.writer, made.mary, "phq9", {"9": 1}, at=NOW)
    concern = made.only(Concern)
    assert (concern.subject, concern.path, concern.state) == (made.mary, "at_risk_now", "open")
    assert made.only(ConcernStep).kind == "item_9"
    assert without_outcome(made.writer, TODAY) == 1
    assert answers_waiting(made.writer) == ()
    concerns.close_concern(made.writer, concern.id, "person_safe", "Spoken to at home", at=NOW)
    assert without_outcome(made.writer, TODAY) == 0


def test_the_page_that_question_9_opened_is_the_one_concern_whichever_is_saved_first(made: Made) -> None:
    about = Concern(id=new_id(), subject=made.mary, path="at_risk_now", raised_at=NOW, where_now="At home")
    step = ConcernStep(kind="safety_prompt", at=NOW)
    concerns.raise_from_answer(made.writer, about, (step,), at=NOW)
    assessments.take_assessment(made.writer, made.mary, "phq9", {"9": 2}, concern_id=about.id, at=NOW)
    assert made.only(Concern).id == about.id

    other = msgspec.structs.replace(about, id=new_id(), outcome="person_safe", outcome_words="Her sister is there")
    assessments.take_assessment(made.writer, made.mary, "phq9", {"9": 2}, concern_id=other.id, at=NOW)
    assert made.one(Concern, other.id).state == "open"
    concerns.raise_from_answer(made.writer, other, (step,), at=NOW)
    kept = made.one(Concern, other.id)
    assert (kept.where_now, kept.state) == ("At home", "closed")
    assert [one.kind for one in made.all(ConcernStep, concern_id=other.id)] == ["item_9", "safety_prompt"]
    assert len(made.all(Concern)) == 2


def test_answers_that_came_from_elsewhere_wait_until_somebody_sees_to_them(made: Made) -> None:
    with transaction(made.writer, "sync") as tx:  # as a pull or another program brings them
        for answers, tool in (('{"9": 1}', "phq9"), ('{"9": 0}', "phq9"), ("broken", "phq9"), ('{"9": 3}', "gad7")):
            tx.create(
                Assessment(
                    subject=made.mary, tool=tool, tool_version="1", answers=answers, taken_at=NOW, taken_on=TODAY
                )
            )
    (waiting,) = answers_waiting(made.writer)
    assert (waiting.person_id, waiting.name) == (made.mary, "JONES, Mary")
    about = Concern(id=new_id(), subject=made.mary, path="at_risk_now", raised_at=NOW)
    concerns.raise_from_answer(made.writer, about, assessment_id=waiting.assessment_id, at=NOW)
    assert answers_waiting(made.writer) == ()
    seen = made.only(Task, about_id=waiting.assessment_id)
    assert (seen.state, seen.owner_id) == ("done", user_of(made.writer))
    assert not {"risk", "9", "safety"} & set(f"{seen.title} {seen.outcome}".lower().split())


def test_the_date_is_that_of_the_moment_it_was_taken(made: Made) -> None:
    taken = dt.datetime(2026, 6, 30, 23, 30, tzinfo=dt.UTC)
    assessments.take_assessment(made.writer, made.mary, "ons4", {"happy": 5}, taken_at=taken, at=NOW)
    assert made.only(Score).taken_on == dt.date(2026, 7, 1)
    with pytest.raises(Refused):
        assessments.take_assessment(
            made.writer, made.mary, "ons4", {"happy": 5}, taken_at=NOW + dt.timedelta(hours=1), at=NOW
        )


@pytest.mark.capability("F5")
def test_old_answers_need_the_version_that_they_were_given_to(made: Made) -> None:
    assert assessments.questionnaire_of(made.writer, "ons4", "1").title
    with pytest.raises(Refused, match="version"):
        assessments.questionnaire_of(made.writer, "ons4", "0")


def test_answers_that_cannot_be_read_are_empty() -> None:
    assert assessments.answers_of(Assessment(answers="{")) == {}
    assert assessments.answers_of(Assessment(answers="[1]")) == {}
