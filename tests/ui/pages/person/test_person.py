"""The person record on a real store."""

import pytest
from PySide6.QtWidgets import QLabel

from tests.ui.accessibility import check_page
from tests.ui.pages.person.people import BRONWEN, EMPTY
from wellbeing_desktop.ui.pages.person.page import TABS, PersonPage


@pytest.fixture
def page(session, settle, qtbot) -> PersonPage:
    made = PersonPage(session)
    qtbot.addWidget(made)
    made.on_shown(BRONWEN)
    settle(made)
    return made


def words_of(widget) -> str:
    return "\n".join(label.text() for label in widget.findChildren(QLabel))


def test_the_banner_says_whose_record_it_is(page: PersonPage) -> None:
    said = page.banner.accessibleName()
    for words in (
        "JONES, Bronwen (Bron)",
        "14-Mar-1943 (83 years)",
        "900\u00a0000\u00a00009",
        "she/her",
        "12 Mill Lane",
        "Similar name",
    ):
        assert words in said


def test_the_key_safe_code_is_not_on_the_record(page: PersonPage) -> None:
    assert "4711" not in words_of(page)


@pytest.mark.parametrize("tab", TABS)
def test_every_tab_of_the_record_passes_the_checklist(tab, page, session, settle, qtbot) -> None:
    page.on_shown(f"{BRONWEN}/{tab}")
    settle(page)
    check_page(page, qtbot)


def test_an_empty_record_passes_the_checklist(session, settle, qtbot) -> None:
    page = PersonPage(session)
    qtbot.addWidget(page)
    page.on_shown(EMPTY)
    settle(page)
    check_page(page, qtbot)
