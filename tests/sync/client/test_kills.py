"""A laptop is killed in the middle of saving and syncing, again and again: nothing saved is lost, nothing is half."""

import random
import threading

import pytest

from tests.killable import Killable
from tests.sync.client.practice import Laptop, Practice
from tests.sync.client.working_laptop import work
from wellbeing_desktop.domain.contact import Contact, Note
from wellbeing_desktop.domain.person import Person


def killed_after(laptop: Laptop, practice: Practice, person_id: str, milliseconds: float) -> list[str]:
    """Let the laptop work for a while after its first save, kill it without warning; the visits that it had saved."""
    laptop.store.close()
    process = Killable(work, str(laptop.store.folder), practice.http.url, person_id)
    saved = process.heard()
    assert saved is not None, "it saved nothing"
    visits = [saved]
    timer = threading.Timer(milliseconds / 1000, process.kill)
    timer.start()
    while saved is not None:
        saved = process.heard()
        visits += [saved] if saved is not None else []
    timer.join()
    process.ended()
    laptop.reopen()
    return visits


def check(laptop: Laptop, saved: set[str]) -> None:
    """Every saved visit is there, and every visit that is there is whole."""
    contacts = {contact.id for contact in laptop.all(Contact)}
    assert saved <= contacts
    notes: dict[str, int] = {}
    for note in laptop.all(Note):
        notes[note.about_id] = notes.get(note.about_id, 0) + 1
    assert notes == dict.fromkeys(contacts, 2)


def survive(practice: Practice, kills: int, seed: int) -> None:
    chance = random.Random(seed)
    ann, bob = practice.laptop(practice.member("Ann")), practice.laptop(practice.member("Bob"))
    ann.synced()
    person_id = ann.create(Person(family_name="Hughes"))
    ann.synced()
    saved: set[str] = set()
    for _ in range(kills):
        saved |= set(killed_after(ann, practice, person_id, chance.uniform(0, 120)))
        check(ann, saved)
    ann.synced()
    bob.synced()
    check(bob, saved)
    assert bob.ask("SELECT count(*) FROM record") == ann.ask("SELECT count(*) FROM record")
    assert {row for row in bob.ask("SELECT id, max(rev) FROM version GROUP BY id") if row[1] > 1} == set()
    ann.synced(verify=True)


@pytest.mark.slow
@pytest.mark.scenario(33)
def test_twenty_kills_lose_nothing_and_leave_nothing_half(file_practice: Practice) -> None:
    survive(file_practice, 20, seed=20261121)


@pytest.mark.soak
def test_two_hundred_kills_lose_nothing_and_leave_nothing_half(file_practice: Practice) -> None:
    seed = random.SystemRandom().randrange(2**32)
    print(f"seed {seed}")
    survive(file_practice, 200, seed)
