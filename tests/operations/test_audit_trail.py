"""The audit in plain sentences, of one person, of one day, through joined records."""

import datetime as dt

from tests.operations.made import NOW, TODAY, Made
from wellbeing_desktop.domain.task import Task
from wellbeing_desktop.operations.aliases import join_people
from wellbeing_desktop.operations.audit_trail import trail, what_words
from wellbeing_desktop.operations.catalogue import ACTIONS
from wellbeing_desktop.operations.looking import opened_record
from wellbeing_desktop.operations.tasks import add_task
from wellbeing_desktop.storage.undo import undo


def test_what_was_done_and_looked_at_is_said_in_sentences(made: Made) -> None:
    opened_record(made.writer, person_id=made.mary)
    changes = add_task(made.writer, Task(subject=made.mary, title="Ring", due_on=TODAY), at=NOW)
    undo(made.writer, changes.undo_id)
    found = trail(made.writer, person_id=made.mary)
    assert [(line.what, line.touched) for line in found.lines] == [
        ("Took back: added a task", "1 task taken back before it was sent"),
        ("Added a task", "1 task added"),
        ("Opened the record", ""),
        ("Added a person", "1 person added"),
    ]
    assert {line.person for line in found.lines} == {"JONES, Mary"}
    assert found.before is None


def test_one_day_and_pages_of_lines(made: Made) -> None:
    for days in (0, 1, 1, 2):
        add_task(made.writer, Task(subject=made.mary, title="Ring", due_on=TODAY), at=NOW + dt.timedelta(days=days))
    one_day = trail(made.writer, day=TODAY + dt.timedelta(days=1))
    assert [line.what for line in one_day.lines] == ["Added a task"] * 2
    first = trail(made.writer, limit=3)
    rest = trail(made.writer, limit=3, before=first.before)
    assert len(first.lines) == 3
    assert [line.number for line in (*first.lines, *rest.lines)] == sorted(
        (line.number for line in trail(made.writer).lines), reverse=True
    )
    assert rest.before is None


def test_the_day_is_the_local_one(made: Made) -> None:
    late_in_june = dt.datetime(2026, 6, 30, 23, 30, tzinfo=dt.UTC)  # half past midnight of 1 July by the clock
    add_task(made.writer, Task(subject=made.mary, title="Ring", due_on=TODAY), at=late_in_june)
    assert trail(made.writer, day=dt.date(2026, 6, 30)).lines == ()
    assert len(trail(made.writer, day=dt.date(2026, 7, 1)).lines) == 1


def test_what_was_done_to_a_joined_record_is_shown_with_the_one_kept(made: Made) -> None:
    twin = made.person("Jones", "Marie")
    join_people(made.writer, made.mary, twin, "Same NHS number", at=NOW)
    said = [line.what for line in trail(made.writer, person_id=made.mary).lines]
    assert said.count("Added a person") == 2


def test_every_action_of_the_list_has_a_sentence() -> None:
    for action in (*ACTIONS, "undo_record_contact", "open_record", "something_of_a_later_version"):
        words = what_words(action)
        assert "_" not in words
        assert words[0].isupper()
