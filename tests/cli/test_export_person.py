"""`wellbeing export person`: the words that were written are in the file, what was told in confidence is not."""

import csv
import io
import json
from pathlib import Path

import pytest
from pypdf import PdfReader

from tests.cli.running import PASSPHRASE
from wellbeing_desktop.cli.main import run
from wellbeing_desktop.domain.contact import Contact, Note
from wellbeing_desktop.domain.document import Attachment
from wellbeing_desktop.domain.person import Person
from wellbeing_desktop.operations.contacts import record_contact
from wellbeing_desktop.operations.files import add_file
from wellbeing_desktop.operations.people import register_person
from wellbeing_desktop.operations.setting_up import set_up_alone
from wellbeing_desktop.storage.attachments import keep_file
from wellbeing_desktop.storage.kdf import FAST_FOR_TESTS
from wellbeing_desktop.storage.records import load_all

SAID = "Walked to the gate and back twice"
OTHERS = "She has not eaten since Sunday"
SECRET = "The neighbour hears shouting at night"


@pytest.fixture
def exported(tmp_path: Path):
    import datetime as dt

    store, _kit = set_up_alone(tmp_path / "store", "T", PASSPHRASE, user_name="Sam", argon=FAST_FOR_TESTS)
    store.write(lambda writer: register_person(writer, Person(family_name="Prosser", given_name="Gwen")))
    person_id = store.read(lambda reader: load_all(reader, Person))[0].id
    contact = Contact(
        subject=person_id, happened_at=dt.datetime.now(dt.UTC), medium="02", direction="out", outcome="spoke"
    )
    note = Note(text=SAID, told_by_others=SECRET, told_by="Neighbour", in_confidence=True)
    store.write(lambda writer: record_contact(writer, contact, note))
    open_word = Note(text="A call", told_by_others=OTHERS, told_by="Sian, daughter")
    store.write(lambda writer: record_contact(writer, contact, open_word))
    content = b"%PDF-1.7 the discharge letter"
    sha = keep_file(store.files, content, now=dt.datetime.now(dt.UTC))
    for name, title in ((sha, "../../etc/passwd"), ("f" * 64, "Not here")):
        document = Attachment(
            subject=person_id, sha256=name, bytes=len(content), media_type="application/pdf", title=title
        )
        store.write(lambda writer, document=document: add_file(writer, document))
    store.close()
    (tmp_path / "passphrase").write_text(PASSPHRASE, encoding="utf-8")

    def export(form: str, *more: str) -> Path:
        out = tmp_path / f"out.{form}"
        where = ["--store", str(tmp_path / "store"), "--passphrase-file", str(tmp_path / "passphrase")]
        assert run(["export", "person", person_id, "--format", form, "--out", str(out), *where, *more]) == 0
        return out

    return export


def test_json_and_csv_hold_every_record_but_no_confidence(exported) -> None:
    as_json = exported("json").read_text(encoding="utf-8")
    assert SAID in [note["text"] for note in json.loads(as_json)["note"]]
    as_csv = exported("csv").read_text(encoding="utf-8-sig")
    assert [row for row in csv.reader(io.StringIO(as_csv)) if row and row[-1] == SAID]
    assert SECRET not in as_json + as_csv


def test_w17_what_others_told_is_left_out_unless_it_is_asked_for(exported) -> None:
    assert OTHERS not in exported("json").read_text(encoding="utf-8")
    asked = exported("json", "--with-what-others-told").read_text(encoding="utf-8")
    assert OTHERS in asked
    assert SECRET not in asked


def test_the_pdf_can_be_read_and_says_what_is_left_out(exported) -> None:
    words = " ".join(" ".join(page.extract_text() for page in PdfReader(exported("pdf")).pages).split())
    assert SAID in words
    assert "told us in confidence" in words
    assert SECRET not in words


def test_the_web_page_says_the_same_as_the_pdf(exported) -> None:
    html = exported("html").read_text(encoding="utf-8")
    assert html.startswith('<!DOCTYPE html>\n<html lang="en-GB">')
    assert SAID in html
    assert "told us in confidence" in html
    assert SECRET not in html


def test_fhir_is_a_bundle_about_the_person(exported) -> None:
    bundle = json.loads(exported("fhir").read_bytes())
    assert bundle["entry"][0]["resource"]["resourceType"] == "Patient"
    assert SECRET not in json.dumps(bundle)


def test_the_documents_themselves_are_in_a_folder_beside_it_under_names_of_ours(exported, tmp_path: Path) -> None:
    exported("json")
    folder = tmp_path / "out-documents"
    assert sorted(path.name for path in folder.iterdir()) == ["document-1.pdf", "list.csv"]
    assert (folder / "document-1.pdf").read_bytes() == b"%PDF-1.7 the discharge letter"
    rows = list(csv.DictReader(io.StringIO((folder / "list.csv").read_text(encoding="utf-8-sig"))))
    assert [(row["File"], row["Title"]) for row in rows] == [
        ("document-1.pdf", "../../etc/passwd"),
        ("not on this computer", "Not here"),
    ]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out-documents", "out.json", "passphrase", "store"]
