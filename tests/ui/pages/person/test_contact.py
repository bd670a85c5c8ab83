"""Writing down a contact on a real store."""

import datetime as dt

import pytest

from tests.ui.accessibility import check_page
from tests.ui.pages.person.people import BRONWEN, EMPTY, NOW
from wellbeing_desktop.operations.person_record import read_person
from wellbeing_desktop.storage.drafts import drafts, load_draft
from wellbeing_desktop.ui.pages.contact.page import ContactPage

TODAY = NOW.date()


@pytest.fixture
def page(session, settle, qtbot) -> ContactPage:
    made = ContactPage(session)
    qtbot.addWidget(made)
    made.on_shown(BRONWEN)
    settle(made, made.form)
    return made


def newest(session):
    return session.store.read(lambda reader: read_person(reader, BRONWEN, TODAY)).contacts[0]


@pytest.mark.capability("A1", "W18")
def test_the_three_key_case_saves_a_call_that_began_with_the_form(page, session, settle, qtbot) -> None:
    went = []
    page.go.connect(lambda *where: went.append(where))
    page.form.rows["text"].field.insertPlainText("She rang about the clinic.")
    page.save()
    settle(page)
    saved = newest(session)
    assert (saved.contact.medium, saved.contact.outcome, saved.contact.happened_at) == ("02", "spoke", NOW)
    assert saved.contact.ended_at == NOW
    assert saved.notes[0].text == "She rang about the clinic."
    assert saved.gp_entry.state == "to_enter"
    assert went == [("person", f"{BRONWEN}/contacts")]
    assert session.store.read(lambda reader: load_draft(reader, f"contact/{BRONWEN}")) is None


def test_what_is_typed_comes_back_to_the_same_field_in_a_new_window(page, session, settle, qtbot) -> None:
    page.form.rows["told_by_others"].holder.show()
    page.show()
    page.form.rows["told_by_others"].field.setFocus()
    page.form.rows["told_by_others"].field.insertPlainText("Sian says she")
    page.save_draft()
    settle(page, page.form)
    again = ContactPage(session)
    qtbot.addWidget(again)
    again.show()
    again.on_shown(BRONWEN)
    settle(again, again.form)
    assert again.form.rows["told_by_others"].field.value() == "Sian says she"
    assert again.focusWidget() is again.form.rows["told_by_others"].field


def test_a_refusal_opens_the_field_it_is_about(page, session, settle) -> None:
    page.form.rows["told_by_others"].field.set_value("She fell on Monday")
    page.save()
    settle(page)
    assert page.form.rows["told_by"].error.text() == "Say who told you this."
    assert page.form.rows["told_by"].holder.isVisibleTo(page)
    assert page.save_button.isEnabled()


def test_a_time_in_the_future_is_refused_beside_its_field(page, settle) -> None:
    page.form.set_values({"at": "23:50", "text": "x"})
    page.save()
    settle(page)
    assert "future" in page.form.rows["at"].error.text()


def test_a_past_contact_has_no_end_that_nobody_gave(page, session, settle) -> None:
    page.form.set_values({"on": (TODAY - dt.timedelta(days=0)).isoformat(), "at": "09:10", "text": "Earlier call."})
    page.save()
    settle(page)
    saved = newest(session).contact
    assert saved.ended_at is None


@pytest.mark.capability("W3")
def test_two_contacts_are_parked_and_switched(page, session, settle, qtbot) -> None:
    page.form.rows["text"].field.insertPlainText("Half a sentence")
    page.on_shown(EMPTY)
    settle(page, page.form)
    assert page.form.values()["text"] == ""
    assert [one.words for one in page.strip.parked] == ["BJ, 83"]
    page.go.connect(lambda key, argument: page.on_shown(argument))
    page.switch_to_next()
    settle(page, page.form)
    assert page.form.values()["text"] == "Half a sentence"
    assert len(session.store.read(drafts)) == 1


def test_choosing_a_visit_offers_what_is_usual_for_one(page) -> None:
    page.form.rows["medium"].field.set_value("home_visit")
    page.form.rows["medium"].field.edited.emit()
    values = page.form.values()
    assert (values["outcome"], values["place"]) == ("5", "home")


@pytest.mark.parametrize("more", [False, True])
def test_the_contact_form_passes_the_checklist(more, page, qtbot) -> None:
    page.more.show(more)
    check_page(page, qtbot)
