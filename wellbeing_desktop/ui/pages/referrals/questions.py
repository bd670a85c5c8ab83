"""A triage form asked on the screen: made from its definition, showing only what the answers so far call for."""

from collections.abc import Mapping
from typing import Any, Final

from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.domain.triage import Flag, asked, is_answered, raised
from wellbeing_desktop.domain.triage_form import Question, TriageForm
from wellbeing_desktop.ui.widgets import fields
from wellbeing_desktop.ui.widgets.choices import AnswerField
from wellbeing_desktop.ui.widgets.form import Form

FOLLOWED: Final = "followed"
_WORDS_THAT_SAY: Final = 2
"""Words from which what was done about a red flag is said: enough for "Rang 999"."""
_MOST_BUTTONS: Final = 8


class TriageQuestions:
    """The fields of one form. `stops` gives the red flags that hold it up now; while one does, what was not asked yet
    is out of sight until somebody says what was done."""

    def __init__(self, form: Form, definition: TriageForm) -> None:
        self.form, self.definition = form, definition
        for question in definition.questions:
            label = question.text.replace("&", "&&")
            form.add(question.id, label, _field_for(question), help_text=question.help, required=False)
        form.add(
            FOLLOWED,
            "What &was done about it",
            fields.note(lines=2),
            help_text="Say it, and the form goes on. It is kept with the form.",
        )
        form.edited.connect(self.show_asked)
        self.show_asked()

    def answers(self) -> dict[str, Any]:
        """Every answer there is, those that are out of sight too: nothing typed is dropped in silence. Raises Refused
        beside a number that is none."""
        given: dict[str, Any] = {}
        for question in self.definition.questions:
            text = self.form.rows[question.id].field.value().strip()
            if not text:
                continue
            if question.type == "number":
                if not text.lstrip("-").isdecimal():
                    raise Refused("Give a whole number.", question.id)
                given[question.id] = int(text)
            else:
                given[question.id] = text
        return given

    def followed(self) -> str:
        return self.form.rows[FOLLOWED].field.value().strip()

    def flags(self) -> tuple[Flag, ...]:
        return raised(self.definition, self.readable())

    def stops(self) -> tuple[Flag, ...]:
        """Red flags about which nobody has said yet what was done."""
        return () if len(self.followed().split()) >= _WORDS_THAT_SAY else self.flags()

    def fill(self, answers: Mapping[str, Any], followed: str) -> None:
        known = {question.id: answers.get(question.id) for question in self.definition.questions}
        self.form.set_values({id: str(value) if is_answered(value) else "" for id, value in known.items()})
        self.form.set_values({FOLLOWED: followed})
        self.show_asked()

    def show_asked(self) -> None:
        answers, stops = self.readable(), self.stops()
        wanted = {question.id for question in asked(self.definition, answers)}
        # an answer that the others rule out stays in sight: it is a contradiction, and counts
        wanted |= {id for id, value in answers.items() if is_answered(value)}
        if stops:
            wanted &= set(answers)
        for question in self.definition.questions:
            self.form.rows[question.id].holder.setVisible(question.id in wanted)
        self.form.rows[FOLLOWED].holder.setVisible(bool(self.flags()))

    def readable(self) -> dict[str, Any]:
        """The answers as far as they can be read: a number half typed is no answer yet."""
        given = {
            question.id: self.form.rows[question.id].field.value().strip() for question in self.definition.questions
        }
        numbers = {question.id for question in self.definition.questions if question.type == "number"}
        return {
            id: int(text) if id in numbers else text
            for id, text in given.items()
            if text and (id not in numbers or text.lstrip("-").isdecimal())
        }


def _field_for(question: Question) -> Any:
    choices = question.choices()
    if question.type == "text":
        return fields.note(lines=2)
    if question.type == "number":
        return fields.line(check=_whole_number)
    if len(choices) > _MOST_BUTTONS:
        return fields.choice(choices, empty="Not answered")
    return AnswerField(choices, upright=any(len(words) > 30 for _code, words in choices))


def _whole_number(text: str) -> None:
    if text.strip() and not text.strip().lstrip("-").isdecimal():
        raise Refused("Give a whole number.")
