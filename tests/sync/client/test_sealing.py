"""A laptop is revoked: it seals its store when its own server says so in so many words, and for nobody else (3.6)."""

from collections.abc import Callable

import msgspec
import pytest

from tests.sync.client.practice import PASSPHRASE, Fault, Laptop, Practice
from wellbeing_desktop.cli.main import run
from wellbeing_desktop.domain.errors import StoreProblem
from wellbeing_desktop.domain.person import Person
from wellbeing_desktop.domain.seal import seal_message
from wellbeing_desktop.storage.envelope import SEALED_FILE
from wellbeing_desktop.storage.sealed import mark_of
from wellbeing_desktop.storage.sealing import REFUSED
from wellbeing_desktop.storage.store import Store
from wellbeing_desktop.storage.sync_state import sync_number
from wellbeing_desktop.sync.client.membership import Membership, membership_of
from wellbeing_desktop.sync.client.sealing import confirm_all
from wellbeing_desktop.sync.protocol.signing_in import NonceRequest, SealedRequest, SessionRequest, sealed_message
from wellbeing_desktop.sync.server import acts, auth, members
from wellbeing_desktop.sync.server.lost import lost_laptop
from wellbeing_desktop.sync.server.problems import Malformed, Revoked
from wellbeing_desktop.sync.server.signing_in import SigningIn


def ours(laptop: Laptop) -> Membership:
    found = laptop.store.read(membership_of)
    assert found is not None
    return found


def revoke(practice: Practice, laptop: Laptop) -> str:
    device = ours(laptop).device
    members.set_laptop_state(practice.service, device, auth.REVOKED)
    return device


@pytest.mark.fault(20)
def test_a_revoked_laptop_is_sealed_at_its_next_contact_and_what_was_unsent_is_not_lost(practice: Practice) -> None:
    ann: Laptop = practice.laptop(practice.member("Ann"))
    ann.synced()
    ann.create(Person(family_name="Hughes"))
    device = revoke(practice, ann)
    assert "waits for the laptop" in lost_laptop(practice.service, device).seal
    report = ann.sync()
    assert [(found.kind, found.retry) for found in report.problems] == [("sealed", False)]
    assert report.sealed
    assert report.waiting == 1
    found = lost_laptop(practice.service, device)
    assert found.seal.startswith(
        "Its store is sealed: the laptop has confirmed it. Its printed recovery kit still opens"
    )
    assert found.seal_given_at <= found.seal_confirmed_at < "9"
    told = practice.engine.read(lambda transaction: acts.acts(transaction, practice.service.org))
    assert [act.act for act in told[:2]] == ["sealed its store", "was given the order to seal its store"]
    ann.store.close()
    with pytest.raises(StoreProblem, match="Test practice ended this laptop's access"):
        Store.open(ann.store.folder, PASSPHRASE)


def test_the_order_is_given_to_a_revoked_laptop_only_and_not_to_whoever_names_it(practice: Practice) -> None:
    ann, bob = practice.laptop(practice.member("Ann")), practice.laptop(practice.member("Bob"))
    ann.synced()
    device = revoke(practice, ann)
    nonce = SigningIn(practice.service).nonce(NonceRequest(device=device))["nonce"]
    for signature in ("", "00" * 64, ours(bob).sign(f"sync/1 session {device} {nonce}".encode())):
        with pytest.raises(Revoked) as refusal:
            SigningIn(practice.service).session(SessionRequest(device=device, nonce=nonce, signature=signature))
        assert refusal.value.body().seal == ""
    assert "waits for the laptop" in lost_laptop(practice.service, device).seal
    assert bob.sync().problems == ()
    members.set_laptop_state(practice.service, device, auth.LEAVING)
    assert "No order" in lost_laptop(practice.service, device).seal
    assert not ann.sync().sealed


def bent(practice: Practice, monkeypatch: pytest.MonkeyPatch, bend: Callable[[Revoked], Revoked]) -> None:
    """The order that the server gives comes changed."""
    given = SigningIn.session

    def session(self: SigningIn, request: object) -> object:
        try:
            return given(self, request)
        except Revoked as refusal:
            raise bend(refusal) from None

    monkeypatch.setattr(SigningIn, "session", session)


@pytest.mark.parametrize("lie", ["unsigned", "forged", "another laptop's", "replayed", "another organisation's"])
def test_an_order_that_does_not_hold_does_nothing_and_is_counted(
    file_practice: Practice, monkeypatch: pytest.MonkeyPatch, lie: str
) -> None:
    practice = file_practice
    ann = practice.laptop(practice.member("Ann"))
    ann.synced()
    revoke(practice, ann)
    keys = practice.service.keys

    def bend(refusal: Revoked) -> Revoked:
        assert refusal.seal
        text, order = refusal.seal, msgspec.json.decode(refusal.seal)
        if lie == "unsigned":
            return Revoked(seal=text)
        if lie == "forged":
            return Revoked(seal=text, seal_signature=ours(ann).sign(seal_message(text)))
        changed = {"another laptop's": "device", "replayed": "nonce", "another organisation's": "organisation"}[lie]
        text = msgspec.json.encode({**order, changed: "0" * 32}).decode()
        return Revoked(seal=text, seal_signature=keys.sign(seal_message(text)))

    bent(practice, monkeypatch, bend)
    report = ann.sync()
    assert [found.kind for found in report.problems] == ["revoked"]
    assert not report.sealed
    assert ann.store.read(lambda reader: sync_number(reader, REFUSED)) == 1
    ann.reopen()


def test_a_laptop_that_has_access_cannot_be_noted_as_sealed(file_practice: Practice) -> None:
    ann = file_practice.laptop(file_practice.member("Ann"))
    membership = ours(ann)
    signature = membership.sign(sealed_message(membership.device, ""))
    with pytest.raises(Malformed):
        SigningIn(file_practice.service).sealed(
            SealedRequest(device=membership.device, ordered_at="", signature=signature)
        )


def sealed_unheard(practice: Practice, fault: Fault) -> tuple[Laptop, str]:
    """A laptop that sealed its store, and whose word of it was lost on the way."""
    ann = practice.laptop(practice.member("Ann"))
    ann.synced()
    device = revoke(practice, ann)
    practice.fault = lambda path, count: fault if path == "/v1/sealed" else None
    assert ann.sync().sealed
    ann.store.close()
    with pytest.raises(StoreProblem, match="sealed"):
        Store.open(ann.store.folder, PASSPHRASE)
    return ann, device


def sealings_noted(practice: Practice) -> int:
    told = practice.engine.read(lambda transaction: acts.acts(transaction, practice.service.org))
    return sum(act.act == "sealed its store" for act in told)


@pytest.mark.fault(20)
@pytest.mark.parametrize("fault", [Fault.LOST_REQUEST, Fault.LOST_REPLY])
def test_a_confirmation_that_was_lost_is_said_again_until_it_is_heard(practice: Practice, fault: Fault) -> None:
    ann, device = sealed_unheard(practice, fault)
    heard = fault is Fault.LOST_REPLY
    assert ("has confirmed it" in lost_laptop(practice.service, device).seal) is heard
    assert confirm_all(ann.store.folder.parent) == 1, "still no answer"
    practice.fault = lambda path, count: None
    assert confirm_all(ann.store.folder.parent) == 0
    assert "Its store is sealed: the laptop has confirmed it." in lost_laptop(practice.service, device).seal
    assert sealings_noted(practice) == 1
    asked = len(practice.paths)
    assert confirm_all(ann.store.folder.parent) == 0
    assert len(practice.paths) == asked, "what was heard is not said again"
    with pytest.raises(StoreProblem, match="Test practice ended this laptop's access"):
        Store.open(ann.store.folder, PASSPHRASE)


def test_what_waits_to_be_said_is_no_key_and_says_nothing_of_another_order(file_practice: Practice) -> None:
    practice = file_practice
    ann = practice.laptop(practice.member("Ann"))
    secret = ours(ann).device_key
    ann.synced()
    device = revoke(practice, ann)
    practice.fault = lambda path, count: Fault.LOST_REQUEST if path == "/v1/sealed" else None
    assert ann.sync().sealed
    ann.store.close()
    mark = (ann.store.folder / SEALED_FILE).read_bytes()
    assert secret.encode() not in mark
    assert bytes.fromhex(secret) not in mark
    kept = mark_of(ann.store.folder)
    assert kept is not None
    assert kept.unconfirmed is not None
    nonce = SigningIn(practice.service).nonce(NonceRequest(device=device))["nonce"]
    with pytest.raises(Revoked) as refusal:
        SigningIn(practice.service).session(
            SessionRequest(device=device, nonce=nonce, signature=kept.unconfirmed.signature)
        )
    assert refusal.value.body().seal == ""
    practice.fault = lambda path, count: None
    members.set_laptop_state(practice.service, device, auth.LEAVING)  # it was to send its last work
    assert confirm_all(ann.store.folder.parent) == 1
    members.set_laptop_state(practice.service, device, auth.REVOKED)  # another order
    assert confirm_all(ann.store.folder.parent) == 0, "heard, so that it stops"
    assert "waits for the laptop" in lost_laptop(practice.service, device).seal
    assert sealings_noted(practice) == 0


def test_a_sync_of_a_sealed_store_by_command_says_what_was_not_heard(
    file_practice: Practice, capsys: pytest.CaptureFixture[str]
) -> None:
    ann, device = sealed_unheard(file_practice, Fault.LOST_REQUEST)
    file_practice.fault = lambda path, count: None
    (ann.store.folder.parent / "passphrase").write_text(PASSPHRASE)
    words = ["sync", "--store", str(ann.store.folder), "--passphrase-file", str(ann.store.folder.parent / "passphrase")]
    assert run(words) == 3
    assert "sealed this case store" in capsys.readouterr().err
    assert "has confirmed it" in lost_laptop(file_practice.service, device).seal
