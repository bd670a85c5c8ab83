"""A page ends when Qt deletes it, and takes nothing with it twice."""

from functools import partial

from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QPushButton, QStackedWidget
from pytestqt.qtbot import QtBot

from wellbeing_desktop.ui.page import Page, _living


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
