"""One's own calendar: a week by keyboard, clashes of time in words, a file out without names and one in with preview."""

import datetime as dt

import pytest

from tests.ui.accessibility import check_page
from tests.ui.pages.made_service import NOW
from wellbeing_desktop.domain.contact import Appointment
from wellbeing_desktop.operations.appointments import book_appointment
from wellbeing_desktop.storage.records import load_all
from wellbeing_desktop.ui import background
from wellbeing_desktop.ui.pages.calendar.page import CalendarPage

LATER = NOW + dt.timedelta(days=30)
EVENT = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//x//EN
BEGIN:VEVENT
UID:outlook-7
DTSTAMP:20261101T000000Z
DTSTART:{start:%Y%m%dT%H%M%SZ}
DTEND:{end:%Y%m%dT%H%M%SZ}
SUMMARY:Wright Garth at home
END:VEVENT
END:VCALENDAR
"""


def booked(session, person_id: str, at: dt.datetime, minutes: int | None = 45) -> None:
    made = Appointment(subject=person_id, starts_at=at, duration_minutes=minutes, medium="home_visit")
    session.store.write(lambda w: book_appointment(w, made, at=NOW))


def opened(session, qtbot, on: dt.datetime = LATER) -> CalendarPage:
    page = CalendarPage(session)
    qtbot.addWidget(page)
    page.resize(1160, 690)
    page.show()
    page.on_shown(on.date().isoformat())
    qtbot.waitUntil(lambda: background.waiting_for(page) == 0)
    return page


@pytest.mark.capability("E1")
def test_a_week_shows_what_is_booked_and_what_clashes_and_steps_on(session, people, qtbot) -> None:
    hour = dt.timedelta(minutes=60)
    booked(session, people[0], LATER)
    booked(session, people[1], LATER + hour / 2, None)
    booked(session, people[2], LATER + hour)  # begins as the second ends
    page = opened(session, qtbot)
    rows = page.model.rows()
    assert len(rows) == 3
    assert rows[0].cells[2].startswith("Same time as ")
    assert "MEAKIN, Mike" in rows[0].cells[2]
    assert rows[2].cells[2] == ""
    assert page.count.text().endswith("3 appointments. 2 of them at the same time as another.")
    went = []
    page.go.connect(lambda key, argument: went.append((key, argument)))
    page.table.opened.emit(page.table.record_id())
    assert went == [("person", people[0])]
    page._step(1)
    qtbot.waitUntil(lambda: page.count.text().endswith("nothing booked."))


@pytest.mark.capability("R3", "E1")
def test_the_file_out_names_nobody_and_comes_back_as_it_is(session, people, qtbot, tmp_path) -> None:
    booked(session, people[0], LATER)
    page = opened(session, qtbot)
    path = tmp_path / "calendar.ics"
    page.write_file(path)
    qtbot.waitUntil(page.saved.isVisible)
    text = path.read_text(encoding="utf-8")
    assert "(GW)" in text
    assert "WRIGHT" not in text.upper()
    page.look_at(path)
    qtbot.waitUntil(lambda: page.planned.text().startswith("0 booked, 0 moved"))
    assert not page.bring_button.isEnabled()


@pytest.mark.capability("E1")
def test_a_calendar_is_looked_at_for_whom_it_is_said_and_brought_in(session, people, qtbot, tmp_path) -> None:
    path = tmp_path / "other.ics"
    path.write_text(EVENT.format(start=LATER, end=LATER + dt.timedelta(hours=1)).replace("\n", "\r\n"))
    before = len(session.store.read(lambda r: load_all(r, Appointment)))
    page = opened(session, qtbot)
    page.look_at(path)
    qtbot.waitUntil(lambda: "1 not used" in page.planned.text())
    assert "does not say whose" in page.plan_model.rows()[0].cells[1]
    page.find_field.setText("meakin")
    qtbot.waitUntil(lambda: page.person.count() == 2)
    page.person.set_value(people[1])
    page.person.edited.emit()
    qtbot.waitUntil(lambda: page.planned.text().startswith("1 booked"))
    assert len(session.store.read(lambda r: load_all(r, Appointment))) == before
    page.bring_button.click()
    qtbot.waitUntil(lambda: len(page.visits) == 1)
    assert page.visits[0].person_id == people[1]


def test_a_file_that_is_no_calendar_is_said_to_be_none(session, qtbot, tmp_path) -> None:
    page = opened(session, qtbot)
    path = tmp_path / "letter.ics"
    path.write_text("Dear all")
    page.look_at(path)
    qtbot.waitUntil(lambda: page.findChild(object, "pageNotice") is not None)
    assert "not a calendar" in page.findChild(object, "pageNotice").sentence.text()
    assert not page.bring_button.isEnabled()


def test_the_calendar_passes_the_checklist(session, people, qtbot) -> None:
    booked(session, people[0], LATER)
    booked(session, people[1], LATER)
    page = opened(session, qtbot)
    check_page(page, qtbot)
