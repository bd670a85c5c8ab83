"""Requests, messages and people sent on, in the window: begun, taken on by steps, and known at last."""

import datetime as dt

import pytest
from PySide6.QtGui import QGuiApplication

from tests.ui.accessibility import check_pages
from tests.ui.pages.made_service import NOW
from wellbeing_desktop.domain.enquiry import Enquiry, Message, Request
from wellbeing_desktop.domain.knowledge import Service
from wellbeing_desktop.domain.onward import OnwardReferral
from wellbeing_desktop.domain.organisation import Practitioner
from wellbeing_desktop.operations import duplicates, enquiries, knowledge, messages, onward, requests
from wellbeing_desktop.storage.caseload import CaseloadFilter, caseload_count
from wellbeing_desktop.storage.directory_search import search_directory, service_named
from wellbeing_desktop.storage.drafts import Draft, drafts
from wellbeing_desktop.storage.records import load, load_all
from wellbeing_desktop.storage.search import find_people
from wellbeing_desktop.storage.similar import row_of
from wellbeing_desktop.storage.write_door import transaction
from wellbeing_desktop.ui import background
from wellbeing_desktop.ui.pages.inbox.message import MessagePage
from wellbeing_desktop.ui.pages.inbox.new_message import NewMessagePage
from wellbeing_desktop.ui.pages.inbox.new_onward import NewOnwardPage
from wellbeing_desktop.ui.pages.inbox.new_request import NewRequestPage
from wellbeing_desktop.ui.pages.inbox.onward import OnwardPage
from wellbeing_desktop.ui.pages.inbox.page import InboxPage
from wellbeing_desktop.ui.pages.inbox.request import RequestPage
from wellbeing_desktop.ui.pages.today_parts.kept_drafts import belongs_to


def settle(page, qtbot) -> None:
    parts = (page, *([page.form] if hasattr(page, "form") else []))
    qtbot.waitUntil(lambda: not any(background.waiting_for(part) for part in parts), timeout=10_000)


def opened(page, qtbot, argument=""):
    qtbot.addWidget(page)
    background.on_changed(page.refresh)
    page.resize(1160, 690)
    page.show()
    page.on_shown(argument)
    settle(page, qtbot)
    return page


def fill(page, **values) -> None:
    if "step" in values:
        page.form.rows["step"].field.set_value(values["step"])
        page.form.rows["step"].field.edited.emit()
    page.form.set_values(values)


def saved(page, qtbot, **values):
    fill(page, **values)
    with qtbot.waitSignal(page.go) as went:
        page.save()
    return went.args


def shown_rows(page) -> list[str]:
    return [name for name, row in page.form.rows.items() if not row.holder.isHidden()]


def only(session, struct):
    (found,) = session.store.read(lambda r: load_all(r, struct))
    return found


def test_somebody_not_known_yet_is_in_no_list_and_like_nobody(session, people) -> None:
    known = session.store.read(lambda r: (caseload_count(r, CaseloadFilter()), len(duplicates.known_people(r))))
    enquiry = Enquiry(medium="02", received_at=NOW, caller_name="A caller")
    session.store.write(lambda w: enquiries.begin_enquiry(w, enquiry, at=NOW))
    waiting = only(session, Enquiry)

    def lists(reader):
        return caseload_count(reader, CaseloadFilter()), len(duplicates.known_people(reader))

    assert session.store.read(lists) == known
    assert session.store.read(lambda r: find_people(r, "not known")) == []
    assert session.store.read(lambda r: row_of(r, waiting.subject)) is None
    named = {"family_name": "Price", "given_name": "Owen"}
    session.store.write(lambda w: enquiries.name_person(w, waiting.id, named, at=NOW))
    assert session.store.read(lists) == (known[0] + 1, known[1] + 1)
    assert [row.id for row in session.store.read(lambda r: find_people(r, "price owen"))] == [waiting.subject]


@pytest.mark.parametrize(
    ("key", "page", "argument"),
    [
        ("enquiry/an-id", "enquiry", "an-id"),
        ("new_request/person/enquiry", "new_request", "person/enquiry"),
        ("request/an-id", "request", "an-id"),
        ("new_message/", "new_message", ""),
        ("new_onward/person", "new_onward", "person"),
    ],
)
def test_a_draft_of_the_front_door_leads_back_to_its_form(key, page, argument) -> None:
    person_id = "person" if "person" in key else ""
    assert belongs_to(Draft(key=key, person_id=person_id, body={}, saved_at=NOW))[1:] == (page, argument)


@pytest.fixture
def request_id(session, people) -> str:
    asked = Request(subject=people[1], kind="prescription", items="Amlodipine 5 mg\nRamipril 10 mg")
    session.store.write(lambda w: requests.add_request(w, asked, at=NOW))
    return only(session, Request).id


@pytest.fixture
def colleague(session) -> str:
    def add(writer):
        with transaction(writer, "practitioner") as tx:
            return tx.create(Practitioner(name="Bo Lind"))

    return session.store.write(add)


@pytest.fixture
def sent_on(session, people) -> str:
    session.store.write(
        lambda w: onward.send_onward(
            w, OnwardReferral(subject=people[2], kind="signpost", to_name="Men's Shed"), at=NOW
        )
    )
    return only(session, OnwardReferral).id


@pytest.mark.slow
def test_every_page_of_the_front_door_passes_the_checklist(
    session, people, request_id, colleague, sent_on, qtbot
) -> None:
    session.store.write(lambda w: messages.send_message(w, Message(subject=colleague, words="Ring Mary"), at=NOW))
    pages = (
        (NewRequestPage(session), people[0]),
        (RequestPage(session), request_id),
        (NewMessagePage(session), people[0]),
        (MessagePage(session), only(session, Message).id),
        (NewOnwardPage(session), people[0]),
        (OnwardPage(session), sent_on),
    )
    check_pages([opened(page, qtbot, argument) for page, argument in pages], qtbot)


@pytest.mark.capability("Q7", "W23")
def test_a_request_with_a_time_promised_is_saved_and_leads_back_to_its_enquiry(session, people, qtbot) -> None:
    page = opened(NewRequestPage(session), qtbot, f"{people[1]}/enquiry-id")
    fill(page, kind="call_back", due_on="2026-11-18", due_at="2pm")
    assert saved(page, qtbot) == ["enquiry", "enquiry-id"]
    taken = only(session, Request)
    assert (taken.subject, taken.enquiry_id, taken.clinical) == (people[1], "enquiry-id", False)
    assert taken.due_at == dt.datetime(2026, 11, 18, 14, tzinfo=dt.UTC)


@pytest.mark.capability("A6", "W23")
def test_a_clinical_request_goes_to_the_clinician_and_comes_back_with_an_instruction(
    session, request_id, qtbot
) -> None:
    page = opened(RequestPage(session), qtbot, request_id)
    assert shown_rows(page) == ["step", "put_to"]
    assert "done" not in dict(page.steps(page.shown))
    saved(page, qtbot, put_to="Dr Okafor")

    page.on_shown(request_id)
    settle(page, qtbot)
    assert shown_rows(page) == ["step", "words", "clinician", "given_at", "read_back"]
    assert page.form.values()["clinician"] == "Dr Okafor"
    saved(page, qtbot, words="Issue 28 days", given_at="09:05", read_back="yes")

    page.on_shown(request_id)
    settle(page, qtbot)
    assert page.form.values()["step"] == "done"
    page.save()
    qtbot.waitUntil(lambda: page.form.rows["done_words"].error.text() != "")
    saved(page, qtbot, done_words="Sent to the pharmacy", person_told="told")
    done = session.store.read(lambda r: load(r, Request, request_id))
    assert (done.state, done.done_words, done.person_told) == ("done", "Sent to the pharmacy", "told")
    (given,) = session.store.read(lambda r: requests.instructions_about(r, request_id))
    assert (given.words, given.read_back, given.given_at.hour) == ("Issue 28 days", True, 9)

    page.on_shown(request_id)
    settle(page, qtbot)
    assert shown_rows(page) == []
    saved(page, qtbot)
    assert session.store.read(lambda r: load(r, Request, request_id)).state == "open"


def test_a_request_is_cancelled_with_its_reason_and_says_beside_the_field_when_there_is_none(
    session, request_id, qtbot
) -> None:
    page = opened(RequestPage(session), qtbot, request_id)
    fill(page, step="cancel")
    assert shown_rows(page) == ["step", "reason"]
    page.save()
    qtbot.waitUntil(lambda: "not needed" in page.form.rows["reason"].error.text())
    saved(page, qtbot, reason="Asked twice")
    assert session.store.read(lambda r: load(r, Request, request_id)).state == "cancelled"


def test_a_step_half_typed_is_kept_and_comes_back_with_its_fields(session, request_id, qtbot) -> None:
    page = opened(RequestPage(session), qtbot, request_id)
    fill(page, step="cancel", reason="Asked tw")
    page.form.edited.emit()
    page.save_draft()
    settle(page, qtbot)
    (draft,) = session.store.read(drafts)
    assert draft.key == f"request/{request_id}"
    again = opened(RequestPage(session), qtbot, request_id)
    qtbot.waitUntil(lambda: again.form.values()["reason"] == "Asked tw")
    qtbot.waitUntil(lambda: shown_rows(again) == ["step", "reason"])


def test_opening_a_request_and_leaving_it_keeps_no_draft(session, request_id, qtbot) -> None:
    page = opened(RequestPage(session), qtbot, request_id)
    page.save_draft()
    settle(page, qtbot)
    assert session.store.read(drafts) == []


@pytest.mark.capability("Q7")
def test_the_requests_are_copied_as_a_list_to_tick(session, request_id, qtbot) -> None:
    page = opened(InboxPage(session), qtbot)
    QGuiApplication.clipboard().clear()
    page.copy_requests()
    settle(page, qtbot)
    text = QGuiApplication.clipboard().text()
    assert "[ ] Repeat prescription: Amlodipine 5 mg; Ramipril 10 mg\n" in text
    assert "NHS number" in text
    assert "Needs a clinician's word. To do." in text
    assert not page.copied.isHidden()


@pytest.mark.capability("A5")
def test_a_message_goes_to_the_colleague_who_was_chosen(session, people, colleague, qtbot) -> None:
    page = opened(NewMessagePage(session), qtbot, people[0])
    choice = page.form.rows["subject"].field
    assert [choice.itemData(at) for at in range(choice.count())] == ["", colleague]
    assert saved(page, qtbot, subject=colleague, words="Ring Mary back") == ["person", people[0]]
    message = only(session, Message)
    assert (message.subject, message.person_id, message.state) == (colleague, people[0], "sent")
    shown = opened(MessagePage(session), qtbot, message.id)
    assert shown.form_card.isHidden()
    assert only(session, Message).state == "sent"  # its sender looking at it is not reading it


@pytest.mark.capability("A5")
def test_opening_a_message_is_reading_it_and_saving_deals_with_it(session, colleague, people, qtbot) -> None:
    def receive(writer):
        with transaction(writer, "send_message") as tx:
            return tx.create(
                Message(subject=session.user_id, from_id=colleague, words="Can you ring her", sent_at=NOW, state="sent")
            )

    id = session.store.write(receive)
    page = opened(MessagePage(session), qtbot, id)
    qtbot.waitUntil(lambda: only(session, Message).state == "read")
    settle(page, qtbot)
    saved(page, qtbot, answer="Rang at ten")
    assert (only(session, Message).state, only(session, Message).answer) == ("done", "Rang at ten")


def test_a_service_of_the_directory_is_offered_and_kept_by_its_name(session, people, qtbot) -> None:
    session.store.write(lambda w: knowledge.add_service(w, Service(name="Silver Threads lunch club"), at=NOW))
    session.store.write(lambda w: knowledge.add_service(w, Service(name="Gone", state="defunct"), at=NOW))
    page = opened(NewOnwardPage(session), qtbot, people[0])
    page.form.rows["to_name"].field.set_value("lunch")
    page.form.rows["to_name"].field.edited.emit()
    settle(page, qtbot)
    assert page._offers.count() == 1
    page._offers.itemAt(0).widget().click()
    settle(page, qtbot)
    assert saved(page, qtbot, kind="signpost") == ["person", people[0]]
    sent = only(session, OnwardReferral)
    assert sent.service_id == only_named(session, "Silver Threads lunch club")
    assert sent.chase_on == dt.date(2026, 12, 2)


def only_named(session, name) -> str:
    return session.store.read(lambda r: service_named(r, name))


def test_two_services_of_one_name_are_told_apart_by_who_is_chosen(session, people, qtbot) -> None:
    for area in ("York", "Leeds"):
        session.store.write(
            lambda w, area=area: knowledge.add_service(w, Service(name="Men's Shed", areas=(area,)), at=NOW)
        )
    assert only_named(session, "Men's Shed") == ""
    (leeds,) = [one.id for one in session.store.read(lambda r: search_directory(r, "mens shed leeds"))[0]]
    page = opened(NewOnwardPage(session), qtbot, people[0])
    page.form.rows["to_name"].field.set_value("mens shed")
    page.form.rows["to_name"].field.edited.emit()
    settle(page, qtbot)
    offers = [page._offers.itemAt(at).widget() for at in range(page._offers.count())]
    (wanted,) = [offer for offer in offers if "Leeds" in offer.text()]
    wanted.click()
    settle(page, qtbot)
    saved(page, qtbot, kind="signpost")
    assert only(session, OnwardReferral).service_id == leeds


def test_sending_on_from_a_service_s_page_begins_with_that_service(session, people, qtbot) -> None:
    made = session.store.write(lambda w: knowledge.add_service(w, Service(name="Choir"), at=NOW))
    (service_id,) = {change.id for change in made.touched}
    page = opened(NewOnwardPage(session), qtbot, f"{people[0]}/{service_id}")
    qtbot.waitUntil(lambda: page.form.values()["to_name"] == "Choir")
    saved(page, qtbot, kind="signpost")
    assert only(session, OnwardReferral).service_id == service_id


@pytest.mark.capability("B6", "J5")
def test_somebody_sent_on_is_booked_asked_about_and_known_at_last(session, sent_on, qtbot) -> None:
    page = opened(OnwardPage(session), qtbot, sent_on)
    page.save()
    qtbot.waitUntil(lambda: page.form.rows["booked_on"].error.text() != "")
    saved(page, qtbot, booked_on="2026-11-24")
    page.on_shown(sent_on)
    settle(page, qtbot)
    assert page.form.values()["step"] == "attended"
    saved(page, qtbot, step="booked", booked_on="2026-11-26")
    assert only(session, OnwardReferral).appointment_on == dt.date(2026, 11, 26)
    page.on_shown(sent_on)
    settle(page, qtbot)
    saved(page, qtbot, step="attended", useful="yes", outcome="Goes every week")
    ended = only(session, OnwardReferral)
    assert (ended.state, ended.useful, ended.outcome) == ("attended", "yes", "Goes every week")


def test_asking_again_on_a_day_that_has_passed_is_refused_beside_its_field(session, sent_on, qtbot) -> None:
    page = opened(OnwardPage(session), qtbot, sent_on)
    fill(page, step="ask", ask_on="2026-11-01")
    page.save()
    qtbot.waitUntil(lambda: "day to come" in page.form.rows["ask_on"].error.text())
