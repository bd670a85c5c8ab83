"""Before you knock: alerts, how to get in, communication, who may be told what, the last plan, the last contacts."""

import datetime as dt
from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from wellbeing_desktop.domain.plan_rules import review_sentence
from wellbeing_desktop.domain.safety import AccessNote
from wellbeing_desktop.operations.person_record import PersonRecord
from wellbeing_desktop.ui.pages.contact.context import last_contacts
from wellbeing_desktop.ui.pages.contact.told import told_card
from wellbeing_desktop.ui.pages.person.parts import column_of, fact_line
from wellbeing_desktop.ui.pages.person.summary import action_chip, goal_chip
from wellbeing_desktop.ui.pages.person.warnings import alert_notice, facts
from wellbeing_desktop.ui.widgets import buttons, cards, labels


def build(record: PersonRecord, today: dt.date, on_key_safe: Callable[[], object]) -> QWidget:
    """Everything that is read at the gate, in the order in which it matters."""
    return column_of(
        *(alert_notice(item, record, None) for item in record.alerts),
        _getting_in(record, today, on_key_safe),
        _know(record, today),
        *told_card(record),
        _plan(record, today),
        last_contacts(record),
    )


def is_visit_day(record: PersonRecord, today: dt.date) -> bool:
    """True when a visit to the home is in the diary for today: then the key safe's code is shown (PRACTICE W11)."""
    return any(
        appointment.starts_on == today
        and appointment.medium in ("home_visit", "")
        and appointment.state in ("booked", "attended")
        for appointment in record.appointments
    )


def key_safe_words(note: AccessNote) -> str:
    """The code, for the one line in which it is shown."""
    return f"Key safe code: {note.key_safe}"


def _getting_in(record: PersonRecord, today: dt.date, on_key_safe: Callable[[], object]) -> QWidget:
    card = cards.Card("How to get in")
    note = record.access_note
    if note is None:
        card.body.addWidget(labels.muted("Nothing is recorded. Ask, and write it down for whoever comes next."))
        return card
    card.body.addWidget(labels.body(note.instructions))
    if note.two_person_visit:
        card.body.addWidget(labels.chip("Two people visit together", "warning"))
    if note.animals:
        card.body.addWidget(labels.body(f"Animals: {note.animals}"))
    if note.key_safe and is_visit_day(record, today):
        card.body.addWidget(labels.strong(key_safe_words(note)))
    elif note.key_safe:
        card.body.addWidget(labels.muted("The key safe code is shown on the day of a booked visit."))
        card.body.addWidget(buttons.secondary("Show the code: I am visiting now", on_key_safe, icon="key-round"))
    if note.checked_on is None:
        card.body.addWidget(labels.muted("Nobody has said when this was last checked."))
    return card


def _know(record: PersonRecord, today: dt.date) -> QWidget:
    card = cards.Card()
    card.setAccessibleName("What to know first")
    for label, words, tone, icon in facts(record, today):
        if label != "How to get in":
            card.body.addWidget(fact_line(label, words, tone, icon))
    return card


def _plan(record: PersonRecord, today: dt.date) -> QWidget:
    card = cards.Card("The last plan")
    if record.plan is None:
        card.body.addWidget(labels.muted("There is no plan yet. A goal written below begins one."))
        return card
    words = record.plan.narrative
    if words is not None and words.most_important:
        card.body.addWidget(fact_line("What is most important to them", words.most_important))
    sentence = review_sentence(record.plan.plan, today)
    if sentence:
        card.body.addWidget(labels.chip(sentence, "plain", "calendar"))
    for goal in record.plan.goals:
        card.add_row(goal.what, goal_chip(goal))
        for action in record.plan.actions:
            if action.goal_id == goal.id and action.state == "to_do":
                card.add_row(f"– {action.what}", action_chip(action, today))
    return card
