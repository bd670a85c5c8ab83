"""Somebody is at risk now, and concerns until they are closed: by keyboard, offline, nothing lost at any press."""

import datetime as dt

import pytest
from PySide6.QtCore import Qt

from tests.documents.reading import pages_text
from tests.ui.accessibility import check_page, check_pages
from tests.ui.pages.made_service import NOW
from wellbeing_desktop.domain.assessment import Assessment
from wellbeing_desktop.domain.concern import Concern, ConcernStep
from wellbeing_desktop.domain.enquiry import Enquiry
from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.domain.person import Person
from wellbeing_desktop.domain.task import Task
from wellbeing_desktop.operations import concerns
from wellbeing_desktop.operations.settings import change_setting
from wellbeing_desktop.operations.tasks import finish_task
from wellbeing_desktop.storage import concerns as stored
from wellbeing_desktop.storage.drafts import drafts
from wellbeing_desktop.storage.records import load, load_all
from wellbeing_desktop.storage.write_door import transaction
from wellbeing_desktop.ui import background
from wellbeing_desktop.ui.page_list import add_pages
from wellbeing_desktop.ui.pages.concern.at_risk import AtRiskPage
from wellbeing_desktop.ui.pages.concern.call_sheet_page import CallSheetPage
from wellbeing_desktop.ui.pages.concern.list_page import ConcernsPage
from wellbeing_desktop.ui.pages.concern.page import ConcernPage
from wellbeing_desktop.ui.pages.today import TodayPage
from wellbeing_desktop.ui.shell import Shell

CHAIN = [
    {"role": "Named lead", "name": "Sam Hill", "telephone": "01632 960 011"},
    {"role": "Deputy", "name": "Jo Fell"},
]
EARLIER = NOW - dt.timedelta(hours=2)


def settle(page, qtbot) -> None:
    qtbot.waitUntil(lambda: not background.waiting(), timeout=10_000)


def opened(page, qtbot, argument=""):
    qtbot.addWidget(page)
    background.on_changed(page.refresh)
    page.resize(1160, 690)
    page.show()
    page.on_shown(argument)
    settle(page, qtbot)
    return page


@pytest.fixture
def chained(session):
    session.store.write(lambda w: change_setting(w, "escalation.chain", CHAIN, at=NOW))
    return session


def raised(session, person_id, path="adult", **fields) -> str:
    concern = Concern(subject=person_id, path=path, words="Money is missing again", **fields)
    session.store.write(lambda w: concerns.raise_concern(w, concern, at=EARLIER))
    return session.store.read(lambda r: load_all(r, Concern))[-1].id


def test_the_screens_of_concerns_pass_the_checklist(chained, people, qtbot) -> None:
    page = opened(AtRiskPage(chained), qtbot)
    page.press("call_999")
    page.chain_card.silent_button.click()
    settle(page, qtbot)
    id = raised(chained, people[1])
    shown = [
        opened(ConcernPage(chained), qtbot, id),
        opened(ConcernsPage(chained), qtbot),
        opened(ConcernPage(chained), qtbot, f"new/{people[1]}"),
        opened(ConcernPage(chained), qtbot, f"new/{people[1]}/child"),
    ]
    check_pages([page, *shown], qtbot)


@pytest.mark.capability("D8", "W6")
@pytest.mark.slow
def test_one_key_from_any_screen_and_a_row_always_in_view_lead_to_it(chained, people, qtbot) -> None:
    shell = Shell()
    add_pages(shell, lambda: chained)
    qtbot.addWidget(shell)
    shell.show()
    for nav_key, argument in (("today", ""), ("person", people[0]), ("visit", people[0])):
        shell.go(nav_key, argument)
        settle(shell, qtbot)
        qtbot.keyClick(shell, Qt.Key.Key_F8)
        settle(shell, qtbot)
        assert shell.place.nav_key == "at_risk"
    assert any("at risk" in command.name for command in shell.commands.matching("risk now"))
    shell.go("today")
    (row, _section, _keys) = shell.navigation._pinned[0]
    assert row.isVisible()
    row.click()
    assert shell.place.nav_key == "at_risk"


@pytest.mark.capability("D8", "W6")
def test_every_press_is_timed_and_survives_a_crash(chained, qtbot) -> None:
    page = opened(AtRiskPage(chained), qtbot)
    page.form.rows["where_now"].field.setFocus()
    qtbot.keyClicks(page.form.rows["where_now"].field, "On the bridge")
    page.form.rows["where_now"].field.left.emit()
    page.script_buttons[0].click()
    assert page.chain_card.next_line.text().startswith("Sam Hill, Named lead: 01632 960 011")
    page.chain_card.silent_button.click()
    settle(page, qtbot)
    assert page.chain_card.next_line.text().startswith("Jo Fell, Deputy: no number set: ask your manager")
    (draft,) = chained.store.read(drafts)
    again = opened(AtRiskPage(chained), qtbot, draft.key.removeprefix("at_risk/"))
    qtbot.waitUntil(lambda: again.form.values()["where_now"] == "On the bridge")
    assert [step.kind for step in again.steps] == ["asked_where", "call_999", "call_lead"]
    assert [step.at for step in again.steps] == [NOW, NOW, NOW]


@pytest.mark.capability("D8", "W6")
def test_saved_without_an_outcome_and_without_a_person_it_is_call_and_concern_and_stays_on_today(
    chained, qtbot
) -> None:
    page = opened(AtRiskPage(chained), qtbot)
    page.form.set_values({"where_now": "On the bridge", "call_back_number": "01632 960 009"})
    page.script_buttons[0].click()
    with qtbot.waitSignal(page.go) as went:
        page.save()
    (concern,) = chained.store.read(lambda r: load_all(r, Concern))
    assert went.args == ["concern", concern.id]
    assert (concern.state, concern.where_now, concern.raised_at) == ("open", "On the bridge", NOW)
    enquiry = chained.store.read(lambda r: load(r, Enquiry, concern.enquiry_id))
    assert (enquiry.caller_number, enquiry.claimed_by) == ("+441632960009", chained.user_id)
    assert "bridge" not in enquiry.words
    assert chained.store.read(lambda r: load(r, Person, concern.subject)).unidentified
    (step,) = chained.store.read(lambda r: load_all(r, ConcernStep, concern_id=concern.id))
    assert step.kind == "call_999"
    assert not chained.store.read(drafts)
    today = opened(TodayPage(chained), qtbot)
    assert today.at_risk.text() == "1 person at risk: no outcome is recorded yet"
    assert not today.at_risk.isHidden()


def test_a_slip_is_taken_back_before_it_is_saved(chained, qtbot) -> None:
    page = opened(AtRiskPage(chained), qtbot)
    page.script_buttons[0].click()
    page.take_back_button.click()
    assert page.steps == []
    assert page.steps_line.text() == "Nothing yet."


def test_nobody_set_to_be_called_and_a_crisis_line_not_set_are_said(session, qtbot) -> None:
    page = opened(AtRiskPage(session), qtbot)
    assert page.chain_card.next_line.text().startswith("Nobody is set to be called. Ring your manager")
    assert [button.text() for button in page.script_buttons] == [
        "999: Somebody's life is in danger",
        "111: NHS 111, mental health option",
        "Local crisis line: not set: ask your manager",
    ]


def test_a_concern_is_raised_with_its_path_alone_and_its_draft_comes_back(chained, people, qtbot) -> None:
    page = opened(ConcernPage(chained), qtbot, f"new/{people[1]}/adult")
    qtbot.keyClicks(page.form.rows["words"].field, "Her card is gone")
    page.save_draft()
    settle(page, qtbot)
    (draft,) = chained.store.read(drafts)
    again = opened(ConcernPage(chained), qtbot, draft.key.removeprefix("concern/"))
    qtbot.waitUntil(lambda: again.form.values()["words"] == "Her card is gone")
    with qtbot.waitSignal(again.go) as went:
        again.save()
    (concern,) = chained.store.read(lambda r: load_all(r, Concern))
    assert went.args == ["concern", concern.id]
    assert (concern.subject, concern.words, concern.path) == (people[1], "Her card is gone", "adult")


def test_closing_says_what_is_missing_and_then_closes_and_opens_again(chained, people, qtbot) -> None:
    id = raised(chained, people[1], abuse_types=("financial",))
    page = opened(ConcernPage(chained), qtbot, id)
    assert "three questions of section 42" in page.standing.missing.text()
    page.standing.form.set_values({"outcome": "lead_advice", "outcome_words": "The bank was rung"})
    page._close()
    settle(page, qtbot)
    assert "section 42" in page.form.rows["has_care_needs"].error.text()
    page.form.set_values(
        {"has_care_needs": "yes", "at_risk_of_abuse": "yes", "cannot_protect_self": "unsure", "consent": "agreed"}
    )
    with qtbot.waitSignal(page.go):
        page.save()
    page.on_shown(id)
    settle(page, qtbot)
    page.standing.form.set_values({"outcome": "lead_advice", "outcome_words": "The bank was rung"})
    page._close()
    qtbot.waitUntil(lambda: not page.standing.reopen_button.isHidden())
    assert chained.store.read(lambda r: load(r, Concern, id)).state == "closed"
    page.standing.reopen_button.click()
    qtbot.waitUntil(lambda: page.standing.reopen_button.isHidden())


@pytest.mark.capability("D4")
def test_each_attempt_is_kept_and_taking_it_names_the_lead(chained, people, qtbot) -> None:
    page = opened(ConcernPage(chained), qtbot, raised(chained, people[1]))
    page.chain_card.silent_button.click()
    qtbot.waitUntil(lambda: "Jo Fell" in page.chain_card.next_line.text())
    page.chain_card.answered_button.click()
    qtbot.waitUntil(lambda: page.chain_card.next_line.text().startswith("Jo Fell answered"))
    page.standing.take_button.click()
    qtbot.waitUntil(lambda: "With Alex Reed" in page.standing.state_line.text())
    assert "Sam Hill (Named lead), no answer" in page.steps_line.text()


@pytest.mark.capability("W12")
def test_a_prompt_that_the_service_switched_off_is_not_offered(chained, people, qtbot) -> None:
    chained.store.write(lambda w: change_setting(w, "concern.prompts_off", ["prevent"], at=NOW))
    page = opened(ConcernPage(chained), qtbot, f"new/{people[1]}/child")
    ticks = page.form.rows["prompts"].field.ticks
    assert (ticks["prevent"].isHidden(), ticks["exploitation"].isHidden()) == (True, False)


def test_whoever_raised_one_but_may_not_read_it_sees_only_who_has_it(chained, people, qtbot, monkeypatch) -> None:
    id = raised(chained, people[1])
    monkeypatch.setattr("wellbeing_desktop.domain.grants.may_hold", lambda *_args: False)
    page = opened(ConcernPage(chained), qtbot, id)
    assert page.columns.isHidden()
    assert page.raised_line.text() == "You may not read this concern. It was raised and is with Alex Reed."
    listed = opened(ConcernsPage(chained), qtbot)
    ((due, what, has_it),) = [row.cells for row in listed.list.model.rows()]
    assert (what, has_it.splitlines()[0]) == ("Raised by you", "Nobody has it yet")
    assert due.startswith("Late since")


@pytest.mark.capability("W12")
def test_children_in_the_household_are_rows_with_name_and_birth_date(chained, people, qtbot) -> None:
    page = opened(ConcernPage(chained), qtbot, raised(chained, people[1], "child"))
    assert "Lives at 1 KNIGHTS COURT" in page.address_line.text()
    page.household.form.set_values({"child_name": "Tom Jones", "child_born_on": "2019-03-01"})
    page.household.add()
    qtbot.waitUntil(lambda: page.household.shown == ("Tom Jones, born 01-Mar-2019 (7y)",))
    page.household.form.set_values({"child_name": "", "child_born_on": "2020-01-01"})
    page.household.add()
    qtbot.waitUntil(lambda: bool(page.household.form.rows["child_name"].error.text()))
    page.household.form.set_values({"child_name": "A baby", "child_born_on": ""})
    page.household.add()
    qtbot.waitUntil(lambda: len(page.household.shown) == 2)
    assert page.household.shown[1] == "A baby, birth date not known"
    check_page(page, qtbot)


def test_a_tick_is_no_outcome_the_task_of_a_concern_ends_with_it(chained, people) -> None:
    id = raised(chained, people[1], "at_risk_now")
    (task,) = chained.store.read(lambda r: load_all(r, Task, about_id=id))
    with pytest.raises(Refused, match="closed with its outcome"):
        chained.store.write(lambda w: finish_task(w, task.id, at=NOW))
    chained.store.write(lambda w: concerns.close_concern(w, id, "person_safe", "Seen", at=NOW))
    assert chained.store.read(lambda r: stored.without_outcome(r, NOW.date())) == 0


def test_answers_from_elsewhere_wait_on_today_and_open_the_page_with_the_person(chained, people, qtbot) -> None:
    arrived = Assessment(
        subject=people[2], tool="phq9", tool_version="1", answers='{"9": 2}', taken_at=EARLIER, taken_on=NOW.date()
    )

    def arrive(writer) -> None:
        with transaction(writer, "sync") as tx:
            tx.create(arrived)

    chained.store.write(arrive)
    today = opened(TodayPage(chained), qtbot)
    assert today.answers.text() == "1 answer about safety to see to"
    listed = opened(ConcernsPage(chained), qtbot)
    (row,) = listed.answers.model.rows()
    with qtbot.waitSignal(listed.go) as went:
        listed.answers.table.opened.emit(row.record_id)
    page = opened(AtRiskPage(chained), qtbot, went.args[1])
    qtbot.waitUntil(lambda: len(page.steps) == 2)
    assert page.back_button.isHidden()
    with qtbot.waitSignal(page.go):
        page.save()
    settle(page, qtbot)
    assert chained.store.read(stored.answers_waiting) == ()
    assert chained.store.read(lambda r: stored.without_outcome(r, NOW.date())) == 1


def test_the_list_is_in_order_of_waiting_and_holds_no_word_of_how_bad(chained, people) -> None:
    first = raised(chained, people[1])
    second = raised(chained, people[2], "at_risk_now")
    rows = chained.store.read(lambda r: stored.open_concerns(r, NOW.date()))
    assert [row.id for row in rows] == sorted([first, second])
    for names in (stored.OpenConcern.__struct_fields__, Concern.__struct_fields__):
        assert not {"level", "risk_level", "score", "severity"} & set(names)


@pytest.mark.capability("D4")
def test_the_call_sheet_is_one_page_with_the_services_own_numbers(chained, qtbot) -> None:
    page = CallSheetPage(chained)
    opened(page, qtbot)
    qtbot.waitUntil(lambda: page.paper.preview.answer is not None, timeout=30_000)
    answer = page.paper.preview.answer
    (text,) = pages_text(answer.data)
    assert "01632 960 011" in text
    check_page(page, qtbot)
