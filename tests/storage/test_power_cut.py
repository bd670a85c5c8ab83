"""Kills cannot show what a power cut does: the system keeps what a killed process wrote (SECURITY 0, finding 1)."""

import os
import random
import shutil
from pathlib import Path

import pytest

from tests.storage.power_cut import MODELS, Event, can_record, disk_after_cut, record
from tests.storage.stores import make_store, open_store, whole_notes
from wellbeing_desktop.domain.errors import StoreProblem
from wellbeing_desktop.storage.health import check

pytestmark = [
    pytest.mark.usefixtures("small_schema"),
    pytest.mark.slow,
    pytest.mark.skipif(not can_record(), reason="POWER CUTS NOT TESTED: strace is missing or may not trace here"),
]

SEED = int(os.environ.get("WELLBEING_SEED", "20261121"))
NOTES = 60
CUTS = [100, pytest.param(5000, marks=pytest.mark.soak)]


def recorded(tmp_path: Path, mode: str) -> tuple[Path, list[Event]]:
    """The store as it was before, and everything that adding sixty notes did to its files."""
    folder, before = tmp_path / "store", tmp_path / "before"
    make_store(folder)[0].close()
    shutil.copytree(folder, before)
    events = record(folder, tmp_path / "traces", "tests.storage.working_child", str(NOTES), mode)
    assert sum(event.what == "acknowledge" for event in events) == NOTES
    assert sum(event.what == "write" and event.path.endswith("store.db") for event in events) > 20, "checkpoints ran"
    return before, events


def acknowledged_before(events: list[Event], cut: int) -> int:
    return max((event.offset for event in events[:cut] if event.what == "acknowledge"), default=0)


@pytest.mark.parametrize("cuts", CUTS)
@pytest.mark.fault(1)
def test_a_power_cut_at_any_moment_loses_nothing_that_was_acknowledged(tmp_path: Path, cuts: int) -> None:
    before, events = recorded(tmp_path, "FULL")
    chance = random.Random(SEED)
    for number in range(cuts):
        cut, model = chance.randrange(len(events) + 1), MODELS[number % len(MODELS)]
        disk = tmp_path / "cut"
        disk_after_cut(before, disk, events, cut, model, chance)
        with open_store(disk) as store:
            found = store.read(whole_notes)
            promised = acknowledged_before(events, cut)
            assert found in (promised, promised + 1), f"seed {SEED}, cut {cut}, {model}"
            assert [finding for finding in check(store) if finding.kind != "anchor_lost"] == [], f"{cut}, {model}"
        shutil.rmtree(disk)


def test_the_control_with_normal_synchronisation_loses_work_and_the_anchor_or_the_count_shows_it(
    tmp_path: Path,
) -> None:
    before, events = recorded(tmp_path, "NORMAL")
    chance, losses = random.Random(SEED), 0
    for number in range(60):
        cut, model = chance.randrange(len(events) + 1), MODELS[number % len(MODELS)]
        disk = tmp_path / "cut"
        disk_after_cut(before, disk, events, cut, model, chance)
        try:
            with open_store(disk, accept_shortened=True) as store:
                losses += store.read(whole_notes) < acknowledged_before(events, cut)
        except StoreProblem:
            losses += 1
        shutil.rmtree(disk)
    assert losses >= 10, "the simulator finds what it is made to find"
