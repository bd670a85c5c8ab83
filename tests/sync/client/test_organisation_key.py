"""Which recovery key of the organisation a laptop believes, from joining to sealing, whatever its server says."""

from pathlib import Path

import msgspec
import pytest

from tests.sync.client.practice import PASSPHRASE, Laptop, Practice
from wellbeing_desktop.domain.errors import Refused, StoreProblem
from wellbeing_desktop.domain.six_groups import six_groups
from wellbeing_desktop.storage import audit
from wellbeing_desktop.storage.envelope import ORGANISATION_FILE, RECOVERY_FILE
from wellbeing_desktop.storage.kdf import FAST_FOR_TESTS
from wellbeing_desktop.storage.organisation_key import (
    FROM_POLICY,
    FROM_SERVER,
    FROM_USER,
    Belief,
    belief,
    believe,
)
from wellbeing_desktop.storage.organisation_public import text_of
from wellbeing_desktop.storage.recovery import RecoveryKey
from wellbeing_desktop.storage.store import Store
from wellbeing_desktop.sync.client.membership import membership_of
from wellbeing_desktop.sync.client.organisation_key import NOT_SIGNED, accept_offered
from wellbeing_desktop.sync.server import auth, members, recovery_keys
from wellbeing_desktop.sync.server.lost import lost_laptop

ONE, TWO, THREE = (RecoveryKey.new() for _ in range(3))


def name_key(practice: Practice, key: RecoveryKey) -> None:
    service = practice.service
    service.engine.write(
        lambda transaction: recovery_keys.put(
            transaction, service.org, service.keys, text_of(key.public()), service.now(), replace=True, by="a test"
        )
    )


def set_policy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: str) -> None:
    policy = tmp_path / "policy.toml"
    policy.write_text(words, encoding="utf-8")
    policy.chmod(0o600)
    monkeypatch.setenv("WELLBEING_POLICY", str(policy))


def policy_line(key: RecoveryKey) -> str:
    return f'recovery_key = "{text_of(key.public())}"\n'


def believed(laptop: Laptop) -> tuple[bytes, str, bytes]:
    found = laptop.store.read(belief)
    return found.key, found.source, found.offered


def part(laptop: Laptop) -> bytes:
    return (laptop.store.folder / ORGANISATION_FILE).read_bytes()


def device(laptop: Laptop) -> str:
    found = laptop.store.read(membership_of)
    assert found is not None
    return found.device


A, B, C = b"a" * 32, b"b" * 32, b"c" * 32


@pytest.mark.parametrize(
    ("before", "policy", "server", "after"),
    [
        (Belief(), b"", b"", Belief()),
        (Belief(), b"", A, Belief(A, FROM_SERVER)),
        (Belief(), A, b"", Belief(A, FROM_POLICY)),
        (Belief(), A, B, Belief(A, FROM_POLICY, B)),
        (Belief(A, FROM_SERVER), b"", b"", Belief(A, FROM_SERVER)),
        (Belief(A, FROM_SERVER), b"", B, Belief(A, FROM_SERVER, B)),
        (Belief(A, FROM_SERVER, B), b"", C, Belief(A, FROM_SERVER, C)),
        (Belief(A, FROM_SERVER, B), b"", A, Belief(A, FROM_SERVER)),
        (Belief(A, FROM_SERVER, B), C, B, Belief(C, FROM_POLICY, B)),
        (Belief(A, FROM_POLICY), b"", B, Belief(A, FROM_POLICY, B)),
        (Belief(A, FROM_USER), b"", B, Belief(A, FROM_USER, B)),
        (Belief(A, FROM_USER), A, A, Belief(A, FROM_POLICY)),
    ],
)
def test_the_policy_counts_then_what_came_first_and_another_is_only_an_offer(
    before: Belief, policy: bytes, server: bytes, after: Belief
) -> None:
    assert believe(before, policy=policy, server=server) == after


def test_a_laptop_that_joined_before_gets_its_part_at_the_next_sync_and_both_can_open_it(
    file_practice: Practice,
) -> None:
    practice = file_practice
    ann = practice.laptop(practice.member("Ann"))
    ann.synced()
    assert not (ann.store.folder / ORGANISATION_FILE).exists()
    assert "or its printed recovery kit." in lost_laptop(practice.service, device(ann)).encryption
    name_key(practice, ONE)
    ann.synced()
    assert believed(ann) == (ONE.public(), FROM_SERVER, b"")
    first = part(ann)
    ann.synced()
    assert part(ann) == first, "what is whole is not written again"
    (ann.store.folder / ORGANISATION_FILE).unlink()
    ann.synced()
    assert ann.store.keys.organisation_key() == ONE.public()
    ann.synced()  # a laptop says how it stands when it signs in
    assert f"two sheets of the recovery key {six_groups(ONE.public())}" in (
        lost_laptop(practice.service, device(ann)).encryption
    )
    assert "Take recovery key." in [line.sentence for line in ann.store.read(audit.entries)]
    folder = ann.store.folder
    ann.store.close()
    Store.recover(folder, ONE, "another four plain words", argon=FAST_FOR_TESTS).close()


def test_a_server_that_names_another_key_changes_nothing_until_the_user_has_compared_it(
    file_practice: Practice,
) -> None:
    practice = file_practice
    name_key(practice, ONE)
    ann = practice.laptop(practice.member("Ann"))
    ann.synced()
    before = part(ann)
    name_key(practice, TWO)
    report = ann.sync()
    assert report.problems == ()
    assert any(six_groups(TWO.public()) in found and "It is not used" in found for found in report.findings)
    assert ann.sync().findings == (), "said once; Settings goes on saying it"
    assert believed(ann) == (ONE.public(), FROM_SERVER, TWO.public())
    assert part(ann) == before
    groups = six_groups(TWO.public())
    with pytest.raises(Refused, match="not the groups"):
        accept_offered(ann.store, PASSPHRASE, six_groups(ONE.public()))
    with pytest.raises(Refused, match="not the groups"):
        accept_offered(ann.store, PASSPHRASE, "")
    with pytest.raises(StoreProblem, match="not right"):
        accept_offered(ann.store, "not the passphrase", groups)
    assert part(ann) == before
    accept_offered(ann.store, PASSPHRASE, groups.replace(" ", "-"))
    assert believed(ann) == (TWO.public(), FROM_USER, b"")
    assert ann.store.keys.organisation_key() == TWO.public()
    ann.synced()
    assert believed(ann)[1] == FROM_USER
    with pytest.raises(Refused, match="no other key"):
        accept_offered(ann.store, PASSPHRASE, groups)


def test_the_policys_key_counts_from_joining_on_whatever_the_server_names(
    file_practice: Practice, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    practice = file_practice
    name_key(practice, TWO)
    set_policy(tmp_path, monkeypatch, policy_line(ONE))
    ann = practice.laptop(practice.member("Ann"))
    assert believed(ann) == (ONE.public(), FROM_POLICY, b""), "before the server was ever asked"
    assert ann.store.keys.organisation_key() == ONE.public()
    assert any("It is not used" in found for found in ann.sync().findings)
    assert believed(ann) == (ONE.public(), FROM_POLICY, TWO.public())
    with pytest.raises(Refused, match="policy file"):
        accept_offered(ann.store, PASSPHRASE, six_groups(TWO.public()))
    set_policy(tmp_path, monkeypatch, policy_line(THREE))
    ann.sync()
    assert believed(ann) == (THREE.public(), FROM_POLICY, TWO.public())
    assert ann.store.keys.organisation_key() == THREE.public()
    set_policy(tmp_path, monkeypatch, policy_line(ONE).replace('"', '"0', 1))
    ann.sync()
    assert believed(ann)[0] == THREE.public(), "a policy that cannot be read changes nothing"
    set_policy(tmp_path, monkeypatch, 'proxy = "none"\n')
    ann.sync()
    assert believed(ann)[0] == THREE.public()


@pytest.mark.parametrize("lie", ["unsigned", "signed for another organisation", "no key", "of low order"])
def test_a_key_that_our_server_did_not_sign_or_that_is_none_is_not_used(file_practice: Practice, lie: str) -> None:
    practice = file_practice
    name_key(practice, ONE)
    ann = practice.laptop(practice.member("Ann"))
    keys = practice.service.keys

    def bend(path: str, reply: bytes) -> bytes:
        if path != "/v1/session":
            return reply
        said = msgspec.json.decode(reply)
        if lie == "unsigned":
            said["recovery_key"] = text_of(TWO.public())
        elif lie == "signed for another organisation":
            said["recovery_key_signature"] = keys.sign(f"sync/1 recovery key other {said['recovery_key']}".encode())
        else:
            said["recovery_key"] = "no key" if lie == "no key" else text_of(bytes(32))
            said["recovery_key_signature"] = keys.sign(
                f"sync/1 recovery key {practice.service.org} {said['recovery_key']}".encode()
            )
        return msgspec.json.encode(said)

    practice.bend = bend
    report = ann.sync()
    assert report.problems == ()
    assert NOT_SIGNED in report.findings
    assert believed(ann) == (b"", "", b"")
    assert not (ann.store.folder / ORGANISATION_FILE).exists()


@pytest.mark.fault(20)
@pytest.mark.parametrize("by", ["server", "policy alone"])
def test_a_revoked_laptop_with_the_organisations_key_is_opened_by_sheets_alone_and_says_so(
    file_practice: Practice, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, by: str
) -> None:
    practice = file_practice
    ann = practice.laptop(practice.member("Ann"))
    ann.synced()
    if by == "server":
        name_key(practice, ONE)
        ann.synced()
    else:  # laid down since the last sync: the order to seal is all that comes
        set_policy(tmp_path, monkeypatch, policy_line(ONE))
    members.set_laptop_state(practice.service, device(ann), auth.REVOKED)
    assert ann.sync().sealed
    folder = ann.store.folder
    assert not (folder / RECOVERY_FILE).exists()
    found = lost_laptop(practice.service, device(ann))
    assert "Two sheets of the organisation's recovery key open it, and nothing else does." in found.seal
    assert "Two sheets" in found.encryption
    ann.store.close()
    with pytest.raises(StoreProblem, match="recovery kit open it no more") as problem:
        Store.open(folder, PASSPHRASE)
    assert six_groups(ONE.public()) in problem.value.advice
    again = Store.recover(folder, ONE, "another four plain words", argon=FAST_FOR_TESTS)
    kit = again.keys.new_recovery_kit()
    again.close()
    Store.recover(folder, kit.code, PASSPHRASE, argon=FAST_FOR_TESTS).close()
