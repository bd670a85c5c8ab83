"""A request is taken once, from the laptop that signed it, as it signed it, and whatever its own clock says (threat 32)."""

import datetime as dt
import json
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest
from laptop import ACCESSES, Laptop, signed
from line import Line

from wellbeing_desktop.sync.protocol.pulling import PullRequest
from wellbeing_desktop.sync.protocol.transfer import content_digest, encode
from wellbeing_desktop.sync.server import history
from wellbeing_desktop.sync.server.engine import Engine
from wellbeing_desktop.sync.server.local import running_server
from wellbeing_desktop.sync.server.organisations import new_organisation
from wellbeing_desktop.sync.server.problems import SignatureRefused, Unavailable
from wellbeing_desktop.sync.server.service import Service
from wellbeing_desktop.sync.server.settings import Settings
from wellbeing_desktop.sync.server.signatures import SeenHere, Signatures, forget, seen_for
from wellbeing_desktop.sync.signing import WINDOW_SECONDS, Asked

NOON = dt.datetime(2026, 11, 21, 12, tzinfo=dt.UTC)


class Bare:
    """What of a signed request reaches the check."""

    def __init__(self, laptop: Laptop, path: str = "/v1/pull", body: bytes = b"{}", token: str = "") -> None:
        token = token or laptop.sign_in().token
        self.headers = signed(token, "POST", path, body)
        self.asked = Asked(
            method="POST", path=path, digest=content_digest(body), authorization=self.headers["Authorization"]
        )

    def at(self, signatures: Signatures, **other: str) -> str:
        asked = msgspec.structs.replace(self.asked, **other)
        return signatures.device(asked, self.headers["Signature-Input"], self.headers["Signature"])


@pytest.mark.parametrize("replays", [200, pytest.param(10_000, marks=pytest.mark.soak)])
def test_every_replay_is_refused(file_engine: Engine, replays: int) -> None:
    service = Service(file_engine, new_organisation(file_engine, "Practice", NOON))
    laptop, signatures = Laptop(service, "Anna"), Signatures(service, SeenHere())
    token = laptop.sign_in().token
    requests = [Bare(laptop, token=token) for _ in range(20)]
    for request in requests:
        assert request.at(signatures) == laptop.dev
    refused = 0
    for number in range(replays):
        with pytest.raises(SignatureRefused):
            requests[number % len(requests)].at(signatures)
        refused += 1
    assert refused == replays


def test_a_replay_to_another_worker_is_refused_where_there_may_be_one(service: Service) -> None:
    """Two processes on PostgreSQL remember together; of the file there is one, and what it knew ends with it."""
    laptop = Laptop(service, "Anna")
    first, second = Signatures(service, seen_for(service)), Signatures(service, seen_for(service))
    request = Bare(laptop)
    assert request.at(first) == laptop.dev
    if service.engine.name == "postgresql":
        with pytest.raises(SignatureRefused):
            request.at(second)
        later = service.now() + dt.timedelta(seconds=2 * WINDOW_SECONDS + 1)
        assert service.engine.write(lambda transaction: forget(transaction, service.org, later)) == 1
    else:
        assert isinstance(seen_for(service), SeenHere)


@pytest.fixture
def clock() -> list[dt.datetime]:
    return [NOON]


@pytest.fixture
def timed(file_engine: Engine, clock: list[dt.datetime]) -> Service:
    return Service(file_engine, new_organisation(file_engine, "Practice", NOON), clock=lambda: clock[0])


def test_a_server_that_begins_again_takes_nothing_that_was_signed_before(
    timed: Service, clock: list[dt.datetime]
) -> None:
    laptop = Laptop(timed, "Anna")
    request = Bare(laptop)
    clock[0] += dt.timedelta(seconds=30)
    with pytest.raises(SignatureRefused):
        request.at(Signatures(timed))
    assert Bare(laptop).at(Signatures(timed)) == laptop.dev


@pytest.mark.parametrize("seconds", [-WINDOW_SECONDS - 1, WINDOW_SECONDS + 1])
def test_a_signature_of_another_moment_is_refused(timed: Service, clock: list[dt.datetime], seconds: int) -> None:
    laptop, signatures = Laptop(timed, "Anna"), Signatures(timed, SeenHere())
    request = Bare(laptop)
    clock[0] += dt.timedelta(seconds=seconds)
    with pytest.raises(SignatureRefused):
        request.at(signatures)
    clock[0] -= dt.timedelta(seconds=seconds)
    assert request.at(signatures) == laptop.dev


@pytest.mark.parametrize(
    "change",
    [
        {"method": "PUT"},
        {"path": "/v1/push"},
        {"query": "part=1"},
        {"digest": content_digest(b"other")},
        {"range": "bytes=0-9"},
    ],
    ids=lambda change: next(iter(change)),
)
def test_whatever_was_signed_cannot_be_changed(service: Service, change: dict[str, str]) -> None:
    laptop, signatures = Laptop(service, "Anna"), Signatures(service, SeenHere())
    request = Bare(laptop)
    with pytest.raises(SignatureRefused):
        request.at(signatures, **change)
    assert request.at(signatures) == laptop.dev


def test_a_token_is_worth_nothing_with_another_laptops_key(service: Service) -> None:
    ann, bob, signatures = Laptop(service, "Ann"), Laptop(service, "Bob"), Signatures(service, SeenHere())
    token = ann.sign_in().token
    ACCESSES[token] = bob.access(token)
    with pytest.raises(SignatureRefused):
        Bare(ann, token=token).at(signatures)
    ACCESSES[token] = msgspec.structs.replace(bob.access(token), device=ann.dev)
    with pytest.raises(SignatureRefused):
        Bare(ann, token=token).at(signatures)


def test_what_is_remembered_has_a_bound_and_beyond_it_nothing_is_taken() -> None:
    seen = SeenHere(most=3)
    assert [seen.is_new(nonce, NOON) for nonce in "abc"] == [True] * 3
    with pytest.raises(Unavailable):
        seen.is_new("d", NOON)
    later = NOON + dt.timedelta(seconds=2 * WINDOW_SECONDS + 1)
    assert seen.is_new("d", later)
    assert not seen.is_new("d", later)


Bend = Callable[[dict[str, str]], dict[str, str]]


@pytest.mark.parametrize(
    "bend",
    [
        lambda headers: {"Authorization": headers["Authorization"]},
        lambda headers: headers | {"Signature": "sig=:AAAA:"},
        lambda headers: headers | {"Signature-Input": headers["Signature-Input"].replace(' "authorization"', "")},
        lambda headers: headers | {"Signature-Input": headers["Signature-Input"] + ";expires=9"},
        lambda headers: headers | {"Content-Digest": content_digest(b"another body")},
    ],
    ids=["no signature", "cut short", "covers less", "says more", "another digest"],
)
def test_over_http_a_request_that_is_not_as_ours_are_is_401_and_the_same_one_twice_too(
    file_engine: Engine, bend: Bend
) -> None:
    service = Service(file_engine, new_organisation(file_engine, "Practice", history.server_now()))
    laptop = Laptop(service, "Anna")
    token = laptop.sign_in().token
    body = encode(PullRequest(device=laptop.dev, epoch=laptop.epoch))
    with running_server(service, Settings(folder=Path())) as url:
        line = Line(url)

        def ask(headers: dict[str, str], sent: bytes = body) -> tuple[int, str]:
            named = {name.lower().replace("-", "_"): value for name, value in headers.items()}
            status, _kind, data = line.ask("POST", "/v1/pull", sent, **named)
            return status, json.loads(data).get("type", "")

        good = signed(token, "POST", "/v1/pull", body)
        assert ask(bend(good)) == (401, "about:signature")
        assert ask(good, body + b" ") == (401, "about:signature"), "the body is signed too"
        good = signed(token, "POST", "/v1/pull", body)
        assert ask(good)[0] == 200
        assert ask(good) == (401, "about:signature")
        line.connection.close()


def test_the_clock_of_the_server_is_what_a_laptop_signs_by(service: Service) -> None:
    assert abs(ACCESSES[Laptop(service, "Anna").sign_in().token].clock() - history.server_now().timestamp()) < 60
