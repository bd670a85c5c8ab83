"""The hazard log names tests that exist; a hazard that the supplier controls has at least one."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
ROWS = [
    [cell.strip() for cell in line.strip().strip("|").split("|")]
    for line in (ROOT / "SAFETY.md").read_text("utf-8").splitlines()
    if re.match(r"\| H\d\d ", line)
]


@pytest.mark.capability("W30")
@pytest.mark.parametrize("row", ROWS, ids=[row[0] for row in ROWS])
def test_every_hazard_has_its_control_and_tests_that_exist(row: list[str]) -> None:
    assert len(row) == 8, "id, hazard, causes, effect, controls, whose, level, tests"
    *_, controls, whose, level, tests = row
    assert controls
    assert re.fullmatch(r"[1-5] → [1-5]", level)
    named = tests.split()
    assert named or whose == "deployer"
    for path in named:
        assert (ROOT / path).exists(), f"{path} is named as the test of {row[0]} and is not there"


def test_ids_are_never_used_twice() -> None:
    ids = [row[0] for row in ROWS]
    assert len(ids) == len(set(ids))
