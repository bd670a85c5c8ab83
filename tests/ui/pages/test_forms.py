"""Adding a person, a referral, a task and an appointment by their forms, with real stores behind them."""

import pytest
from PySide6.QtCore import Qt

from tests.ui.accessibility import check_page
from wellbeing_desktop.domain.contact import Appointment
from wellbeing_desktop.domain.ids import new_id
from wellbeing_desktop.domain.person import Address, Person
from wellbeing_desktop.domain.referral import Referral
from wellbeing_desktop.domain.task import Task
from wellbeing_desktop.operations.people import register_person
from wellbeing_desktop.storage.drafts import drafts
from wellbeing_desktop.storage.records import load, load_all
from wellbeing_desktop.ui import background
from wellbeing_desktop.ui.pages.forms.new_appointment import NewAppointmentPage
from wellbeing_desktop.ui.pages.forms.new_person import NewPersonPage
from wellbeing_desktop.ui.pages.forms.new_referral import NewReferralPage
from wellbeing_desktop.ui.pages.forms.new_task import NewTaskPage

PAGES = [NewPersonPage, NewReferralPage, NewTaskPage, NewAppointmentPage]


def shown(page_type, session, qtbot, argument=""):
    page = page_type(session)
    qtbot.addWidget(page)
    page.on_shown(argument)
    page.show()
    qtbot.waitUntil(lambda: background.waiting_for(page) == 0)
    return page


def settled(page, qtbot):
    qtbot.waitUntil(lambda: background.waiting_for(page) == 0)


@pytest.mark.parametrize("page_type", PAGES)
def test_every_form_passes_the_checklist(page_type, session, people, qtbot) -> None:
    page = page_type(session)
    page.on_shown("" if page_type is NewPersonPage else people[0])
    qtbot.waitUntil(lambda: background.waiting_for(page) == 0)
    check_page(page, qtbot)


@pytest.mark.capability("C1")
def test_a_person_typed_by_keyboard_is_saved_with_address_and_coordinator(session, qtbot) -> None:
    page = shown(NewPersonPage, session, qtbot)
    went = []
    page.go.connect(lambda key, argument: went.append((key, argument)))
    for name, text in (("family_name", "Griffiths"), ("given_name", "Nesta"), ("postcode", "sa62  6hn")):
        page.form.rows[name].field.setFocus()
        qtbot.keyClicks(page.form.rows[name].field, text)
    qtbot.keyClicks(page.form.rows["born_on"].field.line, "3 feb 1951")
    page.save()
    qtbot.waitUntil(lambda: went != [])
    person = session.store.read(lambda r: load(r, Person, went[0][1]))
    assert went[0][0] == "person"
    assert (person.family_name, str(person.born_on), person.coordinator_id) == (
        "Griffiths",
        "1951-02-03",
        session.user_id,
    )
    assert session.store.read(lambda r: load_all(r, Address, subject=person.id))[0].postcode == "SA62 6HN"
    assert session.store.read(drafts) == []


def test_a_likely_duplicate_is_shown_before_anything_is_saved_and_may_be_overruled(session, people, qtbot) -> None:
    page = shown(NewPersonPage, session, qtbot)
    before = session.store.read(lambda r: len(load_all(r, Person)))
    page.form.set_values({"family_name": "Wright", "given_name": "Garth", "born_on": "1933-11-14"})
    page.save()
    qtbot.waitUntil(lambda: not page.duplicates.isHidden())
    assert session.store.read(lambda r: len(load_all(r, Person))) == before
    cells = page.same.model.rows()[0].cells
    assert cells[-2:] == ("Probably", "Same name, same date of birth")
    assert "somebody else" in page.save_button.text()
    page.save()
    qtbot.waitUntil(lambda: session.store.read(lambda r: len(load_all(r, Person))) == before + 1)


@pytest.mark.capability("C1")
def test_a_wrong_nhs_number_is_told_beside_its_field_and_nothing_is_saved(session, qtbot) -> None:
    page = shown(NewPersonPage, session, qtbot)
    page.form.set_values({"family_name": "Jones", "nhs_number": "943 476 5910"})
    page.save()
    assert not page.form.rows["nhs_number"].error.isHidden()
    assert page.form.rows["family_name"].error.isHidden()


def test_what_is_typed_survives_a_restart_and_comes_back_to_the_same_field(session, people, qtbot) -> None:
    page = shown(NewReferralPage, session, qtbot, people[2])
    qtbot.keyClicks(page.form.rows["words"].field, "Fell twice since August")
    page.save_draft()
    qtbot.waitUntil(lambda: session.store.read(drafts) != [])
    again = shown(NewReferralPage, session, qtbot, people[2])
    assert again.form.values()["words"] == "Fell twice since August"
    assert session.store.read(drafts)[0].person_id == people[2]


@pytest.mark.capability("B1", "H1", "E2")
def test_a_referral_a_task_and_an_appointment_are_saved_for_the_person_shown(session, qtbot) -> None:
    nobodys = new_id()  # of whom nothing is asked for yet
    session.store.write(lambda w: register_person(w, Person(id=nobodys, family_name="Nowell", given_name="Una")))
    for page_type, values, record in (
        (NewReferralPage, {"source": "gp", "words": "Lonely since spring"}, Referral),
        (NewTaskPage, {"title": "Ring the optician", "due_on": "2026-11-20", "due_at": "2pm"}, Task),
        (NewAppointmentPage, {"day": "2026-11-19", "time": "10.30"}, Appointment),
    ):
        page = shown(page_type, session, qtbot, nobodys)
        made = page.record_id
        page.form.set_values(values)
        page.save()
        qtbot.waitUntil(
            lambda record=record, made=made: session.store.read(lambda r: load(r, record, made)) is not None
        )
        saved = session.store.read(lambda r, record=record, made=made: load(r, record, made))
        assert saved.subject == nobodys


def test_an_appointment_in_the_past_is_refused_beside_its_time(session, people, qtbot) -> None:
    page = shown(NewAppointmentPage, session, qtbot, people[1])
    page.form.set_values({"day": "2026-11-18", "time": "08:00"})
    page.save()
    settled(page, qtbot)
    assert "past" in page.form.rows["time"].error.text()
    assert page.save_button.isEnabled()


def test_ctrl_s_saves_and_the_banner_says_whose_it_is(session, people, qtbot) -> None:
    page = shown(NewTaskPage, session, qtbot, people[0])
    assert "WRIGHT, Garth" in page.banner.accessibleName()
    assert [each.key for each in page.commands()] == ["save"]
    assert page.first_focus() is page.form.rows["title"].field
    assert Qt.FocusPolicy.TabFocus & page.form.rows["title"].field.focusPolicy()


def test_a_referral_that_was_made_already_is_shown_and_somebody_chooses(session, people, qtbot) -> None:
    def referrals(person_id):
        return session.store.read(lambda r: load_all(r, Referral, subject=person_id))

    def asked_again():
        page = shown(NewReferralPage, session, qtbot, people[12])
        page.form.set_values({"source": "gp", "words": "Lonely since spring"})
        page.save()
        return page

    first = asked_again()
    qtbot.waitUntil(lambda: len(referrals(people[12])) == 1)
    assert first.earlier.isHidden()
    page = asked_again()
    qtbot.waitUntil(lambda: not page.earlier.isHidden())
    check_page(page, qtbot)
    assert len(referrals(people[12])) == 1
    page.earlier.new_button.click()
    assert not page.earlier.form.rows["why_new"].error.isHidden()
    page.earlier.form.set_values({"why_new": "Another need"})
    page.earlier.new_button.click()
    qtbot.waitUntil(lambda: len(referrals(people[12])) == 2)
    assert {one.repeats_id for one in referrals(people[12])} == {"", referrals(people[12])[0].id}
    page = asked_again()
    qtbot.waitUntil(lambda: not page.earlier.isHidden())
    page.earlier.add_to.emit(referrals(people[12])[0].id)
    qtbot.waitUntil(lambda: page.earlier.isHidden())
    assert len(referrals(people[12])) == 2
    page = asked_again()
    qtbot.waitUntil(lambda: not page.earlier.isHidden())
    page.earlier.another.emit(people[13])
    qtbot.waitUntil(lambda: page.person_id == people[13] and page.form.values()["words"] == "Lonely since spring")
