"""What was entered in error, or is no longer so, leaves the record with its reason. That it was there stays in history."""

from collections.abc import Callable, Sequence
from typing import Final, TypeVar

from PySide6.QtWidgets import QWidget

from wellbeing_desktop.domain.care_plan import Action, Goal
from wellbeing_desktop.domain.changes import Changes
from wellbeing_desktop.domain.code_lists import label_of
from wellbeing_desktop.domain.dates import day_words
from wellbeing_desktop.domain.definition import Record
from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.domain.file_kinds import size_words
from wellbeing_desktop.domain.person import ContactPoint
from wellbeing_desktop.domain.safe_to_reach import TELEPHONES, may_leave_message
from wellbeing_desktop.operations import files, people, plan_contents
from wellbeing_desktop.operations.person_record import PersonRecord
from wellbeing_desktop.storage.connection import Writer
from wellbeing_desktop.ui.pages.person.entry_work import Beside, Job, Make, Work
from wellbeing_desktop.ui.pages.person.parts import joined
from wellbeing_desktop.ui.pages.person.warnings import number_line, reached_by
from wellbeing_desktop.ui.session import Session
from wellbeing_desktop.ui.widgets import fields, labels
from wellbeing_desktop.ui.widgets.form import Form

R = TypeVar("R", bound=Record)
_GOES: Final = "It leaves this record on every laptop. That it was here stays in the history."


def document(session: Session, beside: Beside) -> Work:
    """Entered in error; the id is the document's."""
    shown = _of(beside.record.attachments, beside.id, "This document is not in the record any more.")
    named = joined(
        shown.title,
        f"{files.kind_of(shown).words}, {size_words(shown.bytes or 0)}",
        f"Received {day_words(shown.received_on)}" * bool(shown.received_on),
    )
    form, job = _asking(
        "it is somebody else's.", lambda writer, why: files.remove_file(writer, shown.id, why, at=session.now())
    )
    return Work(
        "Remove a document entered in error",
        "&Remove document",
        "Document removed.",
        form,
        job,
        tab="documents",
        above=_above(named),
    )


def number(session: Session, beside: Beside) -> Work:
    """Not theirs, or no longer used; the id is the number's or e-mail address's."""
    shown = _of(beside.record.contact_points, beside.id, "This number is not in the record any more.")
    kind = "e-mail address" if shown.medium == "email" else "number"
    form, job = _asking(
        "not theirs, or no longer used.",
        lambda writer, why: people.remove_contact_point(writer, shown.id, why, at=session.now()),
    )
    return Work(
        f"Remove this {kind}",
        f"&Remove {kind}",
        f"{kind.capitalize()} removed.",
        form,
        job,
        tab="people",
        above=_above(number_line(beside.record, shown), *missed_without(beside.record, shown)),
    )


def missed_without(record: PersonRecord, point: ContactPoint) -> list[str]:
    """What the record loses with this number or address, in sentences for whoever removes it."""
    left = [one for one in record.contact_points if one.id != point.id]
    said = []
    if point.preferred and left:
        said.append("It is the one to use first. After this none is: choose another.")
    if not any(reached_by(one) == reached_by(point) for one in left):
        last = "e-mail address" if point.medium == "email" else "telephone number"
        said.append(f"It is the only {last} in the record.")
        if record.person.preferred_contact_method in reached_by(point):
            best = label_of("preferred_contact_method", record.person.preferred_contact_method).lower()
            said.append(f"The best way to reach them is {best}, as the details say. Ask them about another way.")
    if point.medium in TELEPHONES and may_leave_message(record.person, point) is None:
        others = (one for one in left if one.medium in TELEPHONES)
        if all(may_leave_message(record.person, one) is not None for one in others):
            said.append("It is the only number on which a message may be left.")
    return said


def goal(session: Session, beside: Beside) -> Work:
    """Entered in error, with its actions; the id is the goal's."""
    shown = _of(_goals(beside.record), beside.id, "This goal is not in the plan any more.")
    form, job = _asking(
        "it was written twice, or belongs to somebody else.",
        lambda writer, why: plan_contents.remove_goal(writer, shown.id, why, at=session.now()),
    )
    also = [one.what for one in _actions(beside.record) if one.goal_id == shown.id]
    with_it = [f"Its actions go with it: {'; '.join(also)}"] if also else []
    return Work(
        "Remove a goal entered in error",
        "&Remove goal",
        "Goal removed.",
        form,
        job,
        page="care_plan",
        above=_above(shown.what, *with_it, *_of_a_plan(beside.record, "goal")),
    )


def action(session: Session, beside: Beside) -> Work:
    """Entered in error; the id is the action's."""
    shown = _of(_actions(beside.record), beside.id, "This action is not in the plan any more.")
    form, job = _asking(
        "it was written twice, or belongs to somebody else.",
        lambda writer, why: plan_contents.remove_action(writer, shown.id, why, at=session.now()),
    )
    return Work(
        "Remove an action entered in error",
        "&Remove action",
        "Action removed.",
        form,
        job,
        page="care_plan",
        above=_above(joined(shown.what, shown.who), *_of_a_plan(beside.record, "action")),
    )


def _of_a_plan(record: PersonRecord, what: str) -> list[str]:
    said = [f"Is it only not wanted any more? Then change the {what} and say how it ended."]
    if record.plan is not None and record.plan.plan.version:
        said.append("The version that was agreed keeps it. Review the plan with the person when it changed.")
    return said


def _asking(example: str, remove: Callable[[Writer, str], Changes]) -> tuple[Form, Callable[[], Job]]:
    """The form that asks for the reason, and what saving it does."""
    form = Form()
    form.add("reason", "&Why it is removed", fields.line(), required=True, help_text=f"For example: {example}")

    def job() -> Job:
        reason = form.values()["reason"]
        return lambda writer: remove(writer, reason)

    return form, job


def _above(named: str, *said: str) -> Sequence[QWidget]:
    return (labels.strong(named), *(labels.body(words) for words in said), labels.muted(_GOES))


def _goals(record: PersonRecord) -> tuple[Goal, ...]:
    return record.plan.goals if record.plan is not None else ()


def _actions(record: PersonRecord) -> tuple[Action, ...]:
    return record.plan.actions if record.plan is not None else ()


def _of(kept: Sequence[R], id: str, gone: str) -> R:
    for one in kept:
        if one.id == id:
            return one
    raise Refused(gone)


REMOVE_FORMS: Final[dict[str, Make]] = {
    "remove_file": document,
    "remove_number": number,
    "remove_goal": goal,
    "remove_action": action,
}
