"""Importing real lists through the screen: nothing is written before the last step, and it is undone as one."""

import datetime as dt
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from tests.ui.accessibility import check_page
from tests.ui.pages.made_service import LIST, NOW
from wellbeing_desktop.domain.person import Demographics, Person
from wellbeing_desktop.operations.people import register_person
from wellbeing_desktop.storage.records import load_all
from wellbeing_desktop.ui import background
from wellbeing_desktop.ui.pages.import_people import ImportPage
from wellbeing_desktop.ui.worker import end_worker

DATA = LIST.parents[1]


@pytest.fixture(autouse=True)
def no_worker_left():
    yield
    end_worker()


def opened(session, qtbot) -> ImportPage:
    page = ImportPage(session)
    qtbot.addWidget(page)
    page.resize(1160, 690)
    page.show()
    page.on_shown()
    return page


def previewed(page, qtbot, path: Path) -> None:
    page.read(path)
    qtbot.waitUntil(lambda: not page.preview_card.isHidden() or not page.problem.isHidden(), timeout=20_000)


def people_in(session) -> int:
    return session.store.read(lambda r: len(load_all(r, Person)))


def test_a_real_list_is_recognised_previewed_imported_and_undone_as_one(empty_session, qtbot) -> None:
    page = opened(empty_session, qtbot)
    previewed(page, qtbot, LIST)
    assert "EMIS" in page.columns.sentence.text()
    assert people_in(empty_session) == 0
    assert page.preview_card.what.text().startswith("19 new people, 0 changed")
    assert page.import_button.text() == "&Import 19 people"
    page.import_button.click()
    qtbot.waitUntil(lambda: not page.result_card.isHidden(), timeout=20_000)
    assert people_in(empty_session) == 19
    genders = empty_session.store.read(lambda r: {d.stated_gender for d in load_all(r, Demographics)})
    assert genders <= {"1", "2"}
    assert genders
    page.undo_button.click()
    qtbot.waitUntil(lambda: "taken back" in page.done_words.text())
    assert people_in(empty_session) == 0


def test_the_same_list_twice_changes_nothing(empty_session, qtbot) -> None:
    page = opened(empty_session, qtbot)
    previewed(page, qtbot, LIST)
    page.start()
    qtbot.waitUntil(lambda: not page.result_card.isHidden(), timeout=20_000)
    page.begin_again()
    previewed(page, qtbot, LIST)
    assert page.preview_card.what.text().startswith("0 new people, 0 changed, 19 unchanged.")
    assert not page.import_button.isEnabled()


def test_every_step_passes_the_checklist(empty_session, qtbot) -> None:
    page = opened(empty_session, qtbot)
    check_page(page, qtbot)
    previewed(page, qtbot, LIST)
    page.columns.open_columns()
    check_page(page, qtbot)


@pytest.mark.parametrize(("file", "words"), [("csv-xlsx/empty.csv", "no rows"), ("csv-xlsx/dummy.xlsx", "family name")])
def test_a_file_that_is_no_list_gets_a_sentence_and_the_page_stays_usable(empty_session, qtbot, file, words) -> None:
    page = opened(empty_session, qtbot)
    previewed(page, qtbot, DATA / file)
    assert words in page.problem.sentence.text()
    assert not page.choose_card.isHidden()
    previewed(page, qtbot, LIST)
    assert not page.preview_card.isHidden()


def test_a_file_that_has_gone_is_told_in_words(empty_session, qtbot, tmp_path) -> None:
    page = opened(empty_session, qtbot)
    page.read(tmp_path / "gone.csv")
    assert "cannot be read" in page.problem.sentence.text()


def test_a_possible_duplicate_is_decided_one_by_one_and_kept_to(empty_session, qtbot, tmp_path) -> None:
    session = empty_session
    session.store.write(
        lambda w: register_person(
            w, Person(family_name="Wright", given_name="Garth", born_on=dt.date(1933, 11, 14)), at=NOW
        )
    )
    listed = tmp_path / "list.csv"
    listed.write_text("Surname,Forename,Date of birth,Postcode\nWright,Garth,14/11/1933,DN18 5JD\n")
    page = opened(session, qtbot)
    previewed(page, qtbot, listed)
    assert len(page.preview_card.duplicates.rows()) == 1
    page.preview_card.duplicate_table.choose_row(0)
    qtbot.keyClick(page.preview_card.duplicate_table, Qt.Key.Key_Return)
    same = next(
        page.preview_card.choice.itemData(n)
        for n in range(page.preview_card.choice.count())
        if str(page.preview_card.choice.itemData(n)).startswith("same:")
    )
    page.preview_card.choice.set_value(same)
    page.preview_card.choice.edited.emit()
    assert page.preview_card.duplicates.rows()[0].cells[-1] == "The same person"
    page.start()
    qtbot.waitUntil(lambda: not page.result_card.isHidden(), timeout=20_000)
    found = session.store.read(lambda r: load_all(r, Person))
    assert [person.family_name for person in found] == ["Wright"]


def test_a_wrong_column_is_put_right_and_the_list_read_again(empty_session, qtbot, tmp_path) -> None:
    listed = tmp_path / "list.csv"
    listed.write_text("Who,Forename,DOB\nHughes,Bron,1/2/1950\n")
    page = opened(empty_session, qtbot)
    previewed(page, qtbot, listed)
    assert "family name" in page.problem.sentence.text()
    page.columns.choices[0].set_value("family_name")
    page.columns.choices[0].edited.emit()
    qtbot.waitUntil(lambda: not page.preview_card.isHidden(), timeout=20_000)
    assert page.problem.isHidden()
    assert page.preview_card.new.rows()[0].cells[1] == "HUGHES, Bron"
    page.start()
    qtbot.waitUntil(lambda: not page.result_card.isHidden(), timeout=20_000)
    again = opened(empty_session, qtbot)  # the same headings are read the same way next time
    previewed(again, qtbot, listed)
    assert again.problem.isHidden()
    assert again.preview_card.what.text().startswith("0 new people, 0 changed, 1 unchanged")


def test_lines_that_are_not_used_say_why_with_their_line(empty_session, qtbot, tmp_path) -> None:
    listed = tmp_path / "list.csv"
    listed.write_text("Surname,Forename,DOB,NHS Number\nHughes,Bron,1/2/1950,9.43E+09\nEvans,Carys,3/4/1944,\n")
    page = opened(empty_session, qtbot)
    previewed(page, qtbot, listed)
    assert [row.cells[0] for row in page.preview_card.refused.rows()] == ["2"]
    assert page.import_button.text() == "&Import 1 person"
    page.start()
    qtbot.waitUntil(lambda: background.waiting_for(page) == 0 and not page.result_card.isHidden(), timeout=20_000)
    assert people_in(empty_session) == 1
