"""After a visit: what is saved, and what usually follows."""

from collections.abc import Callable
from functools import partial

from wellbeing_desktop.operations.person_record import PersonRecord
from wellbeing_desktop.ui.pages.person.parts import column_of
from wellbeing_desktop.ui.widgets import buttons, cards, labels


class DoneCard(cards.Card):
    """Offers the person's copy, the letter to the GP, and the way on."""

    def __init__(self, record: PersonRecord, has_new_goals: bool, go: Callable[[str, str], object]) -> None:
        super().__init__("Visit saved")
        person_id = record.person.id
        self.body.addWidget(labels.body("Everything is on this laptop. It is sent when there is a network."))
        if has_new_goals:
            self.body.addWidget(
                labels.body("The plan has new goals. Agree it, so that the person's copy is the new one.")
            )
        steps = [
            ("Agree the plan", "care_plan", "target", has_new_goals),
            ("Give the person their copy", "plan_copy", "printer", bool(record.plan and record.plan.plan.version)),
            ("Write the letter to the GP", "letters", "mail", True),
            ("Open the record", "person", "user", True),
            ("Go to Today", "today", "sun", True),
        ]
        made = [
            buttons.secondary(words, partial(go, key, "" if key == "today" else person_id), icon=icon)
            for words, key, icon, wanted in steps
            if wanted
        ]
        self.first = made[0]
        self.body.addWidget(column_of(*made))
