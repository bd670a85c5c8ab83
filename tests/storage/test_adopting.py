"""A program that was updated takes up what its forerunner kept without knowing it."""

from tests.storage.sample_records import add_person
from wellbeing_desktop.domain.ids import new_id
from wellbeing_desktop.domain.person import Person
from wellbeing_desktop.domain.task import Task
from wellbeing_desktop.storage import adopting
from wellbeing_desktop.storage.connection import Writer
from wellbeing_desktop.storage.records import load


def test_a_field_that_is_known_from_now_on_moves_out_of_the_unknown_ones(writer: Writer) -> None:
    person_id = add_person(writer)
    with writer.immediate():
        kept = '{"favourite_flower":"rose","pronouns":"she/her","known_as":7}'
        writer.execute("UPDATE person SET pronouns = NULL, extra = ? WHERE id = ?", (kept, person_id))
        assert adopting.adopt_fields(writer, "person", ["pronouns", "known_as"]) == 1
        assert adopting.adopt_fields(writer, "person", ["pronouns"]) == 0
    person = load(writer, Person, person_id)
    assert person is not None
    assert (person.pronouns, person.known_as) == ("she/her", "")
    [(extra,)] = writer.rows("SELECT extra FROM person WHERE id = ?", (person_id,))
    assert extra == '{"favourite_flower":"rose","known_as":7}', "what is no name stays as it came"


def test_records_of_a_type_that_is_known_from_now_on_become_records(writer: Writer) -> None:
    person_id, task_id = add_person(writer), new_id()
    with writer.immediate():
        writer.execute(
            "INSERT INTO raw_record (id, type, subject, compartment, seq, rev, deleted, body)"
            " VALUES (?, 'task', ?, 'core', 9, 2, 0, ?)",
            (task_id, person_id, '{"title":"Ring","later_field":"kept"}'),
        )
        assert adopting.adopt_records(writer, "task") == 1
    task = load(writer, Task, task_id)
    assert task is not None
    assert task.title == "Ring"
    assert writer.rows("SELECT extra FROM task WHERE id = ?", (task_id,)) == [('{"later_field":"kept"}',)]
    assert writer.rows("SELECT seq, rev FROM record WHERE id = ?", (task_id,)) == [(9, 2)]
    assert writer.rows("SELECT 1 FROM raw_record") == []
