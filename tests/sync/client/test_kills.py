"""A laptop is killed in the middle of saving and syncing, again and again: nothing saved is lost, nothing is half."""

import random
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from tests.sync.client.practice import Laptop, Practice
from wellbeing_desktop.domain.contact import Contact, Note
from wellbeing_desktop.domain.person import Person

ROOT = Path(__file__).parents[3]


def killed_after(laptop: Laptop, practice: Practice, person_id: str, milliseconds: float) -> list[str]:
    """Let the laptop work for a while after its first save, kill it without warning; the visits that it had saved."""
    laptop.store.close()
    command = [sys.executable, "-m", "tests.sync.client.working_laptop"]
    process = subprocess.Popen(
        [*command, str(laptop.store.folder), practice.http.url, person_id], stdout=subprocess.PIPE, text=True, cwd=ROOT
    )
    assert process.stdout is not None
    first = process.stdout.readline()
    timer = threading.Timer(milliseconds / 1000, process.kill)
    timer.start()
    rest = process.stdout.read()
    timer.join()
    process.wait()
    process.stdout.close()
    laptop.reopen()
    lines = [first, *rest.splitlines(keepends=True)]
    return [line.strip() for line in lines if line.endswith("\n")]


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
