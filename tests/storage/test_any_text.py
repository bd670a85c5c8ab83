"""Whatever people type: saved, loaded, searched and undone as it was, and readable in no file that is written."""

import datetime as dt
import json
from pathlib import Path

import pytest

from tests.storage.record_stores import close_writer, open_copy
from tests.storage.sample_records import add_person, filled, save
from wellbeing_desktop.domain.definition import Kind
from wellbeing_desktop.domain.person import Person
from wellbeing_desktop.domain.registry import RECORD_TYPES
from wellbeing_desktop.domain.task import Task
from wellbeing_desktop.domain.wire import body_of
from wellbeing_desktop.storage import outbox, records
from wellbeing_desktop.storage.connection import Writer
from wellbeing_desktop.storage.drafts import load_draft, save_draft
from wellbeing_desktop.storage.records import StoredRow, store_many
from wellbeing_desktop.storage.search import find_people, search_text
from wellbeing_desktop.storage.write_door import transaction

NAUGHTY: list[str] = json.loads((Path(__file__).parents[1] / "data" / "strings" / "blns.json").read_text("utf-8"))
SENTINEL = "Zyzzyva-sentinel-4711"


@pytest.mark.parametrize("record_type", RECORD_TYPES.values(), ids=RECORD_TYPES)
def test_every_text_field_of_a_type_keeps_every_naughty_string(writer: Writer, record_type) -> None:
    texts = [field.name for field in record_type.fields if field.kind is Kind.TEXT]
    rows = [
        StoredRow(
            type=record_type.name,
            id=f"r{number:04d}",
            subject=f"r{number:04d}",
            compartment="card",
            body={name: text for name in texts if text},
            rev=1,
            seq=number,
        )
        for number, text in enumerate(NAUGHTY)
    ]
    with writer.immediate():
        store_many(writer, rows)
    stored = records.bodies(writer, record_type, [row.id for row in rows])
    assert stored == {row.id: dict(row.body) for row in rows}
    for row in rows[::25]:
        loaded = records.load(writer, record_type.struct, row.id)
        assert loaded is None or body_of(record_type, loaded) == row.body


def test_every_naughty_string_goes_through_the_door_and_both_searches(writer: Writer) -> None:
    for start in range(0, len(NAUGHTY), 50):
        ids = {}
        with transaction(writer, "save_text") as tx:
            for text in NAUGHTY[start : start + 50]:
                person_id = tx.create(Person(family_name="x" + text, given_name=text, former_names=(text or "y",)))
                ids[person_id] = text
                tx.create(Task(subject=person_id, title="x" + text, detail=text))
                tx.begin_group()
        for person_id, text in ids.items():
            person = records.load(writer, Person, person_id)
            assert (person.family_name, person.given_name) == ("x" + text, text)
            [created] = outbox.of_record(writer, person_id)
            assert created.operation.patch["family_name"] == "x" + text
            find_people(writer, text)
            search_text(writer, text)
    for table in ("find", "find_part", "text"):
        with writer.immediate():
            writer.execute(f"INSERT INTO {table} ({table}) VALUES ('integrity-check')")


def test_every_naughty_string_comes_back_from_a_draft(writer: Writer) -> None:
    for number, text in enumerate(NAUGHTY):
        save_draft(writer, f"form/{number}", "p", {"text": text})
    for number, text in enumerate(NAUGHTY):
        assert load_draft(writer, f"form/{number}").body == {"text": text}


def test_what_was_typed_in_any_field_is_readable_in_no_file(empty_store: Path, tmp_path: Path) -> None:
    folder = tmp_path / "sentinel"
    folder.mkdir()
    writer = open_copy(empty_store, folder / "store.db")
    person_id = add_person(writer)
    for record_type in RECORD_TYPES.values():
        values = {
            field.name: (SENTINEL,) if field.kind is Kind.SET else SENTINEL
            for field in record_type.fields
            if field.kind in (Kind.TEXT, Kind.SET) and field.merge.value != "state" and field.name != "supersedes"
        }
        with transaction(writer, "save_it") as tx:
            made = filled(record_type, person_id)
            save(tx, record_type, type(made)(**{**{f: getattr(made, f) for f in made.__struct_fields__}, **values}))
    save_draft(writer, "form/1", person_id, {"text": SENTINEL}, at=dt.datetime(2026, 11, 21, tzinfo=dt.UTC))
    assert writer.value("SELECT count(*) FROM outbox WHERE patch LIKE ?", (f"%{SENTINEL}%",)) > 30
    assert writer.value("SELECT count(*) FROM audit WHERE entry LIKE ?", (f"%{SENTINEL}%",)) == 0
    with writer.immediate():  # while a transaction is under way, too
        writer.execute("UPDATE draft SET body = ?", (f'"{SENTINEL}"' * 1000,))
        _scan(folder)
    _scan(folder)
    close_writer(writer)
    _scan(folder)


def _scan(folder: Path) -> None:
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert files
    for path in files:
        content = path.read_bytes()
        for form in (SENTINEL.encode(), SENTINEL.encode("utf-16-le"), SENTINEL.lower().encode()):
            assert form not in content, path.name
