"""Sync: what waits, held and let go; what could not be applied; receipts read back from their PDF; all over a real server."""

import datetime as dt
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from tests.documents.reading import document_text
from tests.sync.client.practice import Laptop, Practice
from tests.ui.accessibility import check_page
from wellbeing_desktop.domain.contact import Contact, Note
from wellbeing_desktop.domain.correction import Conflict
from wellbeing_desktop.domain.definition import Compartment
from wellbeing_desktop.domain.london_time import local_date
from wellbeing_desktop.domain.person import Person
from wellbeing_desktop.domain.task import Task
from wellbeing_desktop.operations import contacts
from wellbeing_desktop.operations.outbox import hold_work, release_work
from wellbeing_desktop.operations.person_record import read_person
from wellbeing_desktop.operations.setting_up import set_up_alone
from wellbeing_desktop.storage.audit import entries
from wellbeing_desktop.storage.kdf import FAST_FOR_TESTS
from wellbeing_desktop.storage.organisation_key import FROM_SERVER, Belief, keep_belief
from wellbeing_desktop.storage.store import Store
from wellbeing_desktop.storage.sync_findings import note_findings
from wellbeing_desktop.ui import background
from wellbeing_desktop.ui.page import Page
from wellbeing_desktop.ui.pages.person.contacts import _meta
from wellbeing_desktop.ui.pages.receipt import ReceiptPage
from wellbeing_desktop.ui.pages.sync import SyncPage
from wellbeing_desktop.ui.pages.today import TodayPage
from wellbeing_desktop.ui.session import Session


@pytest.fixture
def laptop(practice: Practice) -> Laptop:
    made = practice.laptop(practice.member("Priya"))
    made.synced()
    return made


def session_of(store: Store) -> Session:
    return Session(
        store=store, user_id=store.identity.user_id, user_name="Priya", organisation_id=store.identity.organisation_id
    )


def shown(page: Page, qtbot: QtBot, argument: str = "") -> None:
    qtbot.addWidget(page)
    page.show()
    page.on_shown(argument)
    settle(qtbot)


def settle(qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: background.waiting() == 0, timeout=20_000)


def words_on(page: Page) -> str:
    return " ".join(label.text() for label in page.findChildren(QLabel) if label.isVisibleTo(page))


def states(page: SyncPage) -> list[str]:
    return [row.cells[2] for row in page.waiting.model.rows()]


def choose(page: SyncPage, words: str) -> None:
    (at,) = [n for n, row in enumerate(page.waiting.model.rows()) if words in row.cells[0]]
    page.waiting.table.choose_row(at)


@pytest.fixture
def person_id(laptop: Laptop) -> str:
    made = laptop.create(Person(family_name="Hughes", given_name="Bronwen"))
    laptop.synced()
    return made


@pytest.fixture
def visit_id(laptop: Laptop, person_id: str) -> str:
    """A visit with a note that is not signed, and a task; the id of the visit's transaction."""
    moment = dt.datetime.now(dt.UTC) - dt.timedelta(hours=1)
    visit = Contact(
        subject=person_id, medium="home_visit", outcome="seen", happened_at=moment, happened_on=local_date(moment)
    )
    changes = laptop.store.write(
        lambda writer: contacts.record_contact(writer, visit, Note(text="Settled well."), sign=False)
    )
    laptop.create(Task(subject=person_id, title="Ring the allotment", state="open"))
    return changes.undo_id


@pytest.mark.usefixtures("visit_id")
def test_the_page_passes_the_checklist(laptop: Laptop, qtbot: QtBot) -> None:
    page = SyncPage(session_of(laptop.store))
    shown(page, qtbot)
    check_page(page, qtbot)


@pytest.mark.usefixtures("visit_id")
def test_what_waits_is_said_in_plain_english_by_person(laptop: Laptop, qtbot: QtBot) -> None:
    page = SyncPage(session_of(laptop.store))
    shown(page, qtbot)
    rows = [row.cells[0] for row in page.waiting.model.rows()]
    assert "HUGHES, Bronwen\nRecorded a contact: 1 contact, 1 GP record entry and 1 note added." in rows
    assert states(page) == ["Not sent", "Not sent, note not signed"]
    assert page.tabs.tabText(0) == "To send: 2"
    assert "Everything was last exchanged" in words_on(page)


@pytest.mark.capability("P5")
def test_a_visit_is_held_the_rest_is_sent_its_note_signed_and_it_goes(
    laptop: Laptop, visit_id: str, qtbot: QtBot
) -> None:
    page = SyncPage(session_of(laptop.store))
    shown(page, qtbot)
    choose(page, "Recorded a contact")
    page.waiting.hold_button.click()
    settle(qtbot)
    assert "Held, note not signed" in states(page)
    assert "1 of them is held" in words_on(page)
    laptop.sync()
    page.on_shown()
    settle(qtbot)
    assert states(page) == ["Held, note not signed"]
    choose(page, "Recorded a contact")
    assert not page.waiting.hold_button.isEnabled()
    page.waiting.sign_button.click()
    settle(qtbot)
    laptop.sync()
    page.on_shown()
    settle(qtbot)
    assert page.waiting.model.rows() == []
    (note,) = laptop.all(Note)
    assert note.signed_at is not None
    assert visit_id


@pytest.mark.usefixtures("visit_id")
def test_held_work_is_let_go_by_its_row_and_what_can_be_done_is_offered(laptop: Laptop, qtbot: QtBot) -> None:
    page = SyncPage(session_of(laptop.store))
    shown(page, qtbot)
    choose(page, "Recorded a contact")
    page.waiting.hold_button.click()
    settle(qtbot)
    offered = dict(page.waiting._row_actions(page.waiting.table.record_id()))
    assert set(offered) == {"Open the record", "Sign the note and let it go", "Let this go"}
    offered["Let this go"](page.waiting.table.record_id())
    settle(qtbot)
    assert all(words.startswith("Not sent") for words in states(page))


@pytest.mark.usefixtures("visit_id")
def test_a_receipt_says_what_was_sent_and_is_read_back_from_its_pdf(laptop: Laptop, qtbot: QtBot) -> None:
    laptop.synced()
    page = SyncPage(session_of(laptop.store))
    shown(page, qtbot, "receipts")
    assert page.tabs.currentWidget() is page.receipts
    newest = page.receipts.model.rows()[0]
    assert "about 1 person" in newest.cells[1]
    check_page(page, qtbot)
    with qtbot.waitSignal(page.go) as asked:
        page.receipts.table.opened.emit(newest.record_id)
    assert asked.args == ["receipt", newest.record_id]
    paper = ReceiptPage(session_of(laptop.store))
    shown(paper, qtbot, newest.record_id)
    qtbot.waitUntil(lambda: paper.paper.preview.answer is not None, timeout=60_000)
    answer = paper.paper.preview.answer
    assert answer is not None
    text = " ".join(document_text(answer.data).split())
    for expected in ("Receipt of a sync", "HUGHES, Bronwen", "Recorded a contact", "Server's signature", "Priya"):
        assert expected in text
    check_page(paper, qtbot)
    paper.paper._done("Saved as a file.")
    settle(qtbot)
    assert "print_receipt" in [entry.action for entry in laptop.store.read(lambda reader: entries(reader, limit=3))]


def test_a_store_on_this_computer_only_has_nothing_to_send(tmp_path: Path, qtbot: QtBot) -> None:
    store, _kit = set_up_alone(tmp_path / "s", "T", "four quite plain words", user_name="Priya", argon=FAST_FOR_TESTS)
    with store:
        page = SyncPage(session_of(store))
        shown(page, qtbot)
        assert "this computer only" in words_on(page)
        assert not page.waiting.table.isVisibleTo(page)
        check_page(page, qtbot)


def test_a_clash_is_named_with_the_way_to_its_desk(laptop: Laptop, person_id: str, qtbot: QtBot) -> None:
    clash = Conflict(
        subject=person_id, target_type="person", target_id=person_id, field="title", mine='"Mrs"', state="open"
    )
    laptop.do(lambda tx: tx.create(clash, Compartment.CARD))
    page = SyncPage(session_of(laptop.store))
    shown(page, qtbot)
    assert page.clashes.text() == "1 clash of edits to settle"
    with qtbot.waitSignal(page.go) as asked:
        page.clashes.click()
    assert asked.args == ["clashes", "all"]


@pytest.mark.capability("P4")
def test_the_record_marks_what_is_not_sent_and_today_counts_what_is_held(
    laptop: Laptop, person_id: str, visit_id: str, qtbot: QtBot
) -> None:
    today = local_date(dt.datetime.now(dt.UTC))
    record = laptop.store.read(lambda reader: read_person(reader, person_id, today))
    assert _meta(record.contacts[0].contact, record.contacts[0], record).count("not sent") == 1
    laptop.store.write(lambda writer: hold_work(writer, visit_id, person_id))
    page = TodayPage(session_of(laptop.store))
    shown(page, qtbot)
    assert page.held.text() == "1 piece of work held, not sent"
    with qtbot.waitSignal(page.go) as asked:
        page.held.click()
    assert asked.args == ["sync", ""]
    laptop.store.write(lambda writer: release_work(writer, visit_id, person_id))
    laptop.sync()
    record = laptop.store.read(lambda reader: read_person(reader, person_id, today))
    assert "not sent" not in _meta(record.contacts[0].contact, record.contacts[0], record)


def test_another_recovery_key_that_the_server_names_is_told_on_today_and_here(laptop: Laptop, qtbot: QtBot) -> None:
    session = session_of(laptop.store)
    for page in (today := TodayPage(session), sync := SyncPage(session)):
        shown(page, qtbot)
    assert (today.lease.isVisible(), sync.other_key.isVisible()) == (False, False)
    laptop.store.write(lambda writer: keep_belief(writer, Belief(b"a" * 32, FROM_SERVER, b"b" * 32)))
    for page in (today, sync):
        page.on_shown()
    settle(qtbot)
    for notice in (today.lease, sync.other_key):
        assert notice.isVisible()
        assert "names another recovery key" in notice.accessibleName()


@pytest.mark.capability("P4")
def test_what_a_sync_found_stays_on_today_and_here_until_somebody_says_that_they_read_it(
    laptop: Laptop, qtbot: QtBot
) -> None:
    said = "30 people leave this laptop: the practice of these people has moved."
    laptop.store.write(lambda writer: note_findings(writer, [said], dt.datetime.now(dt.UTC)))
    session = session_of(laptop.store)
    today = TodayPage(session)
    shown(today, qtbot)
    assert today.found_by_sync.text() == "1 thing to know from syncing"
    with qtbot.waitSignal(today.go) as asked:
        qtbot.keyClick(today.found_by_sync, Qt.Key.Key_Space)
    assert asked.args == ["sync", ""]
    page = SyncPage(session)
    shown(page, qtbot)
    assert any(label.text().endswith(said) for label in page.findings.findChildren(QLabel))
    qtbot.keyClick(page.findings.read_button, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: page.findings.isHidden(), timeout=20_000)
    today.on_shown()
    settle(qtbot)
    assert not today.found_by_sync.isVisible()
