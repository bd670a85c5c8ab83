"""The care plan to read: the person's words, goals and actions. Changing it is the plan's own screen."""

from functools import partial

from PySide6.QtWidgets import QWidget

from wellbeing_desktop.domain.care_plan import PlanNarrative
from wellbeing_desktop.domain.code_lists import label_of
from wellbeing_desktop.domain.dates import day_words
from wellbeing_desktop.domain.definition import fields_of
from wellbeing_desktop.domain.plan_rules import review_sentence
from wellbeing_desktop.operations.person_record import PersonRecord
from wellbeing_desktop.ui.pages.person.parts import Around, column_of, entry, joined, row_of_buttons
from wellbeing_desktop.ui.pages.person.summary import action_chip, goal_chip
from wellbeing_desktop.ui.widgets import buttons, cards, labels
from wellbeing_desktop.ui.widgets.empty_state import empty_state


def no_plan_words(record: PersonRecord) -> str:
    """Whether there never was a plan, one was declined, or one has ended."""
    before = record.plan_before
    if before is None:
        return "No care plan yet."
    if before.state == "declined":
        return f"A care plan was offered and not wanted on {day_words(before.ended_on, 'a day not known')}."
    return f"The care plan ended on {day_words(before.ended_on, 'a day not known')}. No new one yet."


def build(record: PersonRecord, around: Around) -> QWidget:
    """The current plan, or the first step to one."""
    person_id = record.person.id
    if record.plan is None:
        start = buttons.primary("Start a care plan", partial(around.go, "care_plan", person_id), icon="plus")
        return empty_state(no_plan_words(record), "It starts with what matters most to the person.", start, "target")
    plan = record.plan.plan
    chips: list[QWidget] = [
        labels.chip(label_of("care_plan_states", plan.state), "good" if plan.state == "agreed" else "warning"),
    ]
    sentence = review_sentence(plan, around.today)
    if sentence:
        late = plan.review_on is not None and plan.review_on < around.today
        chips.append(labels.chip(sentence, "bad" if late else "plain", "calendar"))
    meta = joined(
        f"Version {plan.version}" if plan.version else "",
        f"Agreed {day_words(plan.agreed_on)} with {plan.agreed_with}" if plan.agreed_on else "",
        f"Written with {record.names[plan.practitioner_id]}" if plan.practitioner_id in record.names else "",
    )
    head = entry("Care and support plan", [], meta, *chips)
    actions = [buttons.secondary("Write in the plan", partial(around.go, "care_plan", person_id), icon="pencil")]
    if plan.version:
        actions.append(buttons.secondary("Person's copy", partial(around.go, "plan_copy", person_id), icon="printer"))
    parts: list[QWidget] = [head, row_of_buttons(*actions)]
    for goal in record.plan.goals:
        card = cards.Card(goal.what)
        card.body.addWidget(goal_chip(goal))
        if goal.outcome:
            card.body.addWidget(labels.body(goal.outcome))
        for action in record.plan.actions:
            if action.goal_id == goal.id:
                sure = f"{action.confidence} of 10 sure" if action.confidence else ""
                card.add_row(joined(action.what, action.who, sure), action_chip(action, around.today))
        parts.append(card)
    words = record.plan.narrative
    if words is not None:
        parts += [
            entry(field.label, [("", getattr(words, field.name))])
            for field in fields_of(PlanNarrative)
            if field.name != "plan_id" and getattr(words, field.name).strip()
        ]
    return column_of(*parts)
