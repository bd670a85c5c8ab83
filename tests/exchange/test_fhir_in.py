"""FHIR patients as PDS sends them."""

import datetime as dt
import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.exchange.fhir_in import FhirFile, read_fhir
from wellbeing_desktop.exchange.people_cells import ListedPhone

DATA = Path(__file__).parents[1] / "data" / "pds-sandbox"
TODAY = dt.date(2026, 11, 21)

# file -> people, relatives, refused, why
EXPECTED = {
    "mocks/Minimal_Patient.json": (0, 0, 1, "an NHS number and nothing else: nobody could be shown"),
    "mocks/PatientCompoundName.json": (0, 0, 1, "its NHS number fails the check digit"),
    "mocks/RelatedPersonBundle.json": (0, 1, 0, ""),
    "mocks/Sensitive_Patient.json": (1, 0, 0, "restricted"),
    "patients/patient_9000000009.json": (1, 0, 0, ""),
    "patients/patient_9000000025.json": (1, 0, 0, "restricted"),
    "patients/patient_9000000033.json": (0, 0, 1, "an NHS number and nothing else"),
    "patients/patient_9693632109.json": (1, 0, 0, ""),
    "patients/patient_9732110317.json": (1, 0, 0, ""),
    "patients/patient_9733162043.json": (1, 0, 0, ""),
    "patients/patient_9736363015.json": (1, 0, 0, ""),
    "searches/cuff_superseded_searchset.json": (1, 0, 0, "the current number, not the superseded one"),
    "searches/fuzzy_single_searchset.json": (1, 0, 0, ""),
    "searches/historic_email_searchset.json": (1, 0, 0, ""),
    "searches/youds_searchset.json": (4, 0, 0, "four people of one family name"),
}


def read(name: str) -> FhirFile:
    return read_fhir((DATA / name).read_bytes(), TODAY)


def test_the_table_of_expectations_names_every_file() -> None:
    there = {f"{path.parent.name}/{path.name}" for path in DATA.glob("*/*.json")}
    assert there - {name for name in there if name.startswith("errors/")} == set(EXPECTED)


@pytest.mark.parametrize("name", EXPECTED)
def test_each_file_gives_the_people_in_it(name: str) -> None:
    found = read(name)
    assert (len(found.people), len(found.relatives), len(found.refused)) == EXPECTED[name][:3]


@pytest.mark.parametrize("name", sorted(path.name for path in (DATA / "errors").glob("*.json")))
def test_an_error_answer_holds_nobody_and_says_what_it_is(name: str) -> None:
    found = read(f"errors/{name}")
    assert found.people == ()
    assert found.not_understood == ("OperationOutcome",)


def test_a_patient_is_read_element_by_element() -> None:
    (person,) = read("patients/patient_9000000009.json").people
    assert (person.nhs_number, person.title, person.family_name, person.given_name) == (
        "9000000009",
        "Mrs",
        "Smith",
        "Jane",
    )
    assert person.address == ("1 Trevelyan Square", "Boar Lane", "City Centre", "Leeds", "West Yorkshire")
    assert (person.practice_code, person.language, person.interpreter_needed) == ("Y12345", "French", True)
    assert person.died_on == dt.date(2010, 10, 22)


def test_a_restricted_patient_never_looks_like_one_without_address() -> None:
    (person,) = read("patients/patient_9000000025.json").people
    assert person.restricted
    assert person.address_withheld


def test_a_number_that_cannot_be_dialled_is_kept_as_it_was() -> None:
    (person,) = read("searches/fuzzy_single_searchset.json").people
    assert person.phones == (ListedPhone("home", "01222111111", understood=False),)


def test_a_relative_says_whose() -> None:
    (relative,) = read("mocks/RelatedPersonBundle.json").relatives
    assert (relative.of_nhs_number, relative.name) == ("9000000009", "Mrs Jane Smith")


@pytest.mark.parametrize("data", [b"", b"[]", b"{}", b"null", b"<Patient/>", b"[" * 200_000])
def test_another_file_is_refused_in_words(data: bytes) -> None:
    with pytest.raises(Refused):
        read_fhir(data, TODAY)


KEYS = ["resourceType", "entry", "resource", "name", "family", "given", "identifier", "system", "value", "birthDate",
        "address", "line", "telecom", "meta", "security", "extension", "deceasedDateTime", "patient"]  # fmt: skip
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8) | st.sampled_from(["Bundle", "Patient", "phone"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=6),
    max_leaves=25,
)


@settings(max_examples=250, deadline=None)
@given(
    st.dictionaries(st.sampled_from(KEYS), JSON, max_size=8), st.sampled_from(["Patient", "Bundle", "RelatedPerson"])
)
def test_any_json_is_read_or_refused(content: dict[str, object], kind: str) -> None:
    read_fhir(json.dumps({**content, "resourceType": kind}).encode(), TODAY)
