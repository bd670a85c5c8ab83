"""The process is killed in the middle of its work: nothing acknowledged is lost, nothing is half there."""

import os
import random
import signal
from pathlib import Path

import pytest

from tests.killable import Killable
from tests.storage import working_child
from tests.storage.stores import PASSPHRASE, make_store, open_store, whole_notes
from wellbeing_desktop.storage.backup import restore
from wellbeing_desktop.storage.backup_container import WORK_FOLDER
from wellbeing_desktop.storage.health import check

pytestmark = [pytest.mark.usefixtures("small_schema"), pytest.mark.slow]

SEED = int(os.environ.get("WELLBEING_SEED", "20261121"))
KILLS = [20, pytest.param(200, marks=pytest.mark.soak)]


def acknowledged_until_killed(folder: Path, work: str, after: int, then: int) -> int:
    """Start the work, kill it once `after` lines have come and `then` more bytes of luck have passed."""
    child = Killable(working_child.work, os.fspath(folder), work)
    told = [child.heard() for _ in range(after)]
    for _ in range(then):  # a moment that is different each time, without a sleep
        os.getpid()
    child.kill()
    told += iter(child.heard, None)
    assert child.ended() == -signal.SIGKILL, "the work ended by itself"
    assert told[-1] is not None
    return int(told[-1])


@pytest.mark.parametrize("kills", KILLS)
def test_kills_during_editing_lose_nothing_and_leave_nothing_half_done(tmp_path: Path, kills: int) -> None:
    folder = tmp_path / "store"
    make_store(folder)[0].close()
    chance = random.Random(SEED)
    for _ in range(kills):
        acknowledged = acknowledged_until_killed(folder, "edit", chance.randint(1, 25), chance.randint(0, 20_000))
        with open_store(folder) as store:
            found = store.read(whole_notes)
            assert found in (acknowledged, acknowledged + 1), f"seed {SEED}"
            assert check(store) == []


@pytest.mark.parametrize("kills", KILLS)
def test_kills_during_a_backup_leave_the_store_whole_and_the_last_backup_proven(tmp_path: Path, kills: int) -> None:
    folder = tmp_path / "store"
    store, _ = make_store(folder)
    store.close()
    acknowledged_until_killed(folder, "edit", 30, 0)
    with open_store(folder) as store:
        notes = store.read(whole_notes)
    chance = random.Random(SEED)
    for number in range(kills):
        acknowledged_until_killed(folder, "backup", chance.randint(1, 3), chance.randint(0, 400_000))
        with open_store(folder) as store:
            assert store.read(whole_notes) == notes
            assert check(store) == []
            assert not list(folder.glob(WORK_FOLDER + "*")), "what was cut off has been swept away"
        restore(tmp_path / "kept.backup", tmp_path / f"back {number}", PASSPHRASE)
        with open_store(tmp_path / f"back {number}") as back:
            assert back.read(whole_notes) == notes
