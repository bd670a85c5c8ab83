"""`wellbeing import directory` and `export directory`: in once, taken back as one, out and back the same."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.running import PASSPHRASE, told
from wellbeing_desktop.cli.main import run
from wellbeing_desktop.domain.knowledge import Service
from wellbeing_desktop.domain.organisation import Organisation
from wellbeing_desktop.storage.records import load_all
from wellbeing_desktop.storage.store import Store

DATA = Path(__file__).parents[1] / "data" / "open-referral-uk"


def imported(capsys: pytest.CaptureFixture[str], *arguments: str | Path) -> dict[str, Any]:
    result: dict[str, Any] = told(capsys, "import", "directory", *arguments)
    return result


def names_of(at_store: list[str], struct: type[Organisation] | type[Service]) -> list[str]:
    with Store.open(Path(at_store[1]), PASSPHRASE) as store:
        return [each.name for each in store.read(lambda reader: load_all(reader, struct))]


def test_a_service_and_who_runs_it_come_in_once_and_go_as_one(
    at_store: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    files = [DATA / "service_full.json", DATA / "organization.json"]
    dry = imported(capsys, *files, *at_store, "--dry-run")
    assert (names_of(at_store, Organisation), names_of(at_store, Service)) == (["T"], [])
    result = imported(capsys, *files, *at_store)
    assert (dry["created"], result["created"], result["organisations"], result["read"]) == (1, 1, 1, 2)
    assert [each["item"] for each in result["refused"]] == ["file 2, Community Counselling"]
    assert names_of(at_store, Organisation) == ["T", "Example Organization Inc."]
    again = imported(capsys, *files, *at_store)
    assert (again["created"], again["updated"], again["unchanged"]) == (0, 0, 1)
    assert imported(capsys, "--take-back", result["import_id"], *at_store) == {"taken_back": 2}
    assert (names_of(at_store, Organisation), names_of(at_store, Service)) == (["T"], [])


def test_the_directory_is_written_and_another_laptop_reads_it(
    at_store: list[str], capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    imported(capsys, DATA / "service_full.json", *at_store)
    out = tmp_path / "directory.json"
    assert run(["export", "directory", *at_store, "--out", str(out)]) == 0
    assert json.loads(capsys.readouterr().out)["services"] == 1
    back = imported(capsys, out, *at_store)
    assert (back["created"], back["updated"], back["unchanged"], back["kept"]) == (0, 0, 1, [])


def test_a_file_without_services_does_not_stop_the_others(
    at_store: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    result = imported(capsys, DATA / "taxonomy.json", DATA / "service_full.json", *at_store)
    assert result["created"] == 1
    assert [each["item"] for each in result["refused"]] == ["file 1"]


def test_a_file_that_is_no_directory_is_refused_in_words(
    at_store: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    code = run(["import", "directory", str(DATA / "api_details.json"), *at_store])
    said = capsys.readouterr()
    assert (code, said.out) == (1, "")
    assert said.err.strip().endswith(".")
