"""A month counted on real records: completeness first, numbers to people, files saved for one reader only."""

import stat

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from tests.ui.accessibility import check_page
from wellbeing_desktop.domain.organisation import ReturnRun
from wellbeing_desktop.storage.records import load_all
from wellbeing_desktop.ui import background
from wellbeing_desktop.ui.pages.returns import ReturnsPage
from wellbeing_desktop.ui.worker import end_worker


@pytest.fixture(autouse=True)
def no_worker_left():
    yield
    end_worker()


def opened(session, qtbot) -> ReturnsPage:
    page = ReturnsPage(session)
    qtbot.addWidget(page)
    background.on_changed(page.refresh)
    page.resize(1160, 690)
    page.show()
    page.on_shown()
    qtbot.waitUntil(lambda: page.result is not None and background.waiting_for(page) == 0)
    return page


def said(page) -> str:
    return " ".join(label.text() for label in page.saved.findChildren(QLabel))


def chosen(page, qtbot, measure_id: str) -> None:
    at = next(n for n, row in enumerate(page.measures.rows()) if row.record_id == measure_id)
    page.table.choose_row(at)


def test_returns_pass_the_checklist(session, qtbot) -> None:
    page = opened(session, qtbot)
    chosen(page, qtbot, "contacts")
    check_page(page, qtbot)


def test_october_is_offered_first_and_says_how_complete_it_is(session, qtbot) -> None:
    page = opened(session, qtbot)
    assert page.month.currentText() == "October 2026"
    said = [chip.text() for chip in page.complete_chips]
    assert "Appointments with no outcome: 0" in said
    assert page.state.sentence.text().startswith(("Provisional", "Final"))


@pytest.mark.capability("O3")
def test_a_number_has_its_definition_and_enter_leads_to_the_people(session, qtbot) -> None:
    page = opened(session, qtbot)
    chosen(page, qtbot, "contacts")
    assert page.measure.definition.text()
    counted = page.result.measure("contacts").count
    assert page.measure.value.text() == str(counted) != "0"
    qtbot.keyClick(page.table, Qt.Key.Key_Return)
    table = page.measure.split_tables[0]
    qtbot.keyClick(table, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: not page.measure.people.isHidden())
    went = []
    page.go.connect(lambda key, argument: went.append((key, argument)))
    qtbot.keyClick(page.measure.people_table, Qt.Key.Key_Return)
    assert went[0][0] == "person"


def test_another_month_is_counted_when_it_is_chosen(session, qtbot) -> None:
    page = opened(session, qtbot)
    page.month.set_value("2026-11")
    page.month.edited.emit()
    qtbot.waitUntil(lambda: page.result.month.number == 11)
    assert "the month is not over" in page.state.sentence.text()


def test_a_return_is_kept_and_listed_under_its_month(session, qtbot) -> None:
    page = opened(session, qtbot)
    page.keep()
    qtbot.waitUntil(lambda: not page.kept.isHidden())
    assert len(session.store.read(lambda r: load_all(r, ReturnRun))) == 1
    qtbot.waitUntil(lambda: background.waiting_for(page) == 0)
    page.kept_table.choose_row(0)
    page.check_button.setFocus()
    qtbot.keyClick(page.check_button, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: page.saved.isVisible() and "every number is the same" in said(page))
    chosen(page, qtbot, "contacts")
    qtbot.keyClick(page.kept_table, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: page.measure.people.title.text().startswith("Contacts, as kept"))
    assert page.measure.people_model.rows()


@pytest.mark.capability("O6")
@pytest.mark.parametrize(
    ("kind", "begins"), [("xlsx", b"PK"), ("csv", b"\xef\xbb\xbf"), ("pdf", b"%PDF"), ("html", b"<!DOCTYPE html>")]
)
def test_files_are_saved_for_one_reader_only(session, qtbot, tmp_path, kind, begins) -> None:
    page = opened(session, qtbot)
    path = tmp_path / f"return.{kind}"
    page.write_file(kind, path)
    qtbot.waitUntil(lambda: not page.saved.isHidden(), timeout=20_000)
    assert path.read_bytes().startswith(begins)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_folder_that_cannot_be_written_gets_a_sentence(session, qtbot, tmp_path) -> None:
    page = opened(session, qtbot)
    from wellbeing_desktop.ui.widgets import messages

    seen = []
    with messages.replaced_by(lambda _owner, problem: seen.append(str(problem))):
        page.write_file("csv", tmp_path / "missing" / "return.csv")
        qtbot.waitUntil(lambda: seen != [])
    assert "could not be written" in seen[0]
