"""The Big List of Naughty Strings in every text field of every record about a person: saved on one laptop, synced,
found on the other, found by search, and printed."""

import datetime as dt
import json
from pathlib import Path

import msgspec
import pytest

from tests.documents.reading import bag, document_text
from tests.storage.sample_records import filled, save
from tests.sync.client.practice import Laptop, Practice
from wellbeing_desktop.documents.expected import expected_text
from wellbeing_desktop.documents.pdf import render_pdf
from wellbeing_desktop.documents.person_export import (
    ExportEntry,
    ExportSection,
    PersonExport,
    person_export_document,
)
from wellbeing_desktop.domain.contact import Note
from wellbeing_desktop.domain.definition import Compartment, Kind, Merge, RecordType, SubjectKind
from wellbeing_desktop.domain.person import Person
from wellbeing_desktop.domain.registry import RECORD_TYPES
from wellbeing_desktop.storage.records import load_all
from wellbeing_desktop.storage.search import search_text
from wellbeing_desktop.storage.write_door import Transaction

STRINGS: list[str] = [
    text
    for text in json.loads((Path(__file__).parents[2] / "data" / "strings" / "blns.json").read_text("utf-8"))
    if text.strip()
]
IN_ONE_FIELD = 40
CHUNKS = ["\n".join(STRINGS[at : at + IN_ONE_FIELD]) for at in range(0, len(STRINGS), IN_ONE_FIELD)]
# made by the server or by the rules of merging, not typed by people
NOT_TYPED = {"conflict", "alias", "misfiling", "amendment"}
TYPES = [
    each
    for each in RECORD_TYPES.values()
    if each.subject_kind is SubjectKind.PERSON
    and each.name not in NOT_TYPED
    and each.name != "person"
    and each.compartment is not Compartment.RESTRICTED  # reaches only those who are named
]


def free_text(record_type: RecordType) -> list[str]:
    return [
        field.name
        for field in record_type.fields
        if field.kind is Kind.TEXT
        and field.merge is not Merge.STATE
        and not field.about.code_list
        and not field.about.refers_to
        and not field.name.endswith("_id")
        and field.name != "position"
    ]


@pytest.fixture
def pair(file_practice: Practice) -> tuple[Laptop, Laptop]:
    ann, bob = file_practice.laptop(file_practice.member("Ann")), file_practice.laptop(file_practice.member("Bob"))
    ann.synced()
    bob.synced()
    return ann, bob


@pytest.mark.slow
@pytest.mark.scenario(3)
def test_every_naughty_string_in_every_text_field_reaches_the_other_laptop_and_the_page(
    pair: tuple[Laptop, Laptop],
) -> None:
    ann, bob = pair
    person_id = ann.create(Person(family_name="Hughes"))

    def save_all(tx: Transaction, chunk: str) -> None:
        for record_type in TYPES:
            usual = filled(record_type, person_id)
            save(tx, record_type, msgspec.structs.replace(usual, **dict.fromkeys(free_text(record_type), chunk)))

    for chunk in CHUNKS:
        ann.do(lambda tx, chunk=chunk: save_all(tx, chunk))
    ann.synced()
    bob.synced()
    fields_seen = 0
    for record_type in TYPES:
        theirs = bob.store.read(lambda reader, t=record_type: load_all(reader, t.struct, subject=person_id))
        assert len(theirs) == len(CHUNKS), record_type.name
        for name in free_text(record_type):
            assert [getattr(record, name) for record in theirs] == CHUNKS, f"{record_type.name}.{name}"
            fields_seen += 1
    assert fields_seen > 60
    assert bob.store.read(lambda reader: search_text(reader, "ﾟ･✿ヾ╲(｡◕‿◕｡)╱✿･ﾟ")) is not None
    hits = bob.store.read(lambda reader: search_text(reader, "undefined"))
    assert {hit.type for hit in hits} & {"note", "plan_narrative"}
    printed(bob, person_id)


def printed(laptop: Laptop, person_id: str) -> None:
    """The notes as a subject-access bundle: every character is on the page."""
    notes = laptop.store.read(lambda reader: load_all(reader, Note, subject=person_id))
    document = person_export_document(
        PersonExport(
            organisation="Test",
            made_on=dt.date(2026, 11, 21),
            reference="R1",
            person=(("Name", "Hughes"),),
            sections=(ExportSection("Notes", tuple(ExportEntry("Note", (("Text", note.text),)) for note in notes)),),
        )
    )
    # right-to-left words are compared as a bag of characters: readers turn them round (docs/decisions)
    assert bag(document_text(render_pdf(document).data)) == bag(expected_text(document))
