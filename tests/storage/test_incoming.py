"""What the server sends: stored whole, unknown things kept, pending work never lost, buckets come and go."""

import pytest

from tests.storage.sample_records import add_person, filled
from wellbeing_desktop.domain.definition import Compartment
from wellbeing_desktop.domain.person import Person
from wellbeing_desktop.domain.registry import RECORD_TYPES
from wellbeing_desktop.domain.wire import body_of
from wellbeing_desktop.storage import incoming, outbox, records, shadow
from wellbeing_desktop.storage.connection import Writer
from wellbeing_desktop.storage.drafts import drafts, save_draft
from wellbeing_desktop.storage.incoming import Version
from wellbeing_desktop.storage.outbox import Acknowledgement
from wellbeing_desktop.storage.records import StoredRow
from wellbeing_desktop.storage.search import find_people, search_text
from wellbeing_desktop.storage.write_door import transaction


def person_row(id: str, seq: int = 1, rev: int = 1, deleted: bool = False, **body) -> StoredRow:
    values = {"family_name": "Hughes", **body}
    return StoredRow(
        type="person", id=id, subject=id, compartment="card", body=values, rev=rev, seq=seq, deleted=deleted
    )


@pytest.mark.parametrize("record_type", RECORD_TYPES.values(), ids=RECORD_TYPES)
def test_every_type_is_stored_with_the_fields_that_this_version_does_not_know(writer: Writer, record_type) -> None:
    body = {**body_of(record_type, filled(record_type, "p1")), "from_next_year": [1, {"a": "b"}]}
    compartment = record_type.compartment or Compartment.CLINICAL
    row = StoredRow(
        type=record_type.name, id="r1", subject="p1", compartment=compartment.value, body=body, rev=2, seq=9
    )
    with writer.immediate():
        incoming.store_rows(writer, [row])
    assert records.body_of_stored(writer, "r1") == body
    assert incoming.server_row(writer, "r1") == row
    loaded = records.load(writer, record_type.struct, "r1", also_gone=True)
    assert body_of(record_type, loaded) == {name: value for name, value in body.items() if name != "from_next_year"}


def test_a_field_of_the_wrong_kind_is_kept_and_shown_as_absent(writer: Writer) -> None:
    body = {
        "family_name": 7,
        "born_on": "2nd March",
        "former_names": ["b", "a"],
        "restricted": "yes",
        "given_name": "Ann",
    }
    with writer.immediate():
        incoming.store_rows(writer, [person_row("p1", **body)])
    assert records.body_of_stored(writer, "p1") == body
    person = records.load(writer, Person, "p1")
    assert (person.family_name, person.born_on, person.former_names, person.restricted) == ("", None, (), None)
    assert find_people(writer, "ann")


def test_a_local_change_does_not_lose_unknown_fields(writer: Writer) -> None:
    with writer.immediate():
        incoming.store_rows(writer, [person_row("p1", from_next_year="kept")])
    with transaction(writer, "change_person") as tx:
        tx.change(Person, "p1", {"title": "Mrs"})
    assert records.body_of_stored(writer, "p1") == {"family_name": "Hughes", "from_next_year": "kept", "title": "Mrs"}


def test_an_unknown_type_waits_as_it_came(writer: Writer) -> None:
    row = StoredRow(type="horoscope", id="h1", subject="p1", compartment="core", body={"sign": "leo"}, rev=1, seq=4)
    with writer.immediate():
        incoming.store_rows(writer, [row])
    assert incoming.server_row(writer, "h1") == row
    assert records.envelope_of(writer, "h1") is None


def test_an_older_row_never_replaces_a_newer_one(writer: Writer) -> None:
    with writer.immediate():
        incoming.store_rows(writer, [person_row("p1", seq=9, family_name="New")])
        incoming.store_rows(writer, [person_row("p1", seq=8, family_name="Old")])
    assert records.load(writer, Person, "p1").family_name == "New"


def test_a_removed_row_leaves_lists_and_search(writer: Writer) -> None:
    with writer.immediate():
        incoming.store_rows(writer, [person_row("p1")])
        incoming.store_rows(writer, [person_row("p1", seq=2, deleted=True)])
    assert find_people(writer, "hughes") == []
    assert records.load(writer, Person, "p1") is None
    assert records.load(writer, Person, "p1", also_gone=True).family_name == "Hughes"


def test_pending_work_stays_in_sight_over_what_the_server_sends(writer: Writer) -> None:
    with writer.immediate():
        incoming.store_rows(writer, [person_row("p1", rev=3, seq=30, known_as="Bron")])
    with transaction(writer, "change_person") as tx:
        tx.change(Person, "p1", {"known_as": "Bronnie"})
    assert shadow.shadow_of(writer, "p1").body["known_as"] == "Bron"
    assert incoming.pending_ids(writer, ["p1", "p2"]) == {"p1"}
    server = person_row("p1", rev=4, seq=40, known_as="Bron", title="Mrs")
    with writer.immediate():
        incoming.store_under_pending(writer, server, person_row("p1", known_as="Bronnie", title="Mrs"))
    person = records.load(writer, Person, "p1")
    assert (person.known_as, person.title) == ("Bronnie", "Mrs")
    assert incoming.server_row(writer, "p1") == server
    assert records.envelope_of(writer, "p1").rev == 4
    with writer.immediate():
        outbox.acknowledge(
            writer,
            [
                Acknowledgement(n=one.n or 0, result="applied", seq=50)
                for one in outbox.mark_sent(writer, outbox.next_batch(writer))
            ],
        )
        assert incoming.pending_ids(writer, ["p1"]) == {"p1"}
        incoming.store_rows(writer, [person_row("p1", rev=5, seq=50, known_as="Bronnie", title="Mrs")])
        incoming.settle(writer, "p1")
    assert shadow.shadow_of(writer, "p1") is None
    assert incoming.pending_ids(writer, ["p1"]) == set()


def test_a_misfiling_that_comes_before_or_after_its_target_hides_it(writer: Writer) -> None:
    def note(id: str) -> StoredRow:
        body = {"written_on": "2026-11-21", "text": "quinquereme"}
        return StoredRow(type="note", id=id, subject="p1", compartment="clinical", body=body, rev=1, seq=1)

    def misfiling(id: str, target: str) -> StoredRow:
        body = {"target_type": "note", "target_id": target, "reason": "x"}
        return StoredRow(type="misfiling", id=id, subject="p1", compartment="clinical", body=body, rev=1, seq=1)

    for rows in ([misfiling("m1", "n1"), note("n1")], [misfiling("z2", "n2"), note("n2")]):
        for row in rows:
            with writer.immediate():
                incoming.store_rows(writer, [row])
    with writer.immediate():
        incoming.store_rows(writer, [note("n3"), misfiling("m3", "n3")])
    assert search_text(writer, "quinquereme") == []
    assert writer.value("SELECT count(*) FROM live_note") == 0


def test_an_entered_bucket_is_on_the_list_until_it_is_all_here(writer: Writer) -> None:
    with writer.immediate():
        incoming.bucket_entered(writer, "p1", "card")
        incoming.bucket_came(writer, "p1", "card", "r7")
    [bucket] = incoming.buckets_to_fetch(writer)
    assert (bucket.subject, bucket.compartment, bucket.after, bucket.stage) == ("p1", "card", "r7", "rows")
    with writer.immediate():
        incoming.bucket_is_here(writer, "p1", "card")
    assert incoming.buckets_to_fetch(writer) == []


def test_a_bucket_that_left_goes_only_when_its_work_is_answered(writer: Writer) -> None:
    person_id = add_person(writer, family_name="Quinquereme")
    save_draft(writer, "note/1", person_id, {"text": "x"})
    with writer.immediate():
        incoming.store_versions(
            writer, [Version(id=person_id, rev=1, author="a", dev="d", at_claimed="t", at_server="t")]
        )
        incoming.bucket_left(writer, person_id, "card", "moved")
        assert incoming.purge_bucket(writer, person_id, "card", 99) is None
        sent = outbox.mark_sent(writer, outbox.next_batch(writer))
        outbox.acknowledge(writer, [Acknowledgement(n=sent[0].n or 0, result="applied", seq=5)])
        gone = incoming.purge_bucket(writer, person_id, "card", 99)
    assert {change.id for change in gone} == {person_id}
    assert find_people(writer, "quinq") == []
    assert drafts(writer) == []
    assert incoming.buckets_to_leave(writer) == []
    for table in ("record", "person", "version", "shadow", "outbox", "person_words", "person_sort", "family_key"):
        assert writer.value(f"SELECT count(*) FROM {table}") == 0
    for table in ("find", "find_part", "text"):
        with writer.immediate():
            writer.execute(f"INSERT INTO {table} ({table}) VALUES ('integrity-check')")


def test_many_rows_are_stored_like_one_by_one(writer: Writer, empty_store, tmp_path) -> None:
    from tests.storage.record_stores import close_writer, open_copy

    rows = []
    for number in range(30):
        id = f"p{number:02d}"
        rows.append(person_row(id, family_name=f"Hughes{number % 7}"))
        address = {"line1": f"{number} High Street", "postcode": "LS11 7JJ"}
        rows.append(
            StoredRow(type="address", id=f"a{number:02d}", subject=id, compartment="card", body=address, rev=1, seq=1)
        )
        note = {"written_on": "2026-11-21", "text": f"canal {number}"}
        rows.append(
            StoredRow(type="note", id=f"n{number:02d}", subject=id, compartment="clinical", body=note, rev=1, seq=1)
        )
    rows.sort(key=lambda row: row.id)
    other = open_copy(empty_store, tmp_path / "other.db")
    with writer.immediate(), other.immediate():
        records.store_many(writer, rows)
        records.store_many(writer, rows)
        for row in rows:
            records.store_body(other, row)
    for typed in ("hughes3", "ls11 7jj", "high"):
        assert [row.id for row in find_people(writer, typed)] == [row.id for row in find_people(other, typed)]
    hits = [sorted(hit.id for hit in search_text(one, "canal")) for one in (writer, other)]
    assert hits[0] == hits[1]
    assert len(hits[0]) == 30
    close_writer(other)


def test_what_sync_stores_is_in_one_transaction_with_its_cursor(writer: Writer) -> None:
    class Cut(Exception):
        pass

    def page() -> None:
        with writer.immediate():
            incoming.store_rows(writer, [person_row("p1")])
            raise Cut

    with pytest.raises(Cut):
        page()
    assert records.envelope_of(writer, "p1") is None
