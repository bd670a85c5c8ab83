"""Programs of two versions beside each other, one schema apart either way (SYNC 3.10, P14). Only here are there two."""

import msgspec
import pytest

from tests.sync.client.practice import Laptop, Practice
from tests.sync.client.test_newer_versions import on_server
from wellbeing_desktop.domain.operation import Operation
from wellbeing_desktop.domain.person import Person
from wellbeing_desktop.domain.task import Task
from wellbeing_desktop.operations.outbox import waiting_by_person
from wellbeing_desktop.storage import piece_of_work
from wellbeing_desktop.storage.outbox import State
from wellbeing_desktop.sync.client.line import SyncState, resting_line
from wellbeing_desktop.sync.client.session import sync_once, utc_now
from wellbeing_desktop.sync.client.skew import OLD_SERVER
from wellbeing_desktop.sync.protocol.pushing import PushedOperation
from wellbeing_desktop.sync.schemas import Schemas, Step
from wellbeing_desktop.sync.server.service import Service

Pair = tuple[Laptop, Laptop]


def lift(operation: PushedOperation) -> PushedOperation:
    """The second schema calls a person's `known_as` by another name."""
    if operation.type != "person" or "known_as" not in operation.patch:
        return operation
    renamed = {"preferred_name" if name == "known_as" else name: value for name, value in operation.patch.items()}
    was = {"preferred_name" if name == "known_as" else name: value for name, value in operation.was.items()}
    return msgspec.structs.replace(operation, patch=renamed, was=was)


def lower(operation: Operation) -> Operation | None:
    """The first schema has no place for a task's detail."""
    return None if operation.type == "task" and "detail" in operation.patch else operation


def newer(*, serves_older: bool) -> Schemas:
    return Schemas((Step(number=2, lift=lift, lower=lower, serves_older=serves_older),))


def update_server(practice: Practice, *, serves_older: bool = True) -> None:
    practice.service = Service(practice.engine, practice.service.org, schemas=newer(serves_older=serves_older))


@pytest.mark.fault(23)
@pytest.mark.scenario(43)
def test_a_newer_server_lifts_what_an_older_laptop_sends_and_serves_it_still(practice: Practice, laptops: Pair) -> None:
    ann, bob = laptops
    update_server(practice)
    person_id = ann.create(Person(family_name="Hughes", known_as="Bron"))
    ann.synced()
    body = on_server(practice, person_id)
    assert body == {"family_name": "Hughes", "preferred_name": "Bron"}
    bob.synced()
    bob.change(Person, person_id, language="cy")
    bob.synced()
    ann.synced()
    assert on_server(practice, person_id)["preferred_name"] == "Bron", "an older laptop cannot erase a new field"
    for laptop in laptops:
        laptop.synced(verify=True)


@pytest.mark.capability("P14")
@pytest.mark.fault(23)
@pytest.mark.scenario(44)
def test_a_laptop_too_old_to_be_served_still_sends_and_is_told_so(practice: Practice, laptops: Pair) -> None:
    ann, _bob = laptops
    update_server(practice, serves_older=False)
    person_id = ann.create(Person(family_name="Hughes", known_as="Bron"))
    report = ann.sync()
    assert [found.kind for found in report.problems] == ["upgrade"]
    assert (report.sent, report.waiting) == (1, 0)
    assert on_server(practice, person_id)["preferred_name"] == "Bron"
    line = resting_line(waiting=0, last_sync_at=None, problem=report.problems[0], now=utc_now())
    assert line.state is SyncState.PUSH_ONLY
    assert line.words == "Changes are sent. Install the new version to receive others'"
    ann.change(Person, person_id, language="cy")
    assert ann.sync().sent == 1, "it works on, and what it saves still goes"


@pytest.mark.fault(24)
def test_a_newer_laptop_under_an_older_server_holds_what_does_not_fit_and_sends_the_rest(
    practice: Practice, laptops: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    ann, bob = laptops
    person_id = bob.create(Person(family_name="Hughes"))
    bob.synced()
    ann.synced()
    monkeypatch.setattr(piece_of_work, "SCHEMA", 2)
    new = newer(serves_older=True)
    unfit = ann.create(Task(subject=person_id, title="Ring", detail="About the garden"))
    ann.change(Task, unfit, title="Ring soon")
    fit = ann.create(Task(subject=person_id, title="Write"))
    before = len(practice.wire)
    report = sync_once(ann.store, ann.transport, schemas=new)
    assert report.problems == ()
    assert report.sent == 1
    assert b'"schema":2' not in b"".join(practice.wire[before:])
    bob.synced()
    assert bob.load(Task, fit).title == "Write"
    assert bob.load(Task, unfit) is None
    held = [piece for person in ann.store.read(waiting_by_person) for piece in person.pieces]
    assert {piece.state for piece in held} == {State.HELD}
    assert OLD_SERVER in {piece.why for piece in held}
    assert ann.load(Task, unfit).detail == "About the garden"
    update_server(practice)
    report = sync_once(ann.store, ann.transport, schemas=new)
    assert (report.problems, report.waiting) == ((), 0)
    assert on_server(practice, unfit) == {"title": "Ring soon", "detail": "About the garden"}


def test_a_step_that_cannot_make_sense_of_an_operation_quarantines_that_one(practice: Practice, laptops: Pair) -> None:
    ann, _bob = laptops

    def hostile(operation: PushedOperation) -> PushedOperation:
        return msgspec.structs.replace(operation, patch={"family_name": operation.patch["never_there"]})

    schemas = Schemas((Step(number=2, lift=hostile, lower=lower),))
    practice.service = Service(practice.engine, practice.service.org, schemas=schemas)
    ann.create(Person(family_name="Hughes"))
    report = ann.sync()
    assert report.quarantined == 1
    assert report.problems == ()
