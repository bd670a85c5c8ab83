"""The checklist finds what it is there to find."""

import pytest
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QPushButton, QWidget

from tests.ui.accessibility import check_page
from wellbeing_desktop.ui.models.paged_table import Column, TableRow
from wellbeing_desktop.ui.models.short_list import ShortList
from wellbeing_desktop.ui.page import Page
from wellbeing_desktop.ui.widgets import buttons, fields, labels
from wellbeing_desktop.ui.widgets.short_table import ShortTable


def nameless() -> Page:
    page = Page()
    page.body.addWidget(QLineEdit())
    return page


def twice_the_same_letter() -> Page:
    page = Page()
    page.body.addWidget(buttons.secondary("&Save this"))
    page.body.addWidget(buttons.secondary("&Send this"))
    return page


def too_small() -> Page:
    page = Page()
    button = buttons.secondary("Go")
    button.setFixedSize(20, 20)
    page.body.addWidget(button)
    return page


def cut_off() -> Page:
    page = Page()
    label = labels.body("A sentence that needs more than sixty pixels", wrap=False)
    label.setFixedWidth(60)
    page.body.addWidget(label)
    return page


def hint_cut_off() -> Page:
    page = Page()
    field = fields.line(hint="An example without a comma that needs more room")
    field.setFixedWidth(110)
    page.body.addWidget(labels.label_for("Name", field))
    page.body.addWidget(field)
    return page


def chip_cut_off() -> Page:
    page = Page()
    model = ShortList([Column("Due", width=8), Column("What")])
    table = ShortTable("Files", model)
    table.draw_as_chips(0, lambda _words: "plain")
    page.body.addWidget(table)
    model.show_rows([TableRow("1", ("Antidisestablishmentarianism", "A word"))])
    return page


def too_wide() -> Page:
    page = Page()
    holder = QWidget()
    row = QHBoxLayout(holder)
    for number in range(12):
        row.addWidget(QPushButton(f"A long button number {number}"))
    page.body.addWidget(holder)
    return page


def marked_up() -> Page:
    page = Page()
    page.body.addWidget(QLabel("<b>Bold</b>"))
    return page


def wrong_order() -> Page:
    page = Page()
    first, second = fields.line(), fields.line()
    for words, field in (("First", first), ("Second", second)):
        page.body.addWidget(labels.label_for(words, field))
        page.body.addWidget(field)
    third = buttons.secondary("Save")
    page.body.addWidget(third)
    page.setTabOrder(third, second)
    page.setTabOrder(second, first)
    return page


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (nameless, "no accessible name"),
        (nameless, "field without a label"),
        (twice_the_same_letter, r"Alt\+S is used 2 times"),
        (too_small, "is under 24"),
        (cut_off, "cut off in 60 px"),
        (hint_cut_off, "hint cut off"),
        (chip_cut_off, "chip cut off"),
        (too_wide, "past the side"),
        (marked_up, "label not plain"),
        (wrong_order, "Tab goes up"),
    ],
)
def test_a_fault_is_named(qtbot, make, words: str) -> None:
    with pytest.raises(AssertionError, match=words):
        check_page(make(), qtbot)
