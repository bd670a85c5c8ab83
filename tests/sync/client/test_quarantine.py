"""Work that could not be applied, from both sides: its author's list and the desk that decides (SYNC 3.3, fault 22)."""

import datetime as dt

import pytest

from tests.sync.client.practice import Fault, Laptop, Member, Practice
from wellbeing_desktop.domain.contact import Appointment
from wellbeing_desktop.domain.errors import Refused, SyncProblem
from wellbeing_desktop.domain.ids import new_id
from wellbeing_desktop.domain.london_time import local_date
from wellbeing_desktop.domain.operation import Operation, OperationKind
from wellbeing_desktop.domain.person import Person
from wellbeing_desktop.domain.task import Task
from wellbeing_desktop.storage import grants, outbox, records, refused
from wellbeing_desktop.storage.connection import Writer
from wellbeing_desktop.storage.records import StoredRow
from wellbeing_desktop.sync.client import unapplied
from wellbeing_desktop.sync.client.desk import decide, fetch_quarantine, fetch_register
from wellbeing_desktop.sync.protocol.oversight import Decision
from wellbeing_desktop.sync.server import members

Scene = tuple[Practice, Laptop, Laptop, str]


@pytest.fixture
def scene(practice: Practice) -> Scene:
    """Ann sees everybody; Cerys' access to a person ended before what she wrote about them was sent."""
    ann = practice.laptop(practice.member("Ann"))
    cerys_member = practice.member("Cerys", kind="caseload", subjects=())
    ann.synced()
    person_id = ann.create(Person(family_name="Hughes", known_as="Bron"))
    ann.synced()
    practice.move(cerys_member, add=(person_id,))
    cerys = practice.laptop(cerys_member)
    cerys.synced()
    practice.move(cerys_member, remove=(person_id,))
    cerys.change(Person, person_id, known_as="Bronnie")
    cerys.sync()
    return practice, ann, cerys, person_id


def test_its_author_sees_why_what_to_do_and_their_own_words(scene: Scene) -> None:
    _, _, cerys, person_id = scene
    [work] = cerys.store.read(refused.refused_work)
    assert (work.person_id, work.why_word, work.state) == (person_id, "not_granted", "open")
    assert work.why == "You had no access to this part of the record when it arrived."
    assert "team lead" in work.advice
    assert work.text == "Known as: Bronnie"


def test_a_colleague_with_access_applies_it_and_it_stays_its_authors(scene: Scene) -> None:
    _, ann, cerys, person_id = scene
    [item] = fetch_quarantine(ann.store, ann.transport).items
    assert b"Bronnie" in bytes(item.content)
    [decided] = decide(ann.store, ann.transport, [Decision(device=item.device, n=item.n, what="apply")])
    assert (decided.state, decided.refused) == ("applied", "")
    ann.synced()
    assert ann.load(Person, person_id).known_as == "Bronnie"
    [(author, kind)] = ann.ask("SELECT author, kind FROM version WHERE id = ? ORDER BY rev DESC LIMIT 1", person_id)
    assert author == cerys.member.id
    assert "decided" in kind
    assert fetch_quarantine(ann.store, ann.transport).items == ()
    cerys.sync()
    assert cerys.store.read(refused.refused_work) == []
    [again] = decide(ann.store, ann.transport, [Decision(device=item.device, n=item.n, what="apply")])
    assert again.refused == "not_there"


def test_an_administrator_without_access_sees_counts_and_reasons_and_no_word_of_it(scene: Scene) -> None:
    practice, ann, cerys, person_id = scene
    office = practice.laptop(practice.member("Dewi", kind="caseload", subjects=()))
    office.sync()
    before = len(practice.wire)
    found = fetch_quarantine(office.store, office.transport)
    assert [(count.why, count.author, count.count) for count in found.counts] == [("not_granted", cerys.member.id, 1)]
    assert found.items == ()
    assert not any(b"Bronnie" in message or person_id.encode() in message for message in practice.wire[before:])
    [item] = fetch_quarantine(ann.store, ann.transport).items
    mark = Decision(device=item.device, n=item.n, what="apply")
    assert decide(office.store, office.transport, [mark])[0].refused == "not_granted"
    aside = Decision(device=item.device, n=item.n, what="set_aside", reason="Not needed")
    assert decide(office.store, office.transport, [aside])[0].refused == "not_granted"
    hand = Decision(device=item.device, n=item.n, what="hand", to=ann.member.id)
    assert decide(office.store, office.transport, [hand])[0].state == "handed"
    assert fetch_quarantine(ann.store, ann.transport).items[0].handed_to == ann.member.id


def test_setting_aside_needs_a_reason_which_its_author_reads_and_the_raw_operation_stays(scene: Scene) -> None:
    practice, ann, cerys, _ = scene
    [item] = fetch_quarantine(ann.store, ann.transport).items
    aside = Decision(device=item.device, n=item.n, what="set_aside")
    assert decide(ann.store, ann.transport, [aside])[0].refused == "reason_needed"
    aside = Decision(device=item.device, n=item.n, what="set_aside", reason="She prefers Bron")
    assert decide(ann.store, ann.transport, [aside])[0].state == "set_aside"
    cerys.sync()
    [work] = cerys.store.read(refused.refused_work)
    assert (work.state, work.note) == ("set_aside", "She prefers Bron")
    [(raw,)] = practice.engine.read(
        lambda transaction: transaction.all(
            "SELECT raw FROM journal WHERE org = ? AND dev = ? AND n = ?", (practice.service.org, item.device, item.n)
        )
    )
    assert b"Bronnie" in bytes(raw)
    assert unapplied.take_back(cerys.store, [work.place]) == ("Known as: Bronnie",)
    cerys.sync()
    assert cerys.store.read(refused.refused_work) == []


def test_its_author_tries_again_once_access_is_back(scene: Scene) -> None:
    practice, ann, cerys, person_id = scene
    practice.move(cerys.member, add=(person_id,))
    cerys.synced()
    [work] = cerys.store.read(refused.refused_work)
    unapplied.try_again(cerys.store, [work.place])
    assert cerys.load(Person, person_id).known_as == "Bronnie"
    with pytest.raises(Refused, match="settled"):
        unapplied.try_again(cerys.store, [work.place])
    cerys.synced()
    ann.synced()
    assert ann.load(Person, person_id).known_as == "Bronnie"
    assert fetch_quarantine(ann.store, ann.transport).items == ()


def test_a_record_that_only_refused_work_made_leaves_the_lists_when_it_is_taken_back(scene: Scene) -> None:
    _, _, cerys, person_id = scene
    task_id = new_id()
    cerys.store.write(lambda writer: _create_without_grant(writer, task_id, person_id))
    cerys.sync()
    work = next(one for one in cerys.store.read(refused.refused_work) if one.type == "task")
    assert unapplied.take_back(cerys.store, [work.place]) == ("Task: Ring the daughter",)
    assert cerys.load(Task, task_id) is None


def _create_without_grant(writer: Writer, task_id: str, person_id: str) -> None:
    """As a laptop whose grants had not arrived yet would."""
    body = {"title": "Ring the daughter"}
    operation = Operation(
        op_id=new_id(), txn=new_id(), id=task_id, type="task", subject=person_id, compartment="core",
        kind=OperationKind.CREATE, author=grants.user_of(writer), at="2026-11-21T09:00:00.000000Z", patch=body,
    )  # fmt: skip
    with writer.immediate():
        outbox.add_operation(writer, operation, door=operation.txn, action="add_task")
        records.write_row(writer, StoredRow(type="task", id=task_id, subject=person_id, compartment="core", body=body))


def test_the_register_says_what_waits_on_whose_laptop_and_whose_visits_are_due(practice: Practice) -> None:
    ann, bob = practice.laptop(practice.member("Ann")), practice.laptop(practice.member("Bob"))
    ann.synced()
    bob.synced()
    person_id = ann.create(Person(family_name="Hughes"))
    tomorrow = local_date(dt.datetime.now(dt.UTC)) + dt.timedelta(days=1)
    starts = dt.datetime.combine(tomorrow, dt.time(10), dt.UTC)
    visit = {"subject": person_id, "state": "booked", "practitioner_id": bob.member.id}
    ann.create(Appointment(starts_at=starts, starts_on=tomorrow, **visit))
    later = tomorrow + dt.timedelta(days=3)
    ann.create(Appointment(starts_at=starts + dt.timedelta(days=3), starts_on=later, **visit))
    ann.synced()
    bob.synced()
    bob.create(Task(subject=person_id, title="Ring"))
    practice.fault = lambda path, count: Fault.LOST_REQUEST if path == "/v1/push" else None
    bob.sync()
    practice.fault = lambda path, count: None
    rows = {row.practitioner_name: row for row in fetch_register(ann.store, ann.transport)}
    assert (rows["Bob"].due_tomorrow, rows["Bob"].due_this_week) == (1, 2)
    assert (rows["Bob"].report.waiting, rows["Bob"].late) == (1, "visits_due")
    assert rows["Bob"].report.program
    assert rows["Ann"].report.waiting == 0
    assert rows["Ann"].report.completed_at
    first = fetch_register(ann.store, ann.transport)[0]
    assert first.practitioner_name == "Bob", "what is most pressing comes first"


def test_a_lead_sees_the_laptops_of_their_team_and_somebody_who_leads_nobody_none(practice: Practice) -> None:
    service = practice.service
    lead, worker = members.add_member(service, "Lena", ("lead",)), members.add_member(service, "Wil", ("coordinator",))
    members.add_member(service, "Xan", ("coordinator",))
    members.create_as_server(service, "team", "", {"name": "North", "lead_id": lead, "members": [worker]})
    lena = practice.laptop(Member(lead, "", "Lena"))
    wil = practice.laptop(Member(worker, "", "Wil"))
    lena.sync()
    wil.sync()
    assert {row.practitioner_name for row in fetch_register(lena.store, lena.transport)} == {"Lena", "Wil"}
    with pytest.raises(SyncProblem) as refusal:
        fetch_register(wil.store, wil.transport)
    assert refusal.value.kind == "may_not"
