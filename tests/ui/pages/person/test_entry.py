"""The small forms about a person, on a real store."""

import pytest
from PySide6.QtWidgets import QPushButton

from tests.ui.accessibility import check_page
from tests.ui.pages.person.people import BRONWEN, CONTACT, NOW, TWIN
from wellbeing_desktop.domain.organisation import Practitioner
from wellbeing_desktop.domain.person import Person
from wellbeing_desktop.domain.recusal import Recusal
from wellbeing_desktop.domain.safety import Stay
from wellbeing_desktop.operations.people import change_person
from wellbeing_desktop.operations.person_record import read_person
from wellbeing_desktop.operations.stays import record_stay
from wellbeing_desktop.storage.drafts import drafts
from wellbeing_desktop.storage.records import load
from wellbeing_desktop.storage.write_door import transaction
from wellbeing_desktop.ui.pages.person.entry import KINDS, PersonEntryPage
from wellbeing_desktop.ui.pages.person.entry_appointments import APPOINTMENT_FORMS
from wellbeing_desktop.ui.pages.person.entry_remove import REMOVE_FORMS
from wellbeing_desktop.ui.pages.person.entry_support import SUPPORT_FORMS
from wellbeing_desktop.ui.pages.person.picker import PersonPicker
from wellbeing_desktop.ui.pages.person.warnings import facts


@pytest.fixture
def open_form(session, settle, qtbot):
    def open_one(argument: str) -> PersonEntryPage:
        page = PersonEntryPage(session)
        qtbot.addWidget(page)
        page.on_shown(argument)
        settle(page)
        settle(page.work.form)
        return page

    return open_one


@pytest.fixture
def record(session):
    return lambda person=BRONWEN: session.store.read(lambda reader: read_person(reader, person, NOW.date()))


def fill(page: PersonEntryPage, **values: str) -> None:
    page.work.form.set_values(values)


def save(page, settle) -> None:
    page.save()
    settle(page)


_APART = {
    *SUPPORT_FORMS,
    *APPOINTMENT_FORMS,
    "letter_came_back",
    "decline_plan",
    "describe_file",
    *REMOVE_FORMS,
    "open_again",
    "left",
}
"""Tested where there is what they are about, such as in `test_closing.py`, where there is support to close."""


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind not in _APART])
def test_every_form_passes_the_checklist(kind, open_form, qtbot) -> None:
    id = {"amend": CONTACT, "misfiled": CONTACT, "consent": "share_family"}.get(kind, "")
    check_page(open_form(f"{kind}/{BRONWEN}/{id}"), qtbot)


def test_only_changed_details_are_saved_so_a_colleagues_work_stays(open_form, session, settle, record) -> None:
    page = open_form(f"details/{BRONWEN}")
    session.store.write(lambda writer: change_person(writer, BRONWEN, {"usual_gp": "Dr Shah"}))
    fill(page, known_as="Bronnie")
    save(page, settle)
    person = record().person
    assert (person.known_as, person.usual_gp, person.nhs_number) == ("Bronnie", "Dr Shah", "9000000009")


def test_a_wrong_nhs_number_is_refused_beside_its_field(open_form, settle, record) -> None:
    page = open_form(f"details/{BRONWEN}")
    fill(page, nhs_number="900 000 0008")
    save(page, settle)
    assert page.work.form.rows["nhs_number"].error.text()
    assert record().person.nhs_number == "9000000009"


@pytest.mark.capability("C4")
def test_an_alert_is_raised_and_then_ended_with_its_reason(open_form, settle, record) -> None:
    page = open_form(f"alert/{BRONWEN}")
    fill(
        page,
        kind="falls",
        statement="Fell on the stairs",
        what_to_do="Ask about the rail",
        source="Sian",
        review_on="2026-12-21",
    )
    save(page, settle)
    made = next(item.alert for item in record().alerts if item.alert.kind == "falls")
    again = open_form(f"alert/{BRONWEN}/{made.id}")
    fill(again, ended="yes", end_reason="The rail is fitted")
    save(again, settle)
    assert [item.alert.kind for item in record().alerts] == ["visiting"]


def test_a_number_is_stored_so_that_it_can_be_dialled(open_form, settle, record) -> None:
    page = open_form(f"number/{BRONWEN}")
    fill(page, medium="telephone", value="01632 960 777", safe_to_leave_message="no")
    save(page, settle)
    assert "+441632960777" in [point.value for point in record().contact_points]


def test_somebody_who_left_a_ward_is_not_said_to_be_there(open_form, session, settle, record, qtbot) -> None:
    ward = Stay(subject=BRONWEN, place="Ward 3", kind="ward", started_on=NOW.date())
    session.store.write(lambda writer: record_stay(writer, ward, at=NOW))
    page = open_form(f"left/{BRONWEN}")
    check_page(page, qtbot)
    fill(page, ended_on="2026-11-20")
    save(page, settle)
    assert page.work.form.rows["ended_on"].error.text() == "They cannot leave before they came."
    fill(page, ended_on="2026-11-21")
    save(page, settle)
    assert record().stay is None


@pytest.mark.capability("D1", "W16")
def test_a_decision_replaces_the_one_that_was_seen(open_form, settle, record) -> None:
    page = open_form(f"consent/{BRONWEN}/photograph")
    fill(page, decision="agreed")
    save(page, settle)
    newest = max((c for c in record().consents if c.purpose == "photograph"), key=lambda c: c.id)
    assert newest.decision == "agreed"
    assert newest.supersedes


@pytest.mark.capability("D9", "W9")
def test_a_death_needs_the_check_stops_what_waits_and_can_be_taken_back(open_form, settle, record) -> None:
    page = open_form(f"death/{BRONWEN}")
    fill(page, death_known_by="Daughter, by telephone", died_on="2026-11-20")
    save(page, settle)
    assert page.work.form.rows["checked"].error.text()
    fill(page, checked="yes")
    save(page, settle)
    assert str(record().person.died_on) == "2026-11-20"
    assert record().copies_owed == ()
    again = open_form(f"death/{BRONWEN}")
    fill(again, checked="yes")
    save(again, settle)
    assert record().person.died_on is None


def test_an_amendment_keeps_the_original(open_form, settle, record) -> None:
    page = open_form(f"amend/{BRONWEN}/{CONTACT}")
    fill(page, which="text", text="Stairs are harder.", reason="I mixed up two visits")
    save(page, settle)
    noted = next(n for n in record().contacts if n.contact.id == CONTACT)
    assert noted.notes[0].text == "Stairs are harder."


def test_an_entry_in_the_wrong_record_moves_to_the_right_person(open_form, settle, record) -> None:
    page = open_form(f"misfiled/{BRONWEN}/{CONTACT}")
    picker = page.work.form.findChild(type(page), "") or page
    field = next(
        child for child in page.findChildren(type(page.work.form.rows["reason"].field)) if child.placeholderText()
    )
    field.set_value("jones")
    field.edited.emit()

    picker = page.findChild(PersonPicker)
    settle(picker)
    found = [button for button in picker.findChildren(QPushButton) if "JONES" in button.text()]
    assert len(found) == 1
    assert "born 02-Jul-1961" in found[0].text()
    found[0].click()
    fill(page, reason="It was the other Bronwen")
    save(page, settle)
    assert CONTACT not in [n.contact.id for n in record().contacts]
    assert [n.notes[0].said_by_person for n in record(TWIN).contacts] == ["I can manage the stairs now."]


def test_a_form_left_half_done_comes_back(open_form, session, settle) -> None:
    page = open_form(f"fact/{BRONWEN}")
    fill(page, statement="Latex")
    page.save_draft()
    settle(page, page.work.form)
    assert open_form(f"fact/{BRONWEN}").work.form.values()["statement"] == "Latex"


def test_discarding_forgets_the_draft(open_form, session, settle) -> None:
    page = open_form(f"fact/{BRONWEN}")
    fill(page, statement="Latex")
    page.save_draft()
    settle(page.work.form)
    page.cancel()
    settle(page)
    assert session.store.read(drafts) == []
    assert session.store.read(lambda reader: load(reader, Person, BRONWEN)) is not None


@pytest.mark.capability("W4")
def test_a_record_that_is_closed_to_a_colleague_says_so_and_is_opened_again_with_a_reason(
    open_form, session, settle, record, qtbot
) -> None:
    def close(writer):
        with transaction(writer, "stand_aside") as tx:
            sam = tx.create(Practitioner(name="Sam Okoro", is_user=True))
            tx.create(Recusal(subject=sam, person_id=BRONWEN, how="neighbour", since_at=NOW))

    session.store.write(close)
    [closed] = record().closed_to
    assert (closed.name, closed.may_open) == ("Sam Okoro", True)
    assert ("Closed to colleagues who know them", "Sam Okoro", "warning", "lock") in facts(record(), NOW.date())
    page = open_form(f"open_again/{BRONWEN}")
    check_page(page, qtbot)
    fill(page, reason="")
    save(page, settle)
    assert page.work.form.rows["reason"].error.text()
    fill(page, reason="The other Bronwen")
    save(page, settle)
    assert record().closed_to == ()
