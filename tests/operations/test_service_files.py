"""Incidents, complaints and compliments: numbered apart, with clocks, closed with what was learnt, in nobody's record."""

import datetime as dt

import pytest

from tests.operations.made import NOW, TODAY, Made, made_id
from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.domain.ids import new_id
from wellbeing_desktop.domain.organisation import Setting
from wellbeing_desktop.domain.service_file import Complaint, Incident
from wellbeing_desktop.domain.service_file_rules import breach_due, file_number
from wellbeing_desktop.operations import service_files
from wellbeing_desktop.operations.person_record import read_person
from wellbeing_desktop.operations.settings import change_setting
from wellbeing_desktop.storage import service_files as stored
from wellbeing_desktop.storage.grants import organisation_of
from wellbeing_desktop.storage.undo import undo

LATER = NOW + dt.timedelta(days=2)


def complaint(made: Made, kind: str = "complaint", **fields: object) -> str:
    given = {"from_name": "Ann Jones", "words": "Nobody rang back", "person_id": made.mary, **fields}
    return made_id(
        service_files.open_complaint(made.writer, Complaint(kind=kind, **given), at=NOW),
        "complaint",
    )


def incident(made: Made, kind: str = "incident", **fields: object) -> str:
    given = {"words": "A letter went to the wrong house", "person_id": made.mary, **fields}
    return made_id(
        service_files.open_incident(made.writer, Incident(kind=kind, **given), at=NOW),
        "incident",
    )


def test_two_laptops_without_a_network_never_give_one_number_twice() -> None:
    ids = [new_id() for _ in range(5_000)]
    numbers = [file_number("C", id, TODAY) for id in ids]
    assert len(set(numbers)) == len(ids)
    assert all(number.startswith("C-2026-") and len(number) == 16 for number in numbers)
    assert not set("AEIOU01") & set("".join(number[7:] for number in numbers))


def test_a_complaint_has_its_clocks_from_the_services_settings(made: Made) -> None:
    received = dt.date(2026, 11, 19)  # a Thursday
    first = made.one(Complaint, complaint(made, received_on=received))
    assert (first.acknowledge_by, first.answer_by, first.next_stop) == (dt.date(2026, 11, 24), None, "")
    data = made.one(Complaint, complaint(made, "data_protection", received_on=received))
    assert (data.acknowledge_by, data.next_stop) == (dt.date(2026, 12, 19), "The Information Commissioner's Office")
    change_setting(
        made.writer, "complaint.clocks", {"acknowledge": 2, "answer": 5, "next_stop": "The ombudsman"}, at=NOW
    )
    own = made.one(Complaint, complaint(made, received_on=received))
    assert (own.acknowledge_by, own.answer_by) == (dt.date(2026, 11, 23), dt.date(2026, 11, 26))
    assert own.next_stop == "The ombudsman"
    praise = made.one(Complaint, complaint(made, "compliment"))
    assert (praise.acknowledge_by, praise.answer_by) == (None, None)
    assert [one.number[0] for one in (first, data, praise)] == ["C", "D", "T"]


def test_a_complaint_is_closed_with_answer_learning_and_next_stop(made: Made) -> None:
    id = complaint(made, received_on=TODAY)
    with pytest.raises(Refused, match="acknowledged"):
        service_files.close_file(made.writer, Complaint, id, at=LATER)
    day = {"acknowledged_on": TODAY, "answer": "We are sorry", "answered_on": TODAY, "next_stop": "The ombudsman"}
    with pytest.raises(Refused, match="before it was received"):
        service_files.change_file(
            made.writer, Complaint, id, {**day, "answered_on": TODAY - dt.timedelta(days=1)}, at=LATER
        )
    service_files.change_file(made.writer, Complaint, id, day, at=LATER)
    with pytest.raises(Refused, match="learnt"):
        service_files.close_file(made.writer, Complaint, id, at=LATER)
    service_files.change_file(made.writer, Complaint, id, {"learning": "Ring back the same day"}, at=LATER)
    with pytest.raises(Refused, match="to whom"):
        service_files.change_file(made.writer, Complaint, id, {"escalated_on": TODAY}, at=LATER)
    closed = service_files.close_file(made.writer, Complaint, id, at=LATER)
    assert made.one(Complaint, id).state == "closed"
    undo(made.writer, closed.undo_id, at=LATER)
    assert made.one(Complaint, id).state == "open"


def test_a_breach_runs_72_hours_from_awareness_until_it_is_told_or_need_not_be(made: Made) -> None:
    breach = made.one(Incident, incident(made, "data_breach"))
    assert breach_due(breach) == NOW + dt.timedelta(hours=72)
    service_files.change_file(made.writer, Incident, breach.id, {"breach_not_told": "Nobody opened it"}, at=LATER)
    assert breach_due(made.one(Incident, breach.id)) is None
    assert breach_due(made.one(Incident, incident(made))) is None


@pytest.mark.capability("D5", "W19")
def test_an_incident_is_closed_with_harm_candour_correction_and_learning(made: Made) -> None:
    id = incident(made)
    for fields, match in (
        ({}, "what harm"),
        ({"harm": "None known"}, "done at once"),
        ({"immediate_action": "Fetched the letter"}, "duty of candour"),
        ({"candour_applies": "yes"}, "who was told"),
        ({"candour_told": "Mary herself", "candour_told_on": TODAY}, "apology"),
        ({"apology_on": TODAY, "corrective_action": "Check every window"}, "who does"),
        ({"corrective_owner": "someone", "corrective_done_on": TODAY}, "learnt"),
    ):
        if fields:
            service_files.change_file(made.writer, Incident, id, fields, at=LATER)
        with pytest.raises(Refused, match=match):
            service_files.close_file(made.writer, Incident, id, at=LATER)
    service_files.change_file(made.writer, Incident, id, {"learning": "Addresses are read aloud"}, at=LATER)
    service_files.close_file(made.writer, Incident, id, at=LATER)
    assert made.one(Incident, id).state == "closed"


def test_files_are_found_by_number_name_and_words_and_closed_ones_when_asked(made: Made) -> None:
    id = complaint(made)
    incident(made)
    number = made.one(Complaint, id).number
    for wanted in (number.lower(), "ann", "rang back"):
        (row,) = stored.service_files(made.writer, TODAY, wanted=wanted)
        assert row.id == id
    with made.writer.immediate():
        made.writer.execute("UPDATE complaint SET state = 'closed' WHERE id = ?", (id,))
    assert [row.type for row in stored.service_files(made.writer, TODAY)] == ["incident"]
    assert len(stored.service_files(made.writer, TODAY, closed=True)) == 2


@pytest.mark.capability("D7", "W19")
def test_w19_nothing_of_a_file_is_in_the_record_of_whom_it_is_about(made: Made) -> None:
    complaint(made)
    incident(made)
    held = {row[0] for row in made.writer.rows("SELECT type FROM record WHERE subject = ?", (made.mary,))}
    assert held == {"person"}
    record = str(read_person(made.writer, made.mary, TODAY))
    assert "rang back" not in record
    assert "wrong house" not in record
    assert made.only(Complaint).subject == made.only(Incident).subject == organisation_of(made.writer)


def test_what_cannot_be_is_refused_beside_its_field(made: Made) -> None:
    with pytest.raises(Refused, match="not come yet"):
        complaint(made, received_on=TODAY + dt.timedelta(days=1))
    with pytest.raises(Refused, match="what happened"):
        incident(made, words=" ")
    assert made.all(Setting) == []
