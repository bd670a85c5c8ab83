"""Operating the server: real processes, real signals, slow and greedy callers, figures that name nobody."""

import contextlib
import datetime as dt
import http.client
import json
import os
import signal
import socket
import ssl
import subprocess
import sys
import tracemalloc
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import msgspec
import pytest
from laptop import Laptop, signed
from test_app import Line

from tests.sync.client.misbehaving_server import new_authority
from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.storage.keys import StoreKey
from wellbeing_desktop.sync.protocol.comparing import DigestRequest
from wellbeing_desktop.sync.protocol.limits import MAX_REQUEST_BYTES
from wellbeing_desktop.sync.protocol.pushing import PushReply, PushRequest, read_push
from wellbeing_desktop.sync.protocol.transfer import TooLarge, Unreadable, decode, encode
from wellbeing_desktop.sync.protocol.waiting import WaitReply, WaitRequest
from wellbeing_desktop.sync.server import serving
from wellbeing_desktop.sync.server.__main__ import main
from wellbeing_desktop.sync.server.local import running_server
from wellbeing_desktop.sync.server.postgres_engine import PostgresEngine
from wellbeing_desktop.sync.server.service import Service
from wellbeing_desktop.sync.server.settings import Settings
from wellbeing_desktop.sync.server.sqlite_engine import SqliteEngine

NOW = dt.datetime.now(dt.UTC)
DAY = dt.timedelta(days=1)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
        return port


@contextlib.contextmanager
def served_process(port: int, *words: str) -> Iterator["subprocess.Popen[bytes]"]:
    """`wellbeing-server serve` as an administrator runs it; ended by SIGTERM."""
    command = [sys.executable, "-m", "wellbeing_desktop.sync.server", "serve", "--port", str(port), *words]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    try:
        for _ in range(1200):
            with contextlib.suppress(OSError):
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
                break
            assert process.poll() is None, (process.stderr.read() if process.stderr else b"").decode()
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(0.05)
        yield process
    finally:
        process.terminate()
        process.communicate(timeout=60)


def new_server(tmp_path: Path) -> tuple[tuple[str, str], StoreKey]:
    place = ("--folder", str(tmp_path / "data"))
    assert main(["init", "--name", "Riverside", "--key-beside", *place, "--json"]) == 0
    return place, StoreKey(bytes.fromhex((tmp_path / "data" / "server.key").read_text().strip()))


def head_of(token: str, path: str, body: bytes) -> bytes:
    """A request's head, signed, as it goes over a bare socket."""
    headers = {"Host": "x", "Content-Length": str(len(body)), **signed(token, "POST", path, body)}
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return f"POST {path} HTTP/1.1\r\n{lines}\r\n".encode()


def push_of(laptop: Laptop) -> bytes:
    ops = tuple(msgspec.Raw(encode(operation)) for operation in laptop.outbox)
    return encode(PushRequest(device=laptop.dev, epoch=laptop.epoch, ops=ops))


@pytest.mark.slow
def test_what_is_in_hand_is_answered_and_kept_when_the_server_is_told_to_end(tmp_path: Path) -> None:
    place, key = new_server(tmp_path)
    engine = SqliteEngine(tmp_path / "data", key)
    laptop = Laptop(Service(engine), "Anna")
    person = laptop.person("Ellis")
    token, body = laptop.sign_in().token, push_of(laptop)
    engine.close()
    port = free_port()
    with served_process(port, *place) as process:
        line = socket.create_connection(("127.0.0.1", port))
        line.sendall(head_of(token, "/v1/push", body) + body[:100])
        ready = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        ready.request("GET", "/v1/health/ready")  # answered on another line: the first one has arrived as well
        assert ready.getresponse().status == 200
        ready.close()
        process.send_signal(signal.SIGTERM)
        line.sendall(body[100:])
        reply = http.client.HTTPResponse(line)
        reply.begin()
        assert reply.status == 200
        assert decode(reply.read(), PushReply).last_n == 1
        line.close()
        assert process.wait(60) == 0
    engine = SqliteEngine(tmp_path / "data", key)
    row = engine.read(lambda transaction: transaction.one("SELECT 1 FROM rec WHERE id = ?", (person,)))
    assert row is not None
    engine.close()


@pytest.mark.slow
def test_tls_is_modern_its_key_is_private_and_a_new_certificate_is_read_on_sighup(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    place, _key = new_server(tmp_path)
    authority = new_authority(NOW)
    (tmp_path / "tls").mkdir()
    authority.server_context(tmp_path / "tls", names=("127.0.0.1",), starts=NOW - DAY, ends=NOW + DAY)
    certificate, key = tmp_path / "tls" / "certificate.pem", tmp_path / "tls" / "key.pem"
    tls = ("--certificate", str(certificate), "--certificate-key", str(key))
    key.chmod(0o644)
    capsys.readouterr()
    assert main(["serve", *place, *tls]) == 1
    assert "chmod 600" in capsys.readouterr().err
    key.chmod(0o600)
    port = free_port()
    trust = ssl.create_default_context(cadata=authority.pem)

    def serial() -> str:
        with (
            socket.create_connection(("127.0.0.1", port)) as line,
            trust.wrap_socket(line, server_hostname="127.0.0.1") as secure,
        ):
            assert secure.version() == "TLSv1.3"
            return str((secure.getpeercert() or {})["serialNumber"])

    with served_process(port, *place, *tls) as process:
        old = serial()
        weak = ssl.create_default_context(cadata=authority.pem)
        weak.maximum_version = ssl.TLSVersion.TLSv1_2
        weak.set_ciphers("AES128-SHA:AES256-GCM-SHA384:@SECLEVEL=0")  # no forward secrecy
        with socket.create_connection(("127.0.0.1", port)) as line, pytest.raises(ssl.SSLError):
            weak.wrap_socket(line, server_hostname="127.0.0.1")
        authority.server_context(tmp_path / "tls", names=("127.0.0.1",), starts=NOW - DAY, ends=NOW + DAY)
        key.chmod(0o600)
        process.send_signal(signal.SIGHUP)
        assert process.stderr is not None
        while b"read anew" not in process.stderr.readline():
            pass
        assert serial() != old


def test_a_key_that_does_not_fit_its_certificate_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "junk").write_text("nonsense")
    (tmp_path / "junk").chmod(0o600)
    settings = Settings(folder=tmp_path, certificate=tmp_path / "junk", certificate_key=tmp_path / "junk")
    with pytest.raises(Refused, match="cannot be read"):
        serving.uvicorn_config(None, settings)
    with pytest.raises(Refused, match="needs its key"):
        serving.check_key_file(None)


def test_a_caller_that_never_finishes_its_head_is_let_go(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serving, "HEAD_SECONDS", 0.2)
    with running_server(service) as url:
        parts = urlsplit(url)
        slow = socket.create_connection((parts.hostname or "", parts.port or 0), timeout=30)
        slow.sendall(b"GET /v1/health HTTP/1.1\r\nX-A: ")
        assert slow.recv(10) == b""
        silent = socket.create_connection((parts.hostname or "", parts.port or 0), timeout=30)
        assert silent.recv(10) == b""
        line = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=30)
        line.request("GET", "/v1/health/live")
        assert line.getresponse().read() == b"live\n"
        second = line.sock
        second.sendall(b"GET /v1/hea")
        assert second.recv(10) == b"", "the head of a second request is waited for no longer than that of the first"
        for opened in (slow, silent, line):
            opened.close()


def test_a_laptop_that_waits_for_news_is_answered_at_once_when_the_server_is_told_to_end(service: Service) -> None:
    laptop = Laptop(service, "Anna")
    laptop.pull()
    token = laptop.sign_in().token
    body = encode(WaitRequest(device=laptop.dev, seq=laptop.seq))
    with running_server(service) as url:
        parts = urlsplit(url)
        line = socket.create_connection((parts.hostname or "", parts.port or 0), timeout=30)
        line.sendall(head_of(token, "/v1/wait", body) + body)
        other = Line(url)
        assert other.ask("GET", "/v1/health")[0] == 200
        other.connection.close()
    reply = http.client.HTTPResponse(line)
    reply.begin()
    assert (reply.status, decode(reply.read(), WaitReply).seq) in ((200, laptop.seq), (200, 0))
    line.close()


def test_a_body_that_drips_is_given_up(service: Service) -> None:
    with running_server(service, Settings(folder=Path(), request_seconds=0.2)) as url:
        parts = urlsplit(url)
        line = socket.create_connection((parts.hostname or "", parts.port or 0), timeout=30)
        line.sendall(b"POST /v1/nonce HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{")
        assert line.recv(100).startswith(b"HTTP/1.1 400")
        line.close()


def test_a_laptop_that_asks_too_often_is_told_when_to_come_back(service: Service) -> None:
    laptop = Laptop(service, "Anna")
    with running_server(service, Settings(folder=Path(), laptop_requests_a_minute=5)) as url:
        line = Line(url)
        line.token = laptop.sign_in().token
        ask = encode(DigestRequest(device=laptop.dev, epoch=laptop.epoch))
        assert [line.ask("POST", "/v1/digest", ask)[0] for _ in range(6)] == [200] * 5 + [429]
        line.connection.request("POST", "/v1/digest", ask, signed(line.token, "POST", "/v1/digest", ask))
        reply = line.connection.getresponse()
        assert (reply.status, int(reply.getheader("retry-after") or 0) > 0) == (429, True)
        reply.read()
        line.connection.close()


@pytest.mark.parametrize(
    "ops",
    [
        b",".join([b'{"n":1}'] * 1_000_000),
        b",".join([b"1"] * 4_000_000),
        b"[" * 7_000_000,
        b'"' * 7_000_000,
    ],
    ids=["a million operations", "four million numbers", "deep nesting", "quotes"],
)
def test_a_push_of_a_million_pieces_is_refused_before_it_takes_memory(ops: bytes) -> None:
    body = b'{"device":"d","epoch":"e","ops":[' + ops + b"]}"
    assert len(body) <= MAX_REQUEST_BYTES
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    with pytest.raises((TooLarge, Unreadable)):
        read_push(body)
    assert tracemalloc.get_traced_memory()[1] - before < 64 * 1024 * 1024
    tracemalloc.stop()


def test_the_figures_are_for_loopback_or_a_token_and_name_nobody(service: Service) -> None:
    laptop = Laptop(service, "Sentinelname")
    laptop.person("Sentinelperson")
    with running_server(service) as url:
        line = Line(url)
        line.token = laptop.sign_in().token
        assert line.ask("POST", "/v1/push", push_of(laptop))[0] == 200
        assert line.ask("HEAD", "/v1/blob/" + "a" * 64)[0] == 404
        assert line.ask("GET", "/v1/health/live")[0] == 200
        status, _kind, data = line.ask("GET", "/v1/metrics")
        words = data.decode()
        assert status == 200
        assert 'wellbeing_requests_total{route="/v1/push",status="200",result="ok"} 1' in words
        assert 'wellbeing_laptops{state="approved"} 1' in words
        assert "Sentinel" not in words
        assert laptop.dev not in words
        assert "a" * 64 not in words
        for text in words.splitlines():
            assert text.startswith("# TYPE ") or float(text.rpartition(" ")[2]) >= 0
        assert line.ask("GET", "/v1/metrics", forwarded="for=192.0.2.1")[0] == 404
        line.connection.close()
    with running_server(service, Settings(folder=Path(), metrics_token="right")) as url:
        line = Line(url)
        assert line.ask("GET", "/v1/metrics")[0] == 404
        assert line.ask("GET", "/v1/metrics", authorization="Bearer wrong")[0] == 404
        assert line.ask("GET", "/v1/metrics", authorization="Bearer right")[0] == 200
        line.connection.close()


@pytest.mark.slow
@pytest.mark.postgres
def test_several_workers_on_one_postgresql_take_work_that_any_of_them_gives_back(
    postgres_address: str, tmp_path: Path
) -> None:
    name = f"workers_{os.getpid()}"
    engine = PostgresEngine(postgres_address)
    with engine._pool.connection() as connection:
        connection.autocommit = True
        connection.execute(f"CREATE DATABASE {name}")
        connection.autocommit = False
    engine.close()
    address = postgres_address.replace("/postgres?", f"/{name}?", 1)
    assert name in address
    place = ("--database", address, "--key-file", str(tmp_path / "server.key"))
    assert main(["init", "--name", "Network", *place, "--json"]) == 0
    port = free_port()
    own = PostgresEngine(address)
    laptops = [Laptop(Service(own), name) for name in ("Anna", "Bilal", "Carys")]
    with served_process(port, *place, "--workers", "3") as process:
        for laptop in laptops:
            laptop.person("Ellis")
            for _ in range(4):  # each on a line of its own: whichever worker takes it
                line = Line(f"http://127.0.0.1:{port}")
                line.token = laptop.sign_in().token
                status, _kind, data = line.ask("POST", "/v1/push", push_of(laptop))
                assert status == 200
                line.connection.close()
            [again] = decode(data, PushReply).results
            assert (again.r, again.was_r) == ("duplicate", "applied"), "what one worker took, another knows"
        process.send_signal(signal.SIGTERM)
        assert process.wait(60) == 0
    for laptop in laptops:
        laptop.outbox = []
        laptop.pull()
        assert len([row for row in laptop.rows.values() if row.type == "person"]) == 1
    own.close()


def test_the_log_has_a_line_of_json_for_each_answer(service: Service, caplog: pytest.LogCaptureFixture) -> None:
    with running_server(service) as url, caplog.at_level("INFO", "wellbeing.server"):
        line = Line(url)
        line.ask("GET", "/v1/health")
        line.connection.close()
    [told] = [json.loads(record.getMessage()) for record in caplog.records if "route" in record.getMessage()]
    assert (told["route"], told["status"], told["result"]) == ("/v1/health", 200, "ok")
