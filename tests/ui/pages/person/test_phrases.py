"""Quick phrases are the service's own: written in Settings, put in by one key wherever text is written."""

import pytest
from PySide6.QtCore import Qt

from tests.ui.accessibility import check_page
from tests.ui.pages.person.people import BRONWEN
from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.domain.ids import new_id
from wellbeing_desktop.domain.phrase import MOST_WORDS, Phrase
from wellbeing_desktop.operations.phrases import every_phrase, keep_phrase, phrases_for, shipped
from wellbeing_desktop.ui.page_list import add_pages
from wellbeing_desktop.ui.pages.phrases import PhrasesPage
from wellbeing_desktop.ui.shell import Shell
from wellbeing_desktop.ui.widgets.fields import NoteField

PLACES = {
    "enquiry": ("", "front_door"),
    "new_request": (BRONWEN, "request"),
    "new_onward": (BRONWEN, "request"),
    "new_message": (BRONWEN, "message"),
    "contact": (BRONWEN, "contact"),
    "visit": (BRONWEN, "visit"),
}


def keep(session, **fields: object) -> str:
    id = str(fields.pop("id", new_id()))
    session.store.write(lambda w: keep_phrase(w, Phrase(id=id, **fields)))
    return id


def text_field(page) -> NoteField | None:
    return next((each for each in page.findChildren(NoteField) if each.isVisibleTo(page)), None)


@pytest.mark.capability("A1")
@pytest.mark.parametrize("nav_key", PLACES)
def test_one_key_puts_a_phrase_in_where_the_cursor_is(session, settle, qtbot, nav_key) -> None:
    argument, place = PLACES[nav_key]
    keep(session, name="Rang back", words="Rang back and left a message.", places=(place,))
    keep(session, name="Elsewhere", words="Not here.", places=tuple(p for p in ("visit", "message") if p != place))
    shell = Shell()
    qtbot.addWidget(shell)
    add_pages(shell, lambda: session)
    shell.show()
    shell.activateWindow()
    shell.go(nav_key, argument)
    page = shell.page()
    settle(page)
    qtbot.waitUntil(lambda: text_field(page) is not None)
    field = text_field(page)
    field.set_value("She asked. ")
    field.setFocus()
    cursor = field.textCursor()
    cursor.movePosition(cursor.MoveOperation.End)
    field.setTextCursor(cursor)
    qtbot.waitUntil(lambda: shell.focusWidget() is field)
    qtbot.keyClick(field, Qt.Key.Key_F3)
    box = shell.palette_box
    qtbot.waitUntil(lambda: box.isVisible() and shell.focusWidget() is box.field)
    assert [box.list.item(row).text().split("    ")[0] for row in range(box.list.count())] == ["Rang back"]
    qtbot.keyClicks(box.field, "message")
    qtbot.keyClick(box.field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: field.value() == "She asked. Rang back and left a message.")
    assert shell.focusWidget() is field
    shell.commands.run("palette")
    assert box.list.count() > 1  # and Ctrl+K is people and commands again
    shell.forget_pages()


def test_away_from_a_text_field_the_key_says_what_to_do(session, settle, qtbot, no_problem_shown) -> None:
    shell = Shell()
    qtbot.addWidget(shell)
    add_pages(shell, lambda: session)
    for nav_key, said in (("new_message", "Put the keyboard into a text field"), ("phrases", "No quick phrases")):
        shell.go(nav_key, "")
        settle(shell.page())
        shell.page().setFocus()
        shell.commands.run("phrase")
        assert said in str(no_problem_shown.pop())
    shell.forget_pages()


def test_the_page_keeps_changes_and_takes_out_of_use(session, settle, qtbot) -> None:
    page = PhrasesPage(session)
    qtbot.addWidget(page)
    page.on_shown()
    settle(page)
    page._new()
    page.form.set_values({"name": "Tablets", "words": "", "places": "request"})
    page.save()
    assert page.form.rows["words"].error.text()
    page.form.set_values({"name": "Tablets", "words": "Asked the pharmacy in Kington.", "places": "request"})
    page.save()
    settle(page)
    page.on_shown()  # the window does it after every change
    qtbot.waitUntil(lambda: page.model.rowCount() == 1)
    check_page(page, qtbot)
    [made] = session.store.read(lambda r: phrases_for(r, "request"))
    assert (made.name, made.words) == ("Tablets", "Asked the pharmacy in Kington.")
    page._edit(made.id)
    page.form.set_values({"name": "Tablets", "words": "Asked the pharmacy.", "places": "request\nfront_door"})
    page.save()
    settle(page)
    page.on_shown()
    settle(page)
    [made] = session.store.read(lambda r: phrases_for(r, "front_door"))
    assert made.words == "Asked the pharmacy."
    page._switch(made.id)
    settle(page)
    assert session.store.read(lambda r: phrases_for(r, "request")) == ()
    [kept] = session.store.read(every_phrase)
    assert kept.retired


def test_what_makes_no_phrase_gets_a_sentence(session) -> None:
    keep(session, name="Hello", words="Good morning.", places=("message",))
    for fields, beside in (
        ({"name": " ", "words": "x", "places": ("visit",)}, "name"),
        ({"name": "x" * 41, "words": "x", "places": ("visit",)}, "name"),
        ({"name": "x", "words": " ", "places": ("visit",)}, "words"),
        ({"name": "x", "words": "x" * (MOST_WORDS + 1), "places": ("visit",)}, "words"),
        ({"name": "x", "words": "x", "places": ()}, "places"),
        ({"name": "x", "words": "x", "places": ("kitchen",)}, "places"),
        ({"name": "hello", "words": "x", "places": ("message", "visit")}, "name"),
    ):
        with pytest.raises(Refused) as refusal:
            keep(session, **fields)
        assert refusal.value.field == beside


def test_visits_have_the_shipped_ones_until_the_service_has_its_own(session) -> None:
    assert session.store.read(lambda r: phrases_for(r, "visit")) == shipped()
    keep(session, name="Own", words="Our own.", places=("visit",))
    assert [one.name for one in session.store.read(lambda r: phrases_for(r, "visit"))] == ["Own"]
