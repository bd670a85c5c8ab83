"""Raising a concern at once, finding somebody who answers, and closing it with an outcome (D4, D8, H3; W6, W12)."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

import msgspec

from wellbeing_desktop.domain.changes import Changes
from wellbeing_desktop.domain.concern import Concern, ConcernStep
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
from wellbeing_desktop.operations.enquiries import add_enquiry
from wellbeing_desktop.operations.people import add_person
from wellbeing_desktop.storage.connection import Reader, Writer
from wellbeing_desktop.storage.records import load_all
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
    at: dt.datetime | None = None,
) -> Changes:
    """Somebody is at risk now: the call and the concern with its steps are one piece of work, about one person, so that
    nothing is written twice. Nobody need be known: a record is begun for whoever it is. A concern with an outcome is
    closed with it; one without stays open, and says so until somebody sees it through."""
    with doing(writer, "raise_concern", at=at) as tx:
        if person is not None and not enquiry.subject:
            enquiry = msgspec.structs.replace(enquiry, subject=add_person(tx, person))
        enquiry_id = add_enquiry(tx, enquiry)
        begun = found.found(tx.reader, Enquiry, enquiry_id)
        about = msgspec.structs.replace(concern, subject=begun.subject, enquiry_id=enquiry_id)
        concern_id = _raise(tx, msgspec.structs.replace(about, outcome="", outcome_words=""), steps)
        if concern.outcome or concern.outcome_words.strip():
            _close(tx, concern_id, concern.outcome, concern.outcome_words)
    return tx.changes


def _raise(tx: Transaction, concern: Concern, steps: tuple[ConcernStep, ...]) -> str:
    if not concern.path:
        raise Refused("Say whether this is about an adult, a child, or somebody at risk now.", "path")
    found.person(tx.reader, concern.subject)
    raised_at = concern.raised_at or tx.at
    respond_by = concern.respond_by or raised_at + dt.timedelta(minutes=wait_minutes(tx.reader))
    made = msgspec.structs.replace(
        concern,
        id=concern.id or new_id(),
        raised_at=raised_at,
        raised_on=local_date(raised_at),
        raised_by=tx.author,
        respond_by=respond_by,
        state="open",
    )
    concern_id = tx.create(made)
    for step in steps:
        _add_step(tx, made, step)
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
    writer: Writer, concern_id: str, outcome: str, outcome_words: str, *, at: dt.datetime | None = None
) -> Changes:
    """With its outcome, never without; whoever raised it is told by their task."""
    with doing(writer, "close_concern", at=at) as tx:
        _close(tx, concern_id, outcome, outcome_words)
    return tx.changes


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
