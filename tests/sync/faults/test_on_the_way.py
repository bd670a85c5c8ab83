"""Faults on the way and of the laptop: 13 (a laptop is lost), 29 (a proxy repeats, replays and reorders)."""

import datetime as dt
import shutil

import pytest

from tests.sync.client.practice import Fault, Practice
from tests.sync.client.test_faults import on_path
from tests.sync.scenarios.people import all_synced, laptops_of, person_shared_by, same_everywhere
from wellbeing_desktop.domain.person import Person
from wellbeing_desktop.storage import outbox
from wellbeing_desktop.sync.client import push
from wellbeing_desktop.sync.client.line import resting_line
from wellbeing_desktop.sync.client.problems import problem


@pytest.mark.fault(29)
@pytest.mark.parametrize("path", ["/v1/push", "/v1/pull", "/v1/session", "/v1/nonce"])
@pytest.mark.parametrize("fault", [Fault.TWICE, Fault.LATE])
def test_a_proxy_that_repeats_or_delays_a_request_changes_nothing(practice: Practice, path: str, fault: Fault) -> None:
    ann, bob = laptops_of(practice, "Ann", "Bob")
    person_id = person_shared_by(ann, bob)
    ann.change(Person, person_id, known_as="Bron")
    practice.fault = on_path(path, fault)
    ann.sync()
    practice.fault = lambda asked, count: None
    bob.change(Person, person_id, known_as="Bronnie")
    all_synced(bob, ann)  # what was kept back has been delivered among these
    for laptop in (ann, bob):
        assert laptop.load(Person, person_id).known_as in ("Bron", "Bronnie")
        texts = [patch for (patch,) in laptop.ask("SELECT patch FROM version WHERE id = ?", person_id)]
        assert sum('"Bron"' in patch for patch in texts) == 1
    assert ann.load(Person, person_id) == bob.load(Person, person_id)
    same_everywhere(ann, bob)


@pytest.mark.fault(29)
def test_pushes_in_the_wrong_order_are_put_right(practice: Practice, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first of three is kept back and arrives last: the server asks for what is missing, and takes each once."""
    monkeypatch.setattr(push, "MAX_PUSH_OPERATIONS", 1)
    ann, bob = laptops_of(practice, "Ann", "Bob")
    person_id = person_shared_by(ann, bob)
    for number in range(3):
        ann.change(Person, person_id, known_as=f"Bron {number}")
    practice.fault = on_path("/v1/push", Fault.LATE)
    ann.sync()
    practice.fault = lambda asked, count: None
    all_synced(ann, bob)
    for laptop in (ann, bob):
        assert laptop.load(Person, person_id).known_as == "Bron 2"
        versions = laptop.ask("SELECT rev, patch FROM version WHERE id = ? AND rev > 1 ORDER BY rev", person_id)
        assert [patch for _, patch in versions] == [f'{{"known_as":"Bron {number}"}}' for number in range(3)]
    same_everywhere(ann, bob)


@pytest.mark.fault(13)
def test_of_a_lost_laptop_only_the_unsent_work_is_lost_and_the_line_had_said_so(practice: Practice) -> None:
    ann, bob = laptops_of(practice, "Ann", "Bob")
    sent = person_shared_by(ann, bob)
    for number in range(3):
        ann.create(Person(family_name=f"Never sent {number}"))
    practice.fault = lambda path, count: Fault.LOST_REQUEST
    report = ann.sync()
    line = resting_line(
        waiting=ann.store.read(outbox.waiting_count),
        last_sync_at=None,
        problem=report.problems[0],
        now=dt.datetime.now().astimezone(),
    )
    assert "3 changes waiting" in line.words
    assert problem(report.problems[0].kind).message
    practice.fault = lambda path, count: None
    member, folder = ann.member, ann.store.folder
    ann.close()
    shutil.rmtree(folder)
    again = practice.laptop(member)
    again.synced()
    for laptop in (again, bob):
        laptop.synced()
        assert [person.id for person in laptop.all(Person)] == [sent]
    same_everywhere(again, bob)
