"""Drafts: kept until saved or discarded, never sent."""

import datetime as dt

import pytest

from tests.storage.sample_records import add_person
from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.domain.task import Task
from wellbeing_desktop.storage import outbox
from wellbeing_desktop.storage.connection import Writer
from wellbeing_desktop.storage.drafts import discard_draft, drafts, load_draft, save_draft
from wellbeing_desktop.storage.write_door import transaction


def test_a_draft_comes_back_as_it_was_typed_last(writer: Writer) -> None:
    save_draft(writer, "contact/1", "p1", {"text": "She sa"})
    save_draft(writer, "contact/1", "p1", {"text": "She said “tomorrow”\n", "minutes": 40, "at": ["x"]})
    draft = load_draft(writer, "contact/1")
    assert draft.body == {"text": "She said “tomorrow”\n", "minutes": 40, "at": ["x"]}
    assert draft.person_id == "p1"
    assert load_draft(writer, "contact/2") is None


def test_drafts_are_listed_newest_first_and_for_one_person(writer: Writer) -> None:
    for number, person in enumerate(("p1", "p2", "p1")):
        at = dt.datetime(2026, 11, 21, 9, number, tzinfo=dt.UTC)
        save_draft(writer, f"note/{number}", person, {}, at=at)
    assert [draft.key for draft in drafts(writer)] == ["note/2", "note/1", "note/0"]
    assert [draft.key for draft in drafts(writer, "p1")] == ["note/2", "note/0"]
    assert discard_draft(writer, "note/2")
    assert not discard_draft(writer, "note/2")
    assert len(drafts(writer)) == 2


def test_a_draft_is_never_in_the_outbox(writer: Writer) -> None:
    save_draft(writer, "contact/1", "p1", {"text": "x"})
    assert outbox.waiting_count(writer) == 0


def test_a_draft_goes_only_with_the_record_that_was_saved_from_it(writer: Writer) -> None:
    person_id = add_person(writer)
    save_draft(writer, "task/1", person_id, {"title": ""})

    def save(title: str) -> None:
        with transaction(writer, "add_task") as tx:
            tx.discard_draft("task/1")
            tx.create(Task(subject=person_id, title=title))

    with pytest.raises(Refused):
        save("")
    assert load_draft(writer, "task/1") is not None
    save("Ring back")
    assert load_draft(writer, "task/1") is None
