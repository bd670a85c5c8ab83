"""`make mutants`: every seeded fault in a scratch copy of the tree, and which test found it. Never in place."""

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.mutants.mutants import MUTANTS, Change, Mutant

ROOT = Path(__file__).parents[2]
COPIED = ("wellbeing_desktop", "tests", "resources", "pyproject.toml", "docs")
_FOUND = re.compile(r"^(?:FAILED|ERROR) (\S+)", re.MULTILINE)
TESTS_FAILED = 1


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.mutants", description=__doc__)
    parser.add_argument("words", nargs="*", help="only mutants whose name has one of these")
    words = parser.parse_args().words
    chosen = [mutant for mutant in MUTANTS if not words or any(word in mutant.name for word in words)]
    with tempfile.TemporaryDirectory(prefix="wb-mutants-") as made:
        copy = copied(Path(made) / "tree")
        survivors = [mutant for mutant in chosen if not shown(mutant, copy)]
    print(f"{len(chosen) - len(survivors)} of {len(chosen)} found")
    for mutant in survivors:
        print(f"SURVIVED: {mutant.name}")
    return 1 if survivors else 0


def copied(target: Path) -> Path:
    target.mkdir()
    ignored = shutil.ignore_patterns("__pycache__", "*.pyc", ".hypothesis")
    for name in COPIED:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, target / name, ignore=ignored)
        else:
            shutil.copy(source, target / name)
    return target


def shown(mutant: Mutant, copy: Path) -> bool:
    begun = time.monotonic()
    by = killed_by(mutant, copy)
    print(f"| {mutant.name} | {by or 'NOBODY'} | {time.monotonic() - begun:.0f} s |", flush=True)
    return bool(by)


def killed_by(mutant: Mutant, copy: Path) -> str:
    """The first test that fails on the mutant; empty if none does. Raises RuntimeError if the tests could not run."""
    before = {change.path: (copy / change.path).read_text(encoding="utf-8") for change in mutant.changes}
    try:
        for change in mutant.changes:
            path = copy / change.path
            path.write_text(changed(path.read_text(encoding="utf-8"), change), encoding="utf-8")
        command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", *mutant.tests]
        environment = {**os.environ, "PYTHONPATH": os.fspath(copy), "PYTHONDONTWRITEBYTECODE": "1"}
        run = subprocess.run(command, cwd=copy, env=environment, capture_output=True, text=True)
    finally:
        for name, text in before.items():
            (copy / name).write_text(text, encoding="utf-8")
    if run.returncode not in (0, TESTS_FAILED):
        raise RuntimeError(f"{mutant.name}: the tests did not run\n{run.stdout[-3000:]}\n{run.stderr[-3000:]}")
    found = _FOUND.search(run.stdout)
    return found[1] if found is not None else ""


def changed(text: str, change: Change) -> str:
    if text.count(change.old) != 1:
        raise ValueError(f"{change.path} has this {text.count(change.old)} times, not once:\n{change.old}")
    return text.replace(change.old, change.new)


if __name__ == "__main__":
    sys.exit(main())
