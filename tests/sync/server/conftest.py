"""Both engines, for every test here: a new organisation on a real encrypted file and on a real PostgreSQL."""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))  # laptop.py, the tests' own raw client

from wellbeing_desktop.sync.server import history
from wellbeing_desktop.sync.server.console import admins
from wellbeing_desktop.sync.server.engine import Engine
from wellbeing_desktop.sync.server.organisations import new_organisation
from wellbeing_desktop.sync.server.service import Service

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
    monkeypatch.setattr(admins, "_hasher", lambda: quick)
    monkeypatch.setattr(admins, "_NOBODY", quick.hash("nobody's"))
