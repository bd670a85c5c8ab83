"""The desk for clashes: both values with who, when and where; settled by keyboard; nothing typed or chosen is lost."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from tests.ui.accessibility import check_page
from wellbeing_desktop.domain.care_plan import CarePlan, PlanNarrative
from wellbeing_desktop.domain.correction import Conflict
from wellbeing_desktop.domain.definition import Compartment
from wellbeing_desktop.domain.organisation import Practitioner
from wellbeing_desktop.domain.person import Person
from wellbeing_desktop.operations.conflicts import settle_conflict
from wellbeing_desktop.operations.setting_up import set_up_alone
from wellbeing_desktop.storage.conflicts import Wanted, clash_count, clashes, colleagues
from wellbeing_desktop.storage.connection import Writer
from wellbeing_desktop.storage.kdf import FAST_FOR_TESTS
from wellbeing_desktop.storage.records import load
from wellbeing_desktop.storage.store import Store
from wellbeing_desktop.storage.write_door import transaction
from wellbeing_desktop.ui import background
from wellbeing_desktop.ui.pages.clashes import ClashesPage
from wellbeing_desktop.ui.pages.conflict_card import ConflictCard
from wellbeing_desktop.ui.session import Session
from wellbeing_desktop.ui.widgets import messages
from wellbeing_desktop.ui.widgets.compared_text import ComparedText

BASE, MINE, THEIRS = "My garden.", "My garden, above all.", "The cat, above all."


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made, _kit = set_up_alone(tmp_path / "s", "T", "four quite plain words", user_name="Priya", argon=FAST_FOR_TESTS)
    yield made
    made.close()


def make_clash(writer: Writer, base: str = BASE, mine: str = MINE, theirs: str = THEIRS) -> str:
    """The words of a plan, with a clash about its first heading; the id of the words."""
    with transaction(writer, "test") as tx:
        sam = tx.create(Practitioner(name="Sam & Okafor", is_user=True))
        person_id = tx.create(Person(family_name="Hughes", given_name="Bronwen"))
        plan_id = tx.create(CarePlan(subject=person_id, state="draft"))
        id = tx.create(PlanNarrative(subject=person_id, plan_id=plan_id, most_important=theirs))
        tx.create(
            Conflict(
                subject=person_id,
                target_type="plan_narrative",
                target_id=id,
                field="most_important",
                base=json.dumps(base),
                mine=json.dumps(mine),
                mine_author=tx.author,
                mine_at="2026-11-21T10:00:00Z",
                mine_device="device-of-mine",
                theirs=json.dumps(theirs),
                theirs_author=sam,
                theirs_at="2026-11-21T11:00:00Z",
                theirs_device="device-abc123",
                state="open",
            ),
            Compartment.CLINICAL,
        )
    return id


@pytest.fixture
def narrative_id(store: Store) -> str:
    return store.write(make_clash)


def shown(store: Store, qtbot: QtBot, argument: str = "") -> ClashesPage:
    page = ClashesPage(
        Session(
            store=store,
            user_id=store.identity.user_id,
            user_name="Priya",
            organisation_id=store.identity.organisation_id,
        )
    )
    qtbot.addWidget(page)
    background.on_changed(page.refresh)
    page.show()
    page.on_shown(argument)
    settle(page, qtbot)
    return page


def settle(page: ClashesPage, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: background.waiting_for(page) == 0)


def card_of(page: ClashesPage) -> ConflictCard:
    assert page.card is not None
    return page.card


def press(page: ClashesPage, words: str) -> None:
    (found,) = [
        each
        for each in page.findChildren(QPushButton)
        if each.text().replace("&", "") == words and each.isVisibleTo(page)
    ]
    found.click()


def words_on(page: ClashesPage) -> str:
    texts = [label.text() for label in page.findChildren(QLabel)]
    return " ".join([*texts, *(text.toPlainText() for text in page.findChildren(ComparedText))])


def most_important(store: Store, id: str) -> str:
    found = store.read(lambda reader: load(reader, PlanNarrative, id))
    assert found is not None
    return found.most_important


def left(store: Store) -> int:
    return store.read(lambda reader: clash_count(reader, Wanted()))


@pytest.mark.usefixtures("narrative_id")
def test_the_desk_passes_the_checklist(store: Store, qtbot: QtBot) -> None:
    check_page(shown(store, qtbot), qtbot)


@pytest.mark.usefixtures("narrative_id")
def test_the_desk_passes_the_checklist_with_a_third_text_open(store: Store, qtbot: QtBot) -> None:
    page = shown(store, qtbot)
    card_of(page).write_another()
    check_page(page, qtbot)


def test_settled_clashes_pass_the_checklist(store: Store, narrative_id: str, qtbot: QtBot) -> None:
    page = shown(store, qtbot)
    press(page, "Keep yours")
    settle(page, qtbot)
    page.filter.set_values({"state": "settled"})
    page.filter.edited.emit()
    settle(page, qtbot)
    assert "Settled by Priya" in words_on(page)
    check_page(page, qtbot)


@pytest.mark.capability("P7")
@pytest.mark.usefixtures("narrative_id")
def test_both_values_are_on_the_screen_with_who_when_and_on_which_laptop(store: Store, qtbot: QtBot) -> None:
    words = words_on(shown(store, qtbot))
    for expected in (
        "You, 21-Nov-2026 10:00 on laptop F-MINE",
        "Sam && Okafor, 21-Nov-2026 11:00 on laptop ABC123",
        "Before both: My garden.",
        "Stands on the record now",
        "In: care plan",
    ):
        assert expected in words


@pytest.mark.usefixtures("narrative_id")
def test_what_was_added_and_taken_out_is_said_in_words(store: Store, qtbot: QtBot) -> None:
    words = words_on(shown(store, qtbot))
    assert "My [taken out: garden.] [added: garden, above all.]" in words


def test_without_words_before_both_what_only_one_says_is_marked(store: Store, qtbot: QtBot) -> None:
    store.write(lambda writer: make_clash(writer, base=""))
    words = words_on(shown(store, qtbot))
    assert "[only here: My garden,] above all." in words
    assert "[only here: The cat,] above all." in words


@pytest.mark.parametrize(
    ("button", "kept"),
    [
        ("Keep yours", MINE),
        ("Keep what Sam  Okafor wrote", THEIRS),
        ("Keep both", f"{THEIRS}\n\n{MINE}"),
    ],
)
def test_a_clash_is_settled_by_one_button(
    button: str, kept: str, store: Store, narrative_id: str, qtbot: QtBot
) -> None:
    page = shown(store, qtbot)
    press(page, button)
    qtbot.waitUntil(lambda: left(store) == 0)
    assert most_important(store, narrative_id) == kept
    settle(page, qtbot)
    assert page.card is None
    assert not page.nothing.isHidden()


@pytest.mark.capability("P7")
def test_a_clash_is_settled_by_keyboard_alone(store: Store, narrative_id: str, qtbot: QtBot) -> None:
    page = shown(store, qtbot)
    page.activateWindow()
    page.table.setFocus()
    qtbot.keyClick(page.table, Qt.Key.Key_Return)
    focused = page.window().focusWidget()
    assert isinstance(focused, QPushButton)
    assert focused.text().replace("&", "") == "Keep what Sam  Okafor wrote"
    focused.focusNextPrevChild(True)
    second = page.window().focusWidget()
    assert isinstance(second, QPushButton)
    assert second.text() == "Keep &yours"
    qtbot.keyClick(second, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: left(store) == 0)
    assert most_important(store, narrative_id) == MINE


def test_a_third_text_is_filled_with_both_and_survives_a_refresh(store: Store, narrative_id: str, qtbot: QtBot) -> None:
    page = shown(store, qtbot)
    card = card_of(page)
    card.write_another()
    assert card.form.values()["text"] == f"{THEIRS}\n\n{MINE}"
    card.form.set_values({"text": "Her garden and the cat."})
    page.on_shown()
    settle(page, qtbot)
    assert page.card is card
    press(page, "Keep this text")
    qtbot.waitUntil(lambda: left(store) == 0)
    assert most_important(store, narrative_id) == "Her garden and the cat."


def test_a_third_text_is_kept_as_a_draft(store: Store, narrative_id: str, qtbot: QtBot) -> None:
    page = shown(store, qtbot)
    card_of(page).write_another("Half a sen")
    page.save_draft()
    settle(page, qtbot)
    again = shown(store, qtbot)
    assert card_of(again).is_being_written()
    assert card_of(again).form.values()["text"] == "Half a sen"


def test_a_stale_screen_is_refused_in_words_and_shows_the_new_words(
    store: Store, narrative_id: str, qtbot: QtBot
) -> None:
    page = shown(store, qtbot)
    card_of(page).write_another("Mine own third text")
    said: list[BaseException] = []

    def rewrite(writer: Writer) -> None:
        (clash,) = clashes(writer, Wanted())
        with transaction(writer, "test") as tx:
            tx.change(Conflict, clash.id, {"mine": json.dumps("My garden and the birds.")})

    store.write(rewrite)
    with messages.replaced_by(lambda _owner, problem: said.append(problem)):
        press(page, "Keep this text")
        qtbot.waitUntil(lambda: bool(said))
        settle(page, qtbot)
    assert "written more since" in str(said[0])
    assert left(store) == 1
    assert card_of(page).form.values()["text"] == "Mine own third text"
    assert "birds" in words_on(page)
    press(page, "Keep this text")
    qtbot.waitUntil(lambda: left(store) == 0)
    assert most_important(store, narrative_id) == "Mine own third text"


def test_whoever_chooses_second_is_told_that_it_is_settled(store: Store, narrative_id: str, qtbot: QtBot) -> None:
    page = shown(store, qtbot)
    (clash,) = store.read(lambda reader: clashes(reader, Wanted()))
    store.write(lambda writer: settle_conflict(writer, clash.id, "theirs"))
    said: list[str] = []
    with messages.replaced_by(lambda _owner, problem: said.append(str(problem))):
        press(page, "Keep yours")
        settle(page, qtbot)
        settle(page, qtbot)
    assert said
    assert said[0].startswith("Priya settled this clash already")
    assert most_important(store, narrative_id) == THEIRS


def test_a_settled_clash_is_found_again_and_opened_again(store: Store, narrative_id: str, qtbot: QtBot) -> None:
    page = shown(store, qtbot)
    press(page, "Keep yours")
    qtbot.waitUntil(lambda: left(store) == 0)
    page.filter.set_values({"state": "settled"})
    page.filter.edited.emit()
    settle(page, qtbot)
    assert "What you wrote was kept" in words_on(page)
    press(page, "Open this clash again")
    qtbot.waitUntil(lambda: left(store) == 1)
    assert most_important(store, narrative_id) == THEIRS


@pytest.mark.usefixtures("narrative_id")
def test_who_settles_it_and_by_when_is_saved(store: Store, qtbot: QtBot) -> None:
    page = shown(store, qtbot)
    (sam,) = [id for id, name in store.read(colleagues) if name != "Priya"]
    card_of(page).owner.set_values({"owner": sam, "due_on": "2026-12-01"})
    press(page, "Save who and when")
    qtbot.waitUntil(lambda: store.read(lambda reader: clashes(reader, Wanted()))[0].owner_id == sam)
    settle(page, qtbot)
    (clash,) = store.read(lambda reader: clashes(reader, Wanted()))
    assert str(clash.due_on) == "2026-12-01"
    assert "Sam & Okafor settles it" in page.model.rows()[0].cells[0]


@pytest.mark.slow
@pytest.mark.parametrize("count", [50, pytest.param(200, marks=pytest.mark.soak)])
def test_many_clashes_are_settled_one_after_the_other_in_one_page(store: Store, count: int, qtbot: QtBot) -> None:
    """Each card goes while the page stays: this ended the program when a card took the page with it."""
    for _turn in range(count):
        store.write(make_clash)
    page = shown(store, qtbot)
    for rest in reversed(range(count)):
        press(page, "Keep yours")
        qtbot.waitUntil(lambda rest=rest: left(store) == rest, timeout=20_000)
        settle(page, qtbot)
    assert page.card is None
