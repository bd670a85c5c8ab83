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


@pytest.mark.slow
def test_the_tab_with_hours_passes_the_checklist(page, qtbot) -> None:
    page.tabs.bar.setCurrentIndex(TABS.index("service"))
    check_page(page, qtbot)
