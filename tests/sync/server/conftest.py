"""Both engines, for every test here: a new organisation on a real encrypted file and on a real PostgreSQL."""

import datetime as dt
import secrets
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))  # laptop.py, the tests' own raw client

from visitor import Now, Visitor

from wellbeing_desktop.sync.server import history
from wellbeing_desktop.sync.server.backup_rota import Rota
from wellbeing_desktop.sync.server.console import admins as console_admins
from wellbeing_desktop.sync.server.console.admins import Admins
from wellbeing_desktop.sync.server.console.app import Console
from wellbeing_desktop.sync.server.engine import Engine
from wellbeing_desktop.sync.server.local import running_server
from wellbeing_desktop.sync.server.organisations import new_organisation
from wellbeing_desktop.sync.server.service import Service

KEY = secrets.token_bytes(32)
"""The server's key in tests of the console."""

NewService = Callable[[], Service]


@pytest.fixture(params=["sqlcipher", pytest.param("postgresql", marks=pytest.mark.postgres)])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    if request.param == "postgresql":
        yield request.getfixturevalue("postgres_engine")
        return
    from wellbeing_desktop.storage.keys import StoreKey
    from wellbeing_desktop.sync.server.sqlite_engine import SqliteEngine

    made = SqliteEngine(tmp_path, StoreKey.new(), create=True)
    yield made
    made.close()


@pytest.fixture
def service(engine: Engine) -> Service:
    return Service(engine, new_organisation(engine, "Test practice", history.server_now()))


@pytest.fixture
def quick_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each sign-in asks for a hash, and one that nobody's password fits costs as much."""
    from argon2 import PasswordHasher

    quick = PasswordHasher(time_cost=1, memory_cost=1024, parallelism=1)
    monkeypatch.setattr(console_admins, "_hasher", lambda: quick)
    monkeypatch.setattr(console_admins, "_NOBODY", quick.hash("nobody's"))


@pytest.fixture
def now() -> Now:
    return Now()


@pytest.fixture
def served(service: Service, now: Now) -> Service:
    return Service(service.engine, service.org, clock=now)


@pytest.fixture
def admins(served: Service) -> Admins:
    return Admins(served, KEY)


@pytest.fixture
def visitor(quick_passwords: None, served: Service, admins: Admins, tmp_path: Path) -> Iterator[Visitor]:
    """Somebody before the console of `served`."""
    kept = tmp_path / "kept"
    kept.mkdir()
    console = Console(served, KEY, Rota(folder=kept, every=dt.timedelta(days=1), keep=3))
    with running_server(served, console=console.routes()) as url:
        yield Visitor(url)
