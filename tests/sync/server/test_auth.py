"""Pairing, sessions and their ends (SECURITY 3.6)."""

import datetime as dt
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from laptop import Laptop

from wellbeing_desktop.sync.protocol.pulling import PullRequest
from wellbeing_desktop.sync.protocol.signing_in import NonceRequest, PairRequest, SessionRequest, session_message
from wellbeing_desktop.sync.server import auth, members
from wellbeing_desktop.sync.server.engine import Engine
from wellbeing_desktop.sync.server.exchange import Exchange
from wellbeing_desktop.sync.server.problems import CodeRefused, Malformed, NotSignedIn, Pending, Revoked, UnknownLaptop
from wellbeing_desktop.sync.server.service import Service
from wellbeing_desktop.sync.server.signing_in import SigningIn


class MovingClock:
    def __init__(self) -> None:
        self.now = dt.datetime(2026, 11, 21, 9, tzinfo=dt.UTC)

    def __call__(self) -> dt.datetime:
        return self.now

    def forward(self, **by: float) -> None:
        self.now += dt.timedelta(**by)


@pytest.fixture
def clock() -> MovingClock:
    return MovingClock()


@pytest.fixture
def timed(engine: Engine, service: Service, clock: Callable[[], dt.datetime]) -> Service:
    return Service(engine, service.org, clock)


def test_a_code_has_eighty_bits_and_forgives_how_it_is_typed(service: Service) -> None:
    code = auth.new_code()
    assert len(code.replace("-", "")) * 5 == 80
    assert auth.code_hash(code, service.keys) == auth.code_hash(code.lower().replace("-", " "), service.keys)
    assert auth.code_hash("O0I1-L", service.keys) == auth.code_hash("00111", service.keys)


def test_a_code_is_used_once_and_lasts_a_day(timed: Service, clock: MovingClock) -> None:
    member = members.add_member(timed, "Anna", ("coordinator",))
    used, _ends = members.invite(timed, member, approved=True)
    late, _ends = members.invite(timed, member, approved=True)
    laptop = Laptop(timed, "Ben")
    laptop.pair_with(used)
    with pytest.raises(CodeRefused):
        laptop.pair_with(used)
    with pytest.raises(CodeRefused):
        laptop.pair_with("0000-0000-0000-0000")
    clock.forward(hours=24, seconds=1)
    with pytest.raises(CodeRefused):
        laptop.pair_with(late)


def test_a_key_that_is_none_is_refused_and_the_code_stays_good(service: Service) -> None:
    laptop = Laptop(service, "Anna")
    code, _ends = members.invite(service, laptop.user, approved=True)
    for key in ("", "zz" * 32, "00" * 31, "\ud800"):
        with pytest.raises(Malformed):
            SigningIn(service).pair(PairRequest(code=code, public_key=key))
    laptop.pair_with(code)


def test_a_waiting_laptop_begins_no_session_until_it_is_approved(service: Service) -> None:
    laptop = Laptop(service, "Anna", approved=False)
    assert laptop.state == "pending"
    with pytest.raises(Pending):
        laptop.sign_in()
    with pytest.raises(Pending):
        laptop.pull()
    members.set_laptop_state(service, laptop.dev, auth.APPROVED)
    assert laptop.sign_in().seconds == 900
    (listed,) = [found for found in members.laptops(service) if found.device == laptop.dev]
    assert listed.fingerprint == laptop.pair_reply.fingerprint


def test_a_nonce_is_good_once_for_its_laptop_and_for_two_minutes(timed: Service, clock: MovingClock) -> None:
    a, b, signing_in = Laptop(timed, "Anna"), Laptop(timed, "Ben"), SigningIn(timed)

    def signed(laptop: Laptop, nonce: str, key: Ed25519PrivateKey) -> SessionRequest:
        signature = key.sign(session_message(laptop.dev, nonce)).hex()
        return SessionRequest(device=laptop.dev, nonce=nonce, signature=signature)

    nonce = signing_in.nonce(NonceRequest(device=a.dev))["nonce"]
    with pytest.raises(NotSignedIn):
        signing_in.session(signed(b, nonce, b.key))
    signing_in.session(signed(a, nonce, a.key))
    with pytest.raises(NotSignedIn):
        signing_in.session(signed(a, nonce, a.key))
    nonce = signing_in.nonce(NonceRequest(device=a.dev))["nonce"]
    with pytest.raises(NotSignedIn):
        signing_in.session(signed(a, nonce, b.key))
    nonce = signing_in.nonce(NonceRequest(device=a.dev))["nonce"]
    clock.forward(seconds=121)
    with pytest.raises(NotSignedIn):
        signing_in.session(signed(a, nonce, a.key))


def test_a_token_is_for_one_laptop_and_ends_after_fifteen_minutes(timed: Service, clock: MovingClock) -> None:
    a, b, signing_in = Laptop(timed, "Anna"), Laptop(timed, "Ben"), SigningIn(timed)
    token = a.sign_in().token
    assert signing_in.session_of(token)[0] == a.dev
    with pytest.raises(NotSignedIn):
        Exchange(timed).pull(signing_in.session_of(token)[0], PullRequest(device=b.dev, epoch=b.epoch))
    for forged in ("", "a.b", token[:-1], token.replace(a.dev, b.dev), "é" + token, token + "."):
        with pytest.raises(NotSignedIn):
            signing_in.session_of(forged)
    clock.forward(minutes=15, seconds=1)
    with pytest.raises(NotSignedIn):
        signing_in.session_of(token)


def test_revoking_takes_effect_with_the_next_request(service: Service) -> None:
    laptop = Laptop(service, "Anna")
    laptop.sign_in()
    laptop.pull()
    members.set_laptop_state(service, laptop.dev, auth.REVOKED)
    with pytest.raises(Revoked):
        laptop.pull()
    with pytest.raises(Revoked):
        laptop.sign_in()
    with pytest.raises(UnknownLaptop):
        SigningIn(service).nonce(NonceRequest(device="nobody"))


def test_two_laptops_that_spend_one_code_at_the_same_moment_are_one_laptop(service: Service) -> None:
    member = members.add_member(service, "Anna", ("coordinator",))
    for round_ in range(10):
        code, _ends = members.invite(service, member, approved=True)
        together = threading.Barrier(2)

        def spend(code: str = code, together: threading.Barrier = together) -> str:
            key = Ed25519PrivateKey.generate().public_key().public_bytes_raw().hex()
            together.wait(timeout=30)
            try:
                return str(SigningIn(service).pair(PairRequest(code=code, public_key=key))["device"])
            except CodeRefused:
                return ""

        with ThreadPoolExecutor(2) as pool:
            spent = [future.result(timeout=60) for future in [pool.submit(spend), pool.submit(spend)]]
        assert sum(bool(device) for device in spent) == 1
        assert len(members.laptops(service)) == round_ + 1
        assert spend(together=threading.Barrier(1)) == "", "a code that was spent is good for nobody"
