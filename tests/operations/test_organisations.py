"""GP practices and organisations: added, changed, found, and what may be the same one only offered."""

import datetime as dt

import pytest

from tests.operations.made import NOW, TODAY, Made, made_id
from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.domain.organisation import Organisation
from wellbeing_desktop.domain.person import Person
from wellbeing_desktop.operations.letter_recipients import recipients_of
from wellbeing_desktop.operations.organisations import (
    CLOSED,
    IN_USE,
    NO_ADDRESS,
    PRACTICES,
    add_organisation,
    alike,
    change_organisation,
    find_organisations,
    may_change_organisations,
    practices_to_choose,
)
from wellbeing_desktop.storage.grants import organisation_of
from wellbeing_desktop.storage.records import envelope_of
from wellbeing_desktop.storage.undo import undo
from wellbeing_desktop.storage.write_door import transaction


def add(made: Made, name: str, **fields: str | dt.date) -> str:
    kept = Organisation(name=name, **{"kind": "practice", **fields})
    return made_id(add_organisation(made.writer, kept, at=NOW), "organisation")


def names(made: Made, typed: str = "", show: str = IN_USE) -> list[str]:
    return [row.name for row in find_organisations(made.writer, typed, show, TODAY)]


def choose(made: Made, practice_id: str) -> None:
    with transaction(made.writer, "arrange", at=NOW) as tx:
        tx.change(Person, made.mary, {"practice_id": practice_id})


def test_an_organisation_is_known_by_its_code_and_added_once(made: Made) -> None:
    hill = add(made, "Hill Surgery", ods_code="b81001")
    assert made.one(Organisation, hill).ods_code == "B81001"
    with pytest.raises(Refused) as refusal:
        add(made, "Hill", ods_code="B81 001")
    assert refusal.value.field == "ods_code"
    food = add(made, "Food bank", kind="voluntary")
    with pytest.raises(Refused):
        change_organisation(made.writer, food, {"ods_code": "b81001"}, at=NOW)
    change_organisation(made.writer, hill, {"ods_code": "b81001", "name": "Hill Surgery "}, at=NOW)  # its own
    assert names(made) == ["Food bank", "Hill Surgery"]


@pytest.mark.parametrize(
    ("field", "wrong"),
    [("name", "  "), ("ods_code", "B8"), ("postcode", "DN18"), ("telephone", "0163"), ("email", "hill@")],
)
def test_what_cannot_be_read_is_refused_beside_its_field_and_nothing_is_kept(
    made: Made, field: str, wrong: str
) -> None:
    with pytest.raises(Refused) as refusal:
        add(made, **{"name": "Hill Surgery", field: wrong})
    assert refusal.value.field == field
    assert names(made) == []


def test_an_address_lets_the_letter_go_and_undo_takes_it_back(made: Made) -> None:
    hill = add(made, "Hill Surgery")
    choose(made, hill)

    def stops() -> list[str]:
        mary = made.one(Person, made.mary)
        found = recipients_of(made.writer, mary, "gp", "reply-to-referrer", TODAY)
        return [one.stop.sentence if one.stop else one.address for one in found]

    assert stops() == ["The GP practice has no address."]
    address = {"address": "1 High Street\nBarton", "postcode": "dn186aa", "telephone": "01632960123"}
    only = change_organisation(made.writer, hill, {"address": address["address"]}, at=NOW)
    assert stops() == ["The GP practice has no postcode."]
    undo(made.writer, only.undo_id, at=NOW)
    changes = change_organisation(made.writer, hill, address, {"address": ""}, at=NOW)
    assert stops() == ["1 High Street\nBarton\nDN18 6AA"]
    assert made.one(Organisation, hill).telephone == "01632 960123"
    undo(made.writer, changes.undo_id, at=NOW)
    assert stops() == ["The GP practice has no address."]
    change_organisation(made.writer, hill, {**address, "closed_on": TODAY}, at=NOW)
    assert stops() == ["The GP practice closed on 20-Nov-2026. Choose the new one in the details."]


def test_what_may_be_the_same_is_offered_and_never_joined(made: Made) -> None:
    hill = add(made, "Hill Surgery", postcode="DN18 6AA")
    other = add(made, "Hill Surgery", postcode="YO1 7HH")
    again = Organisation(name="HILL surgery.", postcode="DN18 6AA")
    assert [one.id for one in alike(made.writer, again)] == [hill]
    assert {one.id for one in alike(made.writer, Organisation(name="Hill Surgery"))} == {hill, other}
    assert alike(made.writer, made.one(Organisation, hill)) == []
    assert alike(made.writer, Organisation(name="Mill Surgery", postcode="DN18 6AA")) == []
    assert alike(made.writer, Organisation()) == []
    third = add(made, "Hill Surgery", postcode="DN18 6AA")  # whoever adds it all the same has another
    assert {one.id for one in alike(made.writer, made.one(Organisation, third))} == {hill}


def test_they_are_found_by_name_code_postcode_and_kind_with_how_many_have_them(made: Made) -> None:
    hill = add(made, "Hill Surgery", ods_code="B81001", postcode="DN18 6AA", address="1 High Street")
    add(made, "Mill Lane Practice", ods_code="A12345")
    add(made, "Food bank", kind="voluntary")
    choose(made, hill)
    assert [names(made, typed) for typed in ("hill", "b81", "dn186", "dn18 hill", "voluntary", "zebra")] == [
        ["Hill Surgery"], ["Hill Surgery"], ["Hill Surgery"], ["Hill Surgery"], ["Food bank"], [],
    ]  # fmt: skip
    assert names(made, show=PRACTICES) == ["Hill Surgery", "Mill Lane Practice"]
    assert names(made, show=NO_ADDRESS) == ["Food bank", "Mill Lane Practice"]
    rows = find_organisations(made.writer, "", IN_USE, TODAY)
    assert {row.name: row.people for row in rows} == {"Food bank": 0, "Hill Surgery": 1, "Mill Lane Practice": 0}


def test_one_no_longer_in_use_is_not_offered_but_kept_where_it_is(made: Made) -> None:
    hill, mill = add(made, "Hill Surgery"), add(made, "Mill Surgery")
    change_organisation(made.writer, hill, {"closed_on": TODAY}, at=NOW)
    assert practices_to_choose(made.writer, "", TODAY) == ((mill, "Mill Surgery"),)
    assert dict(practices_to_choose(made.writer, hill, TODAY))[hill] == "Hill Surgery, closed 20-Nov-2026"
    assert (names(made), names(made, show=CLOSED)) == (["Mill Surgery"], ["Hill Surgery"])
    before = TODAY - dt.timedelta(days=1)
    assert len(practices_to_choose(made.writer, "", before)) == 2


def test_two_practices_of_one_name_say_which_they_are_and_a_pharmacy_is_no_practice(made: Made) -> None:
    add(made, "Hill Surgery", postcode="DN18 6AA")
    add(made, "Hill Surgery", postcode="YO1 7HH")
    add(made, "Hill Pharmacy", kind="pharmacy", ods_code="FA123")
    chosen = [words for _id, words in practices_to_choose(made.writer, "", TODAY)]
    assert chosen == ["Hill Surgery, DN18 6AA", "Hill Surgery, YO1 7HH"]


def test_it_goes_to_everybody_with_the_organisations_own_card(made: Made) -> None:
    hill = add(made, "Hill Surgery")
    envelope = envelope_of(made.writer, hill)
    assert envelope is not None
    assert (envelope.subject, envelope.compartment) == (organisation_of(made.writer), "card")
    assert may_change_organisations(made.writer, TODAY)
