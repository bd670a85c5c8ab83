"""`wellbeing import directory`: organisations once, services named as not kept, nothing invented."""

import json
from pathlib import Path
from typing import Any

import pytest

from wellbeing_desktop.cli.main import run
from wellbeing_desktop.domain.organisation import Organisation
from wellbeing_desktop.operations.setting_up import set_up_alone
from wellbeing_desktop.storage.kdf import FAST_FOR_TESTS
from wellbeing_desktop.storage.records import load_all
from wellbeing_desktop.storage.store import Store

DATA = Path(__file__).parents[1] / "data" / "open-referral-uk"
PASSPHRASE = "four quite plain words"


@pytest.fixture
def at_store(tmp_path: Path) -> list[str]:
    store, _kit = set_up_alone(tmp_path / "store", "T", PASSPHRASE, user_name="Sam", argon=FAST_FOR_TESTS)
    store.close()
    (tmp_path / "passphrase").write_text(PASSPHRASE + "\n", "utf-8")
    return ["--store", str(tmp_path / "store"), "--passphrase-file", str(tmp_path / "passphrase"), "--json"]


def imported(capsys: pytest.CaptureFixture[str], *arguments: str | Path) -> dict[str, Any]:
    code = run(["import", "directory", *map(str, arguments)])
    said = capsys.readouterr()
    assert code == 0, said.err
    result: dict[str, Any] = json.loads(said.out)
    return result


def organisations(at_store: list[str]) -> list[str]:
    with Store.open(Path(at_store[1]), PASSPHRASE) as store:
        return [each.name for each in store.read(lambda reader: load_all(reader, Organisation))]


def test_an_organisation_comes_in_once_and_its_service_is_named(
    at_store: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    files = [DATA / "service_full.json", DATA / "organization.json"]
    dry = imported(capsys, *files, *at_store, "--dry-run")
    assert organisations(at_store) == ["T"]
    result = imported(capsys, *files, *at_store)
    assert (dry["created"], result["created"], result["read"], result["updated"]) == (1, 1, 2, 0)
    assert organisations(at_store) == ["T", "Example Organization Inc."]
    said = "Community Counselling: this service is not kept. The directory comes in a later release."
    assert said in result["not_understood"]
    again = imported(capsys, *files, *at_store)
    assert (again["created"], again["read"]) == (0, 2)
    assert organisations(at_store) == ["T", "Example Organization Inc."]


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
