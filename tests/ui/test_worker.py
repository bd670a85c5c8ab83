"""The worker process: bytes out, progress, refusal, cancel, and nothing left after lock."""

import pytest
from PySide6.QtCore import QObject

from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.ui import worker


@pytest.fixture(autouse=True)
def ended():
    yield
    worker.end_worker()


def test_a_job_gives_bytes_progress_refusals_and_faults_and_can_be_cancelled(qtbot, qapp) -> None:
    owner, done, failed, counts = QObject(), [], [], []
    go = "wellbeing_desktop.ui.worker_check:"
    worker.run_in_worker(
        owner, go + "count", {"to": 3}, done.append, failed.append, on_progress=lambda d, t: counts.append((d, t))
    )
    qtbot.waitUntil(lambda: bool(done), timeout=20_000)
    assert done == [b"3"]
    assert counts[-1] == (3, 3)
    worker.run_in_worker(owner, go + "refuse", None, done.append, failed.append)
    worker.run_in_worker(owner, go + "fail", "Bronwen", done.append, failed.append)
    qtbot.waitUntil(lambda: len(failed) == 2)
    assert isinstance(failed[0], Refused)
    assert "Bronwen" not in str(failed[1])
    endless = worker.run_in_worker(owner, go + "for_ever", None, done.append, failed.append)
    endless.cancel()
    worker.run_in_worker(owner, go + "count", {"to": 1}, done.append, failed.append)
    qtbot.waitUntil(lambda: len(done) == 2, timeout=20_000)
    assert done[1] == b"1"
    assert endless.future.cancelled()


def test_only_functions_of_this_package_can_be_named(qapp) -> None:
    with pytest.raises(ValueError, match="wellbeing_desktop"):
        worker.run_in_worker(QObject(), "os:system", "true", lambda _: None)
