"""The front door in the window: begun before anybody knows who it is, taken, finished; by keyboard alone."""

import datetime as dt

import pytest
from PySide6.QtCore import Qt

from tests.ui.accessibility import check_page
from tests.ui.pages.made_service import NOW
from wellbeing_desktop.domain.contact import Contact, Note
from wellbeing_desktop.domain.correction import Alias
from wellbeing_desktop.domain.enquiry import Enquiry, Message, Request
from wellbeing_desktop.domain.onward import OnwardReferral
from wellbeing_desktop.domain.person import ContactPoint, Person
from wellbeing_desktop.operations import enquiries, messages, onward, requests
from wellbeing_desktop.operations.people import add_contact_point
from wellbeing_desktop.storage.drafts import drafts
from wellbeing_desktop.storage.records import load, load_all
from wellbeing_desktop.ui import background
from wellbeing_desktop.ui.pages.inbox.enquiry import EnquiryPage
from wellbeing_desktop.ui.pages.inbox.page import InboxPage

EARLIER = NOW - dt.timedelta(hours=2)


def settle(page, qtbot) -> None:
    parts = (page, *([page.form, page.who, page.who.picker] if isinstance(page, EnquiryPage) else []))
    qtbot.waitUntil(lambda: not any(background.waiting_for(part) for part in parts), timeout=10_000)


def opened(page, qtbot, argument=""):
    qtbot.addWidget(page)
    background.on_changed(page.refresh)
    page.resize(1160, 690)
    page.show()
    page.on_shown(argument)
    settle(page, qtbot)
    return page


def begun(session, **fields) -> str:
    enquiry = Enquiry(**{"medium": "02", "words": "Asks about the lunch club", "received_at": EARLIER, **fields})
    session.store.write(lambda w: enquiries.begin_enquiry(w, enquiry, at=EARLIER))
    return session.store.read(lambda r: load_all(r, Enquiry))[-1].id


@pytest.fixture
def busy(session, people):
    begun(session, caller_name="Mr Price", urgent=True)
    begun(session, subject=people[1], caller_role="family", claimed_by=session.user_id)
    begun(session, subject=people[2], claimed_by="somebody")
    session.store.write(lambda w: requests.add_request(w, Request(subject=people[3], kind="prescription"), at=NOW))
    going = OnwardReferral(subject=people[4], kind="signpost", to_name="Men's Shed", chase_on=NOW.date())
    session.store.write(lambda w: onward.send_onward(w, going, at=NOW))
    session.store.write(lambda w: messages.send_message(w, Message(subject="bo", words="Ring Mary back"), at=NOW))
    return session


def cells(card):
    return [row.cells for row in card.model.rows()]


def test_the_inbox_and_the_form_pass_the_checklist(busy, qtbot) -> None:
    check_page(opened(InboxPage(busy), qtbot), qtbot)
    page = opened(EnquiryPage(busy), qtbot)
    page.more.toggle()
    check_page(page, qtbot)


@pytest.mark.capability("A2")
def test_what_waits_is_shown_with_its_clock_and_the_sentence_counts_it(busy, qtbot) -> None:
    page = opened(InboxPage(busy), qtbot)
    assert page.summary.text() == "1 waiting for somebody. 1 with you. 1 request. 1 person to ask about."
    ((due, what, how),) = cells(page.waiting)
    assert due == "50 minutes left"  # it came before the service opened at 09:00 and is urgent
    assert what == "Not known yet\nMr Price. Asks about the lunch club"
    assert how.startswith("Telephone")
    assert "Needs a clinician" in cells(page.requests)[0][2]
    assert cells(page.sent)[0][0] == "Not read yet"


@pytest.mark.capability("A2")
def test_space_takes_one_and_it_is_with_me(busy, qtbot) -> None:
    page = opened(InboxPage(busy), qtbot)
    page.waiting.table.choose_row(0)
    qtbot.keyClick(page.waiting.table, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: page.waiting.isHidden() and len(cells(page.mine)) == 2)


@pytest.mark.capability("A1", "A3")
def test_a_call_is_written_down_before_anybody_knows_who_it_is_and_waits_in_the_queue(session, qtbot) -> None:
    page = opened(EnquiryPage(session), qtbot)
    assert page.first_focus() is page.form.rows["caller_name"].field
    page.form.set_values({**page.form.values(), "caller_name": "Mr Price", "words": "Wants to talk"})
    with qtbot.waitSignal(page.go) as went:
        page.save(keep=False)
    assert went.args == ["inbox", ""]
    (enquiry,) = session.store.read(lambda r: load_all(r, Enquiry))
    assert (enquiry.state, enquiry.caller_name, enquiry.received_at) == ("new", "Mr Price", NOW)
    assert session.store.read(lambda r: load(r, Person, enquiry.subject)).unidentified


@pytest.mark.capability("A1", "A3")
def test_a_call_from_somebody_new_is_finished_with_its_note_in_their_record(session, qtbot) -> None:
    page = opened(EnquiryPage(session), qtbot)
    page.form.set_values(
        {**page.form.values(), "words": "Wants to talk", "note": "Low since June", "outcome": "answered"}
    )
    page.who.new.set_values({"family_name": "Price", "given_name": "Owen", "born_on": ""})
    with qtbot.waitSignal(page.go):
        page.finish()
    (enquiry,) = session.store.read(lambda r: load_all(r, Enquiry))
    assert session.store.read(lambda r: load(r, Person, enquiry.subject)).given_name == "Owen"
    contact = session.store.read(lambda r: load(r, Contact, enquiry.contact_id))
    assert (contact.medium, contact.outcome, contact.happened_at) == ("02", "spoke", NOW)
    (note,) = session.store.read(lambda r: load_all(r, Note, about_id=contact.id))
    assert note.text == "Low since June"


@pytest.mark.capability("A4", "W17")
def test_a_number_says_whose_it_is_and_one_key_makes_it_theirs(session, people, qtbot) -> None:
    point = ContactPoint(subject=people[2], medium="telephone", value="+441632960009")
    session.store.write(lambda w: add_contact_point(w, point, at=NOW))
    page = opened(EnquiryPage(session), qtbot)
    page.form.rows["caller_number"].field.set_value("01632 960009")
    page.form.rows["caller_number"].field.left.emit()
    settle(page, qtbot)
    assert not page.earlier.isHidden()
    page.earlier.chosen.emit(people[2])
    qtbot.waitUntil(lambda: not page.around.banner.isHidden())
    assert page.who.isHidden()
    page.form.set_values({**page.form.values(), "outcome": "answered"})
    with qtbot.waitSignal(page.go):
        page.finish()
    (enquiry,) = session.store.read(lambda r: load_all(r, Enquiry))
    assert enquiry.subject == people[2]


def test_an_enquiry_that_is_saved_is_joined_to_the_record_of_its_person(busy, people, qtbot) -> None:
    (waiting,) = [one for one in busy.store.read(lambda r: load_all(r, Enquiry)) if one.state == "new"]
    page = opened(EnquiryPage(busy), qtbot, waiting.id)
    assert page.form.values()["caller_name"] == "Mr Price"
    page.who.found.emit(people[5])
    qtbot.waitUntil(lambda: not page.around.banner.isHidden())
    assert busy.store.read(lambda r: load_all(r, Alias, vanished_id=waiting.subject))
    assert not page.who.isVisible()


def test_finishing_asks_for_the_outcome_and_says_so_beside_it(session, qtbot) -> None:
    page = opened(EnquiryPage(session), qtbot)
    page.finish()
    assert "what came of it" in page.form.rows["outcome"].error.text().lower()


def test_what_is_typed_is_a_draft_when_the_page_is_left_and_comes_back(session, people, qtbot) -> None:
    page = opened(EnquiryPage(session), qtbot, f"for/{people[1]}")
    page.form.rows["words"].field.setFocus()
    qtbot.keyClicks(page.form.rows["words"].field, "Half a sent")
    page.save_draft()
    settle(page, qtbot)
    (draft,) = session.store.read(drafts)
    assert draft.key.startswith("enquiry/")
    again = opened(EnquiryPage(session), qtbot, draft.key.removeprefix("enquiry/"))
    qtbot.waitUntil(lambda: again.form.values()["words"] == "Half a sent")
    qtbot.waitUntil(lambda: not again.around.banner.isHidden())


def test_a_contact_that_was_finished_too_soon_is_opened_again_by_keyboard(session, people, qtbot) -> None:
    id = begun(session, subject=people[1], claimed_by=session.user_id)
    ending = enquiries.Ending("answered", Contact(happened_at=NOW, medium="02", direction="in", outcome="spoke"))
    session.store.write(lambda w: enquiries.finish_enquiry(w, id, ending, at=NOW))
    inbox = opened(InboxPage(session), qtbot)
    assert cells(inbox.finished)[0][0].startswith("Finished")
    inbox.finished.table.choose_row(0)
    with qtbot.waitSignal(inbox.go) as went:
        qtbot.keyClick(inbox.finished.table, Qt.Key.Key_Return)
    assert went.args == ["enquiry", id]
    page = opened(EnquiryPage(session), qtbot, id)
    assert "Its contact is in the person's record already" in page.state_line.text()
    assert page.finish_button.isHidden()
    check_page(page, qtbot)
    page.reopen_button.setFocus()
    qtbot.keyClick(page.reopen_button, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: page.finish_button.isVisible())
    assert "It is with you" in page.state_line.text()
    page.form.set_values({**page.form.values(), "outcome": "answered", "note": "And she rang back"})
    page.finish()
    assert "Add what is new there" in page.form.rows["note"].error.text(), "no word is dropped"
    page.form.set_values({**page.form.values(), "note": ""})
    with qtbot.waitSignal(page.go):
        page.finish()
    assert session.store.read(lambda r: load(r, Enquiry, id)).state == "finished"
    assert len(session.store.read(lambda r: load_all(r, Contact, subject=people[1], happened_at=NOW))) == 1
