"""My list and the page of one task: by keyboard, with undo, and the figures of the lists."""

import datetime as dt

import pytest
from PySide6.QtCore import Qt

from tests.ui.accessibility import check_page
from tests.ui.pages.made_service import NOW, TODAY
from tests.ui.pages.test_today import opened, settle
from wellbeing_desktop.domain.organisation import Practitioner, Team
from wellbeing_desktop.domain.task import Task
from wellbeing_desktop.operations.tasks import add_task, change_task
from wellbeing_desktop.storage.history import history
from wellbeing_desktop.storage.records import load, load_all
from wellbeing_desktop.storage.undo import undo
from wellbeing_desktop.storage.write_door import transaction
from wellbeing_desktop.ui import background
from wellbeing_desktop.ui.pages.forms.task import TaskPage
from wellbeing_desktop.ui.pages.my_list import MyListPage
from wellbeing_desktop.ui.pages.today import TodayPage
from wellbeing_desktop.ui.pages.today_parts.day import when_tone


def colleague(session, name: str) -> str:
    def write(writer):
        with transaction(writer, "add_organisation", at=NOW) as tx:
            return tx.create(Practitioner(name=name, is_user=True))

    return session.store.write(write)


def task(session, person_id: str, **fields) -> str:
    made = {"subject": person_id, "title": "Count the spoons", "due_on": TODAY, **fields}
    changes = session.store.write(lambda writer: add_task(writer, Task(**made), at=NOW))
    return next(change.id for change in changes.touched if change.type == "task")


def row_of(page, words: str) -> int:
    return next(at for at, row in enumerate(page.model.rows()) if words in row.cells[1])


def state_of(session, id: str) -> Task:
    return session.store.read(lambda reader: load(reader, Task, id))


def test_my_list_passes_the_checklist(session, people, qtbot) -> None:
    task(session, people[0])
    check_page(opened(session, qtbot, MyListPage), qtbot)


def test_an_empty_list_passes_the_checklist(empty_session, qtbot) -> None:
    page = opened(empty_session, qtbot, MyListPage)
    assert page.nothing.isVisible()
    check_page(page, qtbot)


@pytest.mark.capability("H5")
def test_the_figures_beside_each_kind_are_the_lengths_of_the_lists(session, people, qtbot) -> None:
    task(session, people[0], kind="call_back")
    page = opened(session, qtbot, MyListPage)
    assert page.summary.text().startswith(f"{len(page.model.rows())} things to do")
    for kind in page.found.list.counts:
        page.kind.set_value(kind)
        page._ask()
        settle(page, qtbot)
        assert len(page.model.rows()) == page.found.list.counts[kind]


@pytest.mark.capability("H5")
def test_a_task_whose_hour_today_has_passed_is_called_late(session, people, qtbot) -> None:
    hour = dt.timedelta(hours=1)
    before = opened(session, qtbot, MyListPage).found.list.late
    task(session, people[0], title="Ring before nine", due_at=NOW - hour)
    task(session, people[0], title="Ring after lunch", due_at=NOW + hour)
    page = opened(session, qtbot, MyListPage)
    said = {row.cells[1].partition("\n")[0]: row.cells[0] for row in page.model.rows()}
    assert said["Ring before nine"].endswith(", late")
    assert when_tone(said["Ring before nine"]) == "bad"
    assert "late" not in said["Ring after lunch"]
    assert when_tone(said["Ring after lunch"]) == "warning"
    assert page.found.list.late == before + 1
    today = opened(session, qtbot, TodayPage)
    [row] = [row for row in today.to_do.model.rows() if "Ring before nine" in row.cells[1]]
    assert row.cells[0] == said["Ring before nine"], "Today says the same"


def test_space_finishes_alt_m_postpones_and_both_can_be_undone(session, people, qtbot) -> None:
    id = task(session, people[0])
    page = opened(session, qtbot, MyListPage)
    page.table.choose_row(row_of(page, "Count the spoons"))
    done = []
    background.on_changed(done.append)
    page.tomorrow_button.click()
    settle(page, qtbot)
    assert state_of(session, id).due_on == TODAY + dt.timedelta(days=1)
    session.store.write(lambda writer: undo(writer, done[-1].undo_id, at=NOW))
    page.on_shown()
    settle(page, qtbot)
    page.table.choose_row(row_of(page, "Count the spoons"))
    page.table.setFocus()
    qtbot.keyClick(page.table, Qt.Key.Key_Space)
    settle(page, qtbot)
    assert state_of(session, id).state == "done"
    qtbot.waitUntil(lambda: all("spoons" not in row.cells[1] for row in page.model.rows()))


@pytest.mark.capability("H4")
def test_a_task_is_handed_on_comes_back_and_is_looked_at(session, people, qtbot) -> None:
    bob = colleague(session, "Bob Shaw")
    id = task(session, people[0])
    page = opened(session, qtbot, MyListPage)
    page.table.choose_row(row_of(page, "Count the spoons"))
    said = dict(page._actions(page.table.record_id()))
    said["Hand on to Bob Shaw"](page.table.record_id())
    settle(page, qtbot)
    assert (state_of(session, id).owner_id, state_of(session, id).needs_review) == (bob, True)

    def by_bob(writer):
        with transaction(writer, "finish_task", at=NOW, author=bob) as tx:
            tx.change(Task, id, {"state": "to_review", "outcome": "She has them."})
        return tx.changes

    background.announce(session.store.write(by_bob))
    qtbot.waitUntil(lambda: page.found.list.counts.get("to_look_at") == 1)
    page.table.choose_row(row_of(page, "Count the spoons"))
    assert page.done_button.text().replace("&", "") == "The outcome is good"
    step = opened(session, qtbot, TaskPage)
    step.on_shown(id)
    settle(step, qtbot)
    step.form.rows["step"].field.set_value("send_back")
    step._show_rows()
    step.save()
    settle(step, qtbot)
    assert "still to be done" in step.form.rows["review_words"].error.text()
    step.form.set_values({**step.form.values(), "review_words": "And the cream?"})
    step.save()
    settle(step, qtbot)
    assert (state_of(session, id).state, state_of(session, id).review_words) == ("open", "And the cream?")


def test_finishing_what_needs_words_leads_to_its_page(session, people, qtbot) -> None:
    bob = colleague(session, "Bob Shaw")
    id = task(session, people[0])

    def given_by_bob(writer):
        with transaction(writer, "hand_on_task", at=NOW) as tx:
            tx.change(Task, id, {"delegated_by": bob, "needs_review": True})
        return tx.changes

    session.store.write(given_by_bob)
    page = opened(session, qtbot, MyListPage)
    page.table.choose_row(row_of(page, "Count the spoons"))
    with qtbot.waitSignal(page.go) as went:
        page.done_button.click()
    assert went.args == ["task", id]


def test_the_page_of_a_task_passes_the_checklist_and_raises_it_with_the_lead(session, people, qtbot) -> None:
    id = task(session, people[0], repeats="P2W")
    page = TaskPage(session)
    qtbot.addWidget(page)
    page.resize(1160, 690)
    page.show()
    page.on_shown(id)
    settle(page, qtbot)
    page.form.rows["step"].field.set_value("raise")
    page._show_rows()
    page.save()
    settle(page, qtbot)
    assert state_of(session, id).escalated_to == ""  # no team says who leads
    lead = colleague(session, "Sam Lee")

    def lead_by_sam(writer):
        with transaction(writer, "add_organisation", at=NOW) as tx:
            tx.create(Team(name="North", members=(session.user_id,), lead_id=lead))
        return tx.changes

    session.store.write(lead_by_sam)
    page.save()
    settle(page, qtbot)
    assert state_of(session, id).escalated_to == lead
    assert session.store.read(lambda reader: load_all(reader, Task, escalated_to=lead))
    page.on_shown(id)
    settle(page, qtbot)
    check_page(page, qtbot)


def test_a_task_is_changed_with_what_it_said_in_the_fields_and_a_colleagues_words_are_not_lost(
    session, people, qtbot
) -> None:
    id = task(session, people[0], kind="call_back", due_at=NOW + dt.timedelta(hours=2), detail="In the drawer")
    page = opened(session, qtbot, TaskPage)
    page.on_shown(id)
    settle(page, qtbot)
    page.form.rows["step"].field.setFocus()
    qtbot.keyClicks(page.form.rows["step"].field, "C")
    assert page.form.rows["step"].field.value() == "change"
    said = page.form.values()
    assert (said["title"], said["on"], said["kind"]) == ("Count the spoons", TODAY.isoformat(), "call_back")
    check_page(page, qtbot)
    title = page.form.rows["title"].field
    title.setFocus()
    title.selectAll()
    qtbot.keyClick(title, Qt.Key.Key_Backspace)
    page.save()
    settle(page, qtbot)
    assert page.form.rows["title"].error.text() == "Say what is to be done, in a few words."
    qtbot.keyClicks(title, "Count the forks")
    page.form.rows["on"].field.set_value((TODAY + dt.timedelta(days=1)).isoformat())
    page.form.rows["urgent"].field.set_value("yes")

    theirs = {"title": "Count the knives", "detail": "Under the stairs"}
    background.announce(session.store.write(lambda writer: change_task(writer, id, theirs, at=NOW)))
    settle(page, qtbot)
    page.save_draft()
    settle(page.form, qtbot)
    again = opened(session, qtbot, TaskPage)  # the draft, after a colleague's words came
    again.on_shown(id)
    settle(again, qtbot)
    settle(again.form, qtbot)
    assert again.form.values()["title"] == "Count the forks"
    with qtbot.waitSignal(again.go):
        again.save()
    after = state_of(session, id)
    assert (after.due_on, after.due_at, after.urgent) == (
        TODAY + dt.timedelta(days=1),
        NOW + dt.timedelta(days=1, hours=2),
        True,
    )
    assert after.detail == "Under the stairs", "not changed here, so theirs stands"
    mine = session.store.read(lambda reader: history(reader, id))[-1]
    assert mine.was["title"] == "Count the spoons", "so the knives clash with the forks, and are not covered"
    assert "detail" not in mine.patch
