"""The first load comes in pages, can be stopped and goes on from there, and leaves a store with search."""

import pytest

from tests.sync.client.practice import Fault, Laptop, Practice
from wellbeing_desktop.domain.person import Person
from wellbeing_desktop.storage import search
from wellbeing_desktop.storage.write_door import Transaction
from wellbeing_desktop.sync.client import snapshot

PEOPLE = 230


@pytest.fixture
def full(practice: Practice, monkeypatch: pytest.MonkeyPatch) -> tuple[Practice, Laptop]:
    """A practice with more people than a page holds, and a laptop that has none of them."""
    monkeypatch.setattr(snapshot, "LOAD_ROWS", 50)
    ann = practice.laptop(practice.member("Ann"))
    ann.synced()

    def add(tx: Transaction) -> None:
        for number in range(PEOPLE):
            tx.begin_group()
            tx.create(Person(family_name=f"Family{number:03}", given_name="Bronwen"))

    ann.do(add)
    assert ann.synced().sent == PEOPLE
    return practice, practice.laptop(practice.member("Bob"))


def asked_for_pages(practice: Practice) -> int:
    return practice.paths.count("/v1/snapshot")


def test_a_first_load_can_be_stopped_and_goes_on_from_there(full: tuple[Practice, Laptop]) -> None:
    practice, bob = full
    told: list[tuple[str, int, int]] = []

    def watch(step: str, done: int, total: int) -> None:
        told.append((step, done, total))

    before = asked_for_pages(practice)
    report = bob.sync(progress=watch, cancelled=lambda: len([one for one in told if one[0] == "loading"]) >= 2)
    assert [found.kind for found in report.problems] == ["cancelled"]
    assert 95 <= report.received <= 100  # a colleague's grant is not sent
    first_part = asked_for_pages(practice) - before
    assert first_part == 2
    assert len(bob.all(Person)) >= 90
    bob.reopen()
    report = bob.synced(progress=watch)
    assert report.loaded
    assert asked_for_pages(practice) - before <= 7, "it began again from the beginning"
    assert len(bob.all(Person)) == PEOPLE
    assert [row.id for row in bob.store.read(lambda reader: search.find_people(reader, "family117"))] == [
        person.id for person in bob.all(Person, family_name="Family117")
    ]
    loading = [(done, total) for step, done, total in told if step == "loading"]
    assert loading == sorted(loading)
    assert loading[0][1] >= PEOPLE
    bob.synced(verify=True)


def test_what_changes_during_a_first_load_is_there_at_its_end(full: tuple[Practice, Laptop]) -> None:
    practice, bob = full
    ann = practice.laptops[0]
    person_id = ann.all(Person, family_name="Family000")[0].id
    changed = []

    def change_meanwhile(path: str, count: int) -> Fault | None:
        if path == "/v1/snapshot" and len(changed) < 3:
            changed.append(True)
            if len(changed) == 3:
                ann.change(Person, person_id, known_as="Changed")
                ann.create(Person(family_name="New"))
                ann.synced()
        return None

    practice.fault = change_meanwhile
    bob.synced()
    assert bob.load(Person, person_id).known_as == "Changed"
    assert len(bob.all(Person)) == PEOPLE + 1
    bob.synced(verify=True)


def test_a_broken_line_during_a_first_load_keeps_what_came(full: tuple[Practice, Laptop]) -> None:
    practice, bob = full
    left = [3]

    def after_three(path: str, count: int) -> Fault | None:
        if path == "/v1/snapshot":
            left[0] -= 1
            return Fault.CUT_REPLY if left[0] < 0 else None
        return None

    practice.fault = after_three
    report = bob.sync()
    assert [found.kind for found in report.problems] == ["reply_cut_short"]
    assert 145 <= report.received <= 150
    practice.fault = lambda path, count: None
    assert bob.synced().received < 100
    assert len(bob.all(Person)) == PEOPLE


def test_the_history_of_what_was_loaded_follows(full: tuple[Practice, Laptop]) -> None:
    _practice, bob = full
    bob.synced()
    while bob.ask("SELECT count(*) FROM bucket_to_fetch") != [(0,)]:
        bob.synced()
    assert bob.ask("SELECT count(*) FROM version JOIN record USING (id) WHERE type = 'person'") == [(PEOPLE,)]
