"""`wellbeing import calendar` and `wellbeing export calendar`, one after the other."""

import datetime as dt
from pathlib import Path

import pytest

from tests.cli.running import PASSPHRASE, told
from wellbeing_desktop.cli.main import run
from wellbeing_desktop.domain.contact import Appointment
from wellbeing_desktop.domain.ids import new_id
from wellbeing_desktop.domain.person import Person
from wellbeing_desktop.operations.people import register_person
from wellbeing_desktop.storage.records import load_all
from wellbeing_desktop.storage.store import Store

TOMORROW = (dt.datetime.now(dt.UTC) + dt.timedelta(days=1)).replace(microsecond=0)


def ics(*starts: dt.datetime, more: str = "") -> str:
    events = "".join(
        f"BEGIN:VEVENT\r\nUID:x-{number}\r\nSUMMARY:Mary Jones\r\nDTSTART:{at:%Y%m%dT%H%M%SZ}\r\nDURATION:PT1H\r\n"
        "END:VEVENT\r\n"
        for number, at in enumerate(starts)
    )
    return f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\n{events}{more}END:VCALENDAR\r\n"


@pytest.fixture
def mary() -> str:
    return new_id()


@pytest.fixture
def at_store(at_store: list[str], mary: str) -> list[str]:
    with Store.open(Path(at_store[1]), PASSPHRASE) as store:
        store.write(lambda writer: register_person(writer, Person(id=mary, family_name="Jones", given_name="Mary")))
    return at_store


def held(at_store: list[str]) -> list[Appointment]:
    with Store.open(Path(at_store[1]), PASSPHRASE) as store:
        return store.read(lambda reader: load_all(reader, Appointment))


def test_in_out_and_taken_back(
    at_store: list[str], mary: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    one, two, out = tmp_path / "1.ics", tmp_path / "2.ics", tmp_path / "own.ics"
    one.write_text(ics(TOMORROW, more="BEGIN:VTODO\r\nUID:t\r\nEND:VTODO\r\n"), "utf-8")
    two.write_text(ics(TOMORROW, TOMORROW + dt.timedelta(hours=2)).replace("x-", "y-"), "utf-8")
    unnamed = told(capsys, "import", "calendar", one, *at_store)
    assert (unnamed["read"], unnamed["created"], unnamed["import_id"]) == (1, 0, "")
    assert unnamed["refused"][0]["item"] == "file 1, event 1"
    assert unnamed["not_understood"] == ["VTODO"]
    dry = told(capsys, "import", "calendar", one, two, "--person", mary, "--dry-run", *at_store)
    assert (dry["read"], dry["created"], held(at_store)) == (3, 3, [])
    came = told(capsys, "import", "calendar", one, two, "--person", mary, *at_store)
    assert (came["created"], came["updated"], len(held(at_store))) == (3, 0, 3)
    assert told(capsys, "import", "calendar", one, two, "--person", mary, *at_store)["unchanged"] == 3
    assert told(capsys, "export", "calendar", "--out", out, *at_store)["appointments"] == 3
    assert b"(MJ)" in out.read_bytes()
    assert b"Jones" not in out.read_bytes()
    assert told(capsys, "import", "calendar", out, *at_store)["unchanged"] == 3
    told(capsys, "import", "calendar", "--take-back", came["import_id"], *at_store)
    assert held(at_store) == []


@pytest.mark.parametrize("content", ["", "BEGIN:VCALENDAR", "x" * 11_000_000])
def test_what_is_no_calendar_ends_with_a_sentence(
    at_store: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str], content: str
) -> None:
    file = tmp_path / "a.ics"
    file.write_text(content, "utf-8")
    assert run(["import", "calendar", str(file), *at_store]) == 1
    assert "calendar" in capsys.readouterr().err
    assert run(["import", "calendar", *at_store]) == 1
