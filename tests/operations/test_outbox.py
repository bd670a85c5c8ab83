"""The outbox that people read: by person, held and let go, signed and sent (P5)."""

import pytest

from tests.operations.made import NOW, Made
from tests.operations.test_contacts import visit
from wellbeing_desktop.domain.contact import Note
from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.domain.task import Task
from wellbeing_desktop.operations import contacts, tasks
from wellbeing_desktop.operations import outbox as readable
from wellbeing_desktop.operations.notes import change_note
from wellbeing_desktop.storage import audit, outbox
from wellbeing_desktop.storage.outbox import State


def unsigned_visit(made: Made) -> str:
    changes = contacts.record_contact(made.writer, visit(made), Note(text="Settled"), sign=False, at=NOW)
    return changes.undo_id


def test_a_visit_is_held_its_note_signed_and_the_rest_is_sent_first(made: Made) -> None:
    undo_id = unsigned_visit(made)
    tasks.add_task(made.writer, Task(subject=made.mary, title="Ring the allotment"), at=NOW)
    readable.hold_work(made.writer, undo_id, made.mary, at=NOW)
    assert "contact" not in {queued.operation.type for queued in outbox.next_batch(made.writer)}
    assert "task" in {queued.operation.type for queued in outbox.next_batch(made.writer)}
    [mary] = readable.waiting_by_person(made.writer)
    held = next(piece for piece in mary.pieces if piece.undo_id == undo_id)
    assert (held.state, held.why, len(held.unsigned)) == (State.HELD, "Held by you", 1)
    assert mary.held == 1
    assert mary.name
    notes = readable.sign_and_release(made.writer, undo_id, made.mary, at=NOW)
    assert made.one(Note, notes[0]).signed_at == NOW
    kinds = [(queued.operation.type, queued.operation.kind.value) for queued in outbox.next_batch(made.writer)]
    assert ("contact", "create") in kinds
    assert kinds[-1] == ("note", "change")
    assert [line.action for line in audit.entries(made.writer, limit=3)] == ["release_work", "sign_note", "hold_work"]


def test_what_builds_on_held_work_says_that_it_waits_for_it(made: Made) -> None:
    undo_id = unsigned_visit(made)
    readable.hold_work(made.writer, undo_id, made.mary, at=NOW)
    note = made.only(Note)
    change_note(made.writer, note.id, {"text": "Settled well"}, {"text": "Settled"}, at=NOW)
    [mary] = readable.waiting_by_person(made.writer)
    behind = mary.pieces[0]
    assert (behind.state, behind.why, behind.can_hold) == (State.HELD, readable.BEHIND, False)


def test_what_is_on_its_way_cannot_be_held_and_nothing_is_let_go_twice(made: Made) -> None:
    undo_id = unsigned_visit(made)
    with pytest.raises(Refused, match="not held"):
        readable.release_work(made.writer, undo_id, made.mary, at=NOW)
    with made.writer.immediate():
        outbox.mark_sent(made.writer, outbox.next_batch(made.writer))
    with pytest.raises(Refused, match="on its way"):
        readable.hold_work(made.writer, undo_id, made.mary, at=NOW)
    [mary] = readable.waiting_by_person(made.writer)
    assert not mary.pieces[0].can_hold
