"""Undo: withdrawn before it was sent, inverted afterwards, refused when something has changed since."""

import datetime as dt

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.storage.record_stores import close_writer, open_copy
from tests.storage.sample_records import add_person
from wellbeing_desktop.domain.contact import Contact
from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.domain.person import Address, Person
from wellbeing_desktop.domain.task import Task
from wellbeing_desktop.storage import audit, outbox, records
from wellbeing_desktop.storage.connection import Writer
from wellbeing_desktop.storage.outbox import Acknowledgement
from wellbeing_desktop.storage.search import find_people
from wellbeing_desktop.storage.undo import undo
from wellbeing_desktop.storage.write_door import transaction

NOW = dt.datetime(2026, 11, 21, 9, 30, tzinfo=dt.UTC)


def send_everything(writer: Writer) -> None:
    with writer.immediate():
        sent = outbox.mark_sent(writer, outbox.next_batch(writer))
        outbox.acknowledge(writer, [Acknowledgement(n=one.n or 0, result="applied", seq=9) for one in sent])


def contact_of(person_id: str) -> Contact:
    return Contact(
        subject=person_id,
        happened_at=NOW,
        happened_on=NOW.date(),
        medium="visit",
        outcome="happened",
        practitioner_id="p",
    )


def test_unsent_work_is_withdrawn_as_if_never_made_and_audit_says_so(writer: Writer) -> None:
    person_id = add_person(writer)
    with transaction(writer, "record_contact") as tx:
        id = tx.create(contact_of(person_id))
    changes = undo(writer, tx.changes.undo_id)
    assert changes.touches("contact")
    assert records.envelope_of(writer, id) is None
    assert outbox.of_record(writer, id) == []
    assert audit.entries(writer)[0].sentence == "Undo record contact: 1 contact taken back before it was sent."
    with pytest.raises(Refused, match="nothing to undo"):
        undo(writer, tx.changes.undo_id)


def test_an_undone_person_is_not_found_any_more(writer: Writer) -> None:
    with transaction(writer, "add_person") as tx:
        tx.create(Person(family_name="Okonkwo"))
    assert find_people(writer, "okon")
    undo(writer, tx.changes.undo_id)
    assert find_people(writer, "okon") == []


def test_an_undone_change_shows_the_value_before(writer: Writer) -> None:
    person_id = add_person(writer, known_as="Bron", communication_needs=("braille",))
    with transaction(writer, "change_person") as tx:
        tx.change(Person, person_id, {"known_as": "", "title": "Mrs", "communication_needs": ("large_print",)})
    undo(writer, tx.changes.undo_id)
    person = records.load(writer, Person, person_id)
    assert (person.known_as, person.title, person.communication_needs) == ("Bron", "", ("braille",))


def test_sent_work_is_taken_back_by_inverse_operations(writer: Writer) -> None:
    person_id = add_person(writer, known_as="Bron")
    with transaction(writer, "change_person") as tx:
        tx.change(Person, person_id, {"known_as": "Bronnie"})
        tx.add_members(Person, person_id, "communication_needs", ["braille"])
        task = tx.create(Task(subject=person_id, title="Ring back"))
    send_everything(writer)
    undo(writer, tx.changes.undo_id)
    person = records.load(writer, Person, person_id)
    assert (person.known_as, person.communication_needs) == ("Bron", ())
    assert records.load(writer, Task, task) is None
    kinds = [one.operation.kind.value for one in outbox.next_batch(writer)]
    assert sorted(kinds) == ["change", "change", "remove"]


def test_a_sent_contact_is_marked_as_entered_in_error(writer: Writer) -> None:
    person_id = add_person(writer)
    with transaction(writer, "record_contact") as tx:
        id = tx.create(contact_of(person_id))
    send_everything(writer)
    undo(writer, tx.changes.undo_id)
    assert records.load(writer, Contact, id) is None
    assert records.load(writer, Contact, id, also_gone=True) is not None


@pytest.mark.parametrize("sent", [False, True])
def test_undo_is_refused_in_words_when_the_field_has_changed_since(writer: Writer, sent: bool) -> None:
    person_id = add_person(writer)
    with transaction(writer, "change_person") as first:
        first.change(Person, person_id, {"known_as": "Bron"})
    with transaction(writer, "change_person") as tx:
        tx.change(Person, person_id, {"known_as": "Bronnie"})
    if sent:
        send_everything(writer)
    with pytest.raises(Refused, match="changed since"):
        undo(writer, first.changes.undo_id)
    assert records.load(writer, Person, person_id).known_as == "Bronnie"


def test_a_person_with_more_added_since_is_not_undone(writer: Writer) -> None:
    with transaction(writer, "add_person") as tx:
        person_id = tx.create(Person(family_name="Okonkwo"))
    with transaction(writer, "add_address") as later:
        later.create(Address(subject=person_id, line1="1 High Street"))
    with pytest.raises(Refused, match="More has been added"):
        undo(writer, tx.changes.undo_id)


_PATCHES = st.lists(
    st.fixed_dictionaries(
        {},
        optional={
            "known_as": st.sampled_from(["", "Bron", "Bronnie"]),
            "title": st.sampled_from(["", "Mrs"]),
            "born_on": st.sampled_from([None, dt.date(1950, 3, 2)]),
            "former_names": st.sampled_from([(), ("Jones",), ("Evans", "Jones")]),
        },
    ),
    max_size=5,
)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(patches=_PATCHES, sent_after=st.integers(0, 5))
def test_undoing_everything_backwards_leads_back_to_the_start(
    empty_store, tmp_path_factory, patches, sent_after
) -> None:
    writer = open_copy(empty_store, tmp_path_factory.mktemp("undo") / "store.db")
    try:
        person_id = add_person(writer)
        start = records.body_of_stored(writer, person_id)
        states = []
        for number, patch in enumerate(patches):
            if number == sent_after:
                send_everything(writer)
            states.append(records.body_of_stored(writer, person_id))
            with transaction(writer, "change_person") as tx:
                tx.change(Person, person_id, patch)
            states[-1] = (states[-1], tx.changes.undo_id)
        for before, undo_id in reversed(states):
            if undo_id:
                undo(writer, undo_id)
            assert records.body_of_stored(writer, person_id) == before
        assert records.body_of_stored(writer, person_id) == start
    finally:
        close_writer(writer)
