"""Reading a FHIR R4 Questionnaire, and checking answers against it. The wording is never changed on the way.

Read: items of type group, display, choice, open-choice, integer, decimal-free numbers, boolean, date, string, text;
`enableWhen` with `enableBehavior`; `answerOption` (valueCoding, valueInteger, valueString); `repeats`; `required`.
An option whose coding carries the ordinalValue extension is answered by that whole number, so that it can be scored;
any other coding by its code. An item of another type is shown as its text and takes no answer.
"""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import msgspec

from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.domain.resources import resource

ORDINAL: Final = "http://hl7.org/fhir/StructureDefinition/ordinalValue"
LOWEST: Final = "http://hl7.org/fhir/StructureDefinition/minValue"
HIGHEST: Final = "http://hl7.org/fhir/StructureDefinition/maxValue"

ANSWERED_TYPES: Final = frozenset({"choice", "open-choice", "integer", "boolean", "date", "string", "text"})
_DEEPEST: Final = 10

Answer = int | str | bool | list[Any]


class Option(msgspec.Struct, frozen=True):
    """One choice: what is stored, and its exact words."""

    value: int | str
    label: str


class Condition(msgspec.Struct, frozen=True):
    """One enableWhen: shown only if the answer to `question` stands so to `answer`."""

    question: str
    operator: str
    answer: Any


class Item(msgspec.Struct, frozen=True):
    """One question, group or line of text."""

    id: str
    type: str
    text: str = ""
    prefix: str = ""
    required: bool = False
    repeats: bool = False
    options: tuple[Option, ...] = ()
    lowest: int | None = None
    highest: int | None = None
    conditions: tuple[Condition, ...] = ()
    all_conditions: bool = False
    items: tuple["Item", ...] = ()

    @property
    def takes_answer(self) -> bool:
        return self.type in ANSWERED_TYPES


class Questionnaire(msgspec.Struct, frozen=True):
    """A questionnaire as it is asked. `copyright` is the licence line that belongs on every printed form."""

    tool: str
    version: str
    title: str
    introduction: str
    copyright: str
    items: tuple[Item, ...]

    def questions(self) -> Iterator[Item]:
        """Every item that takes an answer, in order."""
        return (item for item in _walk(self.items) if item.takes_answer)


class Problem(msgspec.Struct, frozen=True):
    """Something wrong with one answer."""

    item: str
    sentence: str


def shipped_questionnaire(tool: str) -> Questionnaire:
    """One that comes with the program: `ons4`, `gad7`, `phq9`. FileNotFoundError when there is none."""
    return read_questionnaire(resource(f"questionnaires/{tool}.json").read_bytes())


def read_questionnaire(content: bytes | str) -> Questionnaire:
    """Read the JSON of an R4 Questionnaire. Refused, with a sentence, when it is not one or cannot be asked."""
    try:
        found = msgspec.json.decode(content)
    except (msgspec.DecodeError, RecursionError) as error:
        raise Refused("This file is not a questionnaire: it is not JSON.") from error
    if not isinstance(found, dict) or found.get("resourceType") != "Questionnaire":
        raise Refused("This file is not a FHIR R4 Questionnaire.")
    raw_items = found.get("item")
    if not isinstance(raw_items, list) or not raw_items:
        raise Refused("This questionnaire has no questions.")
    try:
        items = tuple(_item(raw, 1) for raw in raw_items)
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise Refused("A question of this questionnaire is not in the FHIR R4 shape.") from error
    ids = [item.id for item in _walk(items)]
    if len(ids) != len(set(ids)):
        raise Refused("Two questions of this questionnaire have the same id.")
    for item in _walk(items):
        for condition in item.conditions:
            if condition.question not in ids:
                raise Refused("A question depends on another that is not in this questionnaire.")
    return Questionnaire(
        tool=str(found.get("name") or found.get("id") or ""),
        version=str(found.get("version") or ""),
        title=str(found.get("title") or found.get("name") or ""),
        introduction=str(found.get("description") or ""),
        copyright=str(found.get("copyright") or ""),
        items=items,
    )


def is_enabled(item: Item, answers: Mapping[str, Any]) -> bool:
    """Is the item asked, given the answers so far? Without conditions, always."""
    if not item.conditions:
        return True
    held = [_holds(condition, answers) for condition in item.conditions]
    return all(held) if item.all_conditions else any(held)


def asked(questionnaire: Questionnaire, answers: Mapping[str, Any]) -> tuple[Item, ...]:
    """The questions that these answers leave to be asked, in order; a hidden group hides what is in it."""
    return tuple(item for item in _enabled(questionnaire.items, answers) if item.takes_answer)


def check_answers(questionnaire: Questionnaire, answers: Mapping[str, Any], *, finished: bool = True) -> list[Problem]:
    """What is wrong with the answers, by question; empty when nothing is.

    When `finished` is False a required question may still be open. An answer to a question that is not asked, or
    that does not exist, is a problem: nothing is dropped in silence.
    """
    shown = {item.id: item for item in asked(questionnaire, answers)}
    problems = [
        Problem(item_id, "This question is not part of the form, or is not asked after the other answers.")
        for item_id in answers
        if item_id not in shown
    ]
    for item in shown.values():
        value = answers.get(item.id)
        if _is_absent(value):
            if item.required and finished:
                problems.append(Problem(item.id, "This question needs an answer."))
            continue
        problems += [Problem(item.id, sentence) for sentence in _value_problems(item, value)]
    return problems


def answer_label(item: Item, value: Any) -> str:
    """The exact words of an answer, for the record and print."""
    if isinstance(value, list):
        return "; ".join(answer_label(item, one) for one in value)
    if isinstance(value, bool):
        return "Yes" if value else "No"
    return next((option.label for option in item.options if option.value == value), str(value))


def _walk(items: Sequence[Item]) -> Iterator[Item]:
    for item in items:
        yield item
        yield from _walk(item.items)


def _enabled(items: Sequence[Item], answers: Mapping[str, Any]) -> Iterator[Item]:
    for item in items:
        if is_enabled(item, answers):
            yield item
            yield from _enabled(item.items, answers)


def _item(raw: Mapping[str, Any], depth: int) -> Item:
    if depth > _DEEPEST:
        raise ValueError("too deep")
    link_id = raw["linkId"]
    if not isinstance(link_id, str) or not link_id:
        raise ValueError("linkId")
    extensions = {entry.get("url"): entry for entry in raw.get("extension", [])}
    return Item(
        id=link_id,
        type=str(raw["type"]),
        text=str(raw.get("text", "")),
        prefix=str(raw.get("prefix", "")),
        required=raw.get("required") is True,
        repeats=raw.get("repeats") is True,
        options=tuple(_option(option) for option in raw.get("answerOption", [])),
        lowest=_bound(extensions, LOWEST),
        highest=_bound(extensions, HIGHEST),
        conditions=tuple(_condition(when) for when in raw.get("enableWhen", [])),
        all_conditions=raw.get("enableBehavior") == "all",
        items=tuple(_item(child, depth + 1) for child in raw.get("item", [])),
    )


def _bound(extensions: Mapping[Any, Mapping[str, Any]], url: str) -> int | None:
    if url not in extensions:
        return None
    return int(extensions[url]["valueInteger"])


def _option(raw: Mapping[str, Any]) -> Option:
    if "valueInteger" in raw:
        return Option(int(raw["valueInteger"]), str(raw["valueInteger"]))
    if "valueString" in raw:
        return Option(str(raw["valueString"]), str(raw["valueString"]))
    coding = raw["valueCoding"]
    code = str(coding["code"])
    for extension in (*coding.get("extension", []), *raw.get("extension", [])):
        if extension.get("url") == ORDINAL:
            return Option(int(extension["valueDecimal"]), str(coding.get("display", code)))
    return Option(code, str(coding.get("display", code)))


def _condition(raw: Mapping[str, Any]) -> Condition:
    operator = str(raw["operator"])
    if operator not in ("exists", "=", "!=", ">", "<", ">=", "<="):
        raise ValueError(operator)
    key = next(key for key in raw if key.startswith("answer"))
    answer = raw[key]
    if key == "answerCoding":
        answer = str(answer["code"])
    return Condition(str(raw["question"]), operator, answer)


def _holds(condition: Condition, answers: Mapping[str, Any]) -> bool:
    value = answers.get(condition.question)
    if condition.operator == "exists":
        return (not _is_absent(value)) is bool(condition.answer)
    if _is_absent(value):
        return False
    given = value if isinstance(value, list) else [value]
    return any(_compare(one, condition.operator, condition.answer) for one in given)


def _compare(one: Any, operator: str, other: Any) -> bool:
    # an ordinal answer is a number here and a code in the questionnaire
    if isinstance(one, int) and not isinstance(one, bool) and isinstance(other, str):
        one = str(one) if operator in ("=", "!=") else one
    if operator == "=":
        return bool(one == other)
    if operator == "!=":
        return bool(one != other)
    try:
        if operator == ">":
            return bool(one > other)
        if operator == "<":
            return bool(one < other)
        if operator == ">=":
            return bool(one >= other)
        return bool(one <= other)
    except TypeError:
        return False


def _is_absent(value: Any) -> bool:
    return value is None or value == "" or value == []


def _value_problems(item: Item, value: Any) -> list[str]:
    if item.repeats:
        if not isinstance(value, list):
            return ["This question takes a list of answers."]
        return [sentence for one in value for sentence in _one_problem(item, one)]
    if isinstance(value, list):
        return ["This question takes one answer."]
    return _one_problem(item, value)


def _one_problem(item: Item, value: Any) -> list[str]:
    if item.options and item.type != "open-choice":
        # 0 and False, 1 and True are equal in Python but are different answers
        if not any(option.value == value and type(option.value) is type(value) for option in item.options):
            return ["This is not one of the answers to choose from."]
        return []
    match item.type:
        case "integer":
            if isinstance(value, bool) or not isinstance(value, int):
                return ["Give a whole number."]
            if (item.lowest is not None and value < item.lowest) or (item.highest is not None and value > item.highest):
                return [f"Give a whole number from {item.lowest} to {item.highest}."]
        case "boolean":
            if not isinstance(value, bool):
                return ["Answer yes or no."]
        case "date":
            try:
                dt.date.fromisoformat(value)
            except (TypeError, ValueError):
                return ["Give a date."]
        case _:
            if not isinstance(value, str):
                return ["Give the answer in words."]
    return []
