"""Today with a real store: one answer feeds sentence and lists; work is done by key and can be undone."""

import dataclasses
import datetime as dt

import pytest
from PySide6.QtCore import Qt

from tests.ui.accessibility import check_page
from tests.ui.pages import made_service
from tests.ui.pages.made_service import NOW, TODAY
from wellbeing_desktop.domain.care_plan import PlanCopy
from wellbeing_desktop.domain.contact import Appointment, Contact, Note
from wellbeing_desktop.domain.dates import staff_date
from wellbeing_desktop.domain.referral import Referral
from wellbeing_desktop.domain.task import Task
from wellbeing_desktop.operations.appointments import cancel_appointment
from wellbeing_desktop.operations.contacts import record_contact
from wellbeing_desktop.operations.referrals import receive_referral
from wellbeing_desktop.operations.tasks import add_task
from wellbeing_desktop.storage import run_out
from wellbeing_desktop.storage.drafts import save_draft
from wellbeing_desktop.storage.records import load, load_all
from wellbeing_desktop.storage.sync_state import set_sync_values
from wellbeing_desktop.ui import background
from wellbeing_desktop.ui.pages.end_of_day import EndOfDayPage
from wellbeing_desktop.ui.pages.today import TodayPage
from wellbeing_desktop.ui.pages.today_parts.day import gap_in_words, summary, when


def opened(session, qtbot, page_type=TodayPage):
    page = page_type(session)
    qtbot.addWidget(page)
    background.on_changed(page.refresh)
    page.resize(1160, 690)
    page.show()
    page.on_shown()
    settle(page, qtbot)
    return page


def settle(page, qtbot) -> None:
    qtbot.waitUntil(lambda: background.waiting_for(page) == 0)


def cells(card) -> list[tuple[str, ...]]:
    return [row.cells for row in card.model.rows()]


def test_today_passes_the_checklist(session, people, qtbot) -> None:
    session.store.write(lambda w: save_draft(w, f"new_task/{people[2]}", people[2], {"title": "Ring"}, at=NOW))
    check_page(opened(session, qtbot), qtbot)


def test_visits_are_in_order_with_the_way_and_the_time_between(session, qtbot) -> None:
    page = opened(session, qtbot)
    assert [row[0] for row in cells(page.visits)] == [
        "09:40 to 10:40",
        "11:00 to 12:00",
        "14:30 to 15:30",
        "16:00 to 17:00",
    ]
    assert cells(page.visits)[0][2] == "15 min away"
    assert cells(page.visits)[1][2] == "20 min free, 20 min away"
    assert "DN18 5JD" in cells(page.visits)[0][1]
    assert "born 14-Nov-1933" in cells(page.visits)[0][1]


@pytest.mark.capability("H1", "H5")
def test_the_sentence_counts_what_the_lists_hold(session, qtbot) -> None:
    page = opened(session, qtbot)
    said = summary(page.day)
    assert said.startswith("4 appointments. 4 things to do, 2 of them late. 1 appointment with no outcome.")
    assert page.to_do.title.text() == "4 things to do, 2 late"
    assert len(page.to_do.model.rows()) == 4
    assert [row[0] for row in cells(page.to_do)] == ["3 days late", "1 day late", "14:00, urgent", "Today"]
    assert "1 copy owed" in said
    assert "1 new referral" in said


@pytest.mark.capability("H1", "H5")
def test_space_marks_a_task_done_and_the_keyboard_stays_in_the_list(session, qtbot) -> None:
    page = opened(session, qtbot)
    page.to_do.table.choose_row(1)
    qtbot.keyClick(page.to_do.table, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: len(page.to_do.model.rows()) == 3)
    done = session.store.read(lambda r: [t for t in load_all(r, Task) if t.state == "done"])
    assert [task.title for task in done] == ["Ask the pharmacy about the blister pack"]
    assert page.to_do.title.text() == "3 things to do, 1 late"
    assert page.to_do.table.record_id()


def test_an_outcome_is_recorded_from_the_actions_of_the_row(session, qtbot) -> None:
    page = opened(session, qtbot)
    row = page.no_outcome.table.record_id()
    actions = dict(page.no_outcome.table.actions_of_row(row))
    actions["Did not attend, no warning given"](row)
    qtbot.waitUntil(lambda: page.no_outcome.isHidden())
    state = session.store.read(lambda r: {a.id: a.state for a in load_all(r, Appointment)})[row]
    assert state == "not_attended"


def test_a_copy_owed_is_settled_and_leaves_the_list(session, qtbot) -> None:
    page = opened(session, qtbot)
    row = page.copies.table.record_id()
    dict(page.copies.table.actions_of_row(row))["Handed over"](row)
    qtbot.waitUntil(lambda: page.copies.isHidden())
    assert session.store.read(lambda r: load_all(r, PlanCopy))[0].settled_by == session.user_id


def test_a_new_referral_is_accepted_or_declined_with_its_reason(session, people, qtbot) -> None:
    page = opened(session, qtbot)
    assert page.decide_button.isVisible()
    row = page.referrals.table.record_id()
    actions = dict(page.referrals.table.actions_of_row(row))
    declined = next(words for words in actions if words.startswith("Decline: "))
    actions[declined](row)
    qtbot.waitUntil(lambda: page.referrals.isHidden())
    referral = session.store.read(lambda r: load(r, Referral, row.rpartition("/")[2]))
    assert (referral.state, bool(referral.decline_reason)) == ("declined", True)
    made = session.store.write(
        lambda w: receive_referral(w, Referral(subject=people[13], source="gp", received_on=TODAY), at=NOW)
    )
    page.refresh(made)
    qtbot.waitUntil(lambda: not page.referrals.isHidden())
    row = page.referrals.table.record_id()
    dict(page.referrals.table.actions_of_row(row))["Accept: I support this person"](row)
    qtbot.waitUntil(lambda: page.referrals.isHidden())
    assert session.store.read(lambda r: load(r, Referral, row.rpartition("/")[2])).state == "accepted"


def test_enter_opens_the_person_and_a_draft_opens_its_own_form(session, people, qtbot) -> None:
    session.store.write(lambda w: save_draft(w, f"new_referral/{people[2]}", people[2], {"words": "Fell"}, at=NOW))
    page = opened(session, qtbot)
    went = []
    page.go.connect(lambda key, argument: went.append((key, argument)))
    qtbot.keyClick(page.visits.table, Qt.Key.Key_Return)
    qtbot.keyClick(page.drafts.table, Qt.Key.Key_Return)
    qtbot.keyClick(page.referrals.table, Qt.Key.Key_Return)
    assert went == [("person", people[0]), ("new_referral", people[2]), ("person", people[10])]


def test_something_saved_elsewhere_appears_without_losing_the_row(session, people, qtbot) -> None:
    page = opened(session, qtbot)
    page.to_do.table.choose_row(2)
    kept = page.to_do.table.record_id()
    background.operate(
        page,
        session.store,
        lambda w: add_task(
            w, Task(subject=people[0], title="Bring the form", due_on=TODAY - dt.timedelta(days=9)), at=NOW
        ),
    )
    qtbot.waitUntil(lambda: len(page.to_do.model.rows()) == 5)
    assert page.to_do.table.record_id() == kept


def test_an_empty_day_says_so_and_offers_the_week(empty_session, qtbot) -> None:
    page = opened(empty_session, qtbot)
    assert not page.nothing.isHidden()
    assert page.nothing.words.text() == "Nothing due today"
    page.see_week()
    assert page.shows_week


def test_gaps_and_days_are_told_in_words() -> None:
    assert when(TODAY - dt.timedelta(days=1), TODAY) == "1 day late"
    assert when(TODAY, TODAY) == "Today"
    assert when(None, TODAY, urgent=True) == "Urgent"
    one, two = _visit(9, 0, 60, None), _visit(10, 5, 30, 20)
    assert gap_in_words(one, two) == "Only 5 min, 20 needed"
    assert gap_in_words(one, _visit(9, 30, 30, None)) == "Overlaps the one before"


def _visit(hour: int, minute: int, minutes: int, travel: int | None):
    from wellbeing_desktop.storage.today import Visit

    return Visit(
        id="v",
        person_id="p",
        name="",
        starts_at=dt.datetime(2026, 11, 18, hour, minute, tzinfo=dt.UTC),
        starts_on=TODAY,
        duration_minutes=minutes,
        travel_minutes=travel,
        medium="home_visit",
        place="",
        purpose="",
        state="booked",
        address="",
        two_person=False,
        before_visit=False,
    )


@pytest.mark.capability("W28")
def test_the_end_of_the_day_says_it_in_one_sentence(session, people, qtbot) -> None:
    for person_id in people[:2]:
        session.store.write(
            lambda w, person_id=person_id: record_contact(
                w,
                Contact(
                    subject=person_id,
                    happened_at=NOW - dt.timedelta(hours=1),
                    medium="home_visit",
                    outcome="seen",
                    direction="out",
                    practitioner_id=session.user_id,
                ),
                Note(subject=person_id, written_on=TODAY, text="Well today."),
                at=NOW,
            )
        )
    page = opened(session, qtbot, EndOfDayPage)
    assert (
        page.sentence.text() == "2 visits, 2 notes, 2 to copy to the GP system, 1 copy owed, all kept on this laptop."
    )
    assert {row.cells[1] for row in page.model.rows()} == {f"Contact, {staff_date(TODAY)}"}
    check_page(page, qtbot)
    qtbot.keyClick(page.table, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: len(page.model.rows()) == 1)
    assert "1 to copy" in page.sentence.text()


def test_a_day_without_visits_says_so_in_their_place(session, qtbot) -> None:
    sunday = dataclasses.replace(session, clock=lambda: made_service.NOW + dt.timedelta(days=4))
    for which, is_said in ((session, False), (sunday, True)):
        page = TodayPage(which)
        qtbot.addWidget(page)
        page.show()
        page.on_shown()
        qtbot.waitUntil(lambda page=page: page.day is not None)
        assert page.columns.isVisible()
        assert page.no_visits.isVisible() is is_said


def test_a_booked_appointment_leads_to_its_forms_until_it_has_an_outcome(session, qtbot) -> None:
    page = opened(session, qtbot)
    went = []
    page.go.connect(lambda key, argument: went.append((key, argument)))
    row = page.visits.model.rows()[1].record_id
    person = next(visit.person_id for visit in page.day.today.visits if visit.id == row)
    for words in ("Move it", "Cancel it"):
        dict(page.visits.table.actions_of_row(row))[words](row)
    assert went == [
        ("person_entry", f"move_appointment/{person}/{row}"),
        ("person_entry", f"cancel_appointment/{person}/{row}"),
    ]
    session.store.write(lambda w: cancel_appointment(w, row, reason="A cold", by_person=True, at=NOW))
    page.on_shown()
    settle(page, qtbot)
    assert "Cancel it" not in dict(page.visits.table.actions_of_row(row))


@pytest.mark.capability("W13")
def test_clocks_that_ran_out_stand_first_and_lead_to_the_person(session, people, qtbot) -> None:
    """As on a laptop whose server has told it: one here, one that is not; and nobody named to be told."""
    new = Referral(subject=people[0], received_on=TODAY, source="gp", respond_by=NOW)
    session.store.write(lambda writer: receive_referral(writer, new, at=NOW))
    referral = next(
        one for one in session.store.read(lambda reader: load_all(reader, Referral)) if one.respond_by is not None
    )
    told = (
        run_out.ToldClock(id=referral.id, type="referral", due_at=NOW.isoformat()),
        run_out.ToldClock(id="elsewhere", type="concern", due_at=NOW.isoformat(), owner=session.user_id),
    )

    def joined(writer) -> None:
        with writer.immediate():
            set_sync_values(writer, {"organisation": "org"})
        run_out.keep(writer, told, 0, NOW)

    session.store.write(joined)
    page = opened(session, qtbot)
    assert page.clocks.title.text().startswith("2 clocks have run out, as of ")
    here, elsewhere, *_visits, unsent = cells(page.clocks)
    assert unsent[0] == "Not yet watched by anyone"
    assert "Nobody is named to be phoned: phone your lead." in unsent[1]
    assert here[0] == elsewhere[0] == "Run out"
    assert "A referral waits to be decided" in here[1]
    assert "It is not on this laptop: phone Alex Reed" in elsewhere[1]
    assert "has named no deputy" in page.nobody_named.accessibleName()
    assert page.first_focus() is page.clocks.table
    gone: list[tuple[str, str]] = []
    page.go.connect(lambda key, argument: gone.append((key, argument)))
    page.row_actions.open_person(f"clock/{referral.id}")
    assert gone == [("person", referral.subject)]
    check_page(page, qtbot)
