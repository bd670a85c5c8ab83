"""Who may hold what on the server (PRACTICE W1, SYNC 3.6; scenario 49), on both engines."""

import json

import msgspec
import pytest
from laptop import Laptop, only

from wellbeing_desktop.domain.ids import new_id
from wellbeing_desktop.domain.operation import OperationKind
from wellbeing_desktop.sync.protocol.message import Bucket
from wellbeing_desktop.sync.protocol.transfer import encode
from wellbeing_desktop.sync.server import auth, members
from wellbeing_desktop.sync.server.exchange import Exchange
from wellbeing_desktop.sync.server.service import Service


def types_held(laptop: Laptop) -> set[str]:
    return {row.type for row in laptop.rows.values()} - {"practitioner", "grant", "team", "setting"}


def full_person(laptop: Laptop, **body: object) -> str:
    person = laptop.person("Ellis", **body)
    laptop.create("address", person, {"line1": "1 High Street"})
    laptop.create("referral", person, {"source": "gp", "referrer_name": "Dr Shah", "received_on": "2026-10-05"})
    laptop.create("appointment", person, {"starts_on": "2026-10-06", "place": "home"})
    laptop.create("letter", person, {"to_name": "Dr Shah", "body": "words"})
    laptop.create("note", person, {"text": "clinical words"})
    laptop.create("note", person, {"text": "a concern"})
    laptop.create("alert", person, {"kind": "dog", "statement": "a dog"}, compartment="restricted")
    laptop.sync()
    return person


def test_a_coordinator_holds_their_own_caseload_and_nobody_elses(service: Service) -> None:
    a, b = Laptop(service, "Anna"), Laptop(service, "Ben")
    person = full_person(a)
    b.sync()
    assert types_held(a) == {"person", "address", "referral", "appointment", "letter", "note"}
    assert types_held(b) == set()
    assert b.bucket(Bucket(subject=person, compartment="clinical")).changes == ()
    assert b.bucket(Bucket(subject=person, compartment="clinical"), "versions").versions == ()
    b.load()
    assert types_held(b) == set()
    assert a.digest() == a.server_digest().sums
    assert b.digest() == b.server_digest().sums
    (grant,) = (row for row in a.rows.values() if row.type == "grant")
    assert grant.body["subjects"] == [person]
    assert "grant" not in {row.type for row in a.rows.values() if row.subject == b.user}


def test_the_restricted_compartment_is_for_whoever_is_named(service: Service) -> None:
    a, owner = Laptop(service, "Anna"), Laptop(service, "Olive", "owner")
    full_person(a)
    owner.sync()
    assert "alert" in types_held(owner)
    assert "alert" not in types_held(a)


@pytest.mark.scenario(49)
def test_a_tampered_laptop_writes_nothing_into_anothers_case(service: Service) -> None:
    a, b = Laptop(service, "Anna"), Laptop(service, "Ben")
    person = full_person(a)
    b.create("note", person, {"text": "forged"})
    b.operation("person", person, person, patch={"known_as": "forged"}, was={"known_as": None})
    b.operation("note", new_id(), person, OperationKind.CREATE, {"text": "forged"}, author=a.user)
    b.create("grant", b.user, {"practitioner_id": b.user, "kind": "owner", "subjects": ["*"], "may_write": True})
    b.operation("person", new_id(), person, OperationKind.CREATE, {"family_name": "forged"})
    reply = b.sync()
    assert [result.why for result in reply.results] == [
        "not_granted",
        "not_granted",
        "another_author",
        "not_granted",
        "wrong_subject",
    ]
    a.sync()
    assert "forged" not in str(a.rows)
    rows = service.engine.read(
        lambda transaction: transaction.all(
            "SELECT why, state FROM quarantine WHERE org = ? AND dev = ?", (service.org, b.dev)
        )
    )
    assert len(rows) == 5


def test_a_person_who_moves_coordinator_leaves_one_laptop_and_enters_the_other_whole(service: Service) -> None:
    a, b = Laptop(service, "Anna"), Laptop(service, "Ben")
    person = full_person(a)
    b.sync()
    a.change(person, coordinator_id=b.user)
    a.sync()
    assert types_held(a) == set()
    assert {(bucket.subject, bucket.compartment) for bucket in a.left} >= {(person, "card"), (person, "clinical")}
    b.sync()
    assert types_held(b) == {"person", "address", "referral", "appointment", "letter", "note"}
    a.create("note", person, {"text": "written before I knew"})
    assert only(a.push()).why == "not_granted"
    assert b.digest() == b.server_digest().sums


def test_the_front_desk_has_everybodys_card_and_may_book(service: Service) -> None:
    a, desk = Laptop(service, "Anna"), Laptop(service, "Dot", "front_desk")
    person = full_person(a)
    desk.sync()
    assert types_held(desk) == {"person", "address"}
    desk.create("appointment", person, {"starts_on": "2026-10-07"})
    desk.create("note", person, {"text": "words"})
    assert [result.r for result in desk.push().results] == ["applied", "quarantined"]


def test_the_office_has_cards_letters_and_appointments_only(service: Service) -> None:
    a, office = Laptop(service, "Anna"), Laptop(service, "Olu", "office")
    full_person(a)
    office.load()
    assert types_held(office) == {"person", "address", "letter", "appointment"}
    assert office.digest() == office.server_digest().sums


def test_a_return_grant_shows_counted_fields_and_never_words(service: Service) -> None:
    a, manager = Laptop(service, "Anna"), Laptop(service, "Mel", "manager")
    person = full_person(a, known_as="Jo", born_on="1950-01-02")
    manager.load()
    manager.pull()
    text = str(list(manager.rows.values()))
    for word in ("Ellis", "Jo", "High Street", "Dr Shah", "words", "concern", "a dog"):
        assert word not in text.replace("Olive", ""), word
    (referral,) = (row for row in manager.rows.values() if row.type == "referral")
    assert referral.body == {"source": "gp", "received_on": "2026-10-05"}
    assert manager.digest() == manager.server_digest().sums
    assert not manager.history or all(v.id != person for v in manager.history)
    manager.operation("person", person, person, patch={"known_as": "x"}, was={"known_as": None})
    assert only(manager.push()).why == "not_granted"


def test_a_new_grant_sends_what_is_old_and_its_end_takes_it_away(service: Service) -> None:
    a, b, owner = Laptop(service, "Anna"), Laptop(service, "Ben"), Laptop(service, "Olive", "owner")
    person = full_person(a)
    b.sync()
    owner.sync()
    grant = owner.create(
        "grant", b.user, {"practitioner_id": b.user, "kind": "office", "subjects": ["*"], "may_write": True}
    )
    owner.sync()
    b.sync()
    assert types_held(b) == {"person", "address", "letter", "appointment"}
    assert Bucket(subject=person, compartment="documents") in b.entered
    owner.operation("grant", grant, b.user, OperationKind.REMOVE, {"reason": "moved on"})
    owner.sync()
    b.sync()
    assert types_held(b) == set()
    assert b.digest() == b.server_digest().sums


def test_a_team_lead_follows_the_teams_caseload(service: Service) -> None:
    a, lead = Laptop(service, "Anna"), Laptop(service, "Lea", "lead")
    members.create_as_server(service, "team", "", {"name": "North", "members": [a.user], "lead_id": lead.user})
    full_person(a)
    lead.sync()
    assert "note" in types_held(lead)


def test_grants_are_signed_by_the_server(service: Service) -> None:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    from wellbeing_desktop.sync.server.records import grant_message

    a = Laptop(service, "Anna")
    a.person()
    a.sync()
    (grant,) = (row for row in a.rows.values() if row.type == "grant")
    key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(a.pair_reply.server_key))
    key.verify(
        bytes.fromhex(grant.body["signature"]), grant_message(grant.id, grant.subject, grant.deleted, grant.body)
    )


def test_a_leavers_laptop_may_send_its_last_work_but_receives_nothing(service: Service) -> None:
    from wellbeing_desktop.sync.server.problems import PullRefused, Revoked

    a = Laptop(service, "Anna")
    a.person()
    members.set_laptop_state(service, a.dev, auth.LEAVING)
    assert a.push().last_n == 1
    with pytest.raises(PullRefused):
        a.pull()
    members.set_laptop_state(service, a.dev, auth.REVOKED)
    a.person()
    with pytest.raises(Revoked):
        a.push()


def test_everything_hostile_in_an_operation_is_quarantined_and_the_next_one_applies(service: Service) -> None:
    a = Laptop(service, "Anna", "owner")
    person = a.person()
    good = a.outbox.pop()
    base = msgspec.json.decode(encode(good))
    bad: list[dict[str, object]] = [
        {"id": "x"},
        {"id": None},
        {"type": "no such type!"},
        {"type": "\0"},
        {"subject": "../../etc"},
        {"compartment": "clinical"},
        {"compartment": "\ud83d"},
        {"kind": "explode"},
        {"base": -1},
        {"base": 2**70},
        {"at": "x" * 5000},
        {"patch": []},
        {"patch": {"family_name": {"$gt": ""}}},
        {"patch": {"born_on": "2026-13-45"}},
        {"was": {"family_name": 1.5}},
        {"op_id": "1"},
        {"txn": 7},
        {"author": "somebody"},
        {"schema": -5},
    ]
    raws = []
    for number, change in enumerate(bad):
        id = new_id()
        operation = {**base, "op_id": new_id(), "id": id, "subject": id, **change, "n": number + 1}
        raws.append(json.dumps(operation).encode())
    from wellbeing_desktop.sync.protocol.pushing import PushReply, read_push
    from wellbeing_desktop.sync.server.service import encode_reply

    data = b'{"device":"%s","epoch":"%s","ops":[%s]}' % (a.dev.encode(), a.epoch.encode(), b",".join(raws))
    reply = msgspec.json.decode(encode_reply(Exchange(service).push(a.dev, read_push(data))), type=PushReply)
    assert {result.r for result in reply.results} == {"quarantined"}
    assert reply.last_n == len(bad)
    assert all(result.why for result in reply.results)
    assert only(a.push_raw([encode(msgspec.structs.replace(good, n=len(bad) + 1))])).r == "applied"
    a.pull()
    assert person in a.rows
