"""The one check of who may hold and change what, where the store makes it (PRACTICE W1)."""

import datetime as dt

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tests.storage.sample_records import add_person
from tests.storage.signing import SERVER, join_organisation, signed_body, store_grant
from wellbeing_desktop.domain.contact import Appointment, Note
from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.domain.organisation import Grant, Setting
from wellbeing_desktop.domain.person import Person
from wellbeing_desktop.storage import audit, grants, unproven
from wellbeing_desktop.storage.connection import Writer
from wellbeing_desktop.storage.history import history
from wellbeing_desktop.storage.records import StoredRow, store_body
from wellbeing_desktop.storage.scores import scores
from wellbeing_desktop.storage.timeline import timeline
from wellbeing_desktop.storage.write_door import transaction

DAY = dt.date(2026, 11, 21)


def add_note(writer: Writer, person_id: str) -> None:
    with transaction(writer, "write_note") as tx:
        tx.create(Note(subject=person_id, written_on=DAY, text="x"))


def somebody_elses(writer: Writer) -> str:
    """A person as they come from the server."""
    id = add_person(writer)
    with writer.immediate():
        writer.execute("UPDATE record SET rev = 1 WHERE id = ?", (id,))
    return id


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


def test_whoever_cares_for_people_writes_down_a_new_one_and_goes_on_with_them_before_any_sync(writer: Writer) -> None:
    join_organisation(writer, Grant(kind="caseload", subjects=(), may_write=True))
    person_id = add_person(writer)
    add_note(writer, person_id)
    change_title(writer, person_id)
    grants.require_hold(writer, person_id, "clinical")
    with writer.immediate():  # the server has them now, and its grant decides
        writer.execute("UPDATE record SET rev = 1 WHERE id = ?", (person_id,))
    with pytest.raises(Refused):
        add_note(writer, person_id)


def test_whoever_only_counts_or_reads_writes_down_nobody(writer: Writer) -> None:
    join_organisation(writer, Grant(kind="return", subjects=("*",)), Grant(kind="caseload", subjects=()))
    with pytest.raises(Refused):
        add_person(writer)


def test_a_caseload_grant_opens_its_people_and_nobody_else(writer: Writer) -> None:
    mine, other = add_person(writer), somebody_elses(writer)
    join_organisation(writer, Grant(kind="caseload", subjects=(mine,), may_write=True))
    add_note(writer, mine)
    change_title(writer, mine)
    for change in (add_note, change_title):
        with pytest.raises(Refused):
            change(writer, other)
    grants.require_hold(writer, mine, "clinical")
    assert not grants.may_hold(writer, mine, "restricted")


def test_a_grant_that_has_ended_opens_nothing(writer: Writer) -> None:
    person_id = somebody_elses(writer)
    join_organisation(
        writer, Grant(kind="caseload", subjects=(person_id,), may_write=True, until_on=dt.date(2020, 1, 1))
    )
    with pytest.raises(Refused):
        add_note(writer, person_id)


@pytest.mark.capability("W1")
def test_the_front_desk_books_for_anybody_but_writes_no_notes(writer: Writer) -> None:
    person_id = somebody_elses(writer)
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
    person_id = somebody_elses(writer)
    join_organisation(writer, Grant(kind="caseload", subjects=(person_id,), may_write=True))

    def grant_myself() -> None:
        with transaction(writer, "grant") as tx:
            tx.create(Grant(subject=tx.author, practitioner_id=tx.author, kind="owner", subjects=("*",)))

    with pytest.raises(Refused):
        grant_myself()


def test_more_than_the_card_asks_a_reason_and_is_audited(writer: Writer) -> None:
    person_id = somebody_elses(writer)

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
    person_id, other = somebody_elses(writer), somebody_elses(writer)
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


class SignedOrNot:
    """A caseload grant of one person that stands in the store in some other shape than the server sent it."""

    def __init__(self, writer: Writer) -> None:
        self.writer = writer
        self.person_id = somebody_elses(writer)
        self.user = grants.user_of(writer)
        join_organisation(writer)

    def holds(self, body: dict[str, object], *, rev: int = 1) -> bool:
        with self.writer.immediate():
            store_grant(self.writer, "g", body, rev=rev)
        return grants.may_hold(self.writer, self.person_id, "clinical")

    def good(self, key: Ed25519PrivateKey = SERVER) -> dict[str, object]:
        return signed_body("g", self.user, Grant(kind="caseload", subjects=(self.person_id,)), key)


def test_a_grant_that_our_server_did_not_sign_gives_nothing(writer: Writer) -> None:
    case = SignedOrNot(writer)
    good = case.good()
    assert case.holds(good)
    assert case.holds(good)  # remembered
    for altered in (
        {**good, "kind": "owner"},
        {**good, "subjects": ["*"]},
        {**good, "compartments": ["clinical", "restricted"]},
        {**good, "until_on": "2099-01-01"},
        {**good, "invented": "yes"},
        {**good, "signature": ""},
        {**good, "signature": "zz"},
        {**good, "signature": str(good["signature"])[:-2] + "ff"},  # the last byte of one is never over 16
        {name: value for name, value in good.items() if name != "signature"},
        case.good(Ed25519PrivateKey.generate()),
    ):
        assert not case.holds(altered), altered
        assert unproven.unproven_ids(writer) == ("g",)
    assert case.holds(good)
    assert unproven.unproven_ids(writer) == ()


def test_a_signed_grant_of_somebody_else_or_under_another_id_gives_nothing(writer: Writer) -> None:
    case = SignedOrNot(writer)
    other = signed_body("g", "somebody else", Grant(kind="caseload", subjects=(case.person_id,)))
    assert not case.holds(other)
    moved = signed_body("another id", case.user, Grant(kind="caseload", subjects=(case.person_id,)))
    assert not case.holds(moved)


def test_an_unsigned_grant_is_told_once_in_a_sentence_and_in_the_audit(writer: Writer) -> None:
    case = SignedOrNot(writer)
    assert not case.holds({**case.good(), "kind": "owner"})
    assert unproven.is_news(writer)
    assert unproven.note(writer) == 1
    assert not unproven.is_news(writer)
    unproven.note(writer)
    assert [line.action for line in audit.entries(writer)].count("set_aside_grant") == 1
    assert unproven.sentence(1).startswith("A grant on this laptop is not signed")


def test_work_that_waits_on_a_grant_of_ones_own_gives_nothing_and_takes_nothing_until_it_is_signed(
    writer: Writer,
) -> None:
    case = SignedOrNot(writer)
    owner = signed_body("o", case.user, Grant(kind="owner", subjects=("*",), may_write=True))
    with writer.immediate():
        store_grant(writer, "o", owner)
    with transaction(writer, "grant") as tx:
        tx.change(Grant, "o", {"with_names": True})
        tx.create(Grant(subject=tx.author, practitioner_id=tx.author, kind="return", subjects=("*",)))
    assert [grant.kind for grant in grants.grants_held(writer)] == ["owner"]
    assert grants.grants_held(writer)[0].with_names is None
    assert unproven.unproven_ids(writer) == ()


def test_grants_end_with_the_last_day_of_whoever_leaves(writer: Writer) -> None:
    case = SignedOrNot(writer)
    assert case.holds(case.good())
    with writer.immediate():
        store_body(
            writer,
            StoredRow(
                type="practitioner",
                id=case.user,
                subject=case.user,
                compartment="card",
                body={"name": "Ann", "left_on": "2026-11-30"},
                rev=1,
                seq=1,
            ),
        )
    assert grants.may_hold(writer, case.person_id, "clinical", dt.date(2026, 11, 30))
    assert not grants.may_hold(writer, case.person_id, "clinical", dt.date(2026, 12, 1))


def test_a_restricted_record_is_for_those_who_are_named(writer: Writer) -> None:
    case = SignedOrNot(writer)
    with writer.immediate():
        desk = signed_body("d", case.user, Grant(kind="front_desk", subjects=("*",), may_write=True))
        store_grant(writer, "d", desk)
    assert grants.may_hold(writer, case.person_id, "card")
    with writer.immediate():
        writer.execute("UPDATE person SET restricted = 1 WHERE id = ?", (case.person_id,))
    assert not grants.may_hold(writer, case.person_id, "card")
    with pytest.raises(Refused):
        change_title(writer, case.person_id)
    assert case.holds(case.good())
