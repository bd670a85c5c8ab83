"""Many new records at once are what they would be one by one."""

from typing import Any

import pytest

from tests.storage.sample_records import add_person
from tests.storage.signing import join_organisation
from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.domain.ids import new_id
from wellbeing_desktop.domain.organisation import Grant
from wellbeing_desktop.domain.person import Address, Demographics, Person
from wellbeing_desktop.domain.safety import Alert
from wellbeing_desktop.storage import audit
from wellbeing_desktop.storage.connection import Writer
from wellbeing_desktop.storage.search import find_people
from wellbeing_desktop.storage.write_door import transaction


def group(family: str) -> list[Any]:
    id = new_id()
    return [
        Person(id=id, subject=id, family_name=family, given_name="Ada"),
        Address(id=new_id(), subject=id, line1="1 High Street", postcode="HU1 1AA"),
    ]


def held(writer: Writer, ids: list[str]) -> list[Any]:
    """Everything that the store keeps of some records, without what differs by its nature."""
    kept: list[Any] = []
    for id in ids:
        kept.append(writer.row("SELECT type, compartment, at, seq, rev, deleted, gone FROM record WHERE id = ?", (id,)))
        kept.append(
            writer.row(
                "SELECT type, compartment, kind, base, patch, was, author, action, state FROM outbox WHERE id = ?",
                (id,),
            )
        )
    return kept


def test_they_are_as_if_saved_one_by_one(writer: Writer) -> None:
    alike, together = group("Alike"), group("Alike")
    with transaction(writer, "import_people") as tx:
        for record in alike:
            tx.create(record)
    with transaction(writer, "import_people") as tx:
        tx.create_all([together])
    assert held(writer, [record.id for record in alike]) == held(writer, [record.id for record in together])
    assert len(find_people(writer, "alike")) == 2
    sentences = [audit.entries(writer, person_id=one[0].id)[0].sentence for one in (alike, together)]
    assert sentences[0] == sentences[1]
    assert tx.changes.touches("person", "address")
    assert not audit.verify(writer)


def test_each_group_is_sent_by_itself_and_undone_together(writer: Writer) -> None:
    with transaction(writer, "import_people") as tx:
        tx.create_all([group("One"), group("Two")])
    assert writer.value("SELECT count(DISTINCT txn) FROM outbox") == 2
    assert writer.value("SELECT count(DISTINCT door) FROM outbox") == 1


def test_what_is_not_allowed_one_by_one_is_not_allowed_together(writer: Writer) -> None:
    known = add_person(writer)
    for bad, error in (
        ([Person(id=new_id(), given_name="No family name")], Refused),
        ([Address(id=new_id(), subject="nobody", line1="1")], Refused),
        ([Person(id=known, subject=known, family_name="Again")], Refused),
        ([Person(family_name="No id")], ValueError),
        ([Alert(id=new_id(), subject=known)], ValueError),
    ):
        before = writer.value("SELECT count(*) FROM outbox")
        with pytest.raises(error), transaction(writer, "import_people") as tx:
            tx.create_all([bad])
        assert writer.value("SELECT count(*) FROM outbox") == before


def test_whoever_cares_for_people_brings_in_new_ones_with_all_that_is_about_them(writer: Writer) -> None:
    join_organisation(writer, Grant(kind="caseload", subjects=(), may_write=True))
    one, two = group("One"), group("Two")
    with transaction(writer, "import_people") as tx:
        tx.create_all([one, [*two, Demographics(id=new_id(), subject=two[0].id, stated_gender="2")]])
    assert writer.value("SELECT count(*) FROM outbox") == 5


def test_what_a_grant_does_not_give_of_new_people_is_refused_of_every_one(writer: Writer) -> None:
    join_organisation(writer, Grant(kind="front_desk", subjects=("*",), may_write=True))
    with transaction(writer, "import_people") as tx:
        tx.create_all([group("One"), group("Two")])
    for others in ([], [group("Three")]):
        last = group("Four")
        last.append(Demographics(id=new_id(), subject=last[0].id, stated_gender="2"))
        with pytest.raises(Refused, match="dates, appointments and scores"), transaction(writer, "import_people") as tx:
            tx.create_all([*others, last])
    assert writer.value("SELECT count(*) FROM outbox") == 4
