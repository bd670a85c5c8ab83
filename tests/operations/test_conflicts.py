"""Settling a clash: the conflict and its record in one transaction."""

import pytest

from tests.operations.made import NOW, Made, made_id
from wellbeing_desktop.domain.contact import Note
from wellbeing_desktop.domain.correction import Conflict
from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.domain.person import Person
from wellbeing_desktop.operations import notes
from wellbeing_desktop.operations.conflicts import settle_conflict


def clash(made: Made) -> tuple[str, str]:
    note = notes.write_note(made.writer, Note(subject=made.mary, text="Theirs"), at=NOW)
    note_id = made_id(note, "note")
    return note_id, made.conflict(made.mary, "note", note_id, "text", '"Mine"', '"Theirs"')


@pytest.mark.parametrize(
    ("choice", "value", "text"),
    [("mine", None, "Mine"), ("theirs", None, "Theirs"), ("both", None, "Theirs\n\nMine"), ("other", "Third", "Third")],
)
def test_each_choice_stands_on_the_record_and_in_the_conflict(
    made: Made, choice: str, value: str | None, text: str
) -> None:
    note_id, conflict_id = clash(made)
    changes = settle_conflict(made.writer, conflict_id, choice, value, at=NOW)
    assert made.one(Note, note_id).text == text
    settled = made.one(Conflict, conflict_id)
    assert (settled.state, settled.choice, settled.settled_value) == (
        "settled",
        choice,
        f'"{text}"'.replace("\n", "\\n"),
    )
    assert settled.settled_by
    assert (settled.mine, settled.theirs) == ('"Mine"', '"Theirs"')
    assert changes.touches("conflict")


def test_a_settled_clash_is_not_settled_again(made: Made) -> None:
    _, conflict_id = clash(made)
    settle_conflict(made.writer, conflict_id, "mine", at=NOW)
    with pytest.raises(Refused):
        settle_conflict(made.writer, conflict_id, "theirs", at=NOW)


@pytest.mark.parametrize(("choice", "value"), [("", None), ("other", None), ("newest", None)])
def test_a_choice_that_is_none_leaves_the_clash_open(made: Made, choice: str, value: object) -> None:
    note_id, conflict_id = clash(made)
    with pytest.raises(Refused):
        settle_conflict(made.writer, conflict_id, choice, value, at=NOW)
    assert made.one(Conflict, conflict_id).state == "open"
    assert made.one(Note, note_id).text == "Theirs"


def test_a_safety_field_is_settled_with_either_value_even_nothing(made: Made) -> None:
    conflict_id = made.conflict(made.mary, "person", made.mary, "born_on", '"1941-05-01"', '"1940-05-01"')
    settle_conflict(made.writer, conflict_id, "mine", at=NOW)
    assert str(made.one(Person, made.mary).born_on) == "1941-05-01"
    cleared = made.conflict(made.mary, "person", made.mary, "nhs_number", "null", '"9434765919"')
    settle_conflict(made.writer, cleared, "mine", at=NOW)
    assert made.one(Person, made.mary).nhs_number == ""


def test_two_dates_are_not_kept_one_after_the_other(made: Made) -> None:
    conflict_id = made.conflict(made.mary, "person", made.mary, "title", '"Mrs"', '"Ms"')
    with pytest.raises(Refused, match="Only words"):
        settle_conflict(made.writer, conflict_id, "both", at=NOW)


def test_a_clash_about_something_newer_says_so(made: Made) -> None:
    conflict_id = made.conflict(made.mary, "person", made.mary, "field_of_tomorrow", '"a"', '"b"')
    with pytest.raises(Refused, match="Update first"):
        settle_conflict(made.writer, conflict_id, "mine", at=NOW)


def test_a_removal_that_clashed_is_settled_by_removing_or_keeping(made: Made) -> None:
    note = notes.write_note(made.writer, Note(subject=made.mary, text="Words"), at=NOW)
    note_id = made_id(note, "note")
    keep = made.conflict(made.mary, "note", note_id, "removed", '"Wrong person"', "false")
    settle_conflict(made.writer, keep, "theirs", at=NOW)
    assert made.all(Note)
    remove = made.conflict(made.mary, "note", note_id, "removed", '"Wrong person"', "false")
    settle_conflict(made.writer, remove, "mine", at=NOW)
    assert made.all(Note) == []
