"""The pages about one person within the real window, by keyboard alone."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from tests.ui.pages.person.people import BRONWEN, NOW
from wellbeing_desktop.operations.person_record import read_person
from wellbeing_desktop.ui.page_list import add_pages
from wellbeing_desktop.ui.shell import Shell


@pytest.fixture
def window(session, qtbot, settle) -> Shell:
    shell = Shell()
    qtbot.addWidget(shell)
    add_pages(shell, lambda: session)
    shell.show()
    shell.activateWindow()
    shell.go("person", BRONWEN)
    settle(shell.pages["person"])
    return shell


def press(qtbot, window: Shell, key: Qt.Key, modifier=Qt.KeyboardModifier.NoModifier) -> None:
    qtbot.keyClick(QApplication.focusWidget() or window, key, modifier)


def contacts(session):
    return session.store.read(lambda reader: read_person(reader, BRONWEN, NOW.date())).contacts


CTRL = Qt.KeyboardModifier.ControlModifier


def test_a_call_is_written_down_and_undone_by_keyboard_alone(window, session, qtbot, settle) -> None:
    before = len(contacts(session))
    press(qtbot, window, Qt.Key.Key_N, CTRL)
    page = window.pages["contact"]
    settle(page, page.form)
    assert window.place.nav_key == "contact"
    qtbot.keyClicks(QApplication.focusWidget(), "She rang.")
    press(qtbot, window, Qt.Key.Key_S, CTRL)
    settle(page)
    qtbot.waitUntil(lambda: window.place.nav_key == "person")
    settle(window.pages["person"])
    assert len(contacts(session)) == before + 1
    assert window.undo_bar.isVisible()
    press(qtbot, window, Qt.Key.Key_Z, CTRL)
    qtbot.waitUntil(lambda: len(contacts(session)) == before)
    qtbot.waitUntil(lambda: window.place.nav_key == "contact")
    settle(page, page.form)
    assert page.form.values()["text"] == "She rang.", "undo gives the words back"


def test_leaving_a_contact_keeps_what_was_typed(window, session, qtbot, settle) -> None:
    press(qtbot, window, Qt.Key.Key_N, CTRL)
    page = window.pages["contact"]
    settle(page, page.form)
    qtbot.keyClicks(QApplication.focusWidget(), "Half")
    press(qtbot, window, Qt.Key.Key_Escape)
    assert window.place.nav_key == "person"
    settle(page, page.form)
    press(qtbot, window, Qt.Key.Key_N, CTRL)
    settle(page, page.form)
    assert page.form.values()["text"] == "Half"


def test_f9_turns_visit_mode_on_and_off(window, qtbot, settle) -> None:
    press(qtbot, window, Qt.Key.Key_F9)
    page = window.pages["visit"]
    settle(page)
    settle(page.form)
    assert window.visit_mode
    assert not window.navigation.isVisible()
    press(qtbot, window, Qt.Key.Key_F9)
    assert not window.visit_mode
    assert window.place.nav_key == "person"
    assert window.navigation.isVisible()


def test_the_left_hand_is_remembered(window, qtbot, settle) -> None:
    press(qtbot, window, Qt.Key.Key_F9)
    page = window.pages["visit"]
    settle(page)
    page.mirror()
    assert window.settings.mirrored
    button = page.finish_button
    qtbot.waitUntil(lambda: button.isVisible() and button.mapTo(page, button.rect().center()).x() < page.width() / 2)


def test_every_page_that_is_led_to_exists(window, settle) -> None:
    for key, argument in (
        ("contact", BRONWEN),
        ("visit", BRONWEN),
        ("care_plan", BRONWEN),
        ("plan_copy", BRONWEN),
        ("person_summary", BRONWEN),
        ("person_entry", f"alert/{BRONWEN}"),
        ("letters", BRONWEN),
        ("sync", ""),
        ("today", ""),
        ("caseload", ""),
    ):
        assert window.go(key, argument), key
        settle(window.pages[key])


def test_undoing_a_visit_gives_its_words_back(window, session, qtbot, settle) -> None:
    press(qtbot, window, Qt.Key.Key_F9)
    page = window.pages["visit"]
    settle(page)
    settle(page.form)
    page.form.rows["text"].field.set_value("Walked to the gate.")
    page.form.rows["ons4.happy"].field.set_value("6")
    page.finish()
    settle(page)
    window.undo_bar.undo_button.click()
    qtbot.waitUntil(lambda: page.form is not None)
    settle(page)
    settle(page.form)
    assert page.form.values()["text"] == "Walked to the gate."
    assert page.form.ons4.answers() == {"happy": 6}


def test_a_form_about_the_person_comes_back_when_it_is_undone(window, session, qtbot, settle) -> None:
    window.go("person_entry", f"fact/{BRONWEN}")
    page = window.pages["person_entry"]
    settle(page)
    settle(page.work.form)
    page.work.form.set_values({"kind": "allergy", "statement": "Latex", "source": "Sian"})
    page.save()
    settle(page)
    assert window.place.nav_key == "person"
    window.undo_bar.undo_button.click()
    qtbot.waitUntil(lambda: window.place.nav_key == "person_entry")
    settle(page)
    settle(page.work.form)
    assert page.work.form.values()["statement"] == "Latex"


def test_a_practice_that_is_not_in_the_list_is_added_and_what_was_typed_stays(window, session, qtbot, settle) -> None:
    window.go("person_entry", f"details/{BRONWEN}")
    details = window.pages["person_entry"]
    settle(details)
    settle(details.work.form)
    details.work.form.rows["known_as"].field.setFocus()
    press(qtbot, window, Qt.Key.Key_A, CTRL)
    qtbot.keyClicks(QApplication.focusWidget(), "Bronnie")
    details.work.form.rows["practice_id"].field.setFocus()
    press(qtbot, window, Qt.Key.Key_Tab)
    assert QApplication.focusWidget().text() == "Add a practice that is not in the list"
    press(qtbot, window, Qt.Key.Key_Space)
    assert window.place.nav_key == "organisation"
    page = window.pages["organisation"]
    settle(page, page.form)
    qtbot.keyClicks(page.form.rows["name"].field, "Hill Surgery")
    press(qtbot, window, Qt.Key.Key_S, CTRL)
    qtbot.waitUntil(lambda: window.place.nav_key == "person_entry")
    form = details.work.form
    qtbot.waitUntil(lambda: form.rows["practice_id"].field.currentText() == "Hill Surgery")
    assert QApplication.focusWidget() is form.rows["practice_id"].field
    assert form.values()["known_as"] == "Bronnie"
    press(qtbot, window, Qt.Key.Key_S, CTRL)
    qtbot.waitUntil(lambda: window.place.nav_key == "person")
    record = session.store.read(lambda reader: read_person(reader, BRONWEN, NOW.date()))
    assert (record.person.known_as, record.practice) == ("Bronnie", "Hill Surgery")
