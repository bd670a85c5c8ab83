"""The write door: every change with its operation, audit and search, or not at all."""

import datetime as dt

import pytest
from sqlcipher3 import dbapi2

from tests.storage.sample_records import add_person, filled, save
from wellbeing_desktop.domain.consent import Consent
from wellbeing_desktop.domain.contact import Contact, Note
from wellbeing_desktop.domain.correction import Amendment
from wellbeing_desktop.domain.definition import Lifecycle, Merge
from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.domain.person import Address, Person
from wellbeing_desktop.domain.registry import RECORD_TYPES, type_of
from wellbeing_desktop.domain.task import Task
from wellbeing_desktop.domain.wire import body_of
from wellbeing_desktop.storage import audit, outbox, records
from wellbeing_desktop.storage.connection import Writer
from wellbeing_desktop.storage.effective import heads, load_effective
from wellbeing_desktop.storage.write_door import transaction

EVERY_TYPE = pytest.mark.parametrize("record_type", RECORD_TYPES.values(), ids=RECORD_TYPES)
TODAY = dt.date(2026, 11, 21)
NOW = dt.datetime(2026, 11, 21, 9, 30, tzinfo=dt.UTC)


def contact_of(person_id: str, **fields) -> Contact:
    return Contact(
        subject=person_id,
        happened_at=NOW,
        happened_on=TODAY,
        medium="visit",
        outcome="happened",
        practitioner_id="p",
        **fields,
    )


def assert_rows_change_only_with_operations(writer: Writer) -> None:
    """SYNC I1, as triggers: a row changes right after its operation was queued, or the transaction ends."""
    for name in RECORD_TYPES:
        for when in ("INSERT", "UPDATE"):
            writer.connection.execute(
                f'CREATE TEMP TRIGGER "i1_{name}_{when}" BEFORE {when} ON main."{name}"'
                " WHEN (SELECT id FROM main.outbox ORDER BY local DESC LIMIT 1) IS NOT NEW.id"
                " BEGIN SELECT RAISE(ABORT, 'a row changed without its operation'); END"
            )


@EVERY_TYPE
def test_every_type_comes_back_as_it_was_saved(writer: Writer, record_type) -> None:
    person_id = add_person(writer)
    assert_rows_change_only_with_operations(writer)
    record = filled(record_type, person_id)
    with transaction(writer, "save_it") as tx:
        id = save(tx, record_type, record)
    loaded = records.load(writer, record_type.struct, id)
    assert loaded is not None
    assert body_of(record_type, loaded) == body_of(record_type, record)
    assert records.body_of_stored(writer, id) == body_of(record_type, record)
    envelope = records.envelope_of(writer, id)
    assert envelope is not None
    assert (envelope.type, envelope.rev, envelope.deleted) == (record_type.name, 0, False)
    assert loaded.subject == envelope.subject
    assert records.load_all(writer, record_type.struct, subject=loaded.subject)


@EVERY_TYPE
def test_every_type_travels_as_the_body_that_was_saved(writer: Writer, record_type) -> None:
    person_id = add_person(writer)
    record = filled(record_type, person_id)
    with transaction(writer, "save_it") as tx:
        id = save(tx, record_type, record)
    [queued] = outbox.of_record(writer, id)
    assert queued.operation.patch == body_of(record_type, record)
    assert queued.operation.kind == "create"
    assert queued.operation.txn == tx.changes.undo_id
    assert queued.operation.at.endswith("Z")


@EVERY_TYPE
def test_every_editable_field_changes_with_what_was_seen(writer: Writer, record_type) -> None:
    person_id = add_person(writer)
    with transaction(writer, "save_it") as tx:
        id = save(tx, record_type, filled(record_type, person_id))
    editable = record_type.lifecycle in (Lifecycle.EDITABLE, Lifecycle.SIGNED)
    fields = [field for field in record_type.fields if field.merge not in (Merge.FIXED, Merge.STATE)]
    after = filled(record_type, person_id, "bb")
    changes = {field.name: getattr(after, field.name) for field in fields if field.name != "signed_at"}
    if not editable:
        with pytest.raises(Refused), transaction(writer, "change_it") as tx:
            tx.change(record_type.struct, id, {record_type.fields[0].name: "x"})
        return
    if not changes:
        return
    assert_rows_change_only_with_operations(writer)
    before = records.body_of_stored(writer, id)
    with transaction(writer, "change_it") as tx:
        tx.change(record_type.struct, id, changes)
    stored = records.body_of_stored(writer, id)
    operation = outbox.of_record(writer, id)[-1].operation
    for name, value in operation.patch.items():
        if isinstance(value, dict):
            assert stored[name] == sorted((set(before[name]) - set(value["remove"])) | set(value["add"]))
        else:
            assert (stored[name], before[name]) == (value, operation.was[name])
    assert operation.patch


def test_a_required_field_left_empty_is_refused_by_name(writer: Writer) -> None:
    for record_type in RECORD_TYPES.values():
        for field in record_type.fields:
            if not field.about.required:
                continue
            person_id = add_person(writer)
            with pytest.raises(Refused) as refused, transaction(writer, "save_it") as tx:
                save(tx, record_type, filled(record_type, person_id, leave=(field.name,)))
            assert refused.value.field == field.name
            assert field.label in refused.value.message


def test_a_refused_transaction_leaves_nothing_behind(writer: Writer) -> None:
    person_id = add_person(writer)
    counts = "SELECT (SELECT count(*) FROM record), (SELECT count(*) FROM outbox), (SELECT count(*) FROM audit)"
    before = writer.row(counts)

    def save_one_good_and_one_bad() -> None:
        with transaction(writer, "save_two") as tx:
            tx.create(Task(subject=person_id, title="Ring the surgery"))
            tx.create(Task(subject=person_id))

    with pytest.raises(Refused):
        save_one_good_and_one_bad()
    assert writer.row(counts) == before


def test_a_field_left_as_it_was_seen_is_not_a_change_even_if_it_has_moved_on(writer: Writer) -> None:
    person_id = add_person(writer, known_as="Bron")
    with transaction(writer, "change_person") as tx:
        tx.change(Person, person_id, {"known_as": "Bronnie"})
    with transaction(writer, "change_person") as tx:
        changed = tx.change(
            Person, person_id, {"known_as": "Bron", "title": "Mrs"}, seen={"known_as": "Bron", "title": ""}
        )
    assert changed
    assert records.load(writer, Person, person_id).known_as == "Bronnie"
    assert outbox.of_record(writer, person_id)[-1].operation.patch == {"title": "Mrs"}


def test_an_operation_carries_what_the_person_saw_not_what_has_come_since(writer: Writer) -> None:
    person_id = add_person(writer, pronouns="she/her")
    with transaction(writer, "change_person") as tx:
        tx.change(Person, person_id, {"pronouns": "they/them"}, seen={"pronouns": ""})
    assert outbox.of_record(writer, person_id)[-1].operation.was == {"pronouns": None}


def test_a_change_that_changes_nothing_is_not_saved(writer: Writer) -> None:
    person_id = add_person(writer)
    with transaction(writer, "change_person") as tx:
        assert not tx.change(Person, person_id, {"family_name": "Hughes", "known_as": ""})
    assert tx.changes.undo_id == ""
    assert len(outbox.of_record(writer, person_id)) == 1


def test_members_are_added_and_removed_not_replaced(writer: Writer) -> None:
    person_id = add_person(writer, communication_needs=("large_print",))
    with transaction(writer, "change_person") as tx:
        tx.add_members(Person, person_id, "communication_needs", ["large_print", "braille"])
        tx.remove_members(Person, person_id, "communication_needs", ["large_print", "loop"])
    assert records.load(writer, Person, person_id).communication_needs == ("braille",)
    patches = [queued.operation.patch for queued in outbox.of_record(writer, person_id)[1:]]
    assert patches == [
        {"communication_needs": {"add": ["braille"], "remove": []}},
        {"communication_needs": {"add": [], "remove": ["large_print"]}},
    ]


def test_a_saved_contact_is_amended_not_changed(writer: Writer) -> None:
    person_id = add_person(writer)
    with transaction(writer, "record_contact") as tx:
        id = tx.create(contact_of(person_id, duration_minutes=40))
    with pytest.raises(Refused, match="Amend it"), transaction(writer, "change_contact") as tx:
        tx.change(Contact, id, {"duration_minutes": 45})
    with transaction(writer, "amend_contact") as tx:
        tx.amend(Contact, id, "duration_minutes", 45, "Forgot the telephone call after")
    with transaction(writer, "amend_contact") as tx:
        tx.amend(Contact, id, "duration_minutes", 50, "And the drive")
    assert records.load(writer, Contact, id).duration_minutes == 40
    assert load_effective(writer, Contact, id).duration_minutes == 50
    [head] = heads(writer, id, "duration_minutes")
    assert head.was == "45"
    assert records.envelope_of(writer, head.id).compartment == "core"
    assert records.load(writer, Amendment, head.id).subject == person_id


def test_a_note_is_changed_until_it_is_signed_and_amended_afterwards(writer: Writer) -> None:
    person_id = add_person(writer)
    with transaction(writer, "write_note") as tx:
        id = tx.create(Note(subject=person_id, written_on=TODAY, text="Settled"))
    with pytest.raises(Refused, match="not signed"), transaction(writer, "amend_note") as tx:
        tx.amend(Note, id, "text", "Unsettled", "Wrong word")
    with transaction(writer, "sign_note") as tx:
        tx.change(Note, id, {"text": "Settled today", "signed_at": NOW})
    for fields in ({"text": "x"}, {"signed_at": None}):
        with pytest.raises(Refused, match="Amend it"), transaction(writer, "change_note") as tx:
            tx.change(Note, id, fields)
    with transaction(writer, "amend_note") as tx:
        tx.amend(Note, id, "text", "Unsettled today", "Wrong word")
    assert load_effective(writer, Note, id).text == "Unsettled today"


def test_a_consent_is_replaced_by_one_that_names_it_and_only_once(writer: Writer) -> None:
    person_id = add_person(writer)
    values = {"subject": person_id, "purpose": "share", "given_by": "person", "given_on": TODAY}
    with transaction(writer, "record_consent") as tx:
        first = tx.create(Consent(decision="agreed", **values))
    with pytest.raises(Refused, match="replaces it"), transaction(writer, "change_consent") as tx:
        tx.change(Consent, first, {"decision": "objected"})
    with transaction(writer, "record_consent") as tx:
        tx.create(Consent(decision="objected", supersedes=first, **values))
    with pytest.raises(Refused, match="already replaced"), transaction(writer, "record_consent") as tx:
        tx.create(Consent(decision="agreed", supersedes=first, **values))


def test_a_state_follows_only_where_the_definition_lets_it(writer: Writer) -> None:
    person_id = add_person(writer)
    with transaction(writer, "add_task") as tx:
        id = tx.create(Task(subject=person_id, title="Ring back", state="open"))
    with transaction(writer, "finish_task") as tx:
        tx.change(Task, id, {"state": "done"})
    with pytest.raises(Refused) as refused, transaction(writer, "cancel_task") as tx:
        tx.change(Task, id, {"state": "cancelled"})
    assert refused.value.field == "state"
    with pytest.raises(Refused, match="begin with"), transaction(writer, "add_task") as tx:
        tx.create(Task(subject=person_id, title="Ring back", state="cancelled"))


def test_a_fixed_field_does_not_change(writer: Writer) -> None:
    person_id = add_person(writer)
    with transaction(writer, "add_task") as tx:
        id = tx.create(Task(subject=person_id, title="Ring back", about_id="one"))
    with pytest.raises(Refused) as refused, transaction(writer, "change_task") as tx:
        tx.change(Task, id, {"about_id": "two"})
    assert refused.value.field == "about_id"


def test_what_was_entered_in_error_leaves_lists_and_comes_back(writer: Writer) -> None:
    person_id = add_person(writer)
    with transaction(writer, "add_address") as tx:
        id = tx.create(Address(subject=person_id, line1="1 High Street"))
    with pytest.raises(Refused, match="why"), transaction(writer, "remove_address") as tx:
        tx.remove(Address, id, " ")
    with transaction(writer, "remove_address") as tx:
        tx.remove(Address, id, "Another person's")
    assert records.load(writer, Address, id) is None
    assert records.load_all(writer, Address, subject=person_id) == []
    assert records.load(writer, Address, id, also_gone=True).line1 == "1 High Street"
    with pytest.raises(Refused, match="Bring it back"), transaction(writer, "change_address") as tx:
        tx.change(Address, id, {"line1": "2 High Street"})
    with transaction(writer, "restore_address") as tx:
        tx.restore(Address, id)
    assert records.load(writer, Address, id).line1 == "1 High Street"
    assert [queued.operation.kind for queued in outbox.of_record(writer, id)] == ["create", "remove", "restore"]


def test_a_record_about_nobody_here_is_refused(writer: Writer) -> None:
    with pytest.raises(Refused) as refused, transaction(writer, "add_task") as tx:
        tx.create(Task(subject="somebody else", title="Ring back"))
    assert refused.value.field == "subject"


@pytest.mark.parametrize("value", ["\ud800", 7, None])
def test_a_value_that_no_column_holds_is_refused_by_name(writer: Writer, value) -> None:
    person_id = add_person(writer)
    with pytest.raises(Refused) as refused, transaction(writer, "change_person") as tx:
        tx.change(Person, person_id, {"family_name": value})
    assert refused.value.field == "family_name"


def test_each_person_touched_has_an_audit_entry_without_any_of_the_words(writer: Writer) -> None:
    person_id = add_person(writer, family_name="Zebedee")
    with transaction(writer, "record_contact") as tx:
        tx.create(contact_of(person_id))
        tx.create(Note(subject=person_id, written_on=TODAY, text="quinquereme"))
        tx.view(person_id, "open_record")
    lines = audit.entries(writer, person_id=person_id)
    assert [line.sentence for line in lines] == [
        "Open record.",
        "Record contact: 1 contact and 1 note added.",
        "Add person: 1 person added.",
    ]
    assert {line.person_id for line in lines} == {person_id}
    entries = " ".join(row[0] for row in writer.rows("SELECT entry FROM audit"))
    assert person_id not in entries
    assert "quinquereme" not in entries
    assert "Zebedee" not in entries


def test_changes_name_every_record_touched(writer: Writer) -> None:
    person_id = add_person(writer)
    with transaction(writer, "record_contact") as tx:
        id = tx.create(contact_of(person_id))
    assert {(change.type, change.id, change.subject) for change in tx.changes.touched} == {("contact", id, person_id)}


def test_a_group_for_each_person_of_an_import_is_one_piece_of_work_to_undo(writer: Writer) -> None:
    with transaction(writer, "import_people") as tx:
        for name in ("Ahmed", "Begum"):
            tx.begin_group()
            tx.create(Person(family_name=name))
    queued = outbox.of_door(writer, tx.changes.undo_id)
    assert len({one.operation.txn for one in queued}) == 2


def test_a_row_changed_behind_the_door_is_noticed_by_the_test_s_own_triggers(writer: Writer) -> None:
    person_id = add_person(writer)
    add_person(writer)
    assert_rows_change_only_with_operations(writer)
    with pytest.raises(dbapi2.IntegrityError, match="without its operation"), writer.immediate():
        writer.execute("UPDATE person SET title = 'Dr' WHERE id = ?", (person_id,))


def test_an_edit_on_top_of_unsent_work_keeps_the_base_that_was_seen(writer: Writer) -> None:
    person_id = add_person(writer)
    row = records.StoredRow(
        type="person", id=person_id, subject=person_id, compartment="card",
        body={"family_name": "Hughes", "known_as": "Bron"}, rev=3, seq=30,
    )  # fmt: skip
    with writer.immediate():
        writer.execute("DELETE FROM outbox")
        records.store_body(writer, row)
    with transaction(writer, "change_person") as tx:
        tx.change(Person, person_id, {"known_as": "Bronnie"})
    with writer.immediate():  # a pull brings revision 5 in underneath; the person's own text stays
        writer.execute("UPDATE record SET rev = 5 WHERE id = ?", (person_id,))
    with transaction(writer, "change_person") as tx:
        tx.change(Person, person_id, {"known_as": "Bronwen", "title": "Mrs"})
    with transaction(writer, "change_person") as tx:
        tx.change(Person, person_id, {"pronouns": "she/her"})
    operations = [queued.operation for queued in outbox.of_record(writer, person_id)]
    assert [(one.base, one.was) for one in operations] == [
        (3, {"known_as": "Bron"}),
        (3, {"known_as": "Bronnie", "title": None}),
        (5, {"pronouns": None}),
    ]


def test_type_of_a_struct_is_its_registered_type() -> None:
    assert type_of(Person).name == "person"
