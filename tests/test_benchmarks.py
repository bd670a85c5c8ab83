"""The benchmarks themselves work: every row runs at a small size and tells something that can be compared."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.__main__ import rows

ROOT = Path(__file__).parent.parent


QUICK = ("P1", "P4", "P7")
"""The window, the store and the server with every `make test`; all of them in `make soak`."""


@pytest.mark.slow
@pytest.mark.postgres
@pytest.mark.parametrize(
    "row",
    [
        row if row in QUICK else pytest.param(row, marks=pytest.mark.soak)
        for row in sorted(rows(), key=lambda row: int(row[1:]))
    ],
)
def test_a_row_runs_at_a_small_size_and_gives_a_figure_and_its_reference(row: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks", "--quick", row], capture_output=True, text=True, cwd=ROOT, check=False
    )
    assert done.returncode == 0, done.stderr
    figures = re.findall(r"ours ([0-9.e+-]+) .*? ([0-9.e+-]+) (?:s|MB|bytes)   ", done.stdout)
    assert figures
    assert all(float(ours) > 0 and float(reference) > 0 for ours, reference in figures)


def test_every_row_that_is_to_be_shown_is_there() -> None:
    assert {"P1", "P2", "P3", "P4", "P5", "P6", "P7", "P8", "P9", "P10", "P11", "P13", "P14", "P15", "P16"} <= set(
        rows()
    )


def test_no_two_rows_have_one_number_so_that_each_is_run() -> None:
    modules = [file.stem for file in (ROOT / "benchmarks").glob("p*_*.py") if file.stem[1].isdigit()]
    assert sorted(rows().values()) == sorted(modules)
