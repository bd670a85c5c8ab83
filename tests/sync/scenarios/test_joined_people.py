"""One person registered on two offline laptops, with 200 records of every kind under each: joined, worked on, apart."""

import json
from collections import Counter

import pytest

from tests.storage.sample_records import filled
from tests.sync.client.practice import Laptop, Practice
from tests.sync.scenarios.people import all_synced, laptops_of, note_about, same_everywhere
from wellbeing_desktop.domain.contact import Note
from wellbeing_desktop.domain.definition import Compartment, RecordType, SubjectKind
from wellbeing_desktop.domain.person import Person
from wellbeing_desktop.domain.registry import RECORD_TYPES
from wellbeing_desktop.operations import found
from wellbeing_desktop.operations.aliases import join_people, take_people_apart
from wellbeing_desktop.operations.duplicates import Verdict, known_person, who_may_be
from wellbeing_desktop.storage import audit
from wellbeing_desktop.storage.joined import ids_of
from wellbeing_desktop.storage.undo import undo
from wellbeing_desktop.storage.write_door import Transaction

EACH = 200

NOT_MADE_SO = frozenset({"person", "alias", "conflict", "attachment"})
"""The person itself, the join itself, a clash (made by the merge alone), and bytes that travel by a way of their own."""

CARRIED = tuple(
    record_type
    for record_type in RECORD_TYPES.values()
    if record_type.subject_kind is SubjectKind.PERSON
    and record_type.name not in NOT_MADE_SO
    and record_type.compartment is not Compartment.RESTRICTED  # reaches only those who are named
)

Held = dict[str, tuple[str, str, int]]
"""Record id to its type, subject and whether it is gone."""


def register(laptop: Laptop, given: str) -> tuple[str, Held]:
    """The person, and records of every type in turn, until there are 200."""

    person_id = laptop.create(Person(family_name="Hughes", given_name=given, nhs_number="9434765919"))

    def work(tx: Transaction) -> list[str]:
        made = []
        for number in range(EACH):
            record_type = CARRIED[number % len(CARRIED)]
            record = filled(record_type, person_id, f"{given}{number}")
            made.append(tx.create(record, None if record_type.compartment else "clinical"))
        return made

    made = laptop.do(work, "fill")
    held = children(laptop, person_id)
    assert len(made) == EACH
    assert set(made) == set(held)
    return person_id, held


def children(laptop: Laptop, *person_ids: str) -> Held:
    rows = laptop.ask(
        "SELECT id, type, subject, gone FROM record WHERE subject IN (SELECT value FROM json_each(?))"
        " AND type NOT IN ('person', 'alias', 'conflict')",
        json.dumps(person_ids),
    )
    return {id: (type_name, subject, gone) for id, type_name, subject, gone in rows}


def read_through(laptop: Laptop, person_id: str, record_type: RecordType) -> set[str]:
    records = laptop.store.read(lambda reader: found.every(reader, record_type.struct, person_id))
    return {record.id for record in records}


def audited(laptop: Laptop) -> Counter[str]:
    assert laptop.store.read(audit.verify) == []
    return Counter(json.loads(entry)["action"] for (entry,) in laptop.ask("SELECT entry FROM audit"))


@pytest.mark.slow
@pytest.mark.capability("C7")
@pytest.mark.scenario(31)
@pytest.mark.fault(36)
@pytest.mark.parametrize("way_back", ["undo", "taken apart on the other laptop"])
@pytest.mark.parametrize("practice", ["file", pytest.param("postgres", marks=pytest.mark.postgres)], indirect=True)
def test_joined_worked_on_and_taken_apart_nothing_is_lost(practice: Practice, way_back: str) -> None:
    ann, bob = laptops_of(practice, "Ann", "Bob")
    kept, of_ann = register(ann, "Bronwen")  # both offline: neither has heard of the other
    other, of_bob = register(bob, "Bron")
    all_synced(ann, bob)
    everything = of_ann | of_bob
    clashes = {one.id for one in ann.conflicts()}  # of two samples of a kind that replaces itself
    for laptop in (ann, bob):
        assert children(laptop, kept, other) == everything
    [offer] = ann.store.read(lambda reader: who_may_be(reader, known_person(reader, kept)))
    assert (offer.person_id, offer.verdict) == (other, Verdict.CERTAINLY)

    joined = ann.store.write(lambda writer: join_people(writer, kept, other, "Same NHS number"))
    all_synced(ann, bob)
    for laptop in (ann, bob):
        assert children(laptop, kept, other) == everything, "nothing moves"
        for asked in (kept, other):
            assert laptop.store.read(lambda reader, asked=asked: ids_of(reader, asked)) == (kept, other)
            for record_type in CARRIED:
                carried = {id for id, (name, _subject, gone) in everything.items() if name == record_type.name}
                assert read_through(laptop, asked, record_type) == carried, record_type.name

    # one more edit and one more record after both have synced
    note_id = next(id for id, (name, _subject, _gone) in of_bob.items() if name == "note")
    bob.change(Note, note_id, text="Put right after the join")
    later = note_about(bob, kept, "Written while they were one")
    all_synced(bob, ann)
    if way_back == "undo":
        ann.store.write(lambda writer: undo(writer, joined.undo_id))
    else:
        bob.store.write(lambda writer: take_people_apart(writer, kept, other))
    all_synced(ann, bob)
    for laptop in (ann, bob):
        assert children(laptop, kept, other) == {**everything, later: ("note", kept, 0)}
        assert laptop.load(Note, note_id).text == "Put right after the join"
        for person_id, own in ((kept, {*of_ann, later}), (other, set(of_bob))):
            assert laptop.store.read(lambda reader, id=person_id: ids_of(reader, id)) == (person_id,)
            for record_type in CARRIED:
                mine = {id for id in own if id == later or everything[id][0] == record_type.name}
                mine = mine if record_type.name == "note" else mine - {later}
                assert read_through(laptop, person_id, record_type) == mine, record_type.name
        assert {one.id for one in laptop.conflicts()} == clashes
    same_everywhere(ann, bob)

    at_ann, at_bob = audited(ann), audited(bob)
    assert (at_ann["fill"], at_bob["fill"], at_ann["join_people"]) == (1, 1, 2)  # a line for each record
    assert at_ann["undo_join_people"] + at_bob["take_people_apart"] == 2
    touched = [
        json.loads(entry)["touched"]
        for laptop in (ann, bob)
        for (entry,) in laptop.ask("SELECT entry FROM audit")
        if json.loads(entry)["action"] == "fill"
    ]
    assert [sum(one.values()) for one in touched] == [EACH, EACH]
