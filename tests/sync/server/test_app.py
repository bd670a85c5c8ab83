"""Over real HTTP on a loopback port: messages, problems, limits, and bytes that mean nothing."""

import json
import logging
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
import zstandard
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from laptop import Laptop
from line import Line

from wellbeing_desktop.sync.protocol.comparing import DigestRequest
from wellbeing_desktop.sync.protocol.message import CONTENT_TYPE, PROBLEM_TYPE, Problem
from wellbeing_desktop.sync.protocol.pulling import PullReply, PullRequest, SnapshotRequest
from wellbeing_desktop.sync.protocol.pushing import PushReply, PushRequest
from wellbeing_desktop.sync.protocol.signing_in import PairRequest
from wellbeing_desktop.sync.protocol.transfer import compress, decode, encode
from wellbeing_desktop.sync.protocol.waiting import WaitReply, WaitRequest
from wellbeing_desktop.sync.server.local import running_server
from wellbeing_desktop.sync.server.service import Service
from wellbeing_desktop.sync.server.settings import Settings

ROUTES = ("pair", "nonce", "session", "push", "pull", "snapshot", "bucket", "digest")


@pytest.fixture
def line(service: Service) -> Iterator[Line]:
    with running_server(service, Settings(folder=Path(), pair_attempts_a_minute=5)) as url:
        opened = Line(url)
        yield opened
        opened.connection.close()


def test_a_whole_exchange_over_http(service: Service, line: Line) -> None:
    status, kind, data = line.ask("GET", "/v1/health")
    assert (status, kind) == (200, CONTENT_TYPE)
    assert json.loads(data)["protocol"] == "sync/1"
    laptop = Laptop(service, "Anna")
    line.token = laptop.sign_in().token
    for number in range(30):
        laptop.person(f"Person {number}")
    push = PushRequest(
        device=laptop.dev,
        epoch=laptop.epoch,
        ops=tuple(msgspec.Raw(encode(operation)) for operation in laptop.outbox),
    )
    packed, encoding = compress(encode(push), "zstd")
    status, _kind, data = line.ask("POST", "/v1/push", packed, content_encoding=encoding, accept_encoding="zstd")
    assert status == 200
    assert decode(data, PushReply).last_n == 30
    pull = PullRequest(device=laptop.dev, epoch=laptop.epoch)
    status, _kind, data = line.ask("POST", "/v1/pull", encode(pull), accept_encoding="gzip, zstd")
    reply = decode(data, PullReply)
    assert len([row for row in reply.changes if row.type == "person"]) == 30
    for path, message in (
        ("snapshot", SnapshotRequest(device=laptop.dev, epoch=laptop.epoch)),
        ("digest", DigestRequest(device=laptop.dev, epoch=laptop.epoch)),
    ):
        assert line.ask("POST", f"/v1/{path}", encode(message))[0] == 200
    status, _kind, data = line.ask("POST", "/v1/wait", encode(WaitRequest(device=laptop.dev)))
    assert (status, decode(data, WaitReply).seq) == (200, reply.next.seq)


def test_every_route_is_refused_without_a_session(service: Service, line: Line) -> None:
    for route in ("push", "pull", "snapshot", "bucket", "digest", "wait", "quarantine", "decide", "register", "report"):
        status, kind, data = line.ask("POST", f"/v1/{route}", b"{}")
        assert (status, kind) == (401, PROBLEM_TYPE)
        assert json.loads(data)["type"] == "about:session"


def test_problems_are_rfc_9457_with_the_word_that_the_laptop_acts_on(service: Service, line: Line) -> None:
    laptop = Laptop(service, "Anna")
    line.token = laptop.sign_in().token
    status, _kind, data = line.ask("POST", "/v1/pull", encode(PullRequest(device=laptop.dev, epoch="another")))
    problem = decode(data, Problem)
    assert (status, problem.type, problem.epoch) == (409, "about:epoch", laptop.epoch)
    status, _kind, data = line.ask(
        "POST", "/v1/pull", encode(PullRequest(device=laptop.dev, epoch=laptop.epoch, schema=-1))
    )
    assert (status, decode(data, Problem).type) == (426, "about:upgrade")
    assert line.ask("GET", "/v1/nothing")[0] == 404
    assert line.ask("DELETE", "/v1/push")[0] == 405


def test_a_body_too_large_or_that_explodes_is_413(service: Service, line: Line) -> None:
    laptop = Laptop(service, "Anna")
    line.token = laptop.sign_in().token
    assert line.ask("POST", "/v1/pull", b" " * 20_000)[0] == 413
    bomb = zstandard.compress(b"\0" * 50_000_000)
    assert line.ask("POST", "/v1/push", bomb, content_encoding="zstd")[0] == 413
    assert line.ask("POST", "/v1/push", b"\0\1\2", content_encoding="zstd")[0] == 400
    assert line.ask("POST", "/v1/push", b"x", content_encoding="br")[0] == 400


def test_codes_cannot_be_guessed_at_speed(service: Service, line: Line) -> None:
    guess = encode(PairRequest(code="0000-0000-0000-0000", public_key="00" * 32))
    answers = [line.ask("POST", "/v1/pair", guess) for _ in range(6)]
    assert [status for status, _kind, _data in answers[:5]] == [400] * 5 or all(a[0] == 401 for a in answers[:5])
    assert answers[5][0] == 429
    assert decode(answers[5][2], Problem).retry_after > 0


def test_no_bytes_make_a_server_error(service: Service) -> None:
    with running_server(service) as url:
        opened = Line(url)
        laptop = Laptop(service, "Anna")
        opened.token = laptop.sign_in().token
        pieces = st.one_of(
            st.binary(max_size=60),
            st.text(max_size=20).map(lambda text: json.dumps({"device": laptop.dev, "epoch": text}).encode()),
            st.recursive(
                st.none() | st.booleans() | st.integers() | st.text(max_size=5),
                lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
                max_leaves=8,
            ).map(
                lambda value: json.dumps(
                    {"device": laptop.dev, "epoch": laptop.epoch, "ops": [value], "seq": value, "bucket": value}
                ).encode()
            ),
        )

        @settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck), database=None)
        @given(st.sampled_from(ROUTES), pieces, st.sampled_from(["", "zstd", "gzip"]))
        def try_it(route: str, body: bytes, encoding: str) -> None:
            status, kind, _data = opened.ask("POST", f"/v1/{route}", body, content_encoding=encoding)
            assert status < 500
            assert kind in (CONTENT_TYPE, PROBLEM_TYPE)

        try_it()
        opened.connection.close()


def test_logs_name_nobody(service: Service, line: Line, caplog: pytest.LogCaptureFixture) -> None:
    laptop = Laptop(service, "Sentinel Surname")
    line.token = laptop.sign_in().token
    laptop.person("Sentinel Person")
    push = PushRequest(device=laptop.dev, epoch=laptop.epoch, ops=(msgspec.Raw(encode(laptop.outbox[0])),))
    with caplog.at_level(logging.INFO):
        line.ask("POST", "/v1/push", encode(push))
    assert laptop.dev in caplog.text
    assert "Sentinel" not in caplog.text
    assert line.token not in caplog.text
