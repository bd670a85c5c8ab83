"""Raising a concern at once, finding somebody who answers, and closing it with an outcome (D4, D8, H3; W6, W12)."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

import msgspec

from wellbeing_desktop.domain.assessment import Assessment
from wellbeing_desktop.domain.changes import Changes
from wellbeing_desktop.domain.concern import CONCERN, Concern, ConcernStep
from wellbeing_desktop.domain.concern_rules import (
    CHAIN_SETTING,
    PROMPTS_OFF_SETTING,
    USUAL_WAIT_MINUTES,
    WAIT_SETTING,
    Escalation,
    Link,
    chain_from,
    check_close,
    escalation,
)
from wellbeing_desktop.domain.enquiry import Enquiry
from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.domain.ids import new_id
from wellbeing_desktop.domain.london_time import local_date
from wellbeing_desktop.domain.person import Person
from wellbeing_desktop.domain.risk_script import SCRIPT_SETTING, ScriptLine, script_from
from wellbeing_desktop.domain.task import Task
from wellbeing_desktop.operations import found
from wellbeing_desktop.operations.catalogue import doing
from wellbeing_desktop.operations.clocks import setting_value
from wellbeing_desktop.operations.enquiries import Ending, add_enquiry, end_enquiry
from wellbeing_desktop.operations.people import add_person
from wellbeing_desktop.storage.connection import Reader, Writer
from wellbeing_desktop.storage.records import envelope_of, load, load_all
from wellbeing_desktop.storage.write_door import Transaction

_BY_OTHER_DOORS = frozenset({"state", "lead_id", "closed_at", "closed_by"})


def raise_concern(
    writer: Writer, concern: Concern, steps: tuple[ConcernStep, ...] = (), *, at: dt.datetime | None = None
) -> Changes:
    """Keep what is known now, with the steps taken so far, and ask whoever raised it to see it through. Only the path
    is needed. The task names neither the concern nor what it is about: it is seen by more people than the concern."""
    with doing(writer, "raise_concern", at=at) as tx:
        _raise(tx, concern, steps)
    return tx.changes


def raise_from_call(
    writer: Writer,
    enquiry: Enquiry,
    concern: Concern,
    steps: tuple[ConcernStep, ...] = (),
    *,
    person: Person | None = None,
    finish_call: bool = False,
    at: dt.datetime | None = None,
) -> Changes:
    """Somebody is at risk now: the call and the concern with its steps are one piece of work, about one person, so that
    nothing is written twice. Nobody need be known: a record is begun for whoever it is. A concern with an outcome is
    closed with it; one without stays open, and says so until somebody sees it through. With `finish_call` the call
    itself waits in nobody's Inbox any more: the concern has it."""
    with doing(writer, "raise_concern", at=at) as tx:
        if person is not None and not enquiry.subject:
            enquiry = msgspec.structs.replace(enquiry, subject=add_person(tx, person))
        enquiry_id = add_enquiry(tx, enquiry)
        begun = found.found(tx.reader, Enquiry, enquiry_id)
        about = msgspec.structs.replace(concern, subject=begun.subject, enquiry_id=enquiry_id)
        _raise(tx, about, steps)
        if finish_call:
            end_enquiry(tx, enquiry_id, Ending("answered"))
    return tx.changes


def raise_from_answer(
    writer: Writer,
    concern: Concern,
    steps: tuple[ConcernStep, ...] = (),
    *,
    assessment_id: str = "",
    at: dt.datetime | None = None,
) -> Changes:
    """Somebody answered a safety question above 0 (PRACTICE W6): the concern, without a call of its own.

    `assessment_id` is for answers that are saved already, on another laptop or before; those of a visit that is still
    being written name the concern when it is finished (`see_to_answer`). If that came first, what was written since is
    added to the concern.
    """
    with doing(writer, "raise_concern", at=at) as tx:
        if was_raised(tx.reader, concern.id):
            _add_words(tx, concern, steps)
        else:
            _raise(tx, concern, steps)
        if assessment_id:
            _mark_seen(tx, concern.subject, assessment_id)
    return tx.changes


def see_to_answer(tx: Transaction, assessment: Assessment, concern_id: str = "") -> None:
    """Answers with a safety question above 0 were saved: they lead to a concern, whoever saved them and by whatever
    door. `concern_id` is that of the page that opened when it was answered; nothing more is made where that was
    saved. Without an outcome the concern stays on Today until it has one."""
    if not was_raised(tx.reader, concern_id):
        concern = Concern(
            id=concern_id, subject=assessment.subject, path="at_risk_now", raised_at=assessment.taken_at or tx.at
        )
        _raise(tx, concern, (ConcernStep(kind="item_9", at=concern.raised_at),))
    _mark_seen(tx, assessment.subject, assessment.id)


def was_raised(reader: Reader, concern_id: str) -> bool:
    """Also where this laptop may not keep the concern after it was sent: its task stays."""
    return bool(concern_id) and (
        envelope_of(reader, concern_id) is not None or bool(load_all(reader, Task, about_id=concern_id))
    )


def _mark_seen(tx: Transaction, person_id: str, assessment_id: str) -> None:
    """Who saw to the answers, and when (reference/04). A task, because it is seen by those who may not see the concern:
    it says nothing of what was answered."""
    today = local_date(tx.at)
    tx.create(
        Task(
            subject=person_id,
            title="See to the answers of a questionnaire",
            kind="tell_lead",
            about_id=assessment_id,
            owner_id=tx.author,
            due_on=today,
            state="done",
            done_on=today,
            outcome="Seen to.",
        )
    )


def _add_words(tx: Transaction, concern: Concern, steps: tuple[ConcernStep, ...]) -> None:
    """What was written on the page of somebody at risk after their concern was made by finishing the visit."""
    named = ("where_now", "call_back_number", "who_is_there", "words")
    fields = {name: getattr(concern, name) for name in named if getattr(concern, name)}
    try:
        tx.change(Concern, concern.id, fields)
    except Refused:  # whoever raised it may add to it, and not change it: then the words are a step
        said = "\n".join(f"{CONCERN.field(name).label}: {value}" for name, value in fields.items())
        steps = (*steps, ConcernStep(kind="other", words=said, at=tx.at))
    kept = {(step.kind, step.at) for step in load_all(tx.reader, ConcernStep, concern_id=concern.id)}
    for step in steps:
        if (step.kind, step.at) not in kept and step.kind != "item_9":  # that one began it
            _add_step(tx, concern, step)
    if concern.outcome or concern.outcome_words.strip():
        _close(tx, concern.id, concern.outcome, concern.outcome_words)


def _raise(tx: Transaction, concern: Concern, steps: tuple[ConcernStep, ...]) -> str:
    """One with an outcome is closed from the start: whoever raised it may not be one of those who may change it."""
    if not concern.path:
        raise Refused("Say whether this is about an adult, a child, or somebody at risk now.", "path")
    found.person(tx.reader, concern.subject)
    raised_at = concern.raised_at or tx.at
    respond_by = concern.respond_by or raised_at + dt.timedelta(minutes=wait_minutes(tx.reader))
    is_over = bool(concern.outcome or concern.outcome_words.strip())
    if is_over:
        check_close(concern)
    made = msgspec.structs.replace(
        concern,
        id=concern.id or new_id(),
        raised_at=raised_at,
        raised_on=local_date(raised_at),
        raised_by=tx.author,
        respond_by=respond_by,
        state="closed" if is_over else "open",
        closed_at=tx.at if is_over else None,
        closed_by=tx.author if is_over else "",
    )
    concern_id = tx.create(made)
    for step in steps:
        _add_step(tx, made, step)
    if is_over:
        return concern_id
    tx.create(
        Task(
            subject=concern.subject,
            title="See through what was raised today",
            kind="tell_lead",
            about_id=concern_id,
            owner_id=tx.author,
            due_on=local_date(raised_at),
            due_at=respond_by,
            urgent=True,
            state="open",
        )
    )
    return concern_id


def add_step(writer: Writer, step: ConcernStep, *, at: dt.datetime | None = None) -> Changes:
    """One thing done, timed now unless it says when. Somebody who answered does not thereby have it: they take it."""
    with doing(writer, "add_concern_step", at=at) as tx:
        _add_step(tx, found.found(tx.reader, Concern, step.concern_id), step)
    return tx.changes


def change_concern(
    writer: Writer,
    concern_id: str,
    fields: Mapping[str, Any],
    seen: Mapping[str, Any] | None = None,
    *,
    at: dt.datetime | None = None,
) -> Changes:
    """Put right what is written of it. Refused for who has it and whether it is closed: those have steps of their own."""
    with doing(writer, "change_concern", at=at) as tx:
        if _BY_OTHER_DOORS & set(fields):
            raise Refused("Take the concern or close it instead.", "state")
        tx.change(Concern, concern_id, fields, seen)
    return tx.changes


def take_concern(writer: Writer, concern_id: str, *, at: dt.datetime | None = None) -> Changes:
    """I have it. Two who take it on two laptops are a clash to settle, never two leads in silence."""
    with doing(writer, "take_concern", at=at) as tx:
        concern = found.found(tx.reader, Concern, concern_id)
        if concern.state == "closed":
            raise Refused("This concern is closed. Open it again first.", "state")
        tx.change(Concern, concern_id, {"state": "with_lead", "lead_id": tx.author})
    return tx.changes


def close_concern(
    writer: Writer,
    concern_id: str,
    outcome: str,
    outcome_words: str,
    *,
    finish_call: bool = False,
    at: dt.datetime | None = None,
) -> Changes:
    """With its outcome, never without; whoever raised it is told by their task. With `finish_call` the call that it
    began in is finished too, where it is not."""
    with doing(writer, "close_concern", at=at) as tx:
        _close(tx, concern_id, outcome, outcome_words)
        call = call_of(tx.reader, concern_id) if finish_call else None
        if call is not None:
            end_enquiry(tx, call.id, Ending("answered"))
    return tx.changes


def call_of(reader: Reader, concern_id: str) -> Enquiry | None:
    """The call that a concern began in, while nobody has finished it."""
    concern = load(reader, Concern, concern_id)
    call = load(reader, Enquiry, concern.enquiry_id) if concern is not None and concern.enquiry_id else None
    return call if call is not None and call.state != "finished" else None


def _close(tx: Transaction, concern_id: str, outcome: str, outcome_words: str) -> None:
    concern = found.found(tx.reader, Concern, concern_id)
    check_close(msgspec.structs.replace(concern, outcome=outcome, outcome_words=outcome_words))
    tx.change(
        Concern,
        concern_id,
        {
            "state": "closed",
            "outcome": outcome,
            "outcome_words": outcome_words,
            "closed_at": tx.at,
            "closed_by": tx.author,
        },
    )
    for task in load_all(tx.reader, Task, about_id=concern_id, state="open"):
        tx.change(Task, task.id, {"state": "done", "done_on": local_date(tx.at), "outcome": "Seen through."})


def reopen_concern(writer: Writer, concern_id: str, *, at: dt.datetime | None = None) -> Changes:
    """The outcome was wrong, or it is not over. Refused unless it is closed."""
    with doing(writer, "reopen_concern", at=at) as tx:
        if found.found(tx.reader, Concern, concern_id).state != "closed":
            raise Refused("This concern is not closed.", "state")
        tx.change(Concern, concern_id, {"state": "open", "closed_at": None, "closed_by": ""})
    return tx.changes


def escalation_of(reader: Reader, concern_id: str) -> Escalation:
    """Who was tried about a concern, and who follows."""
    concern = found.found(reader, Concern, concern_id)
    return escalation(
        concern, load_all(reader, ConcernStep, concern_id=concern_id), chain(reader), wait_minutes(reader)
    )


def chain(reader: Reader) -> tuple[Link, ...]:
    """Named lead, deputy, on-call, as the service has set them."""
    return chain_from(setting_value(reader, CHAIN_SETTING))


def script(reader: Reader) -> tuple[ScriptLine, ...]:
    """Whom to ring when somebody is at risk now."""
    return script_from(setting_value(reader, SCRIPT_SETTING))


def prompts_off(reader: Reader) -> frozenset[str]:
    """Prompts of a concern that the service does not use."""
    value = setting_value(reader, PROMPTS_OFF_SETTING)
    return frozenset(str(code) for code in value) if isinstance(value, list) else frozenset()


def wait_minutes(reader: Reader) -> int:
    """How many minutes to wait for somebody to answer before the next is called (1 to 1,440)."""
    value = setting_value(reader, WAIT_SETTING)
    return value if isinstance(value, int) and 1 <= value <= 24 * 60 else USUAL_WAIT_MINUTES


def _add_step(tx: Transaction, concern: Concern, step: ConcernStep) -> None:
    if not step.kind:
        raise Refused("Say what was done.", "kind")
    moment = step.at or tx.at
    if moment > tx.at + dt.timedelta(minutes=5):
        raise Refused("A step cannot have been taken in the future.", "at")
    tx.create(
        msgspec.structs.replace(step, subject=concern.subject, concern_id=concern.id, raised_by=tx.author, at=moment)
    )
