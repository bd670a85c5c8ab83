"""What stands beside the words of a plan: where it is, goals and actions, how easy it reads, earlier versions."""

from collections.abc import Callable
from functools import partial
from typing import Final

from PySide6.QtWidgets import QFrame, QWidget

from wellbeing_desktop.documents.reading_ease import ReadingEase
from wellbeing_desktop.domain.care_plan import Action, Goal
from wellbeing_desktop.domain.code_lists import label_of
from wellbeing_desktop.domain.dates import day_words
from wellbeing_desktop.domain.plan_rules import review_sentence
from wellbeing_desktop.operations.care_plans import PlanParts
from wellbeing_desktop.operations.person_record import PersonRecord
from wellbeing_desktop.ui.pages.person.parts import Around, column_of, joined, row_of_buttons
from wellbeing_desktop.ui.pages.person.summary import action_chip, goal_chip, short
from wellbeing_desktop.ui.widgets import buttons, cards, labels

UP: Final = "goal_up"
DOWN: Final = "goal_down"
"""What the page is asked to do with a goal."""


def build(record: PersonRecord, plan: PlanParts, around: Around) -> QWidget:
    """Cards one under another."""
    return column_of(_standing(record, plan, around), _goals(record, plan, around))


class EaseCard(cards.Card):
    """An estimate of the reading age of what is written, and the sentences that are long. Only a hint."""

    def __init__(self) -> None:
        super().__init__("How easy it reads")
        self.words = labels.body("")
        self.longest = labels.muted("")
        self.body.addWidget(self.words)
        self.body.addWidget(self.longest)

    def show_ease(self, ease: ReadingEase) -> None:
        if ease.age is None:
            self.words.setText("Write a few sentences more: then the reading age can be estimated.")
        else:
            fit = (
                "That suits most people."
                if ease.age <= 11
                else "Aim for 9 to 11: shorter sentences and plain words help."
            )
            self.words.setText(f"Reading age about {ease.age}. {fit}")
        count = len(ease.long_sentences)
        if count:
            first = short(ease.long_sentences[0], 90)
            self.longest.setText(f"{count} long sentence{'' if count == 1 else 's'}, such as: {first}")
        self.longest.setVisible(bool(count))


def _standing(record: PersonRecord, parts: PlanParts, around: Around) -> QFrame:
    plan, person_id = parts.plan, record.person.id
    card = cards.Card("Where the plan is")
    state: list[QWidget] = [
        labels.chip(label_of("care_plan_states", plan.state), "good" if plan.state == "agreed" else "warning")
    ]
    sentence = review_sentence(plan, around.today)
    if sentence:
        late = plan.review_on is not None and plan.review_on < around.today
        state.append(labels.chip(sentence, "bad" if late else "plain", "calendar"))
    if record.copies_owed:
        state.append(labels.chip("Copy owed", "warning"))
    card.body.addWidget(row_of_buttons(*state))
    facts = joined(
        f"Version {plan.version}" if plan.version else "No version yet",
        f"Agreed {day_words(plan.agreed_on)} with {plan.agreed_with}" if plan.agreed_on else "",
        f"Reviewed {day_words(plan.reviewed_on)}" if plan.reviewed_on else "",
    )
    card.body.addWidget(labels.muted(facts))
    steps: list[QWidget] = [
        buttons.secondary("&Agree plan", partial(around.go, "person_entry", f"agree/{person_id}"), icon="check")
    ]
    if plan.state == "agreed":
        steps.append(
            buttons.secondary(
                "&Review plan", partial(around.go, "person_entry", f"review/{person_id}"), icon="refresh-cw"
            )
        )
    if plan.version:
        steps.append(buttons.secondary("&Person's copy", partial(around.go, "plan_copy", person_id), icon="printer"))
        steps.append(
            buttons.secondary("What &changed", partial(around.go, "plan_changes", person_id), icon="book-open")
        )
    steps.append(buttons.secondary("E&nd plan", partial(around.go, "person_entry", f"end_plan/{person_id}")))
    if plan.state == "draft":
        steps.append(buttons.secondary("Not &wanted", partial(around.go, "person_entry", f"decline_plan/{person_id}")))
    card.body.addWidget(row_of_buttons(*steps))
    for copy in sorted(parts.copies, key=lambda one: -(one.version or 0)):
        settled = f" {day_words(copy.settled_on)}" if copy.settled_on else ""
        by = record.names.get(copy.settled_by, "")
        said = label_of("plan_copy_states", copy.state).lower()
        card.body.addWidget(labels.muted(joined(f"Copy of version {copy.version}: {said}{settled}", by)))
    return card


def _goals(record: PersonRecord, plan: PlanParts, around: Around) -> QFrame:
    person_id = record.person.id

    def form(kind: str, id: str = "") -> None:
        around.go("person_entry", f"{kind}/{person_id}/{id}")

    add = buttons.link("Add a &goal", partial(form, "goal"), icon="plus")
    card = cards.Card("Goals and actions", action=add)
    if not plan.goals:
        card.body.addWidget(labels.muted("No goals yet. Write the first in the person's own words."))
    for at, goal in enumerate(plan.goals):
        card.add_row(goal.what, goal_chip(goal))
        important = f"Importance {goal.importance} of 10" if goal.importance else ""
        if important or goal.target_on:
            card.body.addWidget(
                labels.muted(joined(important, f"By {day_words(goal.target_on)}" if goal.target_on else ""))
            )
        for action in plan.actions:
            if action.goal_id == goal.id:
                _add_action(card, action, form, around)
        links = [
            _link("Change this goal", f"Change the goal: {goal.what}", partial(form, "goal", goal.id)),
            _link("Add an action", f"Add an action to: {goal.what}", partial(form, "action", goal.id)),
            _link("Remove this goal", f"Remove the goal: {goal.what}", partial(form, "remove_goal", goal.id)),
        ]
        if at:
            links.append(_move("Move up", UP, goal, around))
        if at + 1 < len(plan.goals):
            links.append(_move("Move down", DOWN, goal, around))
        card.body.addWidget(row_of_buttons(*links))
        card.body.addWidget(cards.rule())
    goals = {goal.id for goal in plan.goals}
    loose = [action for action in plan.actions if action.goal_id not in goals]
    if loose:
        card.body.addWidget(labels.strong("Actions that belong to no goal"))
    for action in loose:
        _add_action(card, action, form, around)
    return card


def _add_action(card: cards.Card, action: Action, form: Callable[[str, str], None], around: Around) -> None:
    sure = f"{action.confidence} of 10 sure" if action.confidence else ""
    card.add_row(f"– {joined(action.what, action.who, sure)}", action_chip(action, around.today))
    card.body.addWidget(
        row_of_buttons(
            _link("Change this action", f"Change the action: {action.what}", partial(form, "action", action.id)),
            _link("Remove this action", f"Remove the action: {action.what}", partial(form, "remove_action", action.id)),
        )
    )


def _move(words: str, way: str, goal: Goal, around: Around) -> QWidget:
    link = _link(words, f"{words}: {goal.what}", partial(around.act, way, goal.id))
    link.setObjectName(f"{way}/{goal.id}")  # the page finds it again when the list was made anew
    return link


def _link(words: str, spoken: str, run: Callable[[], object]) -> QWidget:
    link = buttons.link(words, run)
    link.setAccessibleName(spoken)
    return link
