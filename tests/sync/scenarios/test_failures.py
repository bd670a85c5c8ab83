"""Failure in the middle: scenarios 34, 35, 38, 39, 41 and 42; the others are in tests/sync/client."""

import json
import random
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.sync.client.misbehaving_server import Answer, Asked
from tests.sync.client.practice import PASSPHRASE, Laptop, Practice
from tests.sync.client.test_faults import cursor
from tests.sync.client.test_transport import told
from tests.sync.scenarios.people import DAY, all_synced, laptops_of, person_shared_by, same_everywhere
from wellbeing_desktop.domain.contact import Note
from wellbeing_desktop.domain.person import Person
from wellbeing_desktop.storage import drafts
from wellbeing_desktop.storage.backup import backup, restore
from wellbeing_desktop.storage.refused import refused_work
from wellbeing_desktop.storage.store import Store
from wellbeing_desktop.storage.write_door import Transaction
from wellbeing_desktop.sync.client.address import server_address
from wellbeing_desktop.sync.client.backoff import wait_after
from wellbeing_desktop.sync.client.session import COPIED
from wellbeing_desktop.sync.client.transport import HttpTransport
from wellbeing_desktop.sync.server.local import running_server
from wellbeing_desktop.sync.server.settings import Settings


@pytest.mark.scenario(34)
@pytest.mark.fault(22)
def test_one_refused_record_of_two_hundred_is_named_and_holds_up_nothing(practice: Practice) -> None:
    """One record out of 200 is refused by S: 199 go through, the refused one is named with the reason, stays marked
    unsent, and does not block the next sync."""
    [ann] = laptops_of(practice, "Ann")
    refused_id, kept_id = person_shared_by(ann), person_shared_by(ann)
    [bob] = laptops_of(practice, "Bob", kind="caseload", subjects=(refused_id, kept_id))
    practice.move(bob.member, remove=(refused_id,))

    def write(tx: Transaction) -> None:
        for number in range(200):
            tx.begin_group()
            if number == 100:
                tx.change(Person, refused_id, {"known_as": "Not mine any more"})
            else:
                tx.create(Note(subject=kept_id, written_on=DAY, text=f"Call {number:03}"))

    bob.do(write)
    report = bob.sync()
    assert (report.sent, report.quarantined, report.problems) == (200, 1, ())
    [refused] = bob.store.read(refused_work)
    assert refused.id == refused_id
    assert refused.why
    bob.create(Note(subject=kept_id, written_on=DAY, text="Next"))
    assert bob.synced().sent == 1
    ann.synced()
    assert len(ann.all(Note, subject=kept_id)) == 200
    assert ann.load(Person, refused_id).known_as == ""
    assert [work.id for work in bob.store.read(refused_work)] == [refused_id], "it stays marked"


@pytest.mark.scenario(35)
def test_a_record_that_cannot_be_read_on_arrival_keeps_the_bookmark(practice: Practice) -> None:
    """One record out of 200 cannot be read on arrival: the bookmark does not move past it."""
    ann, bob = laptops_of(practice, "Ann", "Bob")
    names = {f"Family{number:03}" for number in range(200)}
    ann.do(lambda tx: [tx.create(Person(family_name=name)) for name in sorted(names)])
    ann.synced()
    before = cursor(bob)

    def spoiled(path: str, reply: bytes) -> bytes:
        if path != "/v1/pull":
            return reply
        page = json.loads(reply)
        page["changes"][100]["rev"] = "not a number"
        return json.dumps(page).encode()

    practice.bend = spoiled
    report = bob.sync()
    assert report.problems
    assert cursor(bob) == before
    practice.bend = lambda path, reply: reply
    bob.synced()
    assert {person.family_name for person in bob.all(Person)} == names
    same_everywhere(bob)


@pytest.mark.scenario(38)
@pytest.mark.fault(12)
def test_a_store_restored_from_its_own_backup_overwrites_nothing_newer(practice: Practice, tmp_path: Path) -> None:
    """The local store is replaced (restore from backup) during or before a sync: the sync stops; restored older data do
    not overwrite newer server data."""
    ann, bob = laptops_of(practice, "Ann", "Bob")
    person_id = person_shared_by(ann, bob)
    backup(ann.store, tmp_path / "ann.backup")
    ann.change(Person, person_id, known_as="Newer")
    ann.create(Person(family_name="After the backup"))
    all_synced(ann, bob)
    ann.store.close()
    restore(tmp_path / "ann.backup", tmp_path / "restored", PASSPHRASE)
    ann.store = Store.open(tmp_path / "restored", PASSPHRASE, accept_shortened=True)
    ann.change(Person, person_id, language="cy")
    report = ann.sync()
    assert ([found.kind for found in report.problems], report.findings) == ([], (COPIED,))
    all_synced(ann, bob)
    for laptop in (ann, bob):
        person = laptop.load(Person, person_id)
        assert (person.known_as, person.language) == ("Newer", "cy")
        assert {one.family_name for one in laptop.all(Person)} == {"Hughes", "After the backup"}
    same_everywhere(ann, bob)


@pytest.mark.scenario(39)
@pytest.mark.fault(30)
def test_each_wrong_answer_has_a_message_of_its_own_and_loses_nothing(practice: Practice) -> None:
    """S answers 500, 401, 403, a redirect to a new address, and a captive-portal web page in turn: each gives its own
    message; the redirect is remembered; nothing is lost."""
    ann, bob = laptops_of(practice, "Ann", "Bob")
    person_id = person_shared_by(ann, bob)
    ann.change(Person, person_id, known_as="Bron")
    before = cursor(ann)
    said = set()
    for answer in (
        told(500, "fault"),
        told(401, "revoked"),
        told(403, "leaving"),
        Answer(headers={"Content-Type": "text/html"}, body=b"<html>Welcome to the cafe</html>"),
        Answer(status=308, headers={"Location": "https://elsewhere.example.org/v1/nonce"}, body=b""),
    ):
        practice.http.answer = lambda asked, answer=answer: answer
        report = ann.sync()
        [found] = report.problems
        assert found.advice
        said.add(found.message)
        assert report.waiting == 1
        assert cursor(ann) == before
        assert ann.load(Person, person_id).known_as == "Bron"
    assert len(said) == 5

    def moved(asked: Asked) -> Answer:
        if not asked.path.startswith("/pcn/"):
            return Answer(status=308, headers={"Location": f"/pcn{asked.path}"}, body=b"")
        return practice.answer(Asked(asked.path.removeprefix("/pcn"), asked.headers, asked.body))

    practice.http.answer = moved
    practice.http.asked.clear()
    ann.synced()
    assert [asked.path for asked in practice.http.asked if not asked.path.startswith("/pcn/")] == ["/v1/nonce"]
    practice.http.answer = practice.answer
    bob.synced()
    assert bob.load(Person, person_id).known_as == "Bron"


@pytest.mark.scenario(41)
@pytest.mark.fault(33)
@pytest.mark.slow
@pytest.mark.parametrize("count", [12, pytest.param(30, marks=pytest.mark.soak)])
def test_many_laptops_at_once_all_get_through_and_none_is_left_without_a_word(practice: Practice, count: int) -> None:
    """They come back on Monday at 9, more than the server takes at once: they queue, and none times out silently."""
    many = laptops_of(practice, *(f"Laptop {number}" for number in range(count)))
    for number, laptop in enumerate(many):
        laptop.create(Person(family_name=f"From {number}"))
    told_to_wait: list[str] = []
    waiting, chance = threading.Event(), random.Random(20261121)

    def until_through(laptop: Laptop) -> None:
        for failures in range(1, 400):
            report = laptop.sync()
            if report.is_complete:
                return
            for found in report.problems:
                assert found.retry, "somebody was turned away for good"
                assert found.message
                told_to_wait.append(found.kind)
            waiting.wait(wait_after(min(failures, 4), chance.random()) / 20)  # as the runner does, in a small time
        raise AssertionError("never got through")

    with running_server(practice.service, Settings(folder=Path(), requests_at_once=8)) as url:
        for laptop in many:
            laptop.transport.close()
            laptop.transport = HttpTransport(server_address(url))
        with ThreadPoolExecutor(count) as pool:
            list(pool.map(until_through, many))
        many[0].synced()
        assert {person.family_name for person in many[0].all(Person)} == {f"From {number}" for number in range(count)}
        for laptop in many:
            laptop.transport.close()
    assert set(told_to_wait) <= {"unavailable", "busy"}


@pytest.mark.scenario(42)
def test_an_edit_begun_before_a_sync_and_saved_after_it_goes_with_the_next(practice: Practice) -> None:
    """A long edit started before the sync and saved after it: not skipped by the next upload."""
    ann, bob = laptops_of(practice, "Ann", "Bob")
    person_id = person_shared_by(ann, bob)
    seen = ann.load(Person, person_id)  # the form is open, and a draft of it is kept
    ann.store.write(lambda writer: drafts.save_draft(writer, f"person {person_id}", person_id, {"known_as": "Bron"}))
    bob.change(Person, person_id, known_as="Bronnie", language="cy")
    bob.synced()
    assert ann.synced().sent == 0
    ann.do(lambda tx: tx.change(Person, person_id, {"known_as": "Bron"}, {"known_as": seen.known_as}))
    assert ann.synced().sent == 1
    all_synced(bob, ann)
    for laptop in (ann, bob):
        person = laptop.load(Person, person_id)
        assert (person.known_as, person.language) == ("Bron", "cy")
        said = "".join(f"{patch}{was}" for patch, was in laptop.ask("SELECT patch, was FROM version"))
        assert "Bronnie" in said, "what was there meanwhile is in history"
    same_everywhere(ann, bob)
