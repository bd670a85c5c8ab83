"""Grants given at the server's keyboard: what is restricted reaches whom they name, and nobody else, until they end."""

import datetime as dt
from typing import Any

import msgspec
import pytest

from tests.sync.client.practice import Laptop, Member, Practice
from wellbeing_desktop.domain.concern import Concern
from wellbeing_desktop.domain.contact import Note
from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.domain.ids import new_id
from wellbeing_desktop.domain.person import Person
from wellbeing_desktop.operations import concerns
from wellbeing_desktop.sync.client.emergency import ask_access
from wellbeing_desktop.sync.server import acts, grant_list, granting, members
from wellbeing_desktop.sync.server.granting import GrantChange, NewGrant
from wellbeing_desktop.sync.server.service import Service

BY = acts.COMMAND_LINE
WHY = "Safeguarding lead, decided by the owner"
BORN = dt.date(1950, 2, 3)


def colleague(practice: Practice, name: str, role: str) -> Member:
    id = members.add_member(practice.service, name, (role,))
    given = grant_list.listed(practice.service, id)
    return Member(id, given[0].number if given else "", name)


def laptop_of(practice: Practice, name: str, role: str) -> Laptop:
    laptop = practice.laptop(colleague(practice, name, role))
    laptop.synced()
    return laptop


def with_a_concern(laptop: Laptop, **fields: Any) -> str:
    """Somebody in the care of this laptop's coordinator, about whom a concern was raised."""
    person = laptop.create(Person(family_name="Jones", born_on=BORN, coordinator_id=laptop.member.id, **fields))
    concern = Concern(id=new_id(), subject=person, path="child", words="Bruises on the arm")
    laptop.store.write(lambda writer: concerns.raise_concern(writer, concern, ()))
    laptop.synced()
    return person


def changed(service: Service, number: str, reason: str, what: str, last_on: dt.date | None = None) -> None:
    granting.change(service, GrantChange(number=number, what=what, reason=reason, last_on=last_on), by=BY)


def newest_act(practice: Practice) -> tuple[str, str, str]:
    [act] = practice.engine.read(lambda transaction: acts.acts(transaction, practice.service.org, 1))
    return act.admin_id, act.act, act.target


def test_a_lead_who_is_named_for_restricted_gets_it_and_it_leaves_again(practice: Practice) -> None:
    ann = laptop_of(practice, "Ann", "coordinator")
    lee = laptop_of(practice, "Lee", "lead")
    team = {"name": "North", "lead_id": lee.member.id, "members": [ann.member.id]}
    members.create_as_server(practice.service, "team", "", team)
    person = with_a_concern(ann)
    lee.synced()
    assert [found.id for found in lee.all(Person)] == [person]
    assert lee.all(Concern) == []
    changed(practice.service, lee.member.grant_id, WHY, granting.NAMES_RESTRICTED)
    assert newest_act(practice) == (BY, "grant names restricted", lee.member.id)
    lee.synced()
    assert [found.words for found in lee.all(Concern)] == ["Bruises on the arm"]
    changed(practice.service, lee.member.grant_id, "Another lead has it", granting.NO_MORE_RESTRICTED)
    lee.synced()
    assert lee.all(Concern) == []
    assert [found.id for found in lee.all(Person)] == [person]


def test_a_grant_of_one_person_is_not_passed_on_to_the_next(file_practice: Practice) -> None:
    practice = file_practice
    ann = laptop_of(practice, "Ann", "coordinator")
    bob = laptop_of(practice, "Bob", "coordinator")
    first, second = with_a_concern(ann), with_a_concern(ann)
    number = granting.give(
        practice.service,
        NewGrant(
            member=bob.member.id,
            kind="caseload",
            reason=WHY,
            people=((first, "1950-02-03"),),
            restricted=True,
            until_on=practice.service.now().date() + dt.timedelta(days=90),
        ),
        by=BY,
    )
    assert newest_act(practice) == (BY, "grant given: caseload, restricted", bob.member.id)
    bob.synced()
    assert [found.subject for found in bob.all(Concern)] == [first]
    for person in (first, second):
        ann.change(Person, person, coordinator_id=bob.member.id)
    ann.synced()
    bob.synced()
    assert {found.id for found in bob.all(Person)} == {first, second}
    assert [found.subject for found in bob.all(Concern)] == [first]
    changed(practice.service, number, "It is over", granting.ENDS)
    assert newest_act(practice)[1] == "grant ended"
    bob.synced()
    assert bob.all(Concern) == []
    assert {found.id for found in bob.all(Person)} == {first, second}


def test_emergency_access_does_not_grow_with_the_caseload(file_practice: Practice) -> None:
    practice = file_practice
    ann = laptop_of(practice, "Ann", "coordinator")
    bob = laptop_of(practice, "Bob", "coordinator")
    person = ann.create(Person(family_name="Hughes", born_on=BORN, coordinator_id=ann.member.id))
    ann.create(Note(subject=person, written_on=BORN, text="what is known"))
    ann.synced()
    ask_access(
        bob.store, bob.transport, reason="safety_now", words="the line went dead", family_name="Hughes", born_on=BORN
    )
    other = ann.create(Person(family_name="Rees", coordinator_id=bob.member.id))
    ann.synced()
    lines = {line.reason: line for line in grant_list.listed(practice.service, bob.member.id)}
    assert (lines["Emergency access"].people, lines[""].people) == ("1", "1")
    with pytest.raises(Refused, match="never reaches"):
        changed(practice.service, lines["Emergency access"].number, WHY, granting.NAMES_RESTRICTED)
    bob.synced()
    assert {found.id for found in bob.all(Person)} == {person, other}


def test_what_a_grant_may_not_be_is_said(file_practice: Practice) -> None:
    practice = file_practice
    service = practice.service
    lead, owner = colleague(practice, "Lee", "lead"), colleague(practice, "Olu", "owner")
    admin = members.add_member(service, "Ines", ("administrator",))
    person = members.create_as_server(service, "person", "", {"family_name": "Jones", "born_on": "1950-02-03"})
    usual = NewGrant(member=lead.id, kind="team", reason=WHY)
    for change, words in (
        ({"reason": "  "}, "Say why"),
        ({"member": "nobody"}, "Nobody with that number"),
        ({"member": admin}, "holds no records"),
        ({"kind": "everything"}, "A grant is one of"),
        ({"people": ((person, "1950-02-04"),)}, "Nothing was given"),
        ({"people": ((person, "1950-02-03"),), "everybody": True}, "not both"),
        ({"kind": "return", "restricted": True}, "A return counts"),
        ({"kind": "owner", "restricted": True}, "as it is"),
        ({"kind": "office", "service_files": True}, "an owner has them"),
        ({"with_names": True}, "grant for the return"),
        ({"since_on": dt.date(2026, 2, 1), "until_on": dt.date(2026, 1, 1)}, "before the first"),
    ):
        with pytest.raises(Refused, match=words):
            granting.give(service, msgspec.structs.replace(usual, **change), by=BY)
    before = grant_list.listed(service)
    for work, words in (
        (lambda: changed(service, "nobody", WHY, granting.NAMES_RESTRICTED), "no grant with that number"),
        (lambda: changed(service, owner.grant_id, WHY, granting.NAMES_RESTRICTED), "as it is"),
        (lambda: changed(service, lead.grant_id, WHY, granting.NO_MORE_RESTRICTED), "does not name"),
        (lambda: changed(service, lead.grant_id, "", granting.ENDS), "Say why"),
    ):
        with pytest.raises(Refused, match=words):
            work()
    assert grant_list.listed(service) == before
    changed(service, lead.grant_id, "She left the team", granting.ENDS)
    with pytest.raises(Refused, match="ended already"):
        changed(service, lead.grant_id, "again", granting.ENDS)


def test_the_services_own_files_are_for_whom_a_grant_names(file_practice: Practice) -> None:
    service = file_practice.service
    member = members.add_member(service, "Lee", ("lead",))
    granting.give(service, NewGrant(member=member, kind="team", reason=WHY, service_files=True), by=BY)
    given = next(line for line in grant_list.listed(service, member) if line.reason)
    assert given.people == "0"
    assert "restricted" in given.compartments
