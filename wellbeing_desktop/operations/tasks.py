"""What somebody has promised to do by a day."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

import msgspec

from wellbeing_desktop.domain.changes import Changes
from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.domain.london_time import local_date
from wellbeing_desktop.domain.task import Task
from wellbeing_desktop.operations.catalogue import doing
from wellbeing_desktop.storage.connection import Writer


def add_task(writer: Writer, task: Task, *, at: dt.datetime | None = None) -> Changes:
    """A promise with its owner (yourself, if nobody is named) and its day."""
    with doing(writer, "add_task", at=at) as tx:
        owner = task.owner_id or ("" if task.team_id else tx.author)
        due_on = task.due_on or (local_date(task.due_at) if task.due_at else None)
        tx.create(msgspec.structs.replace(task, state="open", owner_id=owner, due_on=due_on))
    return tx.changes


def change_task(
    writer: Writer,
    task_id: str,
    fields: Mapping[str, Any],
    seen: Mapping[str, Any] | None = None,
    *,
    at: dt.datetime | None = None,
) -> Changes:
    with doing(writer, "change_task", at=at) as tx:
        if {"state", "done_on"} & set(fields):
            raise Refused("Finish or cancel the task instead.", "state")
        tx.change(Task, task_id, fields, seen)
    return tx.changes


def finish_task(writer: Writer, task_id: str, outcome: str = "", *, at: dt.datetime | None = None) -> Changes:
    with doing(writer, "finish_task", at=at) as tx:
        fields: dict[str, Any] = {"state": "done", "done_on": local_date(tx.at)}
        if outcome.strip():
            fields["outcome"] = outcome
        tx.change(Task, task_id, fields)
    return tx.changes


def cancel_task(writer: Writer, task_id: str, reason: str, *, at: dt.datetime | None = None) -> Changes:
    """Not to be done after all, and why."""
    with doing(writer, "cancel_task", at=at) as tx:
        if not reason.strip():
            raise Refused("Say why the task is not needed.", "outcome")
        tx.change(Task, task_id, {"state": "cancelled", "outcome": reason})
    return tx.changes


def reopen_task(writer: Writer, task_id: str, *, at: dt.datetime | None = None) -> Changes:
    with doing(writer, "reopen_task", at=at) as tx:
        tx.change(Task, task_id, {"state": "open", "done_on": None})
    return tx.changes
