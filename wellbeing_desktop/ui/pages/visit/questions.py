"""A questionnaire asked on the doorstep: the exact words, large answers, and how many are answered."""

from collections.abc import Mapping
from typing import Final

from PySide6.QtWidgets import QLabel

from wellbeing_desktop.domain.questionnaire import Questionnaire, shipped_questionnaire
from wellbeing_desktop.domain.scoring import asks_for_safety, score
from wellbeing_desktop.ui.widgets import cards, labels
from wellbeing_desktop.ui.widgets.choices import AnswerField
from wellbeing_desktop.ui.widgets.form import Form

MORE: Final = ("gad7", "phq9")
"""Questionnaires that are asked only when somebody decides to."""


class Asked:
    """One questionnaire within a form, in a card of its own. Its fields are named `<tool>.<item>`."""

    def __init__(self, form: Form, tool: str) -> None:
        self.tool = tool
        self._form = form
        self.questionnaire: Questionnaire = shipped_questionnaire(tool)
        self.card = cards.Card(self.questionnaire.title)
        form.begin_card(self.card)
        self.count = labels.chip("Not started", "plain")
        self.names: dict[str, str] = {}
        for item in self.questionnaire.items:
            if not item.takes_answer:
                form.add_widget(labels.body(item.text))
                continue
            options = [(str(option.value), option.label) for option in item.options]
            name = f"{tool}.{item.id}"
            self.names[name] = item.id
            words = f"{item.prefix} {item.text}".strip()
            form.add(name, words.replace("&", "&&"), AnswerField(options))
        form.add_widget(self.count)
        form.add_widget(labels.muted(self.questionnaire.copyright))
        form.end_card()
        form.edited.connect(self.show_count)

    def answers(self) -> dict[str, int]:
        """What is answered: item to whole number."""
        values: Mapping[str, str] = {name: self._form.rows[name].field.value() for name in self.names}
        return {self.names[name]: int(value) for name, value in values.items() if value}

    def asks_for_safety(self) -> bool:
        """Was the safety question of this questionnaire answered above 0 (PRACTICE W6)?"""
        return asks_for_safety(self.tool, self.answers())

    def show_count(self) -> None:
        """`3 of 7 answered`: a total needs every one (reference/04). A question that is not scored is not counted."""
        scored = score(self.tool, self.answers())
        answered, asked = scored.answered, scored.items
        if not answered:
            self.count.set_status("Not started", "plain")
        else:
            self.count.set_status(f"{answered} of {asked} answered", "good" if scored.is_complete else "warning")

    def words(self) -> QLabel:
        """The label that says how many are answered."""
        return self.count.words
