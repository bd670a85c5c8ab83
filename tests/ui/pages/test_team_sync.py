"""Laptops of the team and work that was not applied, on both sides of the desk, over a real server."""

import datetime as dt

import pytest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from tests.sync.client.practice import Fault, Laptop, Practice
from tests.ui.accessibility import check_page
from wellbeing_desktop.domain.contact import Appointment
from wellbeing_desktop.domain.london_time import local_date
from wellbeing_desktop.domain.person import Person
from wellbeing_desktop.domain.task import Task
from wellbeing_desktop.storage import drafts
from wellbeing_desktop.storage.refused import refused_work
from wellbeing_desktop.sync.protocol.oversight import RegisterRow
from wellbeing_desktop.sync.protocol.signing_in import LaptopReport
from wellbeing_desktop.ui import background
from wellbeing_desktop.ui.page import Page
from wellbeing_desktop.ui.pages.sync import SyncPage
from wellbeing_desktop.ui.pages.team_sync import TeamSyncPage, in_one_sentence
from wellbeing_desktop.ui.session import Session
from wellbeing_desktop.ui.widgets import messages

Scene = tuple[Laptop, Laptop, str]


@pytest.fixture
def scene(practice: Practice) -> Scene:
    """Ann sees everybody; Cerys' access to a person ended before what she wrote about them was sent."""
    ann = practice.laptop(practice.member("Ann"))
    cerys_member = practice.member("Cerys", kind="caseload", subjects=())
    ann.synced()
    person_id = ann.create(Person(family_name="Hughes", given_name="Bronwen", known_as="Bron"))
    ann.synced()
    practice.move(cerys_member, add=(person_id,))
    cerys = practice.laptop(cerys_member)
    cerys.synced()
    practice.move(cerys_member, remove=(person_id,))
    cerys.change(Person, person_id, known_as="Bronnie")
    cerys.sync()
    ann.synced()
    return ann, cerys, person_id


def session_of(laptop: Laptop) -> Session:
    store = laptop.store
    return Session(
        store=store,
        user_id=laptop.member.id,
        user_name=laptop.member.name,
        organisation_id=store.identity.organisation_id,
    )


def settle(qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: background.waiting() == 0, timeout=60_000)


def shown(page: Page, qtbot: QtBot) -> None:
    qtbot.addWidget(page)
    page.show()
    page.on_shown()
    settle(qtbot)


def words_on(page: Page) -> str:
    return " ".join(label.text() for label in page.findChildren(QLabel) if label.isVisibleTo(page))


@pytest.mark.capability("P8")
def test_a_lead_sees_who_has_not_sent_and_whose_visits_are_due(practice: Practice, scene: Scene, qtbot: QtBot) -> None:
    ann, _, person_id = scene
    bob = practice.laptop(practice.member("Bob"))
    bob.synced()
    tomorrow = local_date(dt.datetime.now(dt.UTC)) + dt.timedelta(days=1)
    starts_at = dt.datetime.combine(tomorrow, dt.time(10), dt.UTC)
    ann.create(
        Appointment(
            subject=person_id,
            starts_at=starts_at,
            starts_on=tomorrow,
            state="booked",
            practitioner_id=bob.member.id,
        )
    )
    ann.synced()
    bob.create(Task(subject=person_id, title="Ring", state="open"))
    practice.fault = lambda path, count: Fault.LOST_REQUEST if path == "/v1/push" else None
    bob.sync()
    practice.fault = lambda path, count: None
    page = TeamSyncPage(session_of(ann))
    shown(page, qtbot)
    assert "1 laptop has 1 piece of unsent work; its owner has visits tomorrow." in words_on(page)
    first = page.model.rows()[0].cells
    assert first[0].startswith("Bob. Laptop: Bob\nAll exchanged")
    assert first[3] == "Unsent, visits tomorrow"
    check_page(page, qtbot)


def test_without_the_server_the_last_register_is_shown_with_its_age(
    practice: Practice, scene: Scene, qtbot: QtBot
) -> None:
    ann, _, _ = scene
    page = TeamSyncPage(session_of(ann))
    shown(page, qtbot)
    known = [row.cells for row in page.model.rows()]
    assert known
    practice.fault = lambda path, count: Fault.LOST_REQUEST
    again = TeamSyncPage(session_of(ann))
    said: list[BaseException] = []
    with messages.replaced_by(lambda _owner, problem: said.append(problem)):
        shown(again, qtbot)
    assert said
    assert [row.cells for row in again.model.rows()] == known
    assert "As the server knew it" in words_on(again)
    assert again.ask_button.isEnabled()


def test_work_that_was_not_applied_is_decided_from_the_screen(scene: Scene, qtbot: QtBot) -> None:
    ann, cerys, person_id = scene
    page = TeamSyncPage(session_of(ann))
    shown(page, qtbot)
    part = page.undecided
    assert page.tabs.tabText(1) == "To decide: 1"
    page.tabs.setCurrentIndex(1)
    assert "HUGHES, Bronwen" in part.model.rows()[0].cells[0]
    assert "The author had no access" in part.model.rows()[0].cells[0]
    assert part.text.toPlainText() == "Known as: Bronnie"
    check_page(page, qtbot)
    part.aside_button.click()
    assert part.form.rows["reason"].error.text() == "Say why it is set aside."
    part.hand_button.click()
    assert part.form.rows["to"].error.text() == "Choose a colleague who works here."
    part.apply_button.click()
    settle(qtbot)
    settle(qtbot)
    assert part.model.rows() == []
    ann.synced()
    assert ann.load(Person, person_id).known_as == "Bronnie"
    cerys.sync()
    assert cerys.store.read(refused_work) == []


@pytest.mark.capability("P10")
def test_its_author_reads_the_reason_and_takes_it_back_as_a_draft(scene: Scene, qtbot: QtBot) -> None:
    ann, cerys, person_id = scene
    page = TeamSyncPage(session_of(ann))
    shown(page, qtbot)
    page.undecided.form.set_values({"reason": "She prefers Bron"})
    page.undecided.aside_button.click()
    settle(qtbot)
    cerys.sync()
    own = SyncPage(session_of(cerys))
    shown(own, qtbot)
    own.tabs.setCurrentWidget(own.refused)
    assert own.tabs.tabText(1) == "Not applied: 1"
    assert "She prefers Bron" in own.refused.advice.text()
    assert own.refused.text.toPlainText() == "Known as: Bronnie"
    check_page(own, qtbot)
    own.refused.back_button.click()
    settle(qtbot)
    settle(qtbot)
    assert own.refused.model.rows() == []
    assert cerys.store.read(refused_work) == []
    if own.refused._names.get(person_id):
        kept = cerys.store.read(lambda reader: drafts.load_draft(reader, f"contact/{person_id}"))
        assert kept is not None
        assert kept.body["text"] == "Known as: Bronnie"


def test_its_author_tries_again_once_access_is_back(practice: Practice, scene: Scene, qtbot: QtBot) -> None:
    ann, cerys, person_id = scene
    practice.move(cerys.member, add=(person_id,))
    cerys.synced()
    own = SyncPage(session_of(cerys))
    shown(own, qtbot)
    own.refused.again_button.click()
    settle(qtbot)
    settle(qtbot)
    cerys.synced()
    ann.synced()
    assert ann.load(Person, person_id).known_as == "Bronnie"


def test_somebody_who_leads_nobody_sees_no_laptops_and_no_fault(practice: Practice, qtbot: QtBot) -> None:
    from tests.sync.client.practice import Member
    from wellbeing_desktop.sync.server import members

    worker = members.add_member(practice.service, "Wil", ("coordinator",))
    wil = practice.laptop(Member(worker, "", "Wil"))
    wil.sync()
    page = TeamSyncPage(session_of(wil))
    said: list[BaseException] = []
    with messages.replaced_by(lambda _owner, problem: said.append(problem)):
        shown(page, qtbot)
    assert said == []
    assert page.nothing.isVisibleTo(page)
    check_page(page, qtbot)


@pytest.mark.parametrize(
    ("waiting", "due", "sentence"),
    [
        ((), (), "0 laptops: no unsent work is known of."),
        ((8, 4, 2), (1, 2, 0), "3 laptops have 14 pieces of unsent work; 2 of them have visits tomorrow."),
        ((1, 1), (0, 0), "2 laptops have 2 pieces of unsent work; none has visits tomorrow."),
        ((1, 0), (0, 3), "1 laptop has 1 piece of unsent work; no visits tomorrow."),
    ],
)
def test_the_sentence_counts_what_the_rows_say(waiting: tuple[int, ...], due: tuple[int, ...], sentence: str) -> None:
    rows = [
        RegisterRow(
            practitioner_id=str(n),
            practitioner_name="A",
            device=str(n),
            report=LaptopReport(waiting=count),
            due_tomorrow=visits,
        )
        for n, (count, visits) in enumerate(zip(waiting, due, strict=True))
    ]
    assert in_one_sentence(rows) == sentence
