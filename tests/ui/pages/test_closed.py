"""The page that is left when a laptop has been away too long."""

from pytestqt.qtbot import QtBot

from tests.ui.accessibility import check_page
from wellbeing_desktop.ui.pages.closed import ClosedPage
from wellbeing_desktop.ui.session import Session


def test_it_names_nobody_and_is_used_by_keyboard(session: Session, qtbot: QtBot) -> None:
    page = ClosedPage(session)
    qtbot.addWidget(page)
    page.on_shown()
    qtbot.waitUntil(lambda: page.waiting.text() != "")
    check_page(page, qtbot)
    assert page.first_focus() is page.button
