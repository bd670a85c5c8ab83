"""Faults 25 and 26 of SYNC 4: a large document over a failing link, and one that is damaged on the way or at rest."""

import random

import pytest

from tests.sync.client.failing_link import FailingLink
from tests.sync.client.file_practice import add, all_files, content_on, held, joined
from tests.sync.client.practice import Practice
from wellbeing_desktop.domain.document import Attachment
from wellbeing_desktop.storage.attachments import PART_BYTES
from wellbeing_desktop.sync.client.conversation import BlobAnswer
from wellbeing_desktop.sync.client.problems import problem
from wellbeing_desktop.sync.client.transport import HttpTransport

Linked = tuple[Practice, FailingLink]


@pytest.mark.fault(25)
@pytest.mark.slow
def test_a_20_mb_document_gets_over_a_link_that_drops_again_and_again(linked: Linked) -> None:
    practice, link = linked
    ann, bob = joined(practice, "Ann"), joined(practice, "Bob")
    ann.synced()
    bob.synced()
    content = random.Random(25).randbytes(20 * PART_BYTES)
    sha = add(ann, content, title="Discharge summary")
    drops, link.up = 0, 5 * PART_BYTES
    while all_files(ann).files_sent == 0:
        assert ann.waiting() == 0
        link.up = 5 * PART_BYTES  # and so much passes before it drops
        drops += 1
    assert drops >= 3
    link.mend()
    bob.sync(files_seconds=-1.0)
    assert bob.all(Attachment)[0].title == "Discharge summary", "what it is, before it is here"
    drops, seen = 0, []
    link.down = 5 * PART_BYTES
    while all_files(bob).files_received == 0:
        found = held(bob, sha)
        seen.append(found.have if found else 0)
        link.down = 5 * PART_BYTES
        drops += 1
    assert drops >= 3
    assert seen == sorted(seen), "it never begins again"
    assert content_on(bob, sha) == content


class Bending:
    """A transport that bends bytes of every n-th part on its way down, where the digest was checked already or not."""

    def __init__(self, real: HttpTransport, damaged: list[str]) -> None:
        self._real, self._damaged = real, damaged

    def __getattr__(self, name: str) -> object:
        return getattr(self._real, name)

    def blob(self, method: str, path: str, **how: object) -> BlobAnswer:
        if method == "PUT" and self._damaged.pop(0) == "bent":
            how["body"] = b"\x00" + how["body"][1:]  # the digest says what it was
        answer = self._real.blob(method, path, **how)
        if method == "GET" and self._damaged.pop(0) == "bent":
            raise problem("reply_damaged")
        return answer


@pytest.mark.fault(26)
def test_a_part_damaged_on_the_way_is_sent_and_fetched_again(linked: Linked) -> None:
    practice, _link = linked
    ann, bob = joined(practice, "Ann"), joined(practice, "Bob")
    content = random.Random(26).randbytes(3 * PART_BYTES)
    for laptop in (ann, bob):
        laptop.transport = Bending(laptop.transport, ["well", "bent", "bent", "well", "bent", "well", "well", "well"])
    sha = add(ann, content)
    report = all_files(ann)
    assert (report.files_sent, report.file_problem) == (1, None)
    report = all_files(bob)
    assert (report.files_received, report.file_problem) == (1, None)
    assert content_on(bob, sha) == content


@pytest.mark.fault(26)
def test_a_document_that_rots_on_the_server_is_asked_of_whoever_holds_it(linked: Linked) -> None:
    practice, _link = linked
    ann, bob, cara = (joined(practice, name) for name in ("Ann", "Bob", "Cara"))
    content = random.Random(27).randbytes(2 * PART_BYTES)
    sha = add(ann, content)
    all_files(ann)
    all_files(bob)
    ann.store.close()  # the one who added it is away

    def rot(transaction) -> None:
        places = transaction.all("SELECT place FROM blob_part WHERE sha = ?", (sha,))
        transaction.run("UPDATE blob_bytes SET data = ? WHERE place = ?", (b"rot", places[0][0]))

    practice.engine.write(rot)
    assert all_files(cara).files_received == 0
    assert content_on(cara, sha) is None
    assert all_files(bob).files_sent == 1
    assert all_files(cara).files_received == 1
    assert content_on(cara, sha) == content
