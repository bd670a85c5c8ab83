"""Not getting through (PRACTICE W15): attempts counted, and what the service does after the last.

How many attempts, which steps follow, and which clinician decides when there is an alert are settings of the service;
three attempts and the order of the steps are a product choice to begin with. Nothing here closes itself.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Final

import msgspec

from wellbeing_desktop.domain.alerts import in_force
from wellbeing_desktop.domain.changes import Changes
from wellbeing_desktop.domain.code_lists import code_list
from wellbeing_desktop.domain.contact import Contact, Note
from wellbeing_desktop.domain.correction import Conflict
from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.domain.london_time import local_date
from wellbeing_desktop.domain.person import ContactPoint
from wellbeing_desktop.domain.safe_to_reach import may_leave_message
from wellbeing_desktop.domain.safety import Alert
from wellbeing_desktop.domain.task import Task
from wellbeing_desktop.domain.work_rules import ATTEMPTS_SETTING, CLINICIAN_SETTING, PATHWAY_SETTING, number_or
from wellbeing_desktop.operations import found
from wellbeing_desktop.operations.catalogue import doing
from wellbeing_desktop.operations.clocks import setting_value
from wellbeing_desktop.operations.contacts import add_contact
from wellbeing_desktop.operations.overdue import lead_for
from wellbeing_desktop.storage.connection import Reader, Writer
from wellbeing_desktop.storage.write_door import Transaction

RULE: Final = "not_reached"
_USUAL_ATTEMPTS: Final = 3
_MESSAGE_LEFT: Final = "message_left"


class Step(msgspec.Struct, frozen=True):
    """One of the steps after the last attempt: what it is called, and the task that it makes."""

    words: str
    task: str
    kind: str
    urgent: bool = False


STEPS: Final[Mapping[str, Step]] = {
    "letter": Step("Write a letter", "Write to the person: we could not reach them", "print"),
    "tell_referrer": Step("Tell the referrer", "Tell the referrer that we could not reach the person", "other"),
    "ask_gp": Step("Ask the GP practice", "Ask the GP practice: we could not reach the person", "tell_practice"),
    "welfare_check": Step("Ask for a welfare check", "Ask for a welfare check", "follow_up", urgent=True),
}


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """`tries` are the attempts since the person was last reached, the first first; `steps` what may follow the next."""

    tries: tuple[Contact, ...]
    attempts: int
    steps: tuple[str, ...]
    has_alert: bool
    no_message: str
    """Why no message may be left; empty if one may."""

    @property
    def is_last(self) -> bool:
        """Is the next attempt the last one, or one after it?"""
        return len(self.tries) + 1 >= self.attempts


def standing(reader: Reader, person_id: str, today: dt.date) -> Standing:
    """How often somebody was tried, how often is allowed, and what comes next by the service's pathway."""
    return Standing(
        tries=tries(found.every(reader, Contact, person_id)),
        attempts=attempts_allowed(reader),
        steps=pathway(reader),
        has_alert=bool(in_force(found.every(reader, Alert, person_id), today)),
        no_message=_no_message(reader, person_id),
    )


def tries(contacts: Iterable[Contact]) -> tuple[Contact, ...]:
    """Attempts that reached nobody, since the last contact that took place."""
    outcomes = code_list("contact_outcomes")
    happened, in_vain = outcomes.codes_where("kind", "happened"), outcomes.codes_where("kind", "no_reply")
    since: list[Contact] = []
    earliest = dt.datetime.min.replace(tzinfo=dt.UTC)
    for contact in sorted(contacts, key=lambda one: (one.happened_at or earliest, one.id)):
        if contact.outcome in happened:
            since = []
        elif contact.outcome in in_vain and contact.direction != "in":
            since.append(contact)
    return tuple(since)


def attempts_allowed(reader: Reader) -> int:
    """Attempts to get through before the service's steps follow (1 to 20)."""
    return number_or(ATTEMPTS_SETTING, setting_value(reader, ATTEMPTS_SETTING), _USUAL_ATTEMPTS)


def pathway(reader: Reader) -> tuple[str, ...]:
    """The steps of the service in its order; all, where it has not said."""
    value = setting_value(reader, PATHWAY_SETTING)
    chosen = [step for step in value if isinstance(step, str) and step in STEPS] if isinstance(value, list) else []
    return tuple(dict.fromkeys(chosen)) or tuple(STEPS)


def record_attempt(
    writer: Writer, contact: Contact, words: str = "", *, step: str = "", at: dt.datetime | None = None
) -> Changes:
    """An attempt in vain, and with it the step that follows. After the last, with an alert in force, it is put to the
    named clinician, and stays until somebody decides."""
    with doing(writer, "record_attempt", at=at) as tx:
        today = local_date(tx.at)
        before = standing(tx.reader, contact.subject, today)
        if contact.outcome not in code_list("contact_outcomes").codes_where("kind", "no_reply"):
            raise Refused("Say how it went: no answer, message left, nobody at home or wrong number.", "outcome")
        if contact.outcome == _MESSAGE_LEFT and before.no_message:
            raise Refused(f"{before.no_message} If one was left all the same, raise a concern.", "outcome")
        if step and step not in before.steps:
            raise Refused("Choose one of the steps of this service.", "step")
        note = Note(subject=contact.subject, text=words.strip()) if words.strip() else None
        contact_id = add_contact(tx, contact, note, gp_record="")
        if step:
            _take(tx, contact.subject, contact_id, STEPS[step], today)
        if before.is_last and before.has_alert:
            _put_to_clinician(tx, contact.subject, contact_id, today)
    return tx.changes


def _take(tx: Transaction, person_id: str, contact_id: str, step: Step, today: dt.date) -> None:
    tx.create(
        Task(
            subject=person_id,
            title=step.task,
            kind=step.kind,
            about_id=contact_id,
            owner_id=tx.author,
            due_on=today,
            urgent=True if step.urgent else None,
            state="open",
        )
    )


def _put_to_clinician(tx: Transaction, person_id: str, contact_id: str, today: dt.date) -> None:
    if any(task.state == "open" for task in found.every(tx.reader, Task, person_id, rule=RULE)):
        return  # it waits for the clinician already
    named = setting_value(tx.reader, CLINICIAN_SETTING)
    clinician = named if isinstance(named, str) and named else lead_for(tx.reader, tx.author, today)
    tx.create(
        Task(
            subject=person_id,
            title="Could not be reached, and there is an alert: decide what to do",
            kind="tell_lead",
            about_id=contact_id,
            owner_id=clinician or tx.author,
            due_on=today,
            urgent=True,
            rule=RULE,
            state="open",
        )
    )


def _no_message(reader: Reader, person_id: str) -> str:
    """Empty when there is a number on which a message may be left."""
    person = found.person(reader, person_id)
    clashes = [one for one in found.every(reader, Conflict, person_id) if one.state == "open"]
    said = ""
    for point in found.every(reader, ContactPoint, person_id):
        fields = [one.field for one in clashes if one.target_id == point.id]
        stop = may_leave_message(person, point, fields)
        if stop is None:
            return ""
        if stop.kind != "not_a_telephone":
            said = said or stop.sentence
    return said or "No number is recorded on which a message may be left. Leave none."
