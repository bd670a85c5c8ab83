"""Contacts, late entries, amendments, and an entry in the wrong record."""

import datetime as dt

import pytest

from tests.operations.made import NOW, TODAY, Made, made_id
from wellbeing_desktop.domain.assessment import Assessment, Score
from wellbeing_desktop.domain.contact import Appointment, Contact, GpEntry, Note
from wellbeing_desktop.domain.correction import Amendment, Misfiling
from wellbeing_desktop.domain.document import Letter
from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.domain.task import Task
from wellbeing_desktop.operations import appointments, assessments, contacts, letters
from wellbeing_desktop.storage import audit
from wellbeing_desktop.storage.effective import load_effective
from wellbeing_desktop.storage.records import load_all


def visit(made: Made, **fields: object) -> Contact:
    values = {"happened_at": NOW - dt.timedelta(hours=1), "medium": "home_visit", "outcome": "5", **fields}
    return Contact(subject=made.mary, **values)


@pytest.mark.capability("C5", "W18", "E7")
def test_w18_a_contact_its_note_and_its_gp_entry_are_one_piece_of_work(made: Made) -> None:
    changes = contacts.record_contact(
        made.writer,
        visit(made, present=("Ann, daughter",), ended_at=NOW),
        Note(said_by_person="I miss my garden", agreed="Ring the allotment"),
        at=NOW,
    )
    contact = made.one(Contact, made_id(changes, "contact"))
    assert contact.happened_on == TODAY
    assert contact.duration_minutes == 60
    note = made.only(Note, about_id=contact.id)
    assert note.signed_by == contact.practitioner_id
    assert made.only(GpEntry, target_id=contact.id).state == "to_enter"
    assert changes.touches("contact", "note", "gp_entry")


@pytest.mark.capability("C5", "W18")
def test_w18_the_future_is_refused_and_a_late_entry_says_why(made: Made) -> None:
    with pytest.raises(Refused, match="Book an appointment"):
        contacts.record_contact(made.writer, visit(made, happened_at=NOW + dt.timedelta(hours=2)), at=NOW)
    late = visit(made, happened_at=NOW - dt.timedelta(days=3))
    with pytest.raises(Refused) as refusal:
        contacts.record_contact(made.writer, late, at=NOW)
    assert refusal.value.field == "late_reason"
    assert made.all(Contact) == []


def test_a_contact_gives_its_appointment_an_outcome(made: Made) -> None:
    booked = appointments.book_appointment(
        made.writer,
        Appointment(subject=made.mary, starts_at=NOW - dt.timedelta(hours=1)),
        at=NOW - dt.timedelta(hours=2),
    )
    id = made_id(booked, "appointment")
    contacts.record_contact(made.writer, visit(made, appointment_id=id, outcome="3"), at=NOW)
    assert (made.one(Appointment, id).state, made.one(Appointment, id).outcome) == ("not_attended", "3")


def test_another_persons_appointment_is_not_taken(made: Made) -> None:
    john = made.person("Smith", "John")
    booked = appointments.book_appointment(
        made.writer, Appointment(subject=john, starts_at=NOW + dt.timedelta(hours=1)), at=NOW
    )
    with pytest.raises(Refused, match="another person"):
        contacts.record_contact(made.writer, visit(made, appointment_id=made_id(booked, "appointment")), at=NOW)


def test_a_note_that_needs_countersigning_is_not_signed_by_saving(made: Made) -> None:
    contacts.record_contact(made.writer, visit(made), Note(text="Student note", countersign_needed=True), at=NOW)
    assert made.only(Note).signed_at is None


def test_a_saved_contact_is_amended_and_its_original_stays(made: Made) -> None:
    id = made_id(contacts.record_contact(made.writer, visit(made), at=NOW), "contact")
    contacts.amend_contact(made.writer, id, "outcome", "3", "Ticked the wrong line", at=NOW)
    assert made.one(Contact, id).outcome == "5"
    now = load_effective(made.writer, Contact, id)
    assert now is not None
    assert now.outcome == "3"
    assert made.only(Amendment).reason == "Ticked the wrong line"


def test_amending_when_it_happened_moves_its_date(made: Made) -> None:
    id = made_id(contacts.record_contact(made.writer, visit(made), at=NOW), "contact")
    yesterday = NOW - dt.timedelta(days=1)
    contacts.amend_contact(made.writer, id, "happened_at", yesterday, "It was Thursday", at=NOW)
    now = load_effective(made.writer, Contact, id)
    assert now is not None
    assert now.happened_on == dt.date(2026, 11, 19)
    with pytest.raises(Refused):
        contacts.amend_contact(made.writer, id, "happened_on", TODAY, "x", at=NOW)
    with pytest.raises(Refused):
        contacts.amend_contact(made.writer, id, "happened_at", NOW + dt.timedelta(days=1), "x", at=NOW)


@pytest.mark.capability("M2", "W22")
def test_w22_what_is_entered_in_the_gp_record_by_whom_and_when(made: Made) -> None:
    id = made_id(contacts.record_contact(made.writer, visit(made), gp_record="", at=NOW), "contact")
    contacts.set_gp_entry(made.writer, id, "to_enter", at=NOW)
    contacts.set_gp_entry(made.writer, id, "entered", at=NOW)
    entry = made.only(GpEntry, target_id=id)
    assert (entry.state, entry.entered_on) == ("entered", TODAY)
    assert entry.entered_by
    contacts.set_gp_entry(made.writer, id, "to_enter", at=NOW)
    entry = made.only(GpEntry, target_id=id)
    assert (entry.entered_by, entry.entered_on) == ("", None)


@pytest.mark.capability("W8")
def test_w8_a_misfiled_contact_leaves_the_person_and_is_copied_with_author_and_time(made: Made) -> None:
    john = made.person("Smith", "John")
    then = NOW - dt.timedelta(days=2)
    saved = contacts.record_contact(
        made.writer,
        visit(made, happened_at=then - dt.timedelta(minutes=40), practitioner_id="first author"),
        Note(text="He walks well", author_id="first author"),
        at=then,
    )
    id = made_id(saved, "contact")
    assessments.take_assessment(made.writer, made.mary, "ons4", {"happy": 4}, contact_id=id, at=then)
    letter = letters.draft_letter(
        made.writer,
        Letter(subject=made.mary, to_kind="gp", to_name="Dr Lee", body="He walks well", contact_id=id),
        at=then,
    )
    letter_id = made_id(letter, "letter")
    letters.ready_letter(made.writer, letter_id, at=then)
    letters.record_printed(made.writer, [letter_id], at=then)

    contacts.mark_written_in_wrong_record(
        made.writer, id, right_person_id=john, reason="It was John's visit", lead_id="lead", at=NOW
    )

    for struct in (Contact, Note, Assessment, Score):
        assert made.all(struct, subject=made.mary) == [], struct
    contact = made.only(Contact, subject=john)
    assert contact.practitioner_id == "first author"
    assert contact.happened_at == then - dt.timedelta(minutes=40)
    assert contact.written_at == then
    note = made.only(Note, subject=john)
    assert (note.about_id, note.text, note.author_id) == (contact.id, "He walks well", "first author")
    assert note.signed_at == then
    assert made.only(Assessment, subject=john).contact_id == contact.id
    assert made.only(Score, subject=john).value == 4

    recalled = contacts.recall_list(made.writer, id)
    assert [item.letter_id for item in recalled] == [letter_id]
    kinds = sorted(task.kind for task in made.all(Task, subject=made.mary))
    assert kinds == ["recall", "tell_lead"]
    assert {task.owner_id for task in made.all(Task, subject=made.mary)} == {"lead"}
    for person_id in (made.mary, john):
        assert any("wrong record" in line.sentence for line in audit.entries(made.writer, person_id=person_id))
    assert len(load_all(made.writer, Misfiling)) == 4


def test_w8_an_amended_contact_is_copied_as_it_reads_now(made: Made) -> None:
    john = made.person("Smith", "John")
    id = made_id(contacts.record_contact(made.writer, visit(made), at=NOW), "contact")
    contacts.amend_contact(made.writer, id, "outcome", "6", "He was late", at=NOW)
    contacts.mark_written_in_wrong_record(made.writer, id, right_person_id=john, reason="John's", at=NOW)
    assert made.only(Contact, subject=john).outcome == "6"


def test_w8_it_can_be_marked_before_anybody_knows_whose_it_is(made: Made) -> None:
    id = made_id(contacts.record_contact(made.writer, visit(made), at=NOW), "contact")
    contacts.mark_written_in_wrong_record(made.writer, id, right_person_id="", reason="Not Mary's", at=NOW)
    assert made.all(Contact) == []
    assert made.only(Misfiling).copy_id == ""


@pytest.mark.parametrize("reason", ["", "   "])
def test_w8_marking_says_how_one_knows(made: Made, reason: str) -> None:
    id = made_id(contacts.record_contact(made.writer, visit(made), at=NOW), "contact")
    with pytest.raises(Refused):
        contacts.mark_written_in_wrong_record(made.writer, id, right_person_id="", reason=reason, at=NOW)
    with pytest.raises(Refused, match="person whose record"):
        contacts.mark_written_in_wrong_record(made.writer, id, right_person_id=made.mary, reason="x", at=NOW)
    with pytest.raises(Refused, match="cannot be marked"):
        contacts.mark_written_in_wrong_record(made.writer, made.mary, right_person_id="", reason="x", at=NOW)
