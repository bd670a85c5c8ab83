"""Erasing a person: on the server in one transaction, then on every laptop, and nothing comes back."""

import datetime as dt

import pytest

from tests.sync.client.practice import Laptop, Practice
from wellbeing_desktop.domain.contact import Note
from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.domain.person import Person
from wellbeing_desktop.sync.server.erasure import erase

SECRET = "Her brother drinks, she says"
Pair = tuple[Laptop, Laptop]


def everything_on(practice: Practice) -> bytes:
    """Every byte that the server's tables hold of this organisation's work."""
    found = b""
    for table, column in (("rec", "body"), ("version", "body"), ("journal", "raw"), ("quarantine", "reason")):
        rows = practice.engine.read(
            lambda transaction, table=table, column=column: transaction.all(
                f"SELECT {column} FROM {table} WHERE org = ?", (practice.service.org,)
            )
        )
        found += b"".join(value.encode() if isinstance(value, str) else bytes(value) for (value,) in rows)
    return found


def test_nothing_of_an_erased_person_stays_on_the_server_or_on_any_laptop(practice: Practice, laptops: Pair) -> None:
    ann, bob = laptops
    person_id = ann.create(Person(family_name="Hughes", known_as="Bron"))
    other_id = ann.create(Person(family_name="Evans"))
    note_id = ann.create(Note(subject=person_id, written_on=dt.date(2026, 11, 21), text=SECRET))
    ann.synced()
    bob.synced()
    ann.change(Note, note_id, text=f"{SECRET}.")
    bob.change(Note, note_id, text=f"{SECRET}!")
    ann.synced()
    bob.synced()
    ann.synced()
    assert ann.conflicts()
    assert SECRET.encode() in everything_on(practice)
    now = dt.datetime.now(dt.UTC)
    with pytest.raises(Refused, match="Say why"):
        erase(practice.engine, practice.service.org, person_id, by="x", reason=" ", now=now)
    bob.change(Person, person_id, known_as="Written offline")
    done = erase(practice.engine, practice.service.org, person_id, by="x", reason="Her request", now=now)
    assert done.records >= 3
    assert SECRET.encode() not in everything_on(practice)
    assert b"Bron" not in everything_on(practice)
    for laptop in laptops:
        laptop.sync()
        laptop.sync()
        assert laptop.load(Person, person_id) is None
        assert laptop.load(Note, note_id) is None
        assert laptop.conflicts() == []
        assert laptop.ask("SELECT count(*) FROM outbox WHERE subject = ?", person_id) == [(0,)]
        assert laptop.ask("SELECT count(*) FROM audit_subject WHERE subject = ?", person_id) == [(0,)]
        assert laptop.ask("SELECT count(*) FROM version WHERE patch LIKE '%brother%'") == [(0,)]
        assert laptop.load(Person, other_id) is not None
        laptop.synced(verify=True)
    assert b"Written offline" not in everything_on(practice)
    newcomer = practice.laptop(practice.member("Cerys"))
    newcomer.synced()
    assert newcomer.load(Person, person_id) is None
    with pytest.raises(Refused, match="nobody"):
        erase(practice.engine, practice.service.org, person_id, by="x", reason="Again", now=now)


def test_a_laptop_that_loads_everything_again_loses_whoever_was_erased_meanwhile(
    practice: Practice, laptops: Pair
) -> None:
    from wellbeing_desktop.sync.client.reconcile import fetch_everything_again

    ann, bob = laptops
    person_id = ann.create(Person(family_name="Hughes"))
    ann.synced()
    bob.synced()
    now = dt.datetime.now(dt.UTC)
    erase(practice.engine, practice.service.org, person_id, by="x", reason="Her request", now=now)
    fetch_everything_again(bob.store)
    bob.sync()
    assert bob.load(Person, person_id) is None
