"""The people of the test files, as comparing takes them. Nobody in them exists."""

import csv
import io
import json
from pathlib import Path

from wellbeing_desktop.domain.dates import parse_listed_date
from wellbeing_desktop.operations.likeness import Known, known

DATA = Path(__file__).parents[2] / "data"


def pds(name: str) -> list[Known]:
    """The patients of one FHIR file: `searches/youds_searchset`."""
    found = json.loads((DATA / "pds-sandbox" / f"{name}.json").read_bytes())
    entries = [entry["resource"] for entry in found["entry"]] if found["resourceType"] == "Bundle" else [found]
    return [_patient(entry) for entry in entries if entry["resourceType"] == "Patient"]


def listed(name: str) -> list[Known]:
    """The people of one list: `cohort_import__valid`. Columns by what their headings end in."""
    text = (DATA / "patient-list-csv" / f"{name}.csv").read_bytes()
    try:
        lines = io.StringIO(text.decode("utf-8-sig"))
    except UnicodeDecodeError:
        lines = io.StringIO(text.decode("iso-8859-1"))
    people = []
    for number, row in enumerate(csv.DictReader(lines), 1):
        said = {_heading(key): value.strip() for key, value in row.items() if key and value}
        if "family" in said:
            people.append(
                known(
                    f"{name}:{number}",
                    said["family"],
                    said.get("given", ""),
                    said.get("known_as", ""),
                    parse_listed_date(said["born"]) if "born" in said else None,
                    said.get("number", ""),
                    said.get("postcode", ""),
                    line1=said.get("line1", ""),
                )
            )
    return people


def _heading(words: str) -> str:
    plain = words.upper().removeprefix("CHILD_").removeprefix("PERSON_").replace(" ", "_")
    return {
        "FIRST_NAME": "given",
        "FORENAME": "given",
        "LAST_NAME": "family",
        "SURNAME": "family",
        "PREFERRED_FIRST_NAME": "known_as",
        "PREFERRED_GIVEN_NAME": "known_as",
        "DATE_OF_BIRTH": "born",
        "DOB": "born",
        "NHS_NUMBER": "number",
        "POSTCODE": "postcode",
        "ADDRESS_LINE_1": "line1",
    }.get(plain, plain)


def _patient(found: dict) -> Known:
    names = {name["use"]: name for name in found.get("name", [])}
    usual, old = names.get("usual", {}), names.get("old", {})
    place = next((address for address in found.get("address", []) if address.get("use") == "home"), {})
    return known(
        found["id"],
        usual.get("family", ""),
        " ".join(usual.get("given", [])),
        "",
        parse_listed_date(found["birthDate"]) if "birthDate" in found else None,
        found["id"],
        place.get("postalCode", ""),
        former=[" ".join((*old["given"], old["family"]))] if old else (),
        line1=next(iter(place.get("line", [])), ""),
    )
