"""The small forms of a plan: a goal, an action, agreeing, reviewing. The page around them is the person's entry page."""

import datetime as dt
from collections.abc import Sequence
from typing import Final

import msgspec

from wellbeing_desktop.domain.care_plan import ACTION, GOAL, Action, Goal
from wellbeing_desktop.domain.code_lists import code_list
from wellbeing_desktop.domain.definition import RecordType
from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.domain.names import spoken_name
from wellbeing_desktop.domain.plan_rules import (
    ANYONE_AT_HOME,
    COPY_SECTIONS,
    OPTIONAL_SECTIONS,
    SECTION_LABELS,
    Blocker,
)
from wellbeing_desktop.operations import care_plans, plan_contents
from wellbeing_desktop.operations.care_plans import PlanParts
from wellbeing_desktop.operations.person_record import PersonRecord, read_person
from wellbeing_desktop.storage.connection import Reader
from wellbeing_desktop.ui.pages.person.entry_work import Ask, Beside, Job, Make, Work
from wellbeing_desktop.ui.record_form import RecordForm
from wellbeing_desktop.ui.session import Session
from wellbeing_desktop.ui.widgets import cards, fields, labels
from wellbeing_desktop.ui.widgets.choices import TickSetField
from wellbeing_desktop.ui.widgets.form import Form

_GOAL: Final = (("what",), ("importance", "state", "target_on"), ("outcome",))
_ACTION: Final = (
    ("what",),
    ("who", "due_on"),
    ("confidence", "state"),
    ("goal_id",),
    ("strategies",),
    ("review_on",),
    ("outcome",),
)
REVIEW_AFTER: Final = dt.timedelta(weeks=26)
"""Offered, not required: six months is usual (reference/03)."""


def goal(session: Session, beside: Beside) -> Work:
    """A goal in the person's words."""
    plan = _plan(beside.record)
    shown = next((one for one in plan.goals if one.id == beside.id), None)
    states = {"state": next_states(GOAL, "goal_states", shown.state if shown else "")}
    form = RecordForm(GOAL, _GOAL, session.today, shown=shown, choices=states)
    if shown is None:
        form.set_values({"state": "not_started"})

    def job() -> Job:
        base = shown or Goal(subject=beside.record.person.id, plan_id=plan.plan.id)
        made = msgspec.structs.replace(base, **{name: form.value_of(name) for name in form.names})
        seen = form.seen() if shown is not None else None
        return lambda writer: plan_contents.set_goal(writer, made, seen, at=session.now())

    title = "Change the goal" if shown else "Add a goal"
    return Work(title, "Save goal", "Goal saved.", form, job, page="care_plan")


def action(session: Session, beside: Beside) -> Work:
    """Who does what by when. The id is an action's, or the goal's that a new one belongs to."""
    plan = _plan(beside.record)
    shown = next((one for one in plan.actions if one.id == beside.id), None)
    choices = {
        "state": next_states(ACTION, "action_states", shown.state if shown else ""),
        "goal_id": [(one.id, one.what) for one in plan.goals],
    }
    form = RecordForm(ACTION, _ACTION, session.today, shown=shown, choices=choices)
    if shown is None:
        form.set_values({"state": "to_do", "goal_id": beside.id})

    def job() -> Job:
        base = shown or Action(subject=beside.record.person.id, plan_id=plan.plan.id)
        made = msgspec.structs.replace(base, **{name: form.value_of(name) for name in form.names})
        seen = form.seen() if shown is not None else None
        return lambda writer: plan_contents.set_action(writer, made, seen, at=session.now())

    title = "Change the action" if shown else "Add an action"
    return Work(title, "Save action", "Action saved.", form, job, page="care_plan")


def ask_blockers(reader: Reader, person_id: str, _id: str, today: dt.date) -> list[Blocker]:
    """What stands in the way of agreeing, as if everything that this form asks were given."""
    record = read_person(reader, person_id, today)
    if record.plan is None:
        return []
    return care_plans.agreeing_blockers(
        reader,
        record.plan.plan.id,
        agreed_with="the person",
        agreed_on=today,
        review_on=today + REVIEW_AFTER,
        today=today,
    )


def agree(session: Session, beside: Beside) -> Work:
    """Agreed: a new version, and a copy of the chosen sections is owed."""
    record, plan = beside.record, _plan(beside.record)
    form = Form()
    form.add(
        "agreed_with",
        "Agreed &with",
        fields.line(),
        required=True,
        help_text="The person, or their legal representative by name and role.",
    )
    form.begin_row()
    form.add("agreed_on", "Agreed &on", fields.day(session.today), required=True)
    form.add("review_on", "&Review planned for", fields.day(session.today), required=True)
    form.add("reviewer", "Who re&views it", fields.line())
    form.end_row()
    form.add("sections", "&Sections of the person's copy", TickSetField(section_choices()), help_text=ANYONE_AT_HOME)
    person = record.person
    form.set_values(
        {
            "agreed_with": spoken_name(person.family_name, person.given_name),
            "agreed_on": session.today().isoformat(),
            "review_on": (session.today() + REVIEW_AFTER).isoformat(),
            "reviewer": plan.plan.reviewer or session.user_name,
            "sections": "\n".join(COPY_SECTIONS),
        }
    )
    above = []
    if isinstance(beside.read, list) and beside.read:
        card = cards.Card("Before it can be agreed")
        for blocker in beside.read:
            card.body.addWidget(labels.chip(blocker.sentence, "warning"))
        above.append(card)

    def job() -> Job:
        values = form.values()
        return lambda writer: care_plans.agree_plan(
            writer,
            plan.plan.id,
            agreed_with=values["agreed_with"],
            agreed_on=_day(values["agreed_on"], "agreed_on"),
            review_on=_day(values["review_on"], "review_on"),
            reviewer=values["reviewer"],
            sections=[each for each in values["sections"].split("\n") if each],
            at=session.now(),
        )

    return Work(
        "Agree the plan",
        "Agree plan",
        "Plan agreed. The person's copy is owed.",
        form,
        job,
        page="care_plan",
        above=above,
    )


def review(session: Session, beside: Beside) -> Work:
    """Looked at together again; when it changed it is agreed anew."""
    plan = _plan(beside.record).plan
    form = Form()
    form.begin_row()
    form.add("reviewed_on", "&Reviewed on", fields.day(session.today), required=True)
    form.add("review_on", "&Next review", fields.day(session.today), required=True)
    form.end_row()
    form.add("changed", "", fields.tick("The plan chan&ged: make a new version and owe a copy"))
    form.add("agreed_with", "&Agreed with", fields.line(), help_text="When it changed.")
    form.set_values(
        {
            "reviewed_on": session.today().isoformat(),
            "review_on": (session.today() + REVIEW_AFTER).isoformat(),
            "agreed_with": plan.agreed_with,
        }
    )

    def job() -> Job:
        values = form.values()
        return lambda writer: care_plans.review_plan(
            writer,
            plan.id,
            reviewed_on=_day(values["reviewed_on"], "reviewed_on"),
            review_on=_day(values["review_on"], "review_on"),
            agreed_with=values["agreed_with"],
            changed=bool(values["changed"]),
            at=session.now(),
        )

    return Work("Review the plan", "Save review", "Review saved.", form, job, page="care_plan")


def end(session: Session, beside: Beside) -> Work:
    """No longer worked to."""
    plan = _plan(beside.record).plan
    form = _on_a_day(session, "ended_on", "Ended &on")

    def job() -> Job:
        on = _day(form.values()["ended_on"], "ended_on")
        return lambda writer: care_plans.end_plan(writer, plan.id, ended_on=on, at=session.now())

    owed = any(copy.state == "owed" for copy in _plan(beside.record).copies)
    words = "An ended plan can be read and is not changed any more. A new one can be started, with this one before it."
    above = [labels.body(words)]
    if owed:
        above.append(labels.muted("The person's copy is still owed. It stays on the lists until it is settled."))
    return Work("End the plan", "&End plan", "Plan ended.", form, job, page="care_plan", above=above)


def decline(session: Session, beside: Beside) -> Work:
    """Offered, and not wanted: counted, and no plan."""
    live = beside.record.plan
    if live is not None and live.plan.state == "agreed":
        raise Refused("This plan was agreed. End it instead.")
    form = _on_a_day(session, "declined_on", "Offered and not wanted &on")

    def job() -> Job:
        on = _day(form.values()["declined_on"], "declined_on")
        person_id = beside.record.person.id
        return lambda writer: care_plans.decline_plan(writer, person_id, declined_on=on, at=session.now())

    words = (
        "The monthly return counts it. What was said about it belongs in a contact's note. A plan can be started later."
    )
    return Work(
        "A plan was offered and is not wanted",
        "&Save as not wanted",
        "Saved: a plan was offered and is not wanted.",
        form,
        job,
        page="care_plan",
        above=[labels.body(words)],
    )


def _on_a_day(session: Session, name: str, label: str) -> Form:
    form = Form()
    form.add(name, label, fields.day(session.today), required=True)
    form.set_values({name: session.today().isoformat()})
    return form


def section_choices() -> list[tuple[str, str]]:
    """The sections that may be in the person's copy, in the order of the standard."""
    return [(name, SECTION_LABELS[name]) for name in (*COPY_SECTIONS, *OPTIONAL_SECTIONS)]


def next_states(record_type: RecordType, name: str, state: str) -> Sequence[tuple[str, str]]:
    """The state that stands and those that may follow it."""
    following = record_type.transitions.get(state, frozenset())
    return [(e.code, e.label) for e in code_list(name).entries if e.code == state or e.code in following]


def _plan(record: PersonRecord) -> PlanParts:
    if record.plan is None:
        raise Refused("There is no plan yet. Start one first.")
    return record.plan


def _day(text: str, name: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise Refused("This is not a date. Type it like 21/11/2026 or 21 Nov 2026.", name) from None


PLAN_FORMS: Final[dict[str, Make]] = {
    "goal": goal,
    "action": action,
    "agree": agree,
    "review": review,
    "end_plan": end,
    "decline_plan": decline,
}
PLAN_ASKS: Final[dict[str, Ask]] = {"agree": ask_blockers}
