"""A batch about many people to practices and next of kin, by keyboard, and who is asked before it is printed."""

import datetime as dt

import pytest
from PySide6.QtCore import Qt

from tests.ui.accessibility import check_page
from tests.ui.pages.conftest import PASSPHRASE
from tests.ui.pages.made_service import NOW
from tests.ui.pages.test_letters import SLOW, letters_in, opened, settle
from wellbeing_desktop.domain.consent import Consent
from wellbeing_desktop.domain.document import Letter
from wellbeing_desktop.domain.organisation import Organisation
from wellbeing_desktop.domain.person import Person, RelatedPerson
from wellbeing_desktop.operations.consent import record_consent
from wellbeing_desktop.operations.letter_recipients import make_batch
from wellbeing_desktop.storage.undo import undo
from wellbeing_desktop.storage.write_door import transaction
from wellbeing_desktop.ui import confirming
from wellbeing_desktop.ui.entry.opening import Ways
from wellbeing_desktop.ui.pages.letters import MANY, QUEUE
from wellbeing_desktop.ui.worker import end_worker


@pytest.fixture(autouse=True)
def no_worker_left():
    yield
    end_worker()


def family(session, people) -> None:
    """Two people with next of kin who may be written to, one with two of them; one whose next of kin may not."""

    def arrange(writer) -> None:
        with transaction(writer, "arrange", at=NOW) as tx:
            for person_id, name in (
                (people[0], "Ann Wright"),
                (people[0], "Bob Wright"),
                (people[1], "Cas Meakin"),
                (people[2], "Del Shy"),
            ):
                kin = RelatedPerson(
                    subject=person_id, name=name, roles=("next_of_kin",), address="4 Mill Lane\nDN18 5AB"
                )
                tx.create(kin)
        for person_id in people[:2]:
            agreed = Consent(
                subject=person_id,
                purpose="share_family",
                decision="agreed",
                given_by="person",
                given_on=NOW.date(),
            )
            record_consent(writer, agreed, at=NOW)

    session.store.write(arrange)


def planned_for_family(page, qtbot, words: str = "Our office moves on 1 December 2026.") -> None:
    many = page.many
    page.tabs.setCurrentIndex(MANY)
    many.to_kind.set_value("next_of_kin")
    many.to_kind.edited.emit()
    many.template.set_value("family-update")
    many.message.set_value(words)
    many.template.edited.emit()
    settle(page, qtbot)


def row_of(page, to_name: str):
    return next(each for each in page.many.planned if each.to_name == to_name)


@pytest.mark.capability("L2", "D1")
def test_next_of_kin_get_a_letter_each_those_without_permission_are_named_and_one_is_left_out(
    session, people, qtbot
) -> None:
    family(session, people)
    page = opened(session, qtbot)
    planned_for_family(page, qtbot)
    many = page.many
    assert {each.to_name for each in many.planned if each.letter} == {"Ann Wright", "Bob Wright", "Cas Meakin"}
    assert "Ask the person first" in row_of(page, "Del Shy").reason
    assert sum(each.reason == "No next of kin is recorded." for each in many.planned) == len(people) - 3
    assert many.words.text() == f"{len(people)} people: 3 letters, {len(people) - 2} not made, named below."
    many.table.setFocus()
    many.table.choose_row(next(at for at, row in enumerate(many.model.rows()) if "Bob Wright" in row.cells[0]))
    qtbot.keyClick(many.table, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: bool(many.preview.pictures), timeout=SLOW)
    qtbot.keyClick(many.table, Qt.Key.Key_Space)
    assert many.make_button.text() == "Ma&ke 2 letters"
    many.make_button.click()
    qtbot.waitUntil(lambda: len(page.queue.ready) == 2, timeout=SLOW)
    made = letters_in(session)
    assert {(one.to_name, one.to_kind, one.state) for one in made} == {
        ("Ann Wright", "next_of_kin", "ready"),
        ("Cas Meakin", "next_of_kin", "ready"),
    }
    assert all("office moves" in one.body for one in made)


@pytest.mark.capability("L2")
def test_nobody_gets_a_letter_twice_unless_somebody_says_so(session, people, qtbot) -> None:
    family(session, people)
    page = opened(session, qtbot)
    planned_for_family(page, qtbot)
    page.many.make()
    qtbot.waitUntil(lambda: len(page.queue.ready) == 3, timeout=SLOW)
    planned_for_family(page, qtbot)
    assert not page.many.make_button.isEnabled()
    assert page.many.words.text().endswith("3 left out.")
    assert "Has this letter already: ready to print" in row_of(page, "Ann Wright").before
    page.many.turn(row_of(page, "Ann Wright").id)
    assert page.many.make_button.text() == "Ma&ke 1 letter"


@pytest.mark.capability("L2")
def test_practices_get_the_letter_and_all_of_it_is_undone_as_one(session, people, qtbot) -> None:
    def arrange(writer) -> None:
        with transaction(writer, "arrange", at=NOW) as tx:
            mill = tx.create(Organisation(name="Mill Surgery", address="1 High Street", postcode="DN18 6AA"))
            for person_id in people:
                tx.change(Person, person_id, {"practice_id": mill if person_id in people[:2] else ""})

    session.store.write(arrange)
    page = opened(session, qtbot)
    page.tabs.setCurrentIndex(MANY)
    page.many.to_kind.set_value("gp")
    page.many.to_kind.edited.emit()
    assert page.many.template.findData("first-appointment") < 0  # a letter to the person is not for the practice
    page.many.template.set_value("reply-to-referrer")
    page.many.template.edited.emit()
    settle(page, qtbot)
    with_practice = [each for each in page.many.planned if each.to_name == "Mill Surgery"]
    assert len(with_practice) == 2
    assert all(each.letter or each.reason.startswith("Missing") for each in with_practice)
    letters = [Letter(subject=each.person_id, template="reply-to-referrer", to_kind="gp", to_name="Mill Surgery",
                      to_address="1 High Street\nDN18 6AA", subject_line="News", body="Words.")
               for each in with_practice]  # fmt: skip

    changes = session.store.write(lambda w: make_batch(w, letters, at=NOW))
    assert [one.state for one in letters_in(session)] == ["ready", "ready"]
    session.store.write(lambda w: undo(w, changes.undo_id, at=NOW))
    assert letters_in(session) == []


@pytest.mark.capability("W5")
def test_a_batch_is_printed_only_after_the_passphrase_and_not_asked_again_for_half_an_hour(
    session, people, qtbot, monkeypatch
) -> None:
    moment = [session.clock()]
    object.__setattr__(session, "clock", lambda: moment[0])
    monkeypatch.setattr(confirming, "ways_of", lambda place: Ways(place, False, False))
    family(session, people)
    page = opened(session, qtbot)
    planned_for_family(page, qtbot)
    page.many.make()
    qtbot.waitUntil(lambda: len(page.queue.ready) == 3, timeout=SLOW)
    page.tabs.setCurrentIndex(QUEUE)
    confirm, asked = page.queue.confirm, []
    monkeypatch.setattr(page.queue, "_ask_printer", lambda: asked.append("printer"))
    page.queue.print_button.click()
    qtbot.waitUntil(confirm.isVisible, timeout=SLOW)
    assert "Letters about 2 people" in confirm.words.text()
    qtbot.keyClicks(confirm.passphrase, "not the passphrase at all")
    qtbot.keyClick(confirm.passphrase, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: confirm.form.rows["passphrase"].error.text() != "", timeout=SLOW)
    assert asked == []
    assert confirm.passphrase.value() == ""
    qtbot.keyClicks(confirm.passphrase, PASSPHRASE)
    qtbot.keyClick(confirm.passphrase, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: asked == ["printer"], timeout=SLOW)
    assert confirm.isHidden()
    moment[0] += dt.timedelta(minutes=29)
    page.queue.print_button.click()
    qtbot.waitUntil(lambda: asked == ["printer"] * 2, timeout=SLOW)
    moment[0] += dt.timedelta(minutes=1)
    page.queue.pdf_button.click()
    qtbot.waitUntil(confirm.isVisible, timeout=SLOW)
    confirm.give_up()
    assert asked == ["printer"] * 2


def test_the_batch_and_the_question_pass_the_checklist(session, people, qtbot, monkeypatch) -> None:
    monkeypatch.setattr(confirming, "ways_of", lambda place: Ways(place, True, True))
    family(session, people)
    page = opened(session, qtbot)
    planned_for_family(page, qtbot)
    page.many.show_pages(row_of(page, "Ann Wright").id)
    qtbot.waitUntil(lambda: bool(page.many.preview.pictures), timeout=SLOW)
    check_page(page, qtbot)
    page.many.make()
    qtbot.waitUntil(lambda: len(page.queue.ready) == 3, timeout=SLOW)
    page.tabs.setCurrentIndex(QUEUE)
    page.queue.print_all()
    qtbot.waitUntil(lambda: page.queue.confirm.form.rows["pin"].holder.isVisible(), timeout=SLOW)
    check_page(page, qtbot)
