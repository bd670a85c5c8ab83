"""A session on a real encrypted store, copied from one that is filled once."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.ui.pages.person.people import make_session, session_on
from wellbeing_desktop.storage.store import Store
from wellbeing_desktop.ui import background
from wellbeing_desktop.ui.session import Session


@pytest.fixture(scope="session")
def filled_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("people") / "store"
    make_session(folder).store.close()
    return folder


@pytest.fixture
def session(filled_store: Path, tmp_path: Path) -> Iterator[Session]:
    shutil.copytree(filled_store, tmp_path / "store")
    store = Store.open(tmp_path / "store", "granite pelican umbrella seventeen")
    yield session_on(store)
    store.close()


@pytest.fixture
def settle(qtbot):
    """Waits until a page has every answer that it asked for."""

    def wait(*owners) -> None:
        qtbot.waitUntil(lambda: all(background.waiting_for(owner) == 0 for owner in owners), timeout=10_000)

    return wait


@pytest.fixture(autouse=True)
def no_problem_shown() -> Iterator[list[BaseException]]:
    """Fails a test in which a page had to show a problem that the test does not expect (it empties the list then)."""
    from wellbeing_desktop.ui.widgets import messages

    seen: list[BaseException] = []
    with messages.replaced_by(lambda _owner, problem: seen.append(problem)):
        yield seen
    for problem in seen:
        raise problem
