from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.storage.record_stores import close_writer, make_template, open_copy
from tests.storage.stores import PASSPHRASE, make_store
from wellbeing_desktop.storage import audit, migrations
from wellbeing_desktop.storage.connection import Writer
from wellbeing_desktop.storage.recovery import RecoveryKit
from wellbeing_desktop.storage.store import Store


@pytest.fixture
def passphrase() -> str:
    return PASSPHRASE


@pytest.fixture
def made(tmp_path: Path) -> Iterator[tuple[Store, RecoveryKit]]:
    """A new store with a table of notes and a chain of audit entries, and its recovery kit."""
    store, kit = make_store(tmp_path / "store")
    yield store, kit
    store.close()


@pytest.fixture
def store(made: tuple[Store, RecoveryKit]) -> Store:
    return made[0]


@pytest.fixture(scope="session")
def empty_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of a store with every table and nothing in them, for the tests of records."""
    path = tmp_path_factory.mktemp("template") / "store.db"
    make_template(path)
    return path


@pytest.fixture
def writer(empty_store: Path, tmp_path: Path) -> Iterator[Writer]:
    """The writer of a store of its own that is on this computer only, guarded as the program guards it."""
    made = open_copy(empty_store, tmp_path / "records.db")
    yield made
    close_writer(made)


@pytest.fixture
def small_schema(monkeypatch: pytest.MonkeyPatch) -> None:
    """Stores without the tables of the records: for tests that break every part of many files."""
    first = migrations.shipped()[:1]
    monkeypatch.setattr(migrations, "shipped", lambda: first)
    monkeypatch.setattr(audit, "verify", lambda reader: [])
