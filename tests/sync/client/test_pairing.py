"""Joining: one code, one laptop, a key that never leaves it, and nothing exchanged until somebody approved."""

from pathlib import Path

import pytest

from tests.sync.client.practice import PASSPHRASE, Laptop, Practice
from wellbeing_desktop.domain.errors import Refused, SyncProblem
from wellbeing_desktop.domain.person import Person
from wellbeing_desktop.storage.kdf import FAST_FOR_TESTS
from wellbeing_desktop.storage.store import Store
from wellbeing_desktop.sync.client.address import server_address
from wellbeing_desktop.sync.client.membership import membership_of
from wellbeing_desktop.sync.client.pairing import enrol, join
from wellbeing_desktop.sync.protocol.signing_in import key_fingerprint
from wellbeing_desktop.sync.server import auth, members


def test_a_code_is_good_once_and_only_as_it_is(practice: Practice) -> None:
    address, transport = server_address(practice.http.url), practice.transport()
    code = practice.code_for(practice.member("Ann"))
    assert enrol(transport, address, f"  {code.lower()} ").practitioner_name == "Ann"
    for wrong in (code, "AAAA-BBBB-CCCC-DDDD", "x" * 5000):
        with pytest.raises(SyncProblem) as found:
            enrol(transport, address, wrong)
        assert found.value.kind in ("code_not_right", "request_refused")
    with pytest.raises(Refused):
        enrol(transport, address, "   ")
    transport.close()


@pytest.mark.capability("P12")
def test_a_laptop_waits_until_it_is_approved(practice: Practice, tmp_path: Path) -> None:
    member, transport = practice.member("Ann"), practice.transport()
    code = practice.code_for(member, approved=False)
    enrolment = enrol(transport, server_address(practice.http.url), code, laptop_name="Ann's laptop")
    assert enrolment.is_pending
    [shown] = members.laptops(practice.service)
    assert shown.fingerprint == enrolment.fingerprint
    store, _ = Store.create(
        tmp_path / "store",
        "Ann",
        PASSPHRASE,
        organisation_id=enrolment.membership.organisation,
        user_id=enrolment.practitioner_id,
        argon=FAST_FOR_TESTS,
    )
    join(store, enrolment)
    ann = Laptop(store, transport, member)
    practice.laptops.append(ann)
    assert [found.kind for found in ann.sync().problems] == ["waiting_for_approval"]
    members.set_laptop_state(practice.service, shown.device, auth.APPROVED)
    ann.synced()


@pytest.mark.capability("P12")
@pytest.mark.fault(20)
def test_a_revoked_laptop_exchanges_nothing_and_keeps_what_it_has(
    practice: Practice, laptops: tuple[Laptop, Laptop]
) -> None:
    ann, bob = laptops
    ann.create(Person(family_name="Hughes"))
    device = ann.store.read(membership_of).device
    members.set_laptop_state(practice.service, device, auth.REVOKED)
    report = ann.sync()
    assert [(found.kind, found.retry) for found in report.problems] == [("sealed", False)]
    assert report.waiting == 1
    assert len(ann.all(Person)) == 1
    bob.synced()
    assert bob.all(Person) == []


@pytest.mark.fault(20)
def test_a_leavers_laptop_still_sends_and_fetches_nothing(practice: Practice, laptops: tuple[Laptop, Laptop]) -> None:
    ann, bob = laptops
    ann.create(Person(family_name="Hughes"))
    bob.create(Person(family_name="Jones"))
    bob.synced()
    device = ann.store.read(membership_of).device
    members.set_laptop_state(practice.service, device, auth.LEAVING)
    report = ann.sync()
    assert report.sent == 1
    assert [found.kind for found in report.problems] == ["leaving"]
    assert [person.family_name for person in ann.all(Person)] == ["Hughes"]


def test_the_key_never_travels_and_is_in_no_message(practice: Practice) -> None:
    ann = practice.laptop(practice.member("Ann"))
    membership = ann.store.read(membership_of)
    assert membership is not None
    assert all(membership.device_key.encode() not in message for message in practice.wire)
    assert membership.device_key not in repr(membership)


def test_both_ends_make_the_same_fingerprint() -> None:
    for number in range(20):
        key = bytes([number] * 32).hex()
        assert key_fingerprint(key) == auth.fingerprint(key)


def test_a_store_of_somebody_else_is_not_joined(practice: Practice, tmp_path: Path) -> None:
    transport = practice.transport()
    enrolment = enrol(transport, server_address(practice.http.url), practice.code_for(practice.member("Ann")))
    transport.close()
    store, _ = Store.create(tmp_path / "other", "Other", PASSPHRASE, argon=FAST_FOR_TESTS)
    with pytest.raises(Refused):
        join(store, enrolment)
    store.close()
