"""The service's hours and response periods, set in the window and counted by the clocks of the Inbox."""

import datetime as dt

import pytest

from tests.ui.accessibility import check_page
from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.operations.clocks import answer_due, periods, service_hours
from wellbeing_desktop.ui import background
from wellbeing_desktop.ui.pages.settings import TABS, SettingsPage
from wellbeing_desktop.ui.pages.settings_parts.hours import settings_of

USUAL = {
    "opens": "09:00",
    "closes": "17:00",
    **{f"day{number}": "yes" if number < 5 else "" for number in range(7)},
    "nation": "england",
    "half_days": "",
    "closures": "",
    "urgent": "60",
    "usual": "480",
    "referral": "2400",
}


@pytest.fixture
def page(session, qtbot) -> SettingsPage:
    page = SettingsPage(session)
    qtbot.addWidget(page)
    background.on_changed(page.refresh)
    page.resize(1160, 690)
    page.show()
    page.on_shown("service")
    qtbot.waitUntil(lambda: background.waiting_for(page) == 0, timeout=20_000)
    return page


def test_hours_saved_in_the_window_are_what_the_next_answer_is_due_by(session, page, qtbot) -> None:
    assert page.hours.form.values() == USUAL
    page.hours.form.set_values({"opens": "8.30", "closes": "6pm", "day5": "yes", "urgent": "30"})
    page.hours.save()
    qtbot.waitUntil(lambda: background.waiting_for(page.hours) == 0)
    hours = session.store.read(service_hours)
    assert (hours.opens, hours.closes, hours.days) == (dt.time(8, 30), dt.time(18), (0, 1, 2, 3, 4, 5))
    assert session.store.read(periods).urgent == 30
    saturday = dt.datetime(2026, 11, 21, 7, tzinfo=dt.UTC)
    due = session.store.read(lambda r: answer_due(r, saturday, urgent=True))
    assert due == dt.datetime(2026, 11, 21, 9, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"half_days": "midweek 12:00"}, "half_days"),
        ({"half_days": "Wed late"}, "half_days"),
        ({"closures": "24-12-2026"}, "closures"),
        ({"closures": "24-12-2026 12:00 to 24-12-2026 11:00"}, "closures"),
        ({"closures": "31-11-2026 12:00 to 24-12-2026 11:00"}, "closures"),
        ({"closes": "08:00"}, "closes"),
        ({"closes": "09:00"}, "closes"),
        ({"opens": "nine"}, "opens"),
        ({f"day{number}": "" for number in range(7)}, "day0"),
        ({"urgent": "0"}, "urgent"),
        ({"usual": "soon"}, "usual"),
        ({"urgent": "500"}, "urgent"),
        ({"referral": "9" * 30}, "referral"),
    ],
)
def test_hours_that_cannot_be_are_refused_beside_their_field(changed, field) -> None:
    with pytest.raises(Refused) as refused:
        settings_of({**USUAL, **changed})
    assert refused.value.field == field


def test_nation_half_days_and_closures_are_kept_shown_and_counted(session, page, qtbot) -> None:
    page.hours.form.set_values(
        {"nation": "scotland", "half_days": "wed 12.30", "closures": "26/11/2026 15:00 to 27/11/2026 10:00"}
    )
    page.hours.save()
    qtbot.waitUntil(lambda: background.waiting_for(page.hours) == 0)
    hours = session.store.read(service_hours)
    assert hours.nation == "scotland"
    st_andrew = dt.datetime(2026, 11, 30, 10, tzinfo=dt.UTC)
    due = session.store.read(lambda reader: answer_due(reader, st_andrew, urgent=True))
    assert due == dt.datetime(2026, 12, 1, 10, tzinfo=dt.UTC)
    wednesday = dt.datetime(2026, 11, 25, 12, tzinfo=dt.UTC)
    due = session.store.read(lambda reader: answer_due(reader, wednesday, urgent=True))
    assert due == dt.datetime(2026, 11, 26, 9, 30, tzinfo=dt.UTC)
    page.hours._shown = {}
    page.hours.show_kept(hours, session.store.read(periods))
    shown = page.hours.form.values()
    assert (shown["half_days"], shown["closures"]) == ("Wed 12:30", "26-11-2026 15:00 to 27-11-2026 10:00")
    assert settings_of(shown)["response.hours"]["closures"] == [["2026-11-26T15:00", "2026-11-27T10:00"]]


@pytest.mark.slow
def test_the_tab_with_hours_passes_the_checklist(page, qtbot) -> None:
    page.tabs.bar.setCurrentIndex(TABS.index("service"))
    check_page(page, qtbot)
