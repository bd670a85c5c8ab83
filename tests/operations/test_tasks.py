"""Promises with a day."""

import datetime as dt
from typing import Any

import pytest

from tests.operations.made import NOW, TODAY, Made, made_id
from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.domain.task import Task
from wellbeing_desktop.operations import tasks
from wellbeing_desktop.operations.people import record_death
from wellbeing_desktop.storage.grants import user_of
from wellbeing_desktop.storage.undo import undo
from wellbeing_desktop.storage.write_door import transaction


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


def test_what_comes_again_is_made_anew_when_it_is_finished_until_its_last_day(made: Made) -> None:
    first = Task(
        subject=made.mary, title="Count tablets", due_on=TODAY, repeats="P1W", repeats_until=TODAY + dt.timedelta(8)
    )
    id = made_id(tasks.add_task(made.writer, first, at=NOW), "task")
    finished = tasks.finish_task(made.writer, id, "12 left", at=NOW)
    (following,) = made.all(Task, state="open")
    assert (following.due_on, following.outcome, following.repeats_from) == (dt.date(2026, 11, 27), "", TODAY)
    undo(made.writer, finished.undo_id, at=NOW)
    assert [task.id for task in made.all(Task)] == [id]
    tasks.finish_task(made.writer, id, "12 left", at=NOW)
    tasks.reopen_task(made.writer, id, at=NOW)
    tasks.finish_task(made.writer, id, at=NOW)
    (following,) = made.all(Task, state="open")
    tasks.finish_task(made.writer, following.id, at=NOW)
    assert made.all(Task, state="open") == []


def test_what_comes_again_on_a_bank_holiday_comes_on_the_next_working_day_and_keeps_its_day(made: Made) -> None:
    day = dt.date(2026, 11, 25)
    task = Task(subject=made.mary, title="Ring", due_on=day, repeats="P1M")
    tasks.finish_task(made.writer, made_id(tasks.add_task(made.writer, task, at=NOW), "task"), at=NOW)
    (christmas,) = made.all(Task, state="open")
    assert christmas.due_on == dt.date(2026, 12, 29)  # Friday 25 is Christmas Day, Monday 28 a substitute day
    tasks.finish_task(made.writer, christmas.id, at=NOW)
    (following,) = made.all(Task, state="open")
    assert following.due_on == dt.date(2027, 1, 25)


def test_nothing_comes_again_for_somebody_who_has_died(made: Made) -> None:
    task = Task(subject=made.mary, title="Ring", kind="tell_practice", due_on=TODAY, repeats="P1W")
    id = made_id(tasks.add_task(made.writer, task, at=NOW), "task")
    record_death(made.writer, made.mary, died_on=TODAY, known_by="The practice", at=NOW)
    tasks.finish_task(made.writer, id, at=NOW)
    assert made.all(Task, state="open") == []


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"repeats": "often"}, "how often"),
        ({"repeats": "P1W", "due_on": None}, "due first"),
        ({"repeats": "P1W", "repeats_until": TODAY - dt.timedelta(1)}, "before the first"),
        ({"repeats_until": TODAY}, "how often"),
    ],
)
def test_a_repetition_that_makes_no_sense_gets_a_sentence(made: Made, fields: dict[str, Any], said: str) -> None:
    with pytest.raises(Refused, match=said):
        tasks.add_task(made.writer, Task(**{"subject": made.mary, "title": "x", "due_on": TODAY, **fields}), at=NOW)


def test_what_was_handed_on_comes_back_to_be_looked_at(made: Made) -> None:
    id = made_id(tasks.add_task(made.writer, Task(subject=made.mary, title="Form", due_on=TODAY), at=NOW), "task")
    with pytest.raises(Refused):
        tasks.hand_on_task(made.writer, id, made.one(Task, id).owner_id, at=NOW)
    tasks.hand_on_task(made.writer, id, "worker", at=NOW)
    me = made.one(Task, id).delegated_by
    with transaction(made.writer, "finish_task", author="worker", at=NOW) as tx:
        tx.change(Task, id, {"state": "to_review", "outcome": "Filled in", "done_on": TODAY})
    with pytest.raises(Refused, match="still to be done"):
        tasks.send_task_back(made.writer, id, " ", at=NOW)
    tasks.send_task_back(made.writer, id, "The date is missing", at=NOW)
    task = made.one(Task, id)
    assert (task.state, task.owner_id, task.review_words, task.done_on) == (
        "open",
        "worker",
        "The date is missing",
        None,
    )
    with pytest.raises(Refused):
        tasks.accept_task(made.writer, id, at=NOW)
    with transaction(made.writer, "finish_task", author="worker", at=NOW) as tx:
        tx.change(Task, id, {"state": "to_review"})
    tasks.accept_task(made.writer, id, at=NOW)
    assert (made.one(Task, id).state, made.one(Task, id).reviewed_on, me != "") == ("done", TODAY, True)


def test_a_task_given_to_me_for_review_says_what_came_of_it_and_waits(made: Made) -> None:
    with transaction(made.writer, "add_task", author="lead", at=NOW) as tx:
        id = tx.create(
            Task(
                subject=made.mary,
                title="Form",
                owner_id=user_of(made.writer),
                delegated_by="lead",
                needs_review=True,
                state="open",
            )
        )
    with pytest.raises(Refused, match="what came of it"):
        tasks.finish_task(made.writer, id, at=NOW)
    tasks.finish_task(made.writer, id, "Sent", at=NOW)
    assert made.one(Task, id).state == "to_review"


def test_postponing_keeps_the_time_of_day_and_goes_forward_only(made: Made) -> None:
    id = made_id(tasks.add_task(made.writer, Task(subject=made.mary, title="Call", due_at=NOW), at=NOW), "task")
    with pytest.raises(Refused, match="day to come"):
        tasks.postpone_task(made.writer, id, TODAY - dt.timedelta(1), at=NOW)
    tasks.postpone_task(made.writer, id, TODAY + dt.timedelta(3), at=NOW)
    assert made.one(Task, id).due_at == NOW + dt.timedelta(3)
