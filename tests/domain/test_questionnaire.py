"""Reading FHIR R4 questionnaires and checking answers; the shipped wording, character for character."""

import json

import pytest

from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.domain.questionnaire import (
    Questionnaire,
    answer_label,
    asked,
    check_answers,
    read_questionnaire,
    shipped_questionnaire,
)

ONS4_WORDS = [
    "Overall, how satisfied are you with your life nowadays?",
    "Overall, to what extent do you feel that the things you do in your life are worthwhile?",
    "Overall, how happy did you feel yesterday?",
    'On a scale where 0 is "not at all anxious" and 10 is "completely anxious", overall, how anxious did you feel '
    "yesterday?",
]
PHQ9_WORDS = [
    "Little interest or pleasure in doing things",
    "Feeling down, depressed, or hopeless",
    "Trouble falling or staying asleep, or sleeping too much",
    "Feeling tired or having little energy",
    "Poor appetite or overeating",
    "Feeling bad about yourself — or that you are a failure or have let yourself or your family down",
    "Trouble concentrating on things, such as reading the newspaper or watching television",
    "Moving or speaking so slowly that other people could have noticed? Or the opposite — being so fidgety or restless"
    " that you have been moving around a lot more than usual",
    "Thoughts that you would be better off dead or of hurting yourself in some way",
    "If you checked off any problems, how difficult have these problems made it for you to do your work, take care of"
    " things at home, or get along with other people?",
]
GAD7_WORDS = [
    "Feeling nervous, anxious or on edge",
    "Not being able to stop or control worrying",
    "Worrying too much about different things",
    "Trouble relaxing",
    "Being so restless that it is hard to sit still",
    "Becoming easily annoyed or irritable",
    "Feeling afraid as if something awful might happen",
]


def made(*items: dict[str, object]) -> Questionnaire:
    return read_questionnaire(json.dumps({"resourceType": "Questionnaire", "name": "t", "item": list(items)}))


BRANCHING = made(
    {
        "linkId": "lives",
        "type": "choice",
        "text": "Lives",
        "answerOption": [{"valueString": "alone"}, {"valueString": "with"}],
    },
    {
        "linkId": "who",
        "type": "string",
        "text": "With whom",
        "required": True,
        "enableWhen": [{"question": "lives", "operator": "=", "answerString": "with"}],
    },
    {
        "linkId": "pets",
        "type": "choice",
        "text": "Animals",
        "repeats": True,
        "answerOption": [{"valueString": "dog"}, {"valueString": "cat"}],
    },
    {
        "linkId": "group",
        "type": "group",
        "enableWhen": [{"question": "pets", "operator": "exists", "answerBoolean": True}],
        "item": [{"linkId": "vet", "type": "integer", "text": "Visits", "extension": []}],
    },
)


def test_ons4_is_asked_in_the_exact_words_and_order() -> None:
    form = shipped_questionnaire("ons4")
    assert [item.text for item in form.questions()] == ONS4_WORDS
    assert [item.id for item in form.questions()] == ["satisfied", "worthwhile", "happy", "anxious"]
    assert all([option.value for option in item.options] == list(range(11)) for item in form.questions())
    assert "Office for National Statistics" in form.copyright


def test_gad7_is_asked_in_the_exact_words_and_its_first_answer_is_not_at_all() -> None:
    form = shipped_questionnaire("gad7")
    assert [item.text for item in form.questions()] == GAD7_WORDS
    assert form.introduction == (
        "Over the last 2 weeks, how often have you been bothered by any of the following problems?"
    )
    for item in form.questions():
        assert [(option.value, option.label) for option in item.options] == [
            (0, "Not at all"),
            (1, "Several days"),
            (2, "More than half the days"),
            (3, "Nearly every day"),
        ]


def test_phq9_is_asked_in_the_exact_words_with_its_licence() -> None:
    form = shipped_questionnaire("phq9")
    assert [item.text for item in form.questions()] == PHQ9_WORDS
    assert [item.id for item in form.questions()] == [*map(str, range(1, 10)), "difficulty"]
    *scored, difficulty = form.questions()
    for item in scored:
        assert [(option.value, option.label) for option in item.options] == [
            (0, "Not at all"),
            (1, "Several days"),
            (2, "More than half the days"),
            (3, "Nearly every day"),
        ]
    assert [option.label for option in difficulty.options] == [
        "Not difficult at all",
        "Somewhat difficult",
        "Very difficult",
        "Extremely difficult",
    ]
    assert form.copyright.startswith("No permission required to reproduce, translate, display or distribute")
    assert "risk" not in " ".join([form.title, form.introduction, *PHQ9_WORDS]).lower()


@pytest.mark.parametrize("tool", ["core10", "wemwbs", "eq5d", "pam", "dialog"])
def test_only_instruments_whose_licence_allows_are_shipped(tool: str) -> None:
    with pytest.raises(FileNotFoundError):
        shipped_questionnaire(tool)


def test_a_condition_hides_a_question_and_what_is_in_a_hidden_group() -> None:
    assert [item.id for item in asked(BRANCHING, {})] == ["lives", "pets"]
    assert [item.id for item in asked(BRANCHING, {"lives": "with", "pets": ["dog"]})] == ["lives", "who", "pets", "vet"]


def test_an_answer_to_a_question_that_is_not_asked_is_named_not_dropped() -> None:
    problems = check_answers(BRANCHING, {"lives": "alone", "who": "Anna"})
    assert [problem.item for problem in problems] == ["who"]


def test_a_required_question_may_be_open_until_the_form_is_finished() -> None:
    assert check_answers(BRANCHING, {"lives": "with"}, finished=False) == []
    assert [problem.item for problem in check_answers(BRANCHING, {"lives": "with"})] == ["who"]


@pytest.mark.parametrize(
    ("answers", "item"),
    [
        ({"pets": "dog"}, "pets"),
        ({"pets": ["horse"]}, "pets"),
        ({"lives": ["alone"]}, "lives"),
        ({"lives": "nowhere"}, "lives"),
        ({"pets": ["dog"], "vet": "twice"}, "vet"),
        ({"pets": ["dog"], "vet": True}, "vet"),
        ({"nothing": 1}, "nothing"),
    ],
)
def test_an_answer_of_the_wrong_kind_is_named(answers: dict[str, object], item: str) -> None:
    assert [problem.item for problem in check_answers(BRANCHING, answers)] == [item]


def test_true_is_not_the_answer_one() -> None:
    form = shipped_questionnaire("gad7")
    assert check_answers(form, {"1": True})
    assert check_answers(form, {"1": 4})
    assert check_answers(form, {"1": 1}) == []


def test_an_answer_is_shown_in_its_own_words() -> None:
    form = shipped_questionnaire("gad7")
    assert answer_label(next(form.questions()), 0) == "Not at all"
    assert answer_label(next(BRANCHING.questions()), ["alone", "with"]) == "alone; with"


@pytest.mark.parametrize(
    ("operator", "answer", "value", "held"),
    [
        ("=", {"answerInteger": 2}, 2, True),
        ("!=", {"answerInteger": 2}, 2, False),
        (">", {"answerInteger": 2}, 3, True),
        (">", {"answerInteger": 2}, "three", False),
        ("<=", {"answerInteger": 2}, 2, True),
        ("<", {"answerInteger": 2}, 2, False),
        (">=", {"answerInteger": 2}, None, False),
        ("=", {"answerCoding": {"code": "2"}}, 2, True),
        ("exists", {"answerBoolean": False}, None, True),
    ],
)
def test_every_operator_of_enable_when(operator: str, answer: dict[str, object], value: object, held: bool) -> None:
    form = made(
        {"linkId": "a", "type": "text"},
        {"linkId": "b", "type": "string", "enableWhen": [{"question": "a", "operator": operator, **answer}]},
    )
    assert ("b" in [item.id for item in asked(form, {"a": value})]) is held


def test_all_conditions_or_any() -> None:
    when = [
        {"question": "a", "operator": "=", "answerString": "x"},
        {"question": "c", "operator": "=", "answerString": "x"},
    ]
    for behaviour, shown in (("all", False), ("any", True)):
        form = made(
            {"linkId": "a", "type": "string"},
            {"linkId": "c", "type": "string"},
            {"linkId": "b", "type": "string", "enableWhen": when, "enableBehavior": behaviour},
        )
        assert ("b" in [item.id for item in asked(form, {"a": "x"})]) is shown


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"[]",
        b"{",
        b'{"resourceType": "Patient"}',
        b'{"resourceType": "Questionnaire"}',
        b'{"resourceType": "Questionnaire", "item": [1]}',
        b'{"resourceType": "Questionnaire", "item": [{"type": "text"}]}',
        b'{"resourceType": "Questionnaire", "item": [{"linkId": "a", "type": "text"}, {"linkId": "a", "type": "text"}]}',
        b'{"resourceType": "Questionnaire", "item": [{"linkId": "a", "type": "text", "enableWhen": [{"question": "z", "operator": "exists", "answerBoolean": true}]}]}',
        b'{"resourceType": "Questionnaire", "item": [{"linkId": "a", "type": "text", "enableWhen": [{"question": "a", "operator": "~", "answerBoolean": true}]}]}',
        b'{"resourceType": "Questionnaire", "item": [{"linkId": "a", "type": "choice", "answerOption": [{}]}]}',
        b"\xff\xfe",
    ],
)
def test_what_is_not_a_questionnaire_is_refused_with_a_sentence(content: bytes) -> None:
    with pytest.raises(Refused) as refusal:
        read_questionnaire(content)
    assert refusal.value.message.endswith(".")


def test_a_form_nested_without_end_is_refused() -> None:
    item: dict[str, object] = {"linkId": "deep", "type": "text"}
    for depth in range(50):
        item = {"linkId": f"g{depth}", "type": "group", "item": [item]}
    with pytest.raises(Refused):
        made(item)
