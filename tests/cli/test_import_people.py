"""`wellbeing import people` over every list that we have: no crash, and the counts that a person reading would give."""

from pathlib import Path
from typing import Any

import pytest

from tests.cli.running import told
from wellbeing_desktop.cli.main import run

DATA = Path(__file__).parents[1] / "data"

# file -> (new people, possible duplicates, refused lines); why each, in tests/exchange/test_people_list.py
EXPECTED: dict[str, tuple[int, int, list[int]]] = {
    "patient-list-csv/class_import__valid.csv": (4, 0, []),
    "patient-list-csv/class_import__valid_with_bom.csv": (1, 0, []),
    "patient-list-csv/cohort_import__duplicate_except_postcode.csv": (1, 0, []),
    "patient-list-csv/cohort_import__invalid_minimal.csv": (0, 0, [2]),
    "patient-list-csv/cohort_import__valid.csv": (3, 0, []),
    "patient-list-csv/cohort_import__valid_extra_fields.csv": (3, 0, []),
    "patient-list-csv/cohort_import__valid_iso_8859_1_encoding.csv": (16, 0, []),
    "patient-list-csv/cohort_import__valid_minimal.csv": (1, 0, []),
    "patient-list-csv/cohort_import__valid_with_changes.csv": (1, 0, []),
    "patient-list-csv/immunisation_import__point_of_care__systm_one.csv": (4, 0, []),
    "patient-list-csv/immunisation_import__point_of_care__valid_duplicate_patient_no_nhs_number.csv": (1, 0, []),
    "gp-connect/emis-search-layout-derived.csv": (19, 0, []),
    "gp-connect/patients.csv": (19, 0, []),
}
NOT_PEOPLE = sorted(
    f"csv-xlsx/{path.name}" for path in (DATA / "csv-xlsx").iterdir() if path.suffix in (".csv", ".tsv", ".xlsx")
)


def imported(file: str, at_store: list[str], capsys: pytest.CaptureFixture[str], *more: str) -> dict[str, Any]:
    result: dict[str, Any] = told(capsys, "import", "people", DATA / file, *at_store, *more)
    return result


def test_the_table_names_every_list() -> None:
    there = {f"{f}/{p.name}" for f in ("patient-list-csv", "gp-connect") for p in (DATA / f).glob("*.csv")}
    assert there == set(EXPECTED)


@pytest.mark.parametrize("file", EXPECTED)
def test_a_list_gives_the_counts_that_a_reader_would(
    file: str, at_store: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    new, duplicates, refused = EXPECTED[file]
    dry = imported(file, at_store, capsys, "--dry-run")
    result = imported(file, at_store, capsys)
    assert (result["new"], result["possible_duplicates"]) == (new, duplicates)
    assert [each["line"] for each in result["refused"]] == refused
    assert all(each["reason"] for each in result["refused"])
    assert dry["new"] == result["new"], "the preview says what the import does"
    again = imported(file, at_store, capsys)
    assert (again["new"], again["updated"], again["unchanged"]) == (0, 0, new), "the same list twice adds nothing"


@pytest.mark.parametrize("file", NOT_PEOPLE)
def test_a_file_that_is_no_list_of_people_is_refused_in_words(
    file: str, at_store: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    code = run(["import", "people", str(DATA / file), *at_store])
    said = capsys.readouterr()
    assert code == 1
    assert said.err.strip().endswith("."), "a sentence"
    assert "Traceback" not in said.err
    assert run(["people", "--search", "a", *at_store]) == 0, "the store is as it was"
