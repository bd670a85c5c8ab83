"""FHIR that leaves: valid, complete, and silent about what is not safe."""

import datetime as dt
import json
from typing import Any

import msgspec
import pytest
from fhir.resources.R4B import get_fhir_model_class

from wellbeing_desktop.domain.assessment import Score
from wellbeing_desktop.domain.care_plan import Action, CarePlan, Goal, PlanNarrative
from wellbeing_desktop.domain.contact import Contact
from wellbeing_desktop.domain.ids import new_id
from wellbeing_desktop.domain.person import Address, ContactPoint, Demographics, Person, RelatedPerson
from wellbeing_desktop.exchange.fhir_in import read_fhir
from wellbeing_desktop.exchange.fhir_out import PersonRecords, fhir_bytes, person_bundle

NOW = dt.datetime(2026, 11, 21, 9, 40, tzinfo=dt.UTC)
ID = new_id()


def records(**changes: Any) -> PersonRecords:
    plan, goal = new_id(), new_id()
    values: dict[str, Any] = {
        "person": Person(
            id=ID,
            subject=ID,
            family_name="Jones",
            given_name="Bronwen Mai",
            known_as="Bron",
            title="Mrs",
            born_on=dt.date(1940, 3, 1),
            nhs_number="9434765919",
            nhs_number_status="01",
            language="Welsh",
            interpreter_needed=False,
            preferred_contact_method="3",
            letter_format="large_print",
        ),
        "demographics": Demographics(stated_gender="2", ethnicity="A"),
        "practice_code": "M81054",
        "addresses": [
            Address(line1="1 High Street", line4="Kington", postcode="HR5 3EA"),
            Address(line1="9 Hidden Lane", postcode="HR5 3EB", safe_to_write=False),
        ],
        "contact_points": [
            ContactPoint(medium="mobile", value="+447700900123"),
            ContactPoint(medium="telephone", value="+441632960999", safe_to_call=False),
            ContactPoint(medium="email", value="bron@example.org"),
        ],
        "related": [RelatedPerson(id=new_id(), name="Huw Jones", relationship="son", telephone="+447700900124")],
        "contacts": [Contact(id=new_id(), medium="home_visit", happened_at=NOW, happened_on=NOW.date())],
        "plans": [CarePlan(id=plan, state="agreed", agreed_on=dt.date(2026, 11, 1))],
        "narratives": [PlanNarrative(plan_id=plan, most_important="My garden", staff_only="Only for staff")],
        "goals": [Goal(id=goal, plan_id=plan, what="Walk to the shop", state="in_progress")],
        "actions": [Action(id=new_id(), plan_id=plan, goal_id=goal, what="Ask about a frame", who="Huw")],
        "scores": [Score(id=new_id(), tool="ONS4", scale="worthwhile", value=0, taken_on=dt.date(2026, 11, 1))],
    }
    return PersonRecords(**{**values, **changes})


def resources(bundle: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    return [entry["resource"] for entry in bundle["entry"] if entry["resource"]["resourceType"] == kind]


def test_every_resource_is_valid_by_an_independent_model() -> None:
    bundle = person_bundle(records(), NOW)
    kinds = [entry["resource"]["resourceType"] for entry in bundle["entry"]]
    assert kinds == ["Patient", "RelatedPerson", "Encounter", "Goal", "CarePlan", "Observation"]
    for entry in bundle["entry"]:
        get_fhir_model_class(entry["resource"]["resourceType"]).model_validate(entry["resource"])
    get_fhir_model_class("Bundle").model_validate(bundle)


def test_the_independent_model_is_one_that_can_say_no() -> None:
    (patient,) = resources(person_bundle(records(), NOW), "Patient")
    with pytest.raises(ValueError):
        get_fhir_model_class("Patient").model_validate({**patient, "birthDate": "01/03/1940"})


def test_every_reference_points_into_the_bundle() -> None:
    text = fhir_bytes(records(), NOW).decode()
    bundle = json.loads(text)
    there = {entry["fullUrl"] for entry in bundle["entry"]}
    referred = {line.split('"')[3] for line in text.splitlines() if '"reference"' in line}
    assert referred
    assert referred <= there


def test_what_is_not_safe_and_what_is_for_staff_is_in_no_byte() -> None:
    data = fhir_bytes(records(), NOW)
    for secret in (b"Hidden Lane", b"HR5 3EB", b"441632960999", b"Only for staff"):
        assert secret not in data
    assert b"My garden" in data
    assert b"1 High Street" in data


def test_a_restricted_person_goes_out_marked_and_without_whereabouts() -> None:
    hidden = msgspec.structs.replace(records().person, restricted=True)
    (patient,) = resources(person_bundle(records(person=hidden), NOW), "Patient")
    assert patient["meta"]["security"][0]["code"] == "R"
    assert not {"address", "telecom", "generalPractitioner"} & set(patient)
    assert b"447700900" not in fhir_bytes(records(person=hidden), NOW), "nor a relative's number"


def test_a_score_of_nought_is_a_score() -> None:
    (score,) = resources(person_bundle(records(), NOW), "Observation")
    assert score["valueInteger"] == 0


def test_what_goes_out_comes_in_as_the_same_person() -> None:
    found = read_fhir(fhir_bytes(records(), NOW), NOW.date())
    (person,) = found.people
    assert (person.nhs_number, person.family_name, person.given_name, person.known_as, person.title) == (
        "9434765919",
        "Jones",
        "Bronwen Mai",
        "Bron",
        "Mrs",
    )
    assert (person.born_on, person.gender, person.ethnicity) == (dt.date(1940, 3, 1), "2", "A")
    assert person.address == ("1 High Street", "", "", "Kington", "")
    assert [phone.value for phone in person.phones] == ["+447700900123"]
    assert (person.email, person.practice_code, person.interpreter_needed) == ("bron@example.org", "M81054", False)
    assert [relative.of_id for relative in found.relatives] == [ID]


def test_a_person_of_whom_little_is_known_is_still_valid() -> None:
    bare = PersonRecords(person=Person(id=ID, subject=ID, family_name="Jones"))
    (patient,) = resources(person_bundle(bare, NOW), "Patient")
    get_fhir_model_class("Patient").model_validate(patient)
    assert set(patient) == {"resourceType", "id", "meta", "name"}
