"""The person's copy and the summary: real PDFs from the worker process, read back."""

import stat
from pathlib import Path

import pypdf
import pytest
from PySide6.QtCore import Qt

from tests.documents.test_twins import read
from tests.ui.accessibility import check_page
from tests.ui.pages.person.people import BRONWEN, EMPTY, NOW
from tests.ui.test_closed_down import away_for
from wellbeing_desktop.operations.people import change_address, change_person
from wellbeing_desktop.operations.person_record import read_person
from wellbeing_desktop.storage.audit import entries
from wellbeing_desktop.ui.pages.person.parts import TwoColumns
from wellbeing_desktop.ui.pages.plan_copy.page import PlanCopyPage
from wellbeing_desktop.ui.pages.plan_copy.summary_page import PersonSummaryPage
from wellbeing_desktop.ui.widgets import messages
from wellbeing_desktop.ui.worker import end_worker


@pytest.fixture(autouse=True)
def no_worker_left(qapp):
    yield
    end_worker()


def opened(kind, session, settle, qtbot, person=BRONWEN):
    page = kind(session)
    qtbot.addWidget(page)
    page.on_shown(person)
    settle(page)
    qtbot.waitUntil(lambda: page.paper.preview.answer is not None, timeout=20_000)
    settle(page)
    return page


def saved_text(page, settle, folder: Path) -> str:
    file = folder / "copy.pdf"
    page.paper.choose_file = lambda: str(file)
    page.paper.save_it()
    settle(page.paper)
    return " ".join(" ".join(each.extract_text() for each in pypdf.PdfReader(file).pages).split())


def record(session):
    return session.store.read(lambda reader: read_person(reader, BRONWEN, NOW.date()))


@pytest.mark.capability("G6", "W24")
def test_the_copy_holds_the_persons_words_and_nothing_from_others(session, settle, qtbot, tmp_path) -> None:
    page = opened(PlanCopyPage, session, settle, qtbot)
    text = saved_text(page, settle, tmp_path)
    assert "getting back to chapel on Sundays" in text
    assert "I want to walk to chapel on my own" in text
    for never in ("bites strangers", "did not sleep", "4711", "Penicillin"):
        assert never not in text
    settle(page.paper)


@pytest.mark.capability("C3", "G6", "W24")
def test_large_print_is_offered_to_somebody_who_needs_it(session, settle, qtbot) -> None:
    page = opened(PlanCopyPage, session, settle, qtbot)
    assert page.form.values()["style"] == "large print"


def test_a_section_left_out_is_not_on_the_page_and_stays_chosen(session, settle, qtbot, tmp_path) -> None:
    page = opened(PlanCopyPage, session, settle, qtbot)
    page.paper.preview.answer = None
    page.sections.ticks["goals"].click()
    page.keep_sections()
    settle(page, page.form)
    qtbot.waitUntil(lambda: page.paper.preview.answer is not None, timeout=20_000)
    assert "I want to walk to chapel" not in saved_text(page, settle, tmp_path)
    assert "goals" not in record(session).plan.copies[0].sections
    settle(page.paper)


@pytest.mark.capability("G6", "W24")
def test_handing_the_copy_over_settles_what_was_owed(session, settle, qtbot) -> None:
    page = opened(PlanCopyPage, session, settle, qtbot)
    page.settle("handed")
    settle(page)
    after = record(session)
    assert after.copies_owed == ()
    assert after.plan.copies[0].state == "handed"


def test_a_copy_is_not_posted_to_an_unsafe_address(session, settle, qtbot) -> None:
    address = record(session).addresses[0]
    session.store.write(
        lambda writer: change_address(writer, address.id, {"safe_to_write": False, "safety_reason": "Her son opens it"})
    )
    page = opened(PlanCopyPage, session, settle, qtbot)
    buttons = {each.text().replace("&", ""): each for each in page.settling.findChildren(type(page.keep_button))}
    assert not buttons["Posted"].isEnabled()
    assert buttons["Handed over"].isEnabled()


def test_somebody_without_a_plan_is_told_what_comes_first(session, settle, qtbot) -> None:
    page = PlanCopyPage(session)
    qtbot.addWidget(page)
    page.on_shown(EMPTY)
    settle(page)
    assert "no plan" in page.warning.sentence.text()
    assert page.findChild(TwoColumns).isHidden()


@pytest.mark.capability("E10")
def test_the_summary_leaves_out_confidences_and_the_key_safe(session, settle, qtbot, tmp_path) -> None:
    page = opened(PersonSummaryPage, session, settle, qtbot)
    text = saved_text(page, settle, tmp_path)
    assert "bites strangers" in text
    assert "JONES, Bronwen" in text
    assert "did not sleep" not in text
    assert "4711" not in text
    settle(page.paper)


@pytest.mark.capability("C3", "G6")
def test_somebody_who_asks_for_electronic_text_is_offered_the_web_page_first(session, settle, qtbot, tmp_path) -> None:
    session.store.write(lambda writer: change_person(writer, BRONWEN, {"letter_format": "electronic"}, at=NOW))
    page = opened(PlanCopyPage, session, settle, qtbot)
    web, file = page.paper.web, tmp_path / "care-plan-copy.html"
    assert "asks for electronic text" in web.notice.sentence.text()
    assert not web.first.isHidden()
    assert web.button.isHidden()
    check_page(page, qtbot)
    offered: list[str] = []
    page.paper.choose_file = lambda ending: offered.append(ending) or str(file)
    web.first.setFocus()
    qtbot.keyClick(web.first, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "web page" in page.paper.told.sentence.text(), timeout=20_000)
    assert "not encrypted" in page.paper.told.sentence.text()
    assert offered == [".html"]
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    html = read(file.read_text(encoding="utf-8"))
    words = " ".join("".join(html.words).split())
    assert "I want to walk to chapel on my own" in words
    for never in ("bites strangers", "did not sleep", "4711", "Penicillin"):
        assert never not in words
    newest = session.store.read(lambda reader: entries(reader, limit=1))[0]
    assert (newest.action, newest.person_id) == ("save_web_page", BRONWEN)


def test_the_summary_is_saved_as_a_web_page_too_and_nothing_else_is_offered(session, settle, qtbot, tmp_path) -> None:
    page = opened(PersonSummaryPage, session, settle, qtbot)
    file = tmp_path / "record-summary.html"
    page.paper.choose_file = lambda _ending: str(file)
    assert page.paper.web.isHidden()
    assert not page.paper.web.button.isHidden()
    page.paper.web.button.click()
    qtbot.waitUntil(file.exists, timeout=20_000)
    settle(page.paper)
    assert "bites strangers" in file.read_text(encoding="utf-8")


@pytest.mark.parametrize("kind", [PlanCopyPage, PersonSummaryPage])
def test_paper_pages_pass_the_checklist(kind, session, settle, qtbot) -> None:
    check_page(opened(kind, session, settle, qtbot), qtbot)


def test_nothing_is_saved_or_printed_once_only_adding_is_left(session, settle, qtbot, tmp_path) -> None:
    page = opened(PlanCopyPage, session, settle, qtbot)
    asked: list[str] = []
    page.paper.choose_file = lambda *_ending: asked.append("file") or str(tmp_path / "copy.pdf")
    page.paper.choose_printer = lambda: asked.append("printer")
    away_for(session.store, 20)
    said: list[str] = []
    with messages.replaced_by(lambda _owner, problem: said.append(str(problem))):
        for leave in (page.paper.save_it, page.paper.save_web_page, page.paper.print_it):
            leave()
            settle(page.paper)
    assert len(said) == 3
    assert all("Connect to change or export" in words for words in said)
    assert asked == []
    assert not (tmp_path / "copy.pdf").exists()
