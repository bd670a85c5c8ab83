"""Every seeded fault still fits the code; three of them are found with each `make test`, all by `make mutants`."""

from pathlib import Path

import pytest

from tests.mutants.__main__ import ROOT, changed, copied, killed_by
from tests.mutants.mutants import MUTANTS, Mutant

QUICK = (
    "a commit is not flushed to the disk",
    "the cursor is stored before its page",
    "the same number with other bytes is taken for the same",
)


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.name)
def test_it_still_fits_the_code_and_leaves_python(mutant: Mutant) -> None:
    for change in mutant.changes:
        text = changed((ROOT / change.path).read_text(encoding="utf-8"), change)
        compile(text, change.path, "exec")
    for test in mutant.tests:
        path, _, name = test.partition("::")
        assert f"def {name}(" in (ROOT / path).read_text(encoding="utf-8"), "there is no such test"


@pytest.mark.slow
@pytest.mark.parametrize("mutant", [one for one in MUTANTS if one.name in QUICK], ids=lambda mutant: mutant.name)
def test_it_is_found(mutant: Mutant, tmp_path: Path) -> None:
    assert killed_by(mutant, copied(tmp_path / "tree")), "no test noticed"
