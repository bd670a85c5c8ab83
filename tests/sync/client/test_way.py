"""The way to the server: a real proxy, a policy, and every wrong server told nothing, each in its own sentence."""

import datetime as dt
import ssl
import urllib.request
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.sync.client.misbehaving_server import (
    Answer,
    Authority,
    MisbehavingServer,
    misbehaving_server,
    new_authority,
)
from tests.sync.client.proxy_server import ConnectProxy, connect_proxy
from wellbeing_desktop.domain.errors import Refused, SyncProblem
from wellbeing_desktop.sync.client import policy as policies
from wellbeing_desktop.sync.client.address import server_address
from wellbeing_desktop.sync.client.problems import KINDS, problem
from wellbeing_desktop.sync.client.proxy import Proxy, check_proxy, chosen_proxy
from wellbeing_desktop.sync.client.transport import HttpTransport
from wellbeing_desktop.sync.client.way import OwnWay, keep_own_way, open_way, own_way

NOW = dt.datetime.now(dt.UTC)
DAY = dt.timedelta(days=1)
SECRET = b'{"said": "what nobody else may read"}'


@pytest.fixture(scope="module")
def authority() -> Authority:
    return new_authority(NOW)


@contextmanager
def tls_server(authority: Authority, folder: Path, answer: Answer | None = None) -> Iterator[MisbehavingServer]:
    tls = authority.server_context(folder, names=("127.0.0.1",), starts=NOW - DAY, ends=NOW + DAY)
    with misbehaving_server(answer or Answer(body=b'{"ok": true}'), tls=tls) as server:
        yield server


def https(server: MisbehavingServer) -> str:
    return server.url.replace("http:", "https:")


def sent(url: str, *, proxy: str = "", authority: str = "") -> bytes:
    transport = HttpTransport(server_address(url), proxy=proxy, organisation_authority=authority)
    try:
        return transport.post("/v1/push", SECRET)
    finally:
        transport.close()


def kind_of(send: Callable[[], bytes]) -> str:
    with pytest.raises(SyncProblem) as found:
        send()
    return found.value.kind


def test_through_a_proxy_the_message_arrives_and_the_proxy_reads_none_of_it(
    authority: Authority, tmp_path: Path
) -> None:
    with tls_server(authority, tmp_path) as server, connect_proxy() as proxy:
        assert sent(https(server), proxy=f"http://{proxy.address}", authority=authority.pem) == b'{"ok": true}'
        [asked] = proxy.asked
        assert asked.startswith(f"CONNECT {server.url.removeprefix('http://')} HTTP/1.")
    assert server.asked[0].body == SECRET
    assert b"nobody else" not in proxy.sent
    assert b"/v1/push" not in proxy.sent


def test_a_proxy_that_asks_for_a_name_gets_it_and_the_server_never_does(authority: Authority, tmp_path: Path) -> None:
    told = ConnectProxy(user="lap top", password="a:b@c")
    with tls_server(authority, tmp_path) as server, connect_proxy(told) as proxy:
        right = f"http://lap%20top:a%3Ab%40c@{proxy.address}"
        assert sent(https(server), proxy=right, authority=authority.pem) == b'{"ok": true}'
        assert "proxy-authorization" not in server.asked[0].headers
        asked = len(server.asked)
        for wrong in (f"http://{proxy.address}", f"http://laptop:wrong@{proxy.address}"):
            assert kind_of(lambda wrong=wrong: sent(https(server), proxy=wrong, authority=authority.pem)) == (
                "proxy_sign_in"
            )
        assert len(server.asked) == asked


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n", "proxy_refused"),
        (b"HTTP/1.1 405 Method Not Allowed\r\nContent-Length: 0\r\n\r\n", "proxy_refused"),
        (b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n", "proxy_no_way"),
        (b"HTTP/1.1 504 Gateway Timeout\r\nContent-Length: 0\r\n\r\n", "proxy_no_way"),
        (b"HTTP/1.1 302 Found\r\nLocation: http://portal.example/\r\nContent-Length: 0\r\n\r\n", "proxy_refused"),
        (b"\x00\x01\x02 not HTTP at all", "connection_lost"),
    ],
)
def test_a_proxy_that_says_no_is_its_own_sentence_and_is_told_nothing(
    authority: Authority, tmp_path: Path, answer: bytes, kind: str
) -> None:
    with tls_server(authority, tmp_path) as server, connect_proxy(ConnectProxy(answer=answer)) as proxy:
        address = f"http://{proxy.address}"
        assert kind_of(lambda: sent(https(server), proxy=address, authority=authority.pem)) == kind
    assert server.asked == []
    assert bytes(proxy.sent) == b""


def test_a_proxy_that_cuts_the_answer_short_is_noticed(authority: Authority, tmp_path: Path) -> None:
    whole = Answer(body=b'{"rows": "' + b"x" * 50_000 + b'"}')
    with tls_server(authority, tmp_path, whole) as server, connect_proxy(ConnectProxy(cut_after=20_000)) as proxy:
        found = kind_of(lambda: sent(https(server), proxy=f"http://{proxy.address}", authority=authority.pem))
    assert found in ("reply_cut_short", "connection_lost")


def test_a_wrong_server_behind_a_proxy_is_told_nothing_either(authority: Authority, tmp_path: Path) -> None:
    with tls_server(authority, tmp_path) as server, connect_proxy() as proxy:
        assert kind_of(lambda: sent(https(server), proxy=f"http://{proxy.address}")) == "certificate_not_trusted"
    assert server.asked == []


def test_a_server_with_only_an_old_kind_of_encryption_is_told_nothing(authority: Authority, tmp_path: Path) -> None:
    old = authority.server_context(tmp_path, names=("127.0.0.1",), starts=NOW - DAY, ends=NOW + DAY)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        old.set_ciphers("ALL:@SECLEVEL=0")
        old.minimum_version = ssl.TLSVersion.TLSv1
        old.maximum_version = ssl.TLSVersion.TLSv1_1
    with misbehaving_server(Answer(), tls=old) as server:
        assert kind_of(lambda: sent(https(server), authority=authority.pem)) == "tls_too_old"
    assert server.asked == []


def test_a_self_signed_server_is_told_nothing(tmp_path: Path) -> None:
    itself = new_authority(NOW)
    with tls_server(itself, tmp_path) as server:
        assert kind_of(lambda: sent(https(server))) == "certificate_not_trusted"
    assert server.asked == []


def test_a_redirect_elsewhere_over_tls_is_not_followed(authority: Authority, tmp_path: Path) -> None:
    with misbehaving_server(Answer()) as stranger:
        moved = Answer(status=307, headers={"Location": f"{stranger.url}/v1/push"})
        with tls_server(authority, tmp_path, moved) as server:
            assert kind_of(lambda: sent(https(server), authority=authority.pem)) == "redirected"
        assert stranger.asked == []


def test_every_trouble_on_the_way_has_words_of_its_own() -> None:
    said = [problem(kind).message for kind in KINDS]
    assert len(said) == len(set(said))


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("proxy.example", Proxy("http://proxy.example:8080")),
        ("http://proxy.example:3128/", Proxy("http://proxy.example:3128")),
        ("https://u:p%20w@[::1]", Proxy("https://[::1]:443", "u", "p w")),
    ],
)
def test_a_proxy_is_read_as_people_write_it(typed: str, found: Proxy) -> None:
    assert check_proxy(typed) == found


@pytest.mark.parametrize("typed", ["", "ftp://proxy", "http://", "http://p/path", "http://p:99999", "http://p?x=1"])
def test_what_is_no_proxy_is_refused_in_a_sentence(typed: str) -> None:
    with pytest.raises(Refused, match="proxy"):
        check_proxy(typed)


def test_the_systems_proxy_is_used_only_when_it_was_chosen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(urllib.request, "getproxies_registry", lambda: {"https": "http://site:3128"}, raising=False)
    monkeypatch.setattr(urllib.request, "proxy_bypass_registry", lambda host: host == "inside.nhs.uk", raising=False)
    assert chosen_proxy("", "care.nhs.uk") == Proxy()
    assert chosen_proxy("system", "care.nhs.uk") == Proxy("http://site:3128")
    assert chosen_proxy("system", "inside.nhs.uk") == Proxy()
    monkeypatch.setattr(urllib.request, "getproxies_registry", dict, raising=False)
    assert chosen_proxy("system", "care.nhs.uk") == Proxy()


def test_a_system_without_a_proxy_setting_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("getproxies_registry", "getproxies_macosx_sysconf"):
        monkeypatch.delattr(urllib.request, name, raising=False)
    with pytest.raises(Refused, match="no proxy setting of its own"):
        chosen_proxy("system", "care.nhs.uk")


# the policy


@pytest.fixture
def policy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Path]:
    folder = tmp_path / "policy"
    folder.mkdir()
    monkeypatch.setattr(policies, "policy_place", lambda: folder / "policy.toml")

    def write(text: str) -> Path:
        path = folder / "policy.toml"
        path.write_text(text, encoding="utf-8")
        path.chmod(0o644)
        return path

    return write


def test_the_policy_gives_the_proxy_and_whom_to_trust(
    authority: Authority, tmp_path: Path, policy: Callable[[str], Path]
) -> None:
    with tls_server(authority, tmp_path) as server, connect_proxy() as proxy:
        path = policy(f'server = "{https(server)}"\nauthority = "ours.pem"\nproxy = "{proxy.address}"\n')
        (path.parent / "ours.pem").write_text(authority.pem)
        keep_own_way(tmp_path, OwnWay("http://127.0.0.1:1"))  # what the user set does not count beside it
        transport = open_way(server_address(policies.read_policy().server), tmp_path)
        assert transport.post("/v1/push", SECRET) == b'{"ok": true}'
        transport.close()
        assert len(proxy.asked) == 1


def test_the_users_own_proxy_is_used_where_the_policy_has_none(tmp_path: Path, policy: Callable[[str], Path]) -> None:
    deaf = ConnectProxy(answer=b"HTTP/1.1 501 Not Implemented\r\nContent-Length: 0\r\n\r\n")
    with misbehaving_server(Answer()) as server, connect_proxy(deaf) as proxy:
        keep_own_way(tmp_path, OwnWay(f"http://{proxy.address}"))
        assert (tmp_path / "connection.json").stat().st_mode & 0o077 == 0
        transport = open_way(server_address(server.url), tmp_path)
        with pytest.raises(
            SyncProblem
        ):  # to this computer itself there is no TLS, so no tunnel, and this proxy takes none
            transport.post("/v1/push", b"{}")
        transport.close()
        assert proxy.asked == [f"POST {server.url}/v1/push HTTP/1.1"]
        assert own_way(tmp_path).proxy == f"http://{proxy.address}"
    keep_own_way(tmp_path, OwnWay())
    assert not (tmp_path / "connection.json").exists()
    with pytest.raises(Refused):
        keep_own_way(tmp_path, OwnWay("ftp://proxy"))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("server = ", "cannot be understood"),
        ('servr = "https://x.example"', "servr"),
        ('server = "http://x.example"', "https://"),
        ('proxy = "ftp://x"', "proxy"),
        ('authority = "not-there.pem"', "authority"),
        ('authority = "-----BEGIN nonsense"', "certificate"),
        ("lock_minutes = 60", "1 to 15"),
        ('lock_minutes = "five"', "lock_minutes"),
        ('folder = "relative/place"', "root of a disk"),
        ("# " + "x" * 70_000, "too large"),
    ],
)
def test_a_policy_that_is_not_right_is_a_sentence_and_stops_the_network_only(
    tmp_path: Path, policy: Callable[[str], Path], text: str, words: str
) -> None:
    policy(text)
    with pytest.raises(Refused) as refused:
        policies.read_policy()
    assert words in refused.value.message
    with misbehaving_server(Answer()) as server:
        with pytest.raises(SyncProblem) as found:
            open_way(server_address(server.url), tmp_path)
        assert found.value.kind == "policy_unreadable"
        assert server.asked == []


def test_a_policy_that_others_may_write_is_refused(policy: Callable[[str], Path]) -> None:
    path = policy('server = "https://x.example"')
    path.chmod(0o666)
    with pytest.raises(Refused, match="changed by others"):
        policies.read_policy()


def test_a_variable_cannot_set_aside_the_systems_policy(
    tmp_path: Path, policy: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    other = tmp_path / "other.toml"
    other.write_text('server = "https://other.example"')
    other.chmod(0o600)
    monkeypatch.setenv("WELLBEING_POLICY", str(other))
    assert policies.read_policy().server == "https://other.example"
    policy('server = "https://right.example"\nlock_minutes = 3\nupdates = false')
    found = policies.read_policy()
    assert (found.server, found.lock_minutes, found.updates) == ("https://right.example", 3, False)
