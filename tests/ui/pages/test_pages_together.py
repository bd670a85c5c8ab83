"""Every page in the real window: each opens by its name, with and without a person, and goes on to the next."""

from functools import partial
from pathlib import Path

import pytest

from tests.ui.accessibility import check_page
from wellbeing_desktop.ui import background, page_list
from wellbeing_desktop.ui.shell import Shell
from wellbeing_desktop.ui.widgets import messages
from wellbeing_desktop.ui.widgets.undo_bar import UndoBar
from wellbeing_desktop.ui.worker import end_worker

ABOUT_ONE_PERSON = (
    "person",
    "person_summary",
    "plan_copy",
    "visit",
    "care_plan",
    "join",
    "contact",
    "letters",
    "new_referral",
    "new_task",
    "new_appointment",
)


@pytest.fixture
def shell(session, qtbot):
    made = Shell()
    qtbot.addWidget(made)
    page_list.add_pages(made, lambda: session)
    made.resize(1366, 728)
    made.show()
    yield made
    made.forget_pages()
    end_worker()


def settle(shell, qtbot) -> None:
    qtbot.waitUntil(lambda: background.waiting_for(shell.page()) == 0, timeout=10_000)


def test_every_page_opens_without_a_problem(shell, people, qtbot) -> None:
    seen: list[BaseException] = []
    with messages.replaced_by(lambda _owner, problem: seen.append(problem)):
        for row in list(shell._factories):
            if row == "help":
                continue
            shell.go(row, people[0] if row in ABOUT_ONE_PERSON else "")
            settle(shell, qtbot)
            assert seen == [], f"the page {row} opens without a problem"


def test_every_list_leads_to_pages_that_exist(shell, people, qtbot) -> None:
    shell.go("today")
    settle(shell, qtbot)
    today = shell.page()
    for card in today._cards:
        if not card.isHidden():
            shell.go("today")
            settle(shell, qtbot)
            card.table.opened.emit(card.table.record_id())
            assert shell.place.nav_key != "today"


def test_a_task_done_on_today_is_taken_back_by_the_undo_bar(shell, people, qtbot) -> None:
    shell.go("today")
    settle(shell, qtbot)
    page = shell.page()
    before = [row.cells for row in page.to_do.model.rows()]
    page.to_do.table.choose_row(0)
    page.done_button.click()
    qtbot.waitUntil(lambda: len(page.to_do.model.rows()) == len(before) - 1)
    bar = shell.findChild(UndoBar)
    assert bar.words.text() == "Task done."
    bar.undo_button.click()
    qtbot.waitUntil(lambda: [row.cells for row in page.to_do.model.rows()] == before)


@pytest.mark.slow
def test_each_section_passes_the_checklist_in_the_whole_window(shell, qtbot) -> None:
    def show(key: str) -> None:
        shell.go(key)
        settle(shell, qtbot)

    sections = ("today", "caseload", "letters", "returns", "import")
    check_page(shell, qtbot, parts={key: partial(show, key) for key in sections})


def test_help_is_there_for_every_page(shell) -> None:
    from wellbeing_desktop.domain.resources import resource

    for key, make in list(shell._factories.items()):
        if key != "help":
            page = make()
            name = page.help_key or page.nav_key
            assert Path(str(resource(f"help/{name}.md"))).exists(), name
            page.deleteLater()
