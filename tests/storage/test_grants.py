"""The one check of who may hold and change what, where the store makes it (PRACTICE W1)."""

import datetime as dt

import pytest

from tests.storage.sample_records import add_person
from wellbeing_desktop.domain.contact import Appointment, Note
from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.domain.organisation import Grant, Setting
from wellbeing_desktop.domain.person import Person
from wellbeing_desktop.domain.registry import type_of
from wellbeing_desktop.domain.wire import body_of
from wellbeing_desktop.storage import audit, grants
from wellbeing_desktop.storage.connection import Writer
from wellbeing_desktop.storage.history import history
from wellbeing_desktop.storage.records import StoredRow, store_body
from wellbeing_desktop.storage.scores import scores
from wellbeing_desktop.storage.sync_state import set_sync_values
from wellbeing_desktop.storage.timeline import timeline
from wellbeing_desktop.storage.write_door import transaction

DAY = dt.date(2026, 11, 21)


def join_organisation(writer: Writer, *held: Grant) -> None:
    """As after pairing: the store belongs to an organisation, and the server has sent these grants."""
    user = grants.user_of(writer)
    with writer.immediate():
        set_sync_values(writer, {"organisation": "org"})
        for number, grant in enumerate(held):
            body = {**body_of(type_of(Grant), grant), "practitioner_id": user}
            store_body(
                writer,
                StoredRow(type="grant", id=f"g{number}", subject=user, compartment="card", body=body, rev=1, seq=1),
            )


def add_note(writer: Writer, person_id: str) -> None:
    with transaction(writer, "write_note") as tx:
        tx.create(Note(subject=person_id, written_on=DAY, text="x"))


def change_title(writer: Writer, person_id: str) -> None:
    with transaction(writer, "change_person") as tx:
        tx.change(Person, person_id, {"title": "Dr"})


def test_a_store_on_this_computer_only_is_its_owner_s(writer: Writer) -> None:
    person_id = add_person(writer)
    grants.require_hold(writer, person_id, "restricted")
    add_note(writer, person_id)
    with transaction(writer, "set") as tx:
        tx.create(Setting(key="lock_minutes", value="5"))


def test_without_a_grant_nothing_is_written_or_read(writer: Writer) -> None:
    person_id = add_person(writer)
    join_organisation(writer)
    for change in (add_note, change_title):
        with pytest.raises(Refused, match="You may not change"):
            change(writer, person_id)
    with pytest.raises(Refused, match="no access to the notes and plans"):
        grants.require_hold(writer, person_id, "clinical")
    assert not grants.may_hold(writer, person_id, "card")


def test_a_caseload_grant_opens_its_people_and_nobody_else(writer: Writer) -> None:
    mine, other = add_person(writer), add_person(writer)
    join_organisation(writer, Grant(kind="caseload", subjects=(mine,), may_write=True))
    add_note(writer, mine)
    change_title(writer, mine)
    for change in (add_note, change_title):
        with pytest.raises(Refused):
            change(writer, other)
    grants.require_hold(writer, mine, "clinical")
    assert not grants.may_hold(writer, mine, "restricted")


def test_a_grant_that_has_ended_opens_nothing(writer: Writer) -> None:
    person_id = add_person(writer)
    join_organisation(
        writer, Grant(kind="caseload", subjects=(person_id,), may_write=True, until_on=dt.date(2020, 1, 1))
    )
    with pytest.raises(Refused):
        add_note(writer, person_id)


def test_the_front_desk_books_for_anybody_but_writes_no_notes(writer: Writer) -> None:
    person_id = add_person(writer)
    join_organisation(writer, Grant(kind="front_desk", subjects=("*",), may_write=True))
    with transaction(writer, "book") as tx:
        tx.create(
            Appointment(
                subject=person_id, starts_at=dt.datetime(2026, 11, 22, 9, tzinfo=dt.UTC), starts_on=DAY, state="booked"
            )
        )
    with pytest.raises(Refused):
        add_note(writer, person_id)
    assert not grants.may_hold(writer, person_id, "clinical")


def test_nobody_gives_themselves_a_grant(writer: Writer) -> None:
    person_id = add_person(writer)
    join_organisation(writer, Grant(kind="caseload", subjects=(person_id,), may_write=True))

    def grant_myself() -> None:
        with transaction(writer, "grant") as tx:
            tx.create(Grant(subject=tx.author, practitioner_id=tx.author, kind="owner", subjects=("*",)))

    with pytest.raises(Refused):
        grant_myself()


def test_more_than_the_card_asks_a_reason_and_is_audited(writer: Writer) -> None:
    person_id = add_person(writer)

    def look(reason: str) -> None:
        with transaction(writer, "look") as tx:
            tx.view_with_reason(person_id, "open_beyond_the_card", reason)

    with pytest.raises(Refused) as refused:
        look("  ")
    assert refused.value.field == "reason"
    look("The caller is her daughter and very worried")
    assert audit.entries(writer, person_id=person_id)[0].sentence == "Open beyond the card."
    assert not writer.value("SELECT count(*) FROM audit WHERE entry LIKE '%daughter%'")


def test_lists_about_a_person_show_only_what_may_be_held(writer: Writer) -> None:
    person_id, other = add_person(writer), add_person(writer)
    add_note(writer, person_id)
    [note_id] = [entry.id for entry in timeline(writer, person_id).entries]
    join_organisation(writer, Grant(kind="front_desk", subjects=(person_id,)))
    assert timeline(writer, person_id).entries == ()
    for read in (
        lambda: timeline(writer, other),
        lambda: scores(writer, person_id, "ons4"),
        lambda: history(writer, note_id),
    ):
        with pytest.raises(Refused, match="no access"):
            read()
