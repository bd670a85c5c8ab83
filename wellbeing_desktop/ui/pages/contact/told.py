""" "May I tell the daughter?" (PRACTICE W17), beside every form in which a call or visit is written down."""

from PySide6.QtWidgets import QWidget

from wellbeing_desktop.domain.consent_rules import LISTENING, may_be_told
from wellbeing_desktop.operations.person_record import PersonRecord
from wellbeing_desktop.ui.pages.person.parts import fact_line, joined
from wellbeing_desktop.ui.widgets import cards


def told_card(record: PersonRecord) -> list[QWidget]:
    """One card: whom the answer is known for, and always that anybody may be listened to."""
    card = cards.Card("Who may be told")
    if not record.related:
        card.body.addWidget(fact_line("Nobody is recorded", "Ask the person first.", "plain", "user"))
    for related in record.related:
        name = joined(related.name, related.relationship)
        # that anyone may be listened to is said once, at the end
        card.body.addWidget(fact_line(name, may_be_told(related).removesuffix(LISTENING).strip(), "plain", "user"))
    card.body.addWidget(fact_line("Anyone", LISTENING))
    return [card]
