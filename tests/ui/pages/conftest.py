"""A session over a real encrypted store, copied from one that was filled once."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.sync.client.practice import Practice, practice_on
from tests.ui.pages import made_service
from wellbeing_desktop.operations.setting_up import set_up_alone
from wellbeing_desktop.storage.kdf import FAST_FOR_TESTS
from wellbeing_desktop.storage.keys import StoreKey
from wellbeing_desktop.storage.store import Store
from wellbeing_desktop.sync.server.sqlite_engine import SqliteEngine
from wellbeing_desktop.ui.session import Session

PASSPHRASE = "granite pelican umbrella seventeen"


@pytest.fixture(scope="session")
def filled_store(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[str]]:
    folder = tmp_path_factory.mktemp("stores") / "filled"
    store, _kit = set_up_alone(folder, "Practice", PASSPHRASE, user_name="Alex Reed", argon=FAST_FOR_TESTS)
    ids = store.write(made_service.fill)
    store.close()
    return folder, ids


@pytest.fixture(scope="session")
def empty_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("stores") / "empty"
    store, _kit = set_up_alone(folder, "Practice", PASSPHRASE, user_name="Alex Reed", argon=FAST_FOR_TESTS)
    store.close()
    return folder


def session_of(store: Store) -> Session:
    return Session(
        store=store,
        user_id=store.identity.user_id,
        user_name="Alex Reed",
        organisation_id=store.identity.organisation_id,
        clock=lambda: made_service.NOW,
    )


@pytest.fixture
def session(filled_store: tuple[Path, list[str]], tmp_path: Path) -> Iterator[Session]:
    folder = tmp_path / "filled"
    shutil.copytree(filled_store[0], folder)
    store = Store.open(folder, PASSPHRASE)
    yield session_of(store)
    store.close()


@pytest.fixture
def people(filled_store: tuple[Path, list[str]]) -> list[str]:
    """The ids of the people of the filled store, in the order of the list."""
    return filled_store[1]


@pytest.fixture
def empty_session(empty_store: Path, tmp_path: Path) -> Iterator[Session]:
    folder = tmp_path / "empty"
    shutil.copytree(empty_store, folder)
    store = Store.open(folder, PASSPHRASE)
    yield session_of(store)
    store.close()


@pytest.fixture
def practice(tmp_path: Path) -> Iterator[Practice]:
    """A practice with a real server behind real loopback HTTP."""
    (tmp_path / "server").mkdir()
    engine = SqliteEngine(tmp_path / "server", StoreKey(bytes(32)), create=True)
    with practice_on(engine, tmp_path) as made:
        yield made
    engine.close()
