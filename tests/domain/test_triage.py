"""What the answers to a triage form come to (PRACTICE W14), and reading a form that came from outside."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.domain.referral_rules import PRIORITY_ORDER
from wellbeing_desktop.domain.triage import asked, check_answers, missing_questions, raised, suggestion
from wellbeing_desktop.domain.triage_form import TriageForm, form_text, read_form, shipped_forms

FORM = read_form(
    """
    {"form": "ours", "version": "2", "title": "Our form", "needs": ["reason"],
     "questions": [
       {"id": "alone", "text": "Alone?", "type": "yes_no", "required": true},
       {"id": "days", "text": "Since how many days?", "type": "number", "lowest": 0, "highest": 90, "required": true,
        "asked_when": [{"question": "alone", "is": ["yes"]}]},
       {"id": "when", "text": "When?", "type": "choice",
        "options": [{"code": "now", "label": "Now"}, {"code": "later", "label": "Later"}]},
       {"id": "danger", "text": "In danger?", "type": "yes_no", "asked_when": [{"question": "alone", "is": ["no"]}],
        "red_flag": {"answers": ["yes"], "instruction": "Ring the lead."}},
       {"id": "words", "text": "More?", "type": "text"}],
     "priorities": [
       {"when": [{"question": "when", "is": ["now"]}], "priority": "urgent", "because": "Now"},
       {"when": [{"question": "alone", "is": ["yes"]}, {"question": "days", "at_least": 14}], "priority": "soon",
        "because": "Alone for long"},
       {"when": [{"question": "referral.urgency", "is": ["emergency"]}], "priority": "same_day", "because": "Asked"}]}
    """
)
CLEAR = {"alone": "no", "when": "later", "danger": "no", "referral.urgency": "routine"}
ANSWERS = st.fixed_dictionaries(
    {},
    optional={
        "alone": st.sampled_from(["yes", "no", "not_known"]),
        "days": st.integers(0, 90),
        "when": st.sampled_from(["now", "later", "not_known"]),
        "danger": st.sampled_from(["yes", "no", "not_known"]),
        "referral.urgency": st.sampled_from(["emergency", "urgent", "routine"]),
    },
)


@pytest.mark.capability("W14")
@given(ANSWERS, st.data())
def test_leaving_a_question_out_or_not_knowing_can_never_lower_the_priority(
    answers: dict[str, object], data: st.DataObject
) -> None:
    fuller = suggestion(FORM, answers).priority
    for id in data.draw(st.sets(st.sampled_from(sorted(answers)))) if answers else set():
        rest = {**answers, id: "not_known"}
        if id in ("days", "referral.urgency") or data.draw(st.booleans()):
            del rest[id]
        answers = rest
    assert PRIORITY_ORDER.index(suggestion(FORM, answers).priority) <= PRIORITY_ORDER.index(fuller)


def test_clear_answers_suggest_what_the_rules_say_with_the_reason() -> None:
    assert suggestion(FORM, CLEAR).priority == "routine"
    likely = suggestion(FORM, {**CLEAR, "when": "now"})
    assert (likely.priority, likely.because, likely.unclear) == ("urgent", ("Now",), ())


def test_what_is_not_answered_counts_as_the_most_pressing_and_is_named() -> None:
    likely = suggestion(FORM, {key: value for key, value in CLEAR.items() if key != "when"})
    assert (likely.priority, likely.unclear) == ("urgent", ("When?",))


def test_of_rules_that_disagree_the_most_pressing_counts() -> None:
    likely = suggestion(FORM, {"alone": "yes", "days": 20, "when": "now", "referral.urgency": "routine"})
    assert likely.priority == "urgent"


def test_an_answer_that_the_others_rule_out_still_counts_and_is_named() -> None:
    contradicting = {"alone": "yes", "days": 1, "when": "later", "danger": "yes", "referral.urgency": "routine"}
    likely = suggestion(FORM, contradicting)
    assert (likely.priority, likely.contradictions) == ("same_day", ("In danger?",))
    assert [flag.instruction for flag in raised(FORM, contradicting)] == ["Ring the lead."]


def test_questions_are_asked_and_missed_by_the_answers_so_far() -> None:
    assert [one.id for one in asked(FORM, {})] == ["alone", "when", "words"]
    assert [one.id for one in asked(FORM, {"alone": "yes"})] == ["alone", "days", "when", "words"]
    assert [one.id for one in missing_questions(FORM, {})] == ["alone", "days"]
    assert [one.id for one in missing_questions(FORM, {"alone": "no"})] == []
    assert [one.id for one in missing_questions(FORM, {"alone": "not_known"})] == ["days"]


@pytest.mark.parametrize(
    ("answers", "field"),
    [({"days": 91}, "days"), ({"days": True}, "days"), ({"when": "soon"}, "when"), ({"other": "x"}, "other")],
)
def test_an_answer_that_a_question_does_not_take_is_refused_beside_it(answers: dict[str, object], field: str) -> None:
    with pytest.raises(Refused) as refused:
        check_answers(FORM, answers)
    assert refused.value.field == field


def with_changes(**changes: object) -> str:
    return msgspec.json.encode({**msgspec.json.decode(form_text(FORM)), **changes}).decode()


QUESTION = {"id": "a", "text": "A?", "type": "yes_no"}


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("not json", "not JSON"),
        ("[]", "cannot be read"),
        (" " * 300_000, "too large"),
        (with_changes(version=""), "does not say its version"),
        (with_changes(form="No Spaces"), "small letters"),
        (with_changes(needs=["shoe_size"]), "'shoe_size'"),
        (with_changes(otherwise="never"), "'never'"),
        (with_changes(colour="red"), "not known here: 'colour'"),
        (with_changes(questions=[QUESTION, QUESTION], priorities=[]), "Two questions are called 'a'"),
        (with_changes(questions=[{**QUESTION, "redflag": {}}], priorities=[]), "'redflag'"),
        (with_changes(questions=[{**QUESTION, "type": "choice"}], priorities=[]), "at least two answers"),
        (
            with_changes(questions=[{**QUESTION, "asked_when": [{"question": "a", "is": ["yes"]}]}], priorities=[]),
            "not a question before it",
        ),
        (
            with_changes(
                questions=[{**QUESTION, "red_flag": {"answers": ["maybe"], "instruction": "x"}}], priorities=[]
            ),
            "'maybe', which is no answer",
        ),
        (with_changes(questions=[]), "not a question before it"),
    ],
)
def test_a_form_that_cannot_be_asked_is_refused_with_a_sentence(text: str, sentence: str) -> None:
    with pytest.raises(Refused, match=sentence):
        read_form(text)


def test_a_form_is_the_same_after_it_was_kept() -> None:
    assert read_form(form_text(FORM)) == FORM


def test_the_shipped_form_is_an_example_that_says_so_and_can_be_asked() -> None:
    (form,) = shipped_forms()
    assert isinstance(form, TriageForm)
    assert "example to be replaced" in form.about
    assert missing_questions(form, {})
