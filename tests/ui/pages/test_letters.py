"""Letters with a real store and real PDFs: written, previewed, stopped where they must be, queued, printed, posted."""

from functools import partial

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtPrintSupport import QPrinter

from tests.ui.accessibility import check_page
from tests.ui.pages.made_service import NOW
from wellbeing_desktop.domain.document import Letter
from wellbeing_desktop.domain.person import Address
from wellbeing_desktop.operations.people import change_address, change_person, record_death
from wellbeing_desktop.operations.service import describe_service
from wellbeing_desktop.storage.audit import entries
from wellbeing_desktop.storage.drafts import drafts
from wellbeing_desktop.storage.records import load, load_all
from wellbeing_desktop.ui import background
from wellbeing_desktop.ui.pages.letters import MANY, QUEUE, WRITE, LettersPage
from wellbeing_desktop.ui.pages.letters_parts import print_queue
from wellbeing_desktop.ui.worker import end_worker

SLOW = 20_000


@pytest.fixture(autouse=True)
def no_worker_left():
    yield
    end_worker()


def opened(session, qtbot, argument: str = "") -> LettersPage:
    page = LettersPage(session)
    qtbot.addWidget(page)
    background.on_changed(page.refresh)
    page.resize(1160, 690)
    page.show()
    page.on_shown(argument)
    settle(page, qtbot)
    return page


def settle(page, qtbot) -> None:
    qtbot.waitUntil(
        lambda: all(background.waiting_for(each) == 0 for each in (page, page.write, page.queue, page.many)),
        timeout=SLOW,
    )


def written(page, qtbot, template: str) -> None:
    page.write.template.set_value(template)
    page.write.template.edited.emit()
    settle(page, qtbot)


def test_a_letter_with_nobody_to_call_names_the_place_to_say_it_and_is_made_once_it_is_said(
    session, people, qtbot
) -> None:
    session.store.write(lambda writer: describe_service(writer, {"telephone": ""}))
    page = opened(session, qtbot, people[0])
    written(page, qtbot, "appointment-reminder")
    qtbot.waitUntil(lambda: page.write.service_link.isVisible(), timeout=SLOW)
    assert "in Settings, under Our service" in page.write.preview.problem.sentence.text()
    check_page(page, qtbot)
    asked = []
    page.go.connect(lambda *place: asked.append(place))
    page.write.service_link.setFocus()
    qtbot.keyClick(page.write.service_link, Qt.Key.Key_Space)
    assert asked == [("settings", "our_service")]
    background.operate(
        page, session.store, lambda writer: describe_service(writer, {"telephone": "01632 960 222"}), lambda _done: None
    )
    qtbot.waitUntil(lambda: page.write.preview.pictures != [], timeout=SLOW)
    assert page.write.service_link.isHidden()


def letters_in(session) -> list[Letter]:
    return session.store.read(lambda r: load_all(r, Letter))


def test_every_tab_passes_the_checklist(session, people, qtbot) -> None:
    page = opened(session, qtbot, people[0])
    written(page, qtbot, "appointment-reminder")
    qtbot.waitUntil(lambda: page.write.preview.pictures != [], timeout=SLOW)
    page.write.save(then_ready=True)
    qtbot.waitUntil(lambda: len(page.queue.ready) == 1, timeout=SLOW)
    tabs = {"write": WRITE, "queue": QUEUE, "many": MANY}
    check_page(page, qtbot, parts={name: partial(page.tabs.setCurrentIndex, at) for name, at in tabs.items()})


@pytest.mark.capability("L1")
def test_a_template_is_merged_and_the_preview_is_the_pdf_in_the_recorded_format(session, people, qtbot) -> None:
    page = opened(session, qtbot, people[3])
    written(page, qtbot, "appointment-reminder")
    assert "18 November 2026" in page.write.form.values()["body"]
    qtbot.waitUntil(lambda: page.write.preview.answer is not None, timeout=SLOW)
    assert page.write.preview.answer.data.startswith(b"%PDF")
    assert page.write.preview.format.text().startswith(("Standard print, 14 point", "Large print, 18 point"))
    assert page.write.preview.pictures


@pytest.mark.capability("C3", "L4")
def test_large_print_is_chosen_by_the_record_and_said_in_words(session, people, qtbot) -> None:
    from wellbeing_desktop.domain.person import Person

    person_id = next(
        id for id in people if session.store.read(lambda r, id=id: load(r, Person, id)).letter_format == "large_print"
    )
    page = opened(session, qtbot, person_id)
    written(page, qtbot, "could-not-reach")
    page.write.form.set_values({"body": "We have tried to reach you."})
    page.write.refresh_preview()
    qtbot.waitUntil(lambda: page.write.preview.answer is not None, timeout=SLOW)
    assert page.write.preview.format.text() == "Large print, 18 point: the person's record asks for it"


def test_missing_values_are_named_and_stop_ready_until_they_are_given(session, people, qtbot, tmp_path) -> None:
    page = opened(session, qtbot, people[0])
    written(page, qtbot, "closing")
    assert not page.write.needs_card.isHidden()
    page.write.save(then_ready=True)
    assert "[[closed on]]" in page.write.form.values()["body"]
    assert page.write.form.rows["body"].error.text() == "Still missing: closed on."
    assert letters_in(session) == []
    qtbot.waitUntil(lambda: page.write.preview.answer is not None, timeout=SLOW)
    page.write.write_pdf(tmp_path / "letter.pdf")
    assert not (tmp_path / "letter.pdf").exists()
    needs = page.write._needs_form
    needs.set_values(dict.fromkeys(needs.rows, "30 November 2026"))
    needs.left.emit()
    settle(page, qtbot)
    assert "30 November 2026" in page.write.form.values()["body"]
    page.write.save(then_ready=True)
    qtbot.waitUntil(lambda: [letter.state for letter in letters_in(session)] == ["ready"], timeout=SLOW)


@pytest.mark.capability("D10", "W10")
def test_an_unsafe_address_stops_the_letter_with_its_reason(session, people, qtbot) -> None:
    address = session.store.read(lambda r: load_all(r, Address, subject=people[0]))[0]
    session.store.write(
        lambda w: change_address(
            w, address.id, {"safe_to_write": False, "safety_reason": "Post is opened by others."}, at=NOW
        )
    )
    page = opened(session, qtbot, people[0])
    written(page, qtbot, "could-not-reach")
    assert "not safe to write" in page.write.stop.sentence.text()
    assert "opened by others" in page.write.stop.advice.text()
    assert not page.write.ready_button.isEnabled()
    assert page.write.preview.answer is None


def test_after_a_death_only_a_bereavement_letter_is_made(session, people, qtbot) -> None:
    session.store.write(lambda w: record_death(w, people[0], died_on=None, known_by="Told by the daughter", at=NOW))
    page = opened(session, qtbot, people[0])
    written(page, qtbot, "could-not-reach")
    assert "has died" in page.write.stop.sentence.text()
    written(page, qtbot, "bereavement")
    assert page.write.stop.isHidden()


def test_the_words_survive_a_restart(session, people, qtbot) -> None:
    page = opened(session, qtbot, people[2])
    written(page, qtbot, "could-not-reach")
    page.write.form.rows["body"].field.setPlainText("")
    qtbot.keyClicks(page.write.form.rows["body"].field, "We called on Monday.")
    page.save_draft()
    qtbot.waitUntil(
        lambda: [d.body["body"] for d in session.store.read(drafts)] == ["We called on Monday."], timeout=SLOW
    )
    again = opened(session, qtbot, people[2])
    assert again.write.form.values()["body"] == "We called on Monday."
    assert again.write.template.value() == "could-not-reach"


def test_a_draft_letter_is_changed_and_made_ready_later(session, people, qtbot) -> None:
    page = opened(session, qtbot, people[4])
    written(page, qtbot, "could-not-reach")
    page.write.form.set_values({"body": "We have tried twice."})
    page.write.save()
    qtbot.waitUntil(lambda: len(letters_in(session)) == 1, timeout=SLOW)
    letter = letters_in(session)[0]
    again = opened(session, qtbot, f"{people[4]}/{letter.id}")
    assert again.write.form.values()["body"] == "We have tried twice."
    again.write.form.set_values({"body": "We have tried three times."})
    again.write.save(then_ready=True)
    qtbot.waitUntil(lambda: letters_in(session)[0].state == "ready", timeout=SLOW)
    assert letters_in(session)[0].body == "We have tried three times."


def test_a_letter_to_the_practice_keeps_an_address_that_is_put_right_later(session, people, qtbot) -> None:
    page = opened(session, qtbot, people[0])
    written(page, qtbot, "plan-summary-gp")
    assert page.write.to_kind.value() == "gp"
    form = page.write.form
    assert not form.rows["to_address"].holder.isHidden()
    form.set_values(
        {"body": "Plan agreed.", "to_name": "Riverside Surgery", "to_address": "1 High Street\nBrigg\nDN20 8AA"}
    )
    page.write.save()
    qtbot.waitUntil(lambda: len(letters_in(session)) == 1, timeout=SLOW)
    settle(page, qtbot)
    form.set_values({"to_address": "2 High Street\nBrigg\nDN20 8AA"})
    page.write.save(then_ready=True)
    qtbot.waitUntil(lambda: letters_in(session)[0].state == "ready", timeout=SLOW)
    assert letters_in(session)[0].to_address.startswith("2 High Street")
    qtbot.waitUntil(lambda: len(page.queue.ready) == 1, timeout=SLOW)
    assert page.queue.ready[0].stop == ""


@pytest.mark.capability("L2", "W26")
def test_many_people_get_a_letter_each_and_are_printed_each_on_a_new_sheet(session, people, qtbot, tmp_path) -> None:
    address = session.store.read(lambda r: load_all(r, Address, subject=people[5]))[0]
    session.store.write(
        lambda w: change_address(w, address.id, {"safe_to_write": False, "safety_reason": "Shared letter box."}, at=NOW)
    )
    page = opened(session, qtbot)
    page.tabs.setCurrentIndex(MANY)
    page.many.template.set_value("first-appointment")
    page.many.template.edited.emit()
    settle(page, qtbot)
    able = sum(1 for each in page.many.planned if each.letter is not None)
    assert (len(page.many.planned), able) == (len(people), 3)  # four have an appointment, one has an unsafe address
    page.many.make()
    qtbot.waitUntil(lambda: len(page.queue.ready) == 3, timeout=SLOW)
    assert page.queue.print_button.text() == "&Print 3 letters"
    printer = QPrinter()
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(tmp_path / "printed.pdf"))
    page.queue.print_with(printer)
    qtbot.waitUntil(lambda: len(page.queue.printed) == 3, timeout=60_000)
    assert (tmp_path / "printed.pdf").read_bytes().startswith(b"%PDF")
    assert page.queue.told.sentence.text() == "3 letters printed."
    page.queue.mark_posted()
    qtbot.waitUntil(lambda: not page.queue.printed, timeout=SLOW)
    assert {letter.sent_how for letter in letters_in(session)} == {"By post"}


def test_a_letter_that_became_unsafe_is_stopped_in_the_queue_by_name(session, people, qtbot) -> None:
    page = opened(session, qtbot, people[0])
    written(page, qtbot, "appointment-reminder")
    page.write.save(then_ready=True)
    qtbot.waitUntil(lambda: len(page.queue.ready) == 1, timeout=SLOW)
    address = session.store.read(lambda r: load_all(r, Address, subject=people[0]))[0]
    background.operate(
        page,
        session.store,
        lambda w: change_address(
            w, address.id, {"safe_to_write": False, "safety_reason": "Shared letter box."}, at=NOW
        ),
    )
    qtbot.waitUntil(lambda: page.queue.ready[0].stop != "", timeout=SLOW)
    assert page.queue.ready_model.rows()[0].cells[0].startswith("WRIGHT, Garth")
    assert not page.queue.print_button.isEnabled()


def test_a_person_is_found_by_keyboard_and_the_letter_copied_as_text(session, people, qtbot) -> None:
    page = opened(session, qtbot)
    page.search_field.setFocus()
    qtbot.keyClicks(page.search_field, "meakin")
    qtbot.waitUntil(lambda: len(page.found_model.rows()) == 1, timeout=SLOW)
    qtbot.keyClick(page.search_field, Qt.Key.Key_Return)
    qtbot.keyClick(page.found, Qt.Key.Key_Return)
    settle(page, qtbot)
    assert "MEAKIN, Mike" in page.banner.accessibleName()
    written(page, qtbot, "could-not-reach")
    page.write.form.set_values({"body": "We have tried twice."})
    page.write.copy_text()
    settle(page, qtbot)
    assert "We have tried twice." in QGuiApplication.clipboard().text()


@pytest.mark.capability("C3", "L6")
def test_a_letter_to_somebody_who_asks_for_email_is_named_in_the_queue_and_leaves_as_a_web_page(
    session, people, qtbot, tmp_path, monkeypatch
) -> None:
    session.store.write(lambda w: change_person(w, people[0], {"letter_format": "email"}, at=NOW))
    page = opened(session, qtbot, people[0])
    written(page, qtbot, "could-not-reach")
    page.write.form.set_values({"body": "We have <b>tried</b> to reach you."})
    page.write.refresh_preview()
    qtbot.waitUntil(lambda: not page.write.web.isHidden(), timeout=SLOW)
    assert "asks for e-mail" in page.write.web.notice.sentence.text()
    page.write.write_web_page(tmp_path / "letter.html")
    qtbot.waitUntil(lambda: "Web page saved" in page.write.form.draft_line.text(), timeout=SLOW)
    assert "tried&lt;/b&gt; to reach you" in (tmp_path / "letter.html").read_text(encoding="utf-8")
    newest = session.store.read(lambda r: entries(r, limit=1))[0]
    assert (newest.action, newest.person_id) == ("save_copy_of_letter", people[0])

    page.write.save(then_ready=True)
    qtbot.waitUntil(lambda: len(page.queue.ready) == 1, timeout=SLOW)
    settle(page, qtbot)
    assert page.write.web.isHidden()  # nothing is written now: what was asked for belongs to a letter
    page.tabs.setCurrentIndex(QUEUE)
    assert "1 letter goes to somebody who asks for something other than paper" in page.queue.other_forms.sentence.text()
    assert "e-mail" in page.queue.other_forms.advice.text()
    assert "Asks for e-mail" in page.queue.ready_model.rows()[0].cells[1]
    check_page(page, qtbot)
    out = tmp_path / "queue.html"
    monkeypatch.setattr(print_queue, "ask_where", lambda _owner, _words, name: out if name == "letter.html" else None)
    page.queue.ready_table.choose_row(0)
    page.queue.web_button.click()
    qtbot.waitUntil(lambda: len(page.queue.printed) == 1, timeout=SLOW)
    assert "to reach you" in out.read_text(encoding="utf-8")
    page.queue.printed_table.choose_row(0)
    page.queue.emailed_button.click()
    qtbot.waitUntil(lambda: [each.state for each in letters_in(session)] == ["sent"], timeout=SLOW)
    assert letters_in(session)[0].sent_how == "By e-mail"


def test_no_web_page_is_made_of_a_letter_that_is_stopped(session, people, qtbot, tmp_path, monkeypatch) -> None:
    page = opened(session, qtbot, people[0])
    written(page, qtbot, "could-not-reach")
    page.write.form.set_values({"body": "We have tried to reach you."})
    page.write.save(then_ready=True)
    qtbot.waitUntil(lambda: len(page.queue.ready) == 1, timeout=SLOW)
    address = session.store.read(lambda r: load_all(r, Address, subject=people[0]))[0]
    session.store.write(
        lambda w: change_address(w, address.id, {"safe_to_write": False, "safety_reason": "Opened by others."}, at=NOW)
    )
    asked: list[str] = []
    monkeypatch.setattr(print_queue, "ask_where", lambda _owner, _words, name: asked.append(name))
    page.tabs.setCurrentIndex(QUEUE)
    page.queue.ready_table.choose_row(0)
    page.queue.save_web_page()
    qtbot.waitUntil(lambda: "This letter is stopped" in page.queue.told.sentence.text(), timeout=SLOW)
    page.write.open(people[0])
    settle(page, qtbot)
    written(page, qtbot, "could-not-reach")
    page.write.form.set_values({"body": "We have tried to reach you."})
    page.write.write_web_page(tmp_path / "letter.html")
    settle(page, qtbot)
    assert asked == []
    assert not (tmp_path / "letter.html").exists()
