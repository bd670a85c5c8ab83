"""Typing, leaving, checking, and what a form says when something is to be put right."""

from datetime import date

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton

from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.ui.page import Page
from wellbeing_desktop.ui.widgets import buttons, fields, read_back
from wellbeing_desktop.ui.widgets.form import Form

TODAY = date(2026, 11, 21)


@pytest.fixture
def form(qtbot):
    page = Page()
    made = Form()
    made.add("note", "&Note", fields.note(), required=True)
    made.add("on", "&Date", fields.day(lambda: TODAY))
    made.add("nhs", "NHS n&umber", read_back.nhs_number())
    made.add("agreed", "", fields.tick("Consent &given"))
    made.add_actions(buttons.primary("&Save contact"))
    page.body.addWidget(made)
    qtbot.addWidget(page)
    page.show()
    page.activateWindow()
    qtbot.waitUntil(page.isActiveWindow)
    made.page = page
    return made


@pytest.mark.parametrize(
    ("typed", "words", "value"),
    [
        ("today", "Saturday 21 November 2026", "2026-11-21"),
        ("+2w", "Saturday 5 December 2026", "2026-12-05"),
        ("24 nov", "Tuesday 24 November 2026", "2026-11-24"),
        ("mon", "Monday 23 November 2026", "2026-11-23"),
    ],
)
def test_a_date_is_read_back_in_words_while_typing(qtbot, form: Form, typed: str, words: str, value: str) -> None:
    field = form.rows["on"].field
    qtbot.keyClicks(field.line, typed)
    assert field.words.text() == words
    assert field.words.isVisible()
    assert field.value() == value


def test_an_unfinished_date_is_kept_as_typed(qtbot, form: Form) -> None:
    qtbot.keyClicks(form.rows["on"].field.line, "31/")
    assert form.values()["on"] == "31/"
    form.set_values({"on": "31/"})
    assert form.values()["on"] == "31/"


def test_a_fault_is_said_on_leaving_not_while_typing(qtbot, form: Form) -> None:
    row = form.rows["nhs"]
    row.field.setFocus()
    qtbot.keyClicks(row.field, "999 000 0002")
    assert row.error.isHidden()
    form.rows["note"].field.setFocus()
    assert row.error.text()
    assert row.error.isVisible()
    assert row.field.value() == "999 000 0002", "what was typed stays"


def test_a_number_is_tidied_on_leaving(qtbot, form: Form) -> None:
    row = form.rows["nhs"]
    row.field.setFocus()
    qtbot.keyClicks(row.field, "9434765919")
    form.rows["note"].field.setFocus()
    assert row.field.value() == "943 476 5919"


def test_save_lists_what_to_put_right_with_links(qtbot, form: Form) -> None:
    qtbot.keyClicks(form.rows["on"].field.line, "nonsense")
    assert not form.check()
    links = form.summary.findChildren(QPushButton)
    assert [link.text().split(":")[0] for link in links] == ["Note", "Date"]
    assert form.summary.accessibleName().startswith("There are 2 things to put right")
    qtbot.mouseClick(links[1], Qt.MouseButton.LeftButton)
    assert form.page.focusWidget() is form.rows["on"].field.line
    form.set_values({"note": "Seen.", "on": ""})
    assert form.check()
    assert form.summary.isHidden()


def test_a_refusal_that_names_a_field_stands_beside_it(form: Form) -> None:
    form.show_refusal(Refused("Enter a date that is not in the future", "on"))
    assert form.rows["on"].error.text() == "Enter a date that is not in the future"


def test_tab_leaves_a_note(qtbot, form: Form) -> None:
    note = form.rows["note"].field
    note.setFocus()
    qtbot.keyClick(note, Qt.Key.Key_Tab)
    assert form.page.focusWidget() is form.rows["on"].field.line
    assert note.value() == ""


def test_an_unknown_code_is_kept(qtbot) -> None:
    choice = fields.choice([("visit", "Home visit")], empty="Not chosen")
    qtbot.addWidget(choice)
    choice.set_value("from a newer version")
    assert choice.value() == "from a newer version"


def test_pasted_markup_stays_plain(qtbot, form: Form) -> None:
    note = form.rows["note"].field
    note.set_value("<img src='file:///etc/passwd'>")
    assert note.value() == "<img src='file:///etc/passwd'>"


def test_fields_of_a_row_are_in_line_whatever_is_said_of_each(qtbot) -> None:
    form = Form()
    form.begin_row()
    explained = form.add("known_as", "Known as", fields.line(), help_text="The name the person likes to be called.")
    bare = form.add("pronouns", "Pronouns", fields.line())
    ticked = form.add("closed", "", fields.tick("Closed ones too"))
    form.end_row()
    qtbot.addWidget(form)
    form.resize(900, 200)
    form.show()
    tops = [field.mapTo(form, field.rect().topLeft()).y() for field in (explained, bare, ticked)]
    assert tops[0] == tops[1] == tops[2]


def test_a_hint_has_as_many_examples_as_there_is_room_for(qtbot) -> None:
    field = fields.day(lambda: TODAY)
    qtbot.addWidget(field)
    field.show()
    field.resize(400, 60)
    assert field.line.placeholderText() == "21/11, 21 nov, today, +2w, mon"
    field.resize(150, 60)
    shown = field.line.placeholderText()
    assert "21/11, 21 nov, today, +2w, mon".startswith(shown)
    assert not shown.endswith(",")
    assert field.line.fontMetrics().horizontalAdvance(shown) < 150
    field.resize(400, 60)
    assert field.line.placeholderText() == "21/11, 21 nov, today, +2w, mon"
