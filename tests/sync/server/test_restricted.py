"""A person whose whole record is restricted: nothing of it, of any type, reaches anybody who is not named.

SYNC scenarios 46 and 47, checked for every record type of the registry, from the server and towards it, on both
engines: rows, history, snapshot, buckets, digests, clashes, amendments, names of attachments.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from laptop import Laptop

from wellbeing_desktop.domain.definition import Compartment, Kind, Merge, RecordType, SubjectKind
from wellbeing_desktop.domain.ids import new_id
from wellbeing_desktop.domain.operation import OperationKind
from wellbeing_desktop.domain.registry import RECORD_TYPES
from wellbeing_desktop.storage.keys import StoreKey
from wellbeing_desktop.sync.protocol.message import Bucket
from wellbeing_desktop.sync.server import history, members
from wellbeing_desktop.sync.server.engine import Engine
from wellbeing_desktop.sync.server.organisations import new_organisation
from wellbeing_desktop.sync.server.service import Service
from wellbeing_desktop.sync.server.sqlite_engine import SqliteEngine

ABOUT_PEOPLE = tuple(name for name, one in RECORD_TYPES.items() if one.subject_kind is SubjectKind.PERSON)
OUTSIDERS = ("front_desk", "office", "lead", "coordinator")


def body_for(record_type: RecordType, target: str) -> dict[str, Any]:
    """Every field that holds words says the same secret ones."""
    body: dict[str, Any] = {}
    for field in record_type.fields:
        if field.merge is Merge.STATE and record_type.transitions:
            body[field.name] = min(record_type.transitions[""])
        elif field.name in ("target_id", "survivor_id", "vanished_id"):
            body[field.name] = target
        elif field.name == "target_type":
            body[field.name] = "contact"
        elif field.kind is Kind.TEXT and not (field.about.code_list or field.about.refers_to):
            body[field.name] = f"secret {record_type.name}"
    for name in ("supersedes", "field", "coordinator_id"):
        body.pop(name, None)
    return body


class Case:
    """One practice: Anna looks after a person of whom there is a record of every type; the others are nobody to them."""

    def __init__(self, engine: Engine) -> None:
        self.service = Service(engine, new_organisation(engine, "Test practice", history.server_now()))
        self.anna = Laptop(self.service, "Anna", "coordinator")
        self.outsiders = {role: Laptop(self.service, role, role) for role in OUTSIDERS}
        self.manager = Laptop(self.service, "Mel", "manager")
        everybody = {"practitioner_id": self.outsiders["lead"].user, "kind": "team", "subjects": ["*"]}
        members.create_as_server(self.service, "grant", self.outsiders["lead"].user, {**everybody, "may_write": True})
        named = {"practitioner_id": self.anna.user, "kind": "caseload", "compartments": [c.value for c in Compartment]}
        self.person = self.anna.person("secret person", restricted=True)
        members.create_as_server(
            self.service, "grant", self.anna.user, {**named, "subjects": [self.person], "may_write": True}
        )
        self.shared = self.anna.person("shared person")
        self.made: dict[str, str] = {"person": self.person}
        self.results = {}
        self.fill(self.person)
        self.shared_made = self.fill(self.shared)
        for laptop in (*self.outsiders.values(), self.manager):
            laptop.sync()
        self.seen_before = {role: dict(laptop.rows) for role, laptop in self.outsiders.items()}
        self.before = (self.anna.seq, self.anna.tok)
        self.anna.change(self.shared, restricted=True)
        self.anna.sync()
        self.anna.create("note", self.shared, {"text": "secret written afterwards"})
        self.anna.sync()
        for laptop in (*self.outsiders.values(), self.manager):
            laptop.sync()

    def fill(self, person: str) -> dict[str, str]:
        made = {"person": person}
        contact = new_id()
        for name in ("contact", *(name for name in ABOUT_PEOPLE if name not in ("person", "contact", "conflict"))):
            record_type = RECORD_TYPES[name]
            id = contact if name == "contact" else new_id()
            made[name] = id
            self.anna.operation(
                name, id, person, OperationKind.CREATE, body_for(record_type, contact),
                compartment=str(record_type.compartment or "core"),
            )  # fmt: skip
        reply = self.anna.sync()
        self.refused = {result.op_id: result.why for result in reply.results if result.why}
        # a clash is made by the merge: words over others that were never seen
        narrative = made["plan_narrative"]
        self.anna.operation(
            "plan_narrative",
            narrative,
            person,
            patch={"support": "secret conflict"},
            was={"support": "secret of somebody else"},
        )
        [made["conflict"]] = self.anna.sync().results[0].conflicts
        self.made.update(made if person == self.person else {})
        return made

    def everything_sent_to(self, laptop: Laptop) -> str:
        """All that the server says to a laptop that asks for everything it can think of."""
        found: list[Any] = [laptop.rows]
        again = Laptop(self.service, "", member=laptop.user)
        again.load()
        again.pull()
        found += [again.rows, again.history]
        for person in (self.person, self.shared):
            for compartment in Compartment:
                bucket = Bucket(subject=person, compartment=compartment)
                found += [again.bucket(bucket).changes, again.bucket(bucket, "versions").versions]
        found.append(again.server_digest(*range(256)).rows)
        return str(found)


@pytest.fixture(scope="module", params=["sqlcipher", pytest.param("postgresql", marks=pytest.mark.postgres)])
def case(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Case]:
    if request.param == "postgresql":
        yield Case(request.getfixturevalue("postgres_engine"))
        return
    folder: Path = tmp_path_factory.mktemp("restricted")
    engine = SqliteEngine(folder, StoreKey.new(), create=True)
    yield Case(engine)
    engine.close()


@pytest.fixture(scope="module")
def sent(case: Case) -> dict[str, str]:
    return {role: case.everything_sent_to(laptop) for role, laptop in case.outsiders.items()}


@pytest.mark.capability("D6")
@pytest.mark.scenario(46)
@pytest.mark.parametrize("type_name", ABOUT_PEOPLE)
def test_whoever_is_named_has_it_and_nobody_else_does(case: Case, sent: dict[str, str], type_name: str) -> None:
    assert case.refused == {}
    assert case.made[type_name] in case.anna.rows, "the test made nothing that could leak"
    for role, words in sent.items():
        assert case.made[type_name] not in words, role
        assert f"secret {type_name}" not in words, role


@pytest.mark.scenario(47)
@pytest.mark.parametrize("type_name", ABOUT_PEOPLE)
def test_what_was_shared_before_it_was_restricted_leaves_and_nothing_new_comes(
    case: Case, sent: dict[str, str], type_name: str
) -> None:
    id = case.shared_made[type_name]
    if RECORD_TYPES[type_name].compartment is not Compartment.RESTRICTED:
        assert any(id in rows for rows in case.seen_before.values()), "nobody had it, so nothing could leave"
    for role, words in sent.items():
        assert id not in words, role
        assert "written afterwards" not in words, role


@pytest.mark.parametrize("type_name", ABOUT_PEOPLE)
def test_nothing_is_written_into_it_by_anybody_who_is_not_named(case: Case, type_name: str) -> None:
    record_type = RECORD_TYPES[type_name]
    compartment = str(record_type.compartment or "core")
    for role, laptop in case.outsiders.items():
        body = body_for(record_type, case.made["contact"])
        if type_name not in ("person", "conflict"):
            laptop.operation(
                type_name, new_id(), case.person, OperationKind.CREATE, body, compartment=compartment
            )  # fmt: skip
        laptop.operation(
            type_name, case.made[type_name], case.person, OperationKind.REMOVE, {"reason": "x"}, compartment=compartment
        )
        assert {result.why for result in laptop.push().results} == {"not_granted"}, role


def test_digests_agree_on_both_sides_of_the_restriction(case: Case) -> None:
    for laptop in (case.anna, case.manager, *case.outsiders.values()):
        laptop.pull()
        assert laptop.digest() == laptop.server_digest().sums


def test_a_return_counts_the_person_without_a_name_or_a_word(case: Case) -> None:
    words = case.everything_sent_to(case.manager)
    assert case.person in words
    # which questionnaire a score is of, and what kind a task is, are counted and nobody's words
    assert set(re.findall(r"secret \w+", words)) <= {"secret score", "secret task"}


def test_lifting_the_restriction_sends_everything_again(case: Case) -> None:
    office = case.outsiders["office"]
    case.anna.change(case.shared, restricted=None)
    case.anna.sync()
    office.pull()
    assert {row.type for row in office.rows.values() if row.subject == case.shared} >= {"person", "letter"}
    assert not {row.type for row in office.rows.values() if row.subject == case.person}
    assert office.digest() == office.server_digest().sums
