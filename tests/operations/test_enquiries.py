"""From the ring of the telephone to an outcome, with or without knowing who it is."""

import datetime as dt

import pytest

from tests.operations.made import NOW, TODAY, Made, made_id
from wellbeing_desktop.domain.contact import Contact, Note
from wellbeing_desktop.domain.correction import Alias
from wellbeing_desktop.domain.enquiry import Enquiry
from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.domain.person import Person
from wellbeing_desktop.operations import enquiries
from wellbeing_desktop.operations.aliases import take_people_apart
from wellbeing_desktop.operations.enquiries import Ending
from wellbeing_desktop.operations.settings import change_setting
from wellbeing_desktop.storage.grants import user_of
from wellbeing_desktop.storage.inbox import read_inbox
from wellbeing_desktop.storage.undo import undo


def begun(made: Made, **fields: object) -> str:
    values = {"medium": "02", "words": "Asks for somebody to talk to", **fields}
    return made_id(enquiries.begin_enquiry(made.writer, Enquiry(**values), at=NOW), "enquiry")


def test_a_call_from_nobody_known_begins_with_a_record_to_be_named(made: Made) -> None:
    id = begun(made, caller_number="01632 960001")
    enquiry = made.one(Enquiry, id)
    assert (enquiry.state, enquiry.received_on, enquiry.direction) == ("new", TODAY, "in")
    assert enquiry.caller_number == "+441632960001"
    person = made.one(Person, enquiry.subject)
    assert person.unidentified
    enquiries.name_person(made.writer, id, {"family_name": "Price", "given_name": "Owen"}, at=NOW)
    person = made.one(Person, enquiry.subject)
    assert (person.family_name, person.given_name, person.unidentified) == ("Price", "Owen", None)


def test_a_call_about_somebody_known_is_joined_to_them_and_its_contact_is_kept_under_them(made: Made) -> None:
    id = begun(made)
    enquiries.join_to_person(made.writer, id, made.mary, "Gave her date of birth and postcode", at=NOW)
    contact = Contact(happened_at=NOW, medium="02", direction="in", outcome="reached")
    ending = Ending("answered", contact, Note(text="Talked about the garden"))
    enquiries.finish_enquiry(made.writer, id, ending, at=NOW)
    enquiry = made.one(Enquiry, id)
    assert (enquiry.state, enquiry.outcome, enquiry.claimed_by) == ("finished", "answered", user_of(made.writer))
    assert made.one(Contact, enquiry.contact_id).subject == made.mary
    assert made.only(Note, subject=made.mary).about_id == enquiry.contact_id
    take_people_apart(made.writer, made.mary, enquiry.subject, at=NOW)
    assert not made.all(Alias, state="active")
    assert made.one(Contact, enquiry.contact_id).subject == made.mary


def test_nothing_is_kept_as_a_contact_of_somebody_who_is_not_known(made: Made) -> None:
    id = begun(made)
    contact = Contact(happened_at=NOW, medium="02", outcome="reached")
    with pytest.raises(Refused, match="who it is"):
        enquiries.finish_enquiry(made.writer, id, Ending("answered", contact), at=NOW)
    enquiries.finish_enquiry(made.writer, id, Ending("wrong_number"), at=NOW)
    assert made.one(Enquiry, id).state == "finished"


def test_an_enquiry_is_taken_once_passed_on_and_given_back(made: Made) -> None:
    id = begun(made)
    enquiries.claim_enquiry(made.writer, id, at=NOW)
    with pytest.raises(Refused, match="already"):
        enquiries.claim_enquiry(made.writer, id, at=NOW)
    enquiries.pass_enquiry(made.writer, id, "bo", at=NOW)
    assert made.one(Enquiry, id).claimed_by == "bo"
    enquiries.pass_enquiry(made.writer, id, at=NOW)
    assert (made.one(Enquiry, id).state, made.one(Enquiry, id).claimed_by) == ("new", "")


@pytest.mark.capability("A2")
def test_its_answer_is_due_in_the_services_own_hours_and_sooner_when_it_turns_urgent(made: Made) -> None:
    id = begun(made)
    assert made.one(Enquiry, id).respond_by == dt.datetime(2026, 11, 23, 14, 0, tzinfo=dt.UTC)  # Friday to Monday
    enquiries.change_enquiry(made.writer, id, {"urgent": True}, at=NOW)
    assert made.one(Enquiry, id).respond_by == NOW + dt.timedelta(hours=1)
    change_setting(made.writer, "response.minutes", {"usual": 30}, at=NOW)
    assert made.one(Enquiry, begun(made)).respond_by == NOW + dt.timedelta(minutes=30)


def test_what_cannot_be_is_refused_in_words(made: Made) -> None:
    with pytest.raises(Refused, match="how the contact was made"):
        begun(made, medium="")
    with pytest.raises(Refused, match="future"):
        begun(made, received_at=NOW + dt.timedelta(days=1))
    id = begun(made)
    with pytest.raises(Refused, match="what came of it"):
        enquiries.finish_enquiry(made.writer, id, Ending(""), at=NOW)
    with pytest.raises(Refused, match="one name"):
        enquiries.name_person(made.writer, id, {}, at=NOW)
    with pytest.raises(Refused, match="finish it instead"):
        enquiries.change_enquiry(made.writer, id, {"state": "finished"}, at=NOW)
    assert made.one(Enquiry, begun(made, caller_number="ask at the desk")).caller_number == "ask at the desk"


@pytest.mark.capability("A3")
def test_a_call_from_somebody_new_is_begun_named_and_finished_in_one_piece_of_work(made: Made) -> None:
    contact = Contact(happened_at=NOW, medium="02", direction="in", outcome="spoke")
    changes = enquiries.begin_enquiry(
        made.writer,
        Enquiry(medium="02", words="Wants help with forms"),
        person=Person(family_name="Price", given_name="Owen"),
        ending=Ending("answered", contact, Note(text="Forms sent")),
        at=NOW,
    )
    enquiry = made.one(Enquiry, made_id(changes, "enquiry"))
    assert (enquiry.state, made.one(Person, enquiry.subject).given_name) == ("finished", "Owen")
    assert made.one(Contact, enquiry.contact_id).subject == enquiry.subject


def test_one_that_was_finished_too_soon_is_opened_again_and_keeps_its_one_contact(made: Made) -> None:
    id = begun(made, subject=made.mary)
    with pytest.raises(Refused, match="not finished"):
        enquiries.reopen_enquiry(made.writer, id, at=NOW)
    contact = Contact(happened_at=NOW, medium="02", direction="in", outcome="reached")
    enquiries.finish_enquiry(made.writer, id, Ending("answered", contact), at=NOW)
    user = user_of(made.writer)
    seen = read_inbox(made.writer, user, TODAY)
    assert ([row.id for row in seen.finished], seen.mine) == ([id], ())
    opened = enquiries.reopen_enquiry(made.writer, id, at=NOW)
    enquiry = made.one(Enquiry, id)
    assert (enquiry.state, enquiry.claimed_by, enquiry.outcome, enquiry.closed_on) == ("claimed", user, "", None)
    assert [row.id for row in read_inbox(made.writer, user, TODAY).mine] == [id]
    with pytest.raises(Refused, match="already"):
        enquiries.finish_enquiry(made.writer, id, Ending("answered", contact), at=NOW)
    enquiries.finish_enquiry(made.writer, id, Ending("wrong_number"), at=NOW)
    assert len(made.all(Contact)) == 1
    assert read_inbox(made.writer, user, TODAY + dt.timedelta(days=20)).finished == ()
    with pytest.raises(Refused):
        undo(made.writer, opened.undo_id, at=NOW)
