"""Numbers, goals and actions leave the record with their reason, by keyboard alone, and come back with Undo."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QPushButton

from tests.ui.accessibility import check_page
from tests.ui.pages.person.people import BRONWEN, EMPTY, NOW, TWIN
from wellbeing_desktop.domain.person import ContactPoint
from wellbeing_desktop.operations.audit_trail import trail
from wellbeing_desktop.operations.people import add_contact_point, change_person
from wellbeing_desktop.operations.person_history import person_history
from wellbeing_desktop.operations.person_record import PersonRecord, read_person
from wellbeing_desktop.storage.search import find_people
from wellbeing_desktop.ui.page_list import add_pages
from wellbeing_desktop.ui.pages.person.entry import PersonEntryPage
from wellbeing_desktop.ui.pages.person.entry_remove import missed_without
from wellbeing_desktop.ui.pages.person.warnings import communication
from wellbeing_desktop.ui.shell import Shell

CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def window(session, qtbot) -> Shell:
    shell = Shell()
    qtbot.addWidget(shell)
    add_pages(shell, lambda: session)
    shell.show()
    shell.activateWindow()
    return shell


def record(session, person: str = BRONWEN) -> PersonRecord:
    return session.store.read(lambda reader: read_person(reader, person, NOW.date()))


def values(session) -> list[str]:
    return [point.value for point in record(session).contact_points]


def press(qtbot, window: Shell, key: Qt.Key, modifier=Qt.KeyboardModifier.NoModifier) -> None:
    qtbot.keyClick(QApplication.focusWidget() or window, key, modifier)


def follow(window: Shell, qtbot, settle, page: str, spoken: str) -> None:
    """Enter on the link that a screen reader calls this; Tab leads to it."""

    def links() -> list[QPushButton]:
        found = window.pages[page].findChildren(QPushButton)
        return [one for one in found if one.accessibleName() == spoken and one.isVisible()]

    qtbot.waitUntil(lambda: len(links()) == 1)
    [link] = links()
    assert link.focusPolicy() & Qt.FocusPolicy.TabFocus
    link.setFocus()
    press(qtbot, window, Qt.Key.Key_Return)
    settle(window.pages[page], window.pages.get("person_entry", window.pages[page]))


def test_a_number_is_removed_with_its_reason_stays_in_history_and_comes_back(window, session, qtbot, settle) -> None:
    window.go("person", f"{BRONWEN}/people")
    settle(window.pages["person"])
    follow(window, qtbot, settle, "person", "Remove +441632960123")
    entry = window.pages["person_entry"]
    press(qtbot, window, Qt.Key.Key_S, CTRL)
    assert "why it is removed" in entry.work.form.rows["reason"].error.text().lower(), "a reason is asked"
    entry.work.form.rows["reason"].field.setFocus()
    qtbot.keyClicks(QApplication.focusWidget(), "No longer used")
    press(qtbot, window, Qt.Key.Key_S, CTRL)
    qtbot.waitUntil(lambda: values(session) == ["+447700900123"])
    settle(entry)
    assert session.store.read(lambda reader: find_people(reader, "01632960123")) == []
    history = session.store.read(lambda reader: person_history(reader, BRONWEN))
    assert any("No longer used" in str(change) for change in history)
    lines = session.store.read(lambda reader: trail(reader, person_id=BRONWEN)).lines
    assert "Removed a telephone number or e-mail" in [line.what for line in lines]
    qtbot.waitUntil(window.undo_bar.isVisible)
    press(qtbot, window, Qt.Key.Key_Z, CTRL)
    qtbot.waitUntil(lambda: values(session) == ["+441632960123", "+447700900123"])


def test_what_is_missed_without_a_number_is_said_and_nothing_promises_it_afterwards(session) -> None:
    first = record(session).contact_points[0]
    said = missed_without(record(session), first)
    assert said == [
        "It is the one to use first. After this none is: choose another.",
        "It is the only number on which a message may be left.",
    ]
    email = ContactPoint(subject=EMPTY, medium="email", value="d@example.org")
    session.store.write(lambda writer: add_contact_point(writer, email, at=NOW))
    session.store.write(lambda writer: change_person(writer, EMPTY, {"preferred_contact_method": "4"}, at=NOW))
    [only] = record(session, EMPTY).contact_points
    assert missed_without(record(session, EMPTY), only) == [
        "It is the only e-mail address in the record.",
        "The best way to reach them is e-mail, as the details say. Ask them about another way.",
    ]
    assert "no e-mail" not in communication(record(session, EMPTY))
    session.store.write(lambda writer: change_person(writer, TWIN, {"preferred_contact_method": "4"}, at=NOW))
    assert "Best way: e-mail, but no e-mail address is recorded" in communication(record(session, TWIN))


def test_goals_are_put_in_order_and_one_is_removed_with_its_actions_by_keyboard(window, session, qtbot, settle) -> None:
    def goals() -> list[str]:
        return [goal.what for goal in record(session).plan.goals]

    window.go("care_plan", BRONWEN)
    page = window.pages["care_plan"]
    settle(page)
    window.go("person_entry", f"goal/{BRONWEN}")
    entry = window.pages["person_entry"]
    settle(entry)
    entry.work.form.set_values({"what": "See the sea"})
    press(qtbot, window, Qt.Key.Key_S, CTRL)
    qtbot.waitUntil(lambda: "See the sea" in goals() and window.place.nav_key == "care_plan")
    settle(page)
    before = goals()
    page.form.rows["needs"].field.set_value("Half written")
    follow(window, qtbot, settle, "care_plan", "Move up: See the sea")
    qtbot.waitUntil(lambda: goals().index("See the sea") == len(before) - 2)
    settle(page)
    assert page.form.rows["needs"].field.value() == "Half written"
    qtbot.waitUntil(lambda: "See the sea" in QApplication.focusWidget().accessibleName())
    press(qtbot, window, Qt.Key.Key_Z, CTRL)
    qtbot.waitUntil(lambda: goals() == before)
    settle(page)

    parts = record(session).plan
    doomed = next(goal for goal in parts.goals if any(one.goal_id == goal.id for one in parts.actions))
    follow(window, qtbot, settle, "care_plan", f"Remove the goal: {doomed.what}")
    qtbot.keyClicks(QApplication.focusWidget(), "Written twice")
    press(qtbot, window, Qt.Key.Key_S, CTRL)
    qtbot.waitUntil(lambda: doomed.what not in goals())
    assert not [one for one in record(session).plan.actions if one.goal_id == doomed.id]
    settle(entry, page)
    window.undo_bar.undo_button.setFocus()  # in the words of the plan Ctrl+Z takes back what was typed
    press(qtbot, window, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: goals() == before)


def test_the_form_passes_the_checklist(session, qtbot, settle) -> None:
    page = PersonEntryPage(session)
    qtbot.addWidget(page)
    page.on_shown(f"remove_goal/{BRONWEN}/{record(session).plan.goals[0].id}")
    settle(page)
    check_page(page, qtbot)


def test_an_action_is_removed_and_the_page_says_what_is_gone(window, session, qtbot, settle, no_problem_shown) -> None:
    action = record(session).plan.actions[0]
    window.go("person_entry", f"remove_action/{BRONWEN}/{action.id}")
    entry = window.pages["person_entry"]
    settle(entry)
    entry.work.form.set_values({"reason": "Somebody else's"})
    press(qtbot, window, Qt.Key.Key_S, CTRL)
    qtbot.waitUntil(lambda: action.id not in {one.id for one in record(session).plan.actions})
    settle(entry)
    window.go("person_entry", f"remove_action/{BRONWEN}/{action.id}")
    settle(entry)
    assert [str(problem) for problem in no_problem_shown] == ["This action is not in the plan any more."]
    no_problem_shown.clear()
