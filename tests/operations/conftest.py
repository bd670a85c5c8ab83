from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.operations.made import Made
from tests.storage.record_stores import close_writer, make_template, open_copy


@pytest.fixture(scope="session")
def empty_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "store.db"
    make_template(path)
    return path


@pytest.fixture
def made(empty_store: Path, tmp_path: Path) -> Iterator[Made]:
    """A real encrypted store with one person in it, open in the test's own thread."""
    writer = open_copy(empty_store, tmp_path / "records.db")
    yield Made(writer)
    close_writer(writer)
