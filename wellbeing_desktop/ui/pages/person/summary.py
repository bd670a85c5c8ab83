"""Where are we? Goals and actions, wellbeing over time, the next appointment, what was promised, a copy owed."""

import datetime as dt
from functools import partial

from PySide6.QtWidgets import QWidget

from wellbeing_desktop.domain.care_plan import Action, Goal
from wellbeing_desktop.domain.code_lists import label_of
from wellbeing_desktop.domain.dates import day_words, moment_words
from wellbeing_desktop.domain.plan_rules import review_sentence
from wellbeing_desktop.domain.scoring import SCALES, change_sentence, scale
from wellbeing_desktop.operations.person_record import PersonRecord
from wellbeing_desktop.ui.chart_data import ChartData, Series
from wellbeing_desktop.ui.charts import ChartCard
from wellbeing_desktop.ui.pages.person.parts import Around, TwoColumns, due_chip, joined, row_of_buttons, side_by_side
from wellbeing_desktop.ui.widgets import buttons, cards, labels

_TONES: dict[str, labels.Tone] = {"achieved": "good", "in_progress": "good", "stopped": "plain", "not_started": "plain"}
_SHOWN_CONTACTS = 3
_SHOWN_REQUESTS = 5


def build(record: PersonRecord, around: Around) -> QWidget:
    """Two columns of cards."""
    columns = TwoColumns()
    columns.left.addWidget(_goals(record, around))
    columns.left.addWidget(_promised(record, around))
    columns.left.addWidget(_last_contacts(record, around))
    if record.requests or record.onward:
        columns.right.addWidget(_asked_and_sent_on(record, around))
    columns.right.addWidget(_next(record, around))
    for chart in charts(record):
        columns.right.addWidget(ChartCard(chart))
    columns.finish()
    return columns


def charts(record: PersonRecord) -> list[ChartData]:
    """ONS4 always, so that an empty one says what is missing; those with one total only when they were ever taken."""
    made = [ons4_chart(record)]
    for tool, title in (("gad7", "GAD-7"), ("phq9", "PHQ-9")):
        taken = record.series(tool)
        if taken:
            values = tuple(float(scales["total"]) if "total" in scales else None for _day, scales in taken)
            line, top = (Series(f"{title} total", values),), scale(tool, "total").highest
            made.append(ChartData("line", _finding(record, tool, title), _days(taken), line, top=top, unit=""))
    return made


def ons4_chart(record: PersonRecord, most: int = 8) -> ChartData:
    """The four questions over the latest `most` times asked; its title states what the first question did."""
    taken = record.series("ons4")[-most:]
    lines = tuple(
        Series(
            scale.label, tuple(float(v) if (v := scales.get(scale.id)) is not None else None for _day, scales in taken)
        )
        for scale in SCALES["ons4"]
    )
    return ChartData("line", _ons4_finding(record), _days(taken), lines, top=10)


def goal_chip(goal: Goal) -> labels.Chip:
    """The state of a goal in words."""
    tone = _TONES.get(goal.state, "plain")
    icon = "circle-check" if goal.state == "achieved" else "target"
    return labels.chip(label_of("goal_states", goal.state) or "Not started", tone, icon)


def action_chip(action: Action, today: dt.date) -> labels.Chip:
    """Done, will not be done, or when it is due."""
    if action.state == "done":
        return labels.chip("Done", "good")
    if action.state == "not_done":
        return labels.chip("Will not be done", "plain")
    return due_chip(action.due_on, today)


def _goals(record: PersonRecord, around: Around) -> QWidget:
    person_id = record.person.id
    plan = record.plan
    if plan is None:
        start = buttons.secondary("Start a care plan", lambda: around.go("care_plan", person_id), icon="plus")
        words = labels.body("There is no care plan yet. It starts with what matters most to the person.")
        return cards.card("Goals and actions", words, start)
    card = cards.Card(
        "Goals and actions", action=buttons.link("Open the plan", lambda: around.go("care_plan", person_id))
    )
    sentence = review_sentence(plan.plan, around.today)
    if sentence:
        late = plan.plan.review_on is not None and plan.plan.review_on < around.today
        card.body.addWidget(labels.chip(sentence, "bad" if late else "plain", "calendar"))
    if not plan.goals and not plan.actions:
        card.body.addWidget(labels.muted("No goals written yet."))
    for goal in plan.goals:
        card.add_row(goal.what, goal_chip(goal))
        for action in plan.actions:
            if action.goal_id == goal.id and action.state == "to_do":
                card.add_row(f"– {joined(action.what, action.who)}", action_chip(action, around.today))
    for action in plan.actions:
        if not action.goal_id and action.state == "to_do":
            card.add_row(joined(action.what, action.who), action_chip(action, around.today))
    return card


def _promised(record: PersonRecord, around: Around) -> QWidget:
    open_tasks = record.open_tasks()
    card = cards.Card("What was promised")
    if not open_tasks and not record.copies_owed:
        card.body.addWidget(labels.muted("Nothing is waiting."))
    for task in open_tasks:
        who = record.names.get(task.owner_id, "")
        done = buttons.link("Mark as done", partial(around.act, "finish_task", task.id))
        done.setAccessibleName(f"Mark as done: {task.title}")
        card.add_row(joined(task.title, who), side_by_side(due_chip(task.due_on, around.today), done))
    for copy in record.copies_owed:
        give = buttons.link("Give the copy", partial(around.go, "plan_copy", f"{record.person.id}/{copy.id}"))
        give.setAccessibleName(f"Give the copy of version {copy.version}")
        card.add_row(
            f"The person's copy, version {copy.version}", side_by_side(labels.chip("Copy owed", "warning"), give)
        )
    return card


def _asked_and_sent_on(record: PersonRecord, around: Around) -> QWidget:
    """Requests, and where the person was sent on to: what is open first, and what became of the latest others."""
    card = cards.Card("Asked for, and sent on")
    asked = sorted(record.requests, key=lambda one: one.state in ("done", "cancelled"))
    for request in asked[:_SHOWN_REQUESTS]:
        kind = label_of("request_kinds", request.kind)
        opened = buttons.link("Open", partial(around.go, "request", request.id))
        opened.setAccessibleName(f"Open the request: {kind}")
        tone: labels.Tone = "plain" if request.state in ("done", "cancelled") else "warning"
        chip = labels.chip(label_of("request_states", request.state), tone)
        card.add_row(joined(kind, short(request.items, 60), day_words(request.asked_on)), side_by_side(chip, opened))
    sent = sorted(record.onward, key=lambda one: one.state not in ("sent", "booked"))
    for onward in sent[:_SHOWN_REQUESTS]:
        opened = buttons.link("Open", partial(around.go, "onward", onward.id))
        opened.setAccessibleName(f"Open what became of: {onward.to_name}")
        tone = "warning" if onward.state in ("sent", "booked") else "plain"
        chip = labels.chip(label_of("onward_states", onward.state), tone)
        words = joined(label_of("onward_kinds", onward.kind), onward.to_name, day_words(onward.sent_on))
        card.add_row(words, side_by_side(chip, opened))
    more = len(asked[_SHOWN_REQUESTS:]) + len(sent[_SHOWN_REQUESTS:])
    if more:
        card.body.addWidget(labels.muted(f"{more} more are in History."))
    return card


def _last_contacts(record: PersonRecord, around: Around) -> QWidget:
    card = cards.Card(
        "Last contacts",
        action=buttons.link("Add a contact", lambda: around.go("contact", record.person.id), icon="plus"),
    )
    if not record.contacts:
        card.body.addWidget(labels.muted("No contact yet."))
    for noted in record.contacts[:_SHOWN_CONTACTS]:
        contact = noted.contact
        head = joined(
            moment_words(contact.happened_at),
            label_of("contact_mediums", contact.medium),
            label_of("contact_outcomes", contact.outcome),
        )
        card.body.addWidget(labels.strong(head))
        for note in noted.notes[:1]:
            said = note.agreed and f"Agreed: {note.agreed}"
            card.body.addWidget(labels.body(short(said or note.text or note.said_by_person or note.observed)))
    return card


def _next(record: PersonRecord, around: Around) -> QWidget:
    appointment = record.next_appointment(around.today)
    card = cards.Card("Next appointment")
    if appointment is None:
        card.body.addWidget(labels.muted("None booked."))
        return card
    when = moment_words(appointment.starts_at) or day_words(appointment.starts_on)
    card.body.addWidget(labels.strong(when))
    words = joined(
        label_of("contact_mediums", appointment.medium),
        appointment.purpose,
        appointment.place,
        record.names.get(appointment.practitioner_id, ""),
    )
    if words:
        card.body.addWidget(labels.body(words))
    part = f"{record.person.id}/{appointment.id}"
    card.body.addWidget(
        row_of_buttons(
            buttons.secondary(
                "Move appointment", partial(around.go, "person_entry", f"move_appointment/{part}"), icon="calendar"
            ),
            buttons.secondary("Cancel appointment", partial(around.go, "person_entry", f"cancel_appointment/{part}")),
        )
    )
    return card


def short(text: str, most: int = 180) -> str:
    """The beginning of a note, cut at a word."""
    plain = " ".join(text.split())
    if len(plain) <= most:
        return plain
    return f"{plain[:most].rsplit(' ', 1)[0]} …"


def _days(taken: tuple[tuple[dt.date, object], ...]) -> tuple[str, ...]:
    return tuple(day_words(day) for day, _scales in taken)


def _ons4_finding(record: PersonRecord) -> str:
    taken = [scales["satisfied"] for _day, scales in record.series("ons4") if "satisfied" in scales]
    if not taken:
        return "Wellbeing (ONS4): not taken yet"
    if len(taken) == 1:
        return f"Wellbeing (ONS4): satisfied with life {taken[0]} of 10"
    if taken[0] == taken[-1]:
        return f"Wellbeing (ONS4): satisfied with life stayed at {taken[-1]}"
    verb = "rose" if taken[-1] > taken[0] else "fell"
    return f"Wellbeing (ONS4): satisfied with life {verb} from {taken[0]} to {taken[-1]}"


def _finding(record: PersonRecord, tool: str, title: str) -> str:
    taken = [scales["total"] for _day, scales in record.series(tool) if "total" in scales]
    if len(taken) < 2:
        most = scale(tool, "total").highest
        return f"{title}: {taken[0]} of {most}" if taken else f"{title}: not every question was answered"
    return f"{title}: {change_sentence(tool, 'total', taken[0], taken[-1])}"
