"""Who did what, when: filtered by person and by day, opened by keyboard."""

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from tests.ui.accessibility import check_page
from wellbeing_desktop.operations.looking import opened_record
from wellbeing_desktop.ui import background
from wellbeing_desktop.ui.pages.audit import AuditPage
from wellbeing_desktop.ui.session import Session


@pytest.fixture
def page(session: Session, people: list[str], qtbot: QtBot) -> AuditPage:
    session.store.write(lambda writer: opened_record(writer, person_id=people[0]))
    page = AuditPage(session)
    qtbot.addWidget(page)
    page.resize(1160, 690)
    page.show()
    return page


def opened(page: AuditPage, qtbot: QtBot, argument: str = "") -> None:
    page.on_shown(argument)
    settled(page, qtbot)


def settled(page: AuditPage, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: background.waiting() == 0, timeout=20_000)


@pytest.mark.parametrize("whose", ["everybody", "one"])
def test_it_passes_the_checklist(page: AuditPage, people: list[str], qtbot: QtBot, whose: str) -> None:
    opened(page, qtbot, people[0] if whose == "one" else "")
    check_page(page, qtbot)


@pytest.mark.capability("Q2")
def test_the_newest_line_comes_first_and_enter_opens_the_record(
    page: AuditPage, people: list[str], qtbot: QtBot
) -> None:
    opened(page, qtbot)
    first = page.model.rows()[0]
    assert first.cells[0].strip() == "Opened the record"
    assert first.cells[1].endswith("\nAlex Reed")
    page.table.choose_row(0)
    with qtbot.waitSignal(page.go) as asked:
        qtbot.keyClick(page.table, Qt.Key.Key_Return)
    assert asked.args == ["person", people[0]]


def test_one_person_is_named_in_the_banner_and_everybody_comes_back(
    page: AuditPage, people: list[str], qtbot: QtBot
) -> None:
    opened(page, qtbot, people[0])
    assert page.banner.isVisible()
    shown = len(page.model.rows())
    assert page.heading.text() == "Who has looked at or changed this record"
    assert len({row.cells[2] for row in page.model.rows()}) == 1
    qtbot.keyClick(page.everybody, Qt.Key.Key_Space)
    settled(page, qtbot)
    assert not page.banner.isVisible()
    assert len(page.model.rows()) > shown


def test_a_day_without_work_says_so(page: AuditPage, qtbot: QtBot) -> None:
    opened(page, qtbot)
    line = page.form.rows["day"].field.line
    line.setFocus()
    qtbot.keyClicks(line, "1 jan 2020")
    qtbot.keyClick(line, Qt.Key.Key_Return)
    settled(page, qtbot)
    assert page.nothing.isVisible()
    assert not page.table.isVisible()
