"""What a laptop may hold moves with who cares for whom: it arrives whole, and it leaves only after its work was sent."""

import msgspec
import pytest

from tests.sync.client.practice import Fault, Laptop, Practice
from wellbeing_desktop.domain.operation import OperationKind
from wellbeing_desktop.domain.organisation import Grant
from wellbeing_desktop.domain.person import ContactPoint, Person
from wellbeing_desktop.domain.safety import AccessNote
from wellbeing_desktop.storage import search
from wellbeing_desktop.sync.client import reconcile, scope


def of_ann(practice: Practice) -> Laptop:
    ann = practice.laptop(practice.member("Ann"))
    ann.synced()
    return ann


def person_with_history(ann: Laptop, family_name: str) -> str:
    person_id = ann.create(Person(family_name=family_name))
    point_id = ann.create(ContactPoint(subject=person_id, medium="phone", value="+447700900001"))
    ann.change(ContactPoint, point_id, value="+447700900002")
    ann.change(Person, person_id, known_as="Bron")
    ann.synced()
    return person_id


@pytest.mark.capability("P3")
@pytest.mark.fault(19)
def test_somebody_who_enters_arrives_whole_with_history_whatever_their_age(practice: Practice) -> None:
    ann = of_ann(practice)
    old = person_with_history(ann, "Hughes")
    member = practice.member("Cerys", kind="caseload", subjects=())
    cerys = practice.laptop(member)
    cerys.synced()
    ann.create(Person(family_name="Other"))
    ann.synced()
    cerys.synced()
    assert cerys.all(Person) == []
    practice.move(member, add=(old,))
    report = cerys.synced()
    assert [person.known_as for person in cerys.all(Person)] == ["Bron"]
    assert [point.value for point in cerys.all(ContactPoint)] == ["+447700900002"]
    assert old in {change.id for change in report.changes.touched}
    assert cerys.ask("SELECT rev FROM version WHERE id = ? ORDER BY rev", old) == [(1,), (2,)]
    assert cerys.ask("SELECT count(*) FROM bucket_to_fetch") == [(0,)]
    assert [row.id for row in cerys.store.read(lambda reader: search.find_people(reader, "hugh"))] == [old]
    cerys.synced(verify=True)


def test_a_caseload_that_is_handed_over_arrives_in_a_few_requests(practice: Practice) -> None:
    ann = of_ann(practice)
    people = tuple(ann.create(Person(family_name=f"Person {number}")) for number in range(60))
    for person_id in people:
        ann.create(ContactPoint(subject=person_id, medium="phone", value="+447700900001"))
        ann.change(Person, person_id, known_as="Bron")
    ann.synced()
    member = practice.member("Cerys", kind="caseload", subjects=())
    cerys = practice.laptop(member)
    cerys.synced()
    practice.move(member, add=people)
    practice.paths.clear()
    cerys.synced()
    assert {person.id for person in cerys.all(Person)} == set(people)
    assert {person.known_as for person in cerys.all(Person)} == {"Bron"}
    assert cerys.ask("SELECT count(*) FROM version AS v JOIN person AS p ON p.id = v.id") == [(120,)]
    # sixty people are some three hundred buckets, each with rows and history
    assert 2 <= practice.paths.count("/v1/bucket") <= 8
    cerys.synced(verify=True)


def test_buckets_go_on_where_they_were_when_answers_are_lost(
    practice: Practice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scope, "BUCKETS_AT_ONCE", 4)
    monkeypatch.setattr(scope, "ROWS_AT_ONCE", 3)
    ann = of_ann(practice)
    people = tuple(ann.create(Person(family_name=f"Person {number}")) for number in range(4))
    for person_id in people:
        for number in range(4):
            point_id = ann.create(ContactPoint(subject=person_id, medium="phone", value=f"+44770090000{number}"))
            ann.change(ContactPoint, point_id, value="+447700900009")
    ann.synced()
    member = practice.member("Cerys", kind="caseload", subjects=())
    cerys = practice.laptop(member)
    cerys.synced()
    practice.move(member, add=people)
    practice.fault = lambda path, count: Fault.LOST_REPLY if path == "/v1/bucket" and count % 3 == 0 else None
    lost = 0
    while cerys.sync().problems or cerys.ask("SELECT count(*) FROM bucket_to_fetch") != [(0,)]:
        lost += 1
        assert lost < 60, "it comes no further"
        cerys.reopen()
    assert lost > 3
    assert len(cerys.all(ContactPoint)) == 16
    assert cerys.ask("SELECT count(*) FROM version AS v JOIN contact_point AS c ON c.id = v.id") == [(32,)]
    practice.fault = lambda path, count: None
    cerys.synced(verify=True)


def test_an_answer_that_brings_a_bucket_no_further_is_not_asked_for_for_ever(practice: Practice) -> None:
    ann = of_ann(practice)
    person_id = person_with_history(ann, "Hughes")
    member = practice.member("Cerys", kind="caseload", subjects=())
    cerys = practice.laptop(member)
    cerys.synced()
    practice.move(member, add=(person_id,))
    practice.bend = lambda path, reply: bent(reply) if path == "/v1/bucket" else reply
    assert [found.kind for found in cerys.sync().problems] == ["reply_damaged"]
    practice.bend = lambda path, reply: reply
    cerys.synced(verify=True)
    assert [person.known_as for person in cerys.all(Person)] == ["Bron"]


def bent(reply: bytes) -> bytes:
    told = msgspec.json.decode(reply)
    return msgspec.json.encode({key: value for key, value in told.items() if key not in ("done", "next")})


def test_a_crash_before_an_entering_bucket_was_fetched_loses_nothing(practice: Practice) -> None:
    ann = of_ann(practice)
    old = person_with_history(ann, "Hughes")
    member = practice.member("Cerys", kind="caseload", subjects=())
    cerys = practice.laptop(member)
    cerys.synced()
    practice.move(member, add=(old,))
    practice.fault = lambda path, count: Fault.LOST_REPLY if path == "/v1/bucket" else None
    assert cerys.sync().problems
    assert cerys.all(Person) == []
    cerys.reopen()
    practice.fault = lambda path, count: None
    cerys.synced()
    assert [person.id for person in cerys.all(Person)] == [old]


@pytest.mark.capability("P3")
@pytest.mark.scenario(48)
@pytest.mark.fault(18)
def test_somebody_who_leaves_is_gone_from_the_file_after_the_work_was_sent(practice: Practice) -> None:
    ann = of_ann(practice)
    leaving, staying = person_with_history(ann, "Sentinelhughes"), person_with_history(ann, "Jones")
    member = practice.member("Cerys", kind="caseload", subjects=(leaving, staying))
    cerys = practice.laptop(member)
    cerys.synced()
    cerys.create(AccessNote(subject=leaving, instructions="Sentinelnote: ring twice"))
    cerys.change(Person, staying, language="cy")
    practice.move(member, remove=(leaving,))
    # The push fails the first time: the work is not sent, so nothing may be taken away (I8).
    practice.fault = lambda path, count: Fault.BUSY if path == "/v1/push" else None
    assert cerys.sync().problems
    assert cerys.load(Person, leaving) is not None
    assert cerys.waiting() == 2
    practice.fault = lambda path, count: None
    report = cerys.synced()
    assert (report.sent, report.quarantined) == (2, 1)
    assert [person.id for person in cerys.all(Person)] == [staying]
    assert cerys.store.read(lambda reader: search.find_people(reader, "sentinelh")) == []
    assert cerys.ask("SELECT count(*) FROM version WHERE id = ?", leaving) == [(0,)]
    assert cerys.ask("SELECT count(*) FROM bucket_to_leave") == [(0,)]
    # What she wrote waits for the new team, and the receipt is in the audit that the server holds.
    entries = practice.engine.read(
        lambda transaction: transaction.all("SELECT entry FROM audit WHERE org = ?", (practice.service.org,))
    )
    assert any('"remove_from_laptop"' in entry and "purge person" in entry for (entry,) in entries)
    why = practice.engine.read(
        lambda transaction: transaction.all("SELECT why FROM quarantine WHERE org = ?", (practice.service.org,))
    )
    assert why == [("not_granted",)]
    cerys.synced(verify=True)


def test_somebody_who_leaves_and_comes_back_is_whole_again(practice: Practice) -> None:
    ann = of_ann(practice)
    person_id = person_with_history(ann, "Hughes")
    member = practice.member("Cerys", kind="caseload", subjects=(person_id,))
    cerys = practice.laptop(member)
    for change in ({"remove": (person_id,)}, {"add": (person_id,)}):
        cerys.synced()
        practice.move(member, **change)
    cerys.synced()
    assert [person.known_as for person in cerys.all(Person)] == ["Bron"]
    cerys.synced(verify=True)


@pytest.mark.parametrize("ended", ["one person", "the whole grant"])
def test_what_left_while_a_laptop_was_away_for_too_long_leaves_when_everything_is_fetched_again(
    practice: Practice, ended: str
) -> None:
    """No page tells it what left: the server does not remember so far back."""
    ann = of_ann(practice)
    leaving, staying = person_with_history(ann, "Hughes"), person_with_history(ann, "Jones")
    member = practice.member("Cerys", kind="caseload", subjects=(leaving, staying))
    cerys = practice.laptop(member)
    cerys.synced()
    cerys.change(Person, leaving, language="cy")
    if ended == "one person":
        practice.move(member, remove=(leaving,))
    else:
        grant = Grant(id=member.grant_id, subject=member.id)
        practice.write_as_server(OperationKind.REMOVE, grant, "card", reason="Moved on")
    practice.engine.write(
        lambda transaction: transaction.run(
            "DELETE FROM commit_log WHERE org = ? AND seq < (SELECT MAX(seq) FROM commit_log WHERE org = ?)",
            (practice.service.org, practice.service.org),
        )
    )
    assert cerys.synced().sent == 1, "her last work is sent first"
    left = {id for (id,) in cerys.ask("SELECT DISTINCT subject FROM record WHERE type <> 'grant'")}
    assert leaving not in left
    assert (staying in left) == (ended == "one person")


def test_whom_one_hands_over_leaves_also_when_the_same_sync_fetches_everything_again(practice: Practice) -> None:
    """Found by a random history: the server narrows the grant while it takes what is sent, after the sign-in."""
    member = practice.member("Ann", kind="caseload", subjects=())
    ann = practice.laptop(member)
    ann.synced()
    leaving, staying = (ann.create(Person(family_name=name, coordinator_id=member.id)) for name in ("Hughes", "Jones"))
    ann.synced()
    ann.change(Person, leaving, coordinator_id="")
    reconcile.fetch_everything_again(ann.store)
    ann.synced()
    ann.synced()
    assert [person.id for person in ann.all(Person)] == [staying]
    assert ann.ask("SELECT count(*) FROM record WHERE subject = ?", leaving) == [(0,)]


@pytest.mark.fault(37)
def test_a_removal_of_unusual_size_takes_nothing_away(practice: Practice) -> None:
    ann = of_ann(practice)
    people = tuple(ann.create(Person(family_name=f"Person {number}")) for number in range(30))
    ann.synced()
    member = practice.member("Cerys", kind="caseload", subjects=people)
    cerys = practice.laptop(member)
    cerys.synced()
    cerys.change(Person, people[0], known_as="Still sent")
    practice.move(member, remove=people[:25])
    report = cerys.sync()
    assert [found.kind for found in report.problems] == ["mass_removal"]
    assert report.sent == 1
    assert len(cerys.all(Person)) == 30
    assert cerys.ask("SELECT count(*) FROM bucket_to_leave") == [(0,)]
    practice.move(member, add=people[:25])  # the administrator saw it
    cerys.synced()
    assert len(cerys.all(Person)) == 30


def test_a_grant_that_arrives_is_kept_with_its_signature(practice: Practice) -> None:
    ann = of_ann(practice)
    [grant] = ann.all(Grant, practitioner_id=ann.member.id)
    assert len(grant.signature) == 128


def test_nobodys_history_travels_to_somebody_who_does_not_hold_the_record(practice: Practice) -> None:
    ann = of_ann(practice)
    cerys = practice.laptop(practice.member("Cerys", kind="caseload", subjects=()))
    cerys.synced()
    person_id = person_with_history(ann, "Sentinelhughes")
    practice.wire.clear()
    cerys.synced()
    assert cerys.ask("SELECT count(*) FROM version WHERE id = ?", person_id) == [(0,)]
    assert not any(person_id.encode() in message or b"Sentinel" in message for message in practice.wire)
