"""The person record on a real store."""

from functools import partial

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel

from tests.ui.accessibility import check_page
from tests.ui.pages.person.people import BRONWEN, CONTACT, EMPTY, NOW
from wellbeing_desktop.operations.people import change_person
from wellbeing_desktop.operations.person_record import read_person
from wellbeing_desktop.ui import background
from wellbeing_desktop.ui.clipboard import lend
from wellbeing_desktop.ui.pages.person.page import TABS, PersonPage


@pytest.fixture
def page(session, settle, qtbot) -> PersonPage:
    made = PersonPage(session)
    qtbot.addWidget(made)
    made.on_shown(BRONWEN)
    settle(made)
    return made


def words_of(widget) -> str:
    return "\n".join(label.text() for label in widget.findChildren(QLabel))


@pytest.mark.capability("W2")
def test_the_banner_says_whose_record_it_is(page: PersonPage) -> None:
    said = page.banner.accessibleName()
    for words in (
        "JONES, Bronwen (Bron)",
        "14-Mar-1943 (83 years)",
        "900\u00a0000\u00a00009",
        "she/her",
        "12 Mill Lane",
        "Similar name",
    ):
        assert words in said


def test_the_key_safe_code_is_not_on_the_record(page: PersonPage) -> None:
    assert "4711" not in words_of(page)


@pytest.mark.slow
def test_every_tab_of_the_record_passes_the_checklist(page, settle, qtbot) -> None:
    def show(tab: str) -> None:
        page.on_shown(f"{BRONWEN}/{tab}")
        settle(page)
        settle(page.tabs.part(page.tabs.bar.currentIndex()))

    check_page(page, qtbot, parts={tab: partial(show, tab) for tab in TABS})


def test_an_empty_record_passes_the_checklist(session, settle, qtbot) -> None:
    page = PersonPage(session)
    qtbot.addWidget(page)
    page.on_shown(EMPTY)
    settle(page)
    check_page(page, qtbot)


def test_history_says_what_stood_before_and_who_changed_it(session, page, settle) -> None:
    session.store.write(lambda writer: change_person(writer, BRONWEN, {"known_as": "Bronnie"}))
    page.on_shown(f"{BRONWEN}/history")
    settle(page)
    part = page.tabs.part(TABS.index("history"))
    settle(part)
    first = part._changes[0]
    assert (first.what, first.who) == ("Changed: Person", "Sam Okafor")
    assert [(value.field, value.now, value.was) for value in first.values] == [("Known as", "Bronnie", "Bron")]


def test_the_page_follows_what_is_saved_elsewhere(session, page, settle) -> None:
    background.operate(page, session.store, lambda writer: change_person(writer, BRONWEN, {"known_as": "Bronnie"}))
    background.on_changed(page.refresh)
    settle(page)
    settle(page)
    assert "Bronnie" in page.banner.accessibleName()


@pytest.mark.capability("M2")
def test_copying_for_the_gp_record_leaves_out_confidences_and_empties_the_clipboard(page, settle, qtbot) -> None:
    page.act("copy_for_gp", CONTACT)
    settle(page)
    clipboard = QGuiApplication.clipboard()
    assert "Stairs are easier" in clipboard.text()
    assert "did not sleep" not in clipboard.text()
    assert not page.copied.isHidden()
    lend("x").timeout.emit()
    assert clipboard.text() == ""


def test_a_promise_is_marked_as_done(session, page, settle) -> None:
    task = page.record.open_tasks()[0]
    page.act("finish_task", task.id)
    settle(page)
    after = session.store.read(lambda reader: read_person(reader, BRONWEN, NOW.date()))
    assert after.open_tasks() == ()


def test_opening_a_record_is_in_the_audit(session, page) -> None:
    entry = session.store.read(lambda reader: reader.value("SELECT entry FROM audit ORDER BY number DESC LIMIT 1"))
    assert "open_record" in entry
    assert "Jones" not in entry


def test_the_key_safe_code_is_not_in_history_either(session, settle, page) -> None:
    page.on_shown(f"{BRONWEN}/history")
    settle(page)
    part = page.tabs.part(TABS.index("history"))
    settle(part)
    said = [value for change in part._changes for value in change.values if value.field == "Key safe"]
    assert said
    assert "4711" not in str(said)
