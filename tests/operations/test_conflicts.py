"""Settling a clash: the conflict and its record in one transaction."""

import pytest

from tests.operations.made import NOW, TODAY, Made, made_id
from wellbeing_desktop.domain.alerts import in_force
from wellbeing_desktop.domain.care_plan import CarePlan
from wellbeing_desktop.domain.consent import Consent
from wellbeing_desktop.domain.consent_rules import State, standing
from wellbeing_desktop.domain.contact import Note
from wellbeing_desktop.domain.correction import Conflict
from wellbeing_desktop.domain.definition import Record
from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.domain.ids import new_id
from wellbeing_desktop.domain.organisation import Practitioner
from wellbeing_desktop.domain.person import Person
from wellbeing_desktop.domain.safety import AccessNote, Alert
from wellbeing_desktop.operations import notes
from wellbeing_desktop.operations.conflicts import assign_conflict, reopen_conflict, settle_conflict
from wellbeing_desktop.storage.conflicts import Wanted, Whose, clash_count, clashes, open_conflicts
from wellbeing_desktop.storage.effective import load_effective
from wellbeing_desktop.storage.records import StoredRow, store_body
from wellbeing_desktop.storage.write_door import transaction


def a_colleague(made: Made) -> str:
    with transaction(made.writer, "test") as tx:
        return tx.create(Practitioner(name="Sam Okafor", is_user=True))


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


def pulled(made: Made, type_name: str, compartment: str, **body: str | bool) -> str:
    """A record as a colleague's laptop made it, put straight into the store as a pull would."""
    id = new_id()
    with made.writer.immediate():
        store_body(
            made.writer,
            StoredRow(type=type_name, id=id, subject=made.mary, compartment=compartment, body=body, rev=1),
        )
    return id


def heads_clash(made: Made, type_name: str, mine: str, theirs: str) -> str:
    return made.conflict(made.mary, type_name, theirs, "supersedes", f'"{mine}"', f'"{theirs}"')


def alive(made: Made, struct: type[Record]) -> set[str]:
    return {one.id for one in made.all(struct)}


@pytest.mark.parametrize(("choice", "kept"), [("mine", "Two dogs now"), ("theirs", "No dog now")])
def test_of_two_alerts_that_replace_one_the_one_kept_alone_is_in_force(made: Made, choice: str, kept: str) -> None:
    first = pulled(made, "alert", "card", kind="visiting", statement="Dog loose")
    apart = pulled(made, "alert", "card", kind="visiting", statement="Broken step")
    mine = pulled(made, "alert", "card", kind="visiting", statement="Two dogs now", supersedes=first)
    theirs = pulled(made, "alert", "card", kind="visiting", statement="No dog now", supersedes=first)
    conflict_id = heads_clash(made, "alert", mine, theirs)
    (shown,) = open_conflicts(made.writer, "")
    assert "No dog now" in shown.standing.value
    assert "Two dogs now" in shown.kept_apart.value
    assert not shown.is_words
    settle_conflict(made.writer, conflict_id, choice, at=NOW)
    now = in_force(made.all(Alert), TODAY)
    assert {item.alert.statement for item in now} == {kept, "Broken step"}
    assert all(item.clashing == () for item in now)
    assert alive(made, Alert) == {first, apart, mine if choice == "mine" else theirs}


def test_a_decision_that_was_not_kept_does_not_bring_back_what_it_replaced(made: Made) -> None:
    old = pulled(made, "consent", "core", purpose="sharing", decision="objected")
    loser = pulled(made, "consent", "core", purpose="sharing", decision="objected", supersedes=old)
    winner = pulled(made, "consent", "core", purpose="sharing", decision="agreed")
    settle_conflict(made.writer, heads_clash(made, "consent", winner, loser), "mine", at=NOW)
    where = standing(made.all(Consent), "sharing", "", TODAY)
    assert (where.state, where.clashes) == (State.AGREED, False)


def test_of_two_current_plans_the_one_not_kept_is_ended_with_its_words(made: Made) -> None:
    mine = pulled(made, "care_plan", "core", state="draft")
    theirs = pulled(made, "care_plan", "core", state="agreed")
    settle_conflict(made.writer, heads_clash(made, "care_plan", mine, theirs), "theirs", at=NOW)
    assert (made.one(CarePlan, mine).state, made.one(CarePlan, theirs).state) == ("ended", "agreed")


@pytest.mark.parametrize(("choice", "is_signed"), [("mine", True), ("theirs", False)])
def test_a_signature_under_unseen_words_is_settled_whole(made: Made, choice: str, is_signed: bool) -> None:
    signer = new_id()
    note_id = pulled(made, "note", "clinical", text="Ben's words")
    conflict_id = made.conflict(
        made.mary, "note", note_id, "signed_at", '"2026-11-20T10:00:00.000000Z"', "null", mine_author=signer
    )
    settle_conflict(made.writer, conflict_id, choice, at=NOW)
    note = made.one(Note, note_id)
    assert ((note.signed_at is not None), note.signed_by) == (is_signed, signer if is_signed else "")


@pytest.mark.parametrize(("choice", "text"), [("mine", "Mine"), ("theirs", "Theirs"), ("both", "Theirs\n\nMine")])
def test_words_that_clashed_with_a_signed_note_are_amended_not_changed(made: Made, choice: str, text: str) -> None:
    note_id = pulled(made, "note", "clinical", text="Theirs", signed_at="2026-11-20T10:00:00.000000Z")
    settle_conflict(
        made.writer, made.conflict(made.mary, "note", note_id, "text", '"Mine"', '"Theirs"'), choice, at=NOW
    )
    assert made.one(Note, note_id).text == "Theirs"
    reads = load_effective(made.writer, Note, note_id)
    assert reads is not None
    assert reads.text == text


def test_a_choice_between_values_that_have_changed_since_is_refused(made: Made) -> None:
    note_id, conflict_id = clash(made)
    with pytest.raises(Refused, match="written more since"):
        settle_conflict(made.writer, conflict_id, "mine", seen=('"Mine, earlier"', '"Theirs"'), at=NOW)
    assert made.one(Conflict, conflict_id).state == "open"
    settle_conflict(made.writer, conflict_id, "mine", seen=('"Mine"', '"Theirs"'), at=NOW)
    assert made.one(Note, note_id).text == "Mine"


def test_whoever_chooses_second_is_told_who_settled_it(made: Made) -> None:
    _, conflict_id = clash(made)
    settle_conflict(made.writer, conflict_id, "mine", at=NOW)
    with pytest.raises(Refused, match="settled this clash already on"):
        settle_conflict(made.writer, conflict_id, "theirs", at=NOW)


@pytest.mark.parametrize("choice", ["mine", "theirs", "both"])
def test_a_settled_clash_is_opened_again_and_what_stood_before_stands(made: Made, choice: str) -> None:
    note_id, conflict_id = clash(made)
    settle_conflict(made.writer, conflict_id, choice, at=NOW)
    reopen_conflict(made.writer, conflict_id, at=NOW)
    again = made.one(Conflict, conflict_id)
    assert (again.state, again.choice, again.settled_value, again.settled_by) == ("open", "", "", "")
    assert (again.mine, again.theirs) == ('"Mine"', '"Theirs"')
    assert made.one(Note, note_id).text == "Theirs"
    settle_conflict(made.writer, conflict_id, "mine", at=NOW)
    assert made.one(Note, note_id).text == "Mine"


def test_a_clash_about_a_signed_note_is_opened_again_by_an_amendment(made: Made) -> None:
    note_id, conflict_id = clash(made)
    notes.sign_note(made.writer, note_id, at=NOW)
    settle_conflict(made.writer, conflict_id, "mine", at=NOW)
    reopen_conflict(made.writer, conflict_id, at=NOW)
    assert load_effective(made.writer, Note, note_id).text == "Theirs"


def test_a_clash_is_not_opened_again_over_newer_words(made: Made) -> None:
    note_id, conflict_id = clash(made)
    settle_conflict(made.writer, conflict_id, "mine", at=NOW)
    notes.change_note(made.writer, note_id, {"text": "Newer"}, {"text": "Mine"}, at=NOW)
    with pytest.raises(Refused, match="has been changed since"):
        reopen_conflict(made.writer, conflict_id, at=NOW)
    assert made.one(Note, note_id).text == "Newer"


def test_a_clash_has_an_owner_and_a_day(made: Made) -> None:
    _, conflict_id = clash(made)
    colleague = a_colleague(made)
    assign_conflict(made.writer, conflict_id, colleague, TODAY, at=NOW)
    held = made.one(Conflict, conflict_id)
    assert (held.owner_id, held.due_on) == (colleague, TODAY)
    with pytest.raises(Refused, match="somebody who works here"):
        assign_conflict(made.writer, conflict_id, new_id(), None, at=NOW)


def test_the_count_is_the_length_of_the_list_for_every_question(made: Made) -> None:
    clash(made)
    _, settled = clash(made)
    settle_conflict(made.writer, settled, "mine", at=NOW)
    _, others = clash(made)
    assign_conflict(made.writer, others, a_colleague(made), TODAY, at=NOW)
    for whose in Whose:
        for is_settled in (False, True):
            for person in ("", made.mary, new_id()):
                wanted = Wanted(whose=whose, settled=is_settled, person_id=person)
                assert clash_count(made.writer, wanted) == len(clashes(made.writer, wanted))
    assert clash_count(made.writer, Wanted()) == 2
    assert clash_count(made.writer, Wanted(whose=Whose.MINE)) == 1  # the other has been given to a colleague
    assert clash_count(made.writer, Wanted(settled=True)) == 1
    assert [one.settled.choice for one in clashes(made.writer, Wanted(settled=True)) if one.settled] == ["mine"]


@pytest.mark.parametrize(
    ("field", "mine", "theirs", "apart_first", "has_order"),
    [
        ("two_person_visit", "true", "false", True, True),
        ("two_person_visit", "false", "true", False, True),
        ("instructions", '"One"', '"Two"', False, False),
    ],
)
def test_the_more_cautious_side_is_first_where_an_order_is_defined(
    made: Made, field: str, mine: str, theirs: str, apart_first: bool, has_order: bool
) -> None:
    with transaction(made.writer, "test") as tx:
        note_id = tx.create(AccessNote(subject=made.mary, instructions="Side door"))
    made.conflict(made.mary, "access_note", note_id, field, mine, theirs)
    (shown,) = clashes(made.writer, Wanted())
    assert (shown.kept_apart_first, shown.has_order) == (apart_first, has_order)
