"""Scenarios 55 to 57 of SYNC 7: letters that stop half way, that two people replace, that have not arrived."""

import random

import pytest

from tests.sync.client.failing_link import FailingLink
from tests.sync.client.file_practice import NOW, add, all_files, content_on, held, joined
from tests.sync.client.practice import Laptop, Practice
from wellbeing_desktop.domain.document import Attachment
from wellbeing_desktop.domain.person import Person
from wellbeing_desktop.operations import files
from wellbeing_desktop.storage import attachments
from wellbeing_desktop.storage.attachments import PART_BYTES, State

LETTER = random.Random(55).randbytes(20 * PART_BYTES)
"""A scanned letter of 20 MB."""
SIXTY_PER_CENT = len(LETTER) * 6 // 10
Linked = tuple[Practice, FailingLink]


@pytest.mark.scenario(55)
@pytest.mark.slow
def test_a_20_mb_letter_that_drops_at_60_per_cent_resumes_in_both_directions(linked: Linked) -> None:
    practice, link = linked
    ann, bob = joined(practice, "Ann"), joined(practice, "Bob")
    ann.synced()
    sha = add(ann, LETTER)
    link.up = SIXTY_PER_CENT
    report = all_files(ann)
    assert report.problems == ()
    assert report.file_problem is not None
    assert report.waiting == 0
    link.mend()
    all_files(bob)
    assert bob.all(Attachment)[0].sha256 == sha, "what it is called is here already"
    assert held(bob, sha) is None
    assert content_on(bob, sha) is None, "not yet here, rather than a broken file"
    before = link.passed["up"]
    assert all_files(ann).files_sent == 1
    assert link.passed["up"] - before < len(LETTER) // 2, "it goes on where it stopped"

    link.down = SIXTY_PER_CENT
    report = all_files(bob)
    assert report.problems == ()
    found = held(bob, sha)
    assert found is not None
    assert found.state is State.ARRIVING
    assert 8 * PART_BYTES < found.have < 13 * PART_BYTES, "arriving, so much of 20 MB"
    assert content_on(bob, sha) is None
    bob.reopen()
    link.mend()
    before = link.passed["down"]
    assert all_files(bob).files_received == 1
    assert link.passed["down"] - before < len(LETTER) * 55 // 100
    assert content_on(bob, sha) == LETTER


@pytest.mark.scenario(56)
def test_two_people_who_replace_the_same_letter_keep_both_files(linked: Linked) -> None:
    practice, _link = linked
    ann, bob = joined(practice, "Ann"), joined(practice, "Bob")
    person = ann.create(Person(family_name="Jones"))
    add(ann, b"%PDF-1.7 the first letter", person=person)
    for laptop in (ann, bob):
        all_files(laptop)
    first = ann.all(Attachment)[0]
    newer = {}
    for laptop, content in ((ann, b"%PDF-1.7 Ann's newer letter"), (bob, b"%PDF-1.7 Bob's newer letter")):
        newer[replace(laptop, first, content)] = content
    for laptop in (ann, bob, ann, bob):
        all_files(laptop)
    for laptop in (ann, bob):
        assert {document.sha256 for document in laptop.all(Attachment)} == set(newer)
        assert {sha: content_on(laptop, sha) for sha in newer} == newer
        assert laptop.conflicts() == []
        assert content_on(laptop, first.sha256) == b"%PDF-1.7 the first letter", "and the first stays in history"


def replace(laptop: Laptop, document: Attachment, content: bytes) -> str:
    sha = attachments.keep_file(laptop.store.files, content, now=NOW)
    newer = Attachment(subject=document.subject, sha256=sha, bytes=len(content), title=document.title)
    laptop.store.write(lambda writer: files.replace_file(writer, document.id, newer))
    return sha


@pytest.mark.scenario(57)
def test_a_document_that_has_not_arrived_is_never_sent_as_empty(linked: Linked) -> None:
    practice, link = linked
    ann, bob = joined(practice, "Ann"), joined(practice, "Bob")
    content = LETTER[: 3 * PART_BYTES]
    sha = add(ann, content)
    ann.sync(files_seconds=-1.0)
    bob.synced()
    document = bob.all(Attachment)[0]
    bob.change(Attachment, document.id, title="Letter from the hospital")
    report = all_files(bob)
    assert (report.files_sent, report.files_received, report.files_left) == (0, 0, 1)
    all_files(ann)
    link.down = PART_BYTES + PART_BYTES // 2
    all_files(bob)
    link.mend()
    assert held(bob, sha) is not None, "one part is here"
    forget_on_server(practice, sha)
    report = all_files(bob)
    assert report.files_sent == 0, "half a file is not offered, though the server asks"
    assert all_files(ann).files_sent == 1
    all_files(bob)
    assert content_on(bob, sha) == content
    assert ann.all(Attachment)[0].title == "Letter from the hospital"


def forget_on_server(practice: Practice, sha: str) -> None:
    def lose(transaction) -> None:
        transaction.run("DELETE FROM blob_part WHERE sha = ?", (sha,))
        transaction.run("UPDATE blob SET state = 'wanted' WHERE sha = ?", (sha,))

    practice.engine.write(lose)
