from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.storage.stores import PASSPHRASE, make_store
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
