"""A follow-up is one, whatever the number of laptops that make it without a network (H2)."""

import datetime as dt
from typing import Any

import msgspec

from tests.sync.client.practice import Laptop, Practice
from tests.sync.scenarios.people import all_synced, laptops_of, person_shared_by, same_everywhere
from wellbeing_desktop.domain.follow_up import RULE_SETTING, shipped_rules
from wellbeing_desktop.domain.ids import new_id
from wellbeing_desktop.domain.operation import OperationKind
from wellbeing_desktop.domain.organisation import Setting
from wellbeing_desktop.domain.referral import Episode
from wellbeing_desktop.domain.task import Task
from wellbeing_desktop.operations import tasks
from wellbeing_desktop.operations.follow_ups import look_after_follow_ups
from wellbeing_desktop.storage.records import load_all

NOW = dt.datetime(2026, 11, 20, 14, 0, tzinfo=dt.UTC)
LATER = dt.date(2027, 1, 18)
RULE_ID = new_id()


def rule(organisation: str, **fields: Any) -> Setting:
    """As the service's own, made by whoever may."""
    six_weeks = next(one for one in shipped_rules() if one.id == "six_weeks")
    on = msgspec.structs.replace(six_weeks, is_on=True, since=NOW.date(), **fields)
    return Setting(id=RULE_ID, subject=organisation, key=RULE_SETTING + on.id, value=msgspec.json.encode(on).decode())


def tasks_of(laptop: Laptop) -> list[Task]:
    return laptop.store.read(lambda reader: load_all(reader, Task))


def look_after(laptop: Laptop) -> Task:
    laptop.store.write(lambda writer: look_after_follow_ups(writer, at=NOW))
    (task,) = tasks_of(laptop)
    return task


def with_a_rule(practice: Practice) -> tuple[Laptop, Laptop, str]:
    ann, bob = laptops_of(practice, "Ann", "Bob")
    practice.write_as_server(OperationKind.CREATE, rule(practice.service.org), "card")
    all_synced(ann, bob, rounds=1)
    person_id = person_shared_by(ann, bob)
    ann.create(Episode(subject=person_id, opened_on=NOW.date(), practitioner_id=ann.member.id, state="open"))
    all_synced(ann, bob)
    return ann, bob, person_id


def test_two_laptops_without_a_network_make_one_follow_up_and_what_became_of_it_stands(file_practice: Practice) -> None:
    ann, bob, _person = with_a_rule(file_practice)
    first, second = look_after(ann), look_after(bob)
    assert first.id == second.id
    ann.store.write(lambda writer: tasks.postpone_task(writer, first.id, LATER, at=NOW))
    ann.store.write(lambda writer: tasks.hand_on_task(writer, first.id, bob.member.id, look_at_outcome=False, at=NOW))
    ann.store.write(lambda writer: tasks.finish_task(writer, first.id, "She is well.", at=NOW))
    ann.synced()
    all_synced(bob, ann)
    for laptop in (ann, bob):
        (task,) = tasks_of(laptop)
        assert (task.state, task.due_on, task.owner_id) == ("done", LATER, bob.member.id)
        assert laptop.conflicts() == []
    same_everywhere(ann, bob)


def test_a_rule_that_one_laptop_knows_in_other_words_makes_no_second_and_no_clash(file_practice: Practice) -> None:
    ann, bob, _person = with_a_rule(file_practice)
    file_practice.write_as_server(
        OperationKind.CHANGE, rule(file_practice.service.org), "card", value=rule("", words="Ring", after=8).value
    )
    ann.synced()
    assert look_after(ann).due_on != look_after(bob).due_on
    all_synced(bob, ann)
    (mine,), (theirs,) = tasks_of(ann), tasks_of(bob)
    assert mine == theirs
    assert ann.conflicts() == bob.conflicts() == []
    look_after(ann)
    same_everywhere(ann, bob)


def test_a_task_that_comes_again_and_is_finished_on_two_laptops_comes_again_once(file_practice: Practice) -> None:
    ann, bob, person_id = with_a_rule(file_practice)
    first = Task(subject=person_id, title="Water", due_on=NOW.date(), repeats="P1W")
    ann.store.write(lambda writer: tasks.add_task(writer, first, at=NOW))
    all_synced(ann, bob)
    (task,) = tasks_of(bob)
    for laptop in (ann, bob):
        laptop.store.write(lambda writer: tasks.finish_task(writer, task.id, at=NOW))
    all_synced(ann, bob)
    assert sorted((one.state, one.due_on) for one in tasks_of(ann)) == [
        ("done", NOW.date()),
        ("open", dt.date(2026, 11, 27)),
    ]
    assert ann.conflicts() == []
    same_everywhere(ann, bob)
