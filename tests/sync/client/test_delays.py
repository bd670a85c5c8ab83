"""What arrives late, malformed or for a record that has gone: kept, named, and never in the way (SYNC 7; faults 10, 22)."""

import msgspec
import pytest

from tests.sync.client.practice import Laptop, Practice
from wellbeing_desktop.domain.person import Person
from wellbeing_desktop.domain.task import Task
from wellbeing_desktop.storage import refused
from wellbeing_desktop.sync.client import push
from wellbeing_desktop.sync.client.problems import problem
from wellbeing_desktop.sync.client.pull import PAGE_ROWS, Puller
from wellbeing_desktop.sync.client.report import no_progress
from wellbeing_desktop.sync.protocol.limits import PAGE_ROWS_FLOOR
from wellbeing_desktop.sync.protocol.message import Head
from wellbeing_desktop.sync.protocol.pulling import PullReply
from wellbeing_desktop.sync.server import history

Pair = tuple[Laptop, Laptop]


@pytest.mark.scenario(25)
def test_an_edit_of_a_record_that_a_colleague_removed_is_kept_and_offered_back(laptops: Pair) -> None:
    ann, bob = laptops
    person_id = ann.create(Person(family_name="Hughes"))
    task_id = ann.create(Task(subject=person_id, title="Ring"))
    ann.synced()
    bob.synced()
    ann.do(lambda tx: tx.remove(Task, task_id, "Written twice"))
    bob.change(Task, task_id, detail="She asked about the garden")
    ann.synced()
    bob.synced()
    ann.synced()
    for laptop in laptops:
        assert laptop.load(Task, task_id).detail == "She asked about the garden"
        assert [conflict.field for conflict in laptop.conflicts()] == ["removed"]


@pytest.mark.capability("P9", "P10")
@pytest.mark.fault(22)
def test_one_malformed_operation_is_kept_alone_and_the_next_ones_apply(
    practice: Practice, laptops: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    ann, bob = laptops
    bad = ann.create(Person(family_name="Bent"))
    good = ann.create(Person(family_name="Straight"))
    as_usual = push.encoded

    def bent(queued: push.Queued) -> bytes:
        raw = as_usual(queued)
        return raw.replace(b'"kind":"create"', b'"kind":"sideways"') if queued.operation.id == bad else raw

    monkeypatch.setattr(push, "encoded", bent)
    report = ann.sync()
    monkeypatch.undo()
    assert (report.quarantined, report.waiting) == (1, 0)
    [work] = ann.store.read(refused.refused_work)
    assert (work.id, work.why_word) == (bad, "malformed")
    assert work.text == "Family name: Bent"
    bob.synced()
    assert bob.load(Person, good).family_name == "Straight"
    ann.create(Person(family_name="After"))
    assert ann.sync().sent == 1


@pytest.mark.fault(10)
def test_a_database_on_another_timeline_begins_a_new_history_and_laptops_send_again(
    practice: Practice, laptops: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    ann, bob = laptops
    ann.create(Person(family_name="Hughes"))
    ann.synced()
    engine, org = practice.engine, practice.service.org
    assert history.check_mark_at_start(engine, org), "the same database as before"
    monkeypatch.setattr(type(engine), "history_mark", lambda self: "another cluster/2")
    assert not history.check_mark_at_start(engine, org)
    monkeypatch.undo()
    ann.synced()
    bob.synced()
    assert len(bob.all(Person)) == 1
    bob.synced(verify=True)


class _Slow:
    """A server that answers a page in time only when it is small enough."""

    device, epoch, schema = "d", "e", 1

    def __init__(self, most: int) -> None:
        self.most = most
        self.asked: list[int] = []

    def ask(self, path: str, message: msgspec.Struct, kind: type) -> PullReply:
        limit = int(message.limit)
        self.asked.append(limit)
        if limit > self.most:
            raise problem("timed_out")
        return PullReply(next=Head(seq=len(self.asked), tok="t"), more=len(self.asked) < 4)


def test_pages_halve_when_they_time_out_and_grow_again_and_never_below_the_floor(laptops: Pair) -> None:
    ann, _ = laptops
    slow = _Slow(most=PAGE_ROWS // 2)
    puller = Puller(ann.store, slow, progress=no_progress, cancelled=lambda: False)
    puller.pull()
    assert slow.asked[:3] == [PAGE_ROWS, PAGE_ROWS // 2, PAGE_ROWS]
    dead = _Slow(most=0)
    with pytest.raises(Exception, match="in time"):
        Puller(ann.store, dead, progress=no_progress, cancelled=lambda: False).pull()
    assert dead.asked[-1] == PAGE_ROWS_FLOOR == 200
