"""The rules of follow-ups in the window: switched on, changed, added, brought in; and a task that comes again."""

import datetime as dt

import pytest

from tests.ui.accessibility import check_page
from tests.ui.pages.made_service import TODAY
from tests.ui.pages.test_my_list import colleague
from tests.ui.pages.test_today import opened, settle
from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.domain.task import Task
from wellbeing_desktop.operations.follow_ups import follow_up_rules
from wellbeing_desktop.storage.records import load_all
from wellbeing_desktop.ui.pages.follow_ups import FollowUpRulesPage
from wellbeing_desktop.ui.pages.forms.new_task import NewTaskPage
from wellbeing_desktop.ui.widgets import messages


def rules(session) -> dict:
    return {rule.id: rule for rule in session.store.read(follow_up_rules)}


def test_the_rules_pass_the_checklist_with_one_open(session, qtbot) -> None:
    page = opened(session, qtbot, FollowUpRulesPage)
    page.edit_button.click()
    check_page(page, qtbot)


@pytest.mark.capability("H2")
def test_a_rule_is_switched_on_changed_and_added(session, qtbot) -> None:
    page = opened(session, qtbot, FollowUpRulesPage)
    page.table.choose_row([row.record_id for row in page.model.rows()].index("six_weeks"))
    page.switch_button.click()
    settle(page, qtbot)
    assert (rules(session)["six_weeks"].is_on, rules(session)["six_weeks"].since) == (True, TODAY)
    page._edit("six_weeks")
    page.form.set_values({"after": "8", "words": "Ask after 8 weeks"})
    page.save()
    settle(page, qtbot)
    changed = rules(session)["six_weeks"]
    assert (changed.after, changed.words, changed.is_on) == (8, "Ask after 8 weeks", True)
    assert page.form_card.isHidden()
    page.new_button.click()
    page.form.set_values({"words": "Tell the team", "after": "0", "to": "named"})
    page.save()
    settle(page, qtbot)
    assert "Choose the colleague" in page.form.rows["named_id"].error.text()
    page.form.set_values({"to": "team"})
    page.save()
    settle(page, qtbot)
    qtbot.waitUntil(lambda: len(page.model.rows()) == len(rules(session)))
    assert "Tell the team" in {rule.words for rule in rules(session).values()}


def test_a_file_of_rules_comes_in_whole_or_says_what_is_wrong(session, qtbot) -> None:
    page = opened(session, qtbot, FollowUpRulesPage)
    said = []
    with messages.replaced_by(lambda _owner, problem: said.append(problem)):
        page.bring_in(b'{"rules": [{"id": "a", "words": "Ring", "trigger": "tuesday"}]}')
        settle(page, qtbot)
    assert isinstance(said[0], Refused)
    assert said[0].message == "Rule 1: Choose what it follows."
    page.bring_in(b'{"rules": [{"id": "a", "words": "Ring", "trigger": "support_started"}]}')
    settle(page, qtbot)
    assert "a" in rules(session)


def test_a_task_that_comes_again_is_given_to_a_colleague(session, people, qtbot) -> None:
    bob = colleague(session, "Bob Shaw")
    page = NewTaskPage(session)
    qtbot.addWidget(page)
    page.show()
    page.on_shown(people[0])
    settle(page, qtbot)
    page.form.set_values({"title": "Count the spoons", "every": "2", "owner_id": bob, "needs_review": "yes"})
    page.save()
    settle(page, qtbot)
    assert "days, weeks or months" in page.form.rows["unit"].error.text()
    page.form.set_values({"unit": "weeks", "repeats_until": "2027-03-01"})
    page.save()
    qtbot.waitUntil(lambda: session.store.read(lambda reader: load_all(reader, Task, title="Count the spoons")) != [])
    (task,) = session.store.read(lambda reader: load_all(reader, Task, title="Count the spoons"))
    assert (task.repeats, task.repeats_until, task.owner_id) == ("P2W", dt.date(2027, 3, 1), bob)
    assert (task.needs_review, task.delegated_by) == (True, session.user_id)
