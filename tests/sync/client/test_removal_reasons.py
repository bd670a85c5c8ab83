"""A laptop gives up many people at once only for a reason that its server signed, for it, there and then (fault 37)."""

import datetime as dt

import msgspec
import pytest

from tests.sync.client.practice import Laptop, Member, Practice
from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.domain.ids import new_id
from wellbeing_desktop.domain.operation import OperationKind
from wellbeing_desktop.domain.organisation import Grant, Practitioner
from wellbeing_desktop.domain.person import Person
from wellbeing_desktop.storage.sync_findings import findings
from wellbeing_desktop.storage.sync_state import sync_number
from wellbeing_desktop.sync.client import reconcile
from wellbeing_desktop.sync.client.membership import membership_of
from wellbeing_desktop.sync.client.scope import STOPPED
from wellbeing_desktop.sync.protocol.signing_in import LaptopReport
from wellbeing_desktop.sync.server import removals
from wellbeing_desktop.sync.server.lost import lost_laptop
from wellbeing_desktop.sync.server.scope import scope_version

MANY = 25


def with_thirty(practice: Practice, coordinator: str = "") -> tuple[Laptop, Laptop, Member, tuple[str, ...]]:
    """Ann, who sees everybody; Cerys, who holds thirty people by name; and who they are."""
    ann = practice.laptop(practice.member("Ann"))
    ann.synced()
    made = [Person(family_name=f"Person {number}", coordinator_id=coordinator) for number in range(30)]
    people = tuple(ann.do(lambda tx: [str(tx.create(person, None)) for person in made]))
    ann.synced()
    member = practice.member("Cerys", kind="caseload", subjects=people)
    cerys = practice.laptop(member)
    cerys.synced()
    return ann, cerys, member, people


def allow(practice: Practice, member: Member, reason: str) -> None:
    service = practice.service
    practice.engine.write(
        lambda transaction: removals.allow(
            transaction, service.org, service.keys, member.id, reason, service.now(), by="x"
        )
    )


def held(laptop: Laptop) -> int:
    return len(laptop.all(Person))


@pytest.mark.fault(37)
def test_a_large_removal_waits_for_an_administrators_word_and_then_says_it(practice: Practice) -> None:
    _ann, cerys, member, people = with_thirty(practice)
    practice.move(member, remove=people[:MANY])
    assert [found.kind for found in cerys.sync().problems] == ["mass_removal"]
    assert held(cerys) == 30
    device = cerys.store.read(membership_of).device
    [(told,)] = practice.engine.read(
        lambda transaction: transaction.all("SELECT report FROM device WHERE dev = ?", (device,))
    )
    assert msgspec.json.decode(told, type=LaptopReport).removal_stopped == MANY
    with pytest.raises(Refused, match="A reason is one of"):
        allow(practice, member, "because")
    allow(practice, member, "practice_moved")
    report = cerys.sync()
    assert report.problems == ()
    assert report.findings == (f"{MANY} people leave this laptop: the practice of these people has moved.",)
    kept = cerys.store.read(findings)
    assert [found.words for found in kept] == list(report.findings), "the next sync does not take it away"
    assert held(cerys) == 30 - MANY
    assert cerys.store.read(lambda reader: sync_number(reader, STOPPED)) == 0
    assert lost_laptop(practice.service, device).people == 30 - MANY


@pytest.mark.fault(37)
def test_the_word_of_yesterday_does_not_hold_for_the_grants_of_today(file_practice: Practice) -> None:
    _ann, cerys, member, people = with_thirty(file_practice)
    allow(file_practice, member, "narrowed")
    file_practice.move(member, remove=people[:MANY])
    assert [found.kind for found in cerys.sync().problems] == ["mass_removal"]
    assert held(cerys) == 30


def test_a_caseload_that_colleagues_took_over_leaves_with_that_for_a_reason(practice: Practice) -> None:
    ann, cerys, member, people = with_thirty(practice)
    ann.do(lambda tx: [tx.change(Person, person, {"coordinator_id": ann.member.id}) for person in people[:MANY]])
    ann.synced()
    practice.move(member, remove=people[:MANY])
    report = cerys.sync()
    assert report.problems == ()
    assert "looked after by colleagues now" in report.findings[0]
    assert held(cerys) == 30 - MANY


def test_one_person_without_a_coordinator_among_them_stops_it_again(file_practice: Practice) -> None:
    ann, cerys, member, people = with_thirty(file_practice)
    ann.do(lambda tx: [tx.change(Person, person, {"coordinator_id": ann.member.id}) for person in people[: MANY - 1]])
    ann.synced()
    file_practice.move(member, remove=people[:MANY])
    assert [found.kind for found in cerys.sync().problems] == ["mass_removal"]


def test_whoever_has_left_and_a_grant_whose_day_came_need_nobodys_word(file_practice: Practice) -> None:
    practice = file_practice
    _ann, cerys, member, _people = with_thirty(practice)
    practice.write_as_server(
        OperationKind.CHANGE,
        Practitioner(id=member.id, subject=member.id),
        "card",
        left_on=(dt.datetime.now(dt.UTC).date() - dt.timedelta(days=1)).isoformat(),
    )
    assert "their time here has ended" in cerys.sync().findings[0]
    assert held(cerys) == 0


@pytest.mark.parametrize("lie", ["unsigned", "another word", "another laptop's", "a word of its own"])
def test_a_reason_that_does_not_verify_takes_nothing_away(file_practice: Practice, lie: str) -> None:
    practice = file_practice
    _ann, cerys, member, people = with_thirty(practice)
    practice.move(member, remove=people[:MANY])
    allow(practice, member, "narrowed")
    keys = practice.service.keys

    def bend(path: str, reply: bytes) -> bytes:
        if path != "/v1/pull":
            return reply
        told = msgspec.json.decode(reply)
        if lie == "unsigned":
            told.pop("reason_signature", None)
        elif lie == "another word":
            told["reason"] = "left"
        elif lie == "another laptop's":
            told["reason_signature"] = removals.signature(
                keys, practice.service.org, "0" * 32, told["epoch"], 1, told["scope_ver"], "narrowed"
            )
        else:
            told["reason"] = "<b>trust me</b>"
        return msgspec.json.encode(told)

    practice.bend = bend
    assert [found.kind for found in cerys.sync().problems] == ["mass_removal"]
    assert held(cerys) == 30


def test_a_laptop_that_fetches_everything_again_goes_by_the_same_word(file_practice: Practice) -> None:
    practice = file_practice
    _ann, cerys, member, people = with_thirty(practice)
    practice.move(member, remove=people[:MANY])
    reconcile.fetch_everything_again(cerys.store)
    assert [found.kind for found in cerys.sync().problems] == ["mass_removal"]
    assert held(cerys) == 30
    allow(practice, member, "narrowed")
    reconcile.fetch_everything_again(cerys.store)
    assert cerys.sync().problems == ()
    assert held(cerys) == 30 - MANY


def test_the_word_is_kept_for_one_member_and_one_state_of_their_grants(file_practice: Practice) -> None:
    practice = file_practice
    member = practice.member("Cerys")
    allow(practice, member, "narrowed")
    ver = practice.engine.read(lambda transaction: scope_version(transaction, practice.service.org, member.id))
    [kept] = practice.engine.read(lambda transaction: removals.allowed(transaction, practice.service.org))
    assert (kept.member, kept.scope_ver, kept.reason) == (member.id, ver, "narrowed")
    practice.write_as_server(
        OperationKind.CREATE,
        Grant(id=new_id(), subject=member.id, practitioner_id=member.id, kind="return"),
        "card",
    )
    today = practice.service.now().date()
    assert not practice.engine.read(
        lambda transaction: removals.standing_reason(transaction, practice.service.org, member.id, today)
    )
