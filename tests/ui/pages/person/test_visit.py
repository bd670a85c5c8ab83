"""A visit, written down on a real store."""

import pytest
from PySide6.QtWidgets import QLabel

from tests.ui.accessibility import check_page
from tests.ui.pages.person.people import BRONWEN, EMPTY, NOW
from wellbeing_desktop.domain.concern import Concern, ConcernStep
from wellbeing_desktop.domain.enquiry import Enquiry
from wellbeing_desktop.operations.person_record import read_person
from wellbeing_desktop.storage.records import load_all
from wellbeing_desktop.storage.undo import undo
from wellbeing_desktop.ui import background
from wellbeing_desktop.ui.pages.concern.at_risk import AtRiskPage
from wellbeing_desktop.ui.pages.visit.page import VisitPage

TODAY = NOW.date()


def opened(session, settle, qtbot, person=BRONWEN) -> VisitPage:
    made = VisitPage(session)
    qtbot.addWidget(made)
    made.on_shown(person)
    settle(made)
    settle(made.form)
    return made


@pytest.fixture
def page(session, settle, qtbot) -> VisitPage:
    return opened(session, settle, qtbot)


def record(session, person=BRONWEN):
    return session.store.read(lambda reader: read_person(reader, person, TODAY))


def words_of(widget) -> str:
    return "\n".join(label.text() for label in widget.findChildren(QLabel))


def test_the_key_safe_code_is_shown_on_the_day_of_a_visit(page) -> None:
    assert "Key safe code: 4711" in words_of(page)


@pytest.mark.capability("E2", "E7", "F2", "F4", "G1")
def test_a_whole_visit_is_saved_as_one_and_undone_as_one(page, session, settle) -> None:
    form = page.form
    form.rows["text"].field.set_value("Walked to the gate together.")
    form.rows["agreed"].field.set_value("Try the chapel next week")
    for item, value in (("satisfied", "7"), ("worthwhile", "8"), ("happy", "6"), ("anxious", "2")):
        form.rows[f"ons4.{item}"].field.set_value(value)
    goal = record(session).plan.goals[0]
    form.rows[f"goal.{goal.id}"].field.set_value("achieved")
    form.set_values(
        {"goal_1_what": "I want to see my sister", "goal_1_action": "Book the bus", "goal_1_due": "2026-12-01"}
    )
    before = record(session)
    seen = []
    background.on_changed(seen.append)
    page.finish()
    settle(page, form)
    after = record(session)
    visit = after.contacts[0]
    assert visit.contact.medium == "home_visit"
    assert visit.contact.appointment_id
    assert visit.notes[0].text == "Walked to the gate together."
    assert dict(after.series("ons4")[-1][1]) == {"satisfied": 7, "worthwhile": 8, "happy": 6, "anxious": 2}
    assert [each.state for each in after.plan.goals if each.id == goal.id] == ["achieved"]
    assert [each.what for each in after.plan.goals][-1] == "I want to see my sister"
    assert after.next_appointment(TODAY) is None
    undo_id = next(changes.undo_id for changes in seen if changes.undo_id)
    session.store.write(lambda writer: undo(writer, undo_id))
    assert record(session).contacts == before.contacts
    assert record(session).plan.goals == before.plan.goals


@pytest.mark.capability("F4")
def test_a_visit_in_the_middle_comes_back_whole_after_a_crash(page, session, settle, qtbot) -> None:
    page.form.rows["text"].field.set_value("Half a sen")
    page.form.rows["ons4.happy"].field.options["6"].click()
    page.save_draft()
    settle(page, page.form)
    again = opened(session, settle, qtbot)
    assert again.form.values()["text"] == "Half a sen"
    assert again.form.ons4.answers() == {"happy": 6}
    assert again.form.ons4.count.text() == "1 of 4 answered"
    assert again.form.began == page.form.began


def test_an_answer_is_given_by_digit_and_taken_back_by_pressing_it_again(page, qtbot) -> None:
    field = page.form.rows["ons4.satisfied"].field
    page.show()
    field.options["0"].setFocus()
    qtbot.keyClicks(field.options["0"], "7")
    assert field.value() == "7"
    field.options["7"].click()
    assert field.value() == ""


def test_an_action_without_a_goal_is_refused_beside_the_goal(page, settle) -> None:
    page.form.set_values({"goal_1_action": "Book the bus", "text": "x"})
    page.finish()
    settle(page)
    assert "goal" in page.form.rows["goal_1_what"].error.text()


def test_a_goal_for_somebody_without_a_plan_begins_one(session, settle, qtbot) -> None:
    page = opened(session, settle, qtbot, EMPTY)
    page.form.set_values({"text": "First visit", "goal_1_what": "I want a warm home"})
    page.finish()
    settle(page)
    assert [goal.what for goal in record(session, EMPTY).plan.goals] == ["I want a warm home"]


@pytest.mark.capability("D8", "W6")
def test_question_9_above_0_opens_somebody_at_risk_now_at_once_with_the_person(page, session, settle, qtbot) -> None:
    page.form.rows["text"].field.set_value("Half a note")
    page.form.show_more("phq9")
    page.form.rows["phq9.9"].field.options["0"].click()
    went = []
    page.go.connect(lambda *where: went.append(where))
    page.form.rows["phq9.9"].field.options["1"].click()
    ((where, argument),) = went
    assert (where, argument) == ("at_risk", f"answer/{BRONWEN}/{page.form.concern_id}")
    settle(page, page.form)
    risk = AtRiskPage(session)
    qtbot.addWidget(risk)
    risk.on_shown(argument)
    settle(risk, risk.form)
    assert risk.answer_line.text().startswith("Question 9 was answered above 0. Ask about safety now")
    assert [step.kind for step in risk.steps] == ["item_9", "safety_prompt"]
    assert not risk.form.rows["caller_name"].holder.isVisibleTo(risk)
    settle(risk, risk.form)
    again = opened(session, settle, qtbot)  # the visit waits as it was, and does not open the page a second time
    assert again.form.concern_id == page.form.concern_id
    assert again.form.more["phq9"].answers() == {"9": 1}
    again.go.connect(lambda *where: went.append(where))
    again.form.rows["phq9.9"].field.options["3"].click()
    assert len(went) == 1
    again.finish()
    settle(again)
    (concern,) = session.store.read(lambda r: load_all(r, Concern))
    assert (concern.id, concern.subject, concern.state) == (page.form.concern_id, BRONWEN, "open")
    # what is written on the page afterwards goes to the same concern
    risk = AtRiskPage(session)
    qtbot.addWidget(risk)
    risk.on_shown(argument)
    settle(risk, risk.form)
    risk.form.set_values({"where_now": "At home", "outcome": "person_safe", "outcome_words": "Her sister came"})
    risk.save()
    settle(risk, risk.form)
    (concern,) = session.store.read(lambda r: load_all(r, Concern))
    assert (concern.where_now, concern.state) == ("At home", "closed")
    kinds = session.store.read(lambda r: [one.kind for one in load_all(r, ConcernStep, concern_id=concern.id)])
    assert sorted(kinds) == ["item_9", "safety_prompt"]
    assert session.store.read(lambda r: load_all(r, Enquiry)) == []


def test_the_way_to_somebody_at_risk_is_in_view_in_visit_mode(page, qtbot) -> None:
    page.show()
    assert page.risk_button.isVisible()
    with qtbot.waitSignal(page.go) as went:
        page.risk_button.click()
    assert went.args == ["at_risk", f"for/{BRONWEN}"]


def test_visit_mode_passes_the_checklist_with_large_targets(page, qtbot) -> None:
    for tool in page.form.more:
        page.form.show_more(tool)
    check_page(page, qtbot, navigation_width=0, visit=True)


def test_the_end_of_a_visit_passes_the_checklist(page, settle, qtbot) -> None:
    page.form.rows["text"].field.set_value("Done")
    page.finish()
    settle(page)
    check_page(page, qtbot, navigation_width=0, visit=True)
