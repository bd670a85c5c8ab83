"""The directory in the window: found though spelt wrong, changed, checked, reported and answered."""

import datetime as dt

import pytest

from tests.ui.accessibility import check_pages
from tests.ui.pages.made_service import NOW, TODAY
from wellbeing_desktop.domain.freshness import age_words, checked_words, room_words
from wellbeing_desktop.domain.knowledge import KnowledgeReport, Service
from wellbeing_desktop.operations.knowledge import add_service
from wellbeing_desktop.storage.directory_search import search_directory
from wellbeing_desktop.storage.records import load, load_all
from wellbeing_desktop.ui import background
from wellbeing_desktop.ui.pages.services.page import ServicesPage
from wellbeing_desktop.ui.pages.services.service import ServicePage

MADE = (
    Service(name="Community Counselling", topics=("Anxiety",), areas=("York",), capacity="room", capacity_on=TODAY),
    Service(name="Lunch club", topics=("Loneliness", "Food"), cost="£4 a meal", checked_on=dt.date(2025, 1, 10)),
    Service(name="Men’s Shed", topics=("Loneliness",), state="temporarily closed"),
)


@pytest.fixture
def stocked(session):
    for service in MADE:
        session.store.write(lambda w, made=service: add_service(w, made, at=NOW))
    return session


def opened(page, qtbot, argument=""):
    qtbot.addWidget(page)
    background.on_changed(page.refresh)
    page.resize(1160, 690)
    page.show()
    page.on_shown(argument)
    settle(page, qtbot)
    return page


def settle(page, qtbot) -> None:
    qtbot.waitUntil(lambda: not background.waiting_for(page), timeout=10_000)


def id_of(session, name: str) -> str:
    (service,) = session.store.read(lambda r: load_all(r, Service, name=name))
    return service.id


def found(session, typed: str) -> list[str]:
    return [one.name for one in session.store.read(lambda r: search_directory(r, typed))[0]]


def test_the_list_and_a_service_pass_the_checklist(stocked, qtbot) -> None:
    one = opened(ServicePage(stocked), qtbot, id_of(stocked, "Lunch club"))
    check_pages([opened(ServicesPage(stocked), qtbot), one], qtbot)


@pytest.mark.capability("J1", "J4")
def test_a_service_is_found_by_name_need_and_area_though_spelt_wrong(stocked) -> None:
    assert found(stocked, "counsel") == ["Community Counselling"]
    assert found(stocked, "councelling york") == ["Community Counselling"]
    assert found(stocked, "lonelyness") == ["Lunch club", "Men’s Shed"]
    assert found(stocked, "mens shed") == ["Men’s Shed"]
    assert found(stocked, "zebra") == []
    assert found(stocked, "% ' --") == [service.name for service in MADE]


@pytest.mark.capability("J1", "J4")
def test_a_row_says_how_old_what_is_known_is(stocked, qtbot) -> None:
    page = opened(ServicesPage(stocked), qtbot)
    rows = {row.cells[1].split("\n")[0]: row.cells for row in page.list.model.rows()}
    assert rows["Lunch club"][0] == "Check first: 22 months ago"
    assert rows["Community Counselling"][2] == "Has room, today"
    assert "Closed for a time" in rows["Men’s Shed"][1]
    page.find_field.setFocus()
    qtbot.keyClicks(page.find_field, "zebra")
    qtbot.waitUntil(lambda: page.nothing.isVisible() and page.list.isHidden())


@pytest.mark.capability("J1")
def test_a_service_is_changed_and_only_what_was_changed(stocked, qtbot) -> None:
    id = id_of(stocked, "Lunch club")
    page = opened(ServicePage(stocked), qtbot, id)
    page.form.set_values({**page.form.values(), "cost": "£5 a meal", "capacity": "full"})
    with qtbot.waitSignal(page.go) as went:
        page.save()
    assert went.args == ["services", ""]
    service = stocked.store.read(lambda r: load(r, Service, id))
    assert (service.cost, service.capacity, service.capacity_on) == ("£5 a meal", "full", TODAY)
    assert service.topics == ("Food", "Loneliness")


def test_a_new_service_is_kept_and_one_without_a_name_is_not(session, qtbot) -> None:
    page = opened(ServicePage(session), qtbot)
    page.save()
    assert page.form.rows["name"].error.text()
    page.form.set_values({**page.form.values(), "name": "Choir", "topics": "Company\nMusic"})
    with qtbot.waitSignal(page.go):
        page.save()
    (service,) = session.store.read(lambda r: load_all(r, Service))
    assert (service.name, service.topics, service.checked_on) == ("Choir", ("Company", "Music"), TODAY)


def test_what_is_typed_into_a_service_is_there_again_after_the_page_was_left(stocked, qtbot) -> None:
    id = id_of(stocked, "Lunch club")
    page = opened(ServicePage(stocked), qtbot, id)
    page.form.rows["cost"].field.setFocus()
    qtbot.keyClicks(page.form.rows["cost"].field, " or free")
    page.save_draft()
    settle(page, qtbot)
    again = opened(ServicePage(stocked), qtbot, id)
    qtbot.waitUntil(lambda: again.form.values()["cost"] == "£4 a meal or free")


@pytest.mark.capability("J3")
def test_a_service_is_checked_today_and_what_is_wrong_is_reported_and_answered(stocked, qtbot) -> None:
    id = id_of(stocked, "Lunch club")
    page = opened(ServicePage(stocked), qtbot, id)
    page.check_today()
    qtbot.waitUntil(lambda: page.facts.text().startswith("Checked today"))
    page.reports.wrong.set_value("The number is old")
    page.reports.report()
    qtbot.waitUntil(lambda: page.reports.wrong.value() == "")  # the words go once the report is kept
    page.reports.wrong.set_value("It moved")
    page.reports.report()
    qtbot.waitUntil(lambda: len(page.reports.answers) == 2)
    first, second = page.reports.answers
    page.reports.answers[second].set_value("Changed the address")
    page.reports.answer(second)
    qtbot.waitUntil(lambda: list(page.reports.answers) == [first])
    answered = {
        one.words: (one.state, one.answer) for one in stocked.store.read(lambda r: load_all(r, KnowledgeReport))
    }
    assert answered == {"The number is old": ("open", ""), "It moved": ("closed", "Changed the address")}


def test_ages_are_said_in_words() -> None:
    assert [age_words(TODAY - dt.timedelta(days=n), TODAY) for n in (0, 1, 59)] == ["today", "yesterday", "59 days ago"]
    assert age_words(dt.date(2025, 11, 19), TODAY) == "11 months ago"
    assert age_words(dt.date(2023, 11, 18), TODAY) == "3 years ago"
    assert checked_words(None, TODAY) == "Never checked"
    assert room_words("Full", TODAY - dt.timedelta(days=29), TODAY) == "Full, 29 days ago: ask again"
