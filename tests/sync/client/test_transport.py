"""Each thing that a network does wrong is its own sentence, and nothing is decoded that did not prove itself."""

import datetime as dt
import json
import socket
from pathlib import Path

import pytest
import zstandard

from tests.sync.client.misbehaving_server import (
    OURS,
    Answer,
    Asked,
    Authority,
    misbehaving_server,
    new_authority,
)
from wellbeing_desktop.domain.errors import Refused, SyncProblem
from wellbeing_desktop.sync.client.address import ServerAddress, server_address
from wellbeing_desktop.sync.client.problems import ServerSaid, is_offline
from wellbeing_desktop.sync.client.transport import HttpTransport, Limits
from wellbeing_desktop.sync.protocol.transfer import content_digest
from wellbeing_desktop.sync.signing import Access

PROBLEM = {"Content-Type": "application/problem+json"}
NOW = dt.datetime.now(dt.UTC)
DAY = dt.timedelta(days=1)
ACCESS = Access("d" * 32, "abc", lambda message: "00" * 64, lambda: 1_764_000_000)


def told(status: int, word: str, *, protocol: str = "sync/1", **headers: str) -> Answer:
    """What our server says when it cannot do what it was asked."""
    body = {"type": f"about:{word}", "title": word, "status": status, "protocol": protocol, "epoch": "e2"}
    return Answer(status=status, headers=PROBLEM | headers, body=json.dumps(body).encode())


def kind_of(url: str, *, limits: Limits | None = None, authority: str = "", proxy: str = "") -> str:
    """The kind of problem that a message to this address meets."""
    transport = HttpTransport(server_address(url), limits=limits, organisation_authority=authority, proxy=proxy)
    try:
        with pytest.raises(SyncProblem) as found:
            transport.post("/v1/pull", b"{}")
    finally:
        transport.close()
    assert found.value.message.endswith(".")
    assert found.value.advice.endswith(".")
    return found.value.kind


def posted(url: str, message: bytes = b"{}", access: Access | None = None) -> bytes:
    transport = HttpTransport(server_address(url))
    try:
        return transport.post("/v1/pull", message, access=access)
    finally:
        transport.close()


def test_a_good_answer_comes_back_whole() -> None:
    body = b'{"rows": [1, 2, 3]}'
    packed = zstandard.ZstdCompressor(level=1).compress(body)
    headers = OURS | {"Content-Encoding": "zstd", "Content-Digest": content_digest(packed)}
    with misbehaving_server(Answer(headers=headers, body=packed)) as server:
        assert posted(server.url, b"x" * 5000, access=ACCESS) == body
    [asked] = server.asked
    assert asked.headers["authorization"] == "Bearer abc"
    assert asked.headers["content-digest"] == content_digest(asked.body)
    assert asked.headers["signature-input"].startswith('sig=("@method" "@path"')
    assert zstandard.ZstdDecompressor().decompress(asked.body) == b"x" * 5000
    assert "?" not in asked.path


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (Answer(headers={"Content-Type": "text/html"}, body=b"<html>Free wifi</html>"), "sign_in_page"),
        (Answer(status=302, headers={"Location": "http://portal.example/login"}), "sign_in_page"),
        (Answer(status=511, headers={"Content-Type": "text/html"}), "sign_in_page"),
        (Answer(headers={"Content-Type": "application/json"}), "not_our_server"),
        (Answer(headers={"Content-Type": "application/vnd.wellbeing.sync.9+json"}), "not_our_server"),
        (Answer(status=404, headers={"Content-Type": "text/html"}), "not_our_server"),
        (Answer(status=307, headers={"Location": "https://elsewhere.example/v1/pull"}), "redirected"),
        (Answer(status=308, headers={"Location": "http://127.0.0.1:1/v1/pull"}), "redirected"),
        (Answer(status=308, headers={"Location": "ftp://127.0.0.1/v1/pull"}), "redirected"),
        (Answer(body=b'{"rows": [', declared_length=500), "reply_cut_short"),
        (Answer(hang_up=True), "connection_lost"),
        (Answer(headers=OURS | {"Content-Digest": content_digest(b"other")}), "reply_damaged"),
        (Answer(headers=OURS | {"Content-Encoding": "zstd"}, body=b"not zstd"), "reply_damaged"),
        (Answer(headers=OURS | {"Content-Encoding": "br"}), "reply_damaged"),
        (told(401, "revoked"), "revoked"),
        (told(401, "session"), "sign_in_again"),
        (told(401, "a_word_of_a_newer_server"), "sign_in_again"),
        (told(409, "forked"), "forked"),
        (told(409, "epoch"), "new_history"),
        (told(410, "resync"), "resync"),
        (told(413, "too-large"), "too_much_at_once"),
        (told(426, "upgrade"), "upgrade"),
        (told(429, "too-many"), "busy"),
        (told(403, "leaving"), "leaving"),
        (told(401, "unknown"), "another_organisation"),
        (told(503, "unavailable"), "unavailable"),
        (told(500, "fault"), "server_fault"),
        (told(400, "mass_removal"), "request_refused"),
        (told(401, "revoked", protocol="sync/9"), "not_our_server"),
        (Answer(status=503, headers={"Content-Type": "text/html"}, body=b"<html>"), "unavailable"),
        (Answer(status=500, headers=PROBLEM, body=b"\xff not json"), "server_fault"),
        (Answer(status=400, headers=PROBLEM, body=b"[]"), "not_our_server"),
        (Answer(status=407, headers={}), "proxy_sign_in"),
    ],
)
@pytest.mark.scenario(39)
def test_each_wrong_answer_has_its_own_sentence(answer: Answer, kind: str) -> None:
    with misbehaving_server(answer) as server:
        assert kind_of(server.url) == kind


def test_a_stranger_cannot_revoke_this_laptop_by_answering_401() -> None:
    with misbehaving_server(Answer(status=401, headers={"Content-Type": "text/html"}, body=b"revoked")) as server:
        assert kind_of(server.url) == "not_our_server"


def test_the_server_can_ask_to_be_left_alone_for_a_while() -> None:
    with misbehaving_server(told(429, "too-many", **{"Retry-After": "7"})) as server:
        transport = HttpTransport(server_address(server.url))
        with pytest.raises(ServerSaid) as found:
            transport.post("/v1/push", b"{}")
        transport.close()
    assert found.value.retry_after_seconds == 7
    assert found.value.retry


@pytest.mark.scenario(39)
def test_a_redirect_on_the_same_host_is_followed_and_remembered() -> None:
    def answer(asked: Asked) -> Answer:
        if asked.path == "/v1/pull":
            return Answer(status=308, headers={"Location": "/pcn/v1/pull"})
        return Answer(body=b'{"moved": true}')

    with misbehaving_server(answer) as server:
        transport = HttpTransport(server_address(server.url))
        assert transport.post("/v1/pull", b'{"a": 1}', access=ACCESS) == b'{"moved": true}'
        assert transport.post("/v1/pull", b'{"a": 1}', access=ACCESS) == b'{"moved": true}'
        transport.close()
        assert [asked.path for asked in server.asked] == ["/v1/pull", "/pcn/v1/pull", "/pcn/v1/pull"]
        assert server.asked[1].body == b'{"a": 1}'


def test_a_redirect_that_goes_round_and_round_is_given_up() -> None:
    with misbehaving_server(Answer(status=308, headers={"Location": "/v1/pull"})) as server:
        assert kind_of(server.url) == "redirected"
        assert len(server.asked) == 4


def test_a_small_answer_that_expands_without_end_is_refused() -> None:
    bomb = zstandard.ZstdCompressor(level=1).compress(b"0" * 50_000_000)
    assert len(bomb) < 10_000
    undeclared = zstandard.ZstdCompressor(level=1, write_content_size=False).compress(b"0" * 50_000_000)
    for body in (bomb, undeclared):
        with misbehaving_server(Answer(headers=OURS | {"Content-Encoding": "zstd"}, body=body)) as server:
            assert kind_of(server.url, limits=Limits(expanded_bytes=1_000_000)) == "reply_too_large"


def test_an_answer_that_is_too_large_is_refused_before_it_is_all_read() -> None:
    with misbehaving_server(Answer(body=b" " * 2_000_000)) as server:
        assert kind_of(server.url, limits=Limits(compressed_bytes=1_000_000)) == "reply_too_large"


@pytest.mark.fault(3)
def test_every_truncation_and_bit_flip_of_a_packed_answer_is_noticed() -> None:
    packed = zstandard.ZstdCompressor(level=1, write_checksum=True).compress(b'{"rows": ["one", "two", "three"]}')
    headers = OURS | {"Content-Encoding": "zstd", "Content-Digest": content_digest(packed)}
    damaged = [packed[:length] for length in range(len(packed))]
    damaged += [
        packed[:place] + bytes([packed[place] ^ 1 << bit]) + packed[place + 1 :]
        for place in range(len(packed))
        for bit in (0, 7)
    ]
    answers = iter(damaged)
    with misbehaving_server(lambda asked: Answer(headers=headers, body=next(answers))) as server:
        transport = HttpTransport(server_address(server.url))
        for _ in damaged:
            with pytest.raises(SyncProblem) as found:
                transport.post("/v1/pull", b"{}")
            assert found.value.kind in ("reply_damaged", "reply_cut_short")
        transport.close()


def test_nobody_listening_is_the_server_not_answering() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    assert kind_of(f"http://127.0.0.1:{port}") == "connection_refused"


def test_a_name_that_does_not_exist_is_its_own_sentence() -> None:
    assert kind_of("https://no-such-server.invalid") == "name_not_found"


@pytest.mark.fault(31)
def test_a_server_that_says_nothing_is_given_up_after_the_read_time() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        assert kind_of(url, limits=Limits(read_seconds=0.05)) == "timed_out"


@pytest.mark.fault(31)
def test_a_server_that_only_drips_is_given_up_after_the_whole_time() -> None:
    with misbehaving_server(Answer(body=b"{}")) as server:
        moments = iter([0.0, 1000.0])
        transport = HttpTransport(server_address(server.url), monotonic=lambda: next(moments))
        with pytest.raises(SyncProblem) as found:
            transport.post("/v1/pull", b"{}")
        transport.close()
    assert found.value.kind == "timed_out"


def test_a_proxy_comes_from_the_settings_and_never_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        nobody = f"http://127.0.0.1:{taken.getsockname()[1]}"
    for name in ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, nobody)
    with misbehaving_server(Answer()) as server:
        assert posted(server.url) == b"{}"
        assert kind_of(server.url, proxy=nobody) == "proxy_failed"


def test_an_address_without_tls_cannot_be_forced_past_the_check() -> None:
    with pytest.raises(Refused):
        HttpTransport(ServerAddress("http", "wellbeing.example.nhs.uk", 80))


@pytest.fixture(scope="module")
def authority() -> Authority:
    return new_authority(NOW)


def test_a_private_authority_is_believed_when_it_is_pinned(authority: Authority, tmp_path: Path) -> None:
    tls = authority.server_context(tmp_path, names=("127.0.0.1",), starts=NOW - DAY, ends=NOW + DAY)
    with misbehaving_server(Answer(), tls=tls) as server:
        url = server.url.replace("http:", "https:")
        transport = HttpTransport(server_address(url), organisation_authority=authority.pem)
        assert transport.post("/v1/pull", b"{}") == b"{}"
        transport.close()
        assert kind_of(url) == "certificate_not_trusted"
        assert len(server.asked) == 1, "an untrusted server was told something"


@pytest.mark.parametrize(
    ("names", "starts", "ends", "kind"),
    [
        (("127.0.0.1",), NOW - 9 * DAY, NOW - DAY, "certificate_expired"),
        (("127.0.0.1",), NOW + DAY, NOW + 9 * DAY, "certificate_not_yet_valid"),
        (("another.example",), NOW - DAY, NOW + DAY, "certificate_wrong_name"),
    ],
)
def test_a_certificate_that_is_not_right_sends_nothing(
    authority: Authority, tmp_path: Path, names: tuple[str, ...], starts: dt.datetime, ends: dt.datetime, kind: str
) -> None:
    tls = authority.server_context(tmp_path, names=names, starts=starts, ends=ends)
    with misbehaving_server(Answer(), tls=tls) as server:
        assert kind_of(server.url.replace("http:", "https:"), authority=authority.pem) == kind
        assert server.asked == []


def test_a_server_that_does_not_speak_tls_is_never_spoken_to_in_the_clear() -> None:
    with misbehaving_server(Answer()) as plain:
        assert kind_of(plain.url.replace("http:", "https:")) == "tls_failed"
        assert plain.asked == []


def test_a_text_that_is_not_a_certificate_is_refused() -> None:
    with pytest.raises(Refused):
        HttpTransport(server_address("https://example.org"), organisation_authority="not a certificate")


def test_only_the_ways_to_the_server_count_as_offline() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    transport = HttpTransport(server_address(f"http://127.0.0.1:{port}"))
    with pytest.raises(SyncProblem) as found:
        transport.post("/v1/pull", b"{}")
    transport.close()
    assert is_offline(found.value)
    with misbehaving_server(told(401, "session")) as server:
        transport = HttpTransport(server_address(server.url))
        with pytest.raises(SyncProblem) as found:
            transport.post("/v1/pull", b"{}")
        transport.close()
    assert not is_offline(found.value)
