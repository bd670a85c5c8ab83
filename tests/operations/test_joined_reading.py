"""Two records joined: every screen, letter and sheet about the record kept shows what was written in both."""

import datetime as dt

import pytest

from tests.operations.made import NOW, TODAY, Made, made_id
from wellbeing_desktop.domain.contact import Appointment, Contact, Note
from wellbeing_desktop.domain.document import Letter
from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.domain.person import Address, ContactPoint
from wellbeing_desktop.domain.safety import Alert
from wellbeing_desktop.domain.task import Task
from wellbeing_desktop.operations.aliases import join_people
from wellbeing_desktop.operations.appointments import book_appointment
from wellbeing_desktop.operations.care_plans import start_plan
from wellbeing_desktop.operations.letter_document import set_letter
from wellbeing_desktop.operations.letters import draft_letter
from wellbeing_desktop.operations.people import record_death, restrict_person
from wellbeing_desktop.operations.person_record import read_person
from wellbeing_desktop.operations.visit_sheet import visit_sheet
from wellbeing_desktop.storage.timeline import timeline
from wellbeing_desktop.storage.undo import undo
from wellbeing_desktop.storage.write_door import transaction


@pytest.fixture
def twin(made: Made) -> str:
    """A second record of Mary, with a contact, a number, an alert and a task of its own."""
    twin = made.person("Jones", "Marie")
    with transaction(made.writer, "fill", at=NOW) as tx:
        contact_id = tx.create(
            Contact(subject=twin, happened_at=NOW, happened_on=TODAY, medium="01", outcome="seen", practitioner_id="w")
        )
        tx.create(Note(subject=twin, about_id=contact_id, written_on=TODAY, text="Told me about the garden"))
        tx.create(ContactPoint(subject=twin, medium="telephone", value="01632 960 111"))
        tx.create(
            Alert(
                subject=twin,
                kind="visiting",
                review_on=TODAY,
                statement="Dog loose",
                source="Daughter",
                what_to_do="Ring first",
                stated_on=TODAY,
            ),
            "clinical",
        )
        tx.create(Task(subject=twin, title="Ring the vet", state="open", due_on=TODAY))
    return twin


def test_the_record_kept_shows_what_both_hold_whichever_is_asked_for(made: Made, twin: str) -> None:
    before = read_person(made.writer, made.mary, TODAY)
    assert before.contacts == ()
    changes = join_people(made.writer, made.mary, twin, "Same NHS number", at=NOW)
    for asked in (made.mary, twin):
        record = read_person(made.writer, asked, TODAY)
        assert record.person.id == made.mary
        assert record.ids == (made.mary, twin)
        assert [noted.notes[0].text for noted in record.contacts] == ["Told me about the garden"]
        assert [point.value for point in record.contact_points] == ["01632 960 111"]
        assert [one.alert.statement for one in record.alerts] == ["Dog loose"]
        assert [task.title for task in record.open_tasks()] == ["Ring the vet"]
        assert {entry.type for entry in timeline(made.writer, asked).entries} >= {"contact", "note"}
    undo(made.writer, changes.undo_id)
    assert read_person(made.writer, made.mary, TODAY) == before
    assert read_person(made.writer, twin, TODAY).person.id == twin


def test_a_plan_of_either_record_is_the_persons_plan(made: Made, twin: str) -> None:
    plan_id = made_id_of_plan(made, twin)
    join_people(made.writer, made.mary, twin, "Same NHS number", at=NOW)
    with pytest.raises(Refused, match="has a plan already"):
        start_plan(made.writer, made.mary, at=NOW)
    plan = read_person(made.writer, made.mary, TODAY).plan
    assert plan is not None
    assert plan.plan.id == plan_id


def test_a_letter_begun_in_the_other_record_goes_to_the_record_kept(made: Made, twin: str) -> None:
    draft = draft_letter(
        made.writer, Letter(subject=twin, to_kind="gp", to_name="Dr Shah", subject_line="News", body="Words"), at=NOW
    )
    join_people(made.writer, made.mary, twin, "Same NHS number", at=NOW)
    about = set_letter(made.writer, made_id(draft, "letter")).page.about
    assert "Mary Jones" in about
    assert "1 May 1940" in about


def test_an_unsafe_address_in_either_record_stops_a_letter(made: Made, twin: str) -> None:
    with transaction(made.writer, "fill", at=NOW) as tx:
        tx.create(
            Address(
                subject=twin,
                line1="1 High Street",
                postcode="AB1 2CD",
                use="1",
                safe_to_write=False,
                safety_reason="Read by another",
            )
        )
    join_people(made.writer, made.mary, twin, "Same NHS number", at=NOW)
    with pytest.raises(Refused):
        draft_letter(made.writer, Letter(subject=made.mary, to_kind="person", subject_line="Hello", body="x"), at=NOW)


def test_the_visit_sheet_has_the_number_and_the_alert_of_both(made: Made, twin: str) -> None:
    join_people(made.writer, made.mary, twin, "Same NHS number", at=NOW)
    booked = book_appointment(
        made.writer,
        Appointment(subject=made.mary, starts_at=NOW + dt.timedelta(hours=1), starts_on=TODAY, medium="home_visit"),
        at=NOW,
    )
    alert_ids = [one.alert.id for one in read_person(made.writer, made.mary, TODAY).alerts]
    sheet = visit_sheet(made.writer, made_id(booked, "appointment"), alert_ids=alert_ids, today=TODAY)
    assert sheet.telephone.startswith("01632 960 111")
    assert "Dog loose" in sheet.before_knocking[0]


def test_the_record_that_protects_the_person_is_the_one_to_keep(made: Made, twin: str) -> None:
    restrict_person(made.writer, twin, restricted=True, at=NOW)
    with pytest.raises(Refused, match="restricted"):
        join_people(made.writer, made.mary, twin, "Same NHS number", at=NOW)
    restrict_person(made.writer, twin, restricted=False, at=NOW)
    record_death(made.writer, twin, died_on=TODAY, known_by="Daughter", at=NOW)
    with pytest.raises(Refused, match="died"):
        join_people(made.writer, made.mary, twin, "Same NHS number", at=NOW)
    join_people(made.writer, twin, made.mary, "Same NHS number", at=NOW)
    with pytest.raises(Refused, match="died"):
        book_appointment(
            made.writer,
            Appointment(subject=made.mary, starts_at=NOW + dt.timedelta(days=2), medium="home_visit"),
            at=NOW,
        )


def made_id_of_plan(made: Made, person_id: str) -> str:
    return made_id(start_plan(made.writer, person_id, at=NOW), "care_plan")
