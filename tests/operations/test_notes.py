"""Notes and signing."""

import datetime as dt

import pytest

from tests.operations.made import NOW, TODAY, Made, made_id
from wellbeing_desktop.domain.contact import Note
from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.operations import notes
from wellbeing_desktop.storage.effective import load_effective


def test_an_unsigned_note_is_changed_and_a_signed_one_amended(made: Made) -> None:
    id = made_id(notes.write_note(made.writer, Note(subject=made.mary, text="Rang"), at=NOW), "note")
    notes.change_note(made.writer, id, {"text": "Rang twice"}, {"text": "Rang"}, at=NOW)
    notes.sign_note(made.writer, id, at=NOW)
    with pytest.raises(Refused):
        notes.change_note(made.writer, id, {"text": "x"}, {"text": "Rang twice"}, at=NOW)
    notes.amend_note(made.writer, id, "text", "Rang three times", "Counted again", at=NOW)
    now = load_effective(made.writer, Note, id)
    assert now is not None
    assert now.text == "Rang three times"
    assert made.one(Note, id).text == "Rang twice"


def test_a_note_cannot_be_emptied_or_signed_in_passing(made: Made) -> None:
    id = made_id(notes.write_note(made.writer, Note(subject=made.mary, text="Rang"), at=NOW), "note")
    with pytest.raises(Refused):
        notes.change_note(made.writer, id, {"text": ""}, {"text": "Rang"}, at=NOW)
    assert made.one(Note, id).text == "Rang"
    with pytest.raises(Refused):
        notes.change_note(made.writer, id, {"signed_at": NOW}, {}, at=NOW)


def test_w18_a_students_note_is_signed_by_somebody_else(made: Made) -> None:
    id = made_id(
        notes.write_note(made.writer, Note(subject=made.mary, text="x", countersign_needed=True), sign=True, at=NOW),
        "note",
    )
    with pytest.raises(Refused, match="supervises"):
        notes.sign_note(made.writer, id, at=NOW)


def test_a_note_is_not_dated_in_the_future(made: Made) -> None:
    with pytest.raises(Refused):
        notes.write_note(
            made.writer, Note(subject=made.mary, text="x", written_on=TODAY + dt.timedelta(days=1)), at=NOW
        )
