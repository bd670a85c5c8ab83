"""Sync: what waits, what could not be applied, and the way to what clashes."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from tests.ui.accessibility import check_page
from wellbeing_desktop.domain.care_plan import CarePlan, PlanNarrative
from wellbeing_desktop.domain.correction import Conflict
from wellbeing_desktop.domain.definition import Compartment
from wellbeing_desktop.domain.person import Person
from wellbeing_desktop.operations.setting_up import set_up_alone
from wellbeing_desktop.storage.connection import Writer
from wellbeing_desktop.storage.kdf import FAST_FOR_TESTS
from wellbeing_desktop.storage.store import Store
from wellbeing_desktop.storage.write_door import transaction
from wellbeing_desktop.ui import background
from wellbeing_desktop.ui.pages.sync import SyncPage
from wellbeing_desktop.ui.session import Session

MINE, THEIRS = '"My garden, above all."', '"The cat, above all."'


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made, _kit = set_up_alone(tmp_path / "s", "T", "four quite plain words", user_name="Priya", argon=FAST_FOR_TESTS)
    yield made
    made.close()


@pytest.fixture
def narrative_id(store: Store) -> str:
    """The words of a plan, with a clash about its first heading."""

    def work(writer: Writer) -> str:
        with transaction(writer, "test") as tx:
            person_id = tx.create(Person(family_name="Hughes", given_name="Bronwen"))
            plan_id = tx.create(CarePlan(subject=person_id, state="draft"))
            id = tx.create(PlanNarrative(subject=person_id, plan_id=plan_id, most_important="The cat, above all."))
            tx.create(
                Conflict(
                    subject=person_id,
                    target_type="plan_narrative",
                    target_id=id,
                    field="most_important",
                    mine=MINE,
                    mine_author=tx.author,
                    mine_at="2026-11-21T10:00:00Z",
                    theirs=THEIRS,
                    theirs_author="somebody-else",
                    theirs_at="2026-11-21T11:00:00Z",
                    state="open",
                ),
                Compartment.CLINICAL,
            )
        return id

    return store.write(work)


def shown(store: Store, qtbot: QtBot) -> SyncPage:
    page = SyncPage(
        Session(
            store=store,
            user_id=store.identity.user_id,
            user_name="Priya",
            organisation_id=store.identity.organisation_id,
        )
    )
    qtbot.addWidget(page)
    page.show()
    page.on_shown()
    qtbot.waitUntil(lambda: background.waiting_for(page) == 0)
    return page


@pytest.mark.usefixtures("narrative_id")
def test_the_page_passes_the_checklist(store: Store, qtbot: QtBot) -> None:
    check_page(shown(store, qtbot), qtbot)


@pytest.mark.usefixtures("narrative_id")
def test_a_clash_is_named_with_the_way_to_its_desk(store: Store, qtbot: QtBot) -> None:
    page = shown(store, qtbot)
    assert page.clashes.text() == "1 clash of edits to settle"
    with qtbot.waitSignal(page.go) as asked:
        page.clashes.click()
    assert asked.args == ["clashes", "all"]


def test_a_store_on_this_computer_only_has_nothing_to_send(store: Store, qtbot: QtBot) -> None:
    page = shown(store, qtbot)
    words = " ".join(label.text() for label in page.findChildren(type(page._waiting.title)))
    assert "this computer only" in words
