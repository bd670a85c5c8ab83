"""The outbox: work waits, goes in order and whole, is answered once, and is dropped only when it is backed up."""

import datetime as dt

import pytest

from tests.storage.sample_records import add_person
from wellbeing_desktop.domain.contact import Contact, Note
from wellbeing_desktop.domain.person import Person
from wellbeing_desktop.domain.task import Task
from wellbeing_desktop.storage import holding, outbox
from wellbeing_desktop.storage.connection import Writer
from wellbeing_desktop.storage.outbox import Acknowledgement, State
from wellbeing_desktop.storage.write_door import transaction

DAY = dt.date(2026, 11, 21)
NOW = dt.datetime(2026, 11, 21, 9, 30, tzinfo=dt.UTC)


def locals_of(batch) -> list[int]:
    return [queued.local for queued in batch]


def add_tasks(writer: Writer, person_id: str, count: int) -> str:
    with transaction(writer, "add_tasks") as tx:
        for number in range(count):
            tx.create(Task(subject=person_id, title=f"Task {number}"))
    return tx.changes.undo_id


def send(writer: Writer, limit: int = 500) -> list[outbox.Queued]:
    with writer.immediate():
        return outbox.mark_sent(writer, outbox.next_batch(writer, limit))


def test_waiting_work_is_told_in_plain_english(writer: Writer) -> None:
    person_id = add_person(writer)
    with transaction(writer, "record_contact", at=NOW) as tx:
        values = {"medium": "visit", "outcome": "happened", "practitioner_id": "w"}
        tx.create(Contact(subject=person_id, happened_at=NOW, happened_on=DAY, **values))
        tx.create(Note(subject=person_id, written_on=DAY, text="Settled"))
    line, first = outbox.waiting(writer)
    assert line.sentence == "Record contact: 1 contact and 1 note added."
    assert (line.person_id, line.state, line.undo_id) == (person_id, State.WAITING, tx.changes.undo_id)
    assert line.at == "2026-11-21T09:30:00.000000Z"
    assert first.sentence == "Add person: 1 person added."
    assert (outbox.waiting_count(writer), outbox.operation_count(writer)) == (2, 3)


def test_a_batch_is_never_cut_inside_a_transaction(writer: Writer) -> None:
    person_id = add_person(writer)
    add_tasks(writer, person_id, 4)
    add_tasks(writer, person_id, 3)
    assert len(outbox.next_batch(writer, 500)) == 8
    assert len(outbox.next_batch(writer, 6)) == 5
    assert len(outbox.next_batch(writer, 2)) == 1
    assert len(outbox.next_batch(writer, 500, most_bytes=10)) == 1


def test_numbers_are_given_at_first_send_and_kept_when_sent_again(writer: Writer) -> None:
    person_id = add_person(writer)
    add_tasks(writer, person_id, 2)
    first = send(writer)
    assert [queued.n for queued in first] == [1, 2, 3]
    add_tasks(writer, person_id, 1)
    again = send(writer)
    assert [queued.n for queued in again] == [1, 2, 3, 4]
    assert [queued.operation.op_id for queued in again[:3]] == [queued.operation.op_id for queued in first]


def test_an_answer_counts_once_and_answered_work_is_not_sent_again(writer: Writer) -> None:
    person_id = add_person(writer)
    sent = send(writer)
    with writer.immediate():
        outbox.acknowledge(writer, [Acknowledgement(n=1, result="applied", seq=40)])
        outbox.acknowledge(writer, [Acknowledgement(n=1, result="duplicate", seq=99)])
    assert outbox.next_batch(writer) == []
    [kept] = outbox.of_record(writer, person_id)
    assert (kept.state, kept.result, kept.seq, kept.local) == (State.ACKNOWLEDGED, "applied", 40, sent[0].local)
    assert not outbox.has_pending(writer, person_id)


def test_answered_work_is_kept_until_it_is_in_a_backup(writer: Writer) -> None:
    person_id = add_person(writer)
    send(writer)
    with writer.immediate():
        outbox.acknowledge(writer, [Acknowledgement(n=1, result="applied", seq=40)])
        assert outbox.trim(writer, 39) == 0
        assert outbox.send_again(writer, above_seq=39) == 1
    assert [queued.n for queued in outbox.next_batch(writer)] == [1]
    with writer.immediate():
        outbox.acknowledge(writer, [Acknowledgement(n=1, result="duplicate", seq=40)])
        assert outbox.trim(writer, 40) == 1
    assert outbox.of_record(writer, person_id) == []


def test_held_work_holds_back_only_the_same_record_and_transaction(writer: Writer) -> None:
    held_person, free_person = add_person(writer), add_person(writer)
    with transaction(writer, "change_both") as tx:
        tx.change(Person, held_person, {"title": "Mrs"})
        tx.change(Person, free_person, {"title": "Dr"})
    with transaction(writer, "change_person") as tx:
        tx.change(Person, free_person, {"pronouns": "she/her"})
    add_tasks(writer, free_person, 1)
    with writer.immediate():
        [created] = outbox.of_record(writer, held_person)[:1]
        holding.hold_back(writer, [created.local], "The server is too old for this.")
    batch = outbox.next_batch(writer)
    assert [queued.operation.kind.value for queued in batch] == ["create", "create"]
    assert {queued.operation.subject for queued in batch} == {free_person}
    line = next(line for line in outbox.waiting(writer) if line.state is State.HELD)
    assert line.why == "The server is too old for this."
    with writer.immediate():
        holding.let_go(writer, [created.local])
    assert len(outbox.next_batch(writer)) == 6


def test_what_is_about_somebody_whose_creation_is_held_waits_with_it(writer: Writer) -> None:
    held_person, free_person = add_person(writer), add_person(writer)
    add_tasks(writer, held_person, 1)
    add_tasks(writer, free_person, 1)
    with writer.immediate():
        holding.hold(writer, outbox.of_record(writer, held_person)[0].operation.txn, held_person, "Not yet")
    assert {queued.operation.subject for queued in outbox.next_batch(writer)} == {free_person}
    assert len(holding.behind_held(writer)) == 1


def test_what_could_not_be_applied_is_kept_until_it_is_settled(writer: Writer) -> None:
    person_id = add_person(writer)
    send(writer)
    with writer.immediate():
        outbox.acknowledge(writer, [Acknowledgement(n=1, result="quarantined:not_granted", seq=40)])
        assert outbox.trim(writer, 40) == 0
    assert len(outbox.of_record(writer, person_id)) == 1


def test_pending_work_is_what_the_server_s_state_does_not_show(writer: Writer) -> None:
    person_id = add_person(writer)
    with transaction(writer, "change_person") as tx:
        tx.change(Person, person_id, {"title": "Mrs"})
    send(writer)
    with writer.immediate():
        outbox.acknowledge(writer, [Acknowledgement(n=1, result="applied", seq=7)])
    assert [one.kind.value for one in outbox.pending(writer, person_id)] == ["change"]
    assert [one.kind.value for one in outbox.pending(writer, person_id, reflected_seq=6)] == ["create", "change"]
    assert [one.kind.value for one in outbox.pending(writer, person_id, reflected_seq=7)] == ["change"]


def test_after_a_fork_work_is_numbered_from_one_with_the_same_operation_ids(writer: Writer) -> None:
    person_id = add_person(writer)
    before = send(writer)
    with writer.immediate():
        outbox.number_again(writer)
    after = send(writer)
    assert [queued.operation.op_id for queued in after] == [queued.operation.op_id for queued in before]
    assert [queued.n for queued in after] == [1]
    assert outbox.bucket_is_pending(writer, person_id, "card")


def test_a_group_too_large_to_stand_or_fall_together_is_a_fault(writer: Writer) -> None:
    person_id = add_person(writer)
    with pytest.raises(ValueError, match="begin_group"):
        add_tasks(writer, person_id, outbox.LARGEST_TXN + 1)


def test_what_waits_is_listed_newest_first_by_one_statement(writer: Writer) -> None:
    one, other = add_person(writer), add_person(writer)
    for person_id in (one, other, one):
        add_tasks(writer, person_id, 2)
    asked: list[str] = []
    writer.connection.set_trace_callback(asked.append)
    lines = outbox.waiting(writer, 4)
    writer.connection.set_trace_callback(None)
    assert [line.person_id for line in lines] == [one, other, one, other]
    assert [line.sentence for line in lines[:3]] == ["Add tasks: 2 tasks added."] * 3
    assert len([sql for sql in asked if not sql.startswith("--")]) == 1
