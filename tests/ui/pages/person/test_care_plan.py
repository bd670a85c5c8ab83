"""The care plan on a real store."""

import datetime as dt

import pytest
from PySide6.QtWidgets import QLabel

from tests.ui.accessibility import check_page
from tests.ui.pages.person.people import BRONWEN, EMPTY, NOW, PLAN
from wellbeing_desktop.operations.person_record import read_person
from wellbeing_desktop.operations.plan_contents import write_narrative
from wellbeing_desktop.storage.drafts import drafts
from wellbeing_desktop.ui import background
from wellbeing_desktop.ui.pages.care_plan.changes import PlanChangesPage
from wellbeing_desktop.ui.pages.care_plan.page import CarePlanPage
from wellbeing_desktop.ui.pages.person.entry import PersonEntryPage


def opened(session, settle, qtbot, person=BRONWEN) -> CarePlanPage:
    page = CarePlanPage(session)
    qtbot.addWidget(page)
    background.on_changed(page.refresh)
    page.on_shown(person)
    settle(page)
    if page.form is not None:
        settle(page.form)
    return page


@pytest.fixture
def page(session, settle, qtbot) -> CarePlanPage:
    return opened(session, settle, qtbot)


@pytest.fixture
def plan(session):
    return lambda person=BRONWEN: session.store.read(lambda reader: read_person(reader, person, NOW.date())).plan


def words_of(page) -> str:
    return "\n".join(label.text() for label in page.findChildren(QLabel))


def entry_page(session, settle, qtbot, argument: str) -> PersonEntryPage:
    page = PersonEntryPage(session)
    qtbot.addWidget(page)
    page.on_shown(argument)
    settle(page)
    return page


def entry(session, settle, qtbot, argument: str, **values: str) -> PersonEntryPage:
    page = entry_page(session, settle, qtbot, argument)
    settle(page.work.form)
    page.work.form.set_values(values)
    page.save()
    settle(page)
    return page


def test_the_keys_do_what_they_do_in_the_record_and_what_is_typed_is_kept(page, session, settle, qtbot) -> None:
    went = []
    page.go.connect(lambda *where: went.append(where))
    page.form.rows["most_important"].field.setPlainText("Chapel, and the choir.")
    commands = {command.key: command for command in page.commands()}
    for key, command in (("Ctrl+N", "new_contact"), ("Ctrl+Shift+N", "new_referral"), ("Ctrl+T", "new_task"),
                         ("Ctrl+Shift+L", "new_letter")):  # fmt: skip
        assert commands[command].keys == (key,)
        commands[command].run()
    assert went == [(to, BRONWEN) for to in ("contact", "new_referral", "new_task", "letters")]
    assert commands["plan_goal"].keys == ()
    page.save_draft()
    qtbot.waitUntil(lambda: session.store.read(drafts) != [])
    assert session.store.read(drafts)[0].body["most_important"] == "Chapel, and the choir."


def test_only_the_headings_that_changed_are_saved(page, session, settle, plan) -> None:
    form = page.form
    session.store.write(lambda writer: write_narrative(writer, PLAN, {"strengths": "Sings in the choir."}, {}))
    form.rows["wellness"].field.set_value("A walk each day.")
    page.save()
    settle(page)
    words = plan().narrative
    assert (words.wellness, words.strengths) == ("A walk each day.", "Sings in the choir.")
    assert words.most_important.startswith("Staying in my own home")


def test_words_being_written_are_not_refilled_when_somebody_else_saves(page, session, settle) -> None:
    page.form.rows["most_important"].field.set_value("My garden")
    background.operate(
        page, session.store, lambda writer: write_narrative(writer, PLAN, {"needs": "Company."}, {"needs": ""})
    )
    settle(page)
    settle(page)
    assert page.form.rows["most_important"].field.value() == "My garden"
    assert not page.notice.isHidden()


def test_words_left_half_written_come_back(page, session, settle, qtbot) -> None:
    page.form.rows["support"].field.set_value("In the morn")
    page.save_draft()
    settle(page.form)
    assert opened(session, settle, qtbot).form.rows["support"].field.value() == "In the morn"


@pytest.mark.capability("G1")
def test_a_plan_is_started_given_a_goal_and_agreed_so_that_a_copy_is_owed(session, settle, qtbot, plan) -> None:
    page = opened(session, settle, qtbot, EMPTY)
    assert page.form is None
    page.start()
    settle(page)
    settle(page)
    page.form.rows["most_important"].field.set_value("My dog.")
    page.save()
    settle(page)
    entry(session, settle, qtbot, f"goal/{EMPTY}/", what="I want to walk the dog", importance="9")
    goal = plan(EMPTY).goals[0]
    entry(session, settle, qtbot, f"action/{EMPTY}/{goal.id}", what="Find a lead", who="Dilip", confidence="7")
    assert [each.goal_id for each in plan(EMPTY).actions] == [goal.id]
    entry(session, settle, qtbot, f"agree/{EMPTY}")
    agreed = plan(EMPTY)
    assert (agreed.plan.state, agreed.plan.version) == ("agreed", 1)
    assert [copy.state for copy in agreed.copies] == ["owed"]


def test_what_stops_a_plan_from_being_agreed_is_said(session, settle, qtbot, no_problem_shown) -> None:
    page = opened(session, settle, qtbot, EMPTY)
    page.start()
    settle(page)
    form = entry(session, settle, qtbot, f"agree/{EMPTY}")
    assert [problem.message for problem in no_problem_shown] == [
        "Write down what matters to the person before agreeing the plan."
    ]
    no_problem_shown.clear()
    assert "goal" in " ".join(chip.text() for above in form.work.above for chip in above.findChildren(QLabel))


def test_an_importance_of_eleven_is_refused_beside_its_field(session, settle, qtbot, plan) -> None:
    goal = plan().goals[0]
    form = entry(session, settle, qtbot, f"goal/{BRONWEN}/{goal.id}", importance="11")
    assert "1 to 10" in form.work.form.rows["importance"].error.text()


@pytest.mark.capability("G5")
def test_a_review_with_changes_makes_a_new_version(session, settle, qtbot, plan) -> None:
    entry(session, settle, qtbot, f"review/{BRONWEN}", changed="yes")
    assert plan().plan.version == 2


def test_long_sentences_are_pointed_out(page) -> None:
    page.form.rows["support"].field.set_value(("and then we go to the shop again " * 5).strip() + ".")
    page._judge()
    assert "long sentence" in page.ease.longest.text()


def test_a_plan_is_ended_on_a_day_and_the_next_page_says_so(session, settle, qtbot, plan) -> None:
    entry(session, settle, qtbot, f"end_plan/{BRONWEN}", ended_on="2026-11-20")
    assert plan() is None
    page = opened(session, settle, qtbot)
    assert "The care plan ended on 20-Nov-2026" in words_of(page)


def test_a_plan_offered_and_not_wanted_is_saved_without_one_being_begun(session, settle, qtbot, plan) -> None:
    check_page(entry_page(session, settle, qtbot, f"decline_plan/{EMPTY}"), qtbot)
    entry(session, settle, qtbot, f"decline_plan/{EMPTY}", declined_on="2026-11-20")
    assert plan(EMPTY) is None
    page = opened(session, settle, qtbot, EMPTY)
    assert "offered and not wanted on 20-Nov-2026" in words_of(page)
    check_page(page, qtbot)


def test_an_agreed_plan_is_not_declined(session, settle, qtbot, no_problem_shown) -> None:
    entry_page(session, settle, qtbot, f"decline_plan/{BRONWEN}")
    assert "End it instead" in no_problem_shown.pop().message


def changes_of(session, settle, qtbot, person=BRONWEN) -> PlanChangesPage:
    page = PlanChangesPage(session)
    qtbot.addWidget(page)
    page.on_shown(person)
    settle(page)
    settle(page)
    return page


@pytest.mark.capability("G5")
def test_what_changed_between_two_versions_is_shown_in_words(session, settle, qtbot) -> None:
    before = NOW - dt.timedelta(hours=1)
    session.store.write(lambda writer: write_narrative(writer, PLAN, {"strengths": "Sings."}, {}, at=before))
    entry(session, settle, qtbot, f"review/{BRONWEN}", changed="yes")
    page = changes_of(session, settle, qtbot)
    assert page.said.text() == "2 things changed.", "the words, and a goal that was begun"
    assert "I have always been good with people." in words_of(page)
    assert "Sings." in words_of(page)
    check_page(page, qtbot)


def test_a_plan_agreed_once_is_compared_with_itself_as_it_stands(session, settle, qtbot) -> None:
    page = changes_of(session, settle, qtbot)
    assert "Goal changed" in words_of(page)
    session.store.write(lambda writer: write_narrative(writer, PLAN, {"needs": "Company."}, {}))
    page.on_shown(BRONWEN)
    settle(page)
    settle(page)
    assert "Words added" in words_of(page)


def test_a_person_without_a_plan_has_nothing_to_compare(session, settle, qtbot) -> None:
    page = changes_of(session, settle, qtbot, EMPTY)
    assert "never agreed" in page.said.text()
    check_page(page, qtbot)


@pytest.mark.parametrize("person", [BRONWEN, EMPTY])
def test_the_plan_passes_the_checklist(person, session, settle, qtbot) -> None:
    check_page(opened(session, settle, qtbot, person), qtbot)
