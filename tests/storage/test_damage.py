"""Whatever happens to the files, the answer is the truth: never an empty caseload, never "wrong passphrase"."""

import os
import random
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.storage.stores import add_note, make_store, open_store, whole_notes
from wellbeing_desktop.domain.errors import StoreProblem
from wellbeing_desktop.storage.anchor import ANCHOR_FILES
from wellbeing_desktop.storage.health import check
from wellbeing_desktop.storage.store import Store
from wellbeing_desktop.storage.store_files import STORE_FILE

pytestmark = pytest.mark.usefixtures("small_schema")

NOTES = 40
FLIPS = int(os.environ.get("WELLBEING_FLIPS", "150"))

DAMAGE = {"damaged_store", "shortened_store", "empty_store", "foreign_store", "missing_store"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A closed store with forty notes."""
    store, _ = make_store(tmp_path / "store")
    for number in range(NOTES):
        store.write(lambda writer, number=number: add_note(writer, f"note {number} " + "x" * 300))
    store.close()
    return tmp_path / "store"


@pytest.fixture
def running(tmp_path: Path) -> Iterator[tuple[Store, Path]]:
    """An open store whose forty notes are still in the log, and where to copy its files to."""
    store, _ = make_store(tmp_path / "running")
    for number in range(NOTES):
        store.write(lambda writer, number=number: add_note(writer, f"note {number}"))
    yield store, tmp_path / "copy"
    store.close()


def judge(folder: Path) -> str:
    """What a person is told: the kind of problem, `finding` from `check`, or `whole`."""
    said = kind_of_problem(lambda: open_store(folder).close())
    if said:
        return said
    with open_store(folder) as store:
        said = kind_of_problem(lambda: store.read(whole_notes))
        if said:
            return said
        return "finding" if check(store) else "whole"


def kind_of_problem(attempt: Callable[[], object]) -> str:
    try:
        attempt()
    except StoreProblem as problem:
        told = problem
    else:
        return ""
    assert told.kind in DAMAGE
    assert "passphrase" not in told.message
    assert told.advice
    return told.kind


@pytest.mark.fault(38)
def test_a_store_cut_short_anywhere_is_never_an_empty_caseload(folder: Path) -> None:
    file = folder / STORE_FILE
    whole = file.read_bytes()
    for size in sorted({0, 1, 15, 16, 100, 4095, 4097, *range(0, len(whole), 512)}):
        file.write_bytes(whole[:size])
        (folder / (STORE_FILE + "-wal")).unlink(missing_ok=True)
        (folder / (STORE_FILE + "-shm")).unlink(missing_ok=True)
        assert judge(folder) in {"damaged_store", "shortened_store", "empty_store"}, size


@pytest.mark.scenario(51)
@pytest.mark.fault(38)
def test_no_flipped_bit_goes_unnoticed(folder: Path) -> None:
    file = folder / STORE_FILE
    whole = file.read_bytes()
    chance = random.Random(20261121)
    for _ in range(FLIPS):
        place, bit = chance.randrange(len(whole)), chance.randrange(8)
        damaged = bytearray(whole)
        damaged[place] ^= 1 << bit
        file.write_bytes(bytes(damaged))
        for suffix in ("-wal", "-shm"):
            (folder / (STORE_FILE + suffix)).unlink(missing_ok=True)
        assert judge(folder) in {"damaged_store", "finding"}, (place, bit)


def test_a_missing_store_file_is_named(folder: Path) -> None:
    (folder / STORE_FILE).unlink()
    assert judge(folder) == "missing_store"
    assert not (folder / STORE_FILE).exists()


def test_another_stores_file_is_not_taken_for_ours(folder: Path, tmp_path: Path) -> None:
    make_store(tmp_path / "other")[0].close()
    shutil.copy(tmp_path / "other" / STORE_FILE, folder / STORE_FILE)
    assert judge(folder) == "damaged_store"


def copy_with_log(store: Store, target: Path) -> Path:
    store._anchor.note()
    shutil.copytree(store.folder, target)
    (target / (STORE_FILE + "-shm")).unlink(missing_ok=True)
    return target / (STORE_FILE + "-wal")


@pytest.mark.parametrize("kept", [0.0, 0.3, 0.9, None])
def test_a_log_that_was_removed_or_cut_is_noticed_by_the_anchor(
    running: tuple[Store, Path], kept: float | None
) -> None:
    store, copy = running
    log = copy_with_log(store, copy)
    content = log.read_bytes()
    assert len(content) > 100_000, "the notes are still in the log"
    if kept is None:
        log.unlink()
    else:
        log.write_bytes(content[: int(len(content) * kept)])
    with pytest.raises(StoreProblem, match="Saved work is missing") as problem:
        open_store(copy)
    assert problem.value.kind == "shortened_store"
    with open_store(copy, accept_shortened=True) as opened:
        assert opened.read(whole_notes) < NOTES
    open_store(copy).close()


def test_a_flipped_bit_in_the_log_is_noticed_by_the_anchor(running: tuple[Store, Path]) -> None:
    store, copy = running
    log = copy_with_log(store, copy)
    content = bytearray(log.read_bytes())
    content[len(content) // 2] ^= 1
    log.write_bytes(bytes(content))
    with pytest.raises(StoreProblem, match="Saved work is missing"):
        open_store(copy)


def test_an_old_copy_of_the_whole_database_is_noticed_by_the_anchor(folder: Path) -> None:
    old = (folder / STORE_FILE).read_bytes()
    with open_store(folder) as store:
        store.write(lambda writer: add_note(writer, "newer"))
    (folder / STORE_FILE).write_bytes(old)
    with pytest.raises(StoreProblem, match="Saved work is missing"):
        open_store(folder)


def test_a_store_ahead_of_its_anchor_is_ordinary(running: tuple[Store, Path]) -> None:
    store, copy = running
    copy_with_log(store, copy)
    shutil.rmtree(copy)
    store.write(lambda writer: add_note(writer, "after the anchor"))
    anchors = {name: (store.folder / name).read_bytes() for name in ANCHOR_FILES if (store.folder / name).exists()}
    shutil.copytree(store.folder, copy)
    for name, content in anchors.items():
        (copy / name).write_bytes(content)
    with open_store(copy) as opened:
        assert opened.read(whole_notes) == NOTES + 1


@pytest.mark.parametrize("harm", ["removed", "damaged", "from another store"])
def test_a_lost_anchor_does_not_stop_work_but_is_reported(folder: Path, tmp_path: Path, harm: str) -> None:
    make_store(tmp_path / "other")[0].close()
    for name in ANCHOR_FILES:
        match harm:
            case "removed":
                (folder / name).unlink(missing_ok=True)
            case "damaged":
                (folder / name).write_bytes(b"{")
            case _:
                shutil.copy(tmp_path / "other" / ANCHOR_FILES[1], folder / name)
    with open_store(folder) as store:
        assert [finding.kind for finding in check(store)] == ["anchor_lost"]
        assert store.read(whole_notes) == NOTES
    with open_store(folder) as store:
        assert check(store) == []
