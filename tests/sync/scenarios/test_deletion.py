"""Deletion: scenarios 26 to 31."""

import datetime as dt

import pytest

from tests.sync.client.practice import Laptop, Practice
from tests.sync.scenarios.people import (
    all_synced,
    laptops_of,
    note_about,
    person_shared_by,
    same_everywhere,
)
from wellbeing_desktop.domain.care_plan import CarePlan
from wellbeing_desktop.domain.contact import Note
from wellbeing_desktop.domain.knowledge import Service
from wellbeing_desktop.domain.organisation import Organisation
from wellbeing_desktop.domain.person import Person
from wellbeing_desktop.operations.aliases import join_people
from wellbeing_desktop.operations.duplicate_index import possible_duplicates
from wellbeing_desktop.operations.person_record import read_person

TODAY = dt.date(2026, 11, 21)


def note_on(ann: Laptop, *others: Laptop) -> str:
    note_id = note_about(ann, person_shared_by(ann, *others), "Seen at home.")
    all_synced(ann, *others, rounds=1)
    return note_id


def removed(laptop: Laptop, note_id: str, why: str) -> None:
    laptop.do(lambda tx: tx.remove(Note, note_id, why))


def is_removed(laptop: Laptop, id: str) -> bool:
    return laptop.ask("SELECT deleted FROM record WHERE id = ?", id) == [(1,)]


@pytest.mark.scenario(25, 26)
@pytest.mark.fault(16)
@pytest.mark.parametrize("first", ["removal", "edit"])
def test_an_edit_of_what_another_removed_is_kept_and_offered_back(practice: Practice, first: str) -> None:
    """A deletes a visit, B edits it: the edit is kept and offered back; it is never silently gone."""
    ann, bob = laptops_of(practice, "Ann", "Bob")
    note_id = note_on(ann, bob)
    removed(ann, note_id, "Wrong person")
    bob.change(Note, note_id, text="Seen at home, with her son.")
    all_synced(*((ann, bob) if first == "removal" else (bob, ann)))
    for laptop in (ann, bob):
        assert not is_removed(laptop, note_id)
        assert laptop.load(Note, note_id).text == "Seen at home, with her son."
        [conflict] = laptop.conflicts()
        assert (conflict.target_id, conflict.field) == (note_id, "removed")
        said = "".join(f"{patch}{was}" for patch, was in laptop.ask("SELECT patch, was FROM version"))
        assert "Wrong person" in said + conflict.mine + conflict.theirs + conflict.base
    same_everywhere(ann, bob)


@pytest.mark.scenario(27)
def test_two_removals_of_one_note_agree(practice: Practice) -> None:
    """A and B delete the same note: no conflict, no error."""
    ann, bob = laptops_of(practice, "Ann", "Bob")
    note_id = note_on(ann, bob)
    removed(ann, note_id, "Wrong person")
    removed(bob, note_id, "Written twice")
    all_synced(ann, bob)
    for laptop in (ann, bob):
        assert is_removed(laptop, note_id)
        assert laptop.conflicts() == []
        said = "".join(patch for (patch,) in laptop.ask("SELECT patch FROM version WHERE id = ?", note_id))
        assert "Wrong person" in said
        assert "Written twice" in said
    same_everywhere(ann, bob)


@pytest.mark.scenario(28)
def test_a_service_added_under_a_removed_organisation_survives_where_it_can_be_seen(practice: Practice) -> None:
    """A deletes a directory folder while B adds a leaflet to it: the leaflet survives, in a visible place."""
    ann, bob = laptops_of(practice, "Ann", "Bob", kind="owner")
    organisation_id = ann.create(Organisation(name="Age Well"))
    all_synced(ann, bob)
    ann.do(lambda tx: tx.remove(Organisation, organisation_id, "Closed"))
    service_id = bob.create(Service(name="Tea on Tuesdays", organisation_id=organisation_id))
    all_synced(ann, bob)
    for laptop in (ann, bob):
        assert is_removed(laptop, organisation_id)
        [service] = laptop.all(Service)
        assert (service.id, service.name) == (service_id, "Tea on Tuesdays")
        assert laptop.conflicts() == []
    same_everywhere(ann, bob)


@pytest.mark.scenario(29)
def test_what_was_removed_and_restored_stays_though_an_older_removal_comes_later(practice: Practice) -> None:
    """A record deleted and then restored on A stays restored on B, even if B's older deletion arrives later."""
    ann, bob = laptops_of(practice, "Ann", "Bob")
    note_id = note_on(ann, bob)
    removed(bob, note_id, "Older removal")
    removed(ann, note_id, "Wrong person")
    ann.synced()
    ann.do(lambda tx: tx.restore(Note, note_id))
    ann.synced()
    bob.synced()
    all_synced(ann, bob)
    for laptop in (ann, bob):
        assert not is_removed(laptop, note_id)
        assert laptop.load(Note, note_id).text == "Seen at home."
        said = "".join(patch for (patch,) in laptop.ask("SELECT patch FROM version WHERE id = ?", note_id))
        assert "Older removal" in said
    same_everywhere(ann, bob)


@pytest.mark.scenario(30)
def test_a_removal_that_came_is_not_sent_back(practice: Practice) -> None:
    """A deletion that came from the server is not sent back as a new deletion."""
    ann, bob = laptops_of(practice, "Ann", "Bob")
    note_id = note_on(ann, bob)
    removed(ann, note_id, "Wrong person")
    ann.synced()
    assert bob.synced().received > 0
    assert is_removed(bob, note_id)
    assert bob.ask("SELECT count(*) FROM outbox WHERE id = ?", note_id) == [(0,)]
    assert bob.synced().sent == 0
    assert ann.synced().received == 0
    assert ann.ask("SELECT rev FROM record WHERE id = ?", note_id) == [(2,)]
    same_everywhere(ann, bob)


@pytest.mark.scenario(31)
@pytest.mark.fault(36)
def test_work_on_a_record_that_was_joined_elsewhere_is_read_under_the_one_kept(practice: Practice) -> None:
    """Two duplicate patients are merged centrally: A, holding notes and care plans for the vanished one, gets them
    under the survivor, including child notes."""
    ann, bob = laptops_of(practice, "Ann", "Bob")
    # Both register the same person offline; both records are kept, and offered as a likely pair.
    who = {"family_name": "Hughes", "given_name": "Bronwen", "born_on": dt.date(1950, 2, 3)}
    kept, twin = bob.create(Person(**who)), ann.create(Person(**who))
    all_synced(ann, bob)
    for laptop in (ann, bob):
        [(one, other)] = laptop.store.read(possible_duplicates)
        assert {one, other.person_id} == {kept, twin}
    bob.store.write(lambda writer: join_people(writer, kept, twin, "Same date of birth and address"))
    written_meanwhile = note_about(ann, twin, "Written before Ann knew.")
    plan_id = ann.create(CarePlan(subject=twin, state="draft"))
    all_synced(bob, ann)
    for laptop in (ann, bob):
        record = laptop.store.read(lambda reader: read_person(reader, kept, TODAY))
        assert "Written before Ann knew." in repr(record)
        assert plan_id in repr(record)
        assert laptop.store.read(possible_duplicates) == []
        assert laptop.load(Note, written_meanwhile).subject == twin, "child records never change person"
    same_everywhere(ann, bob)
