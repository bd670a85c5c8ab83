"""`wellbeing import fhir` over what PDS sends: the same people once, the rest named with the reason."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.running import PASSPHRASE, told
from wellbeing_desktop.cli.main import run
from wellbeing_desktop.domain.person import Person, Registration
from wellbeing_desktop.domain.practice_list import ADDED_HERE, ON_LIST
from wellbeing_desktop.operations.import_undo import undo_import
from wellbeing_desktop.storage.records import load_all
from wellbeing_desktop.storage.store import Store

PDS = Path(__file__).parents[1] / "data" / "pds-sandbox"
LISTS = Path(__file__).parents[1] / "data" / "gp-connect"


def imported(capsys: pytest.CaptureFixture[str], *arguments: str | Path) -> dict[str, Any]:
    result: dict[str, Any] = told(capsys, "import", "fhir", *arguments)
    return result


def people_in(at_store: list[str]) -> list[Person]:
    with Store.open(Path(at_store[1]), PASSPHRASE) as store:
        return list(store.read(lambda reader: load_all(reader, Person)))


def test_every_patient_of_several_files_comes_in_and_the_rest_is_named(
    at_store: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    files = sorted((PDS / "patients").glob("*.json"))
    dry = imported(capsys, *files, *at_store, "--dry-run")
    assert people_in(at_store) == []
    result = imported(capsys, *files, *at_store)
    assert (result["read"], result["created"], result["updated"]) == (7, 6, 0)
    # the third file is an NHS number and nothing else
    assert [each["item"] for each in result["refused"]] == ["file 3, Patient 1"]
    assert (dry["created"], dry["refused"]) == (result["created"], result["refused"])
    again = imported(capsys, *files, *at_store)
    assert (again["created"], again["updated"], again["unchanged"]) == (0, 0, 6)
    assert len(people_in(at_store)) == 6


def test_a_bundle_gives_everyone_in_it(at_store: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    result = imported(capsys, PDS / "searches" / "youds_searchset.json", *at_store)
    assert result["created"] == 4
    assert {person.family_name.casefold() for person in people_in(at_store)} == {"youds"}


def test_a_file_that_is_none_does_not_stop_the_others(
    at_store: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    damaged = tmp_path / "damaged.json"
    damaged.write_bytes((PDS / "patients" / "patient_9000000009.json").read_bytes()[:400])
    error = PDS / "errors" / "INVALID_UPDATE.json"
    related = PDS / "mocks" / "RelatedPersonBundle.json"
    good = PDS / "patients" / "patient_9000000009.json"
    result = imported(capsys, damaged, tmp_path / "none.json", error, related, good, *at_store)
    assert result["created"] == 1
    assert result["not_understood"][0] == "OperationOutcome"
    assert "Patient.contact" in result["not_understood"]
    assert [each["item"] for each in result["refused"]] == ["file 1", "file 2", "file 4, RelatedPerson 1"]
    assert all(each["reason"].endswith(".") for each in result["refused"])


def test_files_of_which_none_can_be_used_are_refused_in_words(
    at_store: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    code = run(["import", "fhir", str(LISTS / "patients.csv"), *at_store])
    said = capsys.readouterr()
    assert (code, said.out) == (1, "")
    assert said.err.strip().endswith(".")


def test_the_same_number_with_another_name_and_birth_date_waits_for_a_person(
    at_store: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    good = PDS / "patients" / "patient_9000000009.json"
    other = json.loads(good.read_text("utf-8"))
    other["birthDate"] = "1951-02-03"
    other["name"] = [{"use": "usual", "family": "Okonkwo", "given": ["Ada"]}]
    (tmp_path / "other.json").write_text(json.dumps(other), "utf-8")
    result = imported(capsys, good, tmp_path / "other.json", *at_store)
    assert (result["created"], result["possible_duplicates"]) == (1, 1)
    assert [each["item"] for each in result["refused"]] == ["file 2, Patient 1"]
    assert len(people_in(at_store)) == 1


def test_a_few_patients_are_not_a_practice_list(
    at_store: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nobody of the same practice is moved off its list because a FHIR file does not name them."""
    patient = json.loads((PDS / "patients" / "patient_9000000009.json").read_text("utf-8"))
    patient["generalPractitioner"] = [
        {"identifier": {"system": "https://fhir.nhs.uk/Id/ods-organization-code", "value": "M81054"}}
    ]
    (tmp_path / "patient.json").write_text(json.dumps(patient), "utf-8")
    (tmp_path / "list.csv").write_text(
        "NHS number,Family name,Given name,Date of birth,Practice code\n"
        "9990000018,Okonkwo,Ada,01/02/1931,M81054\n9990000026,Pritchard,Gwen,03/04/1932,M81054\n",
        "utf-8",
    )
    assert run(["import", "people", str(tmp_path / "list.csv"), *at_store]) == 0
    assert json.loads(capsys.readouterr().out)["new"] == 2
    assert imported(capsys, tmp_path / "patient.json", *at_store)["created"] == 1
    people = people_in(at_store)
    assert len({person.practice_id for person in people} - {""}) == 1, "all three are of one practice"
    assert sorted(person.list_state for person in people) == [ADDED_HERE, ON_LIST, ON_LIST]


def test_what_came_in_can_be_taken_back_as_one(at_store: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    result = imported(capsys, *sorted((PDS / "patients").glob("*.json")), *at_store)
    with Store.open(Path(at_store[1]), PASSPHRASE) as store:
        _changes, undone = store.write(lambda writer: undo_import(writer, result["import_id"]))
        assert undone.removed == 6
        assert list(store.read(lambda reader: load_all(reader, Registration))) == []
