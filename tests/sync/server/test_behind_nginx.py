"""The files of docs/deployment are real: nginx runs its configuration in front of two workers' port, over TLS."""

import configparser
import contextlib
import datetime as dt
import getpass
import re
import secrets
import shutil
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from laptop import ACCESSES, Laptop
from test_operating import free_port

from tests.sync.client.misbehaving_server import new_authority
from wellbeing_desktop.domain.errors import SyncProblem
from wellbeing_desktop.sync.client.address import server_address
from wellbeing_desktop.sync.client.policy import policy_from
from wellbeing_desktop.sync.client.transport import HttpTransport
from wellbeing_desktop.sync.protocol.pulling import PullReply, PullRequest
from wellbeing_desktop.sync.protocol.pushing import PushReply, PushRequest
from wellbeing_desktop.sync.protocol.transfer import decode, encode
from wellbeing_desktop.sync.server.local import new_service, running_server
from wellbeing_desktop.sync.server.staff_list import read_staff_list

DEPLOYMENT = Path(__file__).parents[3] / "docs" / "deployment"
NOW = dt.datetime.now(dt.UTC)
DAY = dt.timedelta(days=1)


@contextlib.contextmanager
def nginx_before(url: str, folder: Path) -> Iterator[tuple[str, str]]:
    """The shipped configuration with this test's port, certificate and worker in place of the examples."""
    program = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
    if program is None:
        pytest.skip("nginx is not installed: sh tests/browser_libraries.sh installs it as root")
    authority = new_authority(NOW)
    authority.server_context(folder, names=("127.0.0.1",), starts=NOW - DAY, ends=NOW + DAY)
    port = free_port()
    text = (DEPLOYMENT / "nginx.conf").read_text()
    for old, new in (
        ("server 127.0.0.1:8443;", f"server {url.removeprefix('http://')};"),
        ("listen 443 ssl;", f"listen 127.0.0.1:{port} ssl;"),
        ("/etc/wellbeing/certificate.pem", str(folder / "certificate.pem")),
        ("/etc/wellbeing/key.pem", str(folder / "key.pem")),
        ("rate=100r/s", "rate=20r/s"),
        ("burst=400", "burst=30"),
    ):
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    temporary = "\n".join(
        f"{kind}_temp_path {folder}/{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    whole = folder / "whole.conf"
    whole.write_text(
        f"daemon off;\nuser {getpass.getuser()};\npid {folder}/pid;\nerror_log {folder}/error.log;\n"
        f"events {{}}\nhttp {{\naccess_log off;\n{temporary}\n{text}\n}}\n"
    )
    process = subprocess.Popen([program, "-c", str(whole), "-p", str(folder)], stderr=subprocess.DEVNULL)
    try:
        for _ in range(600):
            with contextlib.suppress(OSError):
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
                break
            assert process.poll() is None, (folder / "error.log").read_text()
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(0.05)
        yield f"https://127.0.0.1:{port}", authority.pem
    finally:
        process.terminate()
        process.wait(30)


@pytest.mark.slow
def test_laptops_sync_through_nginx_and_are_told_to_wait_when_they_ask_too_fast(tmp_path: Path) -> None:
    service = new_service("Network", tmp_path / "server")
    laptop = Laptop(service, "Anna")
    for number in range(50):
        laptop.person(f"Person {number}")
    ops = tuple(msgspec.Raw(encode(operation)) for operation in laptop.outbox)
    token = laptop.sign_in().token
    (tmp_path / "nginx").mkdir()
    with running_server(service) as url, nginx_before(url, tmp_path / "nginx") as (address, authority):
        transport = HttpTransport(server_address(address), organisation_authority=authority)
        push = PushRequest(device=laptop.dev, epoch=laptop.epoch, ops=ops)
        pushed = decode(transport.post("/v1/push", encode(push), access=ACCESSES[token]), PushReply)
        assert pushed.last_n == 50
        pull = encode(PullRequest(device=laptop.dev, epoch=laptop.epoch))
        pulled = decode(transport.post("/v1/pull", pull, access=ACCESSES[token]), PullReply)
        assert len([row for row in pulled.changes if row.type == "person"]) == 50
        for path in ("/v1/metrics", "/elsewhere"):
            with pytest.raises(SyncProblem) as found:
                transport.post(path, b"{}")
            assert found.value.kind == "not_our_server"
        kinds = []
        for _ in range(100):
            try:
                transport.post("/v1/pull", pull, access=ACCESSES[token])
            except SyncProblem as problem:
                kinds.append(problem.kind)
        assert set(kinds) <= {"busy"}
        transport.close()
        transport = HttpTransport(server_address(address), organisation_authority=authority)
        with pytest.raises(SyncProblem) as found:
            transport.post("/v1/push", secrets.token_bytes(9 * 1024 * 1024), access=ACCESSES[token])
        assert found.value.kind in ("too_much_at_once", "connection_lost", "busy")
        transport.close()
    service.engine.close()


def test_the_sample_policy_and_staff_list_are_right(tmp_path: Path) -> None:
    copy = tmp_path / "policy.toml"
    copy.write_bytes((DEPLOYMENT / "policy.toml").read_bytes())
    copy.chmod(0o600)
    policy = policy_from(copy)
    assert (policy.server, policy.proxy, policy.lock_minutes) == ("https://wellbeing.example.nhs.uk", "system", 5)
    service = new_service("Network", tmp_path / "server")
    staff = read_staff_list(service, DEPLOYMENT / "staff.csv")
    assert (len(staff.good), staff.bad) == (4, ())
    service.engine.close()


def test_the_units_name_options_that_there_are() -> None:
    from wellbeing_desktop.sync.server.__main__ import _parser

    for name in ("wellbeing-server.service", "wellbeing-backup-check.service", "wellbeing-backup-check.timer"):
        unit = configparser.RawConfigParser(strict=False, interpolation=None)
        text = (DEPLOYMENT / name).read_text().replace("\\\n", " ")
        unit.read_string(text)
        assert unit.sections()
        for command in re.findall(r"wellbeing-server (\w+) ([^'\n]*)", text):
            words = [command[0], *re.sub(r'"\$\(.*\)"', "file", command[1]).split()]
            _parser().parse_args(words)
