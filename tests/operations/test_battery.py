"""The battery as the kernel and Windows tell it, and not known everywhere else."""

from pathlib import Path

import pytest

from wellbeing_desktop.operations import battery as module
from wellbeing_desktop.operations.battery import Battery, battery, from_windows


def supply(folder: Path, name: str, **files: str) -> None:
    (folder / name).mkdir()
    for file, words in files.items():
        (folder / name / file).write_text(f"{words}\n")


@pytest.fixture(autouse=True)
def on_linux(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module.sys, "platform", "linux")


def test_two_batteries_are_one_level_and_a_mouse_is_none(tmp_path: Path) -> None:
    supply(tmp_path, "AC", type="Mains", online="0")
    supply(tmp_path, "BAT0", type="Battery", capacity="80")
    supply(tmp_path, "BAT1", type="Battery", capacity="41")
    supply(tmp_path, "hidpp_battery_0", type="Battery", scope="Device", capacity="5")
    assert battery(tmp_path) == Battery(60, False)


@pytest.mark.parametrize("level", ["", "101", "full", "-3"])
def test_a_level_that_is_none_is_not_known(tmp_path: Path, level: str) -> None:
    supply(tmp_path, "BAT0", type="Battery", capacity=level)
    assert battery(tmp_path) is None


def test_a_computer_without_a_battery_does_not_tell(tmp_path: Path) -> None:
    supply(tmp_path, "AC", type="Mains", online="1")
    assert battery(tmp_path) is None
    assert battery(tmp_path / "missing") is None


@pytest.mark.parametrize(
    ("line", "flag", "percent", "told"),
    [
        (1, 8, 97, Battery(97, True)),
        (0, 2, 20, Battery(20, False)),
        (255, 0, 50, Battery(50, None)),
        (1, 128, 255, None),
        (1, 255, 50, None),
        (1, 0, 255, None),
    ],
)
def test_what_windows_says(line: int, flag: int, percent: int, told: Battery | None) -> None:
    assert from_windows(line, flag, percent) == told
