"""Joining two records by keyboard, seeing both, confirming, undoing and taking apart."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from tests.ui.accessibility import check_page
from wellbeing_desktop.domain.ids import new_id
from wellbeing_desktop.domain.person import Person
from wellbeing_desktop.operations.people import register_person
from wellbeing_desktop.operations.person_record import read_person
from wellbeing_desktop.storage.joined import survivors
from wellbeing_desktop.storage.undo import undo
from wellbeing_desktop.ui import background
from wellbeing_desktop.ui.pages.join import JoinPage
from wellbeing_desktop.ui.session import Session


@pytest.fixture
def pair(session: Session, people: list[str]) -> tuple[str, str]:
    """Somebody of the list, and a second record of them with a slip in it."""
    one = session.store.read(lambda reader: read_person(reader, people[1], session.today())).person
    twin = new_id()
    session.store.write(
        lambda writer: register_person(
            writer,
            Person(id=twin, family_name=one.family_name, given_name=one.given_name[:3], born_on=one.born_on),
            at=session.now(),
        )
    )
    return one.id, twin


@pytest.fixture
def page(session: Session, pair: tuple[str, str], qtbot: QtBot) -> JoinPage:
    page = JoinPage(session)
    qtbot.addWidget(page)
    background.on_changed(page.refresh)
    page.resize(1160, 690)
    page.show()
    page.on_shown("/".join(pair))
    qtbot.waitUntil(lambda: page.shown is not None, timeout=20_000)
    return page


def settled(qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: background.waiting() == 0, timeout=20_000)


def test_it_passes_the_checklist(page: JoinPage, qtbot: QtBot) -> None:
    check_page(page, qtbot)


def test_choosing_the_other_record_and_a_join_in_force_pass_the_checklist(
    session: Session, pair: tuple[str, str], qtbot: QtBot
) -> None:
    from wellbeing_desktop.operations.aliases import join_people

    session.store.write(lambda writer: join_people(writer, *pair, "Same birth date", at=session.now()))
    page = JoinPage(session)
    qtbot.addWidget(page)
    page.show()
    page.on_shown(pair[0])
    settled(qtbot)
    check_page(page, qtbot)


def test_what_differs_stands_first_and_both_are_named(page: JoinPage) -> None:
    assert page.shown is not None
    differing = [field.label for field in page.shown.fields if not field.is_same]
    assert {"First name", "NHS number", "Addresses", "What is in the record"} <= set(differing)
    said = [label.text() for label in page.sides.findChildren(QLabel)]
    assert said.index("Different") < said.index("NHS number") < said.index("The same in both")
    assert page.keep.options["one"].text() == f"1. {page.shown.one_name}"


@pytest.mark.capability("C7")
def test_two_records_are_joined_by_keyboard_after_confirming_and_undone(
    page: JoinPage, session: Session, pair: tuple[str, str], qtbot: QtBot
) -> None:
    qtbot.keyClick(page.join_button, Qt.Key.Key_Space)
    assert page.form.summary.isVisible()
    assert not page.confirm.isVisible()
    page.keep.options["one"].setFocus()
    qtbot.keyClick(page.keep.options["one"], Qt.Key.Key_Space)
    page.form.rows["reason"].field.setFocus()
    qtbot.keyClicks(page.form.rows["reason"].field, "Her daughter says so")
    qtbot.keyClick(page.join_button, Qt.Key.Key_Space)
    assert page.confirm.isVisible()
    assert page.yes.hasFocus()
    assert session.store.read(survivors) == {}
    seen = []
    background.on_changed(seen.append)
    with qtbot.waitSignal(page.go, timeout=20_000) as went:
        qtbot.keyClick(page.yes, Qt.Key.Key_Space)
    assert went.args == ["person", pair[0]]
    assert session.store.read(survivors) == {pair[1]: pair[0]}
    session.store.write(lambda writer: undo(writer, seen[-1].undo_id))
    assert session.store.read(survivors) == {}


def test_saying_no_leaves_both_and_the_other_may_be_the_one_kept(
    page: JoinPage, session: Session, pair: tuple[str, str], qtbot: QtBot
) -> None:
    page.form.set_values({"keep": "other", "reason": "Same birth date"})
    page.join()
    qtbot.keyClick(page.no, Qt.Key.Key_Space)
    assert not page.confirm.isVisible()
    assert session.store.read(survivors) == {}
    page.join()
    with qtbot.waitSignal(page.go, timeout=20_000):
        page.yes.click()
    assert session.store.read(survivors) == {pair[0]: pair[1]}
    page.on_shown(pair[0])
    settled(qtbot)
    assert page.joined.isVisible()
    from wellbeing_desktop.operations.aliases import joins_of

    (join,) = session.store.read(lambda reader: joins_of(reader, pair[0]))
    page.take_apart(join)
    settled(qtbot)
    assert session.store.read(survivors) == {}


def test_who_may_be_the_same_person_is_offered(session: Session, pair: tuple[str, str], qtbot: QtBot) -> None:
    page = JoinPage(session)
    qtbot.addWidget(page)
    page.show()
    page.on_shown(pair[1])
    settled(qtbot)
    offered = page.offers.findChildren(QPushButton)
    assert any("same date of birth" in button.text() for button in offered)
    offered[0].click()
    qtbot.waitUntil(lambda: page.shown is not None, timeout=20_000)
    assert page.shown.other_id == pair[0]
