"""Documents between laptops: what is sent, fetched, left, purged, and what a damaged or slow link does to them."""

import datetime as dt
import random
import shutil
from pathlib import Path

import pytest

from tests.sentinel import find_in
from tests.sync.client.failing_link import FailingLink
from tests.sync.client.file_practice import (
    NOW,
    add,
    all_files,
    content_on,
    file_practice_on,
    forget,
    held,
    joined,
    sha_of,
)
from tests.sync.client.practice import Practice
from wellbeing_desktop.domain.contact import Appointment
from wellbeing_desktop.domain.document import Attachment
from wellbeing_desktop.domain.person import Person
from wellbeing_desktop.storage.attachments import PART_BYTES, State
from wellbeing_desktop.storage.files_to_share import files_in_order
from wellbeing_desktop.storage.store_files import ATTACHMENTS_FILE
from wellbeing_desktop.sync.client.files import unsent_files
from wellbeing_desktop.sync.server import backup
from wellbeing_desktop.sync.server.engine import Engine

SENTINEL = "Zebedee Quixworth of Nether Wallop"
Linked = tuple[Practice, FailingLink]


def scan(size: int, seed: int = 1) -> bytes:
    return (SENTINEL.encode() + random.Random(seed).randbytes(size))[:size]


def test_a_document_reaches_a_colleague_and_nothing_readable_is_left_anywhere(
    file_linked: Linked, tmp_path: Path
) -> None:
    practice, _link = file_linked
    ann, bob = joined(practice, "Ann"), joined(practice, "Bob")
    content = scan(2 * PART_BYTES + 9)
    sha = add(ann, content)
    assert unsent_files(ann.store) == 1
    sent = all_files(ann)
    assert (sent.problems, sent.file_problem, sent.files_sent, sent.files_left) == ((), None, 1, 0)
    assert unsent_files(ann.store) == 0
    got = all_files(bob)
    assert (got.files_received, got.files_left) == (1, 0)
    assert content_on(bob, sha) == content
    document = bob.all(Attachment)[0]
    assert {change.id for change in got.changes.touched if change.type == "attachment"} == {document.id}
    assert find_in(tmp_path, [SENTINEL]) == []
    assert all_files(bob).files_received == 0, "nothing twice"
    for laptop in (ann, bob):
        laptop.close()
    assert find_in(tmp_path, [SENTINEL]) == []


def test_two_documents_of_one_content_travel_once(file_linked: Linked) -> None:
    practice, link = file_linked
    ann = joined(practice, "Ann")
    content = scan(PART_BYTES)
    add(ann, content)
    all_files(ann)
    before = link.passed["up"]
    add(ann, content, title="The same letter again")
    all_files(ann)
    assert link.passed["up"] - before < PART_BYTES // 2


def test_records_never_wait_for_a_document(file_linked: Linked) -> None:
    practice, link = file_linked
    ann, bob = joined(practice, "Ann"), joined(practice, "Bob")
    add(ann, scan(4 * PART_BYTES))
    link.up = 2 * PART_BYTES
    report = all_files(ann)
    assert report.problems == ()
    assert report.file_problem is not None
    assert report.waiting == 0, "every record went"
    link.mend()
    bob.synced()
    assert bob.all(Attachment)[0].title == "Letter"

    saved: list[str] = []

    def save_meanwhile(step: str, done: int, total: int) -> None:
        if step == "sending_file" and not saved:
            saved.append(ann.create(Person(family_name="Saved during a file")))

    report = all_files(ann, progress=save_meanwhile)
    assert saved
    assert report.more, "the file steps aside for what was just saved"
    assert report.files_sent == 0
    assert all_files(ann).files_sent == 1


def test_a_document_has_its_share_of_a_sync_and_then_goes_on(file_linked: Linked) -> None:
    practice, _link = file_linked
    ann = joined(practice, "Ann")
    add(ann, scan(3 * PART_BYTES))
    report = ann.sync(files_seconds=-1.0)
    assert (report.more, report.files_left, report.problems) == (True, 1, ())
    assert all_files(ann).files_sent == 1


def test_tomorrows_people_come_first_and_then_the_newest(file_linked: Linked) -> None:
    practice, _link = file_linked
    ann = joined(practice, "Ann")
    shas = {}
    for name, received, days in (("old", 1, None), ("new", 20, None), ("visited", 2, 1), ("next week", 3, 7)):
        person = ann.create(Person(family_name=name))
        shas[add(ann, name.encode(), person=person, received_on=dt.date(2026, 11, received))] = name
        if days is not None:
            starts = NOW + dt.timedelta(days=days)
            ann.create(Appointment(subject=person, starts_at=starts, starts_on=starts.date(), state="booked"))
    order = ann.store.read(lambda reader: files_in_order(reader, NOW.date()))
    assert [shas[named.sha] for named in order] == ["visited", "new", "next week", "old"]


def test_a_whole_that_the_server_holds_wrongly_is_never_shown_and_is_sent_again_by_who_has_it(
    linked: Linked,
) -> None:
    practice, _link = linked
    ann, bob = joined(practice, "Ann"), joined(practice, "Bob")
    content = scan(2 * PART_BYTES)
    sha = add(ann, content)
    all_files(ann)
    wrong = b"x" * PART_BYTES

    def swap(transaction) -> None:
        # bytes and their own hash agree, and are not what the file's name says
        places = transaction.all("SELECT place FROM blob_part WHERE sha = ? AND i = 1", (sha,))
        transaction.run("UPDATE blob_bytes SET data = ? WHERE place = ?", (wrong, places[0][0]))
        transaction.run("UPDATE blob_part SET hash = ? WHERE sha = ? AND i = 1", (sha_of(wrong), sha))

    practice.engine.write(swap)
    assert all_files(bob).files_received == 0
    assert held(bob, sha) is None
    assert content_on(bob, sha) is None
    assert all_files(ann).files_sent == 1, "the server asked for it again"
    all_files(bob)
    assert content_on(bob, sha) == content


def test_a_server_put_back_from_a_copy_gets_what_it_lacks(file_linked: Linked, tmp_path: Path) -> None:
    practice, _link = file_linked
    ann, bob = joined(practice, "Ann"), joined(practice, "Bob")
    content = scan(PART_BYTES)
    sha = add(ann, content)
    all_files(ann)

    def lose(transaction) -> None:
        for table in ("blob", "blob_part", "blob_bytes", "blob_holder"):
            transaction.run(f"DELETE FROM {table} WHERE org = ?", (practice.service.org,))
        transaction.run("UPDATE org_clock SET epoch = 'another', mark = '' WHERE org = ?", (practice.service.org,))

    practice.engine.write(lose)
    report = all_files(ann)
    assert report.files_sent == 1
    all_files(bob)
    assert content_on(bob, sha) == content
    assert backup.make_backup(practice.engine, bytes(32), tmp_path / "b", NOW).rows > 0


def test_documents_of_people_who_leave_the_scope_go_with_them(linked: Linked) -> None:
    practice, _link = linked
    ann = joined(practice, "Ann")
    stays, goes = ann.create(Person(family_name="Stays")), ann.create(Person(family_name="Goes"))
    mine, shared = scan(PART_BYTES, 2), scan(PART_BYTES, 3)
    sha, both = add(ann, mine, person=goes), add(ann, shared, person=goes)
    add(ann, shared, person=stays)
    all_files(ann)
    bob_member = practice.member("Bob", kind="caseload", subjects=(stays, goes))
    bob = practice.laptop(bob_member)
    all_files(bob)
    assert content_on(bob, sha) == mine
    practice.move(bob_member, remove=(goes,))
    all_files(bob)
    assert bob.load(Person, goes) is None
    assert held(bob, sha) is None, "nothing names it any more"
    assert content_on(bob, both) == shared, "another record names it"
    log = bob.store.folder / f"{ATTACHMENTS_FILE}-wal"
    assert not log.exists() or log.stat().st_size == 0
    assert content_on(ann, sha) == mine


def test_a_damaged_file_of_documents_holds_up_no_record_and_fills_again_from_the_server(
    file_linked: Linked,
) -> None:
    practice, _link = file_linked
    ann, bob = joined(practice, "Ann"), joined(practice, "Bob")
    content = scan(PART_BYTES)
    sha = add(ann, content)
    all_files(ann)
    all_files(bob)
    bob.store.files.close()
    (bob.store.folder / ATTACHMENTS_FILE).write_bytes(b"not a database at all" * 1000)
    bob.store.files.reopen()
    person = ann.create(Person(family_name="New"))
    ann.synced()
    report = all_files(bob)
    assert report.problems == ()
    assert any("documents" in finding for finding in report.findings)
    assert bob.load(Person, person) is not None
    bob.store.begin_new_attachments_file()
    all_files(bob)
    assert content_on(bob, sha) == content


def test_files_that_the_server_does_not_take_stay_here_and_are_told(file_engine: Engine, tmp_path: Path) -> None:
    with file_practice_on(file_engine, tmp_path, largest_file_bytes=PART_BYTES) as (practice, _link):
        ann = joined(practice, "Ann")
        sha = add(ann, scan(2 * PART_BYTES))
        small = add(ann, b"a small one")
        report = all_files(ann)
        assert report.problems == ()
        assert report.file_problem is not None
        assert report.file_problem.kind == "file_too_large"
        assert (report.files_sent, report.files_left) == (1, 1)
        states = {sha: State.HERE, small: State.SHARED}
        assert {one: found.state for one in states if (found := held(ann, one)) is not None} == states


def test_a_laptop_put_back_from_its_backup_fetches_what_it_lacks(file_linked: Linked) -> None:
    practice, _link = file_linked
    ann, bob = joined(practice, "Ann"), joined(practice, "Bob")
    sha = add(ann, scan(PART_BYTES))
    all_files(ann)
    all_files(bob)
    forget(bob, sha)
    assert content_on(bob, sha) is None
    assert all_files(bob).files_received == 1


@pytest.mark.slow
def test_a_laptop_killed_while_it_fetches_goes_on_from_its_last_part(file_linked: Linked, tmp_path: Path) -> None:
    practice, link = file_linked
    ann, bob = joined(practice, "Ann"), joined(practice, "Bob")
    content = scan(5 * PART_BYTES)
    sha = add(ann, content)
    all_files(ann)

    def copied(step: str, done: int, total: int) -> None:
        if step == "fetching_file" and done >= 3 * PART_BYTES and not (tmp_path / "killed").exists():
            shutil.copytree(bob.store.folder, tmp_path / "killed")  # the files as a kill would leave them

    all_files(bob, progress=copied)
    folder = bob.store.folder
    bob.store.close()
    shutil.rmtree(folder)
    (tmp_path / "killed").rename(folder)
    bob.reopen()
    before = link.passed["down"]
    all_files(bob)
    assert content_on(bob, sha) == content
    assert link.passed["down"] - before < 3 * PART_BYTES
