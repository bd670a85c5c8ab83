"""Batches to practices and next of kin: who gets a letter, who does not and why, and nothing twice in silence."""

import datetime as dt

import pytest

from tests.operations.made import NOW, TODAY, Made
from wellbeing_desktop.domain.consent import Consent
from wellbeing_desktop.domain.document import Letter
from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.domain.ids import new_id
from wellbeing_desktop.domain.organisation import Organisation
from wellbeing_desktop.domain.person import Address, Person, RelatedPerson
from wellbeing_desktop.operations.consent import record_consent
from wellbeing_desktop.operations.letter_recipients import letters_before, make_batch, recipients_of
from wellbeing_desktop.operations.letters import (
    cancel_letter,
    draft_letter,
    ready_letter,
    record_printed,
    stop_at_print,
)
from wellbeing_desktop.operations.people import record_death
from wellbeing_desktop.storage.write_door import transaction

ANN = RelatedPerson(name="Ann Jones", roles=("next_of_kin",), address="4 Mill Lane\nDN18 5AB")


def add(made: Made, record) -> str:
    with transaction(made.writer, "test", at=NOW) as tx:
        return tx.create(record)


def kin(made: Made, **fields) -> str:
    return add(made, RelatedPerson(**{"subject": made.mary, "name": ANN.name, "roles": ANN.roles, "address": ANN.address, **fields}))  # fmt: skip


def practice(made: Made, **fields) -> str:
    given = {"name": "Mill Surgery", "address": "1 High Street", "postcode": "DN18 6AA", **fields}
    id = add(made, Organisation(**given))
    with transaction(made.writer, "test", at=NOW) as tx:
        tx.change(Person, made.mary, {"practice_id": id})
    return id


def decides(made: Made, purpose: str, decision: str, recipient: str = "", **fields) -> None:
    consent = Consent(
        subject=made.mary,
        purpose=purpose,
        recipient=recipient,
        decision=decision,
        given_by="person",
        given_on=TODAY,
        **fields,
    )
    record_consent(made.writer, consent, at=NOW)


def goes_to(made: Made, to_kind: str, on: dt.date = TODAY, template: str = "family-update") -> list[str]:
    """The name of each who gets it, or the sentence that stops it."""
    found = recipients_of(made.writer, made.one(Person, made.mary), to_kind, template, on)
    return [one.stop.sentence if one.stop else one.name for one in found]


@pytest.mark.capability("D1", "W16")
def test_next_of_kin_get_a_letter_only_with_the_recorded_agreement(made: Made) -> None:
    assert goes_to(made, "next_of_kin") == ["No next of kin is recorded."]
    ann = kin(made)
    kin(made, name="Bob Jones", roles=("carer",))
    ask_first = ["Not recorded. Ask the person first: this needs their agreement."]
    assert goes_to(made, "next_of_kin") == ask_first
    decides(made, "share_professionals", "agreed")
    assert goes_to(made, "next_of_kin") == ask_first
    decides(made, "share_family", "agreed", expires_on=TODAY)
    assert goes_to(made, "next_of_kin") == ["Ann Jones"]
    assert goes_to(made, "next_of_kin", TODAY + dt.timedelta(days=1)) == ask_first
    decides(made, "share_family", "objected", recipient=ann)
    assert goes_to(made, "next_of_kin") == ["The person objected to this."]


def test_each_next_of_kin_is_asked_about_and_what_they_must_not_be_told_is_said(made: Made) -> None:
    kin(made)
    kin(made, name="Zoe Jones", address="", not_to_be_told="mental health")
    decides(made, "share_family", "agreed")
    assert goes_to(made, "next_of_kin") == ["Ann Jones", "No address is recorded for them."]
    zoe = recipients_of(made.writer, made.one(Person, made.mary), "next_of_kin", "family-update", TODAY)[1]
    assert zoe.to_know == "Not to be told: mental health"


@pytest.mark.capability("W10")
@pytest.mark.parametrize(
    "lives", [{"lives_with_person": True, "address": "Same"}, {"address": "12 High St, dn18 5xx"}, {}]
)
def test_an_unsafe_address_of_the_person_is_unsafe_for_family_who_live_there(made: Made, lives) -> None:
    kin(made, **lives)
    decides(made, "share_family", "agreed")
    home = Address(subject=made.mary, line1="12 High St", postcode="DN18 5XX", use="1", safe_to_write=False)
    add(made, home)
    expected = "It is not safe to write to this address." if lives else "Ann Jones"
    assert goes_to(made, "next_of_kin") == [expected]


@pytest.mark.capability("W10")
def test_a_letter_to_family_is_stopped_at_the_printer_when_their_home_became_unsafe(made: Made) -> None:
    kin(made, lives_with_person=True)
    decides(made, "share_family", "agreed")
    (letter,) = batch(made, "next_of_kin", "Ann Jones", ANN.address)
    make_batch(made.writer, [letter], at=NOW)
    assert stop_at_print(made.writer, letter.id, TODAY) is None
    add(made, Address(subject=made.mary, line1="4 Mill Lane", postcode="DN18 5AB", use="1", safe_to_write=False))
    stop = stop_at_print(made.writer, letter.id, TODAY)
    assert stop is not None
    assert stop.kind == "unsafe_address"
    with pytest.raises(Refused, match="not safe"):
        record_printed(made.writer, [letter.id], at=NOW)


@pytest.mark.capability("W20")
def test_the_practice_gets_it_unless_objected_and_never_one_that_the_person_left(made: Made) -> None:
    assert goes_to(made, "gp") == ["No GP practice is recorded."]
    mill = practice(made)
    assert goes_to(made, "gp") == ["Mill Surgery"]
    decides(made, "share_professionals", "objected", recipient=mill)
    assert goes_to(made, "gp") == ["The person objected to this."]
    with transaction(made.writer, "test", at=NOW) as tx:
        tx.change(Person, made.mary, {"list_state": "not_on_list"})
    assert "not on this practice's list" in goes_to(made, "gp")[0]
    practice(made, name="New Surgery", address="")
    with transaction(made.writer, "test", at=NOW) as tx:
        tx.change(Person, made.mary, {"list_state": "on_list"})
    assert goes_to(made, "gp") == ["The GP practice has no address."]


def test_after_a_death_nothing_goes_to_the_practice(made: Made) -> None:
    practice(made)
    record_death(made.writer, made.mary, died_on=TODAY, known_by="Her GP", at=NOW)
    assert "has died" in goes_to(made, "gp")[0]


def batch(made: Made, to_kind: str, to_name: str, to_address: str) -> list[Letter]:
    return [
        Letter(
            id="0" * 31 + "7",
            subject=made.mary,
            template="family-update",
            to_kind=to_kind,
            to_name=to_name,
            to_address=to_address,
            subject_line="News",
            body="Words.",
            written_on=TODAY,
        )
    ]


@pytest.mark.capability("L2")
def test_a_batch_is_made_ready_as_one_and_refused_when_something_changed_meanwhile(made: Made) -> None:
    mill = practice(made)
    letters = batch(made, "gp", "Mill Surgery", "1 High Street\nDN18 6AA")
    decides(made, "share_professionals", "objected")
    with pytest.raises(Refused, match="Look at the list again"):
        make_batch(made.writer, letters, at=NOW)
    assert made.all(Letter) == []
    decides(made, "share_professionals", "agreed")
    make_batch(made.writer, letters, at=NOW)
    assert [(one.state, one.to_name) for one in made.all(Letter)] == [("ready", "Mill Surgery")]
    assert mill


@pytest.mark.capability("L2")
def test_whoever_has_the_letter_is_known_until_it_was_cancelled(made: Made) -> None:
    practice(made)

    def before() -> str:
        return letters_before(made.writer, made.mary, "family-update", "gp", "Mill Surgery")

    assert before() == ""
    (letter,) = batch(made, "gp", "Mill Surgery", "1 High Street\nDN18 6AA")
    make_batch(made.writer, [letter], at=NOW)
    assert before() == "Has this letter already: ready to print, 20-Nov-2026."
    cancel_letter(made.writer, letter.id, at=NOW)
    assert before() == ""


@pytest.mark.capability("W16")
def test_an_objection_after_the_letter_was_made_stops_it_at_the_printer(made: Made) -> None:
    ann = kin(made)
    decides(made, "share_family", "agreed")
    (letter,) = batch(made, "next_of_kin", "Ann Jones", ANN.address)
    make_batch(made.writer, [letter], at=NOW)
    assert stop_at_print(made.writer, letter.id, TODAY) is None
    decides(made, "share_professionals", "objected")
    assert stop_at_print(made.writer, letter.id, TODAY) is None, "about somebody else"
    decides(made, "share_family", "objected", recipient=ann)
    stop = stop_at_print(made.writer, letter.id, TODAY)
    assert stop is not None
    assert stop.sentence == "The person objected to this after the letter was made."
    with pytest.raises(Refused, match="objected"):
        record_printed(made.writer, [letter.id], at=NOW)


@pytest.mark.capability("W16")
def test_an_objection_stops_a_letter_to_the_practice_too_but_not_one_written_knowing_of_it(made: Made) -> None:
    practice(made)
    (letter,) = batch(made, "gp", "Mill Surgery", "1 High Street\nDN18 6AA")
    make_batch(made.writer, [letter], at=NOW)
    decides(made, "share_professionals", "objected")
    assert stop_at_print(made.writer, letter.id, TODAY) is not None
    knowing = Letter(
        id=new_id(),
        subject=made.mary,
        to_kind="gp",
        to_name="Mill Surgery",
        to_address="x",
        template="gp",
        body="Danger",
    )
    draft_letter(made.writer, knowing, at=NOW)
    ready_letter(made.writer, knowing.id, at=NOW)
    assert stop_at_print(made.writer, knowing.id, TODAY) is None
