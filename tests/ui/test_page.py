"""A page ends when Qt deletes it, and takes nothing with it twice."""

from functools import partial

from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QPushButton, QStackedWidget, QWidget
from pytestqt.qtbot import QtBot

from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.ui.page import Page, _living
from wellbeing_desktop.ui.widgets import fields, messages
from wellbeing_desktop.ui.widgets.banner import PersonBanner
from wellbeing_desktop.ui.widgets.form import Form
from wellbeing_desktop.ui.widgets.tabs import tabs


class _PageWithParts(Page):
    """Its parts hold it: a partial of one of its methods is a strong reference, in a connection of the part."""

    def __init__(self) -> None:
        super().__init__()
        self.part: QPushButton | None = QPushButton("Settle")
        self.part.clicked.connect(partial(self.settle, "clash"))
        self.body.addWidget(self.part)

    def settle(self, _clash: str, *_checked: bool) -> None:
        if self.part is not None:
            self.body.removeWidget(self.part)
            self.part.deleteLater()
            self.part = None


def test_a_page_let_go_by_its_stack_while_a_part_waits_to_be_deleted_is_deleted_once(qtbot: QtBot) -> None:
    """What locking does. This ended the program (double free) when the last reference to the page was in a connection
    of the part: the part's destructor dropped it, and the page deleted the part again."""
    stack = QStackedWidget()
    qtbot.addWidget(stack)
    stack.show()
    before = len(_living)
    for _turn in range(200):
        page = _PageWithParts()
        stack.addWidget(page)
        page.settle("clash")
        stack.removeWidget(page)
        page.deleteLater()
        del page
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert len(_living) == before


def test_a_page_that_nobody_holds_outlives_its_parts(qtbot: QtBot) -> None:
    for _turn in range(200):
        page = _PageWithParts()
        number = max(_living)
        page.settle("clash")
        del page
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        qtbot.addWidget(_living[number])  # still there, and in one piece: it is closed and deleted at the end


def test_a_form_that_fits_its_page_has_nothing_to_scroll_to(qtbot: QtBot) -> None:
    """Qt reckoned with the words in the narrowest columns: most forms scrolled through an empty stretch."""
    page = Page()
    form = Form()
    form.begin_row()
    for name in ("one", "other"):
        form.add(name, "A name of several words", fields.line(), help_text="Some words of help, as long as a line is.")
    form.end_row()
    page.body.addWidget(form)
    page.body.addStretch()
    qtbot.addWidget(page)
    page.resize(1100, 180)
    page.show()
    assert page.scroll_area is not None
    bar = page.scroll_area.verticalScrollBar()
    qtbot.waitUntil(lambda: form.width() > 900)
    assert form.height() < 150
    assert bar.maximum() == 0
    page.resize(1100, 60)
    qtbot.waitUntil(lambda: bar.maximum() > 0)


def test_tabs_are_as_high_as_the_one_in_front(qtbot: QtBot) -> None:
    high, low = QWidget(), QWidget()
    high.setFixedHeight(900)
    low.setFixedHeight(50)
    page = Page()
    both = tabs("Both", [("High", high), ("Low", low)])
    page.body.addWidget(both)
    page.body.addStretch()
    qtbot.addWidget(page)
    page.resize(800, 400)
    page.show()
    assert page.scroll_area is not None
    bar = page.scroll_area.verticalScrollBar()
    qtbot.waitUntil(lambda: bar.maximum() > 500)
    both.setCurrentIndex(1)
    qtbot.waitUntil(lambda: bar.maximum() == 0)


def test_a_problem_is_told_under_the_name_of_the_person(qtbot: QtBot) -> None:
    page = Page()
    banner = PersonBanner()
    page.outer.insertWidget(0, banner)
    qtbot.addWidget(page)
    messages.show(page, Refused("Not today."))
    assert page.outer.indexOf(banner) == 0
    assert page.outer.indexOf(page.findChild(QWidget, "pageNotice")) == 1
