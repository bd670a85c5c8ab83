"""`wellbeing letters --format html`: a page for each person, under a name that says nothing of them."""

import datetime as dt
import json
from pathlib import Path

import pytest

from tests.cli.running import PASSPHRASE
from wellbeing_desktop.cli.main import run
from wellbeing_desktop.domain.contact import Appointment
from wellbeing_desktop.domain.person import Address, Person
from wellbeing_desktop.operations.appointments import book_appointment
from wellbeing_desktop.operations.people import add_address, register_person
from wellbeing_desktop.operations.service import describe_service
from wellbeing_desktop.operations.setting_up import set_up_alone
from wellbeing_desktop.storage.audit import entries
from wellbeing_desktop.storage.kdf import FAST_FOR_TESTS
from wellbeing_desktop.storage.records import load_all
from wellbeing_desktop.storage.store import Store


@pytest.mark.capability("C3")
def test_each_person_has_a_web_page_of_their_own(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    store, _kit = set_up_alone(tmp_path / "store", "T", PASSPHRASE, user_name="Sam", argon=FAST_FOR_TESTS)
    store.write(lambda writer: describe_service(writer, {"telephone": "01632 960 222"}))
    for family in ("Prosser", "Lloyd"):
        store.write(
            lambda writer, family=family: register_person(writer, Person(family_name=family, given_name="Gwen"))
        )
    for person in store.read(lambda reader: load_all(reader, Person)):
        home = Address(subject=person.id, line1="1 Heol y Bryn", line4="Hereford", postcode="HR9 9ZZ", use="1")
        store.write(lambda writer, home=home: add_address(writer, home))
        visit = Appointment(
            subject=person.id, starts_at=dt.datetime.now(dt.UTC) + dt.timedelta(days=2), place="At home"
        )
        store.write(lambda writer, visit=visit: book_appointment(writer, visit))
    store.close()
    (tmp_path / "passphrase").write_text(PASSPHRASE, encoding="utf-8")
    where = ["--store", str(tmp_path / "store"), "--passphrase-file", str(tmp_path / "passphrase"), "--json"]
    out = tmp_path / "pages"
    asked = ["letters", "appointment-reminder", "--to", "everyone", "--out", str(out), "--format", "html"]
    assert run([*asked, *where]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["letters"] == 2
    assert [Path(each["file"]).name for each in answer["files"]] == ["letter-001.html", "letter-002.html"]
    assert sorted(path.name for path in out.iterdir()) == ["letter-001.html", "letter-002.html"]
    pages = [path.read_text(encoding="utf-8") for path in sorted(out.iterdir())]
    assert all(page.startswith("<!DOCTYPE html>") for page in pages)
    assert sum("Prosser" in page for page in pages) == sum("Lloyd" in page for page in pages) == 1
    store = Store.open(tmp_path / "store", PASSPHRASE)
    noted = [line.person_id for line in store.read(entries) if line.action == "save_copy_of_letter"]
    store.close()
    assert sorted(noted) == sorted(each["person"] for each in answer["files"])
