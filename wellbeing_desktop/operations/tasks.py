"""What somebody has promised to do by a day: by oneself, by a colleague, again and again, looked at afterwards (H1, H4)."""

import datetime as dt
from collections.abc import Mapping
from typing import Any, Final

import msgspec

from wellbeing_desktop.domain.changes import Changes
from wellbeing_desktop.domain.concern import Concern
from wellbeing_desktop.domain.death import has_died
from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.domain.ids import derived_id
from wellbeing_desktop.domain.london_time import local_date, local_time, moment_of
from wellbeing_desktop.domain.periods import next_occurrence, read_period
from wellbeing_desktop.domain.person import Person
from wellbeing_desktop.domain.task import Task
from wellbeing_desktop.operations import found
from wellbeing_desktop.operations.catalogue import doing
from wellbeing_desktop.operations.clocks import is_open_on
from wellbeing_desktop.storage.connection import Writer
from wellbeing_desktop.storage.records import envelope_of, load
from wellbeing_desktop.storage.write_door import Transaction

REPEATED: Final = "repeats"
"""The rule that makes the next one of a task that comes again."""
_BY_OTHER_DOORS: Final = frozenset({"state", "done_on", "delegated_by", "reviewed_on", "escalated_to", "escalated_at"})


def add_task(writer: Writer, task: Task, *, at: dt.datetime | None = None) -> Changes:
    """A promise with its owner (yourself, if nobody is named) and its day. With somebody else named and its outcome to
    be looked at, it comes back to whoever gave it."""
    with doing(writer, "add_task", at=at) as tx:
        owner = task.owner_id or ("" if task.team_id else tx.author)
        due_on = task.due_on or (local_date(task.due_at) if task.due_at else None)
        _check_repeats(task.repeats, task.repeats_until, due_on)
        given = bool(task.needs_review) and owner != tx.author
        tx.create(
            msgspec.structs.replace(
                task,
                state="open",
                owner_id=owner,
                due_on=due_on,
                repeats_from=due_on if task.repeats else None,
                delegated_by=tx.author if given else task.delegated_by,
                needs_review=True if given else None,
            )
        )
    return tx.changes


def change_task(
    writer: Writer,
    task_id: str,
    fields: Mapping[str, Any],
    seen: Mapping[str, Any] | None = None,
    *,
    at: dt.datetime | None = None,
) -> Changes:
    """Put right what is to be done, and when it comes again. Refused for how it ended and who has it, which have steps of
    their own."""
    with doing(writer, "change_task", at=at) as tx:
        if _BY_OTHER_DOORS & set(fields):
            raise Refused("Finish, cancel or hand on the task instead.", "state")
        task = found.found(tx.reader, Task, task_id)
        after = msgspec.structs.replace(task, **fields)
        _check_repeats(after.repeats, after.repeats_until, after.due_on)
        if after.repeats and after.repeats_from is None:
            fields = {**fields, "repeats_from": after.due_on}
        tx.change(Task, task_id, fields, seen)
    return tx.changes


def finish_task(writer: Writer, task_id: str, outcome: str = "", *, at: dt.datetime | None = None) -> Changes:
    """Done. What was handed on to be looked at waits for that; of what comes again the next one is made."""
    with doing(writer, "finish_task", at=at) as tx:
        task = found.found(tx.reader, Task, task_id)
        _check_no_concern(tx, task)
        waits = task.needs_review is True and task.delegated_by not in ("", tx.author) and task.state == "open"
        fields: dict[str, Any] = {"state": "to_review" if waits else "done", "done_on": local_date(tx.at)}
        if outcome.strip():
            fields["outcome"] = outcome
        elif waits and not task.outcome.strip():
            raise Refused("Say what came of it: a colleague looks at it.", "outcome")
        if not waits and task.state == "to_review":
            fields["reviewed_on"] = local_date(tx.at)
        tx.change(Task, task_id, fields)
        _make_next(tx, task)
    return tx.changes


def cancel_task(writer: Writer, task_id: str, reason: str, *, at: dt.datetime | None = None) -> Changes:
    """Not to be done after all, and why. What comes again ends with it."""
    with doing(writer, "cancel_task", at=at) as tx:
        if not reason.strip():
            raise Refused("Say why the task is not needed.", "outcome")
        _check_no_concern(tx, found.found(tx.reader, Task, task_id))
        tx.change(Task, task_id, {"state": "cancelled", "outcome": reason})
    return tx.changes


def _check_no_concern(tx: Transaction, task: Task) -> None:
    """A tick is no outcome: the task of a concern ends with it (PRACTICE W6)."""
    concern = load(tx.reader, Concern, task.about_id) if task.about_id else None
    if concern is not None and concern.state != "closed":
        raise Refused("This ends when what was raised is closed with its outcome.", "state")


def reopen_task(writer: Writer, task_id: str, *, at: dt.datetime | None = None) -> Changes:
    """It is not done after all, or is wanted again."""
    with doing(writer, "reopen_task", at=at) as tx:
        tx.change(Task, task_id, {"state": "open", "done_on": None, "reviewed_on": None})
    return tx.changes


def postpone_task(writer: Writer, task_id: str, due_on: dt.date, *, at: dt.datetime | None = None) -> Changes:
    """Another day; a time of day goes with it."""
    with doing(writer, "postpone_task", at=at) as tx:
        task = _open(tx, task_id)
        if due_on < local_date(tx.at):
            raise Refused("Choose today or a day to come.", "due_on")
        fields: dict[str, Any] = {"due_on": due_on}
        if task.due_at is not None:
            fields["due_at"] = moment_of(due_on, local_time(task.due_at).time())
        tx.change(Task, task_id, fields)
    return tx.changes


def hand_on_task(
    writer: Writer, task_id: str, to_id: str, *, look_at_outcome: bool = True, at: dt.datetime | None = None
) -> Changes:
    """To a support worker or a colleague. With `look_at_outcome` it comes back to be looked at before it is done."""
    with doing(writer, "hand_on_task", at=at) as tx:
        task = _open(tx, task_id)
        if not to_id:
            raise Refused("Choose who takes it.", "owner_id")
        if to_id == task.owner_id:
            raise Refused("They have it already.", "owner_id")
        reviewed = look_at_outcome and to_id != tx.author
        tx.change(
            Task,
            task_id,
            {
                "owner_id": to_id,
                "team_id": "",
                "delegated_by": tx.author if reviewed else "",
                "needs_review": True if reviewed else None,
            },
        )
    return tx.changes


def accept_task(writer: Writer, task_id: str, *, at: dt.datetime | None = None) -> Changes:
    """Its outcome was looked at and is good."""
    with doing(writer, "accept_task", at=at) as tx:
        _to_review(tx, task_id)
        tx.change(Task, task_id, {"state": "done", "reviewed_on": local_date(tx.at)})
    return tx.changes


def send_task_back(writer: Writer, task_id: str, words: str, *, at: dt.datetime | None = None) -> Changes:
    """There is more to do, and what."""
    with doing(writer, "send_task_back", at=at) as tx:
        _to_review(tx, task_id)
        if not words.strip():
            raise Refused("Say what is still to be done.", "review_words")
        tx.change(Task, task_id, {"state": "open", "done_on": None, "review_words": words.strip()})
    return tx.changes


def raise_task(writer: Writer, task_id: str, with_id: str, *, at: dt.datetime | None = None) -> Changes:
    """With the lead, by hand; what is overdue long enough is on the lead's list by itself (`operations/overdue.py`)."""
    with doing(writer, "raise_task", at=at) as tx:
        _open(tx, task_id)
        if not with_id:
            raise Refused("No lead or deputy is known for this team. Say who they are in Settings.", "escalated_to")
        tx.change(Task, task_id, {"escalated_to": with_id, "escalated_at": tx.at})
    return tx.changes


def _make_next(tx: Transaction, task: Task) -> None:
    """The next one of a task that comes again: one, also when two laptops finish it."""
    if not task.repeats or task.due_on is None or task.state != "open":
        return
    person = load(tx.reader, Person, task.subject)
    if person is None or has_died(person):
        return
    first = task.repeats_from or task.due_on
    due_on = next_occurrence(first, task.due_on, read_period(task.repeats), is_open_on(tx.reader))
    next_id = derived_id(task.id, "next")
    if (task.repeats_until is not None and due_on > task.repeats_until) or envelope_of(tx.reader, next_id) is not None:
        return
    tx.create(
        msgspec.structs.replace(
            task,
            id=next_id,
            due_on=due_on,
            due_at=moment_of(due_on, local_time(task.due_at).time()) if task.due_at is not None else None,
            repeats_from=first,
            rule=task.rule or REPEATED,
            state="open",
            done_on=None,
            outcome="",
            reviewed_on=None,
            review_words="",
            escalated_to="",
            escalated_at=None,
        )
    )


def _check_repeats(repeats: str, until: dt.date | None, due_on: dt.date | None) -> None:
    if not repeats:
        if until is not None:
            raise Refused("Say how often it comes again, or leave the last day empty.", "repeats")
        return
    read_period(repeats)
    if due_on is None:
        raise Refused("Say when it is due first.", "due_on")
    if until is not None and until < due_on:
        raise Refused("The last day is before the first.", "repeats_until")


def _open(tx: Transaction, task_id: str) -> Task:
    task = found.found(tx.reader, Task, task_id)
    if task.state != "open":
        raise Refused("This task is not open any more.", "state")
    return task


def _to_review(tx: Transaction, task_id: str) -> None:
    if found.found(tx.reader, Task, task_id).state != "to_review":
        raise Refused("This task does not wait to be looked at.", "state")
