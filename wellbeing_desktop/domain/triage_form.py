"""A service's own triage form: its minimum data set, questions, and plain rules. Data, read and checked here.

    {"form": "our-service", "version": "1", "title": "...", "about": "...", "otherwise": "routine",
     "needs": ["source", "reason", "person.born_on"],
     "questions": [
       {"id": "within", "text": "Needs an answer within", "type": "choice", "required": true,
        "options": [{"code": "day", "label": "Today"}, ...]},
       {"id": "why", "text": "...", "type": "text", "asked_when": [{"question": "within", "is": ["day"]}]},
       {"id": "danger", "text": "...", "type": "yes_no", "required": true,
        "red_flag": {"answers": ["yes"], "instruction": "..."}}],
     "priorities": [{"when": [{"question": "within", "is": ["day"]}], "priority": "same_day", "because": "..."}]}

A form comes from outside: what cannot be read is refused whole with a sentence that says where, and a word that this
program does not know is refused too, because a misspelt `red_flag` would otherwise be lost in silence.
"""

import re
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any, Final, Literal

import msgspec

from wellbeing_desktop.domain.code_lists import code_list
from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.domain.resources import resource

NOT_KNOWN: Final = "not_known"
YES_NO: Final = (("yes", "Yes"), ("no", "No"), (NOT_KNOWN, "Not known"))
TYPES: Final = ("yes_no", "choice", "number", "text")

NEEDS: Final[Mapping[str, str]] = {
    "source": "where the referral came from",
    "reason": "the reason",
    "urgency": "the urgency asked for",
    "referrer_name": "who referred",
    "referrer_contact": "how to reach the referrer",
    "organisation_id": "the referring organisation",
    "practice_id": "the practice",
    "person.given_name": "the person's first name",
    "person.born_on": "the person's date of birth",
    "person.nhs_number": "the NHS number, or why there is none",
    "person.language": "the person's main language",
    "person.address": "an address of the person",
    "person.contact_point": "a telephone number or e-mail of the person",
}
"""What a minimum data set may ask for, in the words that say that it is missing."""

FACTS: Final[Mapping[str, str]] = {
    "referral.source": "referral_sources",
    "referral.reason": "referral_reasons",
    "referral.urgency": "urgencies",
}
"""What the referral says already, for rules: name to code list. Nobody is asked twice."""

_MOST_BYTES: Final = 256 * 1024
_MOST_QUESTIONS: Final = 100
_ID: Final = re.compile(r"[a-z][a-z0-9_-]{0,39}")


class Condition(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An answer is one of `is`, or a number within `at_least` and `at_most`."""

    question: str
    one_of: tuple[str, ...] = msgspec.field(default=(), name="is")
    at_least: int | None = None
    at_most: int | None = None


class Option(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    code: str
    label: str


class RedFlag(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Answers that stop the form, and what the service says to do."""

    answers: tuple[str, ...]
    instruction: str


class Question(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    id: str
    text: str
    type: Literal["yes_no", "choice", "number", "text"]
    help: str = ""
    required: bool = False
    options: tuple[Option, ...] = ()
    lowest: int | None = None
    highest: int | None = None
    asked_when: tuple[Condition, ...] = ()
    red_flag: RedFlag | None = None

    def choices(self) -> tuple[tuple[str, str], ...]:
        """What can be chosen, with the words; "not known" can be said to every choice."""
        if self.type == "yes_no":
            return YES_NO
        if self.type != "choice":
            return ()
        given = tuple((option.code, option.label) for option in self.options)
        return given if NOT_KNOWN in dict(given) else (*given, (NOT_KNOWN, "Not known"))


class PriorityRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Every condition of `when` holds: then this priority, because."""

    when: tuple[Condition, ...]
    priority: str
    because: str


class TriageForm(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    form: str
    version: str
    title: str
    about: str = ""
    otherwise: str = "routine"
    """The priority that is suggested when no rule can hold."""
    needs: tuple[str, ...] = ()
    questions: tuple[Question, ...] = ()
    priorities: tuple[PriorityRule, ...] = ()

    def question(self, id: str) -> Question | None:
        return next((one for one in self.questions if one.id == id), None)


@cache
def shipped_forms() -> tuple[TriageForm, ...]:
    """Examples that come with the program, to be replaced by the service's own."""
    paths = sorted(resource("triage").glob("*.json"))
    return tuple(read_form(path.read_bytes()) for path in paths)


def read_form(content: bytes | str) -> TriageForm:
    """A form that can be asked. Raises Refused with a sentence for anything else."""
    if len(content) > _MOST_BYTES:
        raise Refused("This file is too large to be a triage form.")
    try:
        form = msgspec.json.decode(content, type=TriageForm)
    except msgspec.ValidationError as wrong:
        raise Refused(f"This triage form cannot be read. {_where(str(wrong))}") from wrong
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as wrong:
        raise Refused("This file is not a triage form: it is not JSON.") from wrong
    _check(form)
    return form


def form_text(form: TriageForm) -> str:
    """The form as it is kept and sent: the same text for the same form."""
    return msgspec.json.encode(form, order="deterministic").decode()


def _where(words: str) -> str:
    """msgspec says what and where: `Object contains unknown field \\`x\\` - at \\`$.questions[0]\\``."""
    what, _, place = words.partition(" - at ")
    place = place.strip("`").removeprefix("$").strip(".")
    what = what.replace("Object contains unknown field", "It has a word that is not known here:").replace("`", "'")
    return f"{what} (in {place})." if place else f"{what}."


def _check(form: TriageForm) -> None:
    if not _ID.fullmatch(form.form):
        raise Refused("The form's name has small letters, digits and dashes, and begins with a letter.")
    for said, what in ((form.version, "version"), (form.title, "title")):
        if not said.strip() or len(said) > 200:
            raise Refused(f"The form does not say its {what}, or says it at too great a length.")
    if not form.questions and not form.needs:
        raise Refused("The form asks nothing and needs nothing.")
    if len(form.questions) > _MOST_QUESTIONS:
        raise Refused(f"The form has more than {_MOST_QUESTIONS} questions.")
    for need in form.needs:
        if need not in NEEDS:
            raise Refused(f"The form needs '{need}', which is not known here.")
    _check_priority(form.otherwise)
    known: dict[str, Question] = {}
    for number, question in enumerate(form.questions, 1):
        _check_question(question, number)
        if question.id in known:
            raise Refused(f"Two questions are called '{question.id}'.")
        for condition in question.asked_when:
            # only what was asked before: no question can then hang on itself
            _check_condition(condition, known, f"Question '{question.id}'")
        known[question.id] = question
    for number, rule in enumerate(form.priorities, 1):
        if not rule.when or not rule.because.strip():
            raise Refused(f"Rule {number} does not say when it holds, or why.")
        _check_priority(rule.priority)
        for condition in rule.when:
            _check_condition(condition, known, f"Rule {number}")


def _check_priority(priority: str) -> None:
    if priority not in code_list("priorities").codes():
        raise Refused(f"The form has a priority '{priority}', which is not known here.")


def _check_question(question: Question, number: int) -> None:
    if not _ID.fullmatch(question.id):
        raise Refused(f"Question {number} has no name of small letters, digits and dashes.")
    if not question.text.strip() or len(question.text) > 1000:
        raise Refused(f"Question '{question.id}' has no words, or more than 1,000 letters.")
    codes = [option.code for option in question.options]
    if question.type == "choice":
        if len(codes) < 2 or len(codes) != len(set(codes)):
            raise Refused(
                f"Question '{question.id}' needs at least two answers to choose from, each with its own code."
            )
        if any(not _ID.fullmatch(option.code) or not option.label.strip() for option in question.options):
            raise Refused(f"An answer of question '{question.id}' has no code or no words.")
    elif codes:
        raise Refused(f"Question '{question.id}' is not a choice, so it has no answers to choose from.")
    if question.type != "number" and (question.lowest is not None or question.highest is not None):
        raise Refused(f"Question '{question.id}' is not a number, so it has no lowest or highest.")
    if question.lowest is not None and question.highest is not None and question.lowest > question.highest:
        raise Refused(f"Question '{question.id}' has a lowest number above its highest.")
    if question.red_flag is not None:
        if not question.red_flag.answers or not question.red_flag.instruction.strip():
            raise Refused(f"The red flag of question '{question.id}' does not say which answers, or what to do.")
        _check_answers(question, question.red_flag.answers, f"The red flag of question '{question.id}'")


def _check_condition(condition: Condition, known: Mapping[str, Question], who: str) -> None:
    is_number = condition.at_least is not None or condition.at_most is not None
    if bool(condition.one_of) == is_number:
        raise Refused(f"{who} has a condition that names no answer, or both answers and numbers.")
    if condition.question in FACTS:
        unknown = set(condition.one_of) - code_list(FACTS[condition.question]).codes()
        if is_number or unknown:
            raise Refused(f"{who} asks '{condition.question}' for an answer that is not in its list.")
        return
    question = known.get(condition.question)
    if question is None:
        raise Refused(f"{who} hangs on '{condition.question}', which is not a question before it.")
    if is_number != (question.type == "number"):
        raise Refused(f"{who} compares question '{question.id}' with answers that it does not take.")
    if not is_number:
        _check_answers(question, condition.one_of, who)


def _check_answers(question: Question, answers: Iterable[str], who: str) -> None:
    offered = dict(question.choices())
    for answer in answers:
        if answer not in offered:
            raise Refused(f"{who} names '{answer}', which is no answer to question '{question.id}'.")


def answer_words(question: Question, answer: Any) -> str:
    """The exact words of an answer."""
    return dict(question.choices()).get(str(answer), str(answer))
