"""The front door between laptops: a call about nobody known reaches whoever takes it; two who take it are a clash."""

import pytest

from tests.sync.client.practice import Laptop, Practice
from wellbeing_desktop.domain.contact import Contact, Note
from wellbeing_desktop.domain.enquiry import Enquiry, Message
from wellbeing_desktop.domain.person import Person
from wellbeing_desktop.operations import enquiries, messages
from wellbeing_desktop.operations.enquiries import Ending
from wellbeing_desktop.sync.client.session import utc_now


def test_a_call_taken_at_the_desk_is_finished_by_a_coordinator_with_its_note(practice: Practice) -> None:
    desk = practice.laptop(practice.member("Dot", kind="front_desk"))
    worker = practice.laptop(practice.member("Ann", kind="team"))
    for laptop in (desk, worker):
        laptop.synced()
    desk.store.write(lambda w: enquiries.begin_enquiry(w, Enquiry(medium="02", words="Wants to talk")))
    desk.synced()
    worker.synced()
    (waiting,) = worker.all(Enquiry)
    assert worker.load(Person, waiting.subject).unidentified
    named = {"family_name": "Price", "given_name": "Owen"}
    worker.store.write(lambda w: enquiries.name_person(w, waiting.id, named))
    contact = Contact(happened_at=utc_now(), medium="02", outcome="spoke")
    ending = Ending("answered", contact, Note(text="Low since June"))
    worker.store.write(lambda w: enquiries.finish_enquiry(w, waiting.id, ending))
    worker.synced()
    desk.synced()
    (seen,) = desk.all(Enquiry)
    assert (seen.state, desk.load(Person, seen.subject).given_name) == ("finished", "Owen")
    assert not desk.all(Note)


@pytest.mark.capability("A2")
def test_two_who_take_one_call_offline_are_a_clash_on_both_laptops(practice: Practice) -> None:
    laptops = [practice.laptop(practice.member(name, kind="team")) for name in ("Ann", "Bob")]
    laptops[0].synced()
    laptops[0].store.write(lambda w: enquiries.begin_enquiry(w, Enquiry(medium="02", words="Wants to talk")))
    for laptop in laptops:
        laptop.synced()
    (enquiry,) = laptops[1].all(Enquiry)
    for laptop in laptops:
        laptop.store.write(lambda w: enquiries.claim_enquiry(w, enquiry.id))
    for laptop in (*laptops, *laptops):
        laptop.synced()
    for laptop in laptops:
        (clash,) = laptop.conflicts()
        assert (clash.field, clash.target_id) == ("claimed_by", enquiry.id)
        assert laptop.load(Enquiry, enquiry.id).claimed_by == laptops[0].store.identity.user_id


@pytest.mark.capability("A5")
def test_a_message_reaches_its_reader_and_the_sender_sees_that_it_was_read(practice: Practice) -> None:
    sender, reader, third = (practice.laptop(practice.member(name, kind="team")) for name in ("Ann", "Bob", "Cerys"))
    for laptop in (sender, reader, third):
        laptop.synced()
    to = reader.store.identity.user_id
    sender.store.write(lambda w: messages.send_message(w, Message(subject=to, words="Ring Mary back")))
    sender.synced()
    reader.synced()
    (message,) = reader.all(Message)
    reader.store.write(lambda w: messages.read_message(w, message.id))
    reader.synced()
    sender.synced()
    third.synced()
    assert _message(sender).state == "read"
    assert not third.all(Message)


def _message(laptop: Laptop) -> Message:
    (found,) = laptop.all(Message)
    return found
