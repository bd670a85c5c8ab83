"""Promises with a day."""

import pytest

from tests.operations.made import NOW, TODAY, Made, made_id
from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.domain.task import Task
from wellbeing_desktop.operations import tasks


def test_a_promise_is_mine_unless_somebody_is_named_and_due_when_its_clock_says(made: Made) -> None:
    id = made_id(tasks.add_task(made.writer, Task(subject=made.mary, title="Call back", due_at=NOW), at=NOW), "task")
    task = made.one(Task, id)
    assert task.owner_id
    assert task.due_on == TODAY
    for_team = tasks.add_task(made.writer, Task(subject=made.mary, title="x", team_id="north"), at=NOW)
    assert made.one(Task, made_id(for_team, "task")).owner_id == ""


def test_finishing_cancelling_and_opening_again(made: Made) -> None:
    id = made_id(tasks.add_task(made.writer, Task(subject=made.mary, title="Call back"), at=NOW), "task")
    tasks.change_task(made.writer, id, {"due_on": TODAY}, at=NOW)
    tasks.finish_task(made.writer, id, "She is well", at=NOW)
    assert (made.one(Task, id).state, made.one(Task, id).done_on) == ("done", TODAY)
    tasks.reopen_task(made.writer, id, at=NOW)
    with pytest.raises(Refused):
        tasks.cancel_task(made.writer, id, " ", at=NOW)
    tasks.cancel_task(made.writer, id, "Rang by herself", at=NOW)
    assert made.one(Task, id).state == "cancelled"
    with pytest.raises(Refused):
        tasks.change_task(made.writer, id, {"state": "done"}, at=NOW)
