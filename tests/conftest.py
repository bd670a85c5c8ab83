"""For every test: no screen is needed, temporary files are kept in memory where there is room, stores are made quickly."""

import gc
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import pytest
from hypothesis import settings

from tests.quick_stores import made_by_the_program, quick_stores
from wellbeing_desktop.ui.garbage import collect_what_is_due

MEMORY_DISK: Final = Path("/dev/shm")
ROOM: Final = 4 << 30


def _keep_temporary_files_in_memory() -> None:
    """A commit waits for the disk, and a run makes tens of thousands of them."""
    if "TMPDIR" not in os.environ and os.access(MEMORY_DISK, os.W_OK) and shutil.disk_usage(MEMORY_DISK).free > ROOM:
        os.environ["TMPDIR"] = tempfile.tempdir = os.fspath(MEMORY_DISK)


_keep_temporary_files_in_memory()


settings.register_profile("steady", derandomize=True)
if "WELLBEING_SOAK" not in os.environ:
    settings.load_profile("steady")  # a change is not held up by what another example found; the soak looks for those


@pytest.fixture(scope="session", autouse=True)
def _quick_stores() -> Iterator[None]:
    with quick_stores():
        yield


@pytest.fixture
def stores_made_in_full() -> Iterator[None]:
    """For tests whose subject is the making of a store: every statement is run, as on a coordinator's laptop."""
    with made_by_the_program():
        yield


@pytest.fixture(scope="session", autouse=True)
def _nothing_collected_beside_a_test() -> None:
    """As in the program (`ui.garbage`): a store's thread must not take apart the widgets of a test that has ended."""
    gc.collect()
    gc.freeze()
    gc.disable()


@pytest.fixture(autouse=True)
def _collected_between_tests(request: pytest.FixtureRequest) -> Iterator[None]:
    runs_long = request.node.get_closest_marker("soak") is not None
    if runs_long:
        gc.enable()
    yield
    gc.disable()
    collect_what_is_due()
