"""A disk of six megabytes, filled to the last byte."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.storage.stores import add_note, make_store, open_store, whole_notes
from wellbeing_desktop.domain.errors import StoreProblem
from wellbeing_desktop.storage.backup import backup
from wellbeing_desktop.storage.health import check
from wellbeing_desktop.storage.space import RESERVE_BYTES, Space
from wellbeing_desktop.storage.store import Store

pytestmark = pytest.mark.usefixtures("small_schema")


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    place = tmp_path / "disk"
    place.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=6m", "tmpfs", place], capture_output=True).returncode:
        pytest.skip("FULL DISK NOT TESTED: a small disk can only be mounted by root")
    yield place
    subprocess.run(["umount", "-l", place], check=True)


def fill(disk: Path) -> None:
    with (disk / "filling").open("ab", buffering=0) as file:
        for size in (65536, 4096, 1):
            try:
                while True:
                    file.write(b"x" * size)
            except OSError:
                continue


def save_until_full(store: Store) -> int:
    """How many saves were acknowledged before the disk was full."""
    saved, told = 0, None
    while told is None:
        try:
            store.write(lambda writer: add_note(writer, "x" * 2000))
            saved += 1
        except StoreProblem as problem:
            told = problem
    assert told.kind == "disk_full"
    assert "not saved" in told.message
    assert "everything saved before it is safe" in told.message
    return saved


@pytest.mark.fault(27)
def test_nothing_acknowledged_is_lost_and_work_goes_on_when_there_is_room(disk: Path) -> None:
    store, _ = make_store(disk / "store")
    fill(disk)
    saved = save_until_full(store)
    for _ in range(3):
        with pytest.raises(StoreProblem, match="disk is full"):
            store.write(lambda writer: add_note(writer, "x" * 2000))
    assert store.read(whole_notes) == saved
    (disk / "filling").unlink()
    assert store.write(lambda writer: add_note(writer, "room again")) == saved + 1
    store.close()
    with open_store(disk / "store") as again:
        assert again.read(whole_notes) == saved + 1
        assert [finding.kind for finding in check(again)] == ["disk_low"]


@pytest.mark.parametrize("before", ["closed well", "closed on the full disk"])
def test_a_store_opens_and_reads_with_no_byte_free(disk: Path, before: str) -> None:
    store, _ = make_store(disk / "store")
    saved = 20
    for _ in range(saved):
        store.write(lambda writer: add_note(writer, "x" * 500))
    if before == "closed well":
        store.close()
        fill(disk)
    else:
        fill(disk)
        saved += save_until_full(store)
        store.close()
    assert os.statvfs(disk).f_bavail == 0
    with open_store(disk / "store") as again:
        assert again.has_one_connection == (before == "closed well")
        assert again.read(whole_notes) == saved
        assert again.space().warning().startswith("This computer's disk is nearly full")
        assert any(finding.kind in ("disk_low", "disk_full") for finding in check(again))
        with pytest.raises(StoreProblem, match=r"disk is full|did not do"):
            backup(again, disk / "my.backup")
        assert not (disk / "my.backup").exists()
    (disk / "filling").unlink()
    with open_store(disk / "store") as again:
        assert not again.has_one_connection
        assert again.write(lambda writer: add_note(writer, "room again")) == saved + 1


@pytest.mark.usefixtures("stores_made_in_full")
def test_a_new_store_on_a_full_disk_is_refused_and_leaves_nothing(disk: Path) -> None:
    fill(disk)
    with pytest.raises(StoreProblem, match=r"disk is full|did not do"):
        make_store(disk / "store")
    assert [path.name for path in disk.iterdir()] == ["filling"]


@pytest.mark.fault(27)
def test_the_warning_comes_before_the_disk_is_full() -> None:
    assert Space(RESERVE_BYTES).warning() == ""
    assert "63 MB left" in Space(RESERVE_BYTES - 1).warning()
