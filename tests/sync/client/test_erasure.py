"""Erasing a person: on the server in one transaction, then on every laptop, and nothing comes back."""

import datetime as dt

import pytest

from tests.sync.client.practice import Laptop, Practice
from wellbeing_desktop.domain.contact import Note
from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.domain.person import Person
from wellbeing_desktop.sync.server.erasure import erase, erase_by_administrator, look_at

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


def test_an_administrator_erases_by_number_and_birth_date_and_is_told_of_the_backups(file_practice: Practice) -> None:
    practice = file_practice
    ann = practice.laptop(practice.member("Ann"))
    ann.synced()
    born = ann.create(Person(family_name="Hughes", born_on=dt.date(1950, 2, 3)))
    unborn = ann.create(Person(family_name="Evans"))
    ann.synced()
    for subject, day in ((born, "1950-02-04"), (born, "unknown"), ("nonsense", "unknown"), (ann.member.id, "unknown")):
        with pytest.raises(Refused, match="nobody with that number and that date of birth"):
            look_at(practice.service, subject, day)
    assert look_at(practice.service, unborn, "unknown").records == 1
    now = dt.datetime(2026, 11, 20, tzinfo=dt.UTC)
    practice.engine.write(
        lambda transaction: transaction.run(
            "INSERT INTO backup_made (org, made_at, file, seq, records, hash) VALUES (?, ?, 'b', 1, 1, 'x')",
            (practice.service.org, now.isoformat()),
        )
    )
    done = erase_by_administrator(practice.service, born, "1950-02-03", reason="Her request", by="x")
    assert (done.records, done.operations) == (1, 1)
    assert "from 2026-11-20 to 2026-11-20" in done.backups
    ann.sync()
    assert ann.load(Person, born) is None
    assert ann.load(Person, unborn) is not None
