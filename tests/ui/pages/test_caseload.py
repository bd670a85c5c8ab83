"""The caseload with real people behind it: find, sentences, sorting, and going on by keyboard."""

import pytest
from PySide6.QtCore import QPoint, Qt

from tests.ui.accessibility import check_page
from tests.ui.pages.made_service import NOW
from wellbeing_desktop.domain.person import Person
from wellbeing_desktop.domain.task import Task
from wellbeing_desktop.operations.people import register_person
from wellbeing_desktop.operations.tasks import add_task
from wellbeing_desktop.ui import background
from wellbeing_desktop.ui.navigation import Section
from wellbeing_desktop.ui.pages.caseload import LEAST_ROWS, CaseloadPage
from wellbeing_desktop.ui.shell import Shell
from wellbeing_desktop.ui.theme import theme


def opened(session, qtbot) -> CaseloadPage:
    page = CaseloadPage(session)
    qtbot.addWidget(page)
    page.resize(1160, 690)
    page.show()
    with qtbot.waitSignal(page.model.loaded):
        page.on_shown()
    return page


def names(page) -> list[str]:
    return [page.model.row_at(row).cells[0] for row in range(page.model.rowCount())]


def typed(page, qtbot, text: str) -> list[str]:
    page.search_field.setFocus()
    with qtbot.waitSignal(page.model.loaded):
        page.search_field.clear()
        qtbot.keyClicks(page.search_field, text)
    qtbot.waitUntil(lambda: not page._pause.isActive() and background.waiting_for(page.model) == 0)
    return names(page)


def chosen(page, qtbot, which: str) -> list[str]:
    with qtbot.waitSignal(page.model.loaded):
        page.which.set_value(which)
        page.which.edited.emit()
    return names(page)


def test_f6_goes_from_show_to_the_next_part_and_back(session, qtbot) -> None:
    shell = Shell()
    qtbot.addWidget(shell)
    shell.add_page("caseload", lambda: CaseloadPage(session), Section("caseload", "Caseload", "users"))
    shell.resize(1366, 728)
    shell.show()
    shell.activateWindow()
    shell.go("caseload")
    page = shell.page()
    qtbot.waitUntil(lambda: page.model.rowCount() > 0 and page.table.isVisible())
    page.whose.setFocus()
    seen = []
    for _ in range(3):
        qtbot.keyClick(shell, Qt.Key.Key_F6)
        seen.append(shell.focusWidget().accessibleName())
    assert seen == ["View", "People", "Add a person"]
    qtbot.keyClick(shell, Qt.Key.Key_F6, Qt.KeyboardModifier.ShiftModifier)
    assert shell.focusWidget() is page.table
    shell.forget_pages()


def test_the_caseload_passes_the_checklist(session, qtbot) -> None:
    page = opened(session, qtbot)
    check_page(page, qtbot)


@pytest.mark.parametrize("percent", [100, 200])
def test_the_choices_and_six_rows_can_be_read_at_any_size_of_text(session, qtbot, percent) -> None:
    page = opened(session, qtbot)
    theme().set_percent(percent)
    page.resize(1160 if percent == 100 else 1290, 690)
    qtbot.waitUntil(lambda: page.table.height() >= LEAST_ROWS * page.table.rowHeight(0))
    hint = page.search_field.fontMetrics().horizontalAdvance(page.search_field.placeholderText())
    assert page.search_field.width() > hint + 16
    for field in (page.whose, page.which):
        longest = max(field.fontMetrics().horizontalAdvance(field.itemText(at)) for at in range(field.count()))
        assert field.width() > longest + 24
    beside = page.search_field.mapTo(page, QPoint()).y() == page.which.mapTo(page, QPoint()).y()
    assert beside is (percent == 100)
    assert page.table.mapTo(page, QPoint()).y() + page.table.rowHeight(0) < page.height()


def test_everyone_i_support_is_listed_with_birth_date_and_postcode(session, people, qtbot) -> None:
    page = opened(session, qtbot)
    assert page.model.rowCount() == len(people)
    first = page.model.row_at(0)
    assert "19" in first.cells[1]
    assert first.cells[2] != ""
    assert page.count.text() == f"{len(people)} people whom I support."


def test_find_takes_a_name_a_number_and_a_birth_date(session, qtbot) -> None:
    page = opened(session, qtbot)
    assert typed(page, qtbot, "garth wri") == ["WRIGHT, Garth"]
    assert typed(page, qtbot, "965 821 8873") == ["MEAKIN, Mike"]
    assert typed(page, qtbot, "14/11/1933") == ["WRIGHT, Garth"]
    assert typed(page, qtbot, "zzzz") == []
    assert not page.nobody.isHidden()
    assert page.nobody.words.text() == "Nobody found for “zzzz”"


def test_the_sentences_narrow_the_list_and_the_count_says_the_same(session, people, qtbot) -> None:
    page = opened(session, qtbot)
    late = chosen(page, qtbot, "late")
    assert len(late) == 3  # two tasks whose day has passed, one visit without an outcome
    assert page.count.text() == "3 people whom I support: something is late."
    quiet = chosen(page, qtbot, "quiet")
    assert 0 < len(quiet) < len(people)
    assert len(chosen(page, qtbot, "copy")) == 1


def test_sorting_by_last_contact_turns_round(session, qtbot) -> None:
    page = opened(session, qtbot)
    with qtbot.waitSignal(page.model.loaded):
        page.model.sort(3, Qt.SortOrder.AscendingOrder)
    up = names(page)
    with qtbot.waitSignal(page.model.loaded):
        page.model.sort(3, Qt.SortOrder.DescendingOrder)
    down = names(page)
    have = [name for name in up if name in down]
    assert sorted(up) == sorted(down)
    assert have[0] != down[0]


def test_enter_goes_from_the_field_to_the_list_and_then_to_the_record(session, people, qtbot) -> None:
    page = opened(session, qtbot)
    went = []
    page.go.connect(lambda key, argument: went.append((key, argument)))
    typed(page, qtbot, "meakin")
    qtbot.keyClick(page.search_field, Qt.Key.Key_Return)
    qtbot.keyClick(page.table, Qt.Key.Key_Return)
    assert went == [("person", people[1])]
    commands = {command.key: command for command in page.commands()}
    commands["new_referral"].run()
    assert went[-1] == ("new_referral", people[1])


def test_a_change_keeps_the_keyboard_on_the_same_person(session, people, qtbot) -> None:
    page = opened(session, qtbot)
    page.table.choose_row(4)
    kept = page.table.record_id()
    changes = session.store.write(lambda w: add_task(w, Task(subject=people[0], title="Ring"), at=NOW))
    with qtbot.waitSignal(page.model.loaded):
        page.refresh(changes)
    assert page.table.record_id() == kept


@pytest.mark.capability("W2")
def test_two_people_with_one_name_are_marked(session, people, qtbot) -> None:
    session.store.write(
        lambda w: register_person(
            w, Person(family_name="Wright", given_name="Garth", coordinator_id=session.user_id), at=NOW
        )
    )
    page = opened(session, qtbot)
    typed(page, qtbot, "wright garth")
    assert [page.model.row_at(row).cells[-1] for row in range(2)] == ["Similar name", "Similar name"]


def test_an_empty_store_says_what_to_do_first(empty_session, qtbot) -> None:
    page = opened(empty_session, qtbot)
    assert not page.nobody.isHidden()
    assert page.table.isHidden()
