"""Incidents and complaints in the window: opened by keyboard, kept as a draft, found again, hidden from others."""

import datetime as dt

import pytest

from tests.documents.reading import pages_text
from tests.ui.accessibility import check_pages
from tests.ui.pages.made_service import NOW
from wellbeing_desktop.domain.service_file import Complaint, Incident
from wellbeing_desktop.operations import service_files
from wellbeing_desktop.storage.drafts import drafts
from wellbeing_desktop.storage.records import load_all
from wellbeing_desktop.ui import background
from wellbeing_desktop.ui.pages.service_file.complaint import ComplaintPage
from wellbeing_desktop.ui.pages.service_file.incident import IncidentPage
from wellbeing_desktop.ui.pages.service_file.letter import AnswerLetterPage
from wellbeing_desktop.ui.pages.service_file.list_page import ServiceFilesPage


def settle(qtbot) -> None:
    qtbot.waitUntil(lambda: not background.waiting(), timeout=10_000)


def opened(page, qtbot, argument=""):
    qtbot.addWidget(page)
    background.on_changed(page.refresh)
    page.resize(1160, 690)
    page.show()
    page.on_shown(argument)
    settle(qtbot)
    return page


def kept(session, struct):
    return session.store.read(lambda r: load_all(r, struct))


@pytest.fixture
def complaint(session, people) -> str:
    made = Complaint(
        kind="complaint",
        from_name="Ann Jones",
        from_address="3 High Street\nCambridge\nCB1 2AB",
        words="Nobody rang back for a week",
        person_id=people[1],
        answer="We are sorry that nobody rang back.\n\nWe ring back on the same day now.",
        next_stop="You can ask the ombudsman to look at it.",
    )
    session.store.write(lambda w: service_files.open_complaint(w, made, at=NOW - dt.timedelta(days=9)))
    return kept(session, Complaint)[0].id


def test_the_screens_of_files_pass_the_checklist(session, people, complaint, qtbot) -> None:
    shown = [
        opened(ServiceFilesPage(session), qtbot),
        opened(ComplaintPage(session), qtbot, complaint),
        opened(IncidentPage(session), qtbot, f"new/{people[1]}"),
    ]
    check_pages(shown, qtbot)


@pytest.mark.capability("D5")
def test_an_incident_is_reported_kept_as_a_draft_and_opened_with_its_72_hours(session, people, qtbot) -> None:
    page = opened(IncidentPage(session), qtbot, f"new/{people[1]}")
    page.form.set_values({"kind": "data_breach", "words": "A letter went to the wrong house"})
    page.form.rows["happened_at"].field.set_value("17/11/2026 14:30")
    page.form.rows["breach_aware_at"].field.set_value("today 8:10am")
    page.save_draft()
    settle(qtbot)
    (draft,) = session.store.read(drafts)
    assert draft.person_id == ""
    again = opened(IncidentPage(session), qtbot, draft.key.removeprefix("incident/"))
    qtbot.waitUntil(lambda: again.form.values()["words"] == "A letter went to the wrong house")
    with qtbot.waitSignal(again.go):
        again.save()
    (incident,) = kept(session, Incident)
    assert (incident.person_id, incident.happened_at) == (people[1], dt.datetime(2026, 11, 17, 14, 30, tzinfo=dt.UTC))
    shown = opened(IncidentPage(session), qtbot, incident.id)
    assert shown.clocks_line.text() == "Tell the Commissioner by 21-Nov-2026 08:10 (71 hours left)"
    assert shown.heading.text() == f"Personal data breach {incident.number}"
    assert session.store.read(drafts) == []


def test_a_moment_that_cannot_be_is_said_beside_its_field(session, qtbot) -> None:
    page = opened(IncidentPage(session), qtbot, "new")
    page.form.set_values({"kind": "incident", "words": "x", "happened_at": "last week"})
    page.save()
    assert page.form.rows["happened_at"].error.text()
    assert kept(session, Incident) == []


def test_a_complaint_shows_what_is_late_and_is_not_closed_before_it_is_whole(session, complaint, qtbot) -> None:
    page = opened(ComplaintPage(session), qtbot, complaint)
    assert "Acknowledge by 12-Nov-2026 (6 days late)" in page.clocks_line.text()
    page.close_button.click()
    settle(qtbot)
    assert "acknowledged" in page.form.rows["acknowledged_on"].error.text()
    page.form.set_values(
        {"acknowledged_on": "2026-11-12", "answered_on": "2026-11-18", "learning": "Ring back at once"}
    )
    with qtbot.waitSignal(page.go):
        page.save()
    again = opened(ComplaintPage(session), qtbot, complaint)
    again.close_button.click()
    qtbot.waitUntil(lambda: again.clocks_line.text() == "Closed on 18-Nov-2026.")


def test_files_are_found_again_closed_ones_too(session, complaint, qtbot) -> None:
    page = opened(ServiceFilesPage(session), qtbot)
    ((due, what, _who),) = [row.cells for row in page.list.model.rows()]
    assert due.endswith("late)")
    assert "Complaint, C-2026-" in what
    page.form.rows["wanted"].field.setFocus()
    qtbot.keyClicks(page.form.rows["wanted"].field, "compliment")
    settle(qtbot)
    qtbot.waitUntil(lambda: page.list.isHidden())
    page.form.rows["wanted"].field.clear()
    qtbot.keyClicks(page.form.rows["wanted"].field, "ann")
    qtbot.waitUntil(lambda: not page.list.isHidden())


def test_whoever_may_not_read_a_file_sees_its_number_and_nothing_else(session, complaint, qtbot, monkeypatch) -> None:
    monkeypatch.setattr("wellbeing_desktop.domain.grants.may_hold", lambda *_args: False)
    page = opened(ComplaintPage(session), qtbot, complaint)
    assert page.columns.isHidden()
    assert page.closed_line.text().startswith("You may not read this file")
    listed = opened(ServiceFilesPage(session), qtbot)
    ((_due, what, who),) = [row.cells for row in listed.list.model.rows()]
    assert "Opened by you" in what
    assert "Ann" not in f"{what}{who}"
    letter = opened(AnswerLetterPage(session), qtbot, complaint)
    assert letter.problem.text() == "You may not read this file."


@pytest.mark.capability("D7")
def test_the_answer_is_printed_as_a_draft_with_its_number_and_next_stop(session, complaint, qtbot) -> None:
    page = opened(AnswerLetterPage(session), qtbot, complaint)
    qtbot.waitUntil(lambda: page.paper.preview.answer is not None, timeout=30_000)
    (text,) = pages_text(page.paper.preview.answer.data)
    assert "Draft, not sent" in text
    assert "Our reference: C-2026-" in text
    assert "ask the ombudsman" in text
