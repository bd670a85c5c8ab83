"""Letters stop at an unsafe address and at death, by name and reason; N people give N letters."""

import datetime as dt

import pytest

from tests.operations.made import NOW, TODAY, Made, made_id
from wellbeing_desktop.domain.document import Letter
from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.domain.person import Address
from wellbeing_desktop.operations import letters, people

HOME = Address(line1="1 High Street", line4="Hull", postcode="HU1 1AA", use="1")


def with_address(made: Made, person_id: str, **fields: object) -> str:
    values = {"line1": "1 High Street", "line4": "Hull", "postcode": "HU1 1AA", "use": "1", **fields}
    changes = people.add_address(made.writer, Address(subject=person_id, **values), at=NOW)
    return made_id(changes, "address")


def drafted(made: Made, **fields: object) -> str:
    values = {"to_kind": "person", "body": "Dear Mary", **fields}
    changes = letters.draft_letter(made.writer, Letter(subject=made.mary, **values), at=NOW)
    return made_id(changes, "letter")


def test_a_letter_to_the_person_takes_the_name_and_the_safe_address(made: Made) -> None:
    with_address(made, made.mary)
    letter = made.one(Letter, drafted(made))
    assert letter.to_name == "Mary Jones"
    assert letter.to_address == "1 High Street\nHull\nHU1 1AA"
    assert letter.written_on == TODAY
    assert letter.reference.startswith("L-")
    assert "jones" not in letter.reference.lower()


@pytest.mark.capability("D10", "W10")
def test_w10_a_letter_stops_at_an_unsafe_address(made: Made) -> None:
    with_address(made, made.mary, safe_to_write=False, safety_reason="Partner")
    with pytest.raises(Refused, match="not safe") as refusal:
        drafted(made)
    assert "Partner" not in refusal.value.message
    assert made.all(Letter) == []


def test_w10_an_address_that_became_unsafe_after_the_draft_stops_ready_print_and_post(made: Made) -> None:
    address_id = with_address(made, made.mary)
    first, second, third = drafted(made), drafted(made), drafted(made)
    letters.ready_letter(made.writer, second, at=NOW)
    letters.ready_letter(made.writer, third, at=NOW)
    letters.record_printed(made.writer, [third], at=NOW)
    people.change_address(made.writer, address_id, {"safe_to_write": False, "safety_reason": "Partner"}, at=NOW)
    with pytest.raises(Refused):
        letters.ready_letter(made.writer, first, at=NOW)
    stop = letters.stop_at_print(made.writer, second, TODAY)
    assert stop is not None
    assert stop.detail == "Partner"
    with pytest.raises(Refused):
        letters.record_printed(made.writer, [second], at=NOW)
    with pytest.raises(Refused):
        letters.record_sent(made.writer, [third], "Posted", at=NOW)


def test_w10_an_open_clash_about_safety_stops_the_print(made: Made) -> None:
    address_id = with_address(made, made.mary)
    id = drafted(made)
    letters.ready_letter(made.writer, id, at=NOW)
    made.conflict(made.mary, "address", address_id, "safe_to_write", "false", "true")
    stop = letters.stop_at_print(made.writer, id, TODAY)
    assert stop is not None
    assert stop.kind == "unsafe_address"


@pytest.mark.capability("W26")
def test_w26_n_people_give_n_letters_and_each_stop_is_named(made: Made) -> None:
    with_address(made, made.mary)
    unsafe = made.person("Smith", "John", address=Address(line1="2", use="1", safe_to_write=False))
    died = made.person("Brown", "Alan", address=Address(line1="3", use="1"))
    people.record_death(made.writer, died, died_on=TODAY, known_by="GP", at=NOW)
    nowhere = made.person("Green", "Ivy")
    plans = letters.plan_letters(
        made.writer, [made.mary, unsafe, died, nowhere, "unknown", made.mary], "person", "invitation", TODAY
    )
    assert [plan.person_id for plan in plans] == [made.mary, unsafe, died, nowhere, "unknown"]
    kinds = [plan.stop.kind if plan.stop else "" for plan in plans]
    assert kinds == ["", "unsafe_address", "died", "no_address", "not_here"]
    assert plans[1].name == "John Smith"
    going = [plan for plan in plans if plan.stop is None]
    letters.draft_letters(
        made.writer,
        [Letter(subject=plan.person_id, to_kind="person", template="invitation", body="Dear") for plan in going],
        at=NOW,
    )
    assert len(made.all(Letter)) == len(going)


def test_a_batch_of_hundreds_is_one_piece_of_work(made: Made) -> None:
    ids = [made.person("Many", str(number)) for number in range(210)]
    letters.draft_letters(
        made.writer, [Letter(subject=id, to_kind="gp", to_name="Dr Lee", body="About") for id in ids], at=NOW
    )
    assert len(made.all(Letter)) == 210


def test_a_letter_to_the_gp_is_not_stopped_by_the_persons_address(made: Made) -> None:
    with_address(made, made.mary, safe_to_write=False, safety_reason="Partner")
    id = drafted(made, to_kind="gp", to_name="Dr Lee", to_address="Hill Surgery")
    letters.ready_letter(made.writer, id, at=NOW)
    assert letters.stop_at_print(made.writer, id, TODAY) is None


def test_a_letter_with_a_gap_or_without_words_is_not_ready(made: Made) -> None:
    for body in ("", "Dear {{ person.known_as }}", "Dear [[name]]"):
        with pytest.raises(Refused):
            letters.ready_letter(made.writer, drafted(made, to_kind="gp", to_name="Dr", body=body), at=NOW)


@pytest.mark.capability("L6")
def test_from_draft_to_post_and_back(made: Made) -> None:
    with_address(made, made.mary)
    id = drafted(made)
    letters.change_letter(made.writer, id, {"body": "Dear Mary,\nHello"}, {"body": "Dear Mary"}, at=NOW)
    letters.ready_letter(made.writer, id, at=NOW)
    with pytest.raises(Refused):
        letters.change_letter(made.writer, id, {"body": "x"}, {}, at=NOW)
    letters.back_to_draft(made.writer, id, at=NOW)
    letters.ready_letter(made.writer, id, at=NOW)
    letters.record_printed(made.writer, [id], at=NOW)
    with pytest.raises(Refused):
        letters.record_sent(made.writer, [id], "Posted", sent_on=TODAY + dt.timedelta(days=1), at=NOW)
    letters.record_sent(made.writer, [id], "Posted", at=NOW)
    assert made.one(Letter, id).sent_on == TODAY
    letters.letter_came_back(made.writer, id, at=NOW)
    assert made.one(Letter, id).state == "returned"


def test_an_address_put_right_after_the_draft_is_the_one_that_prints(made: Made) -> None:
    address_id = with_address(made, made.mary)
    id = drafted(made)
    people.change_address(made.writer, address_id, {"line1": "11 High Street"}, at=NOW)
    letters.ready_letter(made.writer, id, at=NOW)
    assert made.one(Letter, id).to_address.startswith("11 High Street")
    with pytest.raises(Refused):
        letters.change_letter(made.writer, drafted(made), {"to_address": "Elsewhere"}, {}, at=NOW)


def test_cancelling(made: Made) -> None:
    id = drafted(made, to_kind="gp", to_name="Dr Lee")
    letters.cancel_letter(made.writer, id, at=NOW)
    assert made.one(Letter, id).state == "cancelled"
