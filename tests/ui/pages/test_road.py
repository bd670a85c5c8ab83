"""Ready for the road: each line is right about the store, proven by the passphrase, printed with safe numbers only."""

import datetime as dt

import pytest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from tests.documents.reading import document_text
from tests.sync.client.practice import PASSPHRASE, Laptop, Practice
from tests.ui.accessibility import check_page
from wellbeing_desktop.domain.contact import Appointment
from wellbeing_desktop.domain.document import Attachment, Letter
from wellbeing_desktop.domain.london_time import local_date, moment_of
from wellbeing_desktop.domain.person import ContactPoint, Person
from wellbeing_desktop.operations.battery import Battery
from wellbeing_desktop.operations.road import RoadCheck, State, check_road
from wellbeing_desktop.storage.attachments import keep_file
from wellbeing_desktop.storage.audit import entries
from wellbeing_desktop.storage.backup import note_backup
from wellbeing_desktop.storage.connection import Writer
from wellbeing_desktop.storage.sync_state import set_sync_values
from wellbeing_desktop.ui import background
from wellbeing_desktop.ui.pages.road import RoadPage
from wellbeing_desktop.ui.session import Session

NOW = dt.datetime.now(dt.UTC)
TOMORROW = local_date(NOW) + dt.timedelta(days=1)
FULL = Battery(90, True)


@pytest.fixture
def laptop(practice: Practice) -> Laptop:
    """One visit tomorrow to somebody with a safe and an unsafe number; all of it sent."""
    made = practice.laptop(practice.member("Priya"))
    made.synced()
    person_id = made.create(Person(family_name="Hughes", given_name="Bronwen"))
    made.create(ContactPoint(subject=person_id, medium="telephone", value="01632960001", safe_to_call=False))
    made.create(ContactPoint(subject=person_id, medium="mobile", value="07700900123", safe_to_call=True))
    made.create(
        Appointment(
            subject=person_id,
            starts_at=moment_of(TOMORROW, dt.time(9, 40)),
            starts_on=TOMORROW,
            medium="home_visit",
            place="23 Marsh Lane",
            practitioner_id=made.member.id,
            state="booked",
        )
    )
    made.synced()
    return made


def checked(laptop: Laptop, *, power: Battery | None = FULL, proven: bool = True) -> RoadCheck:
    return check_road(
        laptop.store,
        laptop.member.id,
        TOMORROW,
        dt.datetime.now(dt.UTC),
        power=power,
        proven_at=NOW if proven else None,
    )


def state(check: RoadCheck, key: str) -> State:
    (line,) = [line for line in check.lines if line.key == key]
    assert bool(line.advice) == (line.state is not State.READY)
    return line.state


def test_a_laptop_with_everything_is_ready(laptop: Laptop) -> None:
    laptop.store.write(lambda writer: note_backup(writer, NOW))
    check = checked(laptop)
    assert [line for line in check.lines if line.state is not State.READY] == []
    (call,) = check.calls
    assert (call.time, call.place) == ("09:40", "23 Marsh Lane")
    assert "07700" in call.telephone.replace(" ", "")


def test_each_thing_that_is_amiss_is_named_with_what_to_do(laptop: Laptop, practice: Practice) -> None:
    person_id = laptop.all(Person)[0].id
    laptop.create(Letter(subject=person_id, to_kind="person", to_name="Mrs Hughes", state="draft", written_on=TOMORROW))
    letter = laptop.all(Letter)[0]
    laptop.change(Letter, letter.id, state="ready")

    def disturb(writer: Writer) -> None:
        with writer.immediate():
            set_sync_values(writer, {"skew_seconds": 400, "synced_at": (NOW - dt.timedelta(days=2)).isoformat()})
            writer.execute("INSERT INTO bucket_to_fetch (subject, compartment) VALUES (?, 'clinical')", (person_id,))

    laptop.store.write(disturb)
    check = checked(laptop, power=Battery(20, False), proven=False)
    for key in ("people", "papers", "sync", "sent", "clock", "battery", "opens"):
        assert state(check, key) is State.ATTENTION, key
    assert state(checked(laptop, power=None), "battery") is State.NOT_KNOWN
    assert state(check, "backup") is State.NOT_KNOWN


def test_the_days_without_a_network_are_the_servers_word(laptop: Laptop) -> None:
    (line,) = [line for line in checked(laptop).lines if line.key == "access"]
    assert line.words.startswith("9 days before a reminder.")
    laptop.store.write(lambda writer: _set(writer, {"lease_signature": "00"}))
    assert state(checked(laptop), "access") is State.ATTENTION


def _set(writer: Writer, values: dict[str, str | int]) -> None:
    with writer.immediate():
        set_sync_values(writer, values)


def test_a_document_that_is_not_here_is_counted(laptop: Laptop) -> None:
    person_id = laptop.all(Person)[0].id
    sha = keep_file(laptop.store.files, b"a scan", now=NOW)
    laptop.create(Attachment(subject=person_id, title="Scan", sha256=sha, bytes=6))
    assert state(checked(laptop), "files") is State.READY
    laptop.create(Attachment(subject=person_id, title="Another", sha256="0" * 64, bytes=6))
    assert state(checked(laptop), "files") is State.ATTENTION


def test_somebody_booked_who_is_not_on_this_laptop_is_missed(laptop: Laptop) -> None:
    person_id = laptop.all(Person)[0].id

    def take_away(writer: Writer) -> None:
        with writer.immediate():
            writer.execute("DELETE FROM person WHERE id = ?", (person_id,))

    laptop.store.write(take_away)
    check = checked(laptop)
    assert state(check, "people") is State.ATTENTION
    assert check.calls[0].name == "Not on this laptop"
    assert check.calls[0].telephone == ""


def session_of(laptop: Laptop) -> Session:
    return Session(
        store=laptop.store,
        user_id=laptop.member.id,
        user_name="Priya",
        organisation_id=laptop.store.identity.organisation_id,
    )


def shown(laptop: Laptop, qtbot: QtBot) -> RoadPage:
    page = RoadPage(session_of(laptop), lambda: FULL)
    qtbot.addWidget(page)
    page.show()
    page.on_shown()
    settle(qtbot)
    return page


def settle(qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: background.waiting() == 0, timeout=60_000)


def words_on(page: RoadPage) -> str:
    return " ".join(label.text() for label in page.findChildren(QLabel) if label.isVisibleTo(page))


def test_the_page_passes_the_checklist(laptop: Laptop, qtbot: QtBot) -> None:
    check_page(shown(laptop, qtbot), qtbot)


def test_the_passphrase_is_proven_and_a_wrong_one_is_said(laptop: Laptop, qtbot: QtBot) -> None:
    page = shown(laptop, qtbot)
    assert "Not proven today" in words_on(page)
    page.secret.set_values({"passphrase": "not the passphrase"})
    page.prove()
    settle(qtbot)
    assert page.secret.rows["passphrase"].error.text()
    assert page.secret.values()["passphrase"] == ""
    page.secret.set_values({"passphrase": PASSPHRASE})
    page.prove()
    settle(qtbot)
    assert "Your passphrase opened it" in words_on(page)


def test_a_day_that_is_none_is_said_beside_the_field(laptop: Laptop, qtbot: QtBot) -> None:
    page = shown(laptop, qtbot)
    page.day.set_values({"day": "no day"})
    page.check_now()
    assert page.day.rows["day"].error.text()


def test_the_sheet_has_what_is_missing_and_safe_numbers_only(laptop: Laptop, qtbot: QtBot) -> None:
    page = shown(laptop, qtbot)
    page.with_calls.click()
    settle(qtbot)
    qtbot.waitUntil(lambda: page.paper.preview.answer is not None, timeout=60_000)
    answer = page.paper.preview.answer
    assert answer is not None
    text = " ".join(document_text(answer.data).split())
    assert "HUGHES, Bronwen" in text
    assert "What is missing" in text
    assert "Opens without a network" in text
    digits = "".join(letter for letter in text if letter.isdigit())
    assert "07700900123" in digits
    assert "01632960001" not in digits
    page.paper._done("Saved as a file.")
    settle(qtbot)
    assert "print_road_sheet" in [line.action for line in laptop.store.read(lambda reader: entries(reader, limit=2))]
