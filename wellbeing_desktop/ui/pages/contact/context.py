"""What is on screen before the greeting ends (PRACTICE W3): what was promised, and the last three contacts."""

import datetime as dt

from PySide6.QtWidgets import QWidget

from wellbeing_desktop.domain.dates import moment_words
from wellbeing_desktop.operations.person_record import PersonRecord
from wellbeing_desktop.ui.pages.contact.told import told_card
from wellbeing_desktop.ui.pages.person.contacts import heading, note_lines
from wellbeing_desktop.ui.pages.person.parts import column_of, due_chip, fact_line
from wellbeing_desktop.ui.pages.person.summary import short
from wellbeing_desktop.ui.pages.person.warnings import communication, number_line
from wellbeing_desktop.ui.widgets import cards, labels


def build(record: PersonRecord, today: dt.date) -> QWidget:
    """Cards for the side of the form."""
    return column_of(_promised(record, today), last_contacts(record, most_lines=3), _reach(record), *told_card(record))


def _promised(record: PersonRecord, today: dt.date) -> QWidget:
    card = cards.Card("What was promised")
    waiting = record.open_tasks()
    coming = record.next_appointment(today)
    if coming is not None:
        card.body.addWidget(fact_line("Next appointment", moment_words(coming.starts_at), "plain", "calendar"))
    for task in waiting[:5]:
        card.add_row(task.title, due_chip(task.due_on, today))
    if record.copies_owed:
        card.add_row("The person's copy of the plan", labels.chip("Copy owed", "warning"))
    if not waiting and not record.copies_owed and coming is None:
        card.body.addWidget(labels.muted("Nothing is waiting."))
    return card


def last_contacts(record: PersonRecord, *, most_lines: int | None = None) -> QWidget:
    """What was written last time, and the two times before; of each note the first `most_lines`, all if not given."""
    card = cards.Card("Last three contacts")
    if not record.contacts:
        card.body.addWidget(labels.muted("This is the first."))
    for noted in record.contacts[:3]:
        card.body.addWidget(labels.strong(heading(noted)))
        for note in noted.notes[:1]:
            for label, text in note_lines(note)[:most_lines]:
                card.body.addWidget(labels.body(short(f"{label}: {text}" if label else text)))
    return card


def _reach(record: PersonRecord) -> QWidget:
    card = cards.Card("Talking with them")
    card.body.addWidget(fact_line("Communication needs", communication(record), "plain", "message-square"))
    for point in record.contact_points:
        unsafe = point.safe_to_call is False
        card.body.addWidget(fact_line("Reach them", number_line(record, point), "bad" if unsafe else "plain", "mail"))
    return card
