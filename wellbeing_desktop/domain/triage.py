"""What the answers to a triage form come to. Forms suggest, people decide (PRACTICE W14).

A rule holds, does not hold, or cannot be known because an answer is missing or "not known". What cannot be known counts
as if it held, so that leaving a question out can never lower the priority; where rules disagree the most pressing one
counts; an answer to a question that the other answers rule out still counts, and is named as a contradiction.
"""

from collections.abc import Mapping
from typing import Any

import msgspec

from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.domain.referral_rules import PRIORITY_ORDER
from wellbeing_desktop.domain.triage_form import NOT_KNOWN, Condition, Question, TriageForm

Answers = Mapping[str, Any]
MOST_PRESSING = PRIORITY_ORDER[0]


class Flag(msgspec.Struct, frozen=True):
    """A red-flag answer that was given."""

    question: str
    instruction: str


class Suggestion(msgspec.Struct, frozen=True):
    """`because` are reasons that hold; `unclear` are questions without a clear answer that were counted as the most
    pressing; `contradictions` are questions with an answer that the other answers rule out."""

    priority: str
    because: tuple[str, ...] = ()
    unclear: tuple[str, ...] = ()
    contradictions: tuple[str, ...] = ()
    flags: tuple[Flag, ...] = ()


def is_answered(value: Any) -> bool:
    """False is an answer; an empty text is none."""
    return value is not None and (not isinstance(value, str) or value.strip() != "")


def asked(form: TriageForm, answers: Answers) -> tuple[Question, ...]:
    """The questions to show now, in order: those that the answers so far call for."""
    return tuple(question for question in form.questions if _is_asked(form, question, answers) is True)


def missing_questions(form: TriageForm, answers: Answers) -> tuple[Question, ...]:
    """Required questions without an answer, those that cannot be ruled out yet included. "Not known" is an answer."""
    return tuple(
        question
        for question in form.questions
        if question.required
        and not is_answered(answers.get(question.id))
        and _is_asked(form, question, answers) is not False
    )


def suggestion(form: TriageForm, answers: Answers) -> Suggestion:
    """The most pressing of what the answers say, or could say (W14)."""
    flags = raised(form, answers)
    certain: list[tuple[str, str]] = [(MOST_PRESSING, "A red-flag answer was given") for _flag in flags]
    possible: list[tuple[str, str]] = []
    for rule in form.priorities:
        holds = _all(tuple(_holds(form, condition, answers) for condition in rule.when))
        if holds:
            certain.append((rule.priority, rule.because))
        elif holds is None:
            unclear = [c for c in rule.when if _holds(form, c, answers) is None]
            possible += [(rule.priority, _words(form, condition.question)) for condition in unclear]
    for question in form.questions:
        if question.red_flag is not None and _may_be_flag(form, question, answers):
            possible.append((MOST_PRESSING, question.text))
    could_be = [priority for priority, _why in (*certain, *possible)]
    best = min(could_be if certain else (*could_be, form.otherwise), key=_rank)
    because = tuple(dict.fromkeys(why for priority, why in certain if priority == best))
    unclear_words = tuple(dict.fromkeys(why for priority, why in possible if priority == best)) if not because else ()
    return Suggestion(best, because, unclear_words, contradictions(form, answers), flags)


def raised(form: TriageForm, answers: Answers) -> tuple[Flag, ...]:
    """The red flags of what was answered, in order; those of a question that is ruled out now included."""
    return tuple(
        Flag(question.text, question.red_flag.instruction)
        for question in form.questions
        if question.red_flag is not None and answers.get(question.id) in question.red_flag.answers
    )


def contradictions(form: TriageForm, answers: Answers) -> tuple[str, ...]:
    """Questions that were answered although the other answers rule them out."""
    return tuple(
        question.text
        for question in form.questions
        if is_answered(answers.get(question.id)) and _is_asked(form, question, answers) is False
    )


def check_answers(form: TriageForm, answers: Answers) -> None:
    """Refused, beside the question, for an answer that it does not take. Nothing is dropped in silence."""
    for id, value in answers.items():
        question = form.question(id)
        if question is None:
            raise Refused(f"'{id}' is not a question of this form.", id)
        if not is_answered(value):
            continue
        if question.type == "number":
            if isinstance(value, bool) or not isinstance(value, int):
                raise Refused("Give a whole number.", id)
            low, high = question.lowest, question.highest
            if (low is not None and value < low) or (high is not None and value > high):
                raise Refused(_bounds(low, high), id)
        elif not isinstance(value, str):
            raise Refused("Give the answer in words.", id)
        elif question.type == "text":
            if len(value) > 4000:
                raise Refused("Keep the answer under 4,000 letters.", id)
        elif value not in dict(question.choices()):
            raise Refused("This is not one of the answers to choose from.", id)


def is_lower(priority: str, than: str) -> bool:
    """Is it less pressing? A priority that is not known is no priority at all."""
    return _rank(priority) > _rank(than)


def _rank(priority: str) -> int:
    return PRIORITY_ORDER.index(priority) if priority in PRIORITY_ORDER else len(PRIORITY_ORDER)


def _is_asked(form: TriageForm, question: Question, answers: Answers) -> bool | None:
    return _all(tuple(_holds(form, condition, answers) for condition in question.asked_when))


def _may_be_flag(form: TriageForm, question: Question, answers: Answers) -> bool:
    value = answers.get(question.id)
    return (not is_answered(value) or value == NOT_KNOWN) and _is_asked(form, question, answers) is not False


def _holds(form: TriageForm, condition: Condition, answers: Answers) -> bool | None:
    """True, False, or None where it cannot be known."""
    value = answers.get(condition.question)
    question = form.question(condition.question)
    if not is_answered(value):
        if question is None:
            return None  # something the referral does not say
        return False if _is_asked(form, question, answers) is False else None
    if condition.one_of:
        if value in condition.one_of:
            return True
        return None if value == NOT_KNOWN else False
    if not isinstance(value, int):
        return None
    above = condition.at_least is None or value >= condition.at_least
    return above and (condition.at_most is None or value <= condition.at_most)


def _all(parts: tuple[bool | None, ...]) -> bool | None:
    if False in parts:
        return False
    return None if None in parts else True


def _words(form: TriageForm, id: str) -> str:
    question = form.question(id)
    return question.text if question is not None else id.removeprefix("referral.").capitalize()


def _bounds(low: int | None, high: int | None) -> str:
    if low is None:
        return f"Give a whole number up to {high}."
    return f"Give a whole number from {low}" + (f" to {high}." if high is not None else " on.")
