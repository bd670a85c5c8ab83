"""People, how to reach them, and a death."""

import datetime as dt

import pytest

from tests.operations.made import NOW, TODAY, Made, made_id
from wellbeing_desktop.domain.care_plan import CarePlan, PlanCopy
from wellbeing_desktop.domain.contact import Appointment
from wellbeing_desktop.domain.document import Letter
from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.domain.person import Address, ContactPoint, Demographics, Person, Registration, RelatedPerson
from wellbeing_desktop.domain.task import Task
from wellbeing_desktop.operations import appointments, letters, people, tasks
from wellbeing_desktop.storage.write_door import transaction


def test_a_person_is_registered_with_what_is_known(made: Made) -> None:
    changes = people.register_person(
        made.writer,
        Person(family_name="Okafor", given_name="Ada", nhs_number="943 476 5919", practice_id="hill"),
        address=Address(line1="1 High Street", postcode="HU1 1AA", use="1"),
        contact_points=[ContactPoint(medium="mobile", value="+447700900123")],
        demographics=Demographics(ethnicity="N"),
        at=NOW,
    )
    person = made.one(Person, made_id(changes, "person"))
    assert person.nhs_number == "9434765919"
    assert person.list_state == "added_here"
    assert made.only(Registration, subject=person.id).practice_id == "hill"
    assert made.only(Address, subject=person.id).postcode == "HU1 1AA"
    assert changes.undo_id


def test_somebody_with_one_name_is_listed_under_it(made: Made) -> None:
    changes = people.register_person(made.writer, Person(given_name="Suharto"), at=NOW)
    assert made.one(Person, made_id(changes, "person")).family_name == "Suharto"


@pytest.mark.parametrize(
    ("person", "field"),
    [
        (Person(family_name="X", born_on=TODAY + dt.timedelta(days=1)), "born_on"),
        (Person(family_name="X", nhs_number="9434765918"), None),
        (Person(), "family_name"),
    ],
)
def test_a_person_who_cannot_be_is_refused_and_nothing_is_written(made: Made, person: Person, field: str) -> None:
    with pytest.raises(Refused) as refusal:
        people.register_person(made.writer, person, at=NOW)
    if field:
        assert refusal.value.field == field
    assert len(made.all(Person)) == 1


def test_w20_a_change_of_practice_ends_one_registration_and_begins_another(made: Made) -> None:
    people.change_person(made.writer, made.mary, {"practice_id": "hill"}, at=NOW)
    people.change_person(made.writer, made.mary, {"practice_id": "vale"}, at=NOW + dt.timedelta(days=3))
    first, second = made.all(Registration, subject=made.mary)
    assert (first.practice_id, first.ended_on) == ("hill", dt.date(2026, 11, 23))
    assert (second.practice_id, second.started_on, second.ended_on) == ("vale", dt.date(2026, 11, 23), None)


def test_a_death_is_not_recorded_by_changing_a_field(made: Made) -> None:
    with pytest.raises(Refused):
        people.change_person(made.writer, made.mary, {"died_on": TODAY}, at=NOW)


def test_equality_details_are_one_record(made: Made) -> None:
    people.change_demographics(made.writer, made.mary, {"ethnicity": "A"}, at=NOW)
    people.change_demographics(made.writer, made.mary, {"religion": "C"}, at=NOW)
    kept = made.only(Demographics, subject=made.mary)
    assert (kept.ethnicity, kept.religion) == ("A", "C")


def test_moving_house_ends_the_address_before(made: Made) -> None:
    people.add_address(made.writer, Address(subject=made.mary, line1="1 High Street", use="1"), at=NOW)
    people.add_address(
        made.writer, Address(subject=made.mary, line1="2 New Road", use="1"), at=NOW + dt.timedelta(days=1)
    )
    old, new = made.all(Address, subject=made.mary)
    assert old.ended_on == new.started_on == dt.date(2026, 11, 21)


def test_w10_an_address_is_called_unsafe_only_with_a_reason(made: Made) -> None:
    changes = people.add_address(made.writer, Address(subject=made.mary, line1="1 High Street", use="1"), at=NOW)
    id = made_id(changes, "address")
    with pytest.raises(Refused) as refusal:
        people.change_address(made.writer, id, {"safe_to_write": False}, at=NOW)
    assert refusal.value.field == "safety_reason"
    people.change_address(made.writer, id, {"safe_to_write": False, "safety_reason": "Partner opens post"}, at=NOW)
    assert made.one(Address, id).safe_to_write is False


def test_one_number_is_used_first(made: Made) -> None:
    for value in ("+447700900001", "+447700900002"):
        people.add_contact_point(
            made.writer, ContactPoint(subject=made.mary, medium="mobile", value=value, preferred=True), at=NOW
        )
    assert [point.value for point in made.all(ContactPoint, subject=made.mary, preferred=True)] == ["+447700900002"]


def test_an_address_cannot_end_before_it_begins(made: Made) -> None:
    changes = people.add_address(made.writer, Address(subject=made.mary, line1="1", use="1"), at=NOW)
    with pytest.raises(Refused):
        people.change_address(made.writer, made_id(changes, "address"), {"ended_on": dt.date(2020, 1, 1)}, at=NOW)


@pytest.mark.capability("C2")
def test_related_people_and_removing_a_number(made: Made) -> None:
    related = people.add_related_person(made.writer, RelatedPerson(subject=made.mary, name="Ann"), at=NOW)
    people.change_related_person(
        made.writer, made_id(related, "related_person"), {"may_be_told": "visit times"}, at=NOW
    )
    assert made.only(RelatedPerson, subject=made.mary).may_be_told == "visit times"
    point = people.add_contact_point(made.writer, ContactPoint(subject=made.mary, medium="mobile", value="1"), at=NOW)
    people.remove_contact_point(made.writer, made_id(point, "contact_point"), "Wrong number", at=NOW)
    assert made.all(ContactPoint, subject=made.mary) == []


def test_a_record_is_restricted_and_opened_again(made: Made) -> None:
    people.restrict_person(made.writer, made.mary, True, at=NOW)
    assert made.one(Person, made.mary).restricted is True
    people.restrict_person(made.writer, made.mary, False, at=NOW)
    assert made.one(Person, made.mary).restricted is None


def prepare_for_death(made: Made) -> dict[str, str]:
    people.add_address(made.writer, Address(subject=made.mary, line1="1 High Street", use="1"), at=NOW)
    letter = letters.draft_letter(made.writer, Letter(subject=made.mary, to_kind="person", body="Dear Mary"), at=NOW)
    task = tasks.add_task(made.writer, Task(subject=made.mary, title="Ring Mary", kind="call_back"), at=NOW)
    tell = tasks.add_task(made.writer, Task(subject=made.mary, title="Tell the GP", kind="tell_practice"), at=NOW)
    visits = [
        appointments.book_appointment(
            made.writer, Appointment(subject=made.mary, starts_at=NOW + dt.timedelta(days=days)), at=NOW
        )
        for days in (7, 14)
    ]
    return {
        "letter": made_id(letter, "letter"),
        "task": made_id(task, "task"),
        "tell": made_id(tell, "task"),
        "visit": made_id(visits[0], "appointment"),
        "other": made_id(visits[1], "appointment"),
    }


@pytest.mark.capability("D9", "W9")
def test_w9_a_death_stops_letters_and_follow_ups_and_cancels_only_the_visits_named(made: Made) -> None:
    ids = prepare_for_death(made)
    asked = people.stopped_by_death(made.writer, made.mary, TODAY)
    assert set(asked.ask_to_cancel) == {ids["visit"], ids["other"]}
    people.record_death(
        made.writer, made.mary, died_on=TODAY, known_by="Daughter rang", cancel_appointments=[ids["visit"]], at=NOW
    )
    assert made.one(Person, made.mary).died_on == TODAY
    assert made.one(Letter, ids["letter"]).state == "cancelled"
    follow_up = made.one(Task, ids["task"])
    assert (follow_up.state, follow_up.outcome, follow_up.done_on) == ("cancelled", "The person has died.", None)
    assert made.one(Task, ids["tell"]).state == "open"
    assert made.one(Appointment, ids["visit"]).state == "cancelled"
    assert made.one(Appointment, ids["other"]).state == "booked"


def test_w9_after_a_death_only_a_bereavement_or_next_of_kin_letter_and_no_appointment(made: Made) -> None:
    people.record_death(made.writer, made.mary, died_on=None, known_by="Neighbour", at=NOW)
    with pytest.raises(Refused, match="Only a bereavement"):
        letters.draft_letter(made.writer, Letter(subject=made.mary, to_kind="gp", to_name="Dr Lee"), at=NOW)
    letters.draft_letter(
        made.writer, Letter(subject=made.mary, to_kind="next_of_kin", to_name="Ann Jones", body="Dear Ann"), at=NOW
    )
    with pytest.raises(Refused, match="has died"):
        appointments.book_appointment(
            made.writer, Appointment(subject=made.mary, starts_at=NOW + dt.timedelta(days=1)), at=NOW
        )


def test_w9_a_death_is_undoable(made: Made) -> None:
    ids = prepare_for_death(made)
    cancelled = made_id(
        letters.draft_letter(made.writer, Letter(subject=made.mary, to_kind="gp", to_name="Dr Lee"), at=NOW), "letter"
    )
    letters.cancel_letter(made.writer, cancelled, at=NOW)
    people.record_death(made.writer, made.mary, died_on=TODAY, known_by="GP letter", at=NOW)
    people.undo_death(made.writer, made.mary, at=NOW)
    assert made.one(Letter, cancelled).state == "cancelled"
    person = made.one(Person, made.mary)
    assert person.died_on is None
    assert person.death_known_by == ""
    assert made.one(Task, ids["task"]).state == "open"
    stopped = made.one(Letter, ids["letter"])
    assert (stopped.state, stopped.cancel_reason) == ("draft", "")
    with pytest.raises(Refused):
        people.undo_death(made.writer, made.mary, at=NOW)


def test_w9_a_death_stops_a_copy_owed_and_taking_it_back_owes_it_again(made: Made) -> None:
    assert people.stopped_by_death(made.writer, made.mary, TODAY).copies == ()
    with transaction(made.writer, "agree_plan") as tx:
        plan_id = tx.create(CarePlan(subject=made.mary, state="draft", started_on=TODAY))
        owed = tx.create(PlanCopy(subject=made.mary, plan_id=plan_id, version=1, state="owed"))
        given = tx.create(PlanCopy(subject=made.mary, plan_id=plan_id, version=2, state="owed"))
        tx.change(PlanCopy, given, {"state": "handed"})
    assert people.stopped_by_death(made.writer, made.mary, TODAY).copies == (owed,)
    people.record_death(made.writer, made.mary, died_on=TODAY, known_by="Her GP", at=NOW)
    assert [made.one(PlanCopy, id).state for id in (owed, given)] == ["stopped", "handed"]
    assert made.one(PlanCopy, owed).settled_on == TODAY
    people.undo_death(made.writer, made.mary, at=NOW)
    assert [made.one(PlanCopy, id).state for id in (owed, given)] == ["owed", "handed"]
    assert made.one(PlanCopy, owed).settled_on is None
