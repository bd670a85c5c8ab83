"""The parts of one large page at large text."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from wellbeing_desktop.ui.page import Page
from wellbeing_desktop.ui.theme import theme
from wellbeing_desktop.ui.widgets.tabbed_parts import TabbedParts

PARTS = ("Summary", "Care plan", "Contacts", "Documents", "People around them", "Consent", "History")


def is_seen(parts: TabbedParts) -> bool:
    row = parts.list.visualItemRect(parts.list.currentItem())
    return parts.list.visibleRegion().boundingRect().contains(row)


def test_the_page_scrolls_to_the_part_that_is_chosen_by_keyboard_and_to_none_that_was_opened(qtbot: QtBot) -> None:
    theme().set_percent(200)
    page = Page()
    qtbot.addWidget(page)
    before = QLabel("What to know before knocking")
    before.setMinimumHeight(260)
    parts = TabbedParts("Parts of the record", [(name, lambda name=name: QLabel(name)) for name in PARTS])
    page.body.addWidget(before)
    page.body.addWidget(parts)
    page.resize(900, 500)
    page.show()
    page.activateWindow()
    qtbot.waitUntil(lambda: parts.list.isVisible() and page.isActiveWindow())
    parts.bar.setCurrentIndex(6)
    assert not is_seen(parts), "what is to be read first stays in view"
    parts.bar.setCurrentIndex(0)
    parts.list.setFocus()
    for _ in range(6):
        qtbot.keyClick(parts.list, Qt.Key.Key_Down)
    qtbot.waitUntil(lambda: parts.list.currentRow() == 6 and is_seen(parts))
